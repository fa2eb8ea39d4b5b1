"""Who reads the mentions: the model that the owner chose, and the word lists where it cannot be had."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.domain.errors import ModelUnavailable
from bot.domain.ports.reader import Classifier
from config.settings import Settings
from config.touchpoints import own_ones
from nlp.batching import Batcher, batching
from nlp.brand import BrandWords
from nlp.classifier import open_classifier
from nlp.encoder import FOLDER
from nlp.lexicon import open_lexicon
from nlp.own_model import OwnModel, open_own_model
from nlp.own_touchpoints import OwnTouchpoint

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoReads:
    """What reads the mentions; `degraded` when the model cannot be loaded and the word lists do."""

    name: str
    degraded: bool


def open_reader(settings: Settings) -> Classifier:
    """The model the owner chose; the word lists, flagged as degraded, when it cannot be loaded."""
    source = settings.model.source
    try:
        classifier = open_classifier(
            FOLDER if source == "embedded" else Path(source),
            threads=settings.model.threads,
            dtype=settings.model.dtype,
            brand=_brand_words(settings),
            own=[
                open_own_model(each, offline=settings.model.offline, dtype=settings.model.dtype)
                for each in _own_models(settings)
            ],
            touchpoints=_own_touchpoints(settings),
        )
    except ModelUnavailable as error:
        log.warning("the model cannot be loaded; the lexicon reads instead, degraded", error=str(error))
        return open_word_lists(settings)
    for unclear in classifier.unclear:
        log.warning(
            "the examples of an own touchpoint do not stand apart from ordinary sentences; give more, and more alike",
            touchpoint=unclear.name,
            told_rightly_when_left_out=round(unclear.accuracy, 2),
        )
    return classifier


def open_word_lists(settings: Settings) -> Classifier:
    """What reads the texts that the model cannot. It does not fail."""
    return open_lexicon(_brand_words(settings))


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[tuple[Batcher, WhoReads]]:
    """Reads in batches; what the model cannot read, the word lists do."""
    reader, fallback = open_reader(settings), open_word_lists(settings)
    size, wait = settings.model.batch_size, settings.model.gather_ms / 1000
    async with batching(reader, fallback, size=size, wait=wait) as batcher:
        yield batcher, WhoReads(name=reader.name, degraded=reader.name == fallback.name)


def _brand_words(settings: Settings) -> BrandWords:
    """Its accounts, and words that belong to its business, mean the brand; its homonyms mean something else."""
    brand = settings.brand
    handles = (f"@{account.removeprefix('@')}" for account in brand.accounts)
    return BrandWords(names=(*handles, *brand.context), elsewhere=brand.homonyms)


def _own_models(settings: Settings) -> list[OwnModel]:
    return [
        OwnModel(
            task=task,
            source=given.source,
            revision=given.revision,
            labels=given.labels,
            masked=given.preprocess == "tweet",
        )
        for task, given in settings.model.tasks.items()
    ]


def _own_touchpoints(settings: Settings) -> list[OwnTouchpoint]:
    return [
        OwnTouchpoint(name=name, of=table.of, examples=table.examples)
        for name, table in own_ones(settings.brand.touchpoints)
        if table.of is not None
    ]
