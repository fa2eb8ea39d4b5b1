"""How far the database was written stands beside it, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.alive import Alive, read_alive, write_alive
from bot.domain.errors import StoreUnavailable

ALIVE = Alive(beats=12, at=datetime(2026, 11, 28, 9, 30, tzinfo=UTC))


def test_what_was_written_is_read_and_nobody_else_may(tmp_path: Path) -> None:
    file = tmp_path / "vivencia.alive"
    write_alive(file, Alive(beats=11, at=ALIVE.at))

    write_alive(file, ALIVE)

    assert read_alive(file) == ALIVE
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"beats": "many", "at": "2026-11-28"}', '{"beats": 3, "at": null}'])
def test_a_file_that_tells_nothing_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "vivencia.alive"
    before = read_alive(file)
    file.write_text(text)

    assert (before, read_alive(file)) == (None, None)


def test_a_disk_that_takes_nothing_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        write_alive(tmp_path / "gone" / "vivencia.alive", ALIVE)
