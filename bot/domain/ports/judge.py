"""What decides: the responders, the policy over them, and the articles they answer with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.action import Action
from bot.domain.agent import Agent
from bot.domain.outbox import Ruling
from bot.domain.reading import Language
from bot.domain.situation import Decision, Situation

Decide = Callable[[Situation], Decision]


class Responder(Protocol):
    """A decision without side effects: the situation in, the actions out."""

    name: str

    def respond(self, situation: Situation) -> Iterable[Action]: ...


class Policy(Protocol):
    """May we do this, now, and why."""

    def judge(self, action: Action, situation: Situation) -> Ruling: ...

    def judge_person(self, text: str | None, situation: Situation, by: Agent) -> Ruling:
        """A person's own answer: SEND, APPROVE when a second person must look, or BLOCK.

        With None: what is to be said of any answer here, before there are words.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of the knowledge base: `slug` is the same in every language."""

    slug: str
    language: Language
    title: str
    keywords: str
    body: str


class Knowledge(Protocol):
    """Full-text search over the brand's articles; best first, an empty list when nothing fits."""

    def search(self, question: str, language: Language, limit: int = 3) -> list[Article]: ...
