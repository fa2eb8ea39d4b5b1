"""When a quote counts as found, and which of the quotes read answers which of the true ones.

Two quotes *overlap by half* when the characters they share are at least half of the longer one: |A ∩ B| / max(|A|, |B|)
≥ 0.5. A span is found when its touchpoint is right and its quote overlaps by half; each true span is found once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.reading import Span
from nlp.evaluate.gold import GoldSpan

HALF = 0.5
_PLACES = 16  # a quote that stands more often in its text is looked up in so many places


def overlap(text: str, one: str, other: str) -> float:
    """Shared characters over the longer quote, 0 to 1; of quotes that stand in several places the best pair counts."""
    longer = max(len(one), len(other))
    if not one or not other:
        return 0.0
    shared = (
        min(here + len(one), there + len(other)) - max(here, there)
        for here in _places(text, one)
        for there in _places(text, other)
    )
    return max(0, *shared, 0) / longer


def found(text: str, truth: Sequence[GoldSpan], read: Sequence[Span]) -> list[tuple[GoldSpan, Span]]:
    """Pairs of one true span and the span that found it: best overlaps first, each span in one pair at most."""
    pairs = sorted(
        (
            (-overlap(text, true.quote, said.quote), here, there)
            for here, true in enumerate(truth)
            for there, said in enumerate(read)
            if true.touchpoint is said.touchpoint
        ),
    )
    taken_true, taken_read, kept = set[int](), set[int](), []
    for shared, here, there in pairs:
        if -shared >= HALF and here not in taken_true and there not in taken_read:
            taken_true.add(here)
            taken_read.add(there)
            kept.append((truth[here], read[there]))
    return kept


def _places(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    for _ in range(_PLACES):
        if at < 0:
            return
        yield at
        at = text.find(quote, at + 1)
