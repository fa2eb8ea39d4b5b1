"""What a voice has said lately, by the outbox's key: as much of it as this process knows."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.outbox import Receipt

_REMEMBERED = 1_000


class Receipts:
    """The newest thousand."""

    def __init__(self) -> None:
        self._kept: dict[str, Receipt] = {}

    def of(self, key: str) -> Receipt | None:
        """None for what was not said, or longer ago."""
        return self._kept.get(key)

    def keep(self, key: str, receipt: Receipt) -> Receipt:
        """As the newest, also of a key that is known. Returns it."""
        self._kept.pop(key, None)
        self._kept[key] = receipt
        if len(self._kept) > _REMEMBERED:
            self._kept.pop(next(iter(self._kept)))
        return receipt

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """What a former process kept."""
        for key, receipt in known.items():
            self.keep(key, receipt)

    def is_taken(self, external_id: str) -> bool:
        """Whether this post is known to be an answer, and so cannot be another."""
        return any(receipt.external_id == external_id for receipt in self._kept.values())
