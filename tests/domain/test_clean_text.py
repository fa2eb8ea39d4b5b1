"""R10: whatever is posted, what enters is storable and showable, and the words are still there."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text import MAX_LENGTH, clean

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
HOSTILE = (
    "\x00\x07\x1b\x7f\x9f\ud83d\udc69\ud800\u202e\u202a\u2066\u2069\u200b\u200e\u200f\u061c\ufeff\u2060\ufff9\r\n\t "
)
CONTROLS, BIDI, INVISIBLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f",
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "\u200b\u2060\ufeff",
)
UNWANTED = re.compile(f"[{CONTROLS}{BIDI}{INVISIBLE}\ufff9-\ufffb\ud800-\udfff]")
SPICE = "e\u0301\u0302\u0344\u05b0ñ" + FAMILY
anything = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(HOSTILE + SPICE)), max_size=200)


@settings(deadline=None, max_examples=120)
@given(anything)
def test_whatever_is_posted_can_be_stored_and_shown(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert UNWANTED.search(cleaned) is None
    assert len(cleaned) <= MAX_LENGTH


@settings(deadline=None, max_examples=120)
@given(anything)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(deadline=None, max_examples=80)
@given(anything, st.integers(min_value=1, max_value=50))
def test_a_short_limit_is_kept_and_cleaning_again_changes_nothing(text: str, limit: int) -> None:
    cleaned = clean(text, limit=limit)

    assert len(cleaned) <= limit
    assert clean(cleaned, limit=limit) == cleaned


words = st.lists(st.text("abcxyzñáéíóúü¿¡", min_size=1, max_size=8), min_size=1, max_size=10)


@settings(deadline=None, max_examples=80)
@given(words, st.lists(st.sampled_from("\x00\x08\u200b\u202e\u2066\ud800\ufeff"), min_size=10, max_size=10))
def test_the_words_stay_when_what_hides_between_them_goes(said: list[str], noise: list[str]) -> None:
    posted = " ".join(word + junk for word, junk in zip(said, noise, strict=False))

    assert clean(posted).split() == [unicodedata.normalize("NFC", word) for word in said]


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\x00", "\u202e\u202c\ufeff", "\ud800\udfff", "\u200b" * 5_000])
def test_a_text_that_was_nothing_else_becomes_empty(text: str) -> None:
    assert clean(text) == ""


def test_an_emoji_family_stays_together() -> None:
    assert clean(f"mi {FAMILY} encantada") == f"mi {FAMILY} encantada"


def test_ten_thousand_marks_on_one_letter_become_a_few() -> None:
    cleaned = clean("Z" + "\u0301" * 10_000 + "algo")

    assert cleaned.startswith("Ź")
    assert cleaned.endswith("algo")
    assert len(cleaned) <= len("Zalgo") + 4


@pytest.mark.parametrize("marks", ["\u0344" * 4, ("\u0301" * 4 + "\u05b0") * 3])
def test_marks_that_stand_for_two_or_change_places_are_counted_once_and_for_all(marks: str) -> None:
    assert clean(clean(f"a{marks}")) == clean(f"a{marks}")


def test_a_letter_and_its_accent_become_one_character() -> None:
    assert clean("cafe\u0301 an\u0303o") == "café año"


def test_a_megabyte_is_cut_to_the_cap() -> None:
    assert clean("a" * 1_000_000) == "a" * MAX_LENGTH


def test_sixty_four_kilobytes_of_emoji_are_cut_between_characters() -> None:
    assert clean("😀" * 16_384) == "😀" * MAX_LENGTH


def test_a_post_behind_much_rubbish_is_still_read() -> None:
    assert clean("\u200b" * 30_000 + "hola") == "hola"


def test_lines_and_tabs_stay_lines_and_tabs() -> None:
    assert clean("uno\r\ndos\rtres\tcuatro") == "uno\ndos\ntres\tcuatro"
