"""Every installed channel stands on a stage, and can do what it says it can."""

from __future__ import annotations

from pathlib import Path

from bot.domain.account import Ability
from bot.domain.ports.channel import Listener, Stream, Voice
from listeners.registry import channel_kinds
from tests.contracts.conftest import STAGED, STAGES
from tests.contracts.ear import Ear


def test_every_installed_channel_has_its_stage() -> None:
    missing = sorted(set(channel_kinds()) - set(STAGED))

    assert missing == [], f"write {', '.join(f'tests/contracts/stages/{kind}.py' for kind in missing)}"


def test_there_is_no_stage_without_its_channel() -> None:
    staged = {file.stem for file in STAGES.glob("*.py")} - {"__init__"}

    assert staged - set(channel_kinds()) == set()


def test_every_channel_of_ours_is_one_file_in_the_room() -> None:
    assert [kind for kind in STAGED if not (Path("listeners") / f"{kind}.py").exists()] == []


async def test_what_a_channel_says_it_can_do_it_offers(ear: Ear) -> None:
    async with ear.open() as channel:
        listens = isinstance(channel, Listener | Stream)
        can = ear.found.abilities

        assert (Ability.LISTENS in can) == listens
        assert (Ability.ANSWERS in can) == isinstance(channel, Voice)
        assert (Ability.LOOKS_UP in can) == (isinstance(channel, Voice) and channel.can_look_up)


async def test_a_channel_has_the_name_of_its_table(ear: Ear) -> None:
    async with ear.open() as channel:
        assert channel.channel == "stage"


async def test_whoever_lacks_something_says_why(ear: Ear) -> None:
    assert [what for what, why in ear.stage.lacks.items() if len(why.split()) < 3] == []
