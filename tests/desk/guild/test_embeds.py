"""A card in Discord reads as it was drawn, and is within Discord's limits whatever is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.cards import Card, card_of_file
from bot.desk.guild.embeds import card_embed, draft_embed, voice_embed
from bot.desk.labels import Labels, labels
from bot.domain.case import CaseState
from bot.domain.deskwork import DraftForm, HeldDraft
from bot.domain.outbox import JobState
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language, Touchpoint
from bot.domain.voice import EmployeeVoice

MADRID = ZoneInfo("Europe/Madrid")
THIS_YEAR = datetime(2026, 5, 12, 12, 3, tzinfo=UTC)
ES, EN = (labels(language, MADRID, now=lambda: THIS_YEAR) for language in (Language.ES, Language.EN))
GOLDEN = Path(__file__).parents[1] / "golden"


def written(embed: discord.Embed) -> str:
    """An embed as text: its colour, its title, what it says, its fields."""
    colour = "" if embed.colour is None else str(embed.colour)
    fields = [f"[{field.name}]\n{field.value}" for field in embed.fields]
    footer = f"({embed.footer.text})" if embed.footer.text else ""
    return "\n".join(part for part in (f"{colour} {embed.title}", embed.description, *fields, footer) if part) + "\n"


def assert_fits(embed: discord.Embed) -> None:
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.fields) <= 25
    assert all(0 < len(field.name or "") <= 256 and 0 < len(field.value or "") <= 1024 for field in embed.fields)
    assert len(embed.footer.text or "") <= 2048
    assert len(embed) <= 6000


def a_draft(case_file: CaseFile) -> HeldDraft:
    job, at = case_file.jobs[0], case_file.case.opened_at
    forms = (
        DraftForm(text="Lo sentimos mucho.", by="bot", at=at),
        DraftForm(text="Lo sentimos, Marta: mañana sale otro.", by="discord:5", at=at + timedelta(minutes=4)),
    )
    return HeldDraft(job=job, case=case_file.case, forms=forms, newer=case_file.interactions[:1])


def a_voice() -> EmployeeVoice:
    return EmployeeVoice(
        id="v1",
        text="La web del transportista da mal la fecha.",
        touchpoint=Touchpoint.DELIVERY,
        case_key=1042,
        said_by=None,
        at=datetime(2026, 5, 12, 12, 0, tzinfo=UTC),
        votes=5,
    )


@pytest.mark.parametrize("words", [ES, EN])
def test_the_embeds_read_as_they_were_agreed(words: Labels, case_file: CaseFile) -> None:
    taken = replace(case_file, case=case_file.case.assigned_to("discord:5"))
    late = card_of_file(taken, words, case_file.case.first_answer_due + timedelta(hours=3))
    shown = [
        card_embed(card_of_file(case_file, words), words),
        card_embed(late, words),
        draft_embed(a_draft(case_file), words, {"discord:5": "Maya"}),
        voice_embed(a_voice(), words, {}),
    ]

    assert "\n".join(map(written, shown)) == (GOLDEN / f"embeds_{words.desk.language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "more"), [(ES, "y {} más"), (EN, "and {} more")])
def test_every_experience_is_on_the_card_or_counted(words: Labels, more: str, case_file: CaseFile) -> None:
    def said(times: int, evidence: str) -> list[str]:
        lived = replace(case_file, experiences=(replace(case_file.experiences[0], evidence=evidence),) * times)
        return str(card_embed(card_of_file(lived, words), words).fields[0].value).split("\n")

    short, long = said(11, "roto"), said(11, "llegó roto " * 20)

    assert len([line for line in short if line.startswith("−")]) == 8
    assert short[8] == f"-# {more.format(3)}"
    kept = len([line for line in long if line.startswith("−")])
    assert 0 < kept < 8
    assert long[kept] == f"-# {more.format(11 - kept)}"
    assert not [line for line in said(8, "roto") if line.startswith("-#")]


def test_a_colour_says_where_it_stands(case_file: CaseFile) -> None:
    def colour(**change: Any) -> str:
        return str(card_embed(replace(card_of_file(case_file, ES), **change), ES).colour)

    late = tuple(replace(clock, late=True) for clock in card_of_file(case_file, ES).clocks)
    plain = {state: colour(state=state) for state in CaseState}

    assert len({*plain.values(), colour(snoozed=True), colour(clocks=late)}) == len(CaseState) + 2
    assert colour(clocks=late, state=CaseState.WAITING) == "#e74c3c"
    assert colour(clocks=late, state=CaseState.RESOLVED) == plain[CaseState.RESOLVED]


_WILD = st.text(st.characters(codec="utf-8"), max_size=60).map(lambda text: text * 90) | st.sampled_from(
    ("*_~`|<>[]" * 600, "https://evil.example/" * 200, "@everyone " * 300, "😡" * 3000, "# \n" * 900, "a" * 280, "")
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_WILD, min_size=4, max_size=4))
def test_whatever_is_said_the_card_is_within_the_limits(case_file: CaseFile, texts: Sequence[str]) -> None:
    card_text, draft_text, voice_text, link = texts
    card = card_of_file(case_file, ES)
    wild = _with_everything(card, card_text, link)
    draft = a_draft(case_file)
    forms = tuple(replace(form, text=draft_text, by=voice_text) for form in draft.forms * 9)
    newer = tuple(replace(one, text=draft_text) for one in draft.newer * 3)

    assert_fits(card_embed(wild, ES))
    assert_fits(draft_embed(replace(draft, forms=forms, newer=newer, approved_by=card_text), ES, {}))
    assert_fits(voice_embed(replace(a_voice(), text=voice_text, said_by=card_text), ES, {}))


def _with_everything(card: Card, text: str, link: str) -> Card:
    rows = tuple(replace(card.rows[0], place=text, feeling=text, confidence=text, evidence=text) for _ in range(30))
    clocks = tuple(replace(clock, due=text) for clock in card.clocks)
    return replace(
        card,
        title=text,
        standing=text,
        clocks=clocks,
        customer=text,
        quote=text,
        quote_about=text,
        channel=text,
        link=f"https://x.com/{link}",
        rows=rows,
        expected=text,
        intents=text,
        answers=(text,) * 20,
        promises=(text,) * 20,
        answered_at=f"https://x.com/{link}",
        resolution=text,
        owner=text,
    )


def test_a_decided_draft_says_what_became_of_it(case_file: CaseFile) -> None:
    draft = a_draft(case_file)
    dropped = replace(draft, job=replace(draft.job, state=JobState.DROPPED, error="no es nuestro"))

    assert draft_embed(dropped, ES, {}).footer.text == "descartado: no es nuestro"
    assert draft_embed(draft, ES, {}).footer.text is None


def test_the_card_leads_to_our_answer(case_file: CaseFile) -> None:
    answered = replace(case_file, links={case_file.jobs[0].key: "https://social.example/7"})
    theirs = replace(answered, jobs=(replace(case_file.jobs[0], written_by="discord:5"),))
    said = str(card_embed(card_of_file(theirs, ES), ES).fields[-1].value)

    assert "· Maya\n[ver en X](https://social.example/7)\n" in said
