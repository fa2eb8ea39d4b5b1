"""What was said in a case, line by line: who, when, where, and the words as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.guild.board import Look
from bot.desk.guild.lines import look_of_line, sign_of_line
from bot.desk.labels import labels
from bot.domain.interaction import Direction, Interaction
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language

MADRID = ZoneInfo("Europe/Madrid")
THIS_YEAR = datetime(2026, 5, 12, 12, 3, tzinfo=UTC)
ES, EN = (labels(language, MADRID, now=lambda: THIS_YEAR) for language in (Language.ES, Language.EN))


def test_a_customers_words_are_quoted_with_their_link(case_file: CaseFile) -> None:
    line = replace(case_file.interactions[0], text="llegó roto\n\n\n- y tarde")

    assert look_of_line(line, case_file, ES).text == (
        "**@marta\\_g** · 12 may 14:02 · [ver](https://x.com/i/status/900)\n> llegó roto\n> \n> \\- y tarde"
    )
    edited = replace(line, key=f"{line.mention_id}/edit/1", text="roto")
    assert look_of_line(edited, case_file, EN).text.startswith("**@marta\\_g** · 12 May 14:02 · changed it")


def test_our_answers_and_notes_say_whose_they_are(case_file: CaseFile) -> None:
    theirs = replace(case_file.interactions[1], actor="discord:5", key="k")
    heard = replace(case_file, links={"k": "https://social.example/7"})
    note = replace(theirs, direction=Direction.INTERNAL, text="llamar el lunes")

    assert _first(look_of_line(theirs, case_file, ES)) == "↩ **Maya** · 12 may 14:11"
    assert _first(look_of_line(theirs, heard, ES)).endswith("[ver](https://social.example/7)")
    assert _first(look_of_line(note, case_file, ES)) == "📝 **Maya** · 12 may 14:11 · nota interna"
    assert _first(look_of_line(case_file.interactions[1], case_file, EN)) == "↩ **brand** · 12 May 14:11"


def test_words_that_are_gone_leave_their_place(case_file: CaseFile) -> None:
    gone = replace(case_file.interactions[0], text="")

    assert look_of_line(gone, case_file, ES).text.endswith("\n> (borrado por su autor)")
    assert sign_of_line(gone) != sign_of_line(case_file.interactions[0])


def test_a_text_too_long_for_a_message_goes_along_as_a_file(case_file: CaseFile) -> None:
    long: Interaction = replace(case_file.interactions[0], text="@everyone llegó *roto* " * 200)
    look = look_of_line(long, case_file, ES)
    (file,) = look.files

    assert len(look.text) < 2000
    assert (file.name, file.content.decode().count("＠everyone llegó *roto*")) == ("texto.txt", 200)
    assert look.text.endswith("El texto entero va en el archivo.")
    short = replace(long, text="x" * 1200, at=long.at + timedelta(days=1))
    assert look_of_line(short, case_file, ES).files == ()


def _first(look: Look) -> str:
    return look.text.split("\n")[0]
