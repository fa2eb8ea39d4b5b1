"""Reddit as a channel: who calls or answers us, our subreddits, keywords elsewhere, and comments as answers.

Reddit gives every app a number of calls for ten minutes. Looks leave some of them to answers, and a look is few calls:
one for the inbox, two for all subreddits together, one for all keywords.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Annotated, Self

import structlog
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from bot.domain.account import Ability, Account
from bot.domain.action import Reply
from bot.domain.cost import Level
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import ChannelKind, Surroundings
from bot.domain.text import clean
from listeners.outgoing import fit_to_say
from listeners.reddit_haul import Haul
from listeners.reddit_place import OVERLAP, Look, Place, Spot
from listeners.reddit_sources import Source, search_query, sources
from listeners.reddit_things import EDITED_SOMETIME, WEB, Listing, Made, Me, Thing, Views, plain, read, things_among
from listeners.reddit_wire import Keys, Wire, refusal
from listeners.spoken import Spoken

log = structlog.get_logger(__name__)

PAGE = 100
LIMIT = 10_000
_FOR_ANSWERS = 10
# Reddit shows the newest 1,000; a broken listing has no end
_MOST_PAGES = 12
_WATCHED = 400
_LOOKED_UP_AT_ONCE = 100
_QUERY = 512
# Reddit names no time; clients see comments of theirs some twenty seconds late
_OWN_LAG = timedelta(minutes=2)
_SCOPES = {
    "identity": "knows who it is",
    "privatemessages": "reads its inbox",
    "read": "reads subreddits and searches",
    "submit": "answers",
    "history": "finds its own answers after a crash",
}

Name = Annotated[str, Field(pattern=r"^(?:/?u/|@)?[A-Za-z0-9_-]{3,20}$")]
Subreddit = Annotated[str, Field(pattern=r"^(?:/?r/)?[A-Za-z0-9_]{2,21}$")]


class Settings(BaseModel):
    """`[channels.<name>]` with kind = "reddit"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: str
    client_secret: SecretStr
    account: Name
    password: SecretStr | None = None
    refresh_token: SecretStr | None = None
    subreddits: Annotated[tuple[Subreddit, ...], Field(max_length=50)] = ()
    keywords: tuple[Annotated[str, Field(min_length=2, max_length=100)], ...] = ()
    look_back_hours: Annotated[float, Field(gt=0, le=8_760)] = 24
    ignore: tuple[Name, ...] = ("AutoModerator",)
    recheck_hours: Annotated[float, Field(gt=0)] = 6
    base_url: HttpUrl = HttpUrl("https://oauth.reddit.com")
    login_url: HttpUrl = HttpUrl("https://www.reddit.com")
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20

    @model_validator(mode="after")
    def _one_way_to_log_in(self) -> Self:
        if (self.password is None) == (self.refresh_token is None):
            message = "give password (an app of the type script) or refresh_token (a web app), one of the two"
            raise ValueError(message)
        if len(search_query(self.keywords)) > _QUERY:
            message = f"keywords are too long together: Reddit takes a query of {_QUERY} characters"
            raise ValueError(message)
        return self

    def ears(self) -> frozenset[tuple[str, ...]]:
        """The account, whose inbox every table reads."""
        return frozenset({(str(self.base_url), plain(self.account))})

    @property
    def keys(self) -> Keys:
        return Keys(
            client_id=self.client_id,
            client_secret=self.client_secret.get_secret_value(),
            account=plain(self.account),
            password=self.password.get_secret_value() if self.password else None,
            refresh_token=self.refresh_token.get_secret_value() if self.refresh_token else None,
        )

    @property
    def user_agent(self) -> str:
        """As Reddit wants it: what runs here, in which version, and whom to write to."""
        return f"python:vivencia:v{version('vivencia')} (by /u/{plain(self.account)})"


class Reddit:
    """A Listener and a Voice over one account."""

    limit = LIMIT
    can_look_up = True

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings, wire: Wire) -> None:
        self.channel = name
        self._settings, self._wire = settings, wire
        self._voices, self._meter = surroundings.voices, surroundings.meter
        self._ignored = frozenset(plain(account) for account in settings.ignore)
        self._sources = sources(settings.subreddits, settings.keywords)
        self._me: Me | None = None
        self._spoken = Spoken("Reddit", lag=_OWN_LAG, clock=surroundings.clock)

    async def me(self) -> Me:
        """The brand's account, asked for once."""
        if self._me is None:
            me = read(Me, await self._get("/api/v1/me"))
            if me.is_suspended:
                message = f"Reddit has suspended u/{me.name}"
                raise ChannelRefused(message)
            self._me = me
        return self._me

    async def poll(self, cursor: str | None) -> Batch:
        """What the listings brought since the cursor, and what became of the posts we watch."""
        self._wire.leave_room(_FOR_ANSWERS)
        place, now = Place.read(cursor), datetime.now(UTC)
        views = self._views(await self.me())
        haul, spots = Haul(), dict[str, Spot]()
        fault: ChannelError | None = None
        for source in self._sources:
            spot = place.spots.get(source.name)
            try:
                if source.needed or not await self._is_spent():
                    spots[source.name] = await self._heard(source, spot or self._first_spot(now), views, haul)
                elif spot is not None:
                    spots[source.name] = spot
            except ChannelError as error:
                if not spots:
                    raise
                # what was heard is kept; the rest is asked for again from where it stands
                fault, spots = error, {**place.spots, **spots}
                break
        checked = (place.checked or now) if fault else await self._recheck(place, views, haul)
        watched = haul.watched(place.watched)[-_WATCHED:]
        batch = haul.batch(Place(spots=spots, watched=watched, checked=checked).written())
        return replace(batch, fault=fault)

    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        """Comment under the post or comment, once; Reddit says with a 200 why it does not."""
        if (receipt := self._spoken.receipt(key)) is not None:
            return receipt
        form = {"thing_id": to.external_id, "text": fit_to_say(reply.text, self.limit)}
        with self._spoken.sending(key):
            made = await self._made(form)
        return self._spoken.heard(key, _receipt(made))

    def recall(self, known: Mapping[str, Receipt]) -> None:
        """Other answers of ours that are known, by a former process too."""
        self._spoken.recall(known)

    async def said(self, key: str, to: Mention) -> Receipt | None:
        """Our own comments under it, but those known to be other answers. Reddit has no key to ask by."""
        if (receipt := self._spoken.receipt(key)) is not None:
            return receipt
        me = await self.me()
        own = Source(name="own", path=f"/user/{me.name}/comments", query={"sort": "new"})
        look = await self._look(own, Spot(settled=to.posted_at - OVERLAP))
        for thing in sorted(look.told, key=lambda thing: thing.number):
            if thing.parent_id == to.external_id and not self._spoken.is_taken(thing.name) and not thing.is_gone:
                return self._spoken.heard(key, _receipt(thing))
        if not look.whole:
            message = "Reddit cannot say whether this was heard: its pages do not end"
            raise ChannelUnavailable(message)
        self._spoken.found_nothing(key)
        return None

    async def account(self) -> Account:
        """The fact sheet of this log-in."""
        me = await self.me()
        scopes, left = self._wire.scopes, self._wire.left
        may_all = "*" in scopes
        return Account(
            identity=f"u/{me.name}",
            rights=tuple(
                what if may_all or scope in scopes else f"NOT: {what} (the app lacks the scope {scope})"
                for scope, what in _SCOPES.items()
            ),
            limits=(
                f"calls left in this window of ten minutes: {left:,}" if left is not None else "100 calls a minute",
                "the newest 1,000 of a listing",
                f"{self.limit:,} characters",
            ),
            notes=(f"{me.total_karma or 0} karma: accounts with little of it may comment only now and then",),
            per_look={"call": len(self._sources)},
        )

    async def _made(self, form: Mapping[str, str]) -> Thing:
        answer = await self._wire.post("/api/comment", form)
        await self._meter.spend("call")
        outcome = read(Made, answer).outcome
        if outcome.errors:
            code, said, *_ = (*map(str, outcome.errors[0]), "", "")
            raise refusal(code, said, seconds=outcome.ratelimit)
        made = things_among(outcome.data.things)
        if not made:
            message = "Reddit's answer cannot be read (no comment is in it)"
            raise ChannelUnavailable(message)
        return made[0]

    async def _heard(self, source: Source, spot: Spot, views: Views, haul: Haul) -> Spot:
        """Read one listing into the haul. Returns how far it was read."""
        look = await self._look(source, spot)
        after = look.after(datetime.now(UTC))
        for thing in look.told:
            if thing.is_gone:
                haul.gone[thing.name] = None
            elif views.is_heard(thing):
                summoned = source.addressed or views.addresses_us(thing)
                haul.take(thing, views.mention(thing, summoned=summoned, backfilled=after.was_there(thing)))
        return after

    async def _look(self, source: Source, spot: Spot) -> Look:
        """Page after page, newest first, back to what has settled."""
        look, after = Look(spot=spot, overlap=source.overlap), ""
        for _ in range(_MOST_PAGES):
            query = {**source.query, "limit": PAGE, **({"after": after} if after else {})}
            page = read(Listing, await self._get(source.path, query))
            look.take(page.things)
            following = page.data.after
            if following is None or look.is_behind(page.things):
                return look
            if following == after or not page.data.children:
                break
            after = following
        log.warning("the pages of Reddit do not end; asking again from the same place", channel=self.channel)
        look.whole = False
        return look

    async def _recheck(self, place: Place, views: Views, haul: Haul) -> datetime:
        """Which watched posts were edited or are gone, once in some hours: Reddit does not tell unless asked."""
        now, every = datetime.now(UTC), timedelta(hours=self._settings.recheck_hours)
        if place.checked is None or now - place.checked < every or await self._is_spent():
            return place.checked or now
        since = (place.checked - OVERLAP).timestamp()
        for start in range(0, len(place.watched), _LOOKED_UP_AT_ONCE):
            names = ",".join(place.watched[start : start + _LOOKED_UP_AT_ONCE])
            page = read(Listing, await self._get("/api/info", {"id": names}))
            for thing in page.things:
                if thing.is_gone:
                    haul.gone[thing.name] = None
                elif thing.edited_at == EDITED_SOMETIME or thing.edited_at > since:
                    # it was heard before; should it have been forgotten, it is history
                    haul.take(thing, views.mention(thing, summoned=views.addresses_us(thing), backfilled=True))
        return now

    def _views(self, me: Me) -> Views:
        return Views(self.channel, me, voices=self._voices, ignored=self._ignored)

    def _first_spot(self, now: datetime) -> Spot:
        return Spot(settled=now - timedelta(hours=self._settings.look_back_hours))

    async def _get(self, path: str, query: Mapping[str, str | int] | None = None) -> object:
        answer = await self._wire.get(path, query)
        await self._meter.spend("call")
        return answer

    async def _is_spent(self) -> bool:
        return (await self._meter.purse()).level is Level.SPENT


@asynccontextmanager
async def open_reddit(name: str, settings: Settings, surroundings: Surroundings) -> AsyncIterator[Reddit]:
    """Nothing is asked yet, so that Reddit may be away when we start."""
    wire = Wire(
        settings.keys,
        base_url=str(settings.base_url),
        login_url=str(settings.login_url),
        user_agent=settings.user_agent,
        timeout_seconds=settings.timeout_seconds,
    )
    try:
        yield Reddit(name, settings, surroundings, wire)
    finally:
        await wire.close()


async def check_reddit(name: str, settings: Settings, surroundings: Surroundings) -> Account:
    """Log in, look, leave."""
    async with open_reddit(name, settings, surroundings) as channel:
        return await channel.account()


CHANNEL = ChannelKind(
    settings=Settings,
    open=open_reddit,
    check=check_reddit,
    abilities=frozenset(Ability),
    ears=Settings.ears,
)


def _receipt(thing: Thing) -> Receipt:
    path = clean(thing.path, limit=500)
    return Receipt(external_id=thing.name, at=thing.at, url=f"{WEB}{path}" if path.startswith("/") else None)
