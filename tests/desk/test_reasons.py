"""Every reason the house can have has its sentence in both languages, and older words stay as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from bot.desk.cards import verdict
from bot.desk.labels import labels
from bot.desk.reasons import reason_in, reason_in_english
from bot.domain.action import ReplyKind
from bot.domain.agent import Rank
from bot.domain.outbox import Ruling
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language
from bot.domain.reason import Why, because
from bot.insight.wording import wording
from responders.delicate import Topic
from responders.escalate import Cause
from responders.progress import Progress
from responders.route import _UNHAPPY, _WISHES

ROOT = Path(__file__).parents[2]
ES, EN = (wording(language, "bot.desk") for language in (Language.ES, Language.EN))
NAMED = re.compile(r"""(?:because|_go)\(\s*"([a-z_.]+)"((?:[^()]|\([^()]*\))*)\)""")
DYNAMIC = {
    **{f"escalate.{cause}": "" for cause in (*Topic, *Cause)},
    **{f"route.{change}": "wishes=" for change in Progress},
    "outbox.paused": "by=",
}


def reasons() -> Iterator[tuple[str, set[str]]]:
    """Each reason in the source with the names of its values."""
    files = [file for room in ("bot", "responders") for file in sorted((ROOT / room).rglob("*.py"))]
    written = [found for file in files for found in NAMED.findall(file.read_text(encoding="utf-8"))]
    for name, values in (*written, *DYNAMIC.items()):
        yield name, set(re.findall(r"(\w+)=", values))


REASONS = dict(reasons())


@pytest.mark.parametrize("words", [ES, EN], ids=["es", "en"])
def test_every_reason_has_its_sentence_with_its_values(words: object) -> None:
    assert isinstance(words, type(ES))
    gaps = {
        name: {gap for _, gap, _, _ in Formatter().parse(words.phrases[f"reason.{name}"]) if gap} for name in REASONS
    }

    assert len(REASONS) > 60
    assert gaps == REASONS


def test_no_sentence_is_left_over() -> None:
    assert {key for key in ES.phrases if key.startswith("reason.")} == {f"reason.{name}" for name in REASONS}


LABELS = {
    "topic": tuple(Topic),
    "reply": tuple(ReplyKind),
    "wish": (*_WISHES, _UNHAPPY),
    "rank": tuple(Rank),
    "personal_data": ("dni", "nie", "cif", "iban", "card", "phone", "email", "address", "order", "plate"),
    "fact": ("addressed", "no_summons"),
}


@pytest.mark.parametrize("group", LABELS)
def test_every_label_in_a_reason_has_its_word(group: str) -> None:
    for words in (ES, EN):
        assert {key for key in words.phrases if key.startswith(f"word.{group}.")} == {
            f"word.{group}.{label}" for label in LABELS[group]
        }


SAID: list[tuple[Why, str, str]] = [
    (
        because("policy.quiet_hours", since="22:00", until="08:00"),
        "horas de silencio: entre las 22:00 y las 08:00 nada sale solo",
        "quiet hours: nothing leaves alone between 22:00 and 08:00",
    ),
    (
        because("policy.approve_mode_also", why=because("policy.personal_data", found=("card",))),
        "modo aprobación: en este canal envía una persona; además, datos personales: el texto contiene una tarjeta",
        "approve mode: a person sends on this channel; also personal data: the text holds card",
    ),
    (
        because("policy.personal_data", found=("email", "passport")),
        "datos personales: el texto contiene un correo electrónico, passport",
        "personal data: the text holds email, passport",
    ),
    (
        because("outbox.gave_up", tries=4, why="503 from the {channel}"),
        "abandonado tras 4 intentos: 503 from the {channel}",
        "gave up after 4 tries: 503 from the {channel}",
    ),
    (
        because("policy.author_cap", n=1),
        "tope por persona: 1 texto automático a esta persona hoy",
        "author cap: 1 automatic text to this person today",
    ),
    (because("policy.day_cap", n=300), "tope diario: 300 textos automáticos hoy", "day cap: 300 automatic texts today"),
    (
        because("policy.survey_fatigue", days=1),
        "encuestas de más: ya se le preguntó en el último día",
        "survey fatigue: asked within the last day",
    ),
    (
        because("policy.survey_fatigue", days=30),
        "encuestas de más: ya se le preguntó en los últimos 30 días",
        "survey fatigue: asked within the last 30 days",
    ),
    (
        because("outbox.never_came_back", tries=1),
        "1 intento, y no se supo más",
        "1 try, and nothing came back",
    ),
    (
        because("doctor.database_good", mentions=1, cases=2),
        "se abre; 1 mención, 2 casos",
        "opens; 1 mention, 2 cases",
    ),
    (
        because("hush.opts_out"),
        "no quiere mensajes: pide que no le escribamos",
        "opt-out: the customer asks not to be written to",
    ),
    (
        because("outbox.opted_out_while_sending"),
        "pidió que no le escribiéramos mientras esto se enviaba; mira si llegó a oírse",
        "the customer asked not to be written to while this was being sent; check whether it was heard",
    ),
    ("escrito {a} mano", "escrito {a} mano", "escrito {a} mano"),
    (because("policy.of_tomorrow", n=3), "policy.of_tomorrow (n=3)", "policy.of_tomorrow (n=3)"),
    (because("policy.hour_cap"), "policy.hour_cap", "policy.hour_cap"),
]


@pytest.mark.parametrize(("why", "es", "en"), SAID)
def test_a_reason_is_said_in_the_readers_language(why: Why, es: str, en: str) -> None:
    assert (reason_in(ES, why), reason_in(EN, why), reason_in_english(why)) == (es, en, en)


def test_a_page_shows_the_words_an_earlier_version_kept(case_file: CaseFile) -> None:
    (job,) = case_file.jobs
    old = replace(job, ruling=Ruling(verdict=job.ruling.verdict, reason="unsure:\x1b[31m the model\nabstained"))

    assert "— unsure:" in verdict(old, labels(Language.ES, ZoneInfo("UTC")))
    assert "\n" not in verdict(old, labels(Language.ES, ZoneInfo("UTC")))
