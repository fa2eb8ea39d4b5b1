"""The looks behind `vivencia doctor`, one a part; each says what it found and none stops the others."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.checkup import Finding, Grade
from bot.domain.errors import VivenciaError
from bot.domain.reading import Language
from bot.domain.reason import because

if TYPE_CHECKING:
    from config.home import Home
    from config.settings import Settings

_LITTLE_SPACE_MB = 500
_WITH_A_LINK = "create_with_url"
_NAMED = 5
_QUIET_FOR = timedelta(minutes=5)


async def look_everywhere(home: Home, settings: Settings, language: Language) -> list[Finding]:
    """In the order in which an owner would mend."""
    return [
        _look_at_home(home),
        *await _look_at_database(home),
        *_look_at_model(settings),
        *await _look_at_channels(home, settings, language),
        *_look_at_replies(settings),
        *_look_at_knowledge(settings),
        *_look_at_responders(settings),
        *await _look_at_desk(settings, language),
    ]


def _look_at_home(home: Home) -> Finding:
    free = shutil.disk_usage(home.path).free // 1_000_000
    if free < _LITTLE_SPACE_MB:
        return Finding(part="home", grade=Grade.WATCH, what=because("doctor.little_space", mb=free))
    return Finding(part="home", grade=Grade.GOOD, what=because("doctor.home_good", path=str(home.path)))


async def _look_at_database(home: Home) -> list[Finding]:
    """It opens, and nothing in it waits for a person without anybody knowing."""
    from bot.pause import paused_elsewhere
    from bot.store.sqlite import open_store

    try:
        async with open_store(home.database) as store:
            counts, paused = await store.reports.counts(), await store.outbox.paused()
            health = await store.channels.health()
            troubles = await store.cards.troubles()
    except VivenciaError as error:
        return [Finding(part="database", grade=Grade.BROKEN, what=str(error))]
    good = because("doctor.database_good", mentions=counts.mentions, cases=counts.cases)
    found = [Finding(part="database", grade=Grade.GOOD, what=good)]
    stopped = paused or paused_elsewhere(home)
    if stopped is not None:
        found.append(Finding(part="outbox", grade=Grade.WATCH, what=because("doctor.paused", why=stopped)))
    left = {state: counts.jobs.get(state, 0) for state in ("dead", "unknown", "held")}
    if left["dead"] or left["unknown"]:
        what = because("doctor.outbox_waits", dead=left["dead"], unknown=left["unknown"])
        found.append(Finding(part="outbox", grade=Grade.WATCH, what=what))
    if counts.quarantined:
        what = because("doctor.quarantined", n=counts.quarantined)
        found.append(Finding(part="database", grade=Grade.WATCH, what=what))
    newest = max((each.seen for each in health), default=None)
    if newest is not None and datetime.now(UTC) - newest > _QUIET_FOR:
        what = because("doctor.not_running", since=f"{newest:%Y-%m-%d %H:%M}")
        found.append(Finding(part="service", grade=Grade.WATCH, what=what))
    found += [
        Finding(part="desk", grade=Grade.BROKEN, what=because("doctor.card", case=case.key, why=why))
        for case, why in troubles[:10]
    ]
    return found


def _look_at_model(settings: Settings) -> list[Finding]:
    from bot.readers import open_reader

    reader = open_reader(settings)
    if reader.name.startswith("lexicon"):
        return [Finding(part="model", grade=Grade.WATCH, what=because("doctor.model_degraded", model=reader.name))]
    return [Finding(part="model", grade=Grade.GOOD, what=because("doctor.model_good", model=reader.name))]


async def _look_at_channels(home: Home, settings: Settings, language: Language) -> list[Finding]:
    if not settings.channels:
        return [Finding(part="channels", grade=Grade.WATCH, what=because("doctor.no_channels"))]
    return await asyncio.gather(*(_channel(home, settings, name, language) for name in settings.channels))


async def _channel(home: Home, settings: Settings, name: str, language: Language) -> Finding:
    from bot.cli.channel_check import checked

    try:
        seen = await checked(home, settings, name, language)
    except VivenciaError as error:
        return Finding(part=f"channel {name}", grade=Grade.BROKEN, what=str(error))
    who = (
        because("doctor.channel_opens")
        if seen.account is None
        else because("doctor.channel", who=seen.account.identity)
    )
    return Finding(part=f"channel {name}", grade=Grade.GOOD, what=who)


def _look_at_replies(settings: Settings) -> list[Finding]:
    """The brand's texts can be used, and none costs many times what it need, as one with a link does on X."""
    from bot.speech import open_phrasebook

    try:
        linked = open_phrasebook(settings).with_links()
    except VivenciaError as error:
        return [Finding(part="replies", grade=Grade.BROKEN, what=str(error))]
    if not linked:
        return []
    named = ", ".join([*linked[:_NAMED], *(["…"] if linked[_NAMED:] else [])])
    costs = {name: settings.costs.get(str(table.get("kind", name))) for name, table in settings.channels.items()}
    return [
        Finding(
            part="replies",
            grade=Grade.WATCH,
            what=because(
                "doctor.dear_links",
                texts=named,
                channel=name,
                price=f"{each.prices[_WITH_A_LINK]} {each.currency}",
            ),
        )
        for name, each in costs.items()
        if each is not None and _WITH_A_LINK in each.prices
    ]


def _look_at_knowledge(settings: Settings) -> list[Finding]:
    """How many articles each language has; those of the brand are named without any too."""
    from responders.knowledge import open_knowledge

    if settings.brand.knowledge is None:
        return []
    try:
        with closing(open_knowledge(settings.brand.knowledge)) as articles:
            counts = articles.count()
    except VivenciaError as error:
        return [Finding(part="knowledge", grade=Grade.BROKEN, what=str(error))]
    spoken = dict.fromkeys((*map(Language, settings.brand.languages), *counts))
    counted = ", ".join(f"{language} {counts[language]}" for language in spoken)
    if lacking := [language for language in spoken if not counts[language]]:
        what = because("doctor.articles_lacking", counts=counted, languages=", ".join(lacking))
        return [Finding(part="knowledge", grade=Grade.WATCH, what=what)]
    return [Finding(part="knowledge", grade=Grade.GOOD, what=because("doctor.articles", counts=counted))]


def _look_at_responders(settings: Settings) -> list[Finding]:
    from responders.registry import check_order

    try:
        check_order(settings.responders.order)
    except VivenciaError as error:
        return [Finding(part="responders", grade=Grade.BROKEN, what=str(error))]
    return []


async def _look_at_desk(settings: Settings, language: Language) -> list[Finding]:
    if settings.desk.kind == "console":
        return [Finding(part="desk", grade=Grade.GOOD, what=because("doctor.desk_console"))]
    from bot.cli.desk_setup import look_at

    try:
        return await look_at(settings, language)
    except VivenciaError as error:
        return [Finding(part="desk", grade=Grade.BROKEN, what=str(error))]
