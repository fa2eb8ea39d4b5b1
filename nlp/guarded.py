"""Read a batch so that a text that cannot be read harms no other: it is read again alone, then by the stand-in."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.domain.ports.reader import Classifier
from bot.domain.reading import Reading, Text

_LOG = structlog.get_logger(__name__)


class Guarded:
    """A Classifier that always answers. `fallback` must not fail (the lexicon does not)."""

    def __init__(self, classifier: Classifier, fallback: Classifier) -> None:
        self.name = classifier.name
        self._classifier, self._fallback = classifier, fallback

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading a text, in order: a failing batch is read item by item, a failing item by the fallback."""
        if not texts:
            return []
        try:
            return self._classifier.read(texts)
        # The safety net of reading: the operator gets the news as a log line, the caller a reading marked degraded.
        except Exception:  # noqa: BLE001 - logged with its traceback
            _LOG.exception("reading failed", texts=len(texts), model=self.name)
            if len(texts) == 1:
                return self._fallback.read(texts)
        return [reading for text in texts for reading in self.read([text])]
