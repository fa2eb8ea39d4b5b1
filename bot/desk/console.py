"""A desk on the terminal: cases are posted as cards, alerts as lines, and what people ask for is printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from bot.desk.cards import card_of_file
from bot.desk.explanation import explanation_view
from bot.desk.labels import labels, present
from bot.desk.plain import plain
from bot.desk.views import card_view, case_view, digest_view, journey_view
from bot.domain.digest import DigestText
from bot.domain.naming import USUAL_NAMES, TouchpointNames
from bot.domain.outbox import Receipt
from bot.domain.ports.record import CaseFile, Explanation, Journey
from bot.domain.reading import Language
from bot.domain.time import Watch

_UTC = ZoneInfo("UTC")


class ConsoleDesk:
    """Implements `Desk`. `quiet` keeps the screen empty and still gives receipts, for replays and pipes.

    The clocks of a case are read by `watch`, the present if there is none.
    """

    name = "console"

    def __init__(  # noqa: PLR0913 - whom it shows to
        self,
        console: Console,
        language: Language,
        *,
        zone: ZoneInfo = _UTC,
        quiet: bool = False,
        now: Callable[[], datetime] = present,
        watch: Watch | None = None,
        names: TouchpointNames = USUAL_NAMES,
    ) -> None:
        self._console = console
        self._labels = labels(language, zone, names, now=now)
        self._quiet = quiet
        self._now, self._watch = now, watch
        self._receipts: dict[str, Receipt] = {}

    async def post(self, file: CaseFile, key: str) -> Receipt:
        """Show the case's card; the same key shows nothing again and returns the first receipt."""
        if key not in self._receipts and not self._quiet:
            at = self._now() if self._watch is None else self._watch.now(file.case.updated_at)
            self._console.print(card_view(card_of_file(file, self._labels, at), self._labels))
        return self._receipt(key)

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        """Show the edition; the picture lies beside it."""
        del picture, described
        if key not in self._receipts and not self._quiet:
            self._console.print(digest_view(text.whole))
        return self._receipt(key)

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        """Show one line that cannot be overlooked."""
        del wakes
        if key not in self._receipts and not self._quiet:
            self._console.print(Text.assemble(("▲ ", "bold red"), (plain(text), "bold")))
        return self._receipt(key)

    def _receipt(self, key: str) -> Receipt:
        return self._receipts.setdefault(key, Receipt(external_id=f"{self.name}:{key}", at=self._now()))


def print_case(  # noqa: PLR0913 - whom it is shown to
    console: Console,
    file: CaseFile,
    *,
    language: Language,
    zone: ZoneInfo,
    names: TouchpointNames = USUAL_NAMES,
    at: datetime | None = None,
    now: Callable[[], datetime] = present,
) -> None:
    """The whole case; its clocks are read at `at`, or when it last changed."""
    console.print(case_view(file, labels(language, zone, names, now=now), at))


def print_journey(  # noqa: PLR0913 - whom it is shown to
    console: Console,
    journey: Journey,
    *,
    language: Language,
    zone: ZoneInfo,
    names: TouchpointNames = USUAL_NAMES,
    now: Callable[[], datetime] = present,
) -> None:
    """One customer's story."""
    console.print(journey_view(journey, labels(language, zone, names, now=now)))


def print_explanation(  # noqa: PLR0913 - whom it is shown to
    console: Console,
    explained: Explanation,
    *,
    language: Language,
    zone: ZoneInfo,
    names: TouchpointNames = USUAL_NAMES,
    now: Callable[[], datetime] = present,
) -> None:
    """Why one mention led to what it led to."""
    console.print(explanation_view(explained, labels(language, zone, names, now=now)))
