"""`vivencia read`: one reading a line, for whoever wants the model without the service."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.lines import BadLine, OutOption, Row, answer_lines, lines_of
from bot.cli.options import ConfigOption, HomeOption, home_and_settings
from bot.domain.reading import Language, Reading, Text


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("read", epilog='Example: `echo \'{"id":1,"text":"El paquete llegó roto"}\' | vivencia read -`')(read)


def read(
    file: Annotated[
        str, typer.Argument(help='JSONL with {"id","text"[,"lang"][,"mention"]} a line; - is standard input.')
    ] = "-",
    out: OutOption = None,
    home: HomeOption = None,
    config: ConfigOption = None,
) -> None:
    """Read texts: language, sentiment, intents, touchpoints with their quotes, urgency; one JSON object a line.

    Same order and count as the input. A line that cannot be read gives {"line":N,"error":"…"}, the rest goes on, and
    the exit code is 1 at the end.
    """
    from bot.readers import open_reader, open_word_lists
    from nlp.guarded import Guarded

    _, settings = home_and_settings(home, config)
    with lines_of(file, out) as lines:
        classifier = Guarded(open_reader(settings), open_word_lists(settings))
        answer_lines(lines, ask=_text, answer=lambda texts: map(_as_row, classifier.read(texts)))


def _text(row: Row) -> Text:
    lang, mention = row.get("lang"), row.get("mention")
    if not isinstance(mention, bool | None):
        raise BadLine("mention must be true or false")
    hint = Language.of_tag(lang) if isinstance(lang, str) else None
    return Text(text=row["text"], language_hint=hint, mention=mention is True)


def _as_row(reading: Reading) -> Row:
    """A reading in the published form (docs/reference/cli.md)."""
    return {
        "language": reading.language,
        "sentiment": reading.sentiment,
        "sentiment_scores": {label.value: round(score, 4) for label, score in reading.scores.items()},
        "intents": list(reading.intents),
        "touchpoints": list(reading.touchpoints),
        "stage": reading.stage,
        "urgency": reading.urgency,
        "spans": [
            {
                "quote": span.quote,
                "touchpoint": span.touchpoint,
                "stage": span.stage,
                "sentiment": span.sentiment,
                "confidence": round(span.confidence, 4),
                **({"own": span.own} if span.own else {}),
            }
            for span in reading.spans
        ],
        "expectation": reading.expectation,
        "spam": reading.spam,
        "about_brand": reading.about_brand,
        "abstained": reading.abstained,
        "model": reading.model + (" (degraded)" if reading.degraded else ""),
    }
