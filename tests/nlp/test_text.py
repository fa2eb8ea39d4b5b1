"""Masking for the encoder, the way back to the original, and the cutting into clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.clauses import clauses
from nlp.text import LIMIT, mask


def test_handles_and_links_are_masked() -> None:
    assert mask("@Movaria mira https://x.co/a1 ya").text == "@user mira http ya"


def test_an_address_is_no_handle() -> None:
    assert mask("escribid a ana@correo.es").text == "escribid a ana@correo.es"


def test_a_quote_over_a_mask_is_the_original() -> None:
    masked = mask("gracias @Movaria por la ayuda")
    start = masked.text.index("@user")
    assert masked.quote(start, start + len("@user por")) == "@Movaria por"


@given(st.text(alphabet=st.characters(), max_size=200), st.data())
def test_every_piece_of_a_masked_text_quotes_the_original(text: str, data: st.DataObject) -> None:
    masked = mask(text)
    assert len(masked.origin) == len(masked.text) + 1
    start = data.draw(st.integers(0, len(masked.text)))
    end = data.draw(st.integers(start, len(masked.text)))
    assert masked.quote(start, end) in text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("graciasss", "gracias"),
        ("pésimoooo", "pésimo"),
        ("soooo gooood", "so good"),
        ("NOOOO", "NO"),
        ("calle VIII, 1000 €, llamar, coffee, leer", "calle VIII, 1000 €, llamar, coffee, leer"),
        ("www.xxxxl.com", "http"),
    ],
)
def test_drawn_out_letters_are_written_as_usual(text: str, masked: str) -> None:
    assert mask(text).text == masked


def test_a_quote_over_drawn_out_letters_is_the_original() -> None:
    masked = mask("muchas graciasss a todos")
    assert masked.quote(7, 14) == "graciasss"


def test_surrogates_and_controls_do_not_reach_the_encoder() -> None:
    assert mask("a\ud800\x00b").text == "a� b"


def test_a_megabyte_is_cut() -> None:
    assert len(mask("xy" * 1_000_000).text) == LIMIT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "La web iba genial pero el paquete llegó roto y nadie contesta",
            ["La web iba genial", "el paquete llegó roto", "nadie contesta"],
        ),
        (
            "Great phone, although the battery dies fast! Support was kind",
            ["Great phone", "the battery dies fast", "Support was kind"],
        ),
        ("Cuesta 3.50 € al mes", ["Cuesta 3.50 € al mes"]),
        ("todo bien 😍 el envío tardó", ["todo bien", "el envío tardó"]),
        ("can I return it or do I post it", ["can I return it or do I post it"]),
        ("abrís jueves y viernes santo", ["abrís jueves y viernes santo"]),
        ("they were rude and unhelpful", ["they were rude and unhelpful"]),
        ("me uní a PS plus, no quiero mas correos", ["me uní a PS plus", "no quiero mas correos"]),
        ("rapidísimo... y la caja hundida de un lado", ["rapidísimo... y la caja hundida de un lado"]),
        ("Gracias", ["Gracias"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_one_thought_ends(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in clauses(text)] == expected


@given(st.text(max_size=300))
def test_clauses_come_in_order_and_do_not_overlap(text: str) -> None:
    ends = 0
    for start, end in clauses(text):
        assert ends <= start < end <= len(text)
        ends = end
