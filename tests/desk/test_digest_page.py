"""The digest on a terminal is its text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from rich.console import Console

from bot.desk.console import ConsoleDesk
from bot.domain.digest import CaseTally, DataQuality, Digest, Edition, LoopTally, Promises, Tally, Trend
from bot.domain.reading import Language
from bot.insight.digest_text import WIDTH, written
from bot.insight.shares import share

SINCE = datetime(2026, 5, 11, 22, tzinfo=UTC)
DAY = Tally(since=SINCE, until=SINCE + timedelta(days=1), mentions=40, negative=10, neutral=20, positive=10)
DIGEST = Digest(
    brand="[red]Viva[/red]",
    edition=Edition.DAILY,
    day=date(2026, 5, 12),
    zone="Europe/Madrid",
    language=Language.ES,
    now=DAY,
    before=DAY,
    usual=DAY,
    usual_periods=1,
    negative=share(10, 40),
    negative_usual=share(10, 40),
    volume=Trend.TOO_FEW,
    mood=Trend.SAME,
    touchpoints=(),
    explained_by=None,
    excess_negative=0,
    excess_at_touchpoint=0,
    cases=CaseTally(),
    cases_before=CaseTally(),
    loops=LoopTally(),
    quotes=(),
    promises=Promises(),
    scores=(),
    spikes=(),
    quality=DataQuality(),
)


async def test_the_terminal_shows_the_text_as_it_is(
    terminal: Callable[..., Console], screen: Callable[[Console], str]
) -> None:
    console, text = terminal(WIDTH), written(DIGEST, Language.ES)

    await ConsoleDesk(console, Language.ES).digest(text, "es:daily")

    assert screen(console) == text.whole
    assert "[red]Viva[/red]" in screen(console)
