"""A channel's secrets, as owners give them: where they are looked for, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Vivencia


@pytest.fixture(autouse=True)
def house(home: Path) -> Path:
    (home / "secrets").mkdir(parents=True)
    return home


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables as shells write them, in capitals."""
    monkeypatch.setenv("VIVENCIA_CHANNELS__TIENDA__TOKEN", "123456:ABC-DEF")
    monkeypatch.setenv("VIVENCIA_CHANNELS__MI__TIENDA__TOKEN", "123456:ABC-DEF")


Give = Callable[[str, str, str], Path]


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch, house: Path) -> Give:
    """Give a secret in a file or as a variable, in that home."""

    def to(place: str, key: str, secret: str) -> Path:
        if place == "file":
            (house / "secrets" / key.lower()).write_bytes(secret.encode())
        else:
            monkeypatch.setenv(f"VIVENCIA_{key}", secret)
        return house

    return to


def check(vivencia: Vivencia, home: Path, table: str, lang: str = "en") -> Ran:
    """Check the channel of that table."""
    (home / "vivencia.toml").write_text(table, encoding="utf-8")
    name = table.partition("[channels.")[2].partition("]")[0]
    return vivencia("channels", "check", name, "--lang", lang)


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        (
            "tienda_mx",
            "en",
            "it is a secret: give it as VIVENCIA_CHANNELS__TIENDA_MX__TOKEN or in the secrets directory",
        ),
        ("tienda-mx", "en", "it is a secret: give it in the file secrets/channels__tienda-mx__token of the home"),
        ("tienda-mx", "es", "es un secreto: ponlo en el archivo secrets/channels__tienda-mx__token de la casa"),
    ],
)
def test_a_secret_that_is_missing_has_a_place_that_works(
    vivencia: Vivencia, home: Path, name: str, lang: str, said: str
) -> None:
    ran = check(vivencia, home, f'[channels.{name}]\nkind = "telegram"\n', lang)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        (
            "Tienda",
            "en",
            "[channels.Tienda] is no name for a channel; use small letters a to z, digits, - and single _",
        ),
        ("mi__tienda", "es", "[channels.mi__tienda] no vale como nombre de un canal; usa minúsculas sin tilde ni ñ, "),
    ],
)
def test_a_name_whose_secret_would_not_be_found_is_refused(
    vivencia: Vivencia, home: Path, name: str, lang: str, said: str
) -> None:
    ran = check(vivencia, home, f'[channels.{name}]\nkind = "telegram"\n', lang)

    assert ran.code == 2
    assert ran.err.startswith(f"vivencia: {said}")
    assert vivencia("run").err.count("is no name for a channel") == 1


MASTODON = """
[channels.m]
kind = "mastodon"
base_url = "http://127.0.0.1:1"
timeout_seconds = 1
"""
EMPTY = (
    "is empty; write the secret into its variable",
    "está vacío; escribe el secreto en su variable o en su archivo",
)
LETTER = ("holds a character that no platform puts into", "lleva un carácter que ninguna plataforma pone en una clave")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", EMPTY),
        (" \r\n", EMPTY),
        ("canary\nother", ("holds a line break; give the one line", "lleva un salto de línea; pon la línea que es el")),
        ("canary\x1b[A", ("holds a control character; copy it", "lleva un carácter de control; cópialo de nuevo")),
        ("“canary”", LETTER),
        ("cana\u200bry", LETTER),
    ],
    ids=["empty", "blank", "lines", "control", "quotes", "invisible"],
)
@pytest.mark.parametrize("place", ["file", "variable"])
def test_what_can_be_no_secret_is_laid_at_its_own_door(
    vivencia: Vivencia, give: Give, place: str, given: str, said: tuple[str, str]
) -> None:
    home = give(place, "CHANNELS__M__ACCESS_TOKEN", given)

    for lang, words in zip(("en", "es"), said, strict=True):
        ran = check(vivencia, home, MASTODON, lang)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert ran.err.startswith(f"vivencia: [channels.m] access_token: {words}")
        assert "cana" not in ran.err


@pytest.mark.parametrize("place", ["file", "variable"])
def test_what_editors_leave_around_a_secret_is_no_part_of_it(vivencia: Vivencia, give: Give, place: str) -> None:
    home = give(place, "CHANNELS__M__ACCESS_TOKEN", "\ufeff canary \r\n")
    ran = check(vivencia, home, MASTODON)

    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "nobody listens at its port" in ran.err


def test_the_desks_token_is_looked_at_as_well(vivencia: Vivencia, give: Give) -> None:
    give("variable", "DESK__DISCORD__TOKEN", "\n")
    assert "VIVENCIA_DESK__DISCORD__TOKEN: [desk.discord] token: is empty; write the" in vivencia("doctor").err
    home = give("variable", "DESK__DISCORD__TOKEN", "canary\ncanary")
    (home / "vivencia.toml").write_text('[desk]\nlanguage = "es"\n', encoding="utf-8")
    ran = vivencia("doctor")

    assert ran.code == 2
    assert "[desk.discord] token: holds a line break; give the one line that is the secret" in ran.err
    assert "canary" not in ran.err
