"""How long to wait after one more failure: twice as long as after the last one, up to a bound."""

from __future__ import annotations


class Patience:
    """Counts failures in a row. `first` doubles with each of them; `longest` bounds it, unless `first` is longer."""

    def __init__(self, *, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self._failures = 0

    def after_success(self) -> None:
        """All is well: the next failure is the first again."""
        self._failures = 0

    def after_failure(self) -> float:
        """The pause in seconds."""
        self._failures += 1
        # a power without a bound overflows after a thousand failures
        doubled: float = self._first * 2.0 ** min(self._failures, 30)
        return max(self._first, min(self._longest, doubled))
