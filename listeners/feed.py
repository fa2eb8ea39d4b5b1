"""Feeds as a channel: RSS, Atom and the reviews of an app store, read and never answered.

A feed shows its newest entries and forgets the rest, in any order and in changing words. So each entry is remembered by
itself: one that was not there before is heard, one in other words is an edit, and one that has gone means nothing.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Self

import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, model_validator
from yarl import URL

from bot.domain.account import Ability, Account
from bot.domain.errors import ChannelError, ChannelRefused, RateLimited
from bot.domain.mention import Batch, Handle, Mention
from bot.domain.ports.channel import ChannelKind, Surroundings
from listeners.feed_entries import Entry, Page, read
from listeners.feed_place import Place, Standing
from listeners.feed_wire import Stamp, Wire

log = structlog.get_logger(__name__)

_ACCOUNT = re.compile(r"(?<![\w.])@([\w.-]+)")


def _without_a_password(address: HttpUrl) -> HttpUrl:
    if address.username or address.password:
        message = "an address with a password in it would end up in the log; only open feeds can be read"
        raise ValueError(message)
    return address


Address = Annotated[HttpUrl, AfterValidator(_without_a_password)]


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "feed". In `reviews` and `apps` everybody addresses us.

    `apps` are the numbers of our apps in Apple's store, `countries` the shops there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    feeds: tuple[Address, ...] = ()
    reviews: tuple[Address, ...] = ()
    apps: tuple[Annotated[str, Field(pattern=r"^[0-9]{5,12}$")], ...] = ()
    countries: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = ()
    keywords: tuple[Annotated[str, Field(min_length=2, max_length=100)], ...] = ()
    ignore: tuple[str, ...] = ()
    pages: Annotated[int, Field(ge=1, le=50)] = 10
    base_url: Address = HttpUrl("https://itunes.apple.com")
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20

    @model_validator(mode="after")
    def _something_to_read(self) -> Self:
        if not (self.feeds or self.reviews or self.apps):
            message = "there is nothing to read: give feeds, reviews, or apps with countries"
            raise ValueError(message)
        if self.apps and not self.countries:
            message = 'apps needs countries: the stores whose reviews are read, such as countries = ["es", "mx"]'
            raise ValueError(message)
        return self

    def sources(self) -> tuple[Source, ...]:
        """Every feed once. Apple has one for each app and country, its newest page first."""
        store = str(self.base_url).rstrip("/")
        of_apps = [
            f"{store}/{country}/rss/customerreviews/page=1/id={app}/sortby=mostrecent/xml"
            for app in self.apps
            for country in self.countries
        ]
        ours = dict.fromkeys([*map(str, self.reviews), *of_apps], True)
        return tuple(
            Source(address=address, ours=mine)
            for address, mine in {**dict.fromkeys(map(str, self.feeds), False), **ours}.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed. In one that is ours everybody speaks to us."""

    address: str
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one feed had to tell, and how far it has been read now."""

    source: Source
    standing: Standing
    entries: tuple[Entry, ...] = ()
    fresh: bool = False


class Feed:
    """A Listener over any number of feeds."""

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel = name
        self._settings, self._wire = settings, wire
        self._accounts = frozenset(account.lower().lstrip("@") for account in surroundings.accounts)
        self._voices = frozenset(voice.lower().lstrip("@") for voice in surroundings.voices)
        self._ignored = frozenset(author.lower().lstrip("@") for author in settings.ignore)
        self._keywords = tuple(word.lower() for word in settings.keywords)
        self._closed: dict[str, float] = {}
        self._troubles: dict[str, str] = {}

    async def poll(self, cursor: str | None) -> Batch:
        """What is new and what has changed in any feed. One that fails is left out; if all fail it is their error."""
        place = Place.read(cursor)
        sources = self._settings.sources()
        asked = await asyncio.gather(*(self._tried(source, place.feeds.get(source.address)) for source in sources))
        looks = [look for look in asked if isinstance(look, Look)]
        if not looks:
            # the whole channel waits now, and no feed any longer than that
            self._closed.clear()
            raise min((error for error in asked if isinstance(error, ChannelError)), key=_gravity)
        mentions: dict[str, Mention] = {}
        edits: dict[str, Mention] = {}
        for look in looks:
            before = place.feeds.get(look.source.address, Standing())
            for entry in self._heard(look):
                told = mentions if before.is_new(entry) else edits
                told.setdefault(entry.external_id, self._mention(entry, look))
        # feeds begin with the newest, and their dates are whole seconds
        from_the_end = list(mentions.values())[::-1]
        standings = {look.source.address: look.standing for look in looks}
        wanted = {source.address for source in sources}
        kept = {address: one for address, one in place.feeds.items() if address in wanted}
        return Batch(
            mentions=tuple(sorted(from_the_end, key=lambda mention: mention.posted_at)),
            edits=tuple(edit for name, edit in edits.items() if name not in mentions),
            cursor=Place(feeds={**kept, **standings}).written(),
        )

    async def account(self) -> Account:
        """What the feeds say of themselves; the first one that fails is said."""
        sources = self._settings.sources()
        pages = [await self._page(source.address, Stamp()) for source in sources]
        told = [f"{page.title}, entries on its first page: {len(page.entries)}" for page in pages if page]
        return Account(
            identity=f"a reader of {len(sources)} feed{'s' if len(sources) != 1 else ''}",
            rights=("reads what everybody can read", "cannot answer"),
            limits=("what a feed no longer shows is lost",),
            notes=tuple(told),
        )

    async def _tried(self, source: Source, before: Standing | None) -> Look | ChannelError:
        """One feed; a fault is said in the log once, until it is another one."""
        if (left := self._closed.get(source.address, 0.0) - time.monotonic()) > 0:
            return RateLimited(left)
        try:
            look = await self._look(source, before)
        except ChannelError as error:
            if isinstance(error, RateLimited):
                self._closed[source.address] = time.monotonic() + error.retry_after
            if self._troubles.get(source.address) != type(error).__name__:
                shown = _shown(source.address)
                log.warning("a feed cannot be read", channel=self.channel, feed=shown, error=str(error))
            self._troubles[source.address] = type(error).__name__
            return error
        self._troubles.pop(source.address, None)
        return look

    async def _look(self, source: Source, before: Standing | None) -> Look:
        """The first page, if it has changed at all, and those behind it."""
        standing = before or Standing()
        page = await self._page(source.address, standing.stamp)
        if page is None:
            return Look(source=source, standing=standing)
        seen = await self._seen(source, page, standing)
        told = tuple(entry for entry in seen if standing.is_new(entry) or standing.is_changed(entry))
        return Look(source=source, standing=standing.after(page.stamp, seen), entries=told, fresh=before is None)

    async def _seen(self, source: Source, page: Page, standing: Standing) -> list[Entry]:
        """The entries of this page and of all behind it, until one has nothing new on it."""
        seen, asked = dict[str, Entry](), {source.address}
        while True:
            fresh = {entry.external_id: entry for entry in page.entries if entry.external_id not in seen}
            seen |= fresh
            if page.onward is None or page.onward in asked or not any(map(standing.is_new, fresh.values())):
                break
            if len(asked) == self._settings.pages:
                log.info("a feed has more pages than are read", channel=self.channel, feed=_shown(source.address))
                break
            asked.add(page.onward)
            onward = await self._onward(page.onward)
            if onward is None:
                break
            page = onward
        return list(seen.values())

    async def _onward(self, address: str) -> Page | None:
        """A page behind the first. Some publishers link to more than they serve: one that is refused is the end."""
        try:
            return await self._page(address, Stamp())
        except ChannelRefused as error:
            log.info("a feed ends before its last page", channel=self.channel, feed=_shown(address), error=str(error))
            return None

    async def _page(self, address: str, stamp: Stamp) -> Page | None:
        answer = await self._wire.get(address, stamp)
        return None if answer is None else await asyncio.to_thread(read, answer, address)

    def _heard(self, look: Look) -> list[Entry]:
        """Without our own entries, those of machines, and those that are about something else."""
        return [
            entry
            for entry in look.entries
            if not self._is_silent(entry, look.source) and self._is_about_us(entry, look.source)
        ]

    def _is_silent(self, entry: Entry, source: Source) -> bool:
        """Our own accounts and machines. Among reviews there are none of ours: anybody may call themselves like us."""
        author = entry.author.lower().lstrip("@")
        return author in self._ignored or (author in self._voices and not source.ours)

    def _is_about_us(self, entry: Entry, source: Source) -> bool:
        if source.ours or not self._keywords or self._names_us(entry):
            return True
        text = entry.text.lower()
        return any(word in text for word in self._keywords)

    def _names_us(self, entry: Entry) -> bool:
        return not self._accounts.isdisjoint(name.rstrip(".-").lower() for name in _ACCOUNT.findall(entry.text))

    def _mention(self, entry: Entry, look: Look) -> Mention:
        # two people without a name are two
        account = entry.author_id or f"unknown-{entry.mark}"
        return Mention(
            channel=self.channel,
            external_id=entry.external_id,
            author=Handle(channel=self.channel, account_id=account, name=entry.author or account),
            text=entry.text,
            posted_at=entry.at,
            in_reply_to=entry.in_reply_to,
            thread_id=entry.in_reply_to,
            url=entry.link,
            language_hint=entry.language,
            summoned=look.source.ours or self._names_us(entry),
            backfilled=look.fresh,
        )


def _gravity(error: ChannelError) -> tuple[int, float]:
    """What passes soonest comes first: a channel of many feeds goes on as soon as one of them does."""
    match error:
        case RateLimited():
            return 1, error.retry_after
        case ChannelRefused():
            return 2, 0.0
        case _:
            return 0, 0.0


def _shown(address: str) -> str:
    """An address for the log: what stands behind the question mark may be a key."""
    return str(URL(address).with_query(None))


@asynccontextmanager
async def open_feed(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Feed]:
    """Nothing is asked yet."""
    wire = Wire(timeout_seconds=settings.timeout_seconds)
    try:
        yield Feed(name, settings, surroundings, wire)
    finally:
        await wire.close()


async def check_feed(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Look at every feed once."""
    async with open_feed(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_feed,
    check=check_feed,
    abilities=frozenset({Ability.LISTENS, Ability.EDITS}),
)
