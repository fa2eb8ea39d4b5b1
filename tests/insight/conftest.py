"""A brand's history in memory, written entry by entry: what the digest asks of a store, without one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.action import SurveyKind
from bot.domain.case import Case, CaseId, CaseState
from bot.domain.customer import CustomerId
from bot.domain.digest import (
    CaseTally,
    ChannelTally,
    DataQuality,
    Digest,
    Edition,
    LoopTally,
    Quote,
    Tally,
    TouchpointTally,
)
from bot.domain.mention import MentionId
from bot.domain.ports.reader import PersonalData, PersonalDatum
from bot.domain.ports.record import Counts
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Sentiment, Touchpoint, Urgency
from bot.domain.survey import Score
from bot.domain.voice import EmployeeVoice
from bot.insight.digest import Brand, Issue, build_digest

MADRID = ZoneInfo("Europe/Madrid")
BAD_DAY = date(2026, 5, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mention as the store would have counted it; `there` is its tone at the touchpoint where that differs."""

    at: datetime
    sentiment: Sentiment
    touchpoint: Touchpoint | None
    text: str
    channel: str = "x"
    there: Sentiment | None = None


@dataclass(slots=True)
class Diary:
    """`Reports` over a list of entries."""

    entries: list[Entry] = field(default_factory=list)
    kept_promises: list[Promise] = field(default_factory=list)
    survey_scores: list[Score] = field(default_factory=list)
    quoted: list[Quote] = field(default_factory=list)
    heard_inside: list[EmployeeVoice] = field(default_factory=list)
    work: CaseTally = field(default_factory=CaseTally)
    loop: LoopTally = field(default_factory=LoopTally)
    state: DataQuality = field(default_factory=DataQuality)
    left_out: int = 0
    ears: tuple[ChannelTally, ...] = ()

    def within(self, since: datetime, until: datetime) -> list[Entry]:
        return [entry for entry in self.entries if since <= entry.at < until]

    async def tally(self, since: datetime, until: datetime) -> Tally:
        entries = self.within(since, until)
        moods = Counter(entry.sentiment for entry in entries)
        by_hour: defaultdict[int, Counter[Sentiment]] = defaultdict(Counter)
        for entry in entries:
            by_hour[(entry.at - since) // timedelta(hours=1)][entry.sentiment] += 1
        return Tally(
            since=since,
            until=until,
            mentions=len(entries),
            negative=moods[Sentiment.NEGATIVE],
            neutral=moods[Sentiment.NEUTRAL],
            positive=moods[Sentiment.POSITIVE],
            left_out=self.left_out,
            customers=len(entries),
            by_touchpoint={place: self._at(entries, place) for place in {e.touchpoint for e in entries} if place},
            by_channel=Counter(entry.channel for entry in entries),
            negative_by_channel=Counter(entry.channel for entry in entries if entry.sentiment is Sentiment.NEGATIVE),
            by_hour=by_hour,
        )

    def _at(self, entries: Iterable[Entry], place: Touchpoint) -> TouchpointTally:
        here = [entry for entry in entries if entry.touchpoint is place]
        bad = [entry for entry in here if (entry.there or entry.sentiment) is Sentiment.NEGATIVE]
        return TouchpointTally(
            mentions=len(here),
            negative=len(bad),
            positive=sum((entry.there or entry.sentiment) is Sentiment.POSITIVE for entry in here),
            of_negative=sum(entry.sentiment is Sentiment.NEGATIVE for entry in bad),
        )

    async def cases(self, since: datetime, until: datetime) -> CaseTally:
        return self.work

    async def loops(self, since: datetime, until: datetime) -> LoopTally:
        return self.loop

    async def quotes(self, since: datetime, until: datetime, limit: int) -> list[Quote]:
        return [quote for quote in self.quoted if since <= quote.at < until][:limit]

    async def promises(self, since: datetime, until: datetime) -> list[Promise]:
        return [
            promise
            for promise in self.kept_promises
            if since <= promise.due < until or (promise.due < since and promise.state is PromiseState.OPEN)
        ]

    async def voices(self, since: datetime, until: datetime) -> list[EmployeeVoice]:
        return [each for each in self.heard_inside if since <= each.at < until]

    async def scores(self, since: datetime, until: datetime) -> list[Score]:
        return self.survey_scores

    async def texts(self, since: datetime, until: datetime, limit: int) -> list[str]:
        return [entry.text for entry in reversed(self.within(since, until))][:limit]

    async def quality(self, since: datetime, until: datetime) -> DataQuality:
        return self.state

    async def channels(self, since: datetime, until: datetime) -> tuple[ChannelTally, ...]:
        return tuple(ear for ear in self.ears if ear.longest_since is None or since <= ear.longest_since < until)

    async def span(self, before: datetime | None = None) -> tuple[datetime, datetime] | None:
        moments = [entry.at for entry in self.entries if before is None or entry.at < before]
        return (min(moments), max(moments)) if moments else None

    async def counts(self) -> Counts:
        raise NotImplementedError

    async def at_work(self) -> list[str]:
        raise NotImplementedError

    async def keep_digest(
        self,
        key: str,
        text: str,
        now: datetime,
        quotes: Sequence[Quote] = (),
        promises: Sequence[Promise] = (),
    ) -> bool:
        raise NotImplementedError

    async def digests(self) -> list[str]:
        raise NotImplementedError


class Blunt:
    """Personal data for tests: e-mail addresses and long numbers."""

    _PATTERN = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d ]{7,}\d")

    def find(self, text: str) -> list[PersonalDatum]:
        return [PersonalDatum(type="found", value=value) for value in self._PATTERN.findall(text)]

    def redact(self, text: str, language: Language) -> str:
        return self._PATTERN.sub("[dato]" if language is Language.ES else "[redacted]", text)


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = MADRID) -> datetime:
    """A local time of a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


_PLACES: Sequence[tuple[Touchpoint | None, int]] = (
    (Touchpoint.DELIVERY, 12),
    (Touchpoint.WEBSITE_APP, 11),
    (Touchpoint.PRODUCT_USE, 9),
    (Touchpoint.SUPPORT_CONTACT, 7),
    (Touchpoint.RETURNS_REFUNDS, 4),
    (Touchpoint.PURCHASE_CHECKOUT, 3),
    (None, 14),
)
_HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 13, 14, 16, 17, 18, 18, 19, 20, 20, 21, 22)
_CHATTER = ("el pedido de siempre", "la web va bien", "¿cuándo abre la tienda?", "el paquete de siempre")
_MOODS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.NEUTRAL, Sentiment.POSITIVE)


def ordinary_day(day: date) -> list[Entry]:
    """Some fifty mentions, about a quarter of them negative; no two days are quite the same."""
    turn = day.toordinal()
    places = [place for place, count in _PLACES for _ in range(count)]
    return [
        Entry(
            at=at(day, _HOURS[(11 * index + 7 * turn) % len(_HOURS)], (13 * index + turn) % 60),
            sentiment=_MOODS[(index * index + 3 * turn + index // 5) % len(_MOODS)],
            touchpoint=place,
            text=_CHATTER[(index + turn) % len(_CHATTER)],
            channel="mastodon" if (index + turn) % 3 == 0 else "x",
        )
        for index, place in enumerate(places)
        if (index + 5 * turn) % 13
    ]


def bad_delivery(day: date) -> list[Entry]:
    """Thirty more angry mentions about deliveries, most of them between eleven and one, on X."""
    return [
        Entry(
            at=at(day, 11 + (minute % 2) if minute < 24 else 17, minute),
            sentiment=Sentiment.NEGATIVE,
            touchpoint=Touchpoint.DELIVERY,
            text="el paquete llegó roto"
            if minute % 3
            else "roto otra vez, y el transportista no contesta @vivazapatos",
        )
        for minute in range(30)
    ]


def voice(text: str, evidence: str, touchpoint: Touchpoint | None, sentiment: Sentiment, **more: object) -> Quote:
    """A quote of the bad day; `key`, `language`, and `sure`, whether it is surely read."""
    key, language = more.get("key"), more.get("language", Language.ES)
    assert key is None or isinstance(key, int)
    assert isinstance(language, Language)
    return Quote(
        mention_id=MentionId(f"x:{len(text)}"),
        text=text,
        evidence=evidence,
        touchpoint=touchpoint,
        sentiment=sentiment,
        language=language,
        case_key=key,
        at=at(BAD_DAY, 12),
        glad=sentiment is Sentiment.POSITIVE and bool(more.get("sure", True)),
    )


def open_case(key: int) -> Case:
    opened = at(BAD_DAY, 11)
    return Case(
        id=CaseId(f"case-{key}"),
        key=key,
        customer_id=CustomerId("c1"),
        channel="x",
        thread_id=f"t{key}",
        opened_by=MentionId(f"x:{key}"),
        touchpoints=(Touchpoint.DELIVERY,),
        state=CaseState.NEW,
        urgency=Urgency.HIGH,
        opened_at=opened,
        updated_at=opened,
        first_answer_due=opened + timedelta(hours=1),
        solve_due=opened + timedelta(days=2),
    )


def promise(key: int, what: str, due: datetime, state: PromiseState) -> Promise:
    return Promise(
        id=f"p{key}",
        customer_id=CustomerId("c1"),
        case_id=CaseId(f"case-{key}"),
        case_key=key,
        who="brand",
        what=what,
        made_at=due - timedelta(days=2),
        due=due,
        source=f"x:{key}",
        state=state,
    )


def five_weeks() -> Diary:
    """Five ordinary weeks with one bad Tuesday at their end."""
    diary = Diary()
    for back in range(35, -1, -1):
        diary.entries.extend(ordinary_day(BAD_DAY - timedelta(days=back)))
    diary.entries.extend(bad_delivery(BAD_DAY))
    diary.entries.sort(key=lambda entry: entry.at)
    diary.quoted = [
        voice(
            "@vivazapatos El paquete llegó roto y llevo dos días sin respuesta 😡",
            "llegó roto",
            Touchpoint.DELIVERY,
            Sentiment.NEGATIVE,
            key=1042,
        ),
        voice(
            "Caja abierta y faltan zapatos, mi correo es marta@example.org",
            "faltan zapatos",
            Touchpoint.DELIVERY,
            Sentiment.NEGATIVE,
            key=1041,
        ),
        voice("Otra caja rota del transportista, muy mal", "caja rota", Touchpoint.DELIVERY, Sentiment.NEGATIVE),
        voice(
            "refund still not here, write me at joe@example.com please @vivazapatos",
            "refund still not here",
            Touchpoint.RETURNS_REFUNDS,
            Sentiment.NEGATIVE,
            key=1038,
            language=Language.EN,
        ),
        voice("Gracias, lo arreglaron en 1 h", "lo arreglaron", Touchpoint.SUPPORT_CONTACT, Sentiment.POSITIVE),
    ]
    diary.heard_inside = [
        EmployeeVoice(
            id="voice-1",
            text="La web del transportista da mal la fecha",
            touchpoint=Touchpoint.DELIVERY,
            case_key=1042,
            said_by="discord:1",
            at=at(BAD_DAY, 13),
            votes=5,
        ),
        EmployeeVoice(
            id="voice-2",
            text="Marta (marta@example.org) llama cada día",
            touchpoint=None,
            case_key=None,
            said_by=None,
            at=at(BAD_DAY, 14),
        ),
    ]
    diary.work = CaseTally(
        opened=41,
        resolved=36,
        open_at_end=17,
        waiting_at_end=6,
        first_answer_median=timedelta(minutes=18),
        answered_in_time=35,
        answers_due=40,
    )
    diary.loop = LoopTally(
        detractors=7, contacted=5, recovered=3, not_recovered=1, unclosed=(open_case(1042), open_case(1038))
    )
    diary.kept_promises = [
        promise(1029, "te escribimos antes del lunes", at(date(2026, 5, 11), 20), PromiseState.BROKEN),
        promise(1031, "mañana lo tienes en casa", at(BAD_DAY, 20), PromiseState.BROKEN),
        promise(1033, "te llamamos hoy", at(BAD_DAY, 19), PromiseState.UNHEARD),
        promise(1042, "te llamamos el miércoles", at(date(2026, 5, 13), 20), PromiseState.OPEN),
        promise(1012, "el reembolso llega hoy", at(BAD_DAY, 18), PromiseState.KEPT),
    ]
    diary.survey_scores = [
        Score(kind=SurveyKind.NPS, asked=120, answers=(10,) * 30 + (8,) * 16 + (3,) * 18),
        Score(kind=SurveyKind.CSAT, asked=40, answers=(5,) * 9 + (4,) * 4 + (3,) * 2 + (2,) * 2),
        Score(kind=SurveyKind.CES, asked=9, answers=(6, 5, 7, 2)),
    ]
    diary.state = DataQuality(
        channels_last_heard={"x": at(BAD_DAY, 23), "mastodon": at(date(2026, 5, 10), 14, 5)}, waiting=3, corrections=9
    )
    diary.left_out = 12
    diary.ears = (
        ChannelTally(
            channel="x",
            unread=timedelta(minutes=12),
            gaps=1,
            longest=timedelta(minutes=12),
            longest_since=at(BAD_DAY, 14, 5),
            spent=Decimal("3.2"),
            budget=Decimal(5),
            currency="USD",
        ),
    )
    return diary


async def build(  # noqa: PLR0913  the edition's own arguments
    diary: Diary,
    day: date = BAD_DAY,
    *,
    edition: Edition = Edition.DAILY,
    language: Language = Language.ES,
    zone: ZoneInfo = MADRID,
    now: datetime | None = None,
    due: datetime | None = None,
    holidays: frozenset[date] = frozenset(),
) -> Digest:
    """The edition as a manager would get it some mornings after."""
    brand = Brand(name="Viva Zapatos", zone=zone, holidays=holidays)
    written = now or at(day + timedelta(days=8), 7, zone=zone)
    issue = Issue(edition=edition, day=day, language=language, now=written, due=due)
    return await build_digest(diary, brand, issue, personal_data=Blunt())


@pytest.fixture
def bad_day() -> date:
    return BAD_DAY


@pytest.fixture
def local() -> Callable[..., datetime]:
    """`local(day, hour, minute, zone)`: a local time, in UTC."""
    return at


@pytest.fixture
def entry() -> type[Entry]:
    return Entry


@pytest.fixture
def quoted() -> Callable[..., Quote]:
    return voice


@pytest.fixture
def promised() -> Callable[..., Promise]:
    return promise


@pytest.fixture
def unclosed() -> Callable[[int], Case]:
    return open_case


@pytest.fixture
def personal_data() -> PersonalData:
    return Blunt()


@pytest.fixture
def story() -> Callable[..., Awaitable[Digest]]:
    """`story(day, changes={...}, more=[...], **arguments)`: five ordinary weeks that end in a bad Tuesday, and more."""

    async def told(
        day: date = BAD_DAY,
        *,
        changes: Mapping[str, Any] | None = None,
        more: Sequence[Entry] = (),
        **arguments: Any,
    ) -> Digest:
        diary = five_weeks()
        diary.entries = sorted([*diary.entries, *more], key=lambda entry: entry.at)
        return await build(replace(diary, **(dict(changes) if changes else {})), day, **arguments)

    return told


@pytest.fixture
def only() -> Callable[..., Awaitable[Digest]]:
    """`only(entries, day, **arguments)`: the digest of nothing but these mentions."""

    async def told(entries: Sequence[Entry], day: date = BAD_DAY, **arguments: Any) -> Digest:
        return await build(Diary(entries=sorted(entries, key=lambda each: each.at)), day, **arguments)

    return told
