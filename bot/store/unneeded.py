"""Import a library without what it loads only to be ready for callers that we are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from threading import get_ident
from types import ModuleType


class _Refusal(MetaPathFinder):
    """These modules are not there, for this thread: another one may be loading a model meanwhile."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names, self._thread = frozenset(names), get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname in self._names and get_ident() == self._thread:
            message = f"{fullname} is not needed here"
            raise ModuleNotFoundError(message, name=fullname)
        return None


@contextmanager
def without(*names: str) -> Iterator[None]:
    """A library that tries to import these, and can do without, does without. What is loaded already stays."""
    refusal = _Refusal(names)
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)
