"""One customer's bad delivery, told in the domain's own types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from bot.domain.action import Reply, ReplyKind, Route, SurveyKind
from bot.domain.case import Case, CaseId, CaseState, Outcome
from bot.domain.customer import Customer, CustomerId
from bot.domain.experience import Effort, Experience, ExperienceId
from bot.domain.interaction import Direction, Interaction
from bot.domain.mention import Handle, Mention, MentionId
from bot.domain.outbox import Job, JobId, JobState, Ruling, Verdict
from bot.domain.ports.record import CaseFile, Explanation, Journey
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Intent, Language, Reading, Sentiment, Stage, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decided
from bot.domain.survey import Survey

NOON = datetime(2026, 5, 12, 12, 2, tzinfo=UTC)
TEXT = "El paquete llegó roto y llevo dos días sin respuesta 😡"
MARTA = Handle(channel="x", account_id="7", name="marta_g")
MENTION = Mention(channel="x", external_id="900", author=MARTA, text=TEXT, posted_at=NOON, summoned=True)
CUSTOMER = Customer(
    id=CustomerId("c1"), handles=(MARTA,), name="Marta G", language=Language.ES, first_seen=NOON - timedelta(days=30)
)


def _experience(touchpoint: Touchpoint | None, stage: Stage | None, evidence: str, confidence: float) -> Experience:
    return Experience(
        id=ExperienceId(f"e-{touchpoint}"),
        customer_id=CUSTOMER.id,
        mention_id=MENTION.id,
        stage=stage,
        touchpoint=touchpoint,
        what="complaint",
        sentiment=Sentiment.NEGATIVE,
        effort=Effort.HIGH,
        evidence=evidence,
        expectation="respuesta antes" if touchpoint is Touchpoint.SUPPORT_CONTACT else None,
        confidence=confidence,
        model="heads@1",
        at=NOON,
    )


EXPERIENCES = (
    _experience(Touchpoint.DELIVERY, Stage.AFTER, "llegó roto", 0.91),
    _experience(Touchpoint.SUPPORT_CONTACT, Stage.AFTER, "dos días sin respuesta", 0.84),
)
CASE = Case(
    id=CaseId("case-1"),
    key=1042,
    customer_id=CUSTOMER.id,
    channel="x",
    thread_id="900",
    opened_by=MENTION.id,
    touchpoints=(Touchpoint.DELIVERY, Touchpoint.SUPPORT_CONTACT),
    state=CaseState.NEW,
    urgency=Urgency.HIGH,
    opened_at=NOON,
    updated_at=NOON,
    first_answer_due=NOON + timedelta(minutes=22),
    solve_due=NOON + timedelta(days=2),
)


def said(
    text: str, at: datetime = NOON, direction: Direction = Direction.INBOUND, actor: str = "marta_g"
) -> Interaction:
    return Interaction(
        key=f"x:{at.isoformat()}",
        customer_id=CUSTOMER.id,
        case_id=CASE.id,
        mention_id=MENTION.id if at == NOON else None,
        at=at,
        direction=direction,
        actor=actor,
        channel="x",
        text=text,
    )


HISTORY = (
    said(TEXT),
    said("Lo sentimos, Marta: lo miramos ya.", NOON + timedelta(minutes=9), Direction.OUTBOUND, "brand"),
)
DRAFT = Reply(to=MENTION.id, kind=ReplyKind.ANSWER, text="Lo sentimos mucho.", language=Language.ES, draft_only=True)
RULING = Ruling(verdict=Verdict.APPROVE, reason=because("policy.draft"))
JOB = Job(
    id=JobId(5),
    key="reply:x:900",
    mention_id=MENTION.id,
    customer_id=CUSTOMER.id,
    case_id=CASE.id,
    action=DRAFT,
    responder="answer",
    ruling=RULING,
    state=JobState.HELD,
    attempts=0,
    decided_at=NOON,
    due_at=NOON,
)
PROMISE = Promise(
    id="p1",
    customer_id=CUSTOMER.id,
    case_id=CASE.id,
    case_key=CASE.key,
    who="brand",
    what="te llamamos el miércoles",
    made_at=NOON + timedelta(minutes=9),
    due=NOON + timedelta(days=1),
    source="x:901",
    state=PromiseState.OPEN,
)

READING = Reading(
    language=Language.ES,
    language_confidence=0.99,
    sentiment=Sentiment.NEGATIVE,
    scores={Sentiment.NEGATIVE: 0.93, Sentiment.NEUTRAL: 0.05, Sentiment.POSITIVE: 0.02},
    intents=(Intent.COMPLAINT, Intent.REQUEST),
    intent_scores={Intent.COMPLAINT: 0.9, Intent.REQUEST: 0.7},
    touchpoints=(Touchpoint.DELIVERY, Touchpoint.SUPPORT_CONTACT),
    stage=Stage.AFTER,
    urgency=Urgency.HIGH,
    spans=(),
    expectation="respuesta antes",
    spam=False,
    about_brand=True,
    abstained=True,
    degraded=False,
    model="heads@1",
)
NPS = Survey(
    id="s0",
    customer_id=CUSTOMER.id,
    kind=SurveyKind.NPS,
    asked_at=NOON - timedelta(days=20),
    answer=4,
    answered_at=NOON - timedelta(days=20),
)
BEFORE = replace(CASE, id=CaseId("case-0"), key=977, opened_at=NOON - timedelta(days=25)).resolved(
    NOON - timedelta(days=21), Outcome.RECOVERED
)


@pytest.fixture
def marta() -> Customer:
    return CUSTOMER


@pytest.fixture
def case() -> Case:
    return CASE


@pytest.fixture
def experiences() -> tuple[Experience, ...]:
    return EXPERIENCES


@pytest.fixture
def history() -> tuple[Interaction, ...]:
    return HISTORY


@pytest.fixture
def case_file() -> CaseFile:
    return CaseFile(
        case=CASE,
        customer=CUSTOMER,
        interactions=HISTORY,
        experiences=EXPERIENCES,
        jobs=(JOB,),
        promises=(PROMISE,),
        opened_by=replace(MENTION, url="https://x.com/i/status/900"),
        earlier_experiences=3,
        last_heard=replace(MENTION, url="https://x.com/i/status/900"),
        reading=READING,
        score=NPS,
        before=BEFORE,
        names={"discord:5": "Maya"},
    )


@pytest.fixture
def journey() -> Journey:
    """A good start on the web, a neutral purchase, a bad delivery, and a 4 on the NPS question."""
    weeks_ago = NOON - timedelta(days=20)
    start = replace(
        EXPERIENCES[0],
        id=ExperienceId("e-web"),
        mention_id=MentionId("x:1"),
        touchpoint=Touchpoint.WEBSITE_APP,
        stage=Stage.BEFORE,
        sentiment=Sentiment.POSITIVE,
        evidence="the web was great",
        at=weeks_ago,
    )
    purchase = replace(
        start,
        id=ExperienceId("e-buy"),
        touchpoint=Touchpoint.PURCHASE_CHECKOUT,
        stage=Stage.DURING,
        sentiment=Sentiment.NEUTRAL,
        evidence="paid with a card",
    )
    praise = "你好! the web was great, paid with a card 👨‍👩‍👧"
    return Journey(
        customer=CUSTOMER,
        interactions=(replace(said(praise, weeks_ago), mention_id=start.mention_id), *HISTORY),
        experiences=(start, purchase, *EXPERIENCES),
        cases=(CASE,),
        promises=(PROMISE,),
        surveys=(
            Survey(
                id="s1",
                customer_id=CUSTOMER.id,
                kind=SurveyKind.NPS,
                asked_at=NOON + timedelta(days=2),
                answer=4,
                answered_at=NOON + timedelta(days=2, hours=1),
            ),
        ),
    )


@pytest.fixture
def explanation() -> Explanation:
    to_desk = Decided(
        action=Route(
            desk="console", reason=because("route.new", wishes=("complaint", "request")), urgency=Urgency.HIGH
        ),
        responder="route",
        ruling=Ruling(verdict=Verdict.SEND, reason=because("policy.inside_desk")),
    )
    return Explanation(
        mention=MENTION,
        state="done",
        error=None,
        reading=READING,
        customer=CUSTOMER,
        case=CASE,
        experiences=EXPERIENCES,
        decided=(Decided(action=DRAFT, responder="answer", ruling=RULING), to_desk),
        jobs=(JOB,),
    )


@pytest.fixture
def terminal() -> Callable[..., Console]:
    """A terminal of the given width that keeps what it was told; without colour unless asked."""

    def opened(width: int, *, colour: bool = False) -> Console:
        return Console(
            file=StringIO(),
            width=width,
            force_terminal=colour,
            color_system="truecolor" if colour else None,
            _environ={},
        )

    return opened


@pytest.fixture
def screen() -> Callable[[Console], str]:
    """What stands on a terminal, without the spaces at the ends of lines."""

    def read(console: Console) -> str:
        assert isinstance(console.file, StringIO)
        return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())

    return read
