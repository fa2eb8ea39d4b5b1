"""Write a digest as text: nine short parts, the finding first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, DigestText
from bot.domain.reading import Language
from bot.insight.columns import wrap
from bot.insight.figures import Figures
from bot.insight.headline import is_quiet
from bot.insight.parts.alerts import alerts
from bot.insight.parts.header import header
from bot.insight.parts.key_figures import key_figures
from bot.insight.parts.owed import loop, promises
from bot.insight.parts.page import Page
from bot.insight.parts.quality import quality
from bot.insight.parts.said import quotes, voices
from bot.insight.parts.touchpoints import touchpoints
from bot.insight.wording import wording

WIDTH = 96
_NUMBER = re.compile(r"^\d\) ")

_Part = Callable[[Page], Iterator[str]]
_PARTS: tuple[_Part, ...] = (key_figures, touchpoints, quotes, loop, promises, voices, alerts, quality)


def digest_text(digest: Digest, language: Language, *, width: int = WIDTH) -> str:
    """The whole edition, in lines of at most `width` cells, without a line feed at its end."""
    return written(digest, language, width=width).whole


def written(digest: Digest, language: Language, *, width: int = WIDTH) -> DigestText:
    """The same in two: what it begins with goes up to the finding."""
    words = wording(language).with_names(digest.names)
    page = Page(
        digest=digest, words=words, figures=Figures(language, ZoneInfo(digest.zone), now=lambda: digest.now.until)
    )
    parts = (_pending,) if is_quiet(digest) else _PARTS
    return DigestText(
        beginning=_set(header(page), width), rest=_set((line for part in parts for line in part(page)), width)
    )


def _set(lines: Iterable[str], width: int) -> str:
    pieces = [piece for line in lines for piece in _wrapped(line, width)]
    return "\n".join(pieces).replace("\u00a0", " ").replace("\u202f", " ")


def _pending(page: Page) -> Iterator[str]:
    """Of a quiet period only what was said, what somebody still has to do, and what it rests on; not numbered."""
    digest = page.digest
    parts: list[_Part] = []
    if digest.loops.unclosed:
        parts.append(loop)
    if digest.promises.to_follow:
        parts.append(promises)
    if digest.quotes:
        parts.append(quotes)
    if digest.voices:
        parts.append(voices)
    for part in (*parts, quality):
        yield from (_NUMBER.sub("", line) for line in part(page))


def _wrapped(line: str, width: int) -> list[str]:
    depth = len(line) - len(line.lstrip(" "))
    return wrap(line, width, " " * (depth + (3 if depth == 0 else 2)))
