"""What is kept as JSON because nobody counts it: a reading's detail, an action, a reason."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, Silence, SurveyKind
from bot.domain.mention import MentionId
from bot.domain.reading import Intent, Language, Reading, Sentiment, Span, Stage, Touchpoint, Urgency
from bot.domain.reason import Reason, Value, Why

_dump = json.JSONEncoder(separators=(",", ":")).encode


def reading_detail(reading: Reading) -> str:
    """The part of a reading that has no column of its own."""
    return _dump(
        {
            "sure": reading.language_confidence,
            "scores": dict(reading.scores),
            "intents": reading.intents,
            "intent_scores": dict(reading.intent_scores),
            "touchpoints": reading.touchpoints,
            "spans": [
                (s.quote, s.touchpoint, s.stage, s.sentiment, s.confidence, *([s.own] if s.own else []))
                for s in reading.spans
            ],
            "expectation": reading.expectation,
            "stage_sure": reading.stage_confidence,
            "urgency_sure": reading.urgency_confidence,
        }
    )


def without_quotes(detail: str) -> str:
    """The same detail without a word of the text: labels and numbers stay."""
    kept: dict[str, Any] = json.loads(detail)
    return _dump({**kept, "spans": [("", *span[1:]) for span in kept["spans"]], "expectation": None})


READING_COLUMNS = "language, sentiment, urgency, stage, spam, about_brand, abstained, degraded, model, detail"


def reading_from(row: tuple[Any, ...]) -> Reading:
    """A reading from READING_COLUMNS."""
    language, sentiment, urgency, stage, spam, about_brand, abstained, degraded, model, detail = row
    kept: dict[str, Any] = json.loads(detail)
    return Reading(
        language=Language(language),
        language_confidence=kept["sure"],
        sentiment=Sentiment(sentiment),
        scores={Sentiment(label): score for label, score in kept["scores"].items()},
        intents=tuple(Intent(intent) for intent in kept["intents"]),
        intent_scores={Intent(label): score for label, score in kept["intent_scores"].items()},
        touchpoints=tuple(Touchpoint(touchpoint) for touchpoint in kept["touchpoints"]),
        stage=None if stage is None else Stage(stage),
        urgency=Urgency(urgency),
        spans=tuple(_span(*span) for span in kept["spans"]),
        expectation=kept["expectation"],
        spam=bool(spam),
        about_brand=bool(about_brand),
        abstained=bool(abstained),
        degraded=bool(degraded),
        model=model,
        # older rows do not say it
        stage_confidence=kept.get("stage_sure"),
        urgency_confidence=kept.get("urgency_sure"),
    )


def reading_of(connection: sqlite3.Connection, seq: int) -> Reading | None:
    """How a mention was read, in the form it was read in last."""
    row: tuple[Any, ...] | None = connection.execute(
        f"SELECT {READING_COLUMNS} FROM reading WHERE mention_seq = ?",  # noqa: S608
        (seq,),
    ).fetchone()
    return None if row is None else reading_from(row)


def _span(  # noqa: PLR0913, PLR0917 - as they are kept
    quote: str, touchpoint: str, stage: str | None, sentiment: str, confidence: float, own: str | None = None
) -> Span:
    return Span(
        quote=quote,
        touchpoint=Touchpoint(touchpoint),
        stage=None if stage is None else Stage(stage),
        sentiment=Sentiment(sentiment),
        confidence=confidence,
        own=own,
    )


def action_document(action: Action) -> str:
    """The action as JSON; its kind has a column of its own."""
    match action:
        case Reply():
            document: Mapping[str, object] = {
                "to": action.to,
                "kind": action.kind,
                "text": action.text,
                "language": action.language,
                "sources": action.sources,
                "draft_only": action.draft_only,
            }
        case Route():
            document = {"desk": action.desk, "reason": _reason_kept(action.reason), "urgency": action.urgency}
        case Ask():
            document = {
                "to": action.to,
                "survey": action.survey,
                "text": action.text,
                "language": action.language,
            }
        case Alert():
            document = {"desk": action.desk, "reason": _reason_kept(action.reason), "wakes": action.wakes}
        case Close() | Silence():
            document = {"reason": _reason_kept(action.reason)}
        case _:
            assert_never(action)
    return _dump(document)


def action_from(kind: str, document: str) -> Action:
    """The action from its kind and JSON."""
    return _BUILDERS[kind](json.loads(document))


_BUILDERS: Mapping[str, Callable[[dict[str, Any]], Action]] = {
    "reply": lambda kept: Reply(
        to=MentionId(kept["to"]),
        kind=ReplyKind(kept["kind"]),
        text=kept["text"],
        language=Language(kept["language"]),
        sources=tuple(kept["sources"]),
        draft_only=kept["draft_only"],
    ),
    "route": lambda kept: Route(desk=kept["desk"], reason=_reason(kept["reason"]), urgency=Urgency(kept["urgency"])),
    "ask": lambda kept: Ask(
        to=MentionId(kept["to"]),
        survey=SurveyKind(kept["survey"]),
        text=kept["text"],
        language=Language(kept["language"]),
    ),
    "alert": lambda kept: Alert(desk=kept["desk"], reason=_reason(kept["reason"]), wakes=kept.get("wakes", False)),
    "close": lambda kept: Close(reason=_reason(kept["reason"])),
    "silence": lambda kept: Silence(reason=_reason(kept["reason"])),
}


def reason_document(why: Why) -> str:
    """What a column of text holds: a reason as JSON, words as they are."""
    return _dump(_reason_kept(why)) if isinstance(why, Reason) else why


def reason_from(text: str) -> Why:
    """The reason; or the words that were written by hand, by a platform, or before reasons had names."""
    if not text.startswith('{"name":'):
        return text
    try:
        kept = json.loads(text)
    except ValueError:
        return text
    return _reason(kept) if kept.keys() == {"name", "values"} else text


def values_document(values: Mapping[str, Value]) -> str:
    """Named values as JSON."""
    return _dump({key: _reason_kept(value) if isinstance(value, Reason) else value for key, value in values.items()})


def values_from(document: str) -> dict[str, Value]:
    """Named values from JSON."""
    return {key: _value(value) for key, value in json.loads(document).items()}


def reason_or_none(text: str | None) -> Why | None:
    """The same where nothing may be kept."""
    return None if text is None else reason_from(text)


def _reason_kept(why: Why) -> str | dict[str, object]:
    if isinstance(why, str):
        return why
    values = {key: _reason_kept(value) if isinstance(value, Reason) else value for key, value in why.values.items()}
    return {"name": why.name, "values": values}


def _reason(kept: Any) -> Why:  # noqa: ANN401 - as JSON gave it
    return kept if isinstance(kept, str) else Reason(kept["name"], {k: _value(v) for k, v in kept["values"].items()})


def _value(kept: Any) -> Value:  # noqa: ANN401 - as JSON gave it
    if isinstance(kept, dict):
        return _reason(kept)
    value: Value = tuple(kept) if isinstance(kept, list) else kept
    return value
