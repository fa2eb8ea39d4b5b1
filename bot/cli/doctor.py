"""`vivencia doctor`: look at everything an installation needs, say what is wrong and what to do. Nothing is changed."""

from __future__ import annotations

import asyncio
import json

import typer

from bot.cli.options import ConfigOption, HomeOption, JsonOption, LangOption, home_and_settings
from bot.domain.checkup import Grade
from bot.domain.reading import Language

_MARKS = {Grade.GOOD: "✔", Grade.WATCH: "▲", Grade.BROKEN: "✖"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("doctor", epilog="Examples: `vivencia doctor`, `vivencia doctor --json`")(doctor)


def doctor(
    home: HomeOption = None, config: ConfigOption = None, lang: LangOption = None, as_json: JsonOption = False
) -> None:
    """Look at home, database, model, channels, replies, outbox and desk, and say what is wrong and what to do about it.

    Channels and desk are asked over the network; nothing is posted or changed. Exit code 1 when something is broken.
    """
    from bot.cli.checkup import look_everywhere
    from bot.desk.reasons import reason_in, reason_in_english
    from bot.insight.told import told_in
    from bot.insight.wording import wording

    found, settings = home_and_settings(home, config)
    language = Language(lang or settings.desk.language)
    desk, insight, words = (wording(language, room) for room in ("bot.desk", "bot.insight", "bot.cli"))
    findings = asyncio.run(look_everywhere(found, settings, language))
    if as_json:
        rows = [
            {"part": each.part, "grade": each.grade, "what": " ".join(reason_in_english(each.what).split())}
            for each in findings
        ]
        typer.echo(json.dumps({"findings": rows}, ensure_ascii=False))
    else:
        for each in findings:
            said = each.what if not isinstance(each.what, str) else told_in(insight, each.what)
            part, _, name = each.part.partition(" ")
            shown = f"{words.say(f'doctor.{part}')} {name}".rstrip()
            what = " ".join(reason_in(desk, said).split()).removeprefix(f"{name}: ")
            typer.echo(f"{_MARKS[each.grade]} {shown}: {what}")
    if any(each.grade is Grade.BROKEN for each in findings):
        raise typer.Exit(1)
