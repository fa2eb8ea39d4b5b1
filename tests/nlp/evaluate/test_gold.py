"""What rows say, in either form, and what they leave unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.reading import Intent, Language, Sentiment, Touchpoint, Urgency
from nlp.evaluate.gold import NO_STAGE, BadRow, Gold, golds_of, labelled
from nlp.evaluate.rows import Unreadable, rows_in

TEXT = "La cola daba la vuelta pero el chico fue un encanto"


def data(**labels: Any) -> dict[str, Any]:
    return {"id": 1, "text": TEXT, "lang": "es", "labels": labels}


def gold(*rows: dict[str, Any]) -> Gold:
    return golds_of(labelled(row) for row in rows)[0]


def test_a_seed_says_everything() -> None:
    read = gold(
        {
            "id": "s-1",
            "text": TEXT,
            "lang": "ca",
            "sentiment": "negative",
            "intents": ["complaint", "praise"],
            "spans": [
                {"quote": "La cola daba la vuelta", "touchpoint": "store", "stage": "during", "sentiment": "negative"}
            ],
            "stage": None,
            "urgency": "low",
            "about_brand": True,
            "expectation": None,
            "spam": False,
        }
    )

    assert (read.language, read.sentiment, read.urgency) == (Language.CA, Sentiment.NEGATIVE, Urgency.LOW)
    assert (read.stage, read.expectation, read.about_brand, read.spam) == (NO_STAGE, "", True, False)
    assert set(read.intents) == set(Intent)
    assert [intent for intent, holds in read.intents.items() if holds] == [Intent.COMPLAINT, Intent.PRAISE]
    assert {place for place, holds in read.touchpoints.items() if holds} == {Touchpoint.STORE}
    assert len(read.touchpoints) == len(Touchpoint)


def test_a_missing_key_is_not_annotated() -> None:
    read = gold(data(sentiment="positive"))

    assert read.sentiment is Sentiment.POSITIVE
    assert (read.intents, read.touchpoints, read.spans) == ({}, {}, None)
    assert (read.stage, read.urgency, read.spam, read.about_brand, read.expectation) == (None,) * 5


def test_one_flag_annotates_one_intent() -> None:
    assert gold(data(complaint=False)).intents == {Intent.COMPLAINT: False}
    assert gold(data(complaint=True, intent=["complaint"])).intents == {Intent.COMPLAINT: True}


def test_a_flag_has_the_last_word_over_the_list() -> None:
    read = gold(data(intent=["question"], complaint=True, spam=False))

    assert read.intents == {Intent.QUESTION: True, Intent.COMPLAINT: True, Intent.SPAM: False}
    assert read.spam is False


def test_a_list_says_no_only_to_labels_that_its_source_knows() -> None:
    known = gold(data(intent=["question"]), data(intent=["request", "praise"]))

    assert known.intents == {Intent.QUESTION: True, Intent.REQUEST: False, Intent.PRAISE: False}


def test_sources_do_not_mix() -> None:
    one, other = {**data(touchpoint=["store"]), "source": "a"}, {**data(touchpoint=["billing"]), "source": "b"}

    assert gold(one, other).touchpoints == {Touchpoint.STORE: True}


def test_an_object_says_label_by_label() -> None:
    assert gold(data(intent={"praise": True, "question": False})).intents == {
        Intent.PRAISE: True,
        Intent.QUESTION: False,
    }


def test_spans_without_a_list_are_the_touchpoints() -> None:
    read = gold(data(spans=[{"quote": "La cola", "touchpoint": "store"}]))

    assert {place for place, holds in read.touchpoints.items() if holds} == {Touchpoint.STORE}
    assert len(read.touchpoints) == len(Touchpoint)


def test_only_a_plain_no_says_something_of_the_wish_to_buy() -> None:
    assert gold(data(purchase_intention="no")).intents == {Intent.PURCHASE_INTEREST: False}
    assert gold(data(purchase_intention="yes")).intents == {}


@pytest.mark.parametrize(
    ("code", "language"),
    [("es-MX", Language.ES), ("EN", Language.EN), ("pt_BR", Language.PT), ("de", Language.OTHER), (None, None)],
)
def test_language_codes_are_read_as_people_write_them(code: str | None, language: Language | None) -> None:
    assert gold({**data(), "lang": code}).language is language


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": 1}, "text missing; id and text are needed"),
        ({"text": "a", "labels": {}}, "id missing; id and text are needed"),
        ({"id": 1, "text": 3}, "text is a number; a string is needed"),
        (
            {"id": 1, "text": "a"},
            "no labels; a labels object is needed, or sentiment, intents, spans … beside the text",
        ),
        ({"id": 1, "text": "a", "labels": ["x"]}, "labels is a list; an object is needed"),
        (data(sentiment="bad"), "labels.sentiment is 'bad'; one of negative, neutral, positive is needed"),
        (data(urgency=3), "labels.urgency is a number; one of low, medium, high is needed"),
        (data(stage="later"), "labels.stage is 'later'; one of before, during, after is needed"),
        (data(stage=["after"]), "labels.stage is a list; one of before, during, after is needed"),
        (data(intent="complaint"), "labels.intent is a string; a list is needed"),
        (data(complaint="yes"), "labels.complaint is a string; true or false is needed"),
        (data(intent={"praise": 1}), "labels.intent.praise is a number; true or false is needed"),
        (data(spans={}), "labels.spans is an object; a list is needed"),
        (data(spans=["x"]), 'labels.spans[0] is a string; {"quote": …, "touchpoint": …} is needed'),
        (
            data(spans=[{"quote": "la caja", "touchpoint": "store"}]),
            "labels.spans[0].quote does not stand in the text; an exact piece of it is needed",
        ),
        (
            data(expectation="mañana"),
            "labels.expectation does not stand in the text; an exact piece of it, or null, is needed",
        ),
        ({**data(), "lang": 3}, "lang is a number; a code like es or en is needed"),
    ],
)
def test_a_bad_row_says_what_it_needs(row: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRow) as caught:
        labelled(row)

    assert str(caught.value) == why


def test_an_unknown_label_names_those_that_are_known() -> None:
    with pytest.raises(BadRow, match=r"labels\.intent is 'rant'; one of complaint, question, request, "):
        labelled(data(intent=["rant"]))


def test_a_bad_line_is_named_and_the_rest_goes_on() -> None:
    lines = [
        '\ufeff{"id": 1, "text": "a", "labels": {}}'.encode(),
        b"\n",
        b'{"id": 2',
        b"[1]",
        b'{"id": 3, "text": "caf\xe9"}',
        b'{"id": 4, "text": "b", "labels": {"spam": true}}',
    ]
    rows = list(rows_in(lines, "mine.jsonl"))

    assert [row.line for row in rows if isinstance(row, Unreadable)] == [3, 4, 5]
    assert [row.why.partition(" (")[0] for row in rows if isinstance(row, Unreadable)] == [
        "not JSON",
        'not an object; {"id": …, "text": …, "labels": {…}} is needed',
        "not UTF-8 at byte 22; save the file as UTF-8",
    ]
    assert [row.gold.id for row in rows if not isinstance(row, Unreadable)] == ["1", "4"]
