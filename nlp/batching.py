"""Where asyncio meets torch: many awaiting callers, one thread, one model call a batch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.domain.ports import Classifier
from bot.domain.reading import Reading, Text

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    text: Text
    answer: asyncio.Future[Reading]


class Batcher:
    """Gather texts for some milliseconds, read them together, hand each caller its own reading."""

    def __init__(self, classifier: Classifier, fallback: Classifier, *, size: int, wait: float) -> None:
        self.name = classifier.name
        self._classifier, self._fallback, self._size, self._wait = classifier, fallback, size, wait
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(maxsize=size * 8)

    async def read(self, text: Text) -> Reading:
        """The reading of one text. Waits while many others wait; cancelling it harms no other caller."""
        waiting = _Waiting(text=text, answer=asyncio.get_running_loop().create_future())
        await self._queue.put(waiting)
        return await waiting.answer

    async def run(self, thread: ThreadPoolExecutor) -> None:
        """Read batches for ever, all in `thread`. A batch that fails is never lost: see `_read_safely`."""
        loop = asyncio.get_running_loop()
        while True:
            batch = await self._gather()
            texts = [waiting.text for waiting in batch]
            readings = await loop.run_in_executor(thread, self._read_safely, texts)
            for waiting, reading in zip(batch, readings, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(reading)

    async def _gather(self) -> list[_Waiting]:
        batch = [await self._queue.get()]
        try:
            async with asyncio.timeout(self._wait):
                while len(batch) < self._size:
                    batch.append(await self._queue.get())
        except TimeoutError:
            pass
        return [waiting for waiting in batch if not waiting.answer.done()]

    def _read_safely(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading a text, always: a failing batch is read item by item, a failing item by the fallback."""
        if not texts:
            return []
        try:
            return self._classifier.read(texts)
        # The safety net of reading: the operator gets the news as a log line, the caller a reading marked degraded.
        except Exception:  # noqa: BLE001 - logged with its traceback
            _LOG.exception("reading failed", texts=len(texts), model=self.name)
            if len(texts) == 1:
                return self._fallback.read(texts)
        return [reading for text in texts for reading in self._read_safely([text])]


@asynccontextmanager
async def batching(
    classifier: Classifier, fallback: Classifier, *, size: int = 64, wait: float = 0.01
) -> AsyncIterator[Batcher]:
    """A running Batcher; leaving stops it. `fallback` must not fail (the lexicon does not)."""
    batcher = Batcher(classifier, fallback, size=size, wait=wait)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="nlp") as thread:
        task = asyncio.create_task(batcher.run(thread), name="nlp-batcher")
        try:
            yield batcher
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
