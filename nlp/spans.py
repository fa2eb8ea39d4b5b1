"""Turn scored tokens into spans: for each touchpoint of a text the exact quotes that show it, each with its tone."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.quotes import trimmed
from nlp.runs import Quoting, Range, Run, chosen, features, runs_in
from nlp.text import Masked
from nlp.touchpoints import Trust, stage_of

_TOUCHPOINTS = tuple(Touchpoint)
_TONES = tuple(Sentiment)
_NONE = len(_TOUCHPOINTS)
_PLAIN, _USUAL = Trust(), Quoting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A masked text as whole words: their places, and for each the mean of its tokens' probabilities."""

    places: Sequence[Range]
    touchpoints: Sequence[Sequence[float]]
    sentiments: Sequence[Sequence[float]]


def words_of(text: str, places: Sequence[Range], tokens: Mapping[str, Sequence[Sequence[float]]]) -> Words:
    """Join the pieces of each word: a piece that follows without a blank belongs to the word before it.

    A piece may begin with the blanks before its word, as the tokenizer's do; a word does not. `tokens[task]` holds
    a row for each piece.
    """
    bare = [(end - len(text[start:end].lstrip()), _with_accents(text, end)) for start, end in places]
    groups: list[list[int]] = []
    for index, (start, end) in enumerate(bare):
        if start >= end:
            continue
        if groups and not text[start - 1].isspace() and bare[groups[-1][-1]][1] >= start:
            groups[-1].append(index)
        else:
            groups.append([index])
    touchpoints, sentiments = tokens["token_touchpoint"], tokens["token_sentiment"]
    return Words(
        places=[(bare[group[0]][0], bare[group[-1]][1]) for group in groups],
        touchpoints=[_mean([touchpoints[index] for index in group]) for group in groups],
        sentiments=[_mean([sentiments[index] for index in group]) for group in groups],
    )


def spans_of(  # noqa: PLR0913 - a text, what holds in it, and what was learnt
    masked: Masked,
    words: Words,
    held: Mapping[Touchpoint, float],
    tones: Mapping[Sentiment, float],
    *,
    trust: Trust = _PLAIN,
    quoting: Quoting = _USUAL,
) -> tuple[Span, ...]:
    """A span for each touchpoint in `held` (its probability there), or two, in reading order.

    `tones` are the whole text's: where a text has one span, that span leans to them.
    """
    found: list[tuple[int, Span]] = []
    for touchpoint, run in runs_of(masked.text, words, held, quoting):
        start, end = words.places[run.first][0], words.places[run.last][1]
        quote = trimmed(masked.quote(start, end))
        if not quote:
            continue
        tone = _tone(words, run, tones, alone=len(held) == 1)
        stage = stage_of(touchpoint, masked.text)
        sure = round(trust.confidence(held[touchpoint], run.chance), 4)
        span = Span(quote=quote, touchpoint=touchpoint, stage=stage, sentiment=tone, confidence=sure)
        found.append((start, span))
    return tuple(span for _, span in sorted(found, key=lambda each: each[0]))


def runs_of(
    text: str, words: Words, held: Mapping[Touchpoint, float], quoting: Quoting
) -> list[tuple[Touchpoint, Run]]:
    """For each touchpoint that holds the words to quote; none where a text has none."""
    runs = runs_in(text, words.places) if held else None
    if runs is None:
        return []
    return [
        (touchpoint, run)
        for touchpoint in held
        for run in chosen(runs, features(runs, shares_of(words, touchpoint, held)), quoting)
    ]


def _with_accents(text: str, end: int) -> int:
    """Past the accents of the last letter, which a tokenizer leaves out where they are signs of their own."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def touchpoints_in(spans: Sequence[Span]) -> tuple[Touchpoint, ...]:
    """Those of the spans, once each, in the order of the taxonomy."""
    held = {span.touchpoint for span in spans}
    return tuple(touchpoint for touchpoint in Touchpoint if touchpoint in held)


def best_of_words(words: Words) -> dict[Touchpoint, float]:
    """For each touchpoint the share of the word that speaks for it most."""
    if not words.touchpoints:
        return dict.fromkeys(_TOUCHPOINTS, 0.0)
    return {touchpoint: max(row[index] for row in words.touchpoints) for index, touchpoint in enumerate(_TOUCHPOINTS)}


def shares_of(words: Words, touchpoint: Touchpoint, held: Mapping[Touchpoint, float]) -> list[float]:
    """Each word's probability for the touchpoint, among the touchpoints that hold and none."""
    wanted = _TOUCHPOINTS.index(touchpoint)
    rivals = [_TOUCHPOINTS.index(each) for each in held]
    return [row[wanted] / (sum(row[index] for index in rivals) + row[_NONE] + 1e-9) for row in words.touchpoints]


def _tone(words: Words, run: Run, tones: Mapping[Sentiment, float], *, alone: bool) -> Sentiment:
    rows = words.sentiments[run.first : run.last + 1]
    shares = dict(zip(_TONES, _mean(rows), strict=True))
    if alone:
        shares = {tone: share * tones[tone] for tone, share in shares.items()}
    return max(shares, key=shares.__getitem__)


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return list(rows[0]) if len(rows) == 1 else [sum(column) / len(rows) for column in zip(*rows, strict=True)]
