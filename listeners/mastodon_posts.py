"""What Mastodon's answers say: posts, people, notifications; as little of it as is needed, and none of it trusted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from bot.domain.mention import Handle, Mention, Visibility
from bot.domain.text import clean
from listeners.answers import Kind, read_from, readable
from listeners.markup import words

# ids are numbers on Mastodon and something else on its relatives; the longest known have 26 characters
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]

# clocks and calendars downstream add days to it
_YEARS = range(1970, 3000)
_SEEN_BY_ALL = frozenset({"", "public", "unlisted", "local"})
_SAYABLE = frozenset({"public", "unlisted", "private", "direct"})
# the link to a quoted post, written out for servers that do not know quotes
_QUOTE_IN_WORDS = frozenset({"quote-inline"})


def rank(one: str) -> tuple[int, str]:
    """Ids in the order in which they were given out: they grow, in length and then by letter."""
    return len(one), one


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        return None


Readable = WrapValidator(_or_none)
"""None in place of what cannot be read, so that a strange detail costs only itself."""

Moment = Annotated[datetime | None, Readable]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_as_good_as_missing(cls, row: object) -> object:
        return {name: value for name, value in row.items() if value is not None} if isinstance(row, dict) else row


class Person(_Answer):
    """An account. `acct` has a domain for people of other servers."""

    id: Id
    acct: str = ""
    bot: bool = False


class Media(_Answer):
    type: str = "media"
    description: str = ""


class Post(_Answer):
    """One status. Only its id is needed."""

    id: Id
    account: Annotated[Person | None, Readable] = None
    content: str = ""
    spoiler_text: str = ""
    created_at: Moment = None
    edited_at: Moment = None
    in_reply_to_id: Annotated[Id | None, Readable] = None
    in_reply_to_account_id: str = ""
    visibility: str = ""
    language: str = ""
    url: str = ""
    uri: str = ""
    reblog: Any = None
    mentions: list[Any] = []
    media_attachments: list[Any] = []

    @property
    def at(self) -> datetime:
        return in_utc(self.created_at)

    @property
    def changed_at(self) -> datetime | None:
        """When it was edited, as the author's server says; nobody edits in the future."""
        return None if self.edited_at is None else min(in_utc(self.edited_at), datetime.now(UTC))

    @property
    def answered_as(self) -> str:
        """Under which visibility it may be answered: its own, and never a wider one."""
        return self.visibility if self.visibility in _SAYABLE else "direct"


class Note(_Answer):
    """A notification: that, and by which post, somebody mentioned or quoted us."""

    id: Id
    type: str = ""
    created_at: Moment = None
    status: Annotated[Post | None, Readable] = None

    @property
    def is_about_us(self) -> bool:
        """We ask for no other types, but old servers give all of them."""
        return self.calls_us or self.type == "quote"

    @property
    def calls_us(self) -> bool:
        return self.type in ("", "mention")

    @property
    def at(self) -> datetime:
        return in_utc(self.created_at)


class Context(_Answer):
    """What stands above and below a post in its thread, each in the order in which it is read."""

    ancestors: list[Any] = []
    descendants: list[Any] = []


class _Statuses(_Answer):
    max_characters: int = 0


class _Addresses(_Answer):
    streaming: str = ""


class _Configuration(_Answer):
    statuses: _Statuses = _Statuses()
    urls: _Addresses = _Addresses()


class Instance(_Answer):
    """The server: its name, its version, its limits, and where its streams are."""

    domain: str = ""
    version: str = ""
    configuration: _Configuration = _Configuration()


class Application(_Answer):
    """The app that the token belongs to. Servers before 4.3 do not tell its scopes."""

    scopes: list[str] = []


def in_utc(at: datetime | None) -> datetime:
    """A moment of the server's; now, where it tells none or one that is beyond belief."""
    if at is None or at.year not in _YEARS:
        return datetime.now(UTC)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def read(kind: type[Kind], answer: object) -> Kind:
    """An answer as what it should be; ChannelUnavailable when it is something else."""
    return read_from("Mastodon", kind, answer)


def as_named_on(server: str, accounts: Iterable[str]) -> frozenset[str]:
    """Accounts as this server calls them: its own without its name."""
    return frozenset(account.lower().lstrip("@").removesuffix(f"@{server.lower()}") for account in accounts)


class Views:
    """Makes mentions of posts for one channel: who wrote it, whether it addresses us, where it stands.

    `ours` are further accounts that speak for the brand, as `as_named_on` tells them.
    """

    def __init__(self, channel: str, me: Person, ours: frozenset[str] = frozenset()) -> None:
        self._channel, self.me, self._ours = channel, me, ours

    def is_heard(self, post: Post) -> bool:
        """Boosts say nothing, we know what we said, and machines are marked as such."""
        boosted = post.reblog is not None
        return not boosted and (post.account is None or not (post.account.bot or post.account.id == self.me.id))

    def addresses_us(self, post: Post) -> bool:
        """Whether the author named us or answered us."""
        named = any(person.id == self.me.id for person in readable(Person, post.mentions))
        return named or post.in_reply_to_account_id == self.me.id

    def mention(self, post: Post, *, thread: str | None, backfilled: bool, calls_us: bool) -> Mention:
        """`thread` is the first post of the conversation, None for a post that begins one."""
        # two people without a name are two
        account = post.account.id if post.account else f"unknown-{post.id}"
        name = clean(post.account.acct, limit=100) if post.account else ""
        return Mention(
            channel=self._channel,
            external_id=post.id,
            author=Handle(channel=self._channel, account_id=account, name=name or account),
            text=_text(post),
            posted_at=post.at,
            edited_at=post.changed_at,
            thread_id=thread,
            in_reply_to=post.in_reply_to_id,
            url=address_of(post),
            visibility=Visibility.PUBLIC if post.visibility in _SEEN_BY_ALL else Visibility.PRIVATE,
            language_hint=_language(post.language),
            summoned=calls_us or self.addresses_us(post),
            backfilled=backfilled,
            by_brand=name.lower() in self._ours,
        )


def _text(post: Post) -> str:
    """The warning, the words, and media in words."""
    shown = (f"[{one.type}: {one.description}]" for one in readable(Media, post.media_attachments) if one.description)
    parts = (post.spoiler_text, words(post.content, without=_QUOTE_IN_WORDS), *shown)
    return clean("\n".join(part for part in parts if part))


def address_of(post: Post) -> str | None:
    """Where people can look at it."""
    found = (clean(address, limit=2_000) for address in (post.url, post.uri))
    return next((address for address in found if address.startswith(("https://", "http://"))), None)


def _language(code: str) -> str | None:
    """`es` of `es` and of `es-MX`; a language with three letters is none that we know."""
    short = code.partition("-")[0].lower()
    return short if len(short) == 2 and short.isalpha() else None
