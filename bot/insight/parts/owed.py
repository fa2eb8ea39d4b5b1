"""What is owed to customers: an answer to those who were let down, and what was promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.case import Case
from bot.domain.promise import Promise
from bot.insight.parts.page import INDENT, Page

_MOST_CASES = 6
_MOST_PROMISES = 3


def loop(page: Page) -> Iterator[str]:
    """Customers up to where cases are named: one customer may have several."""
    words, figures, loops = page.words, page.figures, page.digest.loops
    if not loops.detractors and not loops.unclosed:
        yield f"{words.say('loop.title')}: {words.say('loop.none')}"
        return
    counts = words.say(
        "loop.counts",
        detractors=figures.whole(loops.detractors),
        contacted=figures.whole(loops.contacted),
        recovered=figures.whole(loops.recovered),
        lost=figures.whole(loops.not_recovered),
        open=figures.whole(len(loops.unclosed)),
    )
    yield f"{words.say('loop.title')}: {counts}{_case_keys(page, loops.unclosed)}"


def _case_keys(page: Page, cases: Sequence[Case]) -> str:
    if not cases:
        return ""
    words, figures = page.words, page.figures
    urgent_first = sorted(cases, key=lambda case: (-case.urgency.rank, case.key))
    listed = ", ".join(f"#{case.key}" for case in urgent_first[:_MOST_CASES])
    rest = words.say("loop.more", n=figures.whole(len(cases) - _MOST_CASES)) if len(cases) > _MOST_CASES else ""
    return words.say("loop.open", keys=listed) + rest


def promises(page: Page) -> Iterator[str]:
    words, figures, made = page.words, page.figures, page.digest.promises
    if not (made.to_follow or made.kept):
        yield f"{words.say('promises.title')}: {words.say('promises.none')}"
        return
    counts = words.say(
        "promises.counts",
        due=figures.whole(len(made.due)),
        broken=figures.whole(len(made.broken)),
        unheard=figures.whole(len(made.unheard)),
        kept=figures.whole(len(made.kept)),
    )
    yield f"{words.say('promises.title')}: {counts}"
    yield from _promise_lines(page, "promises.broken", made.broken)
    yield from _promise_lines(page, "promises.unheard", made.unheard)
    yield from _promise_lines(page, "promises.due", made.due)


def _promise_lines(page: Page, line: str, made: Sequence[Promise]) -> Iterator[str]:
    words = page.words
    for promise in made[:_MOST_PROMISES]:
        case = words.say("promises.no_case") if promise.case_key is None else f"#{promise.case_key}"
        yield INDENT + words.say(line, case=case, what=promise.what, due=page.figures.moment(promise.due))
    if len(made) > _MOST_PROMISES:
        yield INDENT + words.say("promises.more", n=page.figures.whole(len(made) - _MOST_PROMISES))
