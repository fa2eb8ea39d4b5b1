"""R1, small: a service that is killed loses nothing and says nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.kill import FAILPOINTS, torture

KILLS = 25


@pytest.mark.timeout(900)
def test_killed_at_every_failpoint_and_25_times_at_random_nothing_is_lost_and_nothing_said_twice(
    tmp_path: Path,
) -> None:
    verdict = torture(tmp_path, mentions=2_000, kills=KILLS)

    assert verdict.died_at_failpoints == len(FAILPOINTS)
    assert verdict.kills >= KILLS - 3, "kills must hit a service at work, not one that has finished"
    assert verdict.replies > 30, "without replies nothing could have been said twice"
    assert (verdict.lost, verdict.said_twice, verdict.orphans) == (0, 0, 0), verdict
    assert verdict.holds, verdict
