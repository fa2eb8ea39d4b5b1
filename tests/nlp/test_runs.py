"""Which words of a text are quoted: runs that may be, what is known of them, and the one that is chosen."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from bot.domain.reading import Touchpoint
from nlp.evaluate.spans import HALF, overlap
from nlp.runs import Quoting, Run, chosen, features, runs_in
from nlp.spans import Words, runs_of
from nlp.text import mask
from nlp.train import corpus
from nlp.train.quoting import quoting_of
from nlp.train.seen import Seen


def places_in(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((at, at := at + len(word)))
    return found


def quotable(text: str) -> set[str]:
    runs = runs_in(text, places_in(text))
    assert runs is not None
    return {text[start:end] for start, end in zip(runs.start.tolist(), runs.end.tolist(), strict=True)}


def choice(text: str, shares: list[float], quoting: Quoting | None = None) -> tuple[str, Run]:
    runs = runs_in(text, places := places_in(text))
    assert runs is not None
    run, *_ = chosen(runs, features(runs, shares), quoting or Quoting())
    return text[places[run.first][0] : places[run.last][1]], run


def test_no_run_holds_a_handle_or_the_signs_at_its_ends() -> None:
    assert quotable("@tienda ¡llegó roto! @otra") == {"llegó", "roto", "llegó roto"}


@pytest.mark.parametrize(
    ("text", "torn"),
    [
        ("no sale agua", "sale agua"),
        ("the box was smashed", "box was smashed"),
        ("ya nunca sin retraso", "sin retraso"),
        ("and nobody answers", "and nobody answers"),
        ("espero el reembolso de la tienda", "espero el reembolso de"),
        ("espero el reembolso de la tienda", "de la tienda"),
        ("it doesn’t work", "work"),
        ("who do i call today", "who do i"),
        ("a bill of forty pounds", "of forty pounds"),
        ("llevo semanas sin luz", "llevo semanas sin"),
        ("q mal lo lleváis", "q mal"),
        ("dont work at all", "work at all"),
        ("nadie coge el teléfono", "coge el teléfono"),
        ("no me lo han traído", "han traído"),
        ("can no longer log in", "log in"),
        ("cannot log in to the app", "log in"),
        ("cannot log in to the app", "in to the app"),
        ("mi saldo? ya lo pedí ayer", "mi saldo? ya"),
        ("muy caro todo. llegó roto ayer", "todo. llegó roto"),
    ],
)
def test_a_run_is_not_torn_from_its_article_or_denial_nor_ends_in_another_thought(text: str, torn: str) -> None:
    assert torn not in quotable(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("No. El paquete llegó roto", "El paquete llegó roto"),
        ("el pedido aún no, gracias", "el pedido aún no"),
        ("vamos a pagar con la app", "pagar con la app"),
    ],
)
def test_beyond_a_sign_nothing_is_torn(text: str, kept: str) -> None:
    assert kept in quotable(text)


@pytest.mark.parametrize("word", ["@correos.bsky.social", "@tienda@mastodon.social", "@tesco's", "banco(http://x.y)"])
def test_a_handle_or_a_link_of_whatever_form_is_in_no_run(word: str) -> None:
    assert not any(word[1:6] in quote for quote in quotable(f"la app de {word} va fatal hoy"))


@pytest.mark.parametrize("text", ["el", "no", "de la", "and the"])
def test_where_nothing_else_is_left_any_run_may_be_quoted(text: str) -> None:
    assert text in quotable(text)


@pytest.mark.parametrize("text", ["", "@tienda", "@tienda http", "... !!! ¿?"])
def test_a_text_without_words_has_no_runs(text: str) -> None:
    assert runs_in(text, places_in(text)) is None


def test_a_run_goes_over_two_ends_of_clauses_and_not_over_three() -> None:
    text = "uno dos, tres cuatro, cinco seis, siete ocho"

    assert "uno dos, tres cuatro, cinco seis" in quotable(text)
    assert text not in quotable(text)


def test_the_chance_of_a_quote_falls_where_the_words_say_less() -> None:
    text = "ayer llamé a la tienda y el paquete llegó roto por las dos esquinas"
    plain = [0.02] * 6 + [0.95] * 4 + [0.02] * 4

    _, sure = choice(text, plain)
    _, vague = choice(text, [0.3] * 14)

    assert 0 < vague.chance < sure.chance <= 1


def test_the_run_that_most_overlap_is_quoted_and_not_the_likeliest() -> None:
    text = "mensajero paquete llegó abierto ayer"
    runs = runs_in(text, places_in(text))
    assert runs is not None
    known = features(runs, [0.5] * 5)
    single = [float(first == last == 0) for first, last in zip(runs.first, runs.last, strict=True)]
    longer = np.log(runs.last - runs.first + 1.0)
    likeliest = {"alone": 1.5, "longer": 0.5}

    run, *_ = chosen(runs, {**known, "alone": np.array(single), "longer": longer}, Quoting(weights=likeliest))

    assert (run.first, run.last) != (0, 0)  # which has the greatest score of all
    assert run.last - run.first >= 2


def test_the_chance_is_the_part_of_all_probability_that_overlaps_by_half() -> None:
    text = "ab cd"
    runs = runs_in(text, places_in(text))
    assert runs is not None

    run, *_ = chosen(runs, features(runs, [0.5, 0.5]), Quoting(weights={}))

    # of "ab", "ab cd" and "cd" the whole shares 2 of 5 letters with either: less than half
    assert run.chance == pytest.approx(1 / 3)


def test_what_is_known_of_a_run() -> None:
    text = "hola, @a el paquete llegó roto ayer por la tarde a casa"
    runs = runs_in(text, places_in(text))
    assert runs is not None
    shares = [0.1, 0.1, 0.1, 0.9, 0.8, 0.6, *[0.1] * 6]
    known = features(runs, shares)
    at = [text[a:b] for a, b in zip(runs.start.tolist(), runs.end.tolist(), strict=True)].index("el paquete llegó roto")

    found = {name: float(values[at]) for name, values in known.items()}

    assert found["sum"] == pytest.approx(2.4)
    assert found["mass"] == pytest.approx(2.4 / sum(shares))
    assert found["peak"] == pytest.approx(1.0)
    assert found["on_first"] == pytest.approx(math.log(0.1 / 0.9))
    assert found["on_last"] == pytest.approx(math.log(0.6 / 0.4))
    assert (found["begins"], found["ends"], found["broken"]) == (1.0, 0.0, 0.0)
    assert found["of_text"] == pytest.approx(4 / 12)
    assert (found["words_1"], found["words_3"], found["beyond"]) == (0.0, 0.0, 0.0)
    assert 0 < found["of_clause"] < 1


@pytest.mark.parametrize(
    ("text", "torn", "whole"),
    [
        ("llegué a casa con los pies mojados", "casa con los pies mojados", "llegué a casa con los pies mojados"),
        ("esa leche de Plaza Vea tenía gusanos", "Vea tenía gusanos", "leche de Plaza Vea tenía gusanos"),
        ('me dicen "en reparto" desde el lunes', 'reparto" desde el lunes', 'dicen "en reparto" desde el lunes'),
    ],
)
def test_a_run_that_tears_a_phrase_a_name_or_a_quotation_is_told_from_others(text: str, torn: str, whole: str) -> None:
    runs = runs_in(text, places_in(text))
    assert runs is not None

    quotes = [text[start:end] for start, end in zip(runs.start.tolist(), runs.end.tolist(), strict=True)]

    assert runs.torn[quotes.index(torn)]
    assert not runs.torn[quotes.index(whole)]


def test_of_runs_that_are_nearly_as_likely_none_is_quoted_that_tears_a_phrase() -> None:
    text = "mirad en casa hoy"
    runs = runs_in(text, places_in(text))
    assert runs is not None
    likeliest = np.array([float(text[a:b] == "casa hoy") for a, b in zip(runs.start, runs.end, strict=True)])

    run, *_ = chosen(runs, {"likeliest": likeliest}, Quoting(weights={"likeliest": 0.01}))

    assert text[places_in(text)[run.first][0] : places_in(text)[run.last][1]] != "casa hoy"


def test_a_touchpoint_is_quoted_twice_where_either_place_is_likely_by_itself() -> None:
    text = "el pedido llegó tarde, y ayer por la tarde fui al cine, el paquete llegó roto"
    shares = [0.9 if word in ["el", "pedido", "llegó", "tarde,", "paquete", "roto"] else 0.02 for word in text.split()]
    runs = runs_in(text, places_in(text))
    assert runs is not None

    both = chosen(runs, features(runs, shares), Quoting())
    one = chosen(runs, features(runs, [*shares[:5], *[0.02] * 12]), Quoting())

    assert len(both) == 2
    assert both[0].last < both[1].first or both[1].last < both[0].first
    assert len(one) == 1


def test_weights_that_nobody_named_weigh_nothing() -> None:
    text = "llegó roto ayer"

    assert choice(text, [0.9, 0.9, 0.1], Quoting(weights={}))[1].chance == pytest.approx(
        choice(text, [0.1, 0.2, 0.9], Quoting(weights={}))[1].chance
    )


def seen(folder: Path, text: str, quote: str) -> Seen:
    """A text whose second half of words speaks a little more for the touchpoint than the first."""
    label = {"quote": quote, "touchpoint": "delivery", "stage": "after", "sentiment": "negative"}
    row: dict[str, Any] = {
        "id": "1",
        "text": text,
        "lang": "es",
        "sector": "courier",
        "sentiment": "negative",
        "intents": [],
    }
    row |= {"spans": [label], "expectation": None, "about_brand": True, "urgency": "low", "stage": "after"}
    (folder / "rows.jsonl").write_text(json.dumps(row), "utf-8")
    [example] = corpus.seed_examples(folder)
    places = places_in(text)
    delivery = tuple(Touchpoint).index(Touchpoint.DELIVERY)
    speaking = [0.4 if place[0] >= text.find(quote) else 0.2 for place in places]
    shares = [[share if at == delivery else 0.0 for at in range(10)] + [1 - share] for share in speaking]
    words = Words(places=places, touchpoints=shares, sentiments=[[0.4, 0.3, 0.3]] * len(places))
    return cast("Seen", SimpleNamespace(example=example, masked=mask(text), words=words))


TEXTS = [
    ("el mensajero pasó de largo, dejó la caja abierta en la calle", "dejó la caja abierta en la calle"),
    ("pagué el jueves por la noche, nadie ha traído todavía el sofá", "nadie ha traído todavía el sofá"),
    ("mi hermana estaba en casa, tiraron el paquete por encima del muro", "tiraron el paquete por encima del muro"),
    ("bonito color el de las cortinas, vinieron con dos semanas de retraso", "vinieron con dos semanas de retraso"),
]


def test_how_people_quote_is_learnt_of_their_quotes(tmp_path: Path) -> None:
    texts = [seen(tmp_path, *each) for each in TEXTS]

    learnt = quoting_of(texts)

    for text, (whole, quote) in zip(texts, TEXTS, strict=True):
        [(_, run), *_] = runs_of(whole, text.words, {Touchpoint.DELIVERY: 1.0}, learnt)
        said = whole[text.words.places[run.first][0] : text.words.places[run.last][1]]
        assert overlap(whole, quote, said) >= HALF
    assert set(learnt.weights) == set(Quoting().weights)
