"""Many callers, one thread: everybody gets the own reading, whatever happens to the neighbours."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.domain.reading import Reading, Text
from nlp.batching import batching
from nlp.language import LanguageReader
from nlp.lexicon import LexiconClassifier


class Counting:
    """Reads with the lexicon, remembers its batches and threads, and stumbles over the word 'poison'."""

    name = "counting@1"

    def __init__(self, lexicon: LexiconClassifier) -> None:
        self._lexicon = lexicon
        self.batches: list[int] = []
        self.threads: set[int] = set()

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        self.batches.append(len(texts))
        self.threads.add(threading.get_ident())
        if any("poison" in text.text for text in texts):
            raise RuntimeError("cannot read this")
        return self._lexicon.read(texts)


@pytest.fixture
def lexicon(languages: LanguageReader) -> LexiconClassifier:
    return LexiconClassifier(languages)


@pytest.fixture
def counting(lexicon: LexiconClassifier) -> Counting:
    return Counting(lexicon)


async def test_waiting_callers_share_a_batch_in_one_thread(counting: Counting, lexicon: LexiconClassifier) -> None:
    async with batching(counting, lexicon, size=16, wait=0.05) as batcher:
        readings = await asyncio.gather(*(batcher.read(Text(text=f"gracias {n}")) for n in range(16)))
    assert counting.batches == [16]
    assert counting.threads != {threading.get_ident()}
    assert len(readings) == 16


async def test_each_caller_gets_its_own_reading(counting: Counting, lexicon: LexiconClassifier) -> None:
    texts = [Text(text="excelente, gracias"), Text(text="pésimo, una vergüenza")]
    async with batching(counting, lexicon) as batcher:
        readings = await asyncio.gather(*(batcher.read(text) for text in texts))
    assert [reading.sentiment.value for reading in readings] == ["positive", "negative"]


async def test_a_lonely_text_does_not_wait_for_a_full_batch(counting: Counting, lexicon: LexiconClassifier) -> None:
    async with batching(counting, lexicon, size=1000, wait=0.01) as batcher:
        async with asyncio.timeout(5):
            await batcher.read(Text(text="hola"))
    assert counting.batches == [1]


async def test_an_item_that_fails_alone_is_read_by_the_fallback(counting: Counting, lexicon: LexiconClassifier) -> None:
    texts = [Text(text=text) for text in ("gracias", "poison", "pésimo")]
    async with batching(counting, lexicon, wait=0.05) as batcher:
        readings = await asyncio.gather(*(batcher.read(text) for text in texts))
    assert counting.batches == [3, 1, 1, 1]
    assert readings[1] == lexicon.read([texts[1]])[0]
    assert readings[1].degraded


async def test_a_cancelled_caller_harms_no_other(counting: Counting, lexicon: LexiconClassifier) -> None:
    async with batching(counting, lexicon, wait=0.05) as batcher:
        gone = asyncio.create_task(batcher.read(Text(text="adiós")))
        stays = asyncio.create_task(batcher.read(Text(text="gracias")))
        await asyncio.sleep(0)
        gone.cancel()
        assert (await stays).sentiment.value == "positive"
