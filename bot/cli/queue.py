"""`vivencia cases`: which cases wait for somebody, the first to be looked at first."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import HomeOption, JsonOption, LangOption, countable, only_home, reader_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.labels import Labels
    from bot.domain.case import Case
    from bot.domain.deskwork import QueueFilter
    from config.home import Home


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command("cases", epilog="Example: `vivencia cases --free`")(cases)


def cases(
    owner: Annotated[str | None, typer.Option("--owner", help="Only those of one agent, by id.")] = None,
    free: Annotated[bool, typer.Option("--free", help="Only those that nobody has.")] = False,
    snoozed: Annotated[bool, typer.Option("--snoozed", help="Those put aside too.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="The newest first.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 25,
    home: HomeOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open cases: urgent ones first, and then by the clock that runs out first."""
    from bot.domain.deskwork import QueueFilter, QueueOrder

    order = QueueOrder.NEWEST if newest else QueueOrder.DUE
    wanted = QueueFilter(assignee=owner, unassigned=free, snoozed=snoozed, order=order, limit=countable(limit))
    found, names = asyncio.run(_queue(only_home(home), wanted))
    if as_json:
        from bot.cli.plain import plain

        typer.echo(json.dumps([plain(case) for case in found], ensure_ascii=False))
        return
    from bot.desk.labels import labels

    words = labels(*reader_of(home, lang))
    for case in found:
        typer.echo(_line(case, names, words))
    if not found:
        typer.echo(words.say("queue.empty"))


async def _queue(home: Home, wanted: QueueFilter) -> tuple[list[Case], Mapping[str, str]]:
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        found = await store.deeds.look(lambda papers: papers.queue(wanted))
        owners = {case.assignee for case in found if case.assignee is not None}
        return found, await store.deeds.look(lambda papers: papers.names(owners))


def _line(case: Case, names: Mapping[str, str], words: Labels) -> str:
    from bot.desk.plain import NAME_LENGTH, plain

    answered = case.first_answered_at is not None
    due = words.figures.moment(case.solve_due if answered else case.first_answer_due)
    until = words.say("queue.solve" if answered else "queue.first_answer", due=due)
    owner = words.say("card.nobody") if case.assignee is None else plain(names[case.assignee], NAME_LENGTH)
    said = (words.say(f"urgency.{case.urgency}"), words.state(case), words.places(case), until, owner)
    return f"#{case.key}  {' · '.join(said)}"
