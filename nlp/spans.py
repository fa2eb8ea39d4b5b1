"""Turn scored clauses into spans: one exact quote for each touchpoint and tone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.text import Masked
from nlp.touchpoints import stage_of

_ANY = 0.5  # how likely it must be that a clause is about some touchpoint
_SUPPORTED = 0.2  # enough for a clause when the whole text speaks for that touchpoint
_GAP = 6  # characters between neighbours: a comma and a conjunction


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause with its scores: `touchpoints` sum to less than 1, what is missing is "none of them"."""

    start: int
    end: int
    touchpoints: Mapping[Touchpoint, float]
    sentiments: Mapping[Sentiment, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    start: int
    end: int
    touchpoint: Touchpoint
    sentiment: Sentiment
    confidence: float


def spans_of(masked: Masked, clauses: Sequence[Clause], expected: Sequence[Touchpoint]) -> tuple[Span, ...]:
    """Spans in reading order; neighbours with the same touchpoint and tone are one.

    A clause speaks of its likeliest touchpoint when it speaks of any. A touchpoint that the whole text speaks of
    (`expected`) and no clause took goes to the clause that supports it best.
    """
    taken = {index: _best(clause) for index, clause in enumerate(clauses) if sum(clause.touchpoints.values()) >= _ANY}
    for touchpoint in expected:
        support = {i: c.touchpoints[touchpoint] for i, c in enumerate(clauses) if i not in taken}
        best = max(support, key=support.__getitem__, default=None)
        if touchpoint not in taken.values() and best is not None and support[best] >= _SUPPORTED:
            taken[best] = touchpoint
    pieces = _merged([_piece(clauses[index], taken[index]) for index in sorted(taken)], masked)
    return tuple(_span(piece, masked) for piece in pieces if masked.quote(piece.start, piece.end))


def touchpoints_in(spans: Sequence[Span]) -> tuple[Touchpoint, ...]:
    """Those of the spans, once each, in the order of the taxonomy."""
    held = {span.touchpoint for span in spans}
    return tuple(touchpoint for touchpoint in Touchpoint if touchpoint in held)


def _best(clause: Clause) -> Touchpoint:
    return max(clause.touchpoints, key=clause.touchpoints.__getitem__)


def _piece(clause: Clause, touchpoint: Touchpoint) -> _Piece:
    return _Piece(
        start=clause.start,
        end=clause.end,
        touchpoint=touchpoint,
        sentiment=max(clause.sentiments, key=clause.sentiments.__getitem__),
        confidence=round(clause.touchpoints[touchpoint], 4),
    )


def _merged(pieces: Sequence[_Piece], masked: Masked) -> list[_Piece]:
    merged: list[_Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        same = before and (before.touchpoint, before.sentiment) == (piece.touchpoint, piece.sentiment)
        if before and same and len(masked.text[before.end : piece.start].strip()) <= _GAP:
            merged[-1] = replace(before, end=piece.end, confidence=max(before.confidence, piece.confidence))
        else:
            merged.append(piece)
    return merged


def _span(piece: _Piece, masked: Masked) -> Span:
    return Span(
        quote=masked.quote(piece.start, piece.end),
        touchpoint=piece.touchpoint,
        stage=stage_of(piece.touchpoint, masked.text),
        sentiment=piece.sentiment,
        confidence=piece.confidence,
    )
