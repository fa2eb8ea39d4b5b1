"""The tags of a post: where the case stands, in which language it is, how urgent."""

from __future__ import annotations

from bot.domain.case import Case, CaseState
from bot.domain.reading import Language, Urgency
from bot.insight.wording import Wording

SNOOZED = "snoozed"


def tag_names(words: Wording) -> tuple[str, ...]:
    """All there are, as the forum offers them: at most twenty, each of at most twenty characters."""
    states = [words.say(f"tag.{state}") for state in (*CaseState, SNOOZED)]
    urgencies = [words.say(f"tag.{urgency}") for urgency in reversed(Urgency)]
    return (*states, *urgencies, *(words.say(f"tag.{language}") for language in Language))


def tags_of(case: Case, language: Language | None, words: Wording) -> tuple[str, ...]:
    """Those of one case, at most three."""
    state = SNOOZED if case.snooze is not None else case.state
    spoken = [] if language is None else [words.say(f"tag.{language}")]
    return (words.say(f"tag.{state}"), words.say(f"tag.{case.urgency}"), *spoken)
