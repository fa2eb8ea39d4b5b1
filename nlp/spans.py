"""Turn scored tokens into spans: for each touchpoint of a text the exact quotes that show it, each with its tone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.clauses import clauses
from nlp.text import Masked
from nlp.touchpoints import Trust, stage_of

_TOUCHPOINTS = tuple(Touchpoint)
_TONES = tuple(Sentiment)
_NONE = len(_TOUCHPOINTS)
_FLOOR = 0.08  # a word speaks for a touchpoint as far as its share exceeds this
_OF_BEST = 0.4  # … and this much of the share of the text's best word
_FEW = 5  # words; of a clause so short that half of it speaks for a touchpoint the whole is quoted
_ANOTHER = 0.95  # what a second run must have of the best one's support
_HANDLES = re.compile(r"^(?:[.\s]{0,5}@\w+[\s,:;.-]{0,5})+|(?:[\s,:;.-]{0,5}@\w+)+$")
_EDGES = " \t\n,;:.-–—…!¡?¿()[]\"'«»“”‘’"
_OPENS = {"”": "“", "»": "«", "’": "‘"}  # by what closes it
_LEADING = re.compile(r"^(?:y|e|o|pero|que|and|but|or|so|that)\s+", re.IGNORECASE)
# what a quote does not end with: it leans on the next word
_LEANING = re.compile(r"y|o|del?|al|con|por|para|que|el|las?|los|una?|and|or|of|the|an?|to|for|with", re.IGNORECASE)

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A masked text as whole words: their places, and for each the mean of its tokens' probabilities."""

    places: Sequence[Range]
    touchpoints: Sequence[Sequence[float]]
    sentiments: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Neighbouring words `first` to `last` that speak for one touchpoint, how much they do, and their mean share."""

    first: int
    last: int
    support: float
    share: float


def words_of(
    text: str,
    places: Sequence[Range],
    touchpoints: Sequence[Sequence[float]],
    sentiments: Sequence[Sequence[float]],
) -> Words:
    """Join the pieces of each word: a piece that follows without a blank belongs to the word before it.

    A piece may begin with the blanks before its word, as the tokenizer's do; a word does not.
    """
    bare = [(end - len(text[start:end].lstrip()), end) for start, end in places]
    groups: list[list[int]] = []
    for index, (start, end) in enumerate(bare):
        if start >= end:
            continue
        if groups and not text[start - 1].isspace() and bare[groups[-1][-1]][1] >= start:
            groups[-1].append(index)
        else:
            groups.append([index])
    return Words(
        places=[(bare[group[0]][0], bare[group[-1]][1]) for group in groups],
        touchpoints=[_mean([touchpoints[index] for index in group]) for group in groups],
        sentiments=[_mean([sentiments[index] for index in group]) for group in groups],
    )


_PLAIN = Trust()


def spans_of(
    masked: Masked,
    words: Words,
    held: Mapping[Touchpoint, float],
    tones: Mapping[Sentiment, float],
    trust: Trust = _PLAIN,
) -> tuple[Span, ...]:
    """At least one span for each touchpoint in `held` (its probability there), in reading order.

    `tones` are the whole text's: where a text has one span, that span leans to them.
    """
    found: list[tuple[int, Span]] = []
    for touchpoint, probability in held.items():
        for run in _runs(masked.text, words, touchpoint, held):
            start, end = words.places[run.first][0], words.places[run.last][1]
            quote = trimmed(masked.quote(start, end))
            if not quote:
                continue
            tone = _tone(words, run, tones, alone=len(held) == 1)
            stage = stage_of(touchpoint, masked.text)
            sure = round(trust.confidence(probability, run.share), 4)
            span = Span(quote=quote, touchpoint=touchpoint, stage=stage, sentiment=tone, confidence=sure)
            found.append((start, span))
    return tuple(span for _, span in sorted(found, key=lambda each: each[0]))


def touchpoints_in(spans: Sequence[Span]) -> tuple[Touchpoint, ...]:
    """Those of the spans, once each, in the order of the taxonomy."""
    held = {span.touchpoint for span in spans}
    return tuple(touchpoint for touchpoint in Touchpoint if touchpoint in held)


def best_of_words(words: Words) -> dict[Touchpoint, float]:
    """For each touchpoint the share of the word that speaks for it most."""
    if not words.touchpoints:
        return dict.fromkeys(_TOUCHPOINTS, 0.0)
    return {touchpoint: max(row[index] for row in words.touchpoints) for index, touchpoint in enumerate(_TOUCHPOINTS)}


def _runs(text: str, words: Words, touchpoint: Touchpoint, held: Mapping[Touchpoint, float]) -> list[Run]:
    """The run that speaks most for the touchpoint, and others that are nearly as strong."""
    if not words.places:
        return []
    shares = _shares(words, touchpoint, held)
    runs = sorted(_best_of_clauses(text, words.places, shares), key=lambda run: -run.support)
    if not runs:
        best = max(range(len(shares)), key=shares.__getitem__)
        return [Run(first=best, last=best, support=0.0, share=shares[best])]
    return [run for run in runs if run.support >= _ANOTHER * runs[0].support]


def _shares(words: Words, touchpoint: Touchpoint, held: Mapping[Touchpoint, float]) -> list[float]:
    """Each word's probability for the touchpoint, among the touchpoints that hold and none."""
    wanted = _TOUCHPOINTS.index(touchpoint)
    rivals = [_TOUCHPOINTS.index(each) for each in held]
    return [row[wanted] / (sum(row[index] for index in rivals) + row[_NONE] + 1e-9) for row in words.touchpoints]


def _best_of_clauses(text: str, places: Sequence[Range], shares: Sequence[float]) -> Iterator[Run]:
    """In each clause the run of words whose shares exceed the floor by most in sum (Kadane's maximum subarray)."""
    floor = max(_FLOOR, _OF_BEST * max(shares))
    for start, end in clauses(text):
        inside = [index for index, place in enumerate(places) if start <= place[0] < end]
        best: Run | None = None
        support, first = 0.0, 0
        for index in inside:
            if support <= 0:
                support, first = 0.0, index
            support += shares[index] - floor
            if support > 0 and (best is None or support > best.support):
                best = Run(first=first, last=index, support=support, share=support / (index - first + 1) + floor)
        if best is not None:
            few = len(inside) <= _FEW and 2 * (best.last - best.first + 1) >= len(inside)
            yield replace(best, first=inside[0], last=inside[-1]) if few else best


def _tone(words: Words, run: Run, tones: Mapping[Sentiment, float], *, alone: bool) -> Sentiment:
    rows = [words.sentiments[index] for index in range(run.first, run.last + 1)]
    shares = dict(zip(_TONES, _mean(rows), strict=True))
    if alone:
        shares = {tone: share * tones[tone] for tone, share in shares.items()}
    return max(shares, key=shares.__getitem__)


def trimmed(quote: str) -> str:
    """Without handles, punctuation and words that lean on what is not quoted; still a piece of the text."""
    bare = _LEADING.sub("", _HANDLES.sub("", quote).strip(_EDGES))
    while (last := bare.rfind(" ")) > 0 and _LEANING.fullmatch(bare, last + 1):
        bare = bare[:last].rstrip(_EDGES)
    return _closed(bare, quote)


def _closed(bare: str, quote: str) -> str:
    """With the mark that ends a quotation begun inside it: `la regadera sigue "pendiente de ubicación"`."""
    after = quote[quote.find(bare) + len(bare) :][:1]
    if after == '"':
        begun = bare.count(after) % 2 == 1
    else:
        begun = after in _OPENS and bare.count(_OPENS[after]) > bare.count(after)
    return bare + after if begun else bare


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return list(rows[0]) if len(rows) == 1 else [sum(column) / len(rows) for column in zip(*rows, strict=True)]
