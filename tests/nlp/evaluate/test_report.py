"""One report: its groups, its mistakes, and the form that programs read."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from bot.domain.evaluation import ALL, Report, Task
from bot.domain.reading import Intent, Language, Reading, Sentiment, Span, Text, Touchpoint, Urgency
from bot.testing import FixedClassifier, reading
from nlp.evaluate.gold import Gold, golds_of, labelled
from nlp.evaluate.measure import compared, evaluate
from nlp.evaluate.report_json import as_json

BAD = reading(sentiment=Sentiment.NEGATIVE, urgency=Urgency.HIGH, intents=(Intent.COMPLAINT,))
GOLDS = [
    Gold(id="1", text="mal", language=Language.ES, sentiment=Sentiment.NEGATIVE, urgency=Urgency.HIGH),
    Gold(id="2", text="regular", language=Language.ES, sentiment=Sentiment.NEGATIVE, urgency=Urgency.LOW),
    Gold(id="3", text="bad", language=Language.EN, sentiment=Sentiment.NEGATIVE),
    Gold(id="4", text="?", spam=False),
]


def report(errors: int = 0) -> Report:
    return evaluate(FixedClassifier({"mal": BAD, "bad": BAD}), GOLDS, errors=errors)


def test_every_language_is_a_group_beside_all() -> None:
    measured = report()

    assert (measured.model, measured.rows, measured.languages) == ("fixed@1", 4, {"en": 1, "es": 3})
    assert {group: scores.rows for group, scores in measured.tasks[Task.SENTIMENT].items()} == {
        ALL: 3,
        "en": 1,
        "es": 2,
    }
    assert measured.tasks[Task.URGENCY].keys() == {ALL, "es"}


def test_a_task_that_nobody_annotated_is_not_there() -> None:
    assert set(report().tasks) == {Task.SENTIMENT, Task.URGENCY, Task.LANGUAGE, Task.SPAM}


def test_the_confusion_says_what_was_taken_for_what() -> None:
    confusion = report().confusion[Task.SENTIMENT]

    assert confusion[ALL] == {"negative": {"negative": 2, "neutral": 1}, "neutral": {"negative": 0, "neutral": 0}}
    assert list(confusion) == [ALL, "en", "es"]


def test_the_model_is_given_no_hint_of_the_language() -> None:
    hints: list[Language | None] = []

    class Listening(FixedClassifier):
        def read(self, texts: Sequence[Text]) -> list[Reading]:
            hints.extend(text.language_hint for text in texts)
            return super().read(texts)

    evaluate(Listening(), GOLDS)

    assert hints == [None] * 4


def test_a_row_that_is_known_to_be_a_mention_is_read_as_one() -> None:
    known: list[bool] = []

    class Listening(FixedClassifier):
        def read(self, texts: Sequence[Text]) -> list[Reading]:
            known.extend(text.mention for text in texts)
            return super().read(texts)

    rows = ({"id": n, "text": "a", "labels": {"sentiment": "neutral"}} for n in range(2))
    evaluate(Listening(), golds_of(labelled({**row, "mention": row["id"] == 1}) for row in rows))

    assert known == [False, True]


def test_whoever_waits_hears_how_many_are_read() -> None:
    done: list[int] = []
    evaluate(FixedClassifier(), GOLDS * 40, told=done.append)

    assert sum(done) == 160
    assert len(done) > 1


def test_the_surest_mistakes_come_first_and_only_where_asked_for() -> None:
    store = Span(quote="caja", touchpoint=Touchpoint.STORE, stage=None, sentiment=Sentiment.NEUTRAL, confidence=0.6)
    read = reading(
        sentiment=Sentiment.POSITIVE,
        intents=(Intent.PRAISE,),
        intent_scores={Intent.PRAISE: 0.8, Intent.COMPLAINT: 0.1},
        touchpoints=(Touchpoint.STORE,),
        spans=(store,),
    )
    unsure = reading(sentiment=Sentiment.POSITIVE, scores={Sentiment.POSITIVE: 0.5})
    gold = Gold(
        id="1",
        text="la caja",
        language=Language.EN,
        sentiment=Sentiment.NEGATIVE,
        intents={Intent.PRAISE: False, Intent.COMPLAINT: True},
        touchpoints={Touchpoint.STORE: False, Touchpoint.BILLING: True},
    )
    other = Gold(id="2", text="caja", sentiment=Sentiment.NEUTRAL)
    wrong = compared([(other, unsure), (gold, read)], model="m", errors=2).wrong

    assert [(each.task, each.id, each.truth, each.read, round(each.confidence, 2)) for each in wrong] == [
        (Task.SENTIMENT, "1", "negative", "positive", 0.9),
        (Task.SENTIMENT, "2", "neutral", "positive", 0.5),
        (Task.INTENTS, "1", "complaint", "praise", 0.9),
        (Task.TOUCHPOINTS, "1", "billing", "store", 0.6),
        (Task.LANGUAGE, "1", "en", "es", 0.99),
    ]
    assert compared([(gold, read)], model="m").wrong == ()


def test_the_json_has_the_published_keys() -> None:
    data = json.loads(json.dumps(as_json(report(errors=1))))

    assert set(data) == {
        "model", "rows", "degraded", "languages", "tasks", "confusion", "calibration", "abstention", "errors", "method",
    }  # fmt: skip
    sentiment = data["tasks"]["sentiment"]["all"]
    assert sentiment["accuracy"] == 0.6667
    assert sentiment["accuracy_interval"][0] < 0.6667 < sentiment["accuracy_interval"][1]
    assert set(sentiment["labels"]["negative"]) == {"n", "read", "precision", "recall", "f1", "f1_interval"}
    assert data["calibration"]["sentiment"]["bins"] == [{"n": 3, "confidence": 0.9, "accuracy": 0.6667}]
    assert data["abstention"]["all"]["accuracy_given_up"] is None
    assert [error["id"] for error in data["errors"]] == ["2", "3"]


def test_two_thousand_texts_are_compared_in_a_moment() -> None:
    golds = [
        Gold(
            id=str(number),
            text="x",
            language=(Language.ES, Language.EN)[number % 2],
            sentiment=list(Sentiment)[number % 3],
            intents={intent: (number + place) % 7 == 0 for place, intent in enumerate(Intent)},
            touchpoints={touchpoint: (number * place) % 5 == 1 for place, touchpoint in enumerate(Touchpoint)},
        )
        for number in range(2000)
    ]
    pairs = [(gold, BAD) for gold in golds]
    start = time.perf_counter()
    compared(pairs, model="m")

    assert time.perf_counter() - start < 5
