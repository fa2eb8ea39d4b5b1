"""A card says what an agent needs, and nothing a customer wrote can style or move the screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.desk.cards import card_of_file
from bot.desk.labels import Labels, account, labels
from bot.desk.plain import QUOTE_LENGTH, plain
from bot.desk.views import card_view
from bot.domain.action import Action, Reply, SurveyKind
from bot.domain.case import CaseState, Outcome, Resolution
from bot.domain.experience import Experience
from bot.domain.outbox import JobState, Verdict
from bot.domain.ports.record import CaseFile
from bot.domain.promise import PromiseState
from bot.domain.reading import Intent, Language, Sentiment, Stage, Urgency
from bot.domain.reason import because

MADRID = ZoneInfo("Europe/Madrid")
THIS_YEAR = datetime(2026, 5, 12, 12, 3, tzinfo=UTC)
ES, EN = (labels(language, MADRID, now=lambda: THIS_YEAR) for language in (Language.ES, Language.EN))
Terminal = Callable[..., Console]
Screen = Callable[[Console], str]

HOSTILE = (
    "\x1b[31mrojo\x1b[0m \x1b]8;;https://evil.example\x07pulsa\x1b]8;;\x07 \x1b[2J\x1b[H \x9b31m",
    "[red]rojo[/red] [bold]fuerte[/] [/nada] [link=https://evil.example]pulsa[/link] :boom:",
    "\u202eodal led\u202c \u2066x\u2069 \u200b\u200f oculto",
    "una\r\ncosa\x08\x08\x08\x08 y\totra\x00\x07",
    "Z̸̡̢̧̨̛̗̘̙̜̝̞̟̠̣̤̥̦̩̪̫̬̭̮̯̰̱̲̳̹̺̻̼͇͈͉͍͎̀́̂̃̄̅̆̇̈̉̊̋̌̍̎̏̐̑̒̓̔̽̾̿̀́͂̓̈́͆͊͋͌̕̚ͅalgo",
)


def test_the_card_holds_what_the_drawing_shows(case_file: CaseFile) -> None:
    card = card_of_file(case_file, ES)

    assert card.title == "#1042 · ENTREGA + ATENCIÓN · después de la compra"
    assert [clock.text for clock in card.clocks] == [
        "1.ª respuesta: quedan 22 min (12 may 14:24)",
        "solución: quedan 2 d (14 may 14:02)",
    ]
    assert card.clocks[0].due == "1.ª respuesta: antes del 12 may 14:24"
    assert card.customer == (
        "X @marta_g · Marta G · 3 experiencias previas (última: ✔ recuperado, 21 abr) · NPS 4 (abril 2026)"
    )
    assert card.quote == "“El paquete llegó roto y llevo dos días sin respuesta 😡”"
    assert (card.quote_about, card.link) == ("es · X · 12 may 14:02", "https://x.com/i/status/900")
    assert [(row.sign, row.place, row.confidence, row.evidence) for row in card.rows] == [
        ("−", "Entrega", "91 %", "“llegó roto”"),
        ("−", "Atención", "84 %", "“dos días sin respuesta”"),
    ]
    assert (card.expected, card.intents) == ("Esperaba: “respuesta antes”", "Intención: queja + petición (70 %)")
    assert card.answers == (
        "respuesta: espera aprobación — borrador: este texto es una propuesta para una persona (espera a una persona)",
    )
    assert card.owner == "Asignado: —"


def test_a_case_that_nobody_heard_more_of_ended_without_a_sign(case_file: CaseFile) -> None:
    assert case_file.before
    before = replace(case_file.before, outcome=Outcome.NO_ANSWER)

    card = card_of_file(replace(case_file, before=before), ES)

    assert "3 experiencias previas (última: sin más noticias, 21 abr)" in card.customer


def test_the_same_card_in_english(case_file: CaseFile) -> None:
    card = card_of_file(case_file, EN)

    assert card.title == "#1042 · DELIVERY + SUPPORT · after the purchase"
    assert card.clocks[0].text == "first answer: 22 min left (12 May 14:24)"
    assert card.customer.endswith("3 earlier experiences (last: ✔ recovered, 21 Apr) · NPS 4 (April 2026)")
    assert card.rows[0].confidence == "91%"
    assert card.answers == (
        "reply: waits for approval — draft: this text is a proposal for a person (waits for a person)",
    )


@pytest.mark.parametrize(
    ("words", "channel", "shown"),
    [(ES, "mailbox", "correo"), (EN, "mailbox", "e-mail"), (ES, "x", "X"), (EN, "help_desk", "Help desk")],
)
def test_the_channel_is_called_as_people_call_it(case_file: CaseFile, words: Labels, channel: str, shown: str) -> None:
    lines = tuple(replace(line, channel=channel) for line in case_file.interactions)

    card = card_of_file(replace(case_file, interactions=lines), words)

    assert f" · {shown} · " in card.quote_about


def test_a_case_without_words_or_experiences_is_still_a_card(case_file: CaseFile) -> None:
    bare = replace(case_file, case=replace(case_file.case, touchpoints=()), experiences=(), interactions=())

    card = card_of_file(bare, ES)

    assert (card.title, card.quote, card.rows) == ("#1042 · SIN PUNTO DE CONTACTO", "“(sin texto)”", ())


def test_clocks_say_late_and_stop_when_the_case_is_closed(case_file: CaseFile) -> None:
    case = case_file.case
    late = card_of_file(case_file, ES, case.first_answer_due + timedelta(hours=3))
    answered = replace(case_file, case=case.answered(case.opened_at))
    closed = replace(case_file, case=case.resolved(case.opened_at, Outcome.RECOVERED))

    assert (late.clocks[0].text, late.late) == ("1.ª respuesta: tarde, 3 h (12 may 14:24)", True)
    assert late.clocks[0].due == "1.ª respuesta: vencida desde el 12 may 14:24"
    assert [clock.text for clock in card_of_file(answered, ES).clocks] == ["solución: quedan 2 d (14 may 14:02)"]
    assert [clock.text for clock in card_of_file(closed, ES).clocks] == ["resuelto el 12 may 14:02"]
    assert card_of_file(closed, ES).standing == "urgente · resuelto (recuperado)"


def test_what_agents_did_is_on_the_card(case_file: CaseFile) -> None:
    case = case_file.case.assigned_to("discord:5")
    asleep = replace(case_file, case=case.snoozed(case.opened_at, case.opened_at + timedelta(hours=19)))
    waiting = replace(case_file, case=case.snoozed(case.opened_at, None))
    solved = case.resolved(case.opened_at, None, resolution=Resolution.SOLVED, fixed_by="otro paquete")
    by_hand = replace(case_file.experiences[0], corrected_by="discord:5")

    assert card_of_file(asleep, ES).owner == "Asignado: Maya"
    assert card_of_file(asleep, ES).standing == "urgente · nuevo · pospuesto hasta el 13 may 09:02"
    assert card_of_file(waiting, EN).standing == "urgent · new · snoozed until they write"
    assert (
        card_of_file(replace(case_file, case=solved), ES).resolution == "Cierre: resuelto · lo arregló: “otro paquete”"
    )
    assert card_of_file(replace(case_file, experiences=(by_hand,)), ES).rows[0].confidence == "corregida"
    assert card_of_file(replace(case_file, experiences=(by_hand,)), ES).intents == "Intención: queja"


def test_an_answer_that_could_not_be_sent_says_why(case_file: CaseFile) -> None:
    dead = replace(case_file.jobs[0], state=JobState.DEAD, error=because("outbox.no_voice", channel="x"))

    (answer,) = card_of_file(replace(case_file, jobs=(dead,)), ES).answers

    assert answer.endswith("(fallido: sin voz: el canal x no está configurado para responder)")


@pytest.mark.parametrize(("words", "more"), [(ES, "y 3 más"), (EN, "and 3 more")])
def test_the_newest_experiences_are_on_the_card_and_it_says_how_many_came_before(
    words: Labels, more: str, case_file: CaseFile, terminal: Terminal, screen: Screen
) -> None:
    many = replace(case_file, experiences=_told(11, case_file))
    few, console = replace(case_file, experiences=_told(8, case_file)), terminal(80)

    card = card_of_file(many, words)
    console.print(card_view(card, words))
    shown = [line.strip("│ ") for line in screen(console).splitlines()]

    assert [row.evidence for row in card.rows] == [f"“vez {n}.”" for n in range(4, 12)]
    assert shown[shown.index(next(line for line in shown if "vez 11." in line)) + 1] == more
    assert card_of_file(few, words).older == 0


@pytest.mark.parametrize(("words", "more"), [(ES, "y 2 más"), (EN, "and 2 more")])
def test_of_many_promises_and_answers_the_newest_five_are_shown_and_how_many_came_before(
    words: Labels, more: str, case_file: CaseFile, terminal: Terminal, screen: Screen
) -> None:
    promises = tuple(replace(case_file.promises[0], what=f"promesa {n}") for n in range(1, 8))
    answer = next(job for job in case_file.jobs if isinstance(job.action, Reply))
    many, console = replace(case_file, promises=promises, jobs=(answer,) * 7), terminal(80)

    card = card_of_file(many, words)
    console.print(card_view(card, words))
    shown = [line.strip("│ ") for line in screen(console).splitlines()]

    assert (len(card.promises), len(card.answers)) == (5, 5)
    assert shown[shown.index(next(line for line in shown if "promesa 7" in line)) + 1] == more
    assert sum(line.startswith(more) for line in shown) == 2


def _told(times: int, case_file: CaseFile) -> tuple[Experience, ...]:
    return tuple(replace(case_file.experiences[0], evidence=f"vez {n}.") for n in range(1, times + 1))


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("width", [80, 120])
def test_hostile_text_neither_styles_nor_moves_the_terminal(
    hostile: str, width: int, case_file: CaseFile, terminal: Terminal, screen: Screen
) -> None:
    console = terminal(width)
    console.print(card_view(card_of_file(_spoilt(case_file, hostile), ES), ES))
    shown = screen(console)

    assert not [character for character in shown.replace("\n", "") if unicodedata.category(character) in ("Cc", "Cs")]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f")
    assert {cell_len(line) for line in shown.splitlines()} == {width}


def test_mark_up_is_shown_as_the_customer_wrote_it(case_file: CaseFile, terminal: Terminal, screen: Screen) -> None:
    console = terminal(120, colour=True)
    console.print(card_view(card_of_file(_spoilt(case_file, "[red]rojo[/red] :boom:"), ES), ES))

    assert "“[red]rojo[/red] :boom:”" in screen(console)
    assert "evil" not in screen(console)


def test_a_long_text_is_cut() -> None:
    assert len(plain("palabra " * 5000)) <= QUOTE_LENGTH
    assert plain("palabra " * 5000).endswith("…")


@pytest.mark.parametrize("text", ["我的包裹坏了，两天没有人回复", "familia 👨‍👩‍👧 y bandera 🇪🇸 y café", "ｗｉｄｅ"])
@pytest.mark.parametrize("width", [80, 120])
def test_wide_characters_keep_the_frame_straight(
    text: str, width: int, case_file: CaseFile, terminal: Terminal, screen: Screen
) -> None:
    console = terminal(width)
    console.print(card_view(card_of_file(_spoilt(case_file, text), ES), ES))

    assert {cell_len(line) for line in screen(console).splitlines()} == {width}
    assert text.split(maxsplit=1)[0] in screen(console)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("ana", "@ana"), ("@ana", "@ana"), ("ana@example.org", "ana@example.org"), ("Ana Gil", "Ana Gil")],
)
def test_accounts_have_one_at_sign(name: str, shown: str) -> None:
    assert account(name) == shown


_SETS: dict[str, type[StrEnum]] = {
    "stage": Stage,
    "stage_column": Stage,
    "intent": Intent,
    "sentiment": Sentiment,
    "urgency": Urgency,
    "state": CaseState,
    "outcome": Outcome,
    "resolution": Resolution,
    "card.language": Language,
    "verdict": Verdict,
    "job": JobState,
    "promise": PromiseState,
    "survey": SurveyKind,
    "language": Language,
}


@pytest.mark.parametrize("words", [ES, EN])
@pytest.mark.parametrize("group", _SETS)
def test_every_label_of_the_domain_has_a_name(words: Labels, group: str) -> None:
    assert all(words.say(f"{group}.{kind}") for kind in _SETS[group])


@pytest.mark.parametrize("words", [ES, EN])
def test_every_action_has_a_name(words: Labels) -> None:
    assert all(words.say(f"action.{kind.__name__.lower()}") for kind in get_args(Action))


def _spoilt(file: CaseFile, text: str) -> CaseFile:
    """Everywhere where a customer's words can get."""
    handle = replace(file.opened_by.author, name=text)
    return replace(
        file,
        customer=replace(file.customer, name=text, handles=(handle,)),
        opened_by=replace(file.opened_by, author=handle, text=text, url=text),
        interactions=tuple(replace(each, text=text, actor=text) for each in file.interactions),
        experiences=tuple(replace(each, evidence=text, expectation=text, what=text) for each in file.experiences),
        promises=tuple(replace(each, what=text) for each in file.promises),
        case=file.case.assigned_to(text),
    )


@pytest.mark.parametrize(
    ("evidence", "confidence", "corrected", "quoted"),
    [
        ("no", 0.22, None, False),
        ("¡¡ y no !!", 0.49, None, False),
        ("😡", 0.22, None, False),
        ("no", 0.91, None, True),
        ("no", 0.22, "discord:5", True),
        ("llegó roto", 0.22, None, True),
        ("  ", 0.91, None, False),
    ],
)
def test_a_word_that_the_model_doubts_is_not_quoted_as_what_supports_it(
    evidence: str, confidence: float, corrected: str | None, quoted: bool, case_file: CaseFile
) -> None:
    lived = replace(case_file.experiences[0], evidence=evidence, confidence=confidence, corrected_by=corrected)
    (shown,) = card_of_file(replace(case_file, experiences=(lived,)), ES).rows

    assert shown.evidence == (f"“{evidence}”" if quoted else "")
    assert (shown.place, shown.feeling) == ("Entrega", "negativa")
