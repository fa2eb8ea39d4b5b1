"""Every registered channel on its stage, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from bot.domain.account import Ability, OwnVoice
from bot.domain.ports.channel import Surroundings
from bot.testing import HandClock, memory_store
from listeners.registry import GROUP, channel_kinds
from tests.contracts.ear import Ear
from tests.contracts.stage import Fault, Stage, Trick, open_stage

STAGES = Path(__file__).parent / "stages"
STAGED = [kind for kind in channel_kinds() if (STAGES / f"{kind}.py").exists()]

Needs = Callable[..., None]


@pytest.fixture(params=STAGED)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def stage(kind: str, tmp_path: Path) -> AsyncIterator[Stage]:
    folder = tmp_path / "server"
    folder.mkdir()
    async with open_stage(kind, folder) as opened:
        yield opened


@pytest.fixture
async def ear(kind: str, stage: Stage, tmp_path: Path) -> AsyncIterator[Ear]:
    [point] = [point for point in entry_points(group=GROUP) if point.name == kind]
    home = tmp_path / "home"
    home.mkdir()
    async with memory_store() as store:
        clock = HandClock()
        found = point.load()
        team = stage.accounts if found.own_voice is OwnVoice.TEAM else None
        surroundings = Surroundings(home=home, accounts=stage.accounts, team=team, kept=store.inbox, clock=clock)
        yield Ear(kind=kind, found=found, stage=stage, store=store, surroundings=surroundings, clock=clock)


@pytest.fixture
def needs(kind: str, ear: Ear) -> Needs:
    """Skip what the platform cannot do or suffer, with its reason."""

    def check(*wanted: Fault | Trick | Ability) -> None:
        for one in wanted:
            if isinstance(one, Ability):
                if one not in ear.found.abilities:
                    pytest.skip(f"{kind}: the channel has no ability {one!r}")
            elif one in ear.stage.lacks:
                pytest.skip(f"{kind}: {ear.stage.lacks[one]}")

    return check
