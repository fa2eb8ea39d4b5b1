"""Turn the names of the settings into responders, in their order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from bot.domain.action import Route
from bot.domain.errors import ConfigError
from bot.domain.ports.judge import Article, Knowledge, Policy, Responder
from bot.domain.reading import Language
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours
from responders.acknowledge import Acknowledge
from responders.answer import AnswerFromArticles, LengthOn, in_characters
from responders.ask import AskAfterwards
from responders.disclosure import Disclosing
from responders.escalate import Escalate
from responders.hush import Hush
from responders.route import RouteToDesk
from responders.templates import Phrasebook
from responders.thank import Thank

NAMES = (
    Hush.name,
    Thank.name,
    AnswerFromArticles.name,
    Escalate.name,
    RouteToDesk.name,
    AskAfterwards.name,
    Acknowledge.name,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What the responders are made with. Without `knowledge` nothing is answered."""

    phrasebook: Phrasebook
    policy: Policy
    limit_of: Callable[[str], int]
    desk: str
    alerts: str
    hours: BusinessHours
    own_accounts: Collection[str] = ()
    knowledge: Knowledge | None = None
    survey_every: timedelta = timedelta(days=30)
    disclosure: bool = True
    length_on: LengthOn = in_characters


class _NoArticles:
    """The knowledge base of a brand that wrote none."""

    def search(self, question: str, language: Language, limit: int = 3) -> list[Article]:
        del question, language, limit
        return []


def open_responders(order: Sequence[str], kit: Kit) -> tuple[Responder, ...]:
    """The responders of `[responders] order`. Raises ConfigError where `check_order` does."""
    check_order(order)
    makers = _makers(kit, order)
    return tuple(makers[name]() for name in order)


def check_order(order: Sequence[str]) -> None:
    """Raises ConfigError for a name that is unknown or double, and where `hush` is not the first."""
    for name in order:
        if name not in NAMES:
            raise ConfigError(_unknown(name))
    if len(set(order)) < len(order):
        message = f"[responders] order names a responder twice: {', '.join(order)}; name each once"
        raise ConfigError(message)
    if tuple(order[:1]) != (Hush.name,):
        message = "[responders] order: 'hush' must come first, because what it silences nobody else may answer"
        raise ConfigError(message)


def _makers(kit: Kit, order: Sequence[str]) -> Mapping[str, Callable[[], Responder]]:
    escalate = Escalate(desk=kit.desk, alerts=kit.alerts)
    ask = AskAfterwards(kit.phrasebook, every=kit.survey_every)

    def taken(situation: Situation) -> bool:
        return "escalate" in order and any(isinstance(action, Route) for action in escalate.respond(situation))

    def asked(situation: Situation) -> bool:
        return AskAfterwards.name in order and any(ask.respond(situation))

    return {
        Hush.name: lambda: Hush(kit.own_accounts),
        Thank.name: lambda: _signing(Thank(kit.phrasebook, asked=asked, own_accounts=kit.own_accounts), kit),
        AnswerFromArticles.name: lambda: AnswerFromArticles(
            kit.knowledge or _NoArticles(), limit_of=kit.limit_of, length_on=kit.length_on
        ),
        Escalate.name: lambda: escalate,
        RouteToDesk.name: lambda: RouteToDesk(desk=kit.desk, taken=taken),
        AskAfterwards.name: lambda: _signing(ask, kit),
        Acknowledge.name: lambda: Acknowledge(
            kit.phrasebook,
            hours=kit.hours,
            policy=kit.policy,
            line=kit.phrasebook.disclosure if kit.disclosure else None,
        ),
    }


def _signing(responder: Responder, kit: Kit) -> Responder:
    if not kit.disclosure:
        return responder
    return Disclosing(responder, policy=kit.policy, line=kit.phrasebook.disclosure)


def _unknown(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(NAMES)}"
    return f"[responders] order: {name!r} is unknown; {hint}"
