"""A JSONL file or standard input as a channel: recorded mentions at their pace, faster, or as fast as possible."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Annotated, Literal

import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.domain.account import Ability
from bot.domain.action import Reply
from bot.domain.errors import ChannelUnavailable, ConfigError
from bot.domain.jsonl import EndlessLine, NoJson, is_empty, lines_in, value_on
from bot.domain.mention import Batch, Handle, Mention, Visibility
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from bot.domain.text import clean
from listeners.outgoing import fit_to_say
from listeners.replay_place import MOST, Place

log = structlog.get_logger(__name__)

_ACCOUNT = re.compile(r"(?<![\w.])@([\w.-]+)")
_BATCH = 256
_LONGEST_LINE = 8_000_000
_LIKE = '{"id": "1", "text": "…"}'
_A_TIME = "2026-05-12T11:30:00+02:00"


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "replay". `speed` is "max", or how many recorded seconds pass in one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    speed: Literal["max"] | Annotated[float, Field(gt=0)] = "max"
    limit: Annotated[int, Field(ge=20)] = 280

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The recording, whichever way leads to it."""
        return frozenset({(self.path if self.path == "-" else str(Path(self.path).resolve()),)})


def _utc(moment: datetime) -> datetime:
    # clocks and calendars downstream add days to it
    if not 1970 <= moment.year <= 2999:
        message = "date and time must be between 1970 and 2999"
        raise ValueError(message)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


class Row(BaseModel):
    """One line of a recording; only `id` and `text` are needed, what we do not know is ignored."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: Annotated[str, Field(min_length=1, max_length=200)]
    text: str
    author: str | None = None
    created_at: Annotated[datetime, AfterValidator(_utc)] | None = None
    thread: str | None = None
    in_reply_to: str | None = None
    author_role: Literal["customer", "brand"] = "customer"
    lang: str | None = None
    url: str | None = None
    private: bool = False
    summoned: bool | None = None
    backfilled: bool = False


class Rejected(BaseModel):
    """A line that is no mention: where it stands and why."""

    line: int
    error: str


class Replay:
    """A Stream and a Voice: what is said goes to a log beside the database, one JSON object a line."""

    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings) -> None:
        self.channel = name
        self.limit = settings.limit
        self.rejected: list[Rejected] = []
        self._settings = settings
        self._accounts = frozenset(account.lower().lstrip("@") for account in surroundings.accounts)
        self._voices = frozenset(voice.lower().lstrip("@") for voice in surroundings.voices)
        self._said_log = surroundings.home / f"said-{name}.jsonl"
        self._threads: dict[str, str] = {}
        self._brand_rows: set[str] = set()
        self._receipts: dict[str, Receipt] = {}

    async def listen(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Deliver the whole recording from `cursor` and return. Log and note tell of the lines that cannot be read."""
        logged = 0

        async def tell_and_deliver(batch: Batch) -> None:
            nonlocal logged
            for bad in self.rejected[logged:]:
                log.warning("a line of a recording cannot be read", channel=self.channel, line=bad.line, why=bad.error)
            logged = len(self.rejected)
            await deliver(replace(batch, note=self._note()))

        await self.recount(cursor, tell_and_deliver)

    async def recount(self, cursor: str | None, deliver: Callable[[Batch], Awaitable[None]]) -> None:
        """Do the same and tell nobody of `rejected`: whoever calls does."""
        left = Place.read(cursor)
        self.rejected.clear()
        pace = _Pace(self._settings.speed)
        pending: list[Mention] = []
        number = 0
        for number, line in enumerate(self._lines(), start=1):
            mention = self._mention(number, line)
            if mention is None or left.has_heard(number):
                continue
            if (wait := pace.wait_for(mention.posted_at)) > 0:
                before = left.after(number - 1, self._unread())
                await deliver(Batch(mentions=tuple(pending), cursor=before.written()))
                pending.clear()
                await asyncio.sleep(wait)
            pending.append(mention)
            if len(pending) >= _BATCH:
                here = left.after(number, self._unread())
                await deliver(Batch(mentions=tuple(pending), cursor=here.written()))
                pending.clear()
        whole = Place(lines=number, unread=frozenset(self._unread()))
        await deliver(Batch(mentions=tuple(pending), cursor=whole.written()))

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Append one line to the log and force it to disk before returning; a key that this process said is said."""
        if (receipt := self._receipts.get(key)) is not None:
            return receipt
        text = fit_to_say(reply.text, self.limit)
        now = datetime.now(UTC)
        row = {"key": key, "to": to.external_id, "kind": reply.kind.value, "text": text, "at": now.isoformat()}
        try:
            await asyncio.to_thread(_append, self._said_log, row)
        except OSError as error:
            message = f"{self._said_log.name} cannot be written: {error.strerror}"
            raise ChannelUnavailable(message) from error
        self._receipts[key] = Receipt(external_id=f"said:{key}", at=now)
        return self._receipts[key]

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Look the key up in the log."""
        del to
        return await asyncio.to_thread(_find, self._said_log, key)

    def _lines(self) -> Iterator[str]:
        with self._source() as lines:
            try:
                yield from lines_in(lines)
            except (OSError, EndlessLine) as error:
                why = error.strerror if isinstance(error, OSError) else error
                message = f"{self._settings.path} cannot be read: {why}"
                raise ChannelUnavailable(message) from error

    def _source(self) -> AbstractContextManager[IO[str]]:
        if self._settings.path == "-":
            if isinstance(sys.stdin, TextIOWrapper):
                sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
            return nullcontext(sys.stdin)
        try:
            return Path(self._settings.path).open(encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            message = f"{self._settings.path}: {error.strerror or error}; give a JSONL file, or - for standard input"
            raise ConfigError(message) from error

    def _mention(self, number: int, line: str) -> Mention | None:
        if is_empty(line):
            return None
        try:
            if len(line) > _LONGEST_LINE:
                self._reject(number, f"the line is longer than {_LONGEST_LINE} characters")
                return None
            found = value_on(line)
            if not isinstance(found, dict):
                self._reject(number, f"not an object like {_LIKE}")
                return None
            row = Row.model_validate(found)
        except ValidationError as error:
            self._reject(number, _why_no_mention(error))
        except NoJson as error:
            self._reject(number, f"not JSON: {error}")
        else:
            return self._made(row)
        return None

    def _reject(self, number: int, error: str) -> None:
        self.rejected.append(Rejected(line=number, error=error))

    def _unread(self) -> list[int]:
        return [each.line for each in self.rejected[:MOST]]

    def _note(self) -> str:
        """What people should know although the rest is heard."""
        if not self.rejected:
            return ""
        first = self.rejected[0]
        file = "standard input" if self._settings.path == "-" else self._settings.path
        if len(self.rejected) == 1:
            return f"line {first.line} of {file} cannot be read: {first.error}"
        n = len(self.rejected)
        return f"{n} lines of {file} cannot be read; the first is line {first.line}: {first.error}"

    def _made(self, row: Row) -> Mention:
        external_id = clean(row.id) or ascii(row.id)
        in_reply_to = clean(row.in_reply_to or "") or None
        text = clean(row.text)
        name = clean(row.author or "", limit=100).lstrip("@") or f"anonymous-{external_id}"
        by_brand = row.author_role == "brand" or name.lower() in self._voices
        thread = clean(row.thread or "") or (self._threads.get(in_reply_to, in_reply_to) if in_reply_to else None)
        self._remember(external_id, thread, by_brand=by_brand)
        return Mention(
            channel=self.channel,
            external_id=external_id,
            author=Handle(channel=self.channel, account_id=name.lower(), name=name),
            text=text,
            posted_at=row.created_at or datetime.now(UTC),
            thread_id=thread,
            in_reply_to=in_reply_to,
            url=clean(row.url or "") or None,
            visibility=Visibility.PRIVATE if row.private else Visibility.PUBLIC,
            language_hint=row.lang,
            summoned=row.summoned if row.summoned is not None else self._addresses_brand(text, in_reply_to),
            backfilled=row.backfilled,
            by_brand=by_brand,
        )

    def _remember(self, external_id: str, thread: str | None, *, by_brand: bool) -> None:
        self._threads[external_id] = thread or external_id
        if by_brand:
            self._brand_rows.add(external_id)

    def _addresses_brand(self, text: str, in_reply_to: str | None) -> bool:
        if in_reply_to in self._brand_rows:
            return True
        named = {name.rstrip(".-").lower() for name in _ACCOUNT.findall(text)}
        return bool(named & self._accounts) if self._accounts else bool(named)


def _why_no_mention(error: ValidationError) -> str:
    """The first complaint as `key: what it should be`."""
    first = error.errors(include_url=False)[0]
    said = first["msg"].removeprefix("Value error, ").lower()
    if first["type"].startswith("datetime"):
        said = f"input should be a time like {_A_TIME}"
    return f"{'.'.join(map(str, first['loc'])) or 'line'}: {said}"


class _Pace:
    """How long to wait before a recorded moment has come."""

    def __init__(self, speed: Literal["max"] | float) -> None:
        self._speed = speed
        self._first: datetime | None = None
        self._started = 0.0

    def wait_for(self, moment: datetime) -> float:
        if self._speed == "max":
            return 0.0
        now = asyncio.get_running_loop().time()
        if self._first is None:
            self._first, self._started = moment, now
        return (moment - self._first).total_seconds() / self._speed - (now - self._started)


def _append(log: Path, row: dict[str, str]) -> None:
    data = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    descriptor = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if _cut_short(descriptor):
            data = b"\n" + data
        if os.write(descriptor, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cut_short(log: int) -> bool:
    """Whether the last line was left unfinished by a crash or a full disk."""
    size = os.fstat(log).st_size
    return size > 0 and os.pread(log, 1, size - 1) != b"\n"


def _find(log: Path, key: str) -> Receipt | None:
    for row in _rows(log):
        if row.get("key") == key:
            return Receipt(external_id=f"said:{key}", at=datetime.fromisoformat(row["at"]))
    return None


def _rows(log: Path) -> Iterator[dict[str, str]]:
    if not log.exists():
        return
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            # a line cut short by a crash was never said: its receipt was never given
            with suppress(json.JSONDecodeError):
                yield json.loads(line)


@asynccontextmanager
async def open_replay(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Replay]:
    """Nothing to log in to; a missing file is reported when listening starts."""
    yield Replay(name, settings, surroundings)


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_replay,
    abilities=frozenset({Ability.LISTENS, Ability.ANSWERS, Ability.LOOKS_UP}),
    ears=Settings.ears,
)
