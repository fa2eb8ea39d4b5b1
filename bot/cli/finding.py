"""`vivencia promises` and `vivencia pii`: what the rules find in a text, line by line, without model and service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.lines import BadLine, OutOption, Row, answer_lines, lines_of
from bot.cli.options import ConfigOption, HomeOption, home_and_settings

if TYPE_CHECKING:
    from bot.domain.ports.reader import PersonalDatum


@dataclass(frozen=True, slots=True)
class _Said:
    """What the brand said, when, and where its days begin."""

    text: str
    now: datetime
    zone: tzinfo


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    said = '{"id":1,"text":"Te llamamos mañana","now":"2026-05-12T11:30:00+02:00"}'
    app.command("promises", epilog=f"Example: `echo '{said}' | vivencia promises -`")(promises)
    app.command("pii", epilog='Example: `echo \'{"id":1,"text":"mi DNI es 12345678Z"}\' | vivencia pii -`')(pii)


def promises(
    file: Annotated[
        str, typer.Argument(help='JSONL with {"id","text"[,"lang","now"]} a line; - is standard input.')
    ] = "-",
    out: OutOption = None,
    home: HomeOption = None,
    config: ConfigOption = None,
) -> None:
    """Find what texts of the brand promise, and by when: {"id","promise","what","due"}; one JSON object a line.

    Same order and count as the input. A line that cannot be read gives {"line":N,"error":"…"}, the rest goes on, and
    the exit code is 1 at the end.
    """
    _, settings = home_and_settings(home, config)
    zone = ZoneInfo(settings.brand.timezone)
    with lines_of(file, out) as lines:
        answer_lines(lines, ask=lambda row: _said(row, zone), answer=lambda said: map(_promised, said))


def pii(
    file: Annotated[str, typer.Argument(help='JSONL with {"id","text"} a line; - is standard input.')] = "-",
    out: OutOption = None,
) -> None:
    """Find personal data: {"id","pii":[{"type","value"}]}, values exactly as written; one JSON object a line.

    Same order and count as the input. A line that cannot be read gives {"line":N,"error":"…"}, the rest goes on, and
    the exit code is 1 at the end.
    """
    from nlp.pii import Recogniser

    recogniser = Recogniser()
    with lines_of(file, out) as lines:
        answer_lines(
            lines,
            ask=lambda row: str(row["text"]),
            answer=lambda texts: ({"pii": [_datum(datum) for datum in recogniser.find(text)]} for text in texts),
        )


def _said(row: Row, zone: ZoneInfo) -> _Said:
    now = _moment(row["now"]) if row.get("now") is not None else datetime.now(UTC)
    now = now if now.tzinfo else now.replace(tzinfo=zone)
    return _Said(row["text"], now, _where(now, zone))


def _moment(now: object) -> datetime:
    try:
        moment = datetime.fromisoformat(now) if isinstance(now, str) else None
    except ValueError:
        moment = None
    if moment is None or not 1970 <= moment.year < 9000:
        raise BadLine(f"now is {now!r:.60}; an ISO 8601 time such as 2026-05-12T11:30:00+02:00 is needed")
    return moment


def _where(now: datetime, zone: ZoneInfo) -> tzinfo:
    """The brand's time zone, unless `now` was written in another one; UTC is only how machines write it."""
    offset = now.utcoffset()
    elsewhere = offset not in {timedelta(0), now.astimezone(zone).utcoffset()}
    return now.tzinfo if elsewhere and now.tzinfo else zone


def _promised(said: _Said) -> Row:
    """The first promise of a text in the published form (docs/reference/cli.md)."""
    from nlp.promises import CalendarPromises

    first = next(iter(CalendarPromises(said.zone).read(said.text, said.now)), None)
    if first is None:
        return {"promise": False, "what": None, "due": None}
    return {"promise": True, "what": first.what, "due": first.due.astimezone(said.zone).isoformat()}


def _datum(datum: PersonalDatum) -> Row:
    return {"type": datum.type, "value": datum.value}
