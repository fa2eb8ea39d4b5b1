"""Read the words out of a post's HTML: paragraphs become lines, links their text, and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

_SECTIONS = frozenset({"article", "aside", "center", "div", "footer", "form", "header", "main", "nav", "section"})
_TEXTS = frozenset({"address", "blockquote", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "summary"})
_LISTS = frozenset({"dd", "details", "dl", "dt", "fieldset", "figure", "ol", "table", "tr", "ul"})
_BREAKS = {
    **dict.fromkeys(_SECTIONS | _TEXTS | _LISTS, "\n\n"),
    **dict.fromkeys(("br", "hr"), "\n"),
    **dict.fromkeys(("td", "th"), " "),
    "li": "\n- ",
}
_UNSPOKEN = frozenset({"head", "script", "style", "template"})
_NOT_SHOWN = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_TAG = re.compile(r"<[^<>]*>")
# browsers stop at 512; beyond it a reader's time grows with the square
_DEEPEST = 2_000
_PIECE = 16_384


def words(html: str, *, without: frozenset[str] = frozenset()) -> str:
    """The text a person would read. What has one of the classes in `without` is left out.

    Broken markup is read as browsers read it: no tag is needed, and none need be closed. In what is nested as nobody
    nests it, tags are merely taken out.
    """
    reader = _Reader(without)
    told = reader.told() if _read(html, reader) else _TAG.sub(" ", html)
    lines = (line.strip() for line in told.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def pictures(html: str) -> list[str]:
    """What the pictures in it show, as their author describes them."""
    reader = _Pictures()
    _read(html, reader)
    return reader.found


def _read(html: str, reader: _Depth) -> bool:
    """Whether it was read to its end: too deep markup is left."""
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True)
    try:
        # what a reader raises is heard of at the end of a piece
        for start in range(0, max(len(html), 1), _PIECE):
            parser.feed(html[start : start + _PIECE].encode("utf-8", "replace").replace(b"\0", b""))
        parser.close()
    except _TooDeep:
        return False
    return True


class _TooDeep(Exception):
    """Nobody writes like that."""


class _Depth:
    """What the parser tells of a page. It closes whatever it opens."""

    _depth = 0

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        del tag, attrs
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooDeep

    def end(self, tag: str) -> None:
        del tag
        self._depth -= 1

    def data(self, data: str) -> None:
        del data

    def close(self) -> None:
        """The parser wants it."""


class _Pictures(_Depth):
    """Collects descriptions."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        super().start(tag, attrs)
        if tag == "img" and attrs.get("alt"):
            self.found.append(attrs["alt"])


class _Reader(_Depth):
    """Collects text; `_hidden` counts what is open and not shown."""

    def __init__(self, without: frozenset[str]) -> None:
        self._without = without
        self._found: list[str] = []
        self._said: list[str] = []
        self._hidden = self._preformatted = 0

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        super().start(tag, attrs)
        if self._hidden or tag in _UNSPOKEN or self._is_left_out(attrs):
            self._hidden += 1
            return
        self._break(_BREAKS.get(tag, ""))
        self._preformatted += tag == "pre"

    def end(self, tag: str) -> None:
        super().end(tag)
        if self._hidden:
            self._hidden -= 1
            return
        block = _BREAKS.get(tag) == "\n\n"
        self._break("\n\n" if block else "")
        self._preformatted -= tag == "pre"

    def data(self, data: str) -> None:
        if not self._hidden:
            self._said.append(data)

    def told(self) -> str:
        """All of it."""
        self._break("")
        return "".join(self._found)

    def _break(self, line: str) -> None:
        """What was said until here is one piece: entities come by themselves."""
        said = "".join(self._said)
        self._found += [said if self._preformatted else _SPACES.sub(" ", said), line]
        self._said.clear()

    def _is_left_out(self, attrs: Mapping[str, str]) -> bool:
        shown = "hidden" not in attrs and not _NOT_SHOWN.search(attrs.get("style", ""))
        return not shown or not self._without.isdisjoint(attrs.get("class", "").split())
