"""Two accounts become one customer at the command line: never without consent, never without certainty."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.mention import Batch, Mention
from bot.domain.situation import Decision, Heard
from bot.store.sqlite import open_store
from bot.testing import NOON, mention, reading
from tests.cli.conftest import Vivencia

WORDS = "por correo, 3 may: «sí, en Discord también soy yo»"


@pytest.fixture(autouse=True)
def written(home: Path) -> None:
    """@ana on X, who is ana on Discord, and another ana on Bluesky."""
    asyncio.run(
        _write(
            home,
            mention("1", "el paquete llegó roto", channel="x", who="ana"),
            mention("2", "¿hay alguien?", channel="discord_guild", who="ana", posted_at=NOON + timedelta(hours=1)),
            mention("3", "me encanta la tienda", channel="bluesky", who="ana"),
        )
    )


async def _write(home: Path, *posts: Mention) -> None:
    async with open_store(home / "vivencia.db") as store:
        await store.inbox.accept("test", Batch(mentions=posts, cursor=None), NOON)
        heard = [Heard(mention=post, reading=reading()) for post in posts]
        await store.history.settle(heard, lambda _: Decision(), lambda moment: moment)


@pytest.mark.parametrize(
    ("lang", "told"), [("es", "también Discord @ana, con su acuerdo"), ("en", "also Discord @ana, as they agreed")]
)
def test_a_merge_shows_the_one_story_with_its_consent(vivencia: Vivencia, lang: str, told: str) -> None:
    ran = vivencia("customer", "x:ana", "--merge", "discord_guild:@ana", "--consent", WORDS, "--lang", lang)

    assert ran.code == 0, ran.err
    page = " ".join(ran.out.split())
    assert page.index("el paquete llegó roto") < page.index("¿hay alguien?") < page.index(told)
    assert WORDS.split()[-2] in page
    journey = json.loads(vivencia("customer", "discord_guild:ana", "--json").out)
    assert [handle["channel"] for handle in journey["customer"]["handles"]] == ["x", "discord_guild"]
    assert [each["consent"]["words"] for each in journey["merges"]] == [WORDS]


@pytest.mark.parametrize("consent", [[], ["--consent", "  "]])
def test_nobody_is_merged_without_consent(vivencia: Vivencia, consent: list[str]) -> None:
    ran = vivencia("customer", "x:ana", "--merge", "discord_guild:ana", *consent, "--lang", "en")

    assert ran.code == 2
    assert "--merge needs --consent" in " ".join(ran.err.split())
    assert len(json.loads(vivencia("customer", "x:ana", "--json").out)["customer"]["handles"]) == 1


def test_a_consent_to_nothing_is_a_mistake(vivencia: Vivencia) -> None:
    assert vivencia("customer", "x:ana", "--consent", WORDS).code == 2


def test_a_name_of_several_people_is_not_certain_enough(vivencia: Vivencia) -> None:
    ran = vivencia("customer", "x:ana", "--merge", "@ana", "--consent", WORDS, "--lang", "en")

    assert ran.code == 1
    assert "@ana may be any of bluesky:ana, discord_guild:ana, x:ana" in " ".join(ran.err.split())


def test_who_is_one_already_or_unknown_is_told_so(vivencia: Vivencia) -> None:
    vivencia("customer", "x:ana", "--merge", "discord_guild:ana", "--consent", WORDS)

    again = vivencia("customer", "x:ana", "--merge", "discord_guild:ana", "--consent", WORDS, "--lang", "en")
    unknown = "mail:nadie@correo.example"
    nobody = vivencia("customer", "x:ana", "--merge", unknown, "--consent", WORDS, "--lang", "en")

    assert (again.code, nobody.code) == (1, 1)
    assert "are one customer already" in " ".join(again.err.split())
    assert "nobody called mail:nadie@correo.example has written yet" in " ".join(nobody.err.split())
