"""`vivencia evaluate`: figures from labelled texts, sentences about bad lines, and what agents corrected."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli.corrections import correction_row
from bot.domain.customer import CustomerId
from bot.domain.experience import Effort, Experience, ExperienceId
from bot.domain.mention import Batch
from bot.domain.ports.record import Correction
from bot.domain.reading import Sentiment, Stage, Touchpoint
from bot.domain.situation import Decision, Heard, Situation
from bot.store.sqlite import open_store
from bot.testing import NOON, lived, mention, reading
from nlp.evaluate.gold import golds_of, labelled
from tests.cli.conftest import Ran, Vivencia

ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "lang": "es",
        "text": "El paquete llegó roto, una vergüenza",
        "labels": {
            "sentiment": "negative",
            "urgency": "medium",
            "intent": ["complaint"],
            "spans": [{"quote": "El paquete llegó roto", "touchpoint": "delivery", "sentiment": "negative"}],
        },
    },
    {"id": 2, "lang": "en", "text": "Thanks, great shop!", "labels": {"sentiment": "positive", "intent": ["praise"]}},
    {
        "id": 3,
        "lang": "en",
        "text": "Gran tienda, gracias",
        "sentiment": "positive",
        "intents": ["praise"],
        "spans": [],
        "stage": None,
        "expectation": None,
    },
]
Evaluate = Callable[..., Ran]


@pytest.fixture
def evaluate(vivencia: Vivencia, tmp_path: Path) -> Evaluate:
    """Run `vivencia evaluate` on these rows, read by the word list: there is no model where the settings point."""
    config = tmp_path / "vivencia.toml"
    config.write_text(f'[model]\nsource = "{(tmp_path / "no-model").as_posix()}"\n', encoding="utf-8")
    file = tmp_path / "mine.jsonl"

    def run(*arguments: str, lines: str | None = None) -> Ran:
        rows = "".join(json.dumps(row) + "\n" for row in ROWS)
        file.write_text(rows if lines is None else lines, encoding="utf-8")
        return vivencia("evaluate", str(file), "--config", str(config), *arguments)

    return run


@pytest.mark.parametrize(("lang", "one", "two"), [("es", "1 texto", "2 textos"), ("en", "1 text", "2 texts")])
def test_one_text_is_no_texts(evaluate: Evaluate, lang: str, one: str, two: str) -> None:
    for told, rows in ((one, ROWS[:1]), (two, ROWS[:2])):
        title = evaluate("--lang", lang, lines="".join(f"{json.dumps(row)}\n" for row in rows)).out.splitlines()[0]

        assert title.split(" · ")[1] == told


def test_the_json_measures_each_task_and_language(evaluate: Evaluate) -> None:
    ran = evaluate("--json", "--errors", "2")

    data = json.loads(ran.out)
    assert ran.code == 0
    assert (data["rows"], data["degraded"], data["files"], data["unreadable"]) == (3, 3, ["mine.jsonl"], 0)
    assert data["languages"] == {"en": 2, "es": 1}
    assert {"sentiment", "intents", "touchpoints", "spans", "stage", "urgency", "language"} <= set(data["tasks"])
    assert "about_brand" not in data["tasks"]
    assert data["tasks"]["sentiment"]["all"]["rows"] == 3
    assert data["tasks"]["sentiment"]["es"]["labels"]["negative"]["n"] == 1
    assert [error["id"] for error in data["errors"] if error["task"] == "language"] == ["3"]
    assert data["chart"] is None


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", ["Por tarea e idioma", "Sentimiento", "cobertura", "inglés", "queja", "Entrega", "léxico"]),
        ("en", ["By task and language", "Sentiment", "recall", "English", "complaint", "Delivery", "lexicon"]),
    ],
)
def test_the_tables_speak_the_readers_language(evaluate: Evaluate, lang: str, words: list[str]) -> None:
    ran = evaluate("--lang", lang)

    assert ran.code == 0
    assert [word for word in words if word not in ran.out] == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", ["Sentimiento", "español", "Entrega", "negativo", "Etapa", "Urgencia", "Expectativa"]),
        ("en", ["Sentiment", "Spanish", "Delivery", "negative", "Stage", "Urgency", "Expectation"]),
    ],
)
def test_the_how_tos_text_is_measured_with_the_model_and_fits_a_narrow_terminal(
    vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str, words: list[str]
) -> None:
    """The model gives confidences that the word list has not: of stage and urgency too."""
    monkeypatch.setenv("COLUMNS", "80")
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "measure-the-model.md").read_text(encoding="utf-8")
    shown = page.split("```json\n")[1].split("```")[0]
    file = tmp_path / "mine.jsonl"
    file.write_text(f"{' '.join(shown.split())}\n", encoding="utf-8")

    ran = vivencia("evaluate", str(file), "--errors", "5", "--chart", str(tmp_path / "model.png"), "--lang", lang)

    assert (ran.code, ran.err) == (0, "")
    assert "…" not in ran.out
    summary = ran.out.split(":")[0].rpartition("\n")[0]
    assert [word for word in words[:2] if word not in summary] == []
    assert [word for word in words if word not in ran.out] == []


def test_the_chart_is_drawn_and_told(evaluate: Evaluate, tmp_path: Path) -> None:
    chart = tmp_path / "model.png"
    ran = evaluate("--chart", str(chart), "--lang", "en")

    assert ran.code == 0
    assert chart.read_bytes().startswith(b"\x89PNG")
    assert "How far the model can be trusted" in ran.out


def test_a_bad_line_is_named_and_the_rest_is_measured(evaluate: Evaluate) -> None:
    bad = '{"id": 9}\n{"id": 10, "text": "hola", "labels": {"urgency": "now"}}\n'
    ran = evaluate("--json", lines=json.dumps(ROWS[0]) + "\n" + bad + json.dumps(ROWS[1]) + "\n")

    assert ran.code == 1
    assert "vivencia: mine.jsonl, line 2: text missing; id and text are needed" in ran.err
    assert "vivencia: mine.jsonl, line 3: labels.urgency is 'now'; one of low, medium, high is needed" in ran.err
    data = json.loads(ran.out)
    assert (data["rows"], data["unreadable"]) == (2, 2)


def test_a_file_without_labels_says_so(evaluate: Evaluate) -> None:
    ran = evaluate(lines='{"id": 1, "text": "hola"}\n')

    assert (ran.code, ran.out) == (1, "")
    assert "mine.jsonl: no line holds a labelled text" in ran.err.splitlines()[-1]


def test_a_chart_that_cannot_be_written_says_so(evaluate: Evaluate, tmp_path: Path) -> None:
    ran = evaluate("--chart", str(tmp_path / "nowhere" / "model.png"))

    assert ran.code == 2
    assert "cannot be written: No such file or directory; give another --chart" in ran.err


@pytest.mark.parametrize("arguments", [(), ("a.jsonl", "--corrections")])
def test_files_or_corrections_and_not_both(vivencia: Vivencia, arguments: tuple[str, ...]) -> None:
    ran = vivencia("evaluate", *arguments)

    assert ran.code == 2
    assert "give one or more JSONL files to measure, or --corrections alone" in ran.err


def test_a_file_that_is_not_there_says_so(vivencia: Vivencia) -> None:
    ran = vivencia("evaluate", "nowhere.jsonl")

    assert ran.code == 2
    assert ran.err.strip() == (
        "vivencia: nowhere.jsonl cannot be read: No such file or directory; give a JSONL file with labelled texts"
    )


def corrected(situation: Situation) -> Decision:
    said = lived(situation, Touchpoint.DELIVERY)
    meant = replace(
        lived(situation, Touchpoint.STORE, number=2),
        corrected_by="maya",
        evidence="la cola",
        sentiment=Sentiment.NEGATIVE,
        stage=Stage.DURING,
        what="complaint",
    )
    return Decision(experiences=(said, meant))


async def filled(home: Path) -> None:
    """A history in which maya corrected one mention."""
    post = mention("1", "la cola da la vuelta")
    async with open_store(home / "vivencia.db") as store:
        await store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
        await store.history.settle([Heard(mention=post, reading=reading())], corrected, lambda moment: moment)


def test_corrections_come_out_as_labelled_rows_that_can_be_measured(vivencia: Vivencia, home: Path) -> None:
    asyncio.run(filled(home))
    ran = vivencia("evaluate", "--corrections")

    (row,) = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert row == {
        "id": "test:1",
        "text": "la cola da la vuelta",
        "source": "corrections",
        "mention": True,
        "corrected_by": ["maya"],
        "labels": {
            "intent": {"complaint": True},
            "spans": [{"quote": "la cola", "touchpoint": "store", "stage": "during", "sentiment": "negative"}],
            "sentiment": "negative",
            "stage": "during",
        },
    }
    (gold,) = golds_of([labelled(row)])
    assert [place for place, holds in gold.touchpoints.items() if holds] == [Touchpoint.STORE]


def test_a_correction_that_differs_in_itself_says_nothing_of_the_whole() -> None:
    post = mention("1", "la cola larga, el chico amable")
    plain = Experience(
        id=ExperienceId("test:1#2"),
        customer_id=CustomerId("ana"),
        mention_id=post.id,
        stage=Stage.DURING,
        touchpoint=Touchpoint.STORE,
        what="question",
        sentiment=Sentiment.NEGATIVE,
        effort=Effort.UNKNOWN,
        evidence="la cola larga",
        expectation=None,
        confidence=1.0,
        model="m",
        at=NOON,
        corrected_by="maya",
    )
    both = (
        plain,
        replace(plain, touchpoint=None, evidence="", sentiment=Sentiment.POSITIVE, stage=Stage.AFTER, what="?"),
    )
    labels = correction_row(Correction(mention=post, experiences=both))["labels"]

    assert "sentiment" not in labels
    assert "stage" not in labels
    assert labels["intent"] == {"question": True}
    assert [span["quote"] for span in labels["spans"]] == ["la cola larga"]


def test_a_house_without_corrections_prints_nothing(vivencia: Vivencia) -> None:
    ran = vivencia("evaluate", "--corrections")

    assert (ran.code, ran.out) == (0, "")
