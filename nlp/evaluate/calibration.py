"""How far a confidence can be taken at its word, and what abstaining buys.

Of all readings with confidence 0.8, four in five should be right. The *expected calibration error* is the mean
distance between confidence and accuracy over bins, weighted by their size: Σ n_b / n · |accuracy_b − confidence_b|
(Naeini et al., AAAI 2015; Guo et al., On Calibration of Modern Neural Networks, ICML 2017). The bins hold equally many
readings each instead of equally wide spans of confidence, so that none is nearly empty (Nguyen & O'Connor, EMNLP 2015;
Nixon et al., CVPR Workshops 2019). Readings of the same confidence stay in one bin. With few readings the error is
overestimated: below some 300 it says little.

*Selective* accuracy is that of the texts on which the model did not abstain (El-Yaniv & Wiener, JMLR 11, 2010).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.domain.evaluation import Bin, Reliability, Selective
from bot.domain.reading import Intent, Reading
from nlp.evaluate.gold import NO_STAGE, Gold
from nlp.evaluate.spans import found

BINS = 15

Said = tuple[float, bool]
"""A confidence, and whether it was right."""


def reliability(said: Sequence[Said]) -> Reliability:
    """The expected calibration error over BINS bins of equal mass; the order of `said` does not matter."""
    bins = tuple(_bin(each) for each in _equal_mass(sorted(said)))
    distance = sum(each.n * abs(each.accuracy - each.confidence) for each in bins)
    return Reliability(len(said), distance / len(said) if said else 0.0, bins)


def selective(pairs: Sequence[tuple[Gold, Reading]]) -> Selective | None:
    """Over the texts annotated for sentiment; None when there is none."""
    right = [(reading.abstained, gold.sentiment is reading.sentiment) for gold, reading in pairs if gold.sentiment]
    if not right:
        return None
    kept = [correct for abstained, correct in right if not abstained]
    given_up = [correct for abstained, correct in right if abstained]
    return Selective(
        n=len(right),
        abstained=len(given_up),
        accuracy=sum(correct for _, correct in right) / len(right),
        kept=sum(kept) / len(kept) if kept else None,
        given_up=sum(given_up) / len(given_up) if given_up else None,
    )


def heads(pairs: Sequence[tuple[Gold, Reading]]) -> dict[str, Reliability]:
    """Each score of a reading: `sentiment`, `language`, `span`, `stage`, `urgency`, `intents`, `intent.<label>`.

    `intents` pools all intents. Stage and urgency count where the model had the word and not a rule.

    An intent that is annotated only where it holds, or only where it does not, is left out: any score would do.
    """
    answers: defaultdict[Intent, set[bool]] = defaultdict(set)
    for gold, _ in pairs:
        for intent, holds in gold.intents.items():
            answers[intent].add(holds)
    open_intents = {intent for intent, seen in answers.items() if len(seen) == len((True, False))}
    said: defaultdict[str, list[Said]] = defaultdict(list)
    for gold, reading in pairs:
        for head, confidence, right in _said(gold, reading, open_intents):
            said[head].append((confidence, right))
    return {head: reliability(said[head]) for head in sorted(said)}


def _said(gold: Gold, reading: Reading, open_intents: set[Intent]) -> Iterator[tuple[str, float, bool]]:
    if gold.sentiment is not None and reading.sentiment in reading.scores:
        yield "sentiment", reading.scores[reading.sentiment], reading.sentiment is gold.sentiment
    if gold.language is not None:
        yield "language", reading.language_confidence, reading.language is gold.language
    if gold.stage is not None and reading.stage_confidence is not None:
        yield "stage", reading.stage_confidence, (reading.stage or NO_STAGE) == gold.stage
    if gold.urgency is not None and reading.urgency_confidence is not None:
        yield "urgency", reading.urgency_confidence, reading.urgency is gold.urgency
    for intent, holds in gold.intents.items():
        if intent in open_intents and intent in reading.intent_scores:
            yield f"intent.{intent}", reading.intent_scores[intent], holds
            yield "intents", reading.intent_scores[intent], holds
    if gold.spans is not None:
        right = [id(span) for _, span in found(gold.text, gold.spans, reading.spans)]
        for span in reading.spans:
            yield "span", span.confidence, id(span) in right


def _equal_mass(said: Sequence[Said]) -> Iterator[Sequence[Said]]:
    """Pieces of sorted `said`, of about len / BINS each; equal confidences go where the first of them goes."""
    begin, place, last = 0, 0, None
    for rank, (confidence, _) in enumerate(said):
        here = place if confidence == last else rank * BINS // len(said)
        if here != place:
            yield said[begin:rank]
            begin, place = rank, here
        last = confidence
    if begin < len(said):
        yield said[begin:]


def _bin(said: Sequence[Said]) -> Bin:
    return Bin(
        len(said),
        sum(confidence for confidence, _ in said) / len(said),
        sum(right for _, right in said) / len(said),
    )
