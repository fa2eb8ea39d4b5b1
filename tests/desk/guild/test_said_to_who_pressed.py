"""What who pressed is told: whole where Discord takes it."""

from __future__ import annotations

import pytest

from bot.desk.guild.answers import in_a_file

STORY = "".join(f"{number} 😡 sigue roto\n" for number in range(100))


def test_a_story_larger_than_a_file_may_be_is_told_from_where_it_fits() -> None:
    told = in_a_file(STORY, largest=500).decode()

    assert len(told.encode()) <= 500
    assert told.splitlines()[0] == "…"
    assert STORY.endswith(told.removeprefix("…\n"))
    assert told.endswith("99 😡 sigue roto\n")
    assert in_a_file(STORY).decode() == STORY


@pytest.mark.parametrize("largest", [99, 100, 101, 102])
def test_one_line_larger_than_a_file_is_cut_between_two_characters(largest: int) -> None:
    told = in_a_file("😡" * 1000, largest=largest)

    assert len(told) <= largest
    assert set(told.decode()) == {"…", "\n", "😡"}
