"""`vivencia outbox`: what is on its way out, and what a person does about it."""

from __future__ import annotations

import asyncio
import getpass
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
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
    only_home,
    reader_of,
)
from bot.domain.errors import ConfigError, NotDone, VivenciaError

if TYPE_CHECKING:
    from bot.cli.overtaken import Since
    from bot.desk.labels import Labels
    from bot.domain.action import Action
    from bot.domain.agent import Agent
    from bot.domain.deskwork import Sending
    from bot.domain.outbox import Job, JobState
    from bot.insight.wording import Wording
    from config.home import Home
    from config.settings import Settings

_EXCERPT = 60

family = typer.Typer(
    no_args_is_help=True, help="What is on its way out: list, approve, retry, drop.", rich_markup_mode="rich"
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    family.command("list", epilog="Example: `vivencia outbox list --state unknown`")(list_jobs)
    family.command("approve", epilog='Example: `vivencia outbox approve 17 --text "¡Gracias a ti!"`')(approve)
    family.command("retry", epilog="Example: `vivencia outbox retry 17`")(retry)
    family.command("drop", epilog='Example: `vivencia outbox drop 17 --why "answered by phone"`')(drop)
    app.add_typer(family, name="outbox")


def list_jobs(
    state: Annotated[
        str | None, typer.Option("--state", help="pending, held, sending, sent, unknown, dead, withheld or dropped.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, newest first.")] = 50,
    home: HomeOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """The newest decided actions with their state, the policy's word and its reason."""
    from bot.cli.plain import plain
    from bot.domain.outbox import JobState

    found = only_home(home)
    if state is not None and state not in set(JobState):
        known = ", ".join(JobState)
        raise ConfigError(_words(home, lang).say("outbox.no_state", state=state, states=known))
    jobs = asyncio.run(_jobs(found, state, limit))
    if as_json:
        told = [plain(job) | {"overtaken": bool(since)} for job, since in jobs]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    from bot.desk.labels import labels

    words = labels(*reader_of(home, lang))
    for job, since in jobs:
        typer.echo(_line(job, since, words))
    if not jobs:
        typer.echo(words.say("outbox.empty"))


def approve(
    number: Annotated[int, typer.Argument(help="The job's number, from `outbox list --state held`.")],
    text: Annotated[str | None, typer.Option("--text", help="Say this instead of the draft.")] = None,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Send it although the customer has written, or somebody has answered, since."),
    ] = False,
    home: HomeOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """Let a held reply go, as it is or with your own words. A running service sends it within seconds.

    What the customer wrote since, or who has answered since, is told first, and nothing is sent; --anyway sends it.
    """
    from bot.cli.overtaken import Since, told
    from bot.desk.labels import labels
    from bot.desk.reasons import reason_in
    from bot.domain.outbox import JobState
    from bot.domain.reading import Language
    from bot.insight.wording import wording

    found, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    words = wording(language, "bot.cli")
    try:
        sending = asyncio.run(_approve(found, settings, number, text, anyway=anyway))
    except NotDone as error:
        raise VivenciaError(reason_in(wording(language, "bot.desk"), error.why)) from error
    if sending is None:
        raise VivenciaError(words.say("outbox.not_held", number=str(number)))
    if sending.job is None:
        since = told(Since(sending.newer, sending.answered_by), labels(language, ZoneInfo(settings.brand.timezone)))
        raise VivenciaError(words.say("outbox.overtaken", number=str(number), since=since))
    said = "outbox.approved" if sending.job.state is JobState.PENDING else "outbox.waits_for_another"
    typer.echo(words.say(said, number=str(number)))


def retry(
    number: Annotated[int, typer.Argument(help="The job's number, from `outbox list`.")],
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Give a dead, unknown or dropped job another chance."""
    from bot.domain.outbox import JobState

    found, words = only_home(home), _words(home, lang)
    state = asyncio.run(_retry(found, number))
    if state is None:
        raise VivenciaError(words.say("outbox.not_retried", number=str(number)))
    said = "outbox.held_again" if state is JobState.HELD else "outbox.pending_again"
    typer.echo(words.say(said, number=str(number)))


def drop(
    number: Annotated[int, typer.Argument(help="The job's number, from `outbox list`.")],
    why: Annotated[
        str | None, typer.Option("--why", help="The reason, kept with the job; else that it was dropped by hand.")
    ] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Decide that a job that has not left never will."""
    found, words = only_home(home), _words(home, lang)
    if not asyncio.run(_drop(found, number, why)):
        raise VivenciaError(words.say("outbox.not_dropped", number=str(number)))
    typer.echo(words.say("outbox.dropped", number=str(number)))


def _words(home: Path | None, lang: Spoken | None) -> Wording:
    from bot.insight.wording import wording

    return wording(reader_of(home, lang)[0], "bot.cli")


def _line(job: Job, since: Since, words: Labels) -> str:
    """What became of it, what it is, about which mention, what it says, why, and what has overtaken it."""
    from bot.cli.overtaken import in_short
    from bot.desk.plain import plain
    from bot.domain.action import kind_of

    state, action = words.say(f"job.{job.state}"), words.say(f"action.{kind_of(job.action)}")
    said = words.say("card.quoted", text=plain(_said(job.action, words), _EXCERPT))
    why = words.why(job.error or job.ruling.reason)
    return f"{job.id:>6}  {state:<20} {action:<21} {job.mention_id:<22} {said}  ({why}){in_short(since, words)}"


def _said(action: Action, words: Labels) -> str:
    from bot.domain.action import Ask, Reply

    return action.text if isinstance(action, Reply | Ask) else words.why(action.reason)


async def _jobs(home: Home, state: str | None, limit: int) -> list[tuple[Job, Since]]:
    from bot.cli.overtaken import since_written
    from bot.domain.outbox import JobState
    from bot.store.sqlite import open_store

    now, by = datetime.now(UTC), _agent()
    async with open_store(home.database) as store:
        jobs = await store.outbox.jobs(JobState(state) if state else None, countable(limit))
        return await store.deeds.look(lambda papers: [(job, since_written(papers, job, by, now)) for job in jobs])


def _agent() -> Agent:
    """Whoever sits at this terminal."""
    from bot.domain.agent import Agent, Rank

    user = getpass.getuser()
    return Agent(id=f"cli:{user}", name=user, rank=Rank.ADMIN)


async def _approve(home: Home, settings: Settings, number: int, text: str | None, *, anyway: bool) -> Sending | None:
    """What became of it, or None when nothing with that number is held."""
    from bot.domain.outbox import JobId, JobState
    from bot.speech import letters_at_hand
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        letters = letters_at_hand(settings, store)
        draft = await letters.draft(JobId(countable(number)))
        if draft is None or draft.job.state is not JobState.HELD:
            return None
        press = f"cli:{uuid.uuid4().hex}"
        return await letters.approve(JobId(countable(number)), _agent(), press=press, text=text, anyway=anyway)


async def _retry(home: Home, number: int) -> JobState | None:
    from bot.domain.outbox import JobId
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        return await store.outbox.retry(JobId(countable(number)), datetime.now(UTC))


async def _drop(home: Home, number: int, why: str | None) -> bool:
    from bot.domain.outbox import JobId
    from bot.domain.reason import because
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        return await store.outbox.drop(JobId(countable(number)), why or because("outbox.dropped_by_hand"))
