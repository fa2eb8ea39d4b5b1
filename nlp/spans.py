"""Turn scored clauses into spans: one exact quote for each touchpoint and tone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.text import Masked
from nlp.tone import acknowledges, blames, praises, weighed
from nlp.touchpoints import stage_of
from nlp.words import PLACES

_ANY = 0.5  # how likely it must be that a clause is about some touchpoint
_LEAST = 0.3  # how likely its touchpoint must be, where no word names it
_LEAST_NAMED = 0.2  # and where a word does
_GAP = 6  # characters between neighbours: a comma and a conjunction
_LEAN = 0.5  # how much the tone of the whole text weighs in that of a clause
_BLAMED = 0.3  # how much of a good tone is left to a clause with a word of blame and none of praise
_HANDLES = re.compile(r"^(?:[.\s]{0,5}@\w+[\s,:;.-]{0,5})+|(?:[\s,:;.-]{0,5}@\w+)+$")


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


def spans_of(
    masked: Masked, clauses: Sequence[Clause], expected: Sequence[Touchpoint], tones: Mapping[Sentiment, float]
) -> tuple[Span, ...]:
    """Spans in reading order; neighbours with the same touchpoint and tone are one.

    A clause speaks of its likeliest touchpoint when it speaks of any. A touchpoint that the whole text speaks of
    (`expected`) and no clause took goes to the clause that supports it best. Clauses lean to `tones`, the whole text's;
    in an acknowledgement a touchpoint must be named.
    """
    short = acknowledges(masked.text)
    taken: dict[int, Touchpoint] = {}
    for index, clause in enumerate(clauses):
        if sum(clause.touchpoints.values()) >= _ANY and _holds(masked, clause, _best(clause), named_only=short):
            taken[index] = _best(clause)
    for touchpoint in expected:
        support = {i: c.touchpoints[touchpoint] for i, c in enumerate(clauses) if i not in taken}
        best = max(support, key=support.__getitem__, default=None)
        missing = touchpoint not in taken.values() and best is not None
        if missing and best is not None and _holds(masked, clauses[best], touchpoint, named_only=short):
            taken[best] = touchpoint
    pieces = _merged([_piece(masked, clauses[index], taken[index], tones) for index in sorted(taken)], masked)
    return tuple(span for piece in pieces if (span := _span(piece, masked)).quote)


def touchpoints_in(spans: Sequence[Span]) -> tuple[Touchpoint, ...]:
    """Those of the spans, once each, in the order of the taxonomy."""
    held = {span.touchpoint for span in spans}
    return tuple(touchpoint for touchpoint in Touchpoint if touchpoint in held)


def _best(clause: Clause) -> Touchpoint:
    return max(clause.touchpoints, key=clause.touchpoints.__getitem__)


def _holds(masked: Masked, clause: Clause, touchpoint: Touchpoint, *, named_only: bool) -> bool:
    named = bool(PLACES[touchpoint].search(masked.text, clause.start, clause.end))
    return (named or not named_only) and clause.touchpoints[touchpoint] >= (_LEAST_NAMED if named else _LEAST)


def _piece(masked: Masked, clause: Clause, touchpoint: Touchpoint, tones: Mapping[Sentiment, float]) -> _Piece:
    words = masked.text[clause.start : clause.end]
    leaning = {tone: score * tones[tone] ** _LEAN for tone, score in clause.sentiments.items()}
    if blames(words) and not praises(words):
        leaning[Sentiment.POSITIVE] *= _BLAMED
    told = weighed(words, leaning)
    return _Piece(
        start=clause.start,
        end=clause.end,
        touchpoint=touchpoint,
        sentiment=max(told, key=told.__getitem__),
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
        quote=_HANDLES.sub("", masked.quote(piece.start, piece.end)).strip(),
        touchpoint=piece.touchpoint,
        stage=stage_of(piece.touchpoint, masked.text),
        sentiment=piece.sentiment,
        confidence=piece.confidence,
    )
