"""Situations in one call: a text, how it was read, and what was known about its author."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.case import Case, CaseId, CaseState
from bot.domain.customer import Customer, CustomerId
from bot.domain.interaction import Interaction
from bot.domain.mention import Handle, Mention, MentionId
from bot.domain.ports.reader import PersonalDatum
from bot.domain.reading import Intent, Language, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.situation import Facts, Situation
from responders.knowledge import ArticleSearch, open_knowledge
from responders.templates import Phrasebook, open_templates

REPLIES = Path(__file__).parents[2] / "config" / "replies"
TUESDAY_NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
MARTA = CustomerId("c-marta")


def _read(**changes: Any) -> Reading:
    sentiment = changes.get("sentiment", Sentiment.NEUTRAL)
    known: dict[str, Any] = {
        "language": Language.ES,
        "language_confidence": 0.99,
        "sentiment": sentiment,
        "scores": {one: 0.9 if one is sentiment else 0.05 for one in Sentiment},
        "intents": (),
        "intent_scores": dict.fromkeys(Intent, 0.5),
        "touchpoints": (),
        "stage": None,
        "urgency": Urgency.LOW,
        "spans": (),
        "expectation": None,
        "spam": False,
        "about_brand": True,
        "abstained": False,
        "degraded": False,
        "model": "test@1",
    }
    return Reading(**(known | changes))


def _mention(text: str, **changes: Any) -> Mention:
    known: dict[str, Any] = {
        "channel": "x",
        "external_id": "77",
        "author": Handle(channel="x", account_id="4711", name="marta_g"),
        "posted_at": TUESDAY_NOON,
        "thread_id": "t1",
        "summoned": True,
    }
    return Mention(text=text, **(known | changes))


def _customer(**changes: Any) -> Customer:
    known: dict[str, Any] = {
        "id": MARTA,
        "handles": (),
        "name": "Marta",
        "language": None,
        "first_seen": TUESDAY_NOON - timedelta(days=90),
    }
    return Customer(**(known | changes))


def _tell(  # noqa: PLR0913
    text: str,
    *,
    mention: dict[str, Any] | None = None,
    customer: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    case: Case | None = None,
    cases: tuple[Case, ...] = (),
    now: datetime = TUESDAY_NOON,
    next_case_key: int = 0,
    history: tuple[Interaction, ...] = (),
    **reading: Any,
) -> Situation:
    return Situation(
        mention=_mention(text, **(mention or {})),
        reading=_read(**reading),
        customer=_customer(**(customer or {})),
        cases=cases,
        history=history,
        facts=Facts(**(facts or {})),
        now=now,
        case=case,
        next_case_key=next_case_key,
    )


def _case(**changes: Any) -> Case:
    known: dict[str, Any] = {
        "id": CaseId("case-1"),
        "key": 1042,
        "customer_id": MARTA,
        "channel": "x",
        "thread_id": "t1",
        "opened_by": MentionId("x:70"),
        "touchpoints": (Touchpoint.DELIVERY,),
        "state": CaseState.NEW,
        "urgency": Urgency.MEDIUM,
        "opened_at": TUESDAY_NOON - timedelta(days=1),
        "updated_at": TUESDAY_NOON - timedelta(days=1),
        "first_answer_due": TUESDAY_NOON,
        "solve_due": TUESDAY_NOON + timedelta(days=15),
    }
    return Case(**(known | changes))


@pytest.fixture(scope="session")
def tell() -> Callable[..., Situation]:
    """`tell(text, intents=…, sentiment=…, mention={…}, customer={…}, facts={…}, case=…, cases=…)`."""
    return _tell


@pytest.fixture(scope="session")
def a_case() -> Callable[..., Case]:
    """Marta's case #1042 about a delivery, changed by keyword."""
    return _case


@pytest.fixture(scope="session")
def answered_case() -> Case:
    """The brand has answered and waits for Marta."""
    return _case().answered(TUESDAY_NOON - timedelta(hours=3))


@pytest.fixture(scope="session")
def phrasebook() -> Phrasebook:
    return open_templates(REPLIES, brand="Zarapito", language=Language.ES)


class EmailsOnly:
    """The real recogniser's port, small: an @ inside a word is an address, eleven digits are a phone."""

    def find(self, text: str) -> list[PersonalDatum]:
        return [PersonalDatum(type="email", value=word) for word in text.split() if "@" in word[1:]]

    def redact(self, text: str, language: Language) -> str:
        del language
        return text


@pytest.fixture(scope="session")
def personal_data() -> EmailsOnly:
    return EmailsOnly()


ARTICLES = {
    "es/devoluciones.md": (
        "# ¿Cómo devuelvo un pedido?\nkeywords: devolución, devolver, cambio, talla, reembolso\n\n"
        "Tienes 30 días. Pide la etiqueta en la web y déjalo en cualquier punto de recogida. Es gratis."
    ),
    "es/envios.md": (
        "# ¿Cuánto tarda el envío?\nkeywords: envío, entrega, plazo, llega, pedido, seguimiento\n\n"
        "Entre 48 y 72 horas laborables en la península."
    ),
    "es/factura.md": "# ¿Dónde está mi factura?\nkeywords: factura, recibo, IVA\n\nEn tu cuenta, en Mis compras.",
    "es/horario.md": "# ¿Qué horario tienen las tiendas?\nkeywords: horario, abrir, domingo\n\nDe 10 a 20 h.",
    "en/returns.md": (
        "# How do I return an order?\nkeywords: return, refund, exchange, size\n\n"
        "You have 30 days. Ask for a label on the website and drop it anywhere."
    ),
    "en/delivery.md": (
        "# How long does delivery take?\nkeywords: delivery, shipping, parcel, tracking, order\n\n48 to 72 hours."
    ),
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    for name, text in ARTICLES.items():
        file = tmp_path / "knowledge" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "knowledge"


@pytest.fixture
def knowledge(articles: Path) -> Iterator[ArticleSearch]:
    search = open_knowledge(articles)
    yield search
    search.close()
