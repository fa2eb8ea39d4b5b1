"""`vivencia privacy`: what a person may ask of us about themselves."""

from __future__ import annotations

import asyncio
import getpass
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import HomeOption, JsonOption, LangOption, only_home, reader_of, refusal
from bot.domain.errors import ConfigError, NotDone, VivenciaError

if TYPE_CHECKING:
    from bot.domain.customer import Customer
    from bot.domain.deskwork import Erased
    from bot.domain.reading import Language
    from config.home import Home

_YES = frozenset({"y", "yes", "s", "si", "sí"})

family = typer.Typer(no_args_is_help=True, help="What a person may ask about themselves: erase.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    family.command("erase", epilog="Example: `vivencia privacy erase mastodon:@ana --yes`")(erase)
    app.add_typer(family, name="privacy")


def erase(
    who: Annotated[str, typer.Argument(help="@handle, channel:account, channel:@name, or a customer's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    home: HomeOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget a customer for good: words, names, accounts. Figures stay, and nothing of theirs is taken in again."""
    from bot.insight.wording import wording

    found, (language, _) = only_home(home), reader_of(home, lang)
    words = wording(language, "bot.cli")
    customer = asyncio.run(_exactly(found, who, language))
    if not yes:
        _ask(words.say("privacy.ask", accounts=_accounts(customer)), language)
    erased = asyncio.run(_erase(found, customer, language))
    if as_json:
        typer.echo(json.dumps(_plain(erased)))
        return
    cases = ", ".join(f"#{case.key}" for case in erased.cases) or words.say("privacy.no_cases")
    posts, lines = words.count("privacy.posts", erased.mentions), words.count("privacy.lines", erased.interactions)
    typer.echo(words.say("privacy.erased", mentions=posts, interactions=lines, cases=cases))


def _ask(question: str, language: Language) -> None:
    try:
        answer = typer.prompt(question, default="n", show_default=False, err=True)
    except typer.Abort as unanswered:
        # the question's line is still open
        typer.echo(err=True)
        said = refusal(language, "erase_unanswered")
        if isinstance(unanswered.__context__, KeyboardInterrupt):
            raise typer.Abort(said) from unanswered.__context__
        raise ConfigError(said) from None
    if answer.strip().casefold() not in _YES:
        raise VivenciaError(refusal(language, "erase_declined"))


def _accounts(customer: Customer) -> str:
    return ", ".join(f"{handle.channel}:@{handle.name.removeprefix('@')}" for handle in customer.handles)


def _plain(erased: Erased) -> dict[str, object]:
    return {
        "mentions": erased.mentions,
        "interactions": erased.interactions,
        "cases": [case.key for case in erased.cases],
    }


async def _exactly(home: Home, who: str, language: Language) -> Customer:
    from bot.cli.merging import exactly
    from bot.store.sqlite import open_store

    async with open_store(home.database) as store:
        return await exactly(store.history, who, language)


async def _erase(home: Home, customer: Customer, language: Language) -> Erased:
    from bot.desk.reasons import reason_in
    from bot.domain.agent import Agent, Rank
    from bot.insight.wording import wording
    from bot.pipeline.forgetting import forget
    from bot.store.sqlite import open_store

    user = getpass.getuser()
    by = Agent(id=f"cli:{user}", name=user, rank=Rank.ADMIN)
    async with open_store(home.database) as store:
        try:
            return await forget(store.deeds, customer.id, by, press=f"cli:{uuid.uuid4().hex}", now=datetime.now(UTC))
        except NotDone as error:
            raise VivenciaError(reason_in(wording(language, "bot.desk"), error.why)) from error
