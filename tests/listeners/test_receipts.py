"""What a voice remembers of what it said, and what it forgets first."""

from __future__ import annotations

from bot.domain.outbox import Receipt
from bot.testing import NOON
from listeners.receipts import Receipts


def a_receipt(number: int) -> Receipt:
    return Receipt(external_id=str(number), at=NOON)


def test_a_receipt_that_is_told_again_is_the_newest() -> None:
    receipts = Receipts()
    for number in range(1_000):
        receipts.keep(f"key-{number}", a_receipt(number))

    receipts.recall({"key-0": a_receipt(0), "key-1000": a_receipt(1_000)})

    assert receipts.of("key-0") == a_receipt(0)
    assert receipts.of("key-1000") == a_receipt(1_000)
    assert receipts.of("key-1") is None
    assert receipts.of("key-2") == a_receipt(2)
