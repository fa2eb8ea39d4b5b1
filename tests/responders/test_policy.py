"""The rule book: every rule has a story that fails without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.reasons import reason_in_english
from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, Silence, SurveyKind
from bot.domain.agent import Agent, Rank
from bot.domain.customer import CustomerId
from bot.domain.mention import MentionId, Visibility
from bot.domain.outbox import Ruling, Verdict
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Language, Urgency
from bot.domain.reason import Reason, because
from bot.domain.situation import Situation
from bot.domain.survey import Survey
from nlp.pii import Recogniser
from responders.policy import Caps, ChannelRules, Mode, QuietHours, RuleBook, Rules, SecondPerson

Tell = Callable[..., Situation]
TUESDAY_NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
SIGNATURE = "Respuesta automática"
ASKED = Survey(id="s", customer_id=CustomerId("c-marta"), kind=SurveyKind.CSAT, asked_at=TUESDAY_NOON)

THANKS = Reply(to=MentionId("x:77"), kind=ReplyKind.THANKS, text=f"¡Gracias!\n\n{SIGNATURE}", language=Language.ES)
ASK = Ask(to=MentionId("x:77"), survey=SurveyKind.CSAT, text=f"¿Del 1 al 5?\n\n{SIGNATURE}", language=Language.ES)
AUTO = Rules(elsewhere=ChannelRules(mode=Mode.AUTO, must_be_summoned=True, limit=280))


def rule_of(ruling: Ruling) -> str:
    """The name of the rule that decided."""
    assert isinstance(ruling.reason, Reason)
    return ruling.reason.name.removeprefix("policy.")


def rule_book(personal_data: PersonalData, rules: Rules = AUTO) -> RuleBook:
    return RuleBook(rules, personal_data=personal_data, disclosure=lambda _: SIGNATURE)


def with_channel(**changes: Any) -> Rules:
    return replace(AUTO, elsewhere=replace(AUTO.elsewhere, **changes))


@pytest.fixture
def judge(personal_data: PersonalData) -> Callable[..., Ruling]:
    def by(action: Action, situation: Situation, rules: Rules = AUTO) -> Ruling:
        return rule_book(personal_data, rules).judge(action, situation)

    return by


Judge = Callable[..., Ruling]


@pytest.mark.parametrize("action", [THANKS, ASK])
def test_when_no_rule_objects_it_leaves_alone_and_says_why(judge: Judge, tell: Tell, action: Action) -> None:
    ruling = judge(action, tell("¡Me encantan!"))

    assert ruling.verdict is Verdict.SEND
    assert rule_of(ruling) == "allowed"
    assert "addressed us" in reason_in_english(ruling.reason)


FORBIDDEN: list[tuple[str, Reply | Ask, Rules, dict[str, Any]]] = [
    ("mode_off", THANKS, with_channel(mode=Mode.OFF), {}),
    ("not_summoned", THANKS, AUTO, {"mention": {"summoned": False}}),
    ("own_voice", THANKS, AUTO, {"mention": {"by_brand": True}}),
    ("backfilled", THANKS, AUTO, {"mention": {"backfilled": True}}),
    ("opted_out", THANKS, AUTO, {"customer": {"opted_out": True}}),
    ("opted_out", ASK, AUTO, {"customer": {"opted_out": True}}),
    ("erased", THANKS, AUTO, {"customer": {"erased_at": TUESDAY_NOON}}),
    ("automated_author", THANKS, AUTO, {"facts": {"author_is_automated": True}}),
    ("personal_data", replace(THANKS, text=f"Escribe a ana@zarapito.es {SIGNATURE}"), AUTO, {}),
    ("too_long", replace(THANKS, text="a" * 270 + SIGNATURE), AUTO, {}),
    ("empty", replace(THANKS, text=" "), AUTO, {}),
    ("survey_fatigue", ASK, AUTO, {"facts": {"last_survey": ASKED}}),
]


@pytest.mark.parametrize(("reason", "action", "rules", "known"), FORBIDDEN)
@pytest.mark.parametrize("mode", [None, Mode.APPROVE, Mode.SHADOW])
def test_what_nobody_may_lift_is_blocked_in_every_mode(  # noqa: PLR0913
    judge: Judge,
    tell: Tell,
    *,
    reason: str,
    action: Reply | Ask,
    rules: Rules,
    known: dict[str, Any],
    mode: Mode | None,
) -> None:
    if mode is not None and reason != "mode_off":
        rules = replace(rules, elsewhere=replace(rules.elsewhere, mode=mode))

    ruling = judge(action, tell("¡Me encantan!", **known), rules)

    assert ruling.verdict is Verdict.BLOCK
    assert rule_of(ruling) == reason
    assert reason_in_english(ruling.reason).startswith(f"{reason.replace('_', ' ')}: ")


def test_who_asks_to_be_left_alone_is_so_at_once(judge: Judge, tell: Tell) -> None:
    assert rule_of(judge(THANKS, tell("dejad de escribirme"))) == "opted_out"


def test_the_summons_is_asked_for_only_where_the_platform_does(judge: Judge, tell: Tell) -> None:
    unsummoned = tell("¡Me encantan!", mention={"summoned": False})
    free = with_channel(must_be_summoned=False)

    assert judge(THANKS, unsummoned, free).verdict is Verdict.SEND
    assert "does not ask for a summons" in reason_in_english(judge(THANKS, unsummoned, free).reason)


def test_the_reason_names_the_kind_of_personal_data_not_the_data(judge: Judge, tell: Tell) -> None:
    ruling = judge(replace(THANKS, text="Escribe a ana@zarapito.es"), tell("¡Hola!"))

    assert ruling.reason == because("policy.personal_data", found=("email",))


FOR_A_PERSON: list[tuple[str, Reply | Ask, Rules, dict[str, Any]]] = [
    ("unsure", THANKS, AUTO, {"abstained": True}),
    ("degraded", THANKS, AUTO, {"degraded": True}),
    ("draft", replace(THANKS, draft_only=True), AUTO, {}),
    ("kind", replace(THANKS, kind=ReplyKind.ANSWER), AUTO, {}),
    ("kind", THANKS, replace(AUTO, auto_kinds=frozenset({ReplyKind.SURVEY})), {}),
    ("kind", ASK, replace(AUTO, auto_kinds=frozenset({ReplyKind.THANKS})), {}),
    ("no_disclosure", replace(THANKS, text="¡Gracias!"), AUTO, {}),
    ("too_old", THANKS, AUTO, {"now": TUESDAY_NOON + timedelta(days=20)}),
    ("too_old", THANKS, replace(AUTO, answer_within=timedelta(hours=2)), {"now": TUESDAY_NOON + timedelta(hours=3)}),
    ("too_old", ASK, AUTO, {"now": TUESDAY_NOON + timedelta(days=20)}),
    ("conversation_cap", THANKS, AUTO, {"facts": {"auto_replies_in_conversation": 1}}),
    ("author_cap", THANKS, AUTO, {"facts": {"auto_replies_to_author_today": 3}}),
    ("author_cap", ASK, AUTO, {"facts": {"auto_replies_to_author_today": 3}}),
    ("hour_cap", THANKS, AUTO, {"facts": {"auto_replies_this_hour": 30}}),
    ("day_cap", THANKS, AUTO, {"facts": {"auto_replies_today": 300}}),
    (
        "quiet_hours",
        THANKS,
        replace(AUTO, quiet=QuietHours(zone=MADRID, since=time(22), until=time(8))),
        {"now": datetime(2026, 5, 12, 20, 30, tzinfo=UTC)},
    ),
]


@pytest.mark.parametrize(("reason", "action", "rules", "known"), FOR_A_PERSON)
def test_what_needs_a_person_waits_for_one(  # noqa: PLR0913
    judge: Judge, tell: Tell, *, reason: str, action: Reply | Ask, rules: Rules, known: dict[str, Any]
) -> None:
    ruling = judge(action, tell("¡Me encantan!", **known), rules)

    assert ruling.verdict is Verdict.APPROVE
    assert rule_of(ruling) == reason
    assert reason_in_english(ruling.reason).startswith(f"{reason.replace('_', ' ')}: ")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Mi abogado os escribirá", "legal"),
        ("I will sue you", "legal"),
        ("acabé en el hospital", "health"),
        ("me dio alergia", "health"),
        ("the battery exploded and caught fire", "safety"),
        ("se ha encendido una chispa en el cable y huele a quemado", "safety"),
        ("el radiador echa humo por la rejilla", "safety"),
        ("hay olor fuertísimo a gas en el pasillo", "safety"),
        ("la batería del patinete se ha hinchado", "safety"),
        ("Gas smell by the new meter your man fitted", "safety"),
        ("Smoke came out of the base today", "safety"),
        ("carbon monoxide alarm going on floor 3", "safety"),
        ("Indecopi será, no me dejan otra", "legal"),
        ("SERNAC ya tiene el reclamo ingresado", "legal"),
        ("si no me solucionan hoy me voy a la SIC", "legal"),
        ("mañana pongo la reclamación en consumo", "legal"),
        ("my solicitor will be in touch on Monday", "legal"),
        ("I am filing in the consumer forum this week", "legal"),
        ("mi padre falleció ayer", "death"),
        ("my mother died last week", "death"),
        ("se ha muerto mi perro", "death"),
        ("ha muerto el titular de la línea", "death"),
        ("ha muerto Carmen, que os compraba siempre", "death"),
        ("quiero matarme", "self-harm"),
        ("I want to kill myself", "self-harm"),
    ],
)
def test_delicate_matters_are_never_automatic(judge: Judge, tell: Tell, text: str, topic: str) -> None:
    ruling = judge(THANKS, tell(text))

    assert ruling.verdict is Verdict.APPROVE
    assert ruling.reason == because("policy.delicate", topic=topic)


@pytest.mark.parametrize(
    "text",
    [
        "our kettle has died on easter sunday of all days",
        "Ha muerto mi lavavajillas a los 19 años, qué bien salió",
        "Se ha muerto la pila del despertador",
        "Una caldera nueva, y baja el consumo de gas",
        "the lamp has a warm glow and a smart switch, sparks joy",
    ],
)
def test_the_end_of_a_thing_is_no_death_and_a_word_no_danger(judge: Judge, tell: Tell, text: str) -> None:
    assert judge(THANKS, tell(text)).verdict is Verdict.SEND


def test_one_automatic_text_a_conversation_be_it_thanks_or_a_question(judge: Judge, tell: Tell) -> None:
    replied = tell("¡Gracias!", facts={"auto_replies_in_conversation": 1})

    assert judge(ASK, replied).verdict is Verdict.APPROVE
    assert judge(THANKS, replied).verdict is Verdict.APPROVE
    assert judge(ASK, tell("¡Gracias!")).verdict is Verdict.SEND


def test_caps_are_the_owners(judge: Judge, tell: Tell) -> None:
    generous = replace(AUTO, caps=Caps(per_conversation=2))

    assert judge(THANKS, tell("¡Gracias!", facts={"auto_replies_in_conversation": 1}), generous).verdict is Verdict.SEND


def test_shadow_only_writes_down_and_says_what_would_have_happened(judge: Judge, tell: Tell) -> None:
    shadow = with_channel(mode=Mode.SHADOW)

    sent = judge(THANKS, tell("¡Gracias!"), shadow)
    held = judge(THANKS, tell("¡Gracias!", abstained=True), shadow)

    assert (sent.verdict, held.verdict) == (Verdict.SHADOW, Verdict.SHADOW)
    assert sent.reason == because("policy.shadow_mode")
    assert held.reason == because("policy.shadow_mode_waits", why=because("policy.unsure"))


def test_in_approve_mode_a_person_sends(judge: Judge, tell: Tell) -> None:
    ruling = judge(THANKS, tell("¡Gracias!", abstained=True), with_channel(mode=Mode.APPROVE))

    assert ruling.verdict is Verdict.APPROVE
    assert ruling.reason == because("policy.approve_mode_also", why=because("policy.unsure"))


def test_a_missing_signature_matters_only_to_what_would_leave_alone(judge: Judge, tell: Tell) -> None:
    unsigned = replace(THANKS, text="¡Gracias!")

    held = judge(unsigned, tell("¡Hola!"), with_channel(mode=Mode.APPROVE))
    noted = judge(unsigned, tell("¡Hola!"), with_channel(mode=Mode.SHADOW))

    assert held.reason == because("policy.approve_mode")
    assert noted.reason == because("policy.shadow_mode")
    assert judge(unsigned, tell("¡Hola!"), replace(AUTO, disclosure=False)).verdict is Verdict.SEND


def test_the_default_mode_asks_a_person(personal_data: PersonalData, tell: Tell) -> None:
    assert rule_book(personal_data, Rules()).judge(THANKS, tell("¡Gracias!")).verdict is Verdict.APPROVE


def test_a_channel_has_its_own_rules(judge: Judge, tell: Tell) -> None:
    rules = replace(AUTO, channels={"x": ChannelRules(mode=Mode.OFF)})

    assert judge(THANKS, tell("¡Gracias!"), rules).verdict is Verdict.BLOCK
    assert judge(THANKS, tell("¡Gracias!", mention={"channel": "masto"}), rules).verdict is Verdict.SEND


@pytest.mark.parametrize(
    "action",
    [
        Route(desk="casos", reason="queja", urgency=Urgency.LOW),
        Alert(desk="alertas", reason="urgente"),
        Close(reason="solved"),
        Silence(reason="spam"),
    ],
)
def test_what_stays_in_the_house_always_goes(judge: Judge, tell: Tell, action: Action) -> None:
    ruling = judge(action, tell("dejad de escribirme", abstained=True), with_channel(mode=Mode.OFF))

    assert ruling.verdict is Verdict.SEND
    assert rule_of(ruling).startswith("inside_")


@pytest.mark.parametrize(("hour", "quiet"), [(21, False), (22, True), (0, True), (7, True), (8, False), (12, False)])
def test_quiet_hours_span_midnight_in_local_time(hour: int, quiet: bool) -> None:
    night = QuietHours(zone=MADRID, since=time(22), until=time(8))

    assert night.hold(datetime(2026, 5, 12, hour, 0, tzinfo=MADRID)) is quiet


def test_quiet_hours_may_be_by_day_or_none_at_all() -> None:
    siesta = QuietHours(zone=MADRID, since=time(14), until=time(16))
    never = QuietHours(zone=MADRID, since=time(9), until=time(9))

    assert siesta.hold(datetime(2026, 5, 12, 15, 0, tzinfo=MADRID))
    assert not siesta.hold(datetime(2026, 5, 12, 16, 0, tzinfo=MADRID))
    assert not never.hold(datetime(2026, 5, 12, 9, 0, tzinfo=MADRID))


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        ("2026-10-25 00:10", "2026-10-25 00:30"),
        # the clocks went back, and it is quiet once more until half past two
        ("2026-10-25 01:15", "2026-10-25 01:30"),
        ("2026-10-25 22:30", "2026-10-26 01:30"),
        ("2026-03-28 23:00", "2026-03-29 01:30"),
    ],
)
def test_nobody_is_called_early_when_the_clocks_change(moment: str, over: str) -> None:
    night = QuietHours(zone=MADRID, since=time(23), until=time(2, 30))
    at, ends = (datetime.fromisoformat(f"{each}+00:00") for each in (moment, over))

    assert night.hold(at)
    assert night.over(at) == ends
    assert not night.hold(ends)


TEXTS = st.sampled_from(["¡Me encantan!", "dejad de escribirme", "stop", "mi abogado os llamará", "gracias"])


@given(
    text=TEXTS,
    mention=st.fixed_dictionaries({name: st.booleans() for name in ("summoned", "backfilled", "by_brand")}),
    opted_out=st.booleans(),
    automated=st.booleans(),
    counts=st.tuples(*[st.integers(0, 4)] * 2),
    abstained=st.booleans(),
    length=st.integers(1, 400),
    leak=st.booleans(),
    signed=st.booleans(),
    is_ask=st.booleans(),
    draft=st.booleans(),
    asked_days_ago=st.none() | st.integers(0, 60),
)
def test_auto_mode_never_sends_what_it_must_not(  # noqa: PLR0913
    tell: Tell,
    personal_data: PersonalData,
    *,
    text: str,
    mention: dict[str, bool],
    opted_out: bool,
    automated: bool,
    counts: tuple[int, int],
    abstained: bool,
    length: int,
    leak: bool,
    signed: bool,
    is_ask: bool,
    draft: bool,
    asked_days_ago: int | None,
) -> None:
    asked = None if asked_days_ago is None else replace(ASKED, asked_at=TUESDAY_NOON - timedelta(days=asked_days_ago))
    said = ("a@b.es " if leak else "") + "a" * length + (SIGNATURE if signed else "")
    action = replace(ASK, text=said) if is_ask else replace(THANKS, text=said, draft_only=draft)
    situation = tell(
        text,
        mention=mention,
        customer={"opted_out": opted_out},
        facts={
            "author_is_automated": automated,
            "auto_replies_in_conversation": counts[0],
            "auto_replies_to_author_today": counts[1],
            "last_survey": asked,
        },
        abstained=abstained,
    )

    ruling = rule_book(personal_data).judge(action, situation)

    assert ": " in reason_in_english(ruling.reason)
    if ruling.verdict is not Verdict.SEND:
        return
    assert mention == {"summoned": True, "backfilled": False, "by_brand": False}
    assert [opted_out, automated, abstained, leak] == [False] * 4
    assert text in {"¡Me encantan!", "gracias"}
    assert signed
    assert len(said) <= 280
    assert counts[1] < 3
    assert is_ask or counts[0] == 0
    assert is_ask or not draft
    assert not is_ask or asked_days_ago is None or asked_days_ago >= 30


MAYA = Agent(id="discord:1", name="Maya")
LEO = Agent(id="discord:2", name="Leo", rank=Rank.LEAD)


@pytest.fixture
def judge_person(personal_data: PersonalData) -> Callable[..., Ruling]:
    def by(text: str | None, situation: Situation, rules: Rules = AUTO, agent: Agent = MAYA) -> Ruling:
        return rule_book(personal_data, rules).judge_person(text, situation, agent)

    return by


def test_what_a_person_writes_goes_and_names_them(judge_person: Judge, tell: Tell) -> None:
    ruling = judge_person("Te llamamos hoy", tell("¿Y mi pedido?"))

    assert (ruling.verdict, rule_of(ruling)) == (Verdict.SEND, "a_person_writes")
    assert "Maya" in reason_in_english(ruling.reason)


@pytest.mark.parametrize("mode", [Mode.APPROVE, Mode.AUTO])
def test_caps_quiet_hours_and_modes_are_for_the_machine(judge_person: Judge, tell: Tell, mode: Mode) -> None:
    rules = replace(
        with_channel(mode=mode),
        caps=Caps(per_conversation=0, per_hour=0),
        quiet=QuietHours(zone=MADRID, since=time(0), until=time(23, 59)),
    )
    situation = tell("mi abogado os escribirá", facts={"author_is_automated": True}, abstained=True)

    assert judge_person("Te llamamos hoy", situation, rules).verdict is Verdict.SEND


Forbidden = tuple[str, str | None, Rules, dict[str, Any]]
FORBIDDEN_TO_PEOPLE: list[Forbidden] = [
    ("mode_off", None, with_channel(mode=Mode.OFF), {}),
    ("shadow_for_people", None, with_channel(mode=Mode.SHADOW), {}),
    ("not_summoned", None, AUTO, {"mention": {"summoned": False}}),
    ("own_voice", None, AUTO, {"mention": {"by_brand": True}}),
    ("backfilled", None, AUTO, {"mention": {"backfilled": True}}),
    ("opted_out", None, AUTO, {"customer": {"opted_out": True}}),
    ("opted_out", None, AUTO, {"customer": {"opted_out": True, "opted_out_at": TUESDAY_NOON}}),
    ("erased", None, AUTO, {"customer": {"erased_at": TUESDAY_NOON}}),
    ("personal_data", "escribe a ana@example.org", AUTO, {}),
    ("too_long", "a" * 281, AUTO, {}),
    ("empty", " ", AUTO, {}),
]


@pytest.mark.parametrize("forbidden", FORBIDDEN_TO_PEOPLE, ids=lambda row: row[0])
def test_what_nobody_can_lift_binds_people_too(judge_person: Judge, tell: Tell, forbidden: Forbidden) -> None:
    rule, text, rules, known = forbidden
    ruling = judge_person(text, tell("¿Y mi pedido?", **known), rules, LEO)

    assert (ruling.verdict, rule_of(ruling)) == (Verdict.BLOCK, rule)


def test_a_text_is_as_long_as_its_platform_counts(judge_person: Judge, tell: Tell) -> None:
    twice = replace(AUTO, elsewhere=replace(AUTO.elsewhere, length=lambda text: 2 * len(text)))

    assert judge_person("a" * 140, tell("¿Y mi pedido?"), twice).verdict is Verdict.SEND
    ruling = judge_person("a" * 141, tell("¿Y mi pedido?"), twice)
    assert rule_of(ruling) == "too_long"
    assert "282" in str(ruling.reason)


def test_who_turns_to_us_after_asking_for_peace_may_be_answered_by_a_person(judge_person: Judge, tell: Tell) -> None:
    before = TUESDAY_NOON - timedelta(minutes=1)
    known: dict[str, Any] = {"customer": {"opted_out": True, "opted_out_at": before}}

    assert judge_person("Claro", tell("¿Y mi pedido?", **known)).verdict is Verdict.SEND
    assert rule_of(judge_person("Claro", tell("No me escribáis más", **known))) == "opted_out"


@pytest.mark.parametrize(
    ("second", "held"),
    [(SecondPerson.NEVER, []), (SecondPerson.AGENTS, [MAYA]), (SecondPerson.ALWAYS, [MAYA, LEO])],
)
def test_the_owner_may_want_a_second_person(
    judge_person: Judge, tell: Tell, second: SecondPerson, held: list[Agent]
) -> None:
    rules = replace(AUTO, second_person=second)
    rulings = {agent: judge_person("Claro", tell("¿Y mi pedido?"), rules, agent) for agent in (MAYA, LEO)}

    assert [agent for agent, ruling in rulings.items() if ruling.verdict is Verdict.APPROVE] == held
    assert {rule_of(rulings[agent]) for agent in held} <= {"second_person"}


@pytest.mark.parametrize(
    ("text", "visibility", "verdict"),
    [
        ("Te escribimos a ana@correo.example", Visibility.PRIVATE, Verdict.SEND),
        ("Te escribimos a ana@correo.example", Visibility.PUBLIC, Verdict.BLOCK),
    ],
)
def test_in_private_a_person_may_write_what_reaches_the_customer(
    personal_data: PersonalData, tell: Tell, text: str, visibility: Visibility, verdict: Verdict
) -> None:
    situation = tell("¿me llamáis?", mention={"visibility": visibility})

    assert rule_book(personal_data).judge_person(text, situation, Agent(id="1", name="Maya")).verdict is verdict


def test_no_card_is_written_in_private_either(tell: Tell) -> None:
    situation = tell("¿me llamáis?", mention={"visibility": Visibility.PRIVATE})

    ruling = rule_book(Recogniser()).judge_person(
        "Tu tarjeta 4111 1111 1111 1111", situation, Agent(id="1", name="Maya")
    )

    assert ruling.reason == because("policy.personal_data", found=("card",))


def test_that_somebody_was_heard_is_said_however_they_are_read(judge: Judge, tell: Tell) -> None:
    """Whoever writes the one word that we ask for must not wait for a person to let "a person comes" go."""
    receipt = replace(THANKS, kind=ReplyKind.RECEIPT)
    rules = replace(AUTO, auto_kinds=AUTO.auto_kinds | {ReplyKind.RECEIPT})

    assert judge(receipt, tell("persona", abstained=True), rules).verdict is Verdict.SEND
    assert judge(THANKS, tell("persona", abstained=True), rules).verdict is Verdict.APPROVE


def test_who_was_asked_a_month_ago_to_the_day_may_be_asked_again(judge: Judge, tell: Tell) -> None:
    month = AUTO.survey_every
    asked = replace(ASKED, asked_at=TUESDAY_NOON - month)

    assert judge(ASK, tell("ya está", facts={"last_survey": asked})).verdict is Verdict.SEND
    later = replace(asked, asked_at=asked.asked_at + timedelta(microseconds=1))
    assert rule_of(judge(ASK, tell("ya está", facts={"last_survey": later}))) == "survey_fatigue"
