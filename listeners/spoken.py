"""What a voice has said, and what it may have said, where the platform takes no key and lists late."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from bot.domain.errors import ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.outbox import Receipt
from listeners.receipts import Receipts

_REMEMBERED = 1_000


class Spoken:
    """Receipts by the outbox's key; and doubts, which are sends of which nobody knows whether they were heard.

    A listing does not show yet what was heard a moment ago, so finding nothing means nothing until `lag` has passed
    since the doubtful send. A former process's doubts are not known here, but they are no younger than this one.
    """

    def __init__(self, platform: str, *, lag: timedelta, clock: Callable[[], float]) -> None:
        self._platform, self._lag, self._clock = platform, lag.total_seconds(), clock
        self._receipts = Receipts()
        self._doubts: dict[str, float] = {}
        # every doubt that is not kept here is older
        self._others = clock()

    def receipt(self, key: str) -> Receipt | None:
        """Of what is known to be heard."""
        return self._receipts.of(key)

    def heard(self, key: str, receipt: Receipt) -> Receipt:
        """It is no doubt any more."""
        self._doubts.pop(key, None)
        return self._receipts.keep(key, receipt)

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """What a former process heard of."""
        self._receipts.recall(known)

    def is_taken(self, external_id: str) -> bool:
        """Whether this post is known to be an answer, and so cannot be another."""
        return self._receipts.is_taken(external_id)

    def in_doubt(self, key: str) -> bool:
        """Whether a send under this key failed half-way."""
        return key in self._doubts

    @contextmanager
    def sending(self, key: str) -> Iterator[None]:
        """Around one send: whatever ends it, but for a plain no, leaves the key in doubt."""
        try:
            yield
        except (RateLimited, ChannelRefused):
            raise
        except BaseException:
            self._doubt(key)
            raise

    def found_nothing(self, key: str) -> None:
        """ChannelUnavailable as long as what was heard may not be listed yet."""
        if self._clock() - self._doubts.get(key, self._others) < self._lag:
            message = f"{self._platform} cannot say yet whether this was heard: it shows posts late"
            raise ChannelUnavailable(message)

    def _doubt(self, key: str) -> None:
        self._doubts.pop(key, None)
        self._doubts[key] = self._clock()
        if len(self._doubts) > _REMEMBERED:
            self._others = self._doubts.pop(next(iter(self._doubts)))
