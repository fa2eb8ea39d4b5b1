"""Which channels there are, how they fare, and what a log-in shows: for people in two languages, and as JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from bot.domain.account import Ability, Account, OwnVoice
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable
from bot.domain.health import BUDGET_SPENT, Condition
from bot.domain.ports.channel import ChannelKind, Surroundings
from bot.store.sqlite import open_store
from bot.testing import ScriptedChannel
from listeners import registry, replay
from tests.cli.conftest import Vivencia
from tests.cli.test_newcomers import in_one_line

OWNERS = """
[channels.post]
kind = "pigeon"
mode = "shadow"
poll_seconds = 30
budget_per_day = 2.5

[channels.exports]
kind = "replay"
path = "mentions.jsonl"

[costs.pigeon]
currency = "EUR"
of = 2026-11-01
when_spent = "stop"
prices = { letter = 0.002, flight = 0.5 }
"""
FAULTS: list[ChannelError] = []


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    loft: str = "roof"


@asynccontextmanager
async def open_pigeon(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[ScriptedChannel]:
    yield ScriptedChannel(channel=name)


async def check_pigeon(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    if FAULTS:
        raise FAULTS.pop()
    await surroundings.meter.spend("flight")
    return Account(
        identity="@zarapito (7)",
        rights=("reads letters", "writes letters"),
        limits=("500 characters",),
        per_look={"letter": 100},
    )


PIGEON = ChannelKind(
    settings=Settings,
    open=open_pigeon,
    check=check_pigeon,
    abilities=frozenset({Ability.LISTENS, Ability.ANSWERS, Ability.DELETIONS}),
    only_summoned=True,
    auto_needs="loft",
)


@dataclass(frozen=True)
class Installed:
    """An entry point; one without a channel lacks something that it needs."""

    name: str
    channel: ChannelKind | None

    def load(self) -> ChannelKind:
        if self.channel is None:
            raise ModuleNotFoundError("No module named 'no_such_owl'")
        return self.channel


@pytest.fixture(autouse=True)
def pigeons(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """The kind `pigeon` is installed, `owl` is broken, and two channels are configured."""
    installed = [Installed("replay", replay.CHANNEL), Installed("pigeon", PIGEON), Installed("owl", None)]

    def found(*, group: str) -> list[Installed]:
        assert group == registry.GROUP
        return installed

    monkeypatch.setattr(registry, "entry_points", found)
    FAULTS.clear()
    home.mkdir()
    (home / "vivencia.toml").write_text(OWNERS)


def live(home: Path) -> None:
    """What a running service would have written."""

    async def write() -> None:
        now = datetime.now(UTC)
        async with open_store(home / "vivencia.db") as store:
            await store.channels.note("post", Condition.UP, now - timedelta(hours=30))
            again = now + timedelta(minutes=5)
            await store.channels.note("post/stream", Condition.WAITING, now, reason="503 Busy", again=again)
            await store.channels.note("exports", Condition.ENDED, now - timedelta(minutes=9))
            await store.channels.pulse(now)

    asyncio.run(write())


def test_the_list_tells_what_is_installed_and_what_is_configured(vivencia: Vivencia) -> None:
    ran = vivencia("channels", "list", "--lang", "es")

    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "pigeon escucha, responde, oye borrados, solo responde a quien nos llama" in lines
    assert any(line.startswith("owl no se puede cargar: ") and "no_such_owl" in line for line in lines)
    assert "post tipo pigeon · modo shadow · cada 30 s" in lines
    assert "exports tipo replay · modo approve · cada 60 s" in lines
    assert lines.count("todavía no se ha escuchado") == 2


def test_the_list_tells_how_channels_fare(vivencia: Vivencia, home: Path) -> None:
    live(home)
    vivencia("channels", "check", "post")

    english = vivencia("channels", "list", "--lang", "en").out
    listed = json.loads(vivencia("channels", "list", "--json").out)

    assert "heard since" in english
    assert "0.50 of 2.50 EUR today (20%)" in english
    assert "Post (stream): waiting since" in english
    assert "(503 Busy); tried again at" in english
    assert "came to its end at" in english
    post, exports = listed["channels"]
    assert (post["kind"], post["mode"], post["poll_seconds"], post["error"]) == ("pigeon", "shadow", 30, None)
    assert [(ear["channel"], ear["condition"]) for ear in post["ears"]] == [("post", "up"), ("post/stream", "waiting")]
    assert (post["ears"][0]["spent"], post["ears"][0]["budget"], post["ears"][0]["level"]) == (0.5, 2.5, "fine")
    assert exports["ears"][0]["condition"] == "ended"
    assert [(kind["kind"], kind["abilities"]) for kind in listed["kinds"]] == [
        ("owl", []),
        ("pigeon", ["listens", "answers", "deletions"]),
        ("replay", ["listens", "answers", "looks_up"]),
    ]


def test_a_table_with_a_mistake_is_named_and_the_others_are_listed(vivencia: Vivencia, home: Path) -> None:
    (home / "vivencia.toml").write_text(OWNERS + '[channels.x2]\nkind = "pigeon"\nloftt = "cellar"\n')

    ran = vivencia("channels", "list", "--lang", "en")

    assert ran.code == 2
    assert "wrong settings: [channels.x2] the key 'loftt' is unknown; did you mean 'loft'?" in ran.out
    assert "kind replay" in ran.out
    spanish = vivencia("channels", "list", "--lang", "es").out
    assert "mal configurado: [channels.x2] la clave 'loftt' no existe; ¿querías decir 'loft'?" in spanish


@pytest.mark.parametrize(("key", "value"), [("budget_per_day", "2.0"), ("when_spent", '"stop"')])
def test_a_budget_without_prices_is_a_mistake_that_is_named(
    vivencia: Vivencia, home: Path, key: str, value: str
) -> None:
    (home / "vivencia.toml").write_text(f'[channels.exports]\nkind = "replay"\npath = "x"\n{key} = {value}\n')

    ran = vivencia("channels", "list", "--lang", "es")

    assert ran.code == 2
    assert f"[channels.exports] {key} no tiene precios con los que contar; añade una tabla [costs.replay]" in ran.out


@pytest.mark.parametrize("own", [True, False], ids=["its own mode", "the mode of all"])
def test_no_machine_answers_where_the_platforms_leave_is_not_written_down(
    vivencia: Vivencia, home: Path, *, own: bool
) -> None:
    mode, everywhere = ('mode = "auto"\n', "") if own else ("", '[policy]\nmode = "auto"\n')
    table = f'{everywhere}[channels.post]\nkind = "pigeon"\n{mode}'
    (home / "vivencia.toml").write_text(table)

    listed = vivencia("channels", "list", "--lang", "en")
    assert listed.code == 2
    assert 'wrong settings: [channels.post] mode = "auto" needs loft: the platform lets a machine' in listed.out
    spanish = '[channels.post] mode = "auto" necesita loft: la plataforma solo deja'
    in_one_line(vivencia("channels", "check", "post", "--lang", "es"), spanish)

    (home / "vivencia.toml").write_text(f'{table}loft = "granted"\n')
    assert vivencia("channels", "list").code == 0


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "▲ replies: es/thanks#2: a text with a link costs 0.2 EUR on post; take the link out"),
        ("es", "▲ textos de la marca: es/thanks#2: un texto con un enlace cuesta 0.2 EUR en post; quita el enlace"),
    ],
)
def test_the_doctor_warns_of_texts_with_a_link_where_that_is_dear(
    vivencia: Vivencia, home: Path, lang: str, said: str
) -> None:
    (home / "es").mkdir()
    (home / "es" / "thanks.txt").write_text("¡Gracias!\n\nGracias, y mira zarapito.es\n")
    dear = OWNERS.replace("flight = 0.5", "flight = 0.5, create_with_url = 0.2").replace("mentions.jsonl", "/dev/null")
    (home / "vivencia.toml").write_text(f'{dear}[brand]\nreplies = "{home}"\n[model]\nsource = "nowhere"\n')

    assert said in vivencia("doctor", "--lang", lang).out


def test_a_house_without_channels_says_what_to_add(vivencia: Vivencia, home: Path) -> None:
    (home / "vivencia.toml").write_text("")

    assert "ninguno todavía: añade una tabla como [channels.x]" in vivencia("channels", "list").out


def test_a_check_tells_who_we_are_what_we_may_and_what_it_costs(vivencia: Vivencia) -> None:
    ran = vivencia("channels", "check", "post", "--lang", "es")

    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert "Post · entramos como @zarapito (7)" in text
    assert "Permisos reads letters writes letters" in text
    assert "una mirada: hasta 100 letter = 0,20 EUR" in text
    assert "cada 30 s son 2.880 miradas al día: como mucho 576,00 EUR si cada una viene llena" in text
    assert "presupuesto: 2,50 EUR al día; gastado, no se escucha hasta el día siguiente" in text
    assert "hoy lleva 0,50 EUR; en los últimos 7 días, 0,00 EUR al día" in text
    assert "precios del 1 nov 2026" in text


def test_a_check_as_json(vivencia: Vivencia) -> None:
    checked = json.loads(vivencia("channels", "check", "post", "--json").out)

    assert checked["identity"] == "@zarapito (7)"
    assert checked["rights"] == ["reads letters", "writes letters"]
    assert checked["cost"] == {
        "currency": "EUR",
        "prices_of": "2026-11-01",
        "units_per_look": {"letter": 100},
        "most_per_look": 0.2,
        "units_per_day": {},
        "looks_per_day": 2880,
        "most_per_day": 576.0,
        "budget_per_day": 2.5,
        "when_spent": "stop",
        "spent_today": 0.5,
        "mean_per_day": 0.0,
    }


@pytest.mark.parametrize(
    ("team", "voices", "said"),
    [
        ("", ["zarapito"], ("quien se llame aquí como dice brand", "whoever is called here as brand.accounts says: z")),
        ('team = ["ana"]', ["ana"], ("La marca quien está en team: ana", "The brand who stands in team: ana")),
        ("team = []", [], ("La marca la propia cuenta y nadie más", "The brand the account itself and nobody else")),
    ],
)
def test_a_check_tells_who_speaks_for_the_brand(
    vivencia: Vivencia, home: Path, team: str, voices: list[str], said: tuple[str, str]
) -> None:
    tables = OWNERS.replace('kind = "pigeon"', f'kind = "pigeon"\n{team}')
    (home / "vivencia.toml").write_text(f'[brand]\naccounts = ["zarapito"]\n{tables}')

    assert json.loads(vivencia("channels", "check", "post", "--json").out)["voices"] == voices
    for lang, words in zip(("es", "en"), said, strict=True):
        assert words in " ".join(vivencia("channels", "check", "post", "--lang", lang).out.split())


def test_a_team_where_names_say_nothing_is_a_mistake(
    vivencia: Vivencia, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nameless = Installed("pigeon", replace(PIGEON, own_voice=OwnVoice.ITSELF))
    monkeypatch.setattr(registry, "entry_points", lambda group: [nameless])
    (home / "vivencia.toml").write_text('[channels.post]\nkind = "pigeon"\nteam = ["ana"]\n')

    said = "[channels.post] team: this kind of channel knows the brand without names; take the key out"
    in_one_line(vivencia("channels", "check", "post", "--lang", "en"), said)
    told = "[channels.post] team: este tipo de canal conoce a la marca sin nombres; quita la clave"
    assert told in vivencia("channels", "list", "--lang", "es").out


@pytest.mark.parametrize(("lang", "said"), [("es", "no tiene cuenta"), ("en", "has no account"), ("es", "no cuesta")])
def test_a_channel_without_an_account_is_opened_to_see_that_it_can_be(vivencia: Vivencia, lang: str, said: str) -> None:
    ran = vivencia("channels", "check", "exports", "--lang", lang)

    assert ran.code == 0
    assert said in ran.out


@pytest.mark.parametrize("fault", [ChannelRefused("the token is not accepted (401)"), ChannelUnavailable("503 Busy")])
def test_a_channel_that_says_no_is_one_line_and_exit_code_1(vivencia: Vivencia, fault: ChannelError) -> None:
    FAULTS.append(fault)

    ran = vivencia("channels", "check", "post")

    assert (ran.code, ran.out, ran.err) == (1, "", f"vivencia: post: {fault}\n")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("es", "post: no se llega a X (ClientError)"), ("en", "post: X cannot be reached (ClientError)")],
)
def test_what_a_channel_says_no_with_is_in_the_readers_language(vivencia: Vivencia, lang: str, said: str) -> None:
    FAULTS.append(ChannelUnavailable("X cannot be reached (ClientError)"))

    assert vivencia("channels", "check", "post", "--lang", lang).err == f"vivencia: {said}\n"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("es", "✖ canal post: no se llega a X (ClientError)"),
        ("en", "✖ channel post: X cannot be reached (ClientError)"),
    ],
)
def test_the_doctor_names_a_channel_that_says_no_once(vivencia: Vivencia, home: Path, lang: str, said: str) -> None:
    (home / "vivencia.toml").write_text('[channels.post]\nkind = "pigeon"\n[model]\nsource = "nowhere"\n')
    FAULTS.append(ChannelUnavailable("X cannot be reached (ClientError)"))

    assert said in vivencia("doctor", "--lang", lang).out.splitlines()


@pytest.mark.parametrize(("lang", "said"), [("es", "ninguna tabla [channels.x]"), ("en", "no table [channels.x]")])
def test_a_channel_that_is_not_configured_is_one_line(vivencia: Vivencia, lang: str, said: str) -> None:
    in_one_line(vivencia("channels", "check", "x", "--lang", lang), said, "post, exports")


def test_a_kind_that_cannot_be_loaded_is_one_line(vivencia: Vivencia, home: Path) -> None:
    (home / "vivencia.toml").write_text("[channels.owl]\n")

    in_one_line(vivencia("channels", "check", "owl", "--lang", "en"), "cannot be loaded", "install what it needs")
    in_one_line(vivencia("channels", "check", "owl", "--lang", "es"), "no se puede cargar", "instala lo que necesita")


@pytest.mark.parametrize(("lang", "up"), [("es", "se escucha desde"), ("en", "heard since")])
def test_status_tells_of_channels_while_no_service_runs(vivencia: Vivencia, home: Path, lang: str, up: str) -> None:
    live(home)
    vivencia("channels", "check", "post")

    page = vivencia("status", "--lang", lang).out
    facts = json.loads(vivencia("status", "--json").out)

    assert up in page
    assert "Post (" in page
    assert [ear["channel"] for ear in facts["channels"]] == ["exports", "post", "post/stream"]
    assert facts["channels"][1]["spent"] == 0.5


def test_status_says_that_nobody_listens_when_the_service_died(vivencia: Vivencia, home: Path) -> None:
    async def write() -> None:
        async with open_store(home / "vivencia.db") as store:
            await store.channels.note("post", Condition.UP, datetime.now(UTC) - timedelta(hours=1))

    asyncio.run(write())

    assert "Post: nadie escucha desde" in vivencia("status", "--lang", "es").out


def test_status_says_in_its_own_language_that_the_money_is_gone(vivencia: Vivencia, home: Path) -> None:
    async def write() -> None:
        async with open_store(home / "vivencia.db") as store:
            await store.channels.note("post", Condition.WAITING, datetime.now(UTC), reason=BUDGET_SPENT)

    asyncio.run(write())

    assert "(gastado el presupuesto del día)" in vivencia("status", "--lang", "es").out


def test_status_needs_no_configuration_that_is_right(vivencia: Vivencia, home: Path) -> None:
    (home / "vivencia.toml").write_text("[brnad]\n")

    assert vivencia("status").code == 0
