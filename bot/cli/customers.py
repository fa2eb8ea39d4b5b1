"""`vivencia customer`, `case` and `explain`: one customer's story, one case, one decision."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.options import (
    ConfigOption,
    HomeOption,
    JsonOption,
    LangOption,
    Spoken,
    countable,
    home_and_settings,
    refusal,
)
from bot.domain.errors import VivenciaError
from bot.domain.reading import Language

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from bot.domain.customer import Consent
    from bot.domain.ports.record import CaseFile, Explanation, Journey
    from config.home import Home
    from config.settings import Settings


# as many as the largest number has that a case can have
_DIGITS = 19


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("customer", epilog="Example: `vivencia customer @lechuza_verde`")(customer)
    app.command("case", epilog="Example: `vivencia case 1042`")(case)
    app.command("explain", epilog="Example: `vivencia explain z0306`")(explain)


def customer(
    who: Annotated[str, typer.Argument(help="@handle, channel:account, channel:@name, or a customer's id.")],
    merge: Annotated[
        str | None, typer.Option("--merge", help="Who else this is: from now on both are one customer, for good.")
    ] = None,
    consent: Annotated[
        str | None, typer.Option("--consent", help="Where, when and in which words they agreed to that.")
    ] = None,
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """One customer's journey: what was lived, where, how it felt, what was said and promised.

    With --merge, first make another customer part of this one; the consent is kept and shown.
    """
    from bot.cli.merging import consent_given

    found, settings = home_and_settings(home, config)
    language = _language(settings, lang)
    given = consent_given(merge, consent, language)
    journey = asyncio.run(
        _journey(found, who, language) if given is None else _merged(found, (who, str(merge)), given, language)
    )
    if as_json:
        typer.echo(_dumped(journey))
        return
    from bot.desk.console import print_journey

    print_journey(
        _console(),
        journey,
        language=language,
        zone=_zone(settings),
        names=settings.brand.touchpoint_names,
    )


def case(
    key: Annotated[str, typer.Argument(help="The case's number, with or without #.")],
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """One case with its history, experiences, actions and promises."""
    found, settings = home_and_settings(home, config)
    file, at = asyncio.run(_case(found, key, _language(settings, lang)))
    if as_json:
        typer.echo(_dumped(file))
        return
    from bot.desk.console import print_case

    print_case(
        _console(),
        file,
        language=_language(settings, lang),
        zone=_zone(settings),
        names=settings.brand.touchpoint_names,
        at=at,
    )


def explain(
    mention: Annotated[str, typer.Argument(help="The mention's id: channel:id, or the id alone.")],
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Why the bot did what it did: the text, the reading, which rule spoke, and the policy's word with its reason."""
    found, settings = home_and_settings(home, config)
    explanation = asyncio.run(_explain(found, mention, _language(settings, lang)))
    if as_json:
        typer.echo(_dumped(explanation))
        return
    from bot.desk.console import print_explanation

    print_explanation(
        _console(),
        explanation,
        language=_language(settings, lang),
        zone=_zone(settings),
        names=settings.brand.touchpoint_names,
    )


async def _journey(home: Home, who: str, language: Language) -> Journey:
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        customer = await store.history.customer(who)
        if customer is None:
            raise VivenciaError(refusal(language, "nobody", who=who))
        return await store.history.journey(customer.id)


async def _merged(home: Home, both: tuple[str, str], consent: Consent, language: Language) -> Journey:
    from bot.cli.merging import merged
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        customer = await merged(store.history, both, consent, language)
        return await store.history.journey(customer.id)


async def _case(home: Home, key: str, language: Language) -> tuple[CaseFile, datetime]:
    """With the moment by which its clocks are read."""
    from bot.cli.present import watch_in
    from bot.store.sqlite import open_store

    number = key.strip().removeprefix("#")
    if not number.isdecimal() or len(number) > _DIGITS:
        raise VivenciaError(refusal(language, "no_key", key=key))
    async with open_store(home.database) as store:
        file = await store.history.case(countable(int(number)))
        watch = await watch_in(store)
    if file is None:
        raise VivenciaError(refusal(language, "no_case", key=str(int(number))))
    return file, watch.now(file.case.updated_at)


async def _explain(home: Home, mention: str, language: Language) -> Explanation:
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        explanation = await store.history.explain(mention)
    if explanation is None:
        raise VivenciaError(refusal(language, "no_mention", mention=mention))
    return explanation


def _console() -> Console:
    from rich.console import Console

    return Console()


def _language(settings: Settings, lang: Spoken | None) -> Language:
    return Language(lang or settings.desk.language)


def _zone(settings: Settings) -> ZoneInfo:
    return ZoneInfo(settings.brand.timezone)


def _dumped(value: object) -> str:
    from bot.cli.plain import plain

    return json.dumps(plain(value), ensure_ascii=False)
