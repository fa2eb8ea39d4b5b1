"""Read the words out of a post's HTML: paragraphs become lines, links their text, and nothing is fetched."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

_SECTIONS = frozenset({"article", "aside", "center", "div", "footer", "form", "header", "main", "nav", "section"})
_TEXTS = frozenset({"address", "blockquote", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "summary"})
_LISTS = frozenset({"dd", "details", "dl", "dt", "fieldset", "figure", "ol", "table", "tr", "ul"})
_BLOCKS = _SECTIONS | _TEXTS | _LISTS
_CELLS = frozenset({"td", "th"})
_UNSPOKEN = frozenset({"head", "script", "style", "template"})
_IN_HEAD = frozenset({"noscript", "object", "script", "style", "template", "title"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SPACES = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def words(html: str, *, without: frozenset[str] = frozenset()) -> str:
    """The text a person would read. What has one of the classes in `without` is left out.

    Broken markup is read as browsers read it: no tag is needed, and none need be closed.
    """
    reader = _Reader(without)
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.found).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects text. `_hidden` are the tags around us from the first on that is not shown, `_open` how many of each."""

    def __init__(self, without: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._without = without
        self._hidden: list[str] = []
        self._open = Counter[str]()
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._break("\n" if tag in ("br", "hr") else "")
            return
        if tag not in _IN_HEAD:
            self._leave_the_head()
        if self._hidden or tag in _UNSPOKEN or self._is_left_out(attrs):
            self._hidden.append(tag)
            self._open[tag] += 1
        elif tag in _BLOCKS:
            self._break("\n\n")
            self._preformatted += tag == "pre"
        elif tag in _CELLS:
            self._break(" ")
        elif tag == "li":
            self._break("\n- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._hidden:
            self._close(tag)
        elif tag in _BLOCKS:
            self._break("\n\n")
            self._preformatted -= tag == "pre" and self._preformatted > 0

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._leave_the_head()
        if not self._hidden:
            self.found.append(data if self._preformatted else _SPACES.sub(" ", data))

    def _close(self, tag: str) -> None:
        """The innermost of its kind, and whatever nobody closed inside of it."""
        while self._open[tag]:
            closed = self._hidden.pop()
            self._open[closed] -= 1
            if closed == tag:
                return

    def _leave_the_head(self) -> None:
        """A head ends with the first thing that has no place in it."""
        if self._hidden == ["head"]:
            self._close("head")

    def _break(self, line: str) -> None:
        if not self._hidden:
            self.found.append(line)

    def _is_left_out(self, attrs: list[tuple[str, str | None]]) -> bool:
        classes = dict(attrs).get("class") or ""
        return not self._without.isdisjoint(classes.split())
