"""What a feed says: its entries as they can be told on, of RSS and Atom alike, and none of it trusted."""

from __future__ import annotations

import calendar
import hashlib
import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXException

import feedparser
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yarl import URL

from bot.domain.errors import ChannelUnavailable
from bot.domain.text import clean
from listeners.feed_wire import Answer, Stamp
from listeners.markup import pictures, words

_LONGEST_ID = 200
_IMAGES = 10
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
# what must stand at the end of a whole document; only space and comments may follow
_ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--[^>]*-->\s*)*$", re.IGNORECASE)
_TAIL = 2_000
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
# XML has no place for them, and one of them would cost the strict reader the whole page
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TROUBLE = (SAXException, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, cleaned. `author_id` is None where the feed names nobody."""

    external_id: str
    author_id: str | None
    author: str
    text: str
    at: datetime
    link: str | None
    in_reply_to: str | None
    language: str | None

    @property
    def imprint(self) -> str:
        """The same as long as the words are."""
        return _digest(self.text)[:8]

    @property
    def mark(self) -> str:
        """Its id, short enough to be remembered by the thousand."""
        return _digest(self.external_id)[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a feed: its entries in the order of the page, and where it says that the next page is."""

    title: str
    entries: tuple[Entry, ...]
    onward: str | None
    stamp: Stamp


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class _Words(_Row):
    value: str = ""
    type: str = "text/html"
    language: str | None = None


class _Person(_Row):
    name: str = ""
    href: str = ""
    email: str = ""


class _Link(_Row):
    rel: str = ""
    href: str = ""
    type: str = ""


class _Referred(_Row):
    ref: str = ""


class _Item(_Row):
    """An entry as feedparser makes it. Nothing is needed; feeds leave out whatever they like."""

    id: str = ""
    link: str = ""
    links: list[_Link] = []
    title_detail: _Words = _Words()
    summary: str = ""
    content: list[_Words] = []
    author_detail: _Person = _Person()
    published_parsed: tuple[int, ...] | None = None
    updated_parsed: tuple[int, ...] | None = None
    im_name: str | None = None
    im_rating: str | None = None
    answers: _Referred = Field(default=_Referred(), alias="thr_in-reply-to")


def read(answer: Answer, address: str) -> Page:
    """The page behind an answer; ChannelUnavailable when it is no feed, or not a whole one.

    Slow for large pages, so it is called on a thread.
    """
    host = URL(address).host or address
    # a file-like object: a string would be taken for an address to fetch
    source = io.BytesIO(_mended(answer))
    # what the page says of itself goes before what its server says of everything
    silent = answer.charset is not None and _DECLARED.match(answer.body) is None
    headers = {"content-type": f"application/xml; charset={answer.charset}"} if silent else {}
    try:
        found = feedparser.parse(source, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except _TROUBLE as error:
        message = f"what {host} answers cannot be read ({type(error).__name__})"
        raise ChannelUnavailable(message) from error
    if not found.get("version"):
        message = f"what {host} answers is no feed"
        raise ChannelUnavailable(message)
    if not _ENDS.search(answer.body[-_TAIL:].replace(b"\0", b"")):
        message = f"the feed of {host} breaks off before its end"
        raise ChannelUnavailable(message)
    head: Mapping[str, Any] = dict(found["feed"])
    speaks = str(head.get("language") or "")
    escaped = str(found["version"]).startswith("rss")
    entries = (_made(row, host, speaks, escaped=escaped) for row in found["entries"])
    return Page(
        title=clean(words(str(head.get("title") or "")), limit=100) or host,
        entries=tuple(entry for entry in entries if entry is not None),
        onward=_onward(head, address),
        stamp=answer.stamp,
    )


def _mended(answer: Answer) -> bytes:
    """The body without what XML has no place for, where it is UTF-8; else as it came."""
    declared = _DECLARED.match(answer.body)
    encoding = (declared[1].decode() if declared else answer.charset) or "utf-8"
    if encoding.lower().replace("-", "") != "utf8":
        return answer.body
    try:
        text = answer.body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        # it says one thing and is another; feedparser knows how to guess
        return answer.body
    return _NOT_XML.sub("", text).encode()


def _made(row: Mapping[str, Any], host: str, speaks: str, *, escaped: bool) -> Entry | None:
    """None for an entry without a word and without a name, and for the product itself, which old reviews begin with."""
    try:
        # feedparser's own mapping invents fields as they are asked for
        item = _Item.model_validate(dict(row))
    except ValidationError:
        return None
    title = item.title_detail
    heading = clean(words(title.value) if escaped or "html" in title.type else title.value, limit=300)
    chosen = _chosen(item)
    text = _told(item, heading, chosen)
    name = item.id or item.link or (_digest(f"{text}\n{item.published_parsed}") if text else "")
    if item.im_name or not name:
        return None
    author = clean(item.author_detail.name or item.author_detail.email, limit=100)
    return Entry(
        external_id=_id(name, host),
        author_id=_author(item.author_detail, author, host),
        author=author,
        text=text,
        at=_moment(item.published_parsed or item.updated_parsed),
        link=_web(item.link) or next((_web(link.href) for link in item.links if link.rel != "enclosure"), None),
        in_reply_to=_id(item.answers.ref, host) if item.answers.ref else None,
        language=_language(chosen.language or title.language or speaks),
    )


def _chosen(item: _Item) -> _Words:
    """What the author wrote, plain where the feed has it so."""
    plain = (one for one in item.content if one.type == "text/plain")
    return next(plain, item.content[0] if item.content else _Words(value=item.summary))


def _told(item: _Item, heading: str, chosen: _Words) -> str:
    """Heading and text, the heading once; stars and pictures in words."""
    body = chosen.value if chosen.type == "text/plain" else words(chosen.value)
    once = body.startswith(heading.rstrip("….")) if heading else True
    shown = [body if once else f"{heading}\n{body}"]
    if item.im_rating and item.im_rating.isdigit():
        shown.append(f"[{item.im_rating}/5 ★]")
    shown += [f"[image: {' '.join(alt.split())}]" for alt in pictures(chosen.value)[:_IMAGES]]
    shown += [f"[{link.type.split('/')[0]}]" for link in item.links if link.rel == "enclosure" and link.type]
    return clean("\n".join(shown))


def _id(name: str, host: str) -> str:
    """Addresses and tags are the same everywhere; a bare number means something on its host only."""
    kept = "".join(clean(name, limit=10_000).split())
    if len(kept) > _LONGEST_ID or not kept:
        kept = f"sha256:{_digest(name)}"
    return kept if _URI.fullmatch(kept) else f"{host}:{kept}"


def _author(person: _Person, name: str, host: str) -> str | None:
    address = _web(person.href)
    if address is not None and len(address) <= _LONGEST_ID:
        return address
    return f"{name.lower()}@{host}" if name else None


def _web(address: str) -> str | None:
    """An address that people can follow; nothing else is passed on."""
    kept = clean(address, limit=2_000)
    return kept if kept.startswith(("https://", "http://")) and " " not in kept else None


def _moment(parsed: tuple[int, ...] | None) -> datetime:
    """When it appeared, in UTC and not in the future; now, where the feed does not tell."""
    now = datetime.now(UTC)
    if parsed is None or len(parsed) < 6:
        return now
    try:
        at = datetime.fromtimestamp(calendar.timegm(time.struct_time((*parsed[:6], 0, 1, 0))), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return min(at, now) if at.year >= 1970 else now


def _language(tag: str) -> str | None:
    found = _LANGUAGE.fullmatch(tag.strip())
    return found[1].lower() if found else None


def _onward(head: Mapping[str, Any], address: str) -> str | None:
    """The next page (RFC 5005), if it is where the feed is: nobody sends us elsewhere."""
    here = URL(address)
    for link in head.get("links", []):
        try:
            target = here.join(URL(str(link.get("href", "")))) if link.get("rel") == "next" else None
        except ValueError:
            continue
        if target is not None and target.is_absolute() and target.origin() == here.origin():
            return str(target)
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
