"""What X's answers say: posts, people and pages; as little of it as is needed, and none of it trusted."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.mention import Handle, Mention
from bot.domain.text import clean
from listeners.answers import Kind, read_from, readable

PostId = Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]

# what every call asks for, so that a post looks the same wherever it was found
FIELDS: dict[str, Any] = {
    "tweet_fields": [
        "attachments",
        "author_id",
        "conversation_id",
        "created_at",
        "edit_history_tweet_ids",
        "entities",
        "in_reply_to_user_id",
        "lang",
        "note_tweet",
        "referenced_tweets",
    ],
    "expansions": ["attachments.media_keys", "author_id", "referenced_tweets.id"],
    "user_fields": ["name", "username"],
    "media_fields": ["alt_text", "type"],
}

_EPOCH_MS = 1_288_834_974_657
_FIRST_SNOWFLAKE = 1 << 40
# about something beside the posts: the quoted post is gone, a field is not ours to see
_HARMLESS = ("resource-not-found", "not-authorized-for-resource", "not-authorized-for-field", "disallowed-resource")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Reference(_Answer):
    type: str
    id: PostId


class MentionedUser(_Answer):
    username: str = ""
    id: str | None = None


class Entities(_Answer):
    mentions: list[MentionedUser] = []


class Attachments(_Answer):
    media_keys: list[str] = []


class Note(_Answer):
    """The whole of a long post; beside it only what is in its first 280 characters is told."""

    text: str = ""
    entities: Entities = Entities()


class Post(_Answer):
    """One post. Only its id is needed; X leaves out what is empty."""

    id: PostId
    text: str = ""
    author_id: str | None = None
    conversation_id: str | None = None
    created_at: datetime | None = None
    edit_history_tweet_ids: list[PostId] = []
    entities: Entities = Entities()
    attachments: Attachments = Attachments()
    lang: str | None = None
    note_tweet: Note | None = None
    referenced_tweets: list[Reference] = []

    @property
    def number(self) -> int:
        """Ids grow with time."""
        return int(self.id)

    @property
    def first_id(self) -> str:
        """An edited post has a new id for each version; its first one names it."""
        return min((self.id, *self.edit_history_tweet_ids), key=int)

    @property
    def is_edited(self) -> bool:
        return self.id != self.first_id

    @property
    def at(self) -> datetime:
        """When it was posted: as X says, or as its id says, or now."""
        if self.created_at is not None:
            return self.created_at.astimezone(UTC) if self.created_at.tzinfo else self.created_at.replace(tzinfo=UTC)
        return moment_of(self.id) or datetime.now(UTC)

    @property
    def named(self) -> list[MentionedUser]:
        """Whom it mentions, however far down."""
        return [*self.entities.mentions, *(self.note_tweet.entities.mentions if self.note_tweet else ())]

    @property
    def is_retweet(self) -> bool:
        return self.refers("retweeted") is not None

    def refers(self, how: str) -> str | None:
        """The id of the post that this one answers, quotes or repeats."""
        return next((one.id for one in self.referenced_tweets if one.type == how), None)


class Person(_Answer):
    id: str
    username: str
    name: str = ""


class Media(_Answer):
    media_key: str = ""
    type: str = "media"
    alt_text: str | None = None


class Problem(_Answer):
    type: str = ""
    title: str = ""
    detail: str = ""
    value: str | None = None
    resource_id: str | None = None
    resource_type: str | None = None

    @property
    def is_harmless(self) -> bool:
        return self.type.rstrip("/").endswith(_HARMLESS)

    @property
    def names_a_gone_post(self) -> bool:
        """Whether the post that was asked for is deleted, or its author hid it."""
        return self.is_harmless and (self.resource_type or "tweet") == "tweet"


class Includes(_Answer):
    """People, media and posts beside the posts; what cannot be read is left out, nothing depends on it."""

    users: list[Any] = []
    media: list[Any] = []
    tweets: list[Any] = []


class Meta(_Answer):
    next_token: str | None = None


class Page(_Answer):
    """One answer with posts. `unreadable` counts those that have not even an id."""

    data: list[Any] = []
    includes: Includes = Includes()
    errors: list[Problem] = []
    meta: Meta = Meta()

    @property
    def posts(self) -> list[Post]:
        return readable(Post, self.data)

    @property
    def unreadable(self) -> int:
        return len(self.data) - len(self.posts)

    @property
    def grave(self) -> list[Problem]:
        """Errors that may have cost us posts."""
        return [problem for problem in self.errors if not problem.is_harmless]


class Created(_Answer):
    id: PostId


class Made(_Answer):
    """The answer to a new post."""

    data: Created


class Found(_Answer):
    """The answer about one person, or why there is none."""

    data: Person | None = None
    errors: list[Problem] = []


class Rule(_Answer):
    id: str
    value: str = ""
    tag: str = ""


class Rules(_Answer):
    """What the filtered stream matches."""

    data: list[Rule] = []


def read(kind: type[Kind], answer: object) -> Kind:
    """An answer as what it should be; ChannelUnavailable when it is something else."""
    return read_from("X", kind, answer)


class Views:
    """Makes mentions of posts for one channel: who wrote it, whether it addresses us, where it stands.

    `ours` are usernames, in small letters, of further accounts that speak for the brand.
    """

    def __init__(self, channel: str, me: Person, ours: frozenset[str] = frozenset()) -> None:
        self._channel, self.me, self._ours = channel, me, ours
        self._people: dict[str, Person] = {}
        self._media: dict[str, Media] = {}
        self._authors: dict[str, str] = {}
        self._first: dict[str, str] = {}

    def learn(self, includes: Includes) -> None:
        """Remember who and what stands beside the posts of a page."""
        self._people |= {person.id: person for person in readable(Person, includes.users)}
        self._media |= {media.media_key: media for media in readable(Media, includes.media)}
        beside = readable(Post, includes.tweets)
        self._authors |= {post.id: post.author_id for post in beside if post.author_id is not None}
        for post in beside:
            self._first |= dict.fromkeys(post.edit_history_tweet_ids, post.first_id)

    def is_ours(self, post: Post) -> bool:
        return post.author_id == self.me.id

    def addresses_us(self, post: Post) -> bool:
        """Whether the author mentioned or quoted us: what X calls a summons."""
        named = any(one.id == self.me.id or one.username.lower() == self.me.username.lower() for one in post.named)
        return named or self._authors.get(post.refers("quoted") or "") == self.me.id

    def answered(self, post: Post) -> str | None:
        """The post that it answers, by its first id, whichever version of it the author saw."""
        to = post.refers("replied_to")
        return self._first.get(to, to) if to else None

    def _thread(self, post: Post) -> str | None:
        begun = clean(post.conversation_id or "", limit=64)
        known = {**self._first, **dict.fromkeys(post.edit_history_tweet_ids, post.first_id)}
        return known.get(begun, begun) or None

    def username(self, post: Post) -> str:
        person = self._people.get(post.author_id or "")
        return person.username if person else ""

    def mention(self, post: Post, *, summoned: bool, began: int) -> Mention:
        """`began` is the newest id of the first look: what is not newer is history."""
        external_id = post.first_id
        # two people without a name are two
        account = post.author_id or f"unknown-{external_id}"
        name = clean(self.username(post), limit=100) or account
        return Mention(
            channel=self._channel,
            external_id=external_id,
            author=Handle(channel=self._channel, account_id=account, name=name),
            text=self._text(post),
            posted_at=post.at,
            thread_id=self._thread(post),
            in_reply_to=self.answered(post),
            url=f"https://x.com/{name if self.username(post) else 'i'}/status/{external_id}",
            language_hint=post.lang if post.lang and len(post.lang) == 2 else None,
            summoned=summoned,
            backfilled=int(external_id) <= began,
            by_brand=self.username(post).lower() in self._ours,
        )

    def _text(self, post: Post) -> str:
        """The whole text of a long post, and media in words. X escapes &, < and >."""
        written = post.note_tweet.text if post.note_tweet and post.note_tweet.text else post.text
        media = (self._media.get(key) for key in post.attachments.media_keys)
        shown = "".join(f"\n[{one.type}: {one.alt_text}]" for one in media if one and one.alt_text)
        return clean(html.unescape(written) + shown)


def moment_of(post: str) -> datetime | None:
    """When an id was given out; None for ids from before they told the time."""
    number = int(post)
    if number < _FIRST_SNOWFLAKE:
        return None
    return datetime.fromtimestamp(((number >> 22) + _EPOCH_MS) / 1000, tz=UTC)
