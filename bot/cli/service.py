"""`vivencia run`, `pause`, `resume`, `retry` and `status`: the service itself, and its brake."""

from __future__ import annotations

import asyncio
import dataclasses
import getpass
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, home_and_settings, only_home
from bot.domain.errors import VivenciaError

if TYPE_CHECKING:
    from config.home import Home


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


def pause(home: HomeOption = None) -> None:
    """Stop everything that would be sent to customers. Listening, reading and the desk go on."""
    found = only_home(home)
    asyncio.run(_pause(found))
    typer.echo("Paused: nothing goes out to customers until `vivencia resume`.")


def resume(home: HomeOption = None) -> None:
    """Let sending go on."""
    found = only_home(home)
    left = asyncio.run(_resume(found))
    typer.echo(left or "Resumed: what was waiting goes out now.")


def retry(
    mention: Annotated[str, typer.Argument(help="The quarantined mention's id, as channel:id.")],
    home: HomeOption = None,
) -> None:
    """Give a mention that was set aside, because it brought its worker down, three more tries."""
    found = only_home(home)
    if not asyncio.run(_retry(found, mention)):
        raise VivenciaError(f"{mention} is not quarantined; `vivencia explain {mention}` says where it stands")
    typer.echo(f"{mention} gets three more tries.")


def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """What the house holds, what waits, and whether sending is paused."""
    found = only_home(home)
    facts = asyncio.run(_status(found))
    if as_json:
        typer.echo(json.dumps(facts))
        return
    width = max(len(key) for key in facts)
    for key, value in facts.items():
        typer.echo(f"{key.replace('_', ' '):<{width + 2}}{_plain(value)}")


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{key} {_plain(inner)}" for key, inner in value.items()) or "–"
    return "no" if value is None else str(value)


async def _pause(home: Home) -> None:
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        await store.outbox.pause(getpass.getuser(), datetime.now(UTC))


async def _resume(home: Home) -> str:
    from bot.app import paused_elsewhere
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        await store.outbox.resume()
    return f"Resumed here, but still paused by {why}." if (why := paused_elsewhere(home)) else ""


async def _retry(home: Home, mention: str) -> bool:
    from bot.domain.mention import MentionId
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        return await store.inbox.retry(MentionId(mention))


async def _status(home: Home) -> dict[str, object]:
    from bot.app import paused_elsewhere
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        counts = await store.reports.counts()
        paused = await store.outbox.paused() or paused_elsewhere(home)
        editions = await store.reports.digests()
    return {
        "home": str(home.path),
        **dataclasses.asdict(counts),
        "paused": paused,
        "last_digest": editions[-1] if editions else None,
    }
