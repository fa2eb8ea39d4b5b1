"""The console desk posts each case once and prints pages that read well with and without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bot.desk.console import ConsoleDesk, print_case, print_explanation, print_journey
from bot.desk.labels import labels
from bot.domain.customer import Customer
from bot.domain.ports.desk import Desk
from bot.domain.ports.record import CaseFile, Explanation, Journey
from bot.domain.reading import Language
from bot.domain.time import EndedWatch, RecordedWatch, Watch

MADRID = ZoneInfo("Europe/Madrid")
GOLDEN = Path(__file__).parent / "golden"
POSTED = datetime(2026, 5, 12, 12, 3, tzinfo=UTC)
Terminal = Callable[..., Console]
Screen = Callable[[Console], str]


def a_desk(console: Console, *, quiet: bool = False) -> Desk:
    return ConsoleDesk(console, Language.ES, zone=MADRID, quiet=quiet, now=lambda: POSTED)


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
@pytest.mark.parametrize("width", [80, 120])
def test_the_pages_read_as_they_were_agreed(  # noqa: PLR0913, PLR0917  the three pages and how to look at them
    case_file: CaseFile,
    journey: Journey,
    explanation: Explanation,
    terminal: Terminal,
    screen: Screen,
    width: int,
    language: Language,
) -> None:
    console = terminal(width)

    print_case(console, case_file, language=language, zone=MADRID, now=lambda: POSTED)
    print_journey(console, journey, language=language, zone=MADRID, now=lambda: POSTED)
    print_explanation(console, explanation, language=language, zone=MADRID, now=lambda: POSTED)

    assert screen(console) + "\n" == (GOLDEN / f"pages_{language}_{width}.txt").read_text(encoding="utf-8")


async def test_the_same_key_is_posted_once_with_one_receipt(
    case_file: CaseFile,
    terminal: Terminal,
    screen: Screen,
) -> None:
    console = terminal(80)
    desk = a_desk(console)

    first = await desk.post(case_file, "route:x:900")
    again = await desk.post(case_file, "route:x:900")

    assert first == again
    assert (first.external_id, first.at) == ("console:route:x:900", POSTED)
    assert screen(console).count("#1042") == 1


@pytest.mark.parametrize(
    ("watch", "told"),
    [
        (None, "1.ª respuesta: tarde, 3 h (12 may 14:24)"),
        (RecordedWatch(), "1.ª respuesta: quedan 22 min (12 may 14:24)"),
        (EndedWatch(POSTED + timedelta(days=3)), "1.ª respuesta: tarde, 3,0 d (12 may 14:24)"),
    ],
)
async def test_clocks_are_read_now_and_in_a_replay_when_it_was_recorded(
    case_file: CaseFile, terminal: Terminal, screen: Screen, watch: Watch | None, told: str
) -> None:
    console, due = terminal(120), case_file.case.first_answer_due
    desk = ConsoleDesk(console, Language.ES, zone=MADRID, now=lambda: due + timedelta(hours=3), watch=watch)

    await desk.post(case_file, "route:x:900")

    assert told in screen(console)


async def test_an_alert_is_one_line_of_plain_words(terminal: Terminal, screen: Screen) -> None:
    console = terminal(80)
    desk = a_desk(console)

    await desk.alert("pico en Entrega:\n\x1b[31m[red]«roto»[/red]", "alert:1")
    await desk.alert("otra vez", "alert:1")

    assert screen(console) == "▲ pico en Entrega: [31m[red]«roto»[/red]"


async def test_a_quiet_desk_gives_receipts_and_shows_nothing(
    case_file: CaseFile, terminal: Terminal, screen: Screen
) -> None:
    console = terminal(80)
    desk = a_desk(console, quiet=True)

    receipt = await desk.post(case_file, "route:x:900")
    await desk.alert("pico", "alert:1")

    assert receipt.external_id == "console:route:x:900"
    assert screen(console) == ""


def test_without_colour_not_one_escape_is_written(case_file: CaseFile) -> None:
    console = Console(file=StringIO(), width=80, force_terminal=True, _environ={"NO_COLOR": "1"})
    print_case(console, case_file, language=Language.ES, zone=MADRID, now=lambda: POSTED)
    assert isinstance(console.file, StringIO)

    assert "\x1b[3" not in console.file.getvalue()
    assert "● urgente" in console.file.getvalue()


def test_a_customer_without_a_history_has_a_page(journey: Journey, terminal: Terminal, screen: Screen) -> None:
    console = terminal(80)
    nothing = Journey(customer=journey.customer, interactions=(), experiences=(), cases=(), promises=(), surveys=())

    print_journey(console, nothing, language=Language.ES, zone=MADRID, now=lambda: POSTED)

    assert "nada todavía" in screen(console)


@pytest.mark.parametrize(
    ("language", "seen", "told"),
    [
        (Language.ES, "12 may 2026 14:02", "12 may 2026 18:20"),
        (Language.EN, "12 May 2026 14:02", "12 May 2026 18:20"),
    ],
)
def test_in_another_year_every_moment_has_its_year(  # noqa: PLR0913, PLR0917  the pages and how they are told
    case_file: CaseFile, journey: Journey, terminal: Terminal, screen: Screen, language: Language, seen: str, told: str
) -> None:
    console = terminal(120)
    year_after = POSTED + timedelta(days=365)

    print_journey(console, journey, language=language, zone=MADRID, now=lambda: year_after)
    print_case(console, case_file, language=language, zone=MADRID, now=lambda: year_after)

    shown = screen(console)
    assert seen in shown
    assert re.findall(r"\d (?:may|May)(?! 20)", shown) == []


@pytest.mark.parametrize(
    ("later", "told"), [(timedelta(), "open"), (timedelta(days=30), "due, not heard whether kept")]
)
def test_a_story_tells_of_a_promise_what_its_case_tells(
    journey: Journey, terminal: Terminal, screen: Screen, later: timedelta, told: str
) -> None:
    console = terminal(120)

    print_journey(console, journey, language=Language.EN, zone=MADRID, now=lambda: POSTED + later)

    assert told in screen(console)


def test_a_year_begins_by_the_clock_of_the_zone() -> None:
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    words = labels(Language.ES, MADRID, now=lambda: eve + timedelta(minutes=5))

    assert words.figures.moment(eve) == "1 ene 00:30"
    assert words.figures.moment(eve - timedelta(hours=1)) == "31 dic 2026 23:30"


def test_what_was_erased_or_refused_is_said(
    journey: Journey, marta: Customer, terminal: Terminal, screen: Screen
) -> None:
    console = terminal(120)
    gone = replace(marta, name="", handles=(), language=None, opted_out=True, erased_at=POSTED)

    print_journey(console, replace(journey, customer=gone), language=Language.EN, zone=MADRID, now=lambda: POSTED)

    assert "wants no messages · data erased 12 May" in screen(console)


def test_a_mention_that_was_not_read_is_explained_too(
    explanation: Explanation, terminal: Terminal, screen: Screen
) -> None:
    console = terminal(80)
    unread = replace(
        explanation,
        state="quarantined",
        error="ValueError: [red]",
        reading=None,
        case=None,
        experiences=(),
        decided=(),
        jobs=(),
    )

    print_explanation(console, unread, language=Language.EN, zone=MADRID, now=lambda: POSTED)

    assert "in quarantine" in screen(console)
    assert "ValueError: [red]" in screen(console)
    assert "was not read" in screen(console)
