"""What the bot has decided to do. Data, so that it can be stored, shown, approved and retried."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.mention import MentionId
from bot.domain.reading import Language, Urgency
from bot.domain.reason import Why


class ReplyKind(StrEnum):
    """Why the customer is written to."""

    THANKS = "thanks"
    ANSWER = "answer"
    RECEIPT = "receipt"
    SURVEY = "survey"


class SurveyKind(StrEnum):
    """The one-number questions: Net Promoter Score 0-10, customer satisfaction 1-5, customer effort 1-7."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer the customer where they spoke. `sources` names the articles or templates the text came from.

    `draft_only` texts are never sent by the machine alone, whatever the mode.
    """

    to: MentionId
    kind: ReplyKind
    text: str
    language: Language
    sources: tuple[str, ...] = ()
    draft_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Put the case on a desk, for a person."""

    desk: str
    reason: Why
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask the customer one question with a number for an answer."""

    to: MentionId
    survey: SurveyKind
    text: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Tell the people on watch at once; `wakes` calls the leads by name: a clock ran out, or somebody asks for help."""

    desk: str
    reason: Why
    wakes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Resolve the case: the customer's own words are the proof."""

    reason: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Say nothing, on purpose, and keep the reason."""

    reason: Why


Action = Reply | Route | Ask | Alert | Close | Silence


def kind_of(action: Action) -> str:
    """The action's name in tables and reports: `reply`, `route`, `ask`, `alert`, `close` or `silence`."""
    return type(action).__name__.lower()
