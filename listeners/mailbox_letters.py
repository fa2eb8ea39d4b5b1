"""Read a raw mail: who wrote it, in which thread, what in it is new, and whether a machine sent it."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from bot.domain.text import clean
from listeners.mailbox_machines import lists_among, sent_by_a_machine
from listeners.mailbox_words import own_words
from listeners.markup import words

ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@\x00-\x20\x7f]{1,64}@[^\s<>()\\,;:\"@\x00-\x20\x7f]{1,190}")
MESSAGE_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,250}")
WITHOUT_ID = "sha256:"

_IN_BRACKETS = re.compile(r"<([\x21-\x3b\x3d\x3f-\x7e]{1,250})>")
# where a comma, a colon or a bracket separates nothing
_SHELTERED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|=\?[^?\s]*\?[bq]\?[^?]*\?=|\([^()]*\)", re.IGNORECASE)
_IN_A_NAME = re.compile(r"([^<>,;:]*)<\s*(?:mailto:)?([^<>\s]+)\s*>")
_ESCAPED = re.compile(r"\\(.)|\"")
_AN_ANSWER = re.compile(r"\s*(?:re|rv|aw|sv|fw|fwd|rif|res|enc|antwort|resp?)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_NOBODY = re.compile(r"(?:no|do[.\-_]?not|not)[.\-_]?(?:re(?:ply|sponder|spuesta)|contestar)", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([a-z]{2})(?:-[a-z0-9-]+)?\s*(?:,.*)?", re.IGNORECASE)
# what mail programs put round old mails and signatures in HTML
_NOT_NEW = frozenset(
    {
        "gmail_quote",
        "gmail_quote_container",
        "gmail_signature",
        "gmail_signature_prefix",
        "moz-cite-prefix",
        "moz-signature",
        "protonmail_quote",
        "protonmail_signature_block",
        "tutanota_quote",
        "yahoo_quoted",
        "ydp-signature",
        "zmail_extra",
    }
)
_OF_WINDOWS = "cp1252"
_LONGEST_TEXT = 200_000
_LONGEST_HEADER = 4_000
_REFERENCES = 100
_ATTACHMENTS = 20
_PARTS = 200
# what the library lets through of mails that are none
_TROUBLE = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    AssertionError,
)
_LONGEST_HEADER = 4_000
_LONGEST_HEADERS = {"references": 30_000, "received": 30_000, "to": 30_000, "cc": 30_000}
_EARLY, _LATE = timedelta(days=7), timedelta(minutes=10)


class _AsItStands(Compat32):
    """Headers with the bytes that came, which the library would put question marks for.

    No longer than any that says something: reading the parameters of one takes the square of its length.
    """

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value[: _LONGEST_HEADERS.get(name.casefold(), _LONGEST_HEADER)]


_AS_IS = _AsItStands()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who writes or is written to: an address in small letters, and the name beside it, if any."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. `id` is its Message-ID without brackets, or `sha256:…` where it has none that is one.

    `machine` says how it is known that no person sent it; None for a person's.
    """

    id: str
    author: Person | None
    answer_to: Person | None
    subject: str
    text: str
    at: datetime
    references: tuple[str, ...]
    in_reply_to: str | None
    language: str | None
    machine: str | None

    @property
    def thread(self) -> str | None:
        """The first mail of the conversation; None for one that begins it."""
        return self.references[0] if self.references else self.in_reply_to

    @property
    def only_named(self) -> str | None:
        """The mail that it answers, where it names no other one of its thread."""
        return None if self.references else self.in_reply_to

    @property
    def sender(self) -> Person | None:
        """Who is to be answered: a contact form and a noreply address say so themselves."""
        if self.author and self.answer_to and _NOBODY.match(self.author.address):
            return self.answer_to
        return self.author


def read(raw: bytes, received: datetime, ours: AbstractSet[str] = frozenset()) -> Letter:
    """Never raises, however broken a mail is: of one that cannot be taken apart the head is read. May take a while.

    What a list at one of `ours` passed on is the mail of who wrote it there.
    """
    try:
        message: Message = message_from_bytes(raw, policy=_AS_IS)
        told = _told(message)
    except _TROUBLE:
        message = BytesHeaderParser(policy=_AS_IS).parsebytes(raw)
        told = ""
    named = _header(message, "Message-ID").strip().strip("<>")
    references = tuple(_IN_BRACKETS.findall(_header(message, "References", limit=30_000)))
    answered = _IN_BRACKETS.findall(_header(message, "In-Reply-To"))
    subject = clean(" ".join(_header(message, "Subject").split()), limit=300)
    continues = bool(references or answered) or _AN_ANSWER.match(subject) is not None
    language = _LANGUAGE.fullmatch(_header(message, "Content-Language"))
    author, answer_to = _person(message, "From"), _person(message, "Reply-To")
    through = lists_among(ours, message)
    if through:
        answer_to = _person(message, "X-Original-From") or answer_to
    return Letter(
        id=named if MESSAGE_ID.fullmatch(named) else f"{WITHOUT_ID}{hashlib.sha256(raw).hexdigest()}",
        author=author,
        answer_to=answer_to,
        subject=subject,
        # the subject of an answer says nothing that was not said before
        text=clean(told if continues or not subject else f"{subject}\n\n{told}"),
        at=_moment(_header(message, "Date"), received),
        references=references[:1] + references[1:][-_REFERENCES:],
        in_reply_to=answered[0] if answered else (references[-1] if references else None),
        language=language[1].lower() if language else None,
        machine=sent_by_a_machine(message, author.address if author and not answer_to else None, through),
    )


def _told(message: Message) -> str:
    """What the author wrote now, and what else was in the envelope, in words."""
    parts = list(_parts(message))
    plain = [part for part in parts if part.get_content_type() == "text/plain" and not _is_attached(part)]
    marked = [part for part in parts if part.get_content_type() == "text/html" and not _is_attached(part)]
    written = "\n".join(filter(None, (clean(_decoded(part), limit=_LONGEST_TEXT) for part in plain)))
    if not written:
        written = "\n".join(words(_decoded(part), without=_NOT_NEW) for part in marked)
        # where all of it is called a quote, it is none
        written = written.strip() or "\n".join(words(_decoded(part)) for part in marked)
    beside = [part for part in parts if part not in plain and part not in marked]
    lines = [_described(part) for part in beside[:_ATTACHMENTS]]
    if len(beside) > _ATTACHMENTS:
        lines.append(f"[{len(beside) - _ATTACHMENTS} more attachments]")
    return "\n".join(filter(None, [own_words(clean(written, limit=_LONGEST_TEXT)), *lines]))


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of the mail; a mail within is one leaf, and of too many the first."""
    waiting, seen = [message], 0
    while waiting and seen < _PARTS:
        part = waiting.pop(0)
        seen += 1
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting[:0] = [inner for inner in payload if isinstance(inner, Message)]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_filename(part))


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload[: _LONGEST_TEXT * 4] if isinstance(payload, bytes) else b""
    try:
        return _letters(raw, part.get_content_charset("ascii"))
    except _TROUBLE:
        return _letters(raw, "ascii")


def _letters(raw: bytes, charset: str) -> str:
    """As mail programs read it: Latin-1 is what Windows makes of it, and ASCII with other letters is that or UTF-8."""
    name = codecs.lookup(charset).name
    if name == "ascii":
        name = "utf-8" if _is_utf8(raw) else _OF_WINDOWS
    return raw.decode(_OF_WINDOWS if name == "iso8859-1" else name, "replace")


def _is_utf8(raw: bytes) -> bool:
    """Whether it may be; the last letter may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _described(part: Message) -> str:
    """An attachment in words. It is never opened."""
    kind = part.get_content_type()
    name = clean(" ".join(_filename(part).split()), limit=100).replace("[", "(").replace("]", ")")
    what = {"image": "image", "audio": "audio", "video": "video"}.get(part.get_content_maintype(), "attachment")
    return f"[{what}: {name}]" if name else f"[{what}: {clean(kind, limit=60)}]"


def _filename(part: Message) -> str:
    try:
        return _in_letters(part.get_filename() or "")
    except _TROUBLE:
        return "?"


def _person(message: Message, header: str) -> Person | None:
    """The first address of a header that is one. What stands before brackets is a name, even if it is an address."""
    raw = _raw(message, header, _LONGEST_HEADER)
    sheltered = _SHELTERED.sub(lambda found: "x" * len(found[0]), raw)
    bracketed = _IN_A_NAME.match(sheltered)
    if bracketed and ADDRESS.fullmatch(raw[slice(*bracketed.span(2))]):
        address, name = (raw[slice(*bracketed.span(part))] for part in (2, 1))
        plain = _ESCAPED.sub(lambda found: found[1] or "", name).strip()
        return _called(address, "" if plain.strip("'") == address else plain)
    try:
        found = getaddresses([raw])
    except _TROUBLE:
        return None
    for name, address in found:
        if ADDRESS.fullmatch(address):
            return _called(address, name)
    return None


def _called(address: str, name: str) -> Person:
    return Person(address=address.lower(), name=clean(" ".join(_in_letters(name).split()), limit=100))


def _header(message: Message, name: str, limit: int = _LONGEST_HEADER) -> str:
    return _in_letters(_raw(message, name, limit))


def _raw(message: Message, name: str, limit: int) -> str:
    """On one line, at most `limit` characters, the first of several. No bytes should be out of place."""
    one_line = str(message.get(name, ""))[:limit].replace("\r", "").replace("\n", "")
    return _letters(one_line.encode("utf-8", "surrogateescape"), "ascii")


def _in_letters(encoded: str) -> str:
    """A header as it is meant (RFC 2047); as it stands, where that is not to be found out."""
    try:
        pieces = decode_header(encoded)
        return "".join(
            piece if isinstance(piece, str) else _letters(piece, charset or "ascii") for piece, charset in pieces
        )
    except _TROUBLE:
        return encoded


def _moment(written: str, received: datetime) -> datetime:
    """When it was sent, as far as that fits with when it arrived: senders' clocks are wrong by years."""
    arrived = received.astimezone(UTC)
    try:
        sent = parsedate_to_datetime(written)
        sent = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC)
    except _TROUBLE:
        return arrived
    return min(sent, arrived) if arrived - _EARLY <= sent <= arrived + _LATE else arrived
