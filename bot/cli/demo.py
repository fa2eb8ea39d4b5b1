"""`vivencia demo`: five weeks of a fictional brand, from listening to digest, in under a minute."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.called import as_called
from bot.cli.options import HomeOption, Spoken
from bot.domain.time import local_day

if TYPE_CHECKING:
    from rich.console import Console

    from bot.domain.ports.record import CaseFile
    from bot.domain.ports.store import Store
    from bot.domain.reading import Language
    from config.home import Home
    from config.settings import Settings

DEMO = Path(__file__).parent.parent.parent / "config" / "demo"
WORST_DAY = date(2026, 4, 23)
JOURNEY = "@kettle_and_toast"
CARDS = 3


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("demo", epilog="Example: `vivencia demo --lang en`")(demo)


def demo(
    home: HomeOption = None,
    lang: Annotated[Spoken, typer.Option("--lang", help="Language of what you are shown.")] = Spoken.ES,
) -> None:
    """Run the whole service over a bundled stream and show what agents, customers and managers get.

    It writes into a folder of its own under the home, new each time, and touches nothing else.
    """
    from rich.console import Console

    from bot.cli.progress import progress_over
    from bot.cli.simulation import outcome_page
    from bot.domain.reading import Language
    from bot.simulation import simulate_file
    from config.home import Home, find_home
    from config.settings import read_settings

    console, words = Console(), _WORDS[lang]
    place = Home(find_home(home).path / f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    place.path.mkdir(mode=0o700)
    _furnish(place, lang)
    settings = read_settings(place.settings)
    stream = str(DEMO / "stream.jsonl")
    console.print(words["listening"], highlight=False)
    with progress_over(stream, shown=True, label=words["reading"]) as told:
        outcome = asyncio.run(simulate_file(stream, home=place, settings=settings, told=told))
    console.print(outcome_page(outcome, Language(lang.value)), highlight=False, soft_wrap=True)
    asyncio.run(_show(place, settings, console, lang))
    following = words["next"].format(vivencia=as_called(), home=shlex.quote(str(place.path)))
    console.print(following, highlight=False, markup=False, soft_wrap=True)


def _furnish(home: Home, language: Spoken) -> None:
    """Give the home the brand's configuration and articles, so that later commands speak of the same brand."""
    brand = (DEMO / "vivencia.toml").read_text(encoding="utf-8")
    home.settings.touch(mode=0o600)
    home.settings.write_text(f'{brand}\n[desk]\nlanguage = "{language}"\n', encoding="utf-8")
    for place in (home.path / "knowledge", *shutil.copytree(DEMO / "knowledge", home.path / "knowledge").rglob("*")):
        place.chmod(0o700 if place.is_dir() else 0o600)


async def _show(home: Home, settings: Settings, console: Console, language: Spoken) -> None:
    from bot.cli.present import watch_in
    from bot.desk.console import ConsoleDesk, print_journey
    from bot.domain.reading import Language
    from bot.store.sqlite import open_store

    spoken, zone = Language(language.value), ZoneInfo(settings.brand.timezone)
    async with open_store(home.database) as store:
        desk = ConsoleDesk(console, spoken, zone=zone, watch=await watch_in(store))
        console.rule(_WORDS[language]["cards"])
        for file in await _telling_cases(store, zone, spoken):
            await desk.post(file, f"demo:{file.case.key}")
        console.rule(_WORDS[language]["journey"])
        customer = await store.history.customer(JOURNEY)
        if customer is not None:
            print_journey(console, await store.history.journey(customer.id), language=spoken, zone=zone)
        console.rule(_WORDS[language]["digest"])
        await _show_digests(home, settings, store, console, language)


async def _telling_cases(store: Store, zone: ZoneInfo, language: Language) -> list[CaseFile]:
    """The most urgent cases of the worst day; among equals first those in the reader's language."""
    since, until = local_day(WORST_DAY, zone)
    loops = await store.reports.loops(since, until)
    files = [file for case in loops.unclosed if (file := await store.history.case(case.key)) is not None]

    def rank(file: CaseFile) -> tuple[int, bool, int, int]:
        case = file.case
        return -case.urgency.rank, file.customer.language is not language, -len(case.touchpoints), case.key

    return sorted(files, key=rank)[:CARDS]


async def _show_digests(home: Home, settings: Settings, store: Store, console: Console, language: Spoken) -> None:
    from bot.domain.digest import Edition
    from bot.domain.reading import Language
    from bot.editions import make_edition

    for edition in (Edition.DAILY, Edition.WEEKLY):
        printed = await make_edition(
            store.reports,
            settings,
            home.digests,
            day=WORST_DAY,
            edition=edition,
            language=Language(language.value),
            now=datetime.now(UTC),
        )
        console.print(printed.text.whole, highlight=False, markup=False, soft_wrap=True)
        console.print(f"\n{_WORDS[language]['picture']}: {printed.picture}\n", highlight=False, soft_wrap=True)


_WORDS = {
    Spoken.ES: {
        "listening": "Zarapito es una tienda inventada (y un ave). Esto es lo que se dijo de ella en cinco semanas.",
        "reading": "escuchar, leer, decidir",
        "cards": "LO QUE VEN LOS AGENTES",
        "journey": "LA VIVENCIA DE UNA CLIENTA O UN CLIENTE",
        "digest": "LO QUE LEE QUIEN DIRIGE",
        "picture": "Gráfico",
        "next": (
            "\nSigue mirando:\n  {vivencia} customer @kettle_and_toast --home {home}\n"
            "  {vivencia} explain z0306 --home {home}\n"
            "  {vivencia} digest --date 2026-04-28 --home {home}\n"
            "  {vivencia} outbox list --state held --home {home}"
        ),
    },
    Spoken.EN: {
        "listening": "Zarapito is a made-up shop (and a bird). This is what people said about it in five weeks.",
        "reading": "listen, read, decide",
        "cards": "WHAT AGENTS SEE",
        "journey": "ONE CUSTOMER'S EXPERIENCE",
        "digest": "WHAT THE MANAGER READS",
        "picture": "Picture",
        "next": (
            "\nLook on:\n  {vivencia} customer @kettle_and_toast --home {home}\n"
            "  {vivencia} explain z0306 --home {home}\n"
            "  {vivencia} digest --date 2026-04-28 --home {home}\n"
            "  {vivencia} outbox list --state held --home {home}"
        ),
    },
}
