"""What Bluesky's answers say: posts, people and notifications; as little of it as is needed, and none of it trusted."""

from __future__ import annotations

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
from pydantic.alias_generators import to_camel

from bot.domain.mention import Handle, Mention
from bot.domain.text import clean
from listeners.answers import Kind, read_from, readable

Did = Annotated[str, Field(pattern=r"^did:[a-z]+:[A-Za-z0-9._:%-]{1,240}$")]
# the address of a record: whose, of which kind, under which key
Uri = Annotated[
    str, Field(pattern=r"^at://did:[a-z]+:[A-Za-z0-9._:%-]{1,240}/[A-Za-z0-9.-]{1,317}/[A-Za-z0-9._:~-]{1,512}$")
]

_INSTEAD_OF_WORDS = {"images": "image", "video": "video", "external": "link", "record": "quote"}
_WITHOUT_A_HANDLE = "handle.invalid"
# clocks and calendars downstream add days to it
_YEARS = range(1970, 3000)


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        return None


Readable = WrapValidator(_or_none)
"""None in place of what cannot be read, so that a strange detail costs only itself."""

Moment = Annotated[datetime | None, Readable]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_as_good_as_missing(cls, row: object) -> object:
        return {name: value for name, value in row.items() if value is not None} if isinstance(row, dict) else row


class Label(_Answer):
    src: str = ""
    val: str = ""
    neg: bool = False


class Person(_Answer):
    """An account: its `did` stays, its `handle` may change or be lost."""

    did: Did
    handle: str = ""
    labels: list[Any] = []

    @property
    def is_automated(self) -> bool:
        """Whether its owner marked it so."""
        labels = readable(Label, self.labels)
        return any(label.val == "bot" and label.src in ("", self.did) and not label.neg for label in labels)


class Reference(_Answer):
    """A record in exactly one version."""

    uri: Uri
    cid: str = ""


class _Reply(_Answer):
    root: Annotated[Reference | None, Readable] = None
    parent: Annotated[Reference | None, Readable] = None


class _Feature(_Answer):
    did: str = ""


class _Facet(_Answer):
    features: list[Any] = []


class _Described(_Answer):
    alt: str = ""


class _Embed(_Answer):
    type: Annotated[str, Field(alias="$type")] = ""
    images: list[Any] = []
    alt: str = ""
    media: Any = None


class Record(_Answer):
    """A post as its author wrote it."""

    text: str = ""
    created_at: Moment = None
    langs: list[Any] = []
    facets: list[Any] = []
    reply: Annotated[_Reply | None, Readable] = None
    embed: Annotated[_Embed | None, Readable] = None

    @property
    def named(self) -> set[str]:
        """The accounts that the text mentions."""
        features = (
            feature for facet in readable(_Facet, self.facets) for feature in readable(_Feature, facet.features)
        )
        return {feature.did for feature in features if feature.did}


class _Viewer(_Answer):
    reply_disabled: bool = False


class Post(_Answer):
    """A post as Bluesky shows it, in a search or in a notification. Only its address is needed."""

    uri: Uri
    cid: str = ""
    author: Annotated[Person | None, Readable] = None
    record: Annotated[Record | None, Readable] = None
    indexed_at: Moment = None
    reason: str = ""
    viewer: Annotated[_Viewer | None, Readable] = None

    @property
    def did(self) -> str:
        """Whose it is: that stands in its address."""
        return self.uri.split("/")[2]

    @property
    def said(self) -> Record:
        return self.record or Record()

    @property
    def at(self) -> datetime:
        """When it is listed: as its author says, unless that lies ahead of when it was first seen."""
        told = [in_utc(at) for at in (self.said.created_at, self.indexed_at) if at is not None]
        return min(told, default=datetime.now(UTC))

    @property
    def parent(self) -> Reference | None:
        return self.said.reply.parent if self.said.reply else None

    @property
    def root(self) -> Reference | None:
        return self.said.reply.root if self.said.reply else None


class Written(_Answer):
    """A record of ours."""

    uri: Uri
    value: Annotated[Record | None, Readable] = None


def in_utc(at: datetime) -> datetime:
    """A moment as its author's clock tells it; now, where that is beyond belief."""
    if at.year not in _YEARS:
        return datetime.now(UTC)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def read(kind: type[Kind], answer: object) -> Kind:
    """An answer as what it should be; ChannelUnavailable when it is something else."""
    return read_from("Bluesky", kind, answer)


class Views:
    """Makes mentions of posts for one channel: who wrote it, whether it addresses us, where it stands.

    `ours` are whole handles, in small letters, of further accounts that speak for the brand, `ignored` of machines.
    """

    def __init__(
        self, channel: str, did: str, *, ours: frozenset[str] = frozenset(), ignored: frozenset[str] = frozenset()
    ) -> None:
        self._channel, self._did, self._ours, self._ignored = channel, did, ours, ignored

    def is_heard(self, post: Post) -> bool:
        """We know what we said, and some accounts are machines."""
        handle = post.author.handle.lower() if post.author else ""
        return post.did != self._did and not (post.author and post.author.is_automated) and handle not in self._ignored

    def addresses_us(self, post: Post) -> bool:
        """Whether the author named us or answered us. Bluesky also tells us of who answers others in our threads."""
        answered = post.parent is not None and post.parent.uri.split("/")[2] == self._did
        return post.reason == "mention" or self._did in post.said.named or answered

    def mention(self, post: Post, *, backfilled: bool) -> Mention:
        handle = clean(post.author.handle, limit=253) if post.author else ""
        name = handle if handle and handle != _WITHOUT_A_HANDLE else post.did
        return Mention(
            channel=self._channel,
            external_id=post.uri,
            author=Handle(channel=self._channel, account_id=post.did, name=name),
            text=_text(post.said),
            posted_at=post.at,
            thread_id=post.root.uri if post.root else None,
            in_reply_to=post.parent.uri if post.parent else None,
            url=f"https://bsky.app/profile/{post.did}/post/{post.uri.rpartition('/')[2]}",
            language_hint=_language(post.said.langs),
            summoned=self.addresses_us(post),
            backfilled=backfilled,
            by_brand=name.lower() in self._ours,
        )


def _text(record: Record) -> str:
    """The words, and pictures and videos in words; where there is neither, what there is instead."""
    shown = "".join(f"\n[{kind}: {alt}]" for kind, alt in _media(record.embed))
    return clean(record.text + shown) or _wordless(record.embed)


def _wordless(embed: _Embed | None) -> str:
    """A picture without a word says something all the same."""
    beside = readable(_Embed, [embed.media]) if embed else []
    kind = (beside[0] if beside else embed or _Embed()).type.rpartition(".")[2]
    return f"[{_INSTEAD_OF_WORDS[kind]}]" if kind in _INSTEAD_OF_WORDS else ""


def _media(embed: _Embed | None) -> list[tuple[str, str]]:
    """What was attached, as its author described it. A quote may have media beside it."""
    if embed is None:
        return []
    beside = readable(_Embed, [embed.media])
    kind = "video" if "video" in embed.type else "image"
    own = [embed.alt, *(image.alt for image in readable(_Described, embed.images))]
    return [*((kind, alt) for alt in own if alt), *(found for one in beside[:1] for found in _media_of(one))]


def _media_of(embed: _Embed) -> list[tuple[str, str]]:
    return _media(embed.model_copy(update={"media": None}))


def _language(codes: list[Any]) -> str | None:
    """`es` of `es` and of `es-MX`; none, where the author names several."""
    short = {str(code).partition("-")[0].lower() for code in codes}
    only = short.pop() if len(short) == 1 else ""
    return only if len(only) == 2 and only.isalpha() else None
