"""What Reddit's answers say: posts, comments and listings; as little of it as is needed, and none of it trusted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.mention import Handle, Mention
from bot.domain.text import clean
from listeners.answers import Kind, read_from, readable

COMMENT, POST = "t1", "t3"
WEB = "https://www.reddit.com"
EDITED_SOMETIME = 1.0
"""The moment of an edit from before Reddit kept moments."""
_NOBODY = "[deleted]"
# what stands in the place of words that were taken away, or of somebody's who has blocked us
_GONE = re.compile(r"\[ ?(?:deleted|removed|unavailable|deleted by user|removed by reddit\b[^\]]*)\]", re.IGNORECASE)
_LINKED_POST = re.compile(r"/comments/([0-9a-z]{1,13})(?:/|$)")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Thing(_Answer):
    """A post or a comment. Only its name is needed; an inbox shows less of a comment than other listings do."""

    kind: Annotated[str, Field(pattern=r"^t[13]$")]
    name: Annotated[str, Field(pattern=r"^t[13]_[0-9a-z]{1,13}$")]
    author: str | None = None
    body: str | None = None
    title: str | None = None
    selftext: str | None = None
    created_utc: float | None = None
    edited: bool | float | None = None
    parent_id: str | None = None
    link_id: str | None = None
    permalink: str | None = None
    context: str | None = None
    removed_by_category: str | None = None
    is_self: bool = True
    is_video: bool | None = None
    is_gallery: bool | None = None
    post_hint: str | None = None
    domain: str | None = None

    @property
    def number(self) -> int:
        """Ids of a kind grow with time."""
        return int(self.name.partition("_")[2], 36)

    @property
    def at(self) -> datetime:
        now = datetime.now(UTC)
        try:
            return now if self.created_utc is None else datetime.fromtimestamp(self.created_utc, UTC)
        except (ValueError, OverflowError, OSError):
            return now

    @property
    def edited_at(self) -> float:
        """Seconds since 1970; EDITED_SOMETIME when nobody knows when, 0 when it was not, or nobody says."""
        return float(self.edited or 0)

    @property
    def is_gone(self) -> bool:
        """Whether its author, a moderator or Reddit has taken it away, or the account itself is gone."""
        words = (self.title, self.selftext, self.body)
        taken = any(_GONE.fullmatch(one.strip()) for one in words if one)
        return taken or self.author == _NOBODY or self.removed_by_category is not None

    @property
    def path(self) -> str:
        """Where it stands on the site."""
        return (self.permalink or self.context or "").partition("?")[0]

    @property
    def post(self) -> str | None:
        """The post that it stands under; a post is its own."""
        if self.kind == POST:
            return self.name
        found = _LINKED_POST.search(self.path)
        parent = self.parent_id if (self.parent_id or "").startswith(f"{POST}_") else None
        return self.link_id or (f"{POST}_{found[1]}" if found else parent)

    @property
    def words(self) -> str:
        """All that was written, and media and links in words."""
        return "\n\n".join(filter(None, (self.title, self.selftext, self.body, self._shown())))

    def _shown(self) -> str:
        if self.kind == COMMENT or self.is_self:
            return ""
        if self.is_video or self.is_gallery:
            return "[video]" if self.is_video else "[gallery]"
        return "[image]" if self.post_hint == "image" else f"[link: {self.domain or 'somewhere'}]"


class _Inside(_Answer):
    children: list[Any] = []
    after: str | None = None


class Listing(_Answer):
    """One page: newest first, and the name behind which the next one begins."""

    data: _Inside

    @property
    def things(self) -> list[Thing]:
        """The posts and comments; private messages are none."""
        return things_among(self.data.children)


def opened(given: object) -> object:
    """A thing without what Reddit wraps it in; nothing is as good as missing."""
    if not isinstance(given, dict) or not isinstance(given.get("data"), dict):
        return given
    inner = {name: value for name, value in given["data"].items() if value is not None}
    name = inner.get("name") or f"{given.get('kind')}_{inner.get('id')}"
    return {**inner, "kind": given.get("kind"), "name": name}


def things_among(rows: list[Any]) -> list[Thing]:
    """The posts and comments among these."""
    return readable(Thing, [opened(row) for row in rows])


class Me(_Answer):
    """The account that is logged in."""

    name: str
    is_suspended: bool | None = None
    total_karma: int | None = None


class _Posted(_Answer):
    things: list[Any] = []


class _Outcome(_Answer):
    errors: list[list[Any]] = []
    data: _Posted = _Posted()
    ratelimit: float | None = None


class Made(_Answer):
    """The answer to a new comment: the comment, or why there is none."""

    outcome: _Outcome = Field(alias="json")


def read(kind: type[Kind], answer: object) -> Kind:
    """An answer as what it should be; ChannelUnavailable when it is something else."""
    return read_from("Reddit", kind, answer)


class Views:
    """Makes mentions of things for one channel: who wrote it, whether it addresses us, where it stands."""

    def __init__(self, channel: str, me: Me, *, voices: tuple[str, ...], ignored: frozenset[str]) -> None:
        self._channel, self._me, self._ignored = channel, me, ignored
        self._ours = frozenset(plain(account) for account in voices)
        self._called = re.compile(rf"(?<![\w/-])/?u/{re.escape(me.name)}(?![\w-])", re.IGNORECASE)

    def is_heard(self, thing: Thing) -> bool:
        """We know what we said, some accounts are machines, and what is gone says nothing."""
        author = plain(thing.author or "")
        return author != plain(self._me.name) and author not in self._ignored and not thing.is_gone

    def addresses_us(self, thing: Thing) -> bool:
        return self._called.search(thing.words) is not None

    def mention(self, thing: Thing, *, summoned: bool, backfilled: bool) -> Mention:
        # inboxes tell no id of an author, but a name never changes; two people without a name are two
        name = clean(thing.author or "", limit=100) or f"unknown-{thing.name}"
        return Mention(
            channel=self._channel,
            external_id=thing.name,
            author=Handle(channel=self._channel, account_id=name.lower(), name=name),
            text=clean(thing.words),
            posted_at=thing.at,
            thread_id=clean(thing.post or "", limit=32) or None,
            in_reply_to=clean(thing.parent_id or "", limit=32) or None,
            url=f"{WEB}{clean(thing.path, limit=500)}" if thing.path.startswith("/") else None,
            summoned=summoned,
            backfilled=backfilled,
            by_brand=plain(name) in self._ours,
        )


def plain(account: str) -> str:
    """An account's name as it is compared."""
    return account.lower().removeprefix("/").removeprefix("u/").lstrip("@")
