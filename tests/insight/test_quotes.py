"""Quotes show what was said and never who said it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.domain.digest import Quote
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.insight.quotes import QUOTE_LENGTH, choose_quotes, cut_around, without_names
from nlp.pii import Recogniser

BAD, GOOD = Sentiment.NEGATIVE, Sentiment.POSITIVE
Quoted = Callable[..., Quote]


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("@marta_g y @ana.b@fedi.example lo vieron", Language.ES, "[usuario] y [usuario] lo vieron"),
        ("thanks @joe, u/lucky_3 and /u/x-y know", Language.EN, "thanks [user], [user] and [user] know"),
        ("escríbeme a marta@example.org", Language.ES, "escríbeme a [dato]"),
        ("see https://x.com/marta/status/1 please", Language.EN, "see [link] please"),
        ("llámame\n al 600 123 456", Language.ES, "llámame al [dato]"),
        ("obrigado @joana", Language.PT, "obrigado [user]"),
    ],
)
def test_accounts_links_and_contact_data_are_masked(
    text: str, language: Language, shown: str, personal_data: PersonalData
) -> None:
    assert without_names(text, language, personal_data) == shown


def test_a_long_text_is_cut_in_whole_words_around_its_evidence() -> None:
    text = "palabra " * 60 + "el paquete llegó roto y vacío " + "relleno " * 60

    shown = cut_around(text.strip(), "llegó roto", QUOTE_LENGTH)

    assert len(shown) <= QUOTE_LENGTH
    assert "el paquete llegó roto y vacío" in shown
    assert shown.startswith("…palabra ")
    assert shown.endswith(" relleno…")


def test_a_quote_keeps_its_evidence_where_only_the_words_before_it_tell_what_is_masked(quoted: Quoted) -> None:
    text = "Llevo tres semanas preguntando en la tienda, por teléfono y por la web sin que nadie diga nada claro. " * 2
    said = quoted(f"{text}Mi pedido es el ZP-204871 y no llega", "ZP-204871 y no llega", Touchpoint.DELIVERY, BAD)

    [shown] = choose_quotes([said], language=Language.ES, personal_data=Recogniser(), first=None)

    assert shown.text.endswith("Mi pedido es el [pedido] y no llega")
    assert "ZP-204871" not in shown.evidence


def test_a_word_without_end_is_cut_too() -> None:
    shown = cut_around("a" * 5000, "a", QUOTE_LENGTH)

    assert len(shown) <= QUOTE_LENGTH


def _chosen(quotes: Sequence[Quote], personal_data: PersonalData, first: Touchpoint | None = None) -> tuple[Quote, ...]:
    return choose_quotes(quotes, language=Language.ES, personal_data=personal_data, first=first)


def test_quotes_come_from_various_touchpoints_and_one_is_glad(quoted: Quoted, personal_data: PersonalData) -> None:
    quotes = [
        *(quoted(f"otra caja rota, la número {n}", "rota", Touchpoint.DELIVERY, BAD) for n in "abcdef"),
        quoted("la factura está mal otra vez", "mal", Touchpoint.BILLING, BAD),
        quoted("la web se cae en el pago", "se cae", Touchpoint.WEBSITE_APP, BAD),
        quoted("la cola de la tienda no avanza", "cola", Touchpoint.STORE, BAD),
        quoted("la app tampoco se abre hoy", "no abre", Touchpoint.WEBSITE_APP, BAD),
        quoted("qué bien atendido he quedado", "bien", Touchpoint.SUPPORT_CONTACT, GOOD),
    ]

    chosen = _chosen(quotes, personal_data)

    assert len(chosen) == 5
    assert len({quote.touchpoint for quote in chosen}) >= 4
    assert any(quote.glad for quote in chosen)


def test_a_voice_that_may_be_mockery_is_not_preferred_as_the_glad_one(
    quoted: Quoted, personal_data: PersonalData
) -> None:
    quotes = [
        *(quoted(f"otra caja rota, la número {n}", "rota", Touchpoint.DELIVERY, BAD) for n in "ab"),
        *(quoted(f"la factura está mal otra vez, van {n}", "mal", Touchpoint.BILLING, BAD) for n in "ab"),
        quoted("la web se cae en el pago", "se cae", Touchpoint.WEBSITE_APP, BAD),
        quoted("enhorabuena por la espera, de verdad", "bien", Touchpoint.STORE, GOOD, sure=False),
        quoted("qué bien atendido he quedado", "bien", Touchpoint.SUPPORT_CONTACT, GOOD),
    ]

    assert [quote.text for quote in _chosen(quotes, personal_data) if quote.glad] == ["qué bien atendido he quedado"]


def test_what_explains_the_day_is_quoted_first(quoted: Quoted, personal_data: PersonalData) -> None:
    quotes = [
        quoted("la factura está mal otra vez", "mal", Touchpoint.BILLING, BAD),
        quoted("otra caja rota del transportista", "rota", Touchpoint.DELIVERY, BAD),
    ]

    assert _chosen(quotes, personal_data, Touchpoint.DELIVERY)[0].touchpoint is Touchpoint.DELIVERY


def test_a_copied_complaint_is_one_voice(quoted: Quoted, personal_data: PersonalData) -> None:
    same = [quoted("Boicot a las cajas rotas", "rotas", Touchpoint.DELIVERY, BAD) for _ in range(9)]

    assert len(_chosen(same, personal_data)) == 1


def test_an_emoji_alone_is_no_quote(quoted: Quoted, personal_data: PersonalData) -> None:
    assert _chosen([quoted("😡😡😡 ok", "😡", None, BAD)], personal_data) == ()


def test_thanks_and_names_alone_are_no_quote(quoted: Quoted, personal_data: PersonalData) -> None:
    bare = quoted("@la_tienda_de_la_esquina Gracias!! https://t.co/abcdefghijk", "Gracias", None, GOOD)

    assert _chosen([bare], personal_data) == ()
