"""What people say of a text: labelled rows in either of two forms, as one shape.

The *data form* keeps labels in an object: `{"id", "text", "lang", "source", "labels": {"sentiment", "intent",
"touchpoint", "stage", "urgency", "about_brand", "spam", "complaint", "spans", "expectation", …}}`. A key that is
missing was not annotated. The *seed form* has them at the top: `{"id", "text", "lang", "sentiment", "intents", "spans",
…}`.

A list of intents or touchpoints says which labels hold. It also says that the others do not, as far as its source
knows them: a label that no list of the same `source` ever names is taken as not annotated there. A seed knows the
whole taxonomy. An object `{"question": true, "request": false}` in place of the list says it label by label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.reading import Intent, Language, Sentiment, Stage, Touchpoint, Urgency

NO_STAGE = "none"
_FLAGS = {
    "complaint": Intent.COMPLAINT,
    "spam": Intent.SPAM,
    "suggestion": Intent.SUGGESTION,
    "churn": Intent.CHURN_THREAT,
}
_SEED_KEYS = {"sentiment", "intents", "spans", "stage", "urgency", "about_brand", "spam", "expectation"}

Label = TypeVar("Label", bound=StrEnum)


class BadRow(ValueError):
    """A row that cannot be measured; the message says which key and what it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpan:
    """A quote of the text that shows a touchpoint, with the feeling about it (None: not annotated)."""

    quote: str
    touchpoint: Touchpoint
    sentiment: Sentiment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What is known of one text; None, or a label absent from a mapping, means not annotated.

    `mention` says that it is known beforehand to be to or about the brand, as what a listener hears is.
    `stage` is NO_STAGE where a person found none; `expectation` is "" where none is stated.
    """

    id: str
    text: str
    language: Language | None = None
    sentiment: Sentiment | None = None
    intents: Mapping[Intent, bool] = field(default_factory=dict)
    touchpoints: Mapping[Touchpoint, bool] = field(default_factory=dict)
    stage: str | None = None
    urgency: Urgency | None = None
    spam: bool | None = None
    about_brand: bool | None = None
    spans: tuple[GoldSpan, ...] | None = None
    expectation: str | None = None
    mention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A row as it came: `gold` with all its source could say, and the source whose lists must be narrowed.

    `stated` are labels that were said to hold or not one by one: they need no list to count.
    """

    gold: Gold
    source: str | None
    stated: frozenset[StrEnum] = frozenset()


def labelled(row: Mapping[str, Any], source: str = "") -> Labelled:
    """One row of either form. Raises BadRow with a sentence; `source` names rows that do not name their own."""
    missing = [key for key in ("id", "text") if key not in row]
    if missing:
        raise BadRow(f"{' and '.join(missing)} missing; id and text are needed")
    if not isinstance(row["text"], str):
        raise BadRow(f"text is {_kind(row['text'])}; a string is needed")
    if "labels" in row:
        if not isinstance(row["labels"], dict):
            raise BadRow(f"labels is {_kind(row['labels'])}; an object is needed")
        return _data_row(row, row["labels"], str(row.get("source") or source))
    if not _SEED_KEYS & row.keys():
        raise BadRow("no labels; a labels object is needed, or sentiment, intents, spans … beside the text")
    return _seed_row(row)


def golds_of(rows: Iterable[Labelled]) -> list[Gold]:
    """The rows with each list narrowed to the labels that its source knows."""
    kept = list(rows)
    known: defaultdict[str, set[StrEnum]] = defaultdict(set)
    for row in kept:
        if row.source is not None:
            known[row.source].update(intent for intent, holds in row.gold.intents.items() if holds)
            known[row.source].update(place for place, holds in row.gold.touchpoints.items() if holds)
    return [row.gold if row.source is None else _narrowed(row, known[row.source]) for row in kept]


def _narrowed(row: Labelled, known: set[StrEnum]) -> Gold:
    counted = known | row.stated
    return replace(
        row.gold,
        intents={label: holds for label, holds in row.gold.intents.items() if label in counted},
        touchpoints={label: holds for label, holds in row.gold.touchpoints.items() if label in counted},
    )


def _data_row(row: Mapping[str, Any], labels: Mapping[str, Any], source: str) -> Labelled:
    spans = _spans(labels["spans"], row["text"], "labels.spans") if labels.get("spans") is not None else None
    intents, stated = _set(labels.get("intent"), Intent, "labels.intent")
    places, stated_places = _set(labels.get("touchpoint"), Touchpoint, "labels.touchpoint")
    if labels.get("touchpoint") is None and spans is not None:
        places = _among(Touchpoint, {span.touchpoint for span in spans})
        stated_places = frozenset(Touchpoint)
    flags = _flags(labels)
    gold = _gold(row, labels, "labels.")
    return Labelled(
        gold=replace(
            gold,
            intents={**intents, **flags},
            touchpoints=places,
            spam=flags.get(Intent.SPAM) if gold.spam is None else gold.spam,
            spans=spans,
        ),
        source=source,
        stated=frozenset({*stated, *stated_places, *flags}),
    )


def _seed_row(row: Mapping[str, Any]) -> Labelled:
    spans = _spans(row["spans"], row["text"], "spans") if row.get("spans") is not None else None
    intents, _ = _set(row.get("intents"), Intent, "intents")
    gold = _gold(row, row, "")
    return Labelled(
        gold=replace(
            gold,
            intents=intents,
            touchpoints={} if spans is None else _among(Touchpoint, {span.touchpoint for span in spans}),
            spam=intents.get(Intent.SPAM) if gold.spam is None else gold.spam,
            spans=spans,
        ),
        source=None,
    )


def _gold(row: Mapping[str, Any], labels: Mapping[str, Any], prefix: str) -> Gold:
    """What both forms say alike."""
    stage = None
    if "stage" in labels:
        named = labels["stage"] not in {None, NO_STAGE} if isinstance(labels["stage"], str | None) else True
        stage = _label(labels["stage"], Stage, f"{prefix}stage").value if named else NO_STAGE
    return Gold(
        id=str(row["id"]),
        text=row["text"],
        language=_language(row.get("lang")),
        sentiment=_label_or_none(labels.get("sentiment"), Sentiment, f"{prefix}sentiment"),
        stage=stage,
        urgency=_label_or_none(labels.get("urgency"), Urgency, f"{prefix}urgency"),
        spam=_bool(labels.get("spam"), f"{prefix}spam"),
        about_brand=_bool(labels.get("about_brand"), f"{prefix}about_brand"),
        expectation=_expectation(labels, row["text"], prefix),
        mention=_bool(row.get("mention"), "mention") or False,
    )


def _flags(labels: Mapping[str, Any]) -> dict[Intent, bool]:
    """Intents with a key of their own; it has the last word where the list says otherwise."""
    read = {intent: _bool(labels.get(key), f"labels.{key}") for key, intent in _FLAGS.items()}
    flags = {intent: holds for intent, holds in read.items() if holds is not None}
    # "yes" mixes the wish to buy with plain liking in the one set that has it, so only "no" says something
    if labels.get("purchase_intention") == "no":
        flags[Intent.PURCHASE_INTEREST] = False
    return flags


def _set(given: object, kind: type[Label], key: str) -> tuple[dict[Label, bool], frozenset[Label]]:
    """Each label that is annotated, and those that were said one by one."""
    if given is None:
        return {}, frozenset()
    if isinstance(given, dict):
        stated = {_label(name, kind, key): _bool(holds, f"{key}.{name}") for name, holds in given.items()}
        known = {label: holds for label, holds in stated.items() if holds is not None}
        return known, frozenset(known)
    if not isinstance(given, list):
        raise BadRow(f"{key} is {_kind(given)}; a list is needed")
    return _among(kind, {_label(name, kind, key) for name in given}), frozenset()


def _among(kind: type[Label], holding: set[Label]) -> dict[Label, bool]:
    return {label: label in holding for label in kind}


def _spans(given: object, text: str, key: str) -> tuple[GoldSpan, ...]:
    if not isinstance(given, list):
        raise BadRow(f"{key} is {_kind(given)}; a list is needed")
    return tuple(_span(each, text, f"{key}[{number}]") for number, each in enumerate(given))


def _span(given: object, text: str, key: str) -> GoldSpan:
    if not isinstance(given, dict):
        raise BadRow(f'{key} is {_kind(given)}; {{"quote": …, "touchpoint": …}} is needed')
    quote = given.get("quote")
    if not isinstance(quote, str) or not quote or quote not in text:
        raise BadRow(f"{key}.quote does not stand in the text; an exact piece of it is needed")
    return GoldSpan(
        quote=quote,
        touchpoint=_label(given.get("touchpoint"), Touchpoint, f"{key}.touchpoint"),
        sentiment=_label_or_none(given.get("sentiment"), Sentiment, f"{key}.sentiment"),
    )


def _expectation(labels: Mapping[str, Any], text: str, prefix: str) -> str | None:
    if "expectation" not in labels:
        return None
    given = labels["expectation"] or ""
    if not isinstance(given, str) or given not in text:
        raise BadRow(f"{prefix}expectation does not stand in the text; an exact piece of it, or null, is needed")
    return given


def _language(given: object) -> Language | None:
    if given is None:
        return None
    if not isinstance(given, str) or not given:
        raise BadRow(f"lang is {_kind(given)}; a code like es or en is needed")
    code = given.lower().replace("_", "-").partition("-")[0]
    return Language(code) if code in set(Language) else Language.OTHER


def _label_or_none(given: object, kind: type[Label], key: str) -> Label | None:
    return None if given is None else _label(given, kind, key)


def _label(given: object, kind: type[Label], key: str) -> Label:
    known = {label.value: label for label in kind}
    if isinstance(given, str) and given in known:
        return known[given]
    said = f"'{given}'" if isinstance(given, str) else _kind(given)
    raise BadRow(f"{key} is {said}; one of {', '.join(known)} is needed")


def _bool(given: object, key: str) -> bool | None:
    if given is None or isinstance(given, bool):
        return given
    raise BadRow(f"{key} is {_kind(given)}; true or false is needed")


def _kind(given: object) -> str:
    """What JSON calls it."""
    if isinstance(given, bool):
        return str(given).lower()
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(given), "null")
