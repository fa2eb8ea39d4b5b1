"""Two tables that hear one account would answer everybody twice: the second of them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Vivencia

MAIL = 'kind = "mailbox"\naddress = "hola@zarapito.es"\npassword = "p"\nimap_host = "{host}"\n'
BLUESKY = 'kind = "bluesky"\nhandle = "{handle}"\napp_password = "{key}"\n'
DISCORD = 'kind = "discord_guild"\ntoken = "t"\nguild = "{guild}"\n'
X = 'kind = "x"\nconsumer_key = "k"\nconsumer_secret = "k"\naccess_token = "{key}"\naccess_token_secret = "k"\n'
ONE, OTHER = "1" * 18, "2" * 18
DOUBLES = [
    ('kind = "replay"\npath = "/tmp/a.jsonl"\n', 'kind = "replay"\npath = "/tmp/../tmp/a.jsonl"\nspeed = 2\n'),
    ('kind = "telegram"\ntoken = "1:a"\n', 'kind = "telegram"\ntoken = "1:a"\nmode = "off"\n'),
    ('kind = "mastodon"\nbase_url = "https://m.social"\naccess_token = "a"\n',) * 2,
    ('kind = "matrix"\nbase_url = "https://m.org"\naccess_token = "a"\n',) * 2,
    (BLUESKY.format(handle="@Zarapito.es", key="p"), BLUESKY.format(handle="zarapito.es", key="q")),
    (MAIL.format(host="mail.zarapito.es"), MAIL.format(host="Mail.zarapito.es")),
    (DISCORD.format(guild=ONE), DISCORD.format(guild=ONE)),
    (X.format(key="t"), X.format(key="t") + 'account = "zarapito"\n'),
    (X.format(key="t") + 'account = "@Zarapito"\n', X.format(key="u") + 'account = "zarapito"\n'),
]
NO_DOUBLES = [
    (MAIL.format(host="mail.zarapito.es"), MAIL.format(host="mail.zarapito.es") + 'folder = "Reclamaciones"\n'),
    (DISCORD.format(guild=ONE), DISCORD.format(guild=OTHER)),
    ('kind = "feed"\nfeeds = ["https://a.es/feed"]\n', 'kind = "feed"\nreviews = ["https://a.es/feed"]\n'),
    ('kind = "telegram"\ntoken = "1:a"\n', 'kind = "telegram"\ntoken = "2:a"\n'),
    (X.format(key="t"), X.format(key="u")),
    ('kind = "mastodon"\nbase_url = "https://m.social"\n', 'kind = "mastodon"\nbase_url = "https://m.social"\n'),
]


@pytest.fixture(autouse=True)
def house(home: Path) -> None:
    home.mkdir()


def write(home: Path, tables: tuple[str, ...]) -> None:
    named = zip(("zeta", "alfa"), tables, strict=True)
    (home / "vivencia.toml").write_text("".join(f"[channels.{name}]\n{table}" for name, table in named))


@pytest.mark.parametrize("tables", DOUBLES, ids=str)
def test_the_second_table_of_an_account_is_refused(vivencia: Vivencia, home: Path, tables: tuple[str, ...]) -> None:
    write(home, tables)

    said = "[channels.zeta] and [channels.alfa] are one account, and everybody would be answered twice; take one of"
    told = "[channels.zeta] y [channels.alfa] son una sola cuenta, y se respondería dos veces a todo el mundo; quita"
    listed = vivencia("channels", "list", "--lang", "en")
    assert (listed.code, listed.out.count("wrong settings: ")) == (2, 1)
    assert f"wrong settings: {said}" in listed.out
    assert vivencia("channels", "check", "alfa", "--lang", "es").err.startswith(f"vivencia: {told}")


@pytest.mark.parametrize("tables", NO_DOUBLES, ids=str)
def test_two_accounts_are_none(vivencia: Vivencia, home: Path, tables: tuple[str, ...]) -> None:
    write(home, tables)

    assert "one account" not in vivencia("channels", "list", "--lang", "en").out


def test_the_service_does_not_begin_with_one(vivencia: Vivencia, home: Path) -> None:
    write(home, DOUBLES[0])
    ran = vivencia("run")

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith("vivencia: [channels.zeta] and [channels.alfa] are one account")
