"""`vivencia run`, `pause`, `resume`, `retry` and `status`: the service itself, and its brake."""

from __future__ import annotations

import asyncio
import dataclasses
import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.faring import Faring, all_faring, faring_json, faring_line
from bot.cli.options import (
    ConfigOption,
    HomeOption,
    JsonOption,
    LangOption,
    Spoken,
    home_and_settings,
    only_home,
    reader_of,
)
from bot.domain.errors import VivenciaError
from bot.domain.reading import Language
from bot.domain.reason import Reason

if TYPE_CHECKING:
    from bot.insight.wording import Wording
    from config.home import Home


_DONE_BY_BEING_DECIDED = ("silence", "close")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("run", epilog="Example: `vivencia run --home ~/vivencia`")(run)
    app.command("pause", epilog="Example: `vivencia pause`")(pause)
    app.command("resume", epilog="Example: `vivencia resume`")(resume)
    app.command("retry", epilog="Example: `vivencia retry replay:z0306`")(retry)
    app.command("status", epilog="Example: `vivencia status --json`")(status)


def run(home: HomeOption = None, config: ConfigOption = None) -> None:
    """Listen on the configured channels, read, decide, answer and write the digests, until stopped with Ctrl-C.

    A stop at any moment, even a kill, loses nothing: the next start goes on where this one was.
    """
    from bot.service import run_service

    found, settings = home_and_settings(home, config)
    asyncio.run(run_service(found, settings))


def pause(home: HomeOption = None, lang: LangOption = None) -> None:
    """Stop everything that would be sent to customers. Listening, reading and the desk go on."""
    asyncio.run(_pause(only_home(home)))
    typer.echo(_say(home, lang, "brake.paused"))


def resume(home: HomeOption = None, lang: LangOption = None) -> None:
    """Let sending go on."""
    from bot.desk.reasons import reason_in
    from bot.insight.wording import wording

    why = asyncio.run(_resume(only_home(home)))
    if why is None:
        typer.echo(_say(home, lang, "brake.resumed"))
    else:
        desk = wording(reader_of(home, lang)[0], "bot.desk")
        typer.echo(_say(home, lang, "brake.still_paused", why=reason_in(desk, why)))


def retry(
    mention: Annotated[str, typer.Argument(help="The quarantined mention's id, as channel:id.")],
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Give a mention that was set aside, because it brought its worker down, three more tries."""
    if not asyncio.run(_retry(only_home(home), mention)):
        raise VivenciaError(_say(home, lang, "brake.not_quarantined", mention=mention))
    typer.echo(_say(home, lang, "brake.retried", mention=mention))


def _say(home: Path | None, lang: Spoken | None, phrase: str, **gaps: str) -> str:
    from bot.insight.wording import wording

    return wording(reader_of(home, lang)[0], "bot.cli").say(phrase, **gaps)


def status(home: HomeOption = None, lang: LangOption = None, as_json: JsonOption = False) -> None:
    """What the house holds, what waits, how its channels fare, and whether sending is paused."""
    from bot.cli.plain import plain

    found, now = only_home(home), datetime.now(UTC)
    facts, channels = asyncio.run(_status(found, now))
    if as_json:
        typer.echo(json.dumps({**plain(facts), "channels": [faring_json(each) for each in channels]}))
        return
    for line in _page(facts, channels, *reader_of(home, lang), now):
        typer.echo(line)


def _page(
    facts: dict[str, object], channels: list[Faring], language: Language, zone: ZoneInfo, now: datetime
) -> list[str]:
    from bot.insight.channels import ear_name
    from bot.insight.columns import table
    from bot.insight.wording import wording

    words, desk, insight = (wording(language, room) for room in ("bot.cli", "bot.desk", "bot.insight"))
    rows = [(words.say(f"status.{key}"), _plain(value, desk, words)) for key, value in facts.items()]
    for number, each in enumerate(channels):
        line = f"{ear_name(each.channel, insight)}: {faring_line(each, language, zone, now)}"
        rows.append(("" if number else words.say("status.channels"), line))
    return [line.replace("\u00a0", " ") for line in table(rows, right=())]


def _plain(value: object, desk: Wording, words: Wording) -> str:
    """Numbers as they are; reasons, and what counts kinds, verdicts or states, in the desk's words."""
    from bot.desk.reasons import reason_in

    if isinstance(value, Reason):
        return reason_in(desk, value)
    if not isinstance(value, dict):
        return words.say("status.nothing") if value is None else str(value)
    return " · ".join(_counted(name, inner, desk) for name, inner in value.items()) or "–"


def _counted(name: str, value: object, desk: Wording) -> str:
    if isinstance(value, dict) and name in _DONE_BY_BEING_DECIDED:
        return f"{desk.say(f'action.{name}')} {sum(value.values())}"
    if isinstance(value, dict):
        verdicts = ", ".join(f"{desk.say(f'verdict.{verdict}')} {number}" for verdict, number in value.items())
        return f"{desk.say(f'action.{name}')} ({verdicts})"
    return f"{desk.say(f'job.{name}')} {value}"


async def _pause(home: Home) -> None:
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        await store.outbox.pause(getpass.getuser(), datetime.now(UTC))


async def _resume(home: Home) -> Reason | None:
    """What still stops sending, if anything does."""
    from bot.pause import paused_elsewhere
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        await store.outbox.resume()
    return paused_elsewhere(home)


async def _retry(home: Home, mention: str) -> bool:
    from bot.domain.mention import MentionId
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        return await store.inbox.retry(MentionId(mention))


async def _status(home: Home, now: datetime) -> tuple[dict[str, object], list[Faring]]:
    from bot.pause import paused_elsewhere
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        counts = await store.reports.counts()
        paused = await store.outbox.paused() or paused_elsewhere(home)
        editions = await store.reports.digests()
        channels = await all_faring(store.channels, now)
    facts = {
        "home": str(home.path),
        **dataclasses.asdict(counts),
        "paused": paused,
        "last_digest": editions[-1] if editions else None,
    }
    return facts, channels
