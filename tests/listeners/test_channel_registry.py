"""Channels are found by the name of their entry point, and what is wrong with a table is one sentence."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import ConfigError
from bot.domain.ports.channel import Surroundings
from listeners import registry
from listeners.registry import GROUP, channel_kinds, open_channel
from listeners.replay import Replay


@pytest.fixture
def surroundings(tmp_path: Path) -> Surroundings:
    return Surroundings(home=tmp_path, accounts=("zarapito",))


def test_our_own_channels_are_installed() -> None:
    assert "replay" in channel_kinds()
    assert channel_kinds() == sorted(set(channel_kinds()))


async def test_a_channel_may_have_any_name_when_it_says_its_kind(surroundings: Surroundings) -> None:
    async with open_channel("exports", {"kind": "replay", "path": "x.jsonl"}, surroundings) as channel:
        assert isinstance(channel, Replay)
        assert channel.channel == "exports"


async def test_without_a_kind_the_name_is_the_kind(surroundings: Surroundings) -> None:
    async with open_channel("replay", {"path": "x.jsonl"}, surroundings) as channel:
        assert isinstance(channel, Replay)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "rplay"}, "[channels.exports] kind = 'rplay' is unknown; did you mean 'replay'? installed: "),
        ({"kind": "zzz"}, "[channels.exports] kind = 'zzz' is unknown; installed: "),
        ({"kind": 3}, "[channels.exports] kind = 3 is unknown; installed: "),
        ({}, "[channels.exports] kind = 'exports' is unknown; "),
        ({"kind": "replay"}, "[channels.exports] path: field required"),
        ({"kind": "replay", "path": "x", "sped": 1}, "the key 'sped' is unknown; did you mean 'speed'?"),
        ({"kind": "replay", "path": "x", "zzz": 1}, "the key 'zzz' is unknown; known here: limit, path, speed"),
        ({"kind": "replay", "path": "x", "limit": 3}, "[channels.exports] limit: input should be greater than"),
        ({"kind": "replay", "path": "x", "speed": 0}, "[channels.exports] speed"),
        ({"kind": "replay", "path": 3}, "[channels.exports] path: input should be a valid string"),
    ],
)
def test_a_mistake_in_a_channels_table_is_one_sentence(
    surroundings: Surroundings, table: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        open_channel("exports", table, surroundings)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_leaves_the_owners_table_as_it_was(surroundings: Surroundings) -> None:
    table = {"kind": "replay", "path": 3}

    with pytest.raises(ConfigError):
        open_channel("exports", table, surroundings)

    assert table == {"kind": "replay", "path": 3}


def test_the_homeserver_of_the_tests_is_a_program_that_nothing_imports() -> None:
    """It is under the AGPL; see decision 0014."""
    root = Path(__file__).parents[2]
    rooms = ("bot", "listeners", "nlp", "responders", "config", "benchmarks", "tests")
    files = [file for room in rooms for file in (root / room).rglob("*.py")]

    imports = re.compile(r"^\s*(?:from|import) synapse\b", re.MULTILINE)
    assert [file.name for file in files if imports.search(file.read_text("utf-8"))] == []
    assert "matrix-synapse" not in (root / "pyproject.toml").read_text("utf-8").partition("[project.optional")[0]


@pytest.mark.parametrize("value", ["listeners.replay:NOTHING", "no_such_package.pigeon:CHANNEL"])
def test_a_channel_whose_package_is_broken_is_said_in_a_sentence(
    surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    broken = EntryPoint(name="pigeon", value=value, group=GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [broken] if group == GROUP else [])

    with pytest.raises(ConfigError, match=r"\[channels\.post\] kind = 'pigeon' cannot be loaded: .+; install what it "):
        open_channel("post", {"kind": "pigeon"}, surroundings)
