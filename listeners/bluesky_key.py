"""Make of the outbox's key a key for a record of Bluesky, so that the same answer twice is one record.

Posts want a TID: thirteen letters that tell microseconds since 1970 and ten bits by which two makers are told apart
(https://atproto.com/specs/tid). Ours tells the second after the post that it answers; where in that second, and the ten
bits, come from the outbox's key.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def record_key(key: str, answered: datetime) -> str:
    """The same for ever for the same key and the same post."""
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    spread, maker = digest >> 10, digest & 0x3FF
    microseconds = max((answered - _EPOCH) // timedelta(microseconds=1), 0) + spread % 1_000_000
    number = (microseconds & (1 << 53) - 1) << 10 | maker
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
