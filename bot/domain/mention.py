"""What somebody said to, or about, the brand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.errors import ChannelError

MentionId = NewType("MentionId", str)


class Visibility(StrEnum):
    """Who can read a mention, and so the answer to it."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """One account on one channel. A customer may own several."""

    channel: str
    account_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One post, heard once. `text` is already clean (see `bot.domain.text`); times are aware and in UTC.

    `summoned` is true when the author addressed the brand's account, which some platforms demand before an answer.
    `backfilled` marks history found at a first start: it is read and kept, never answered.
    `by_brand` marks the brand's own post, heard on the channel: it becomes an outgoing interaction, not an experience.
    `edited_at` is when the author wrote this form of an edited post, where the platform tells.
    """

    channel: str
    external_id: str
    author: Handle
    text: str
    posted_at: datetime
    thread_id: str | None = None
    in_reply_to: str | None = None
    url: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    language_hint: str | None = None
    summoned: bool = False
    backfilled: bool = False
    by_brand: bool = False
    edited_at: datetime | None = None

    @property
    def id(self) -> MentionId:
        """The natural key: the same post fetched twice is the same mention."""
        return MentionId(f"{self.channel}:{self.external_id}")

    @property
    def conversation(self) -> str:
        """The thread this belongs to; a post without a thread is its own."""
        return self.thread_id or self.external_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one look at a channel brought, and where to resume.

    `edits` are mentions whose author changed them, in their new form; one never heard before counts as new, and one in
    a form older than what is kept, by its `edited_at`, for nothing.
    `deletions` are the external ids of posts that are gone from the platform; one that was never heard is not taken in
    when it comes after all. `note` is what people should know although the channel is heard, told with how it fares.
    `fault` is what broke the look off after all this was heard: it is kept first, and then the channel is left alone as
    the fault demands.
    """

    mentions: tuple[Mention, ...]
    cursor: str | None
    edits: tuple[Mention, ...] = ()
    deletions: tuple[str, ...] = ()
    note: str = ""
    fault: ChannelError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPosts:
    """External ids of some of a channel's posts whose words are kept, oldest first.

    `after` is where the next ones begin; None when there are no more.
    """

    posts: tuple[str, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a mention said until its author changed it; `until` is when we heard of the change."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """How many mentions of a batch were new, and how many had been heard before (the brand's own posts not counted).

    `edited` are those whose text has changed, `removed` those whose text is gone, `overtaken` those that were not taken
    in because their deletion had come before them.
    """

    new: int
    duplicates: int
    edited: int = 0
    removed: int = 0
    overtaken: int = 0
