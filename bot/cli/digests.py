"""`vivencia digest`: what changed and why, for one day or one week."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings, refusal
from bot.domain.errors import ConfigError, VivenciaError

if TYPE_CHECKING:
    from bot.domain.digest import Edition
    from bot.domain.ports.store import Reports
    from bot.domain.reading import Language
    from bot.editions import Printed
    from config.home import Home
    from config.settings import Settings

# nothing is kept that was said before
_FIRST_YEAR = 1970


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("digest", epilog="Example: `vivencia digest --date 2026-04-23 --lang es`")(digest)


def digest(
    day: Annotated[
        str | None, typer.Option("--date", help="The local day, like 2026-04-23; else the last day with mentions.")
    ] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="The week (Monday to Sunday) around that day.")] = False,
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the digest, with its picture's path on the last line. Asking again changes nothing.

    Figures come with their baseline and an interval; where there is too little to say, it says so.
    """
    from bot.domain.digest import Edition
    from bot.domain.reading import Language

    found, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    edition = Edition.WEEKLY if weekly else Edition.DAILY
    printed = asyncio.run(_printed(found, settings, _day(day, language), edition, language))
    if as_json:
        from bot.insight.digest_json import as_json as to_json

        typer.echo(json.dumps({**to_json(printed.digest), "picture": str(printed.picture)}, ensure_ascii=False))
        return
    typer.echo(printed.text.whole)
    typer.echo(f"\n{printed.picture}")


def _day(given: str | None, language: Language) -> date | None:
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise ConfigError(refusal(language, "no_date", date=given)) from error
    if day.year < _FIRST_YEAR:
        raise ConfigError(refusal(language, "day_too_early", date=given, year=str(_FIRST_YEAR)))
    return day


async def _printed(home: Home, settings: Settings, day: date | None, edition: Edition, language: Language) -> Printed:
    from bot.editions import make_edition
    from bot.store.sqlite import open_store

    zone = ZoneInfo(settings.brand.timezone)
    async with open_store(home.database) as store:
        return await make_edition(
            store.reports,
            settings,
            home.digests,
            day=await _day_heard(store.reports, zone, day, language),
            edition=edition,
            language=language,
            now=datetime.now(UTC),
        )


async def _day_heard(reports: Reports, zone: ZoneInfo, day: date | None, language: Language) -> date:
    """The day asked for, unless it is still to come; else the last whole day with mentions, or today where it is all.

    A recording may be of a day that the clock on the wall has not reached.
    """
    span = await reports.span()
    today = datetime.now(zone).date()
    last = today if span is None else span[1].astimezone(zone).date()
    if day is not None:
        if day > max(today, last):
            raise ConfigError(refusal(language, "day_to_come", date=day.isoformat()))
        return day
    if span is None:
        raise VivenciaError(refusal(language, "nothing_heard"))
    if last < today:
        return last
    earlier = await reports.span(datetime.combine(today, time.min, zone))
    return last if earlier is None else earlier[1].astimezone(zone).date()
