"""Where asyncio meets torch: many awaiting callers, one thread, one model call a batch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.ports.reader import Classifier
from bot.domain.reading import Reading, Text
from nlp.guarded import Guarded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    text: Text
    answer: asyncio.Future[Reading]


class Batcher:
    """Gather texts for some milliseconds, read them together, hand each caller its own reading."""

    def __init__(self, classifier: Classifier, fallback: Classifier, *, size: int, wait: float) -> None:
        self.name = classifier.name
        self._reader, self._size, self._wait = Guarded(classifier, fallback), size, wait
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(maxsize=size * 8)

    async def read(self, text: Text) -> Reading:
        """The reading of one text. Waits while many others wait; cancelling it harms no other caller."""
        waiting = _Waiting(text=text, answer=asyncio.get_running_loop().create_future())
        await self._queue.put(waiting)
        return await waiting.answer

    async def run(self, thread: ThreadPoolExecutor) -> None:
        """Read batches for ever, all in `thread`. A batch that fails is never lost: see `nlp.guarded`."""
        loop = asyncio.get_running_loop()
        while True:
            batch = await self._gather()
            texts = [waiting.text for waiting in batch]
            readings = await loop.run_in_executor(thread, self._reader.read, texts)
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
