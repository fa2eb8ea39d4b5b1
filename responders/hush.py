"""Say nothing, and say why: our own voice, machines, noise, old news, and people who asked to be left alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from bot.domain.action import Action, Silence
from bot.domain.reading import Intent, Urgency
from bot.domain.reason import Reason, because
from bot.domain.situation import Situation, survey_answer
from responders.optout import wants_out
from responders.wants_person import wants_person

_ASKS_NOTHING = frozenset({Intent.NEWS_OPINION, Intent.SMALLTALK})


class Hush:
    """Speaks first; when it asks for silence nobody else is heard."""

    name = "hush"

    def __init__(self, own_accounts: Collection[str]) -> None:
        own = (account.casefold().removeprefix("@") for account in own_accounts)
        # a whole address: a mere name is ours on one platform and anybody's on the next, and the channel knows it
        self._own = frozenset(account for account in own if "@" in account or ":" in account)

    def respond(self, situation: Situation) -> Iterable[Action]:
        """At most one Silence, with the first reason that holds."""
        reason = next((why for rule in self._rules() if (why := rule(situation)) is not None), None)
        if reason is not None:
            yield Silence(reason=reason)

    def _rules(self) -> tuple[Callable[[Situation], Reason | None], ...]:
        return self._own_voice, _machine, _old_news, _survey_answer, _spam, _asked_out, _not_ours, _news

    def _own_voice(self, situation: Situation) -> Reason | None:
        account = situation.mention.author.account_id.casefold().removeprefix("@")
        ours = situation.mention.by_brand or account in self._own
        return because("hush.own_account") if ours else None


def _machine(situation: Situation) -> Reason | None:
    automated = situation.facts.author_is_automated
    return because("hush.automated_author") if automated else None


def _old_news(situation: Situation) -> Reason | None:
    return because("hush.backfilled") if situation.mention.backfilled else None


def _survey_answer(situation: Situation) -> Reason | None:
    score = survey_answer(situation)
    return None if score is None else because("hush.survey_answer", score=score)


def _spam(situation: Situation) -> Reason | None:
    return because("hush.spam") if situation.reading.spam else None


def _asked_out(situation: Situation) -> Reason | None:
    """Left alone, but for a problem, an emergency or the wish for a person: people see those, no machine answers."""
    if _needs_people(situation) or _brings_a_problem(situation):
        return None
    if wants_out(situation.mention.text, situation.reading.language):
        return because("hush.opts_out")
    nothing_open = situation.customer.opted_out and situation.case is None
    return because("hush.opted_out") if nothing_open else None


def _not_ours(situation: Situation) -> Reason | None:
    other = not situation.reading.about_brand and not wants_person(situation.mention.text)
    return because("hush.not_about_the_brand") if other else None


def _news(situation: Situation) -> Reason | None:
    intents = set(situation.reading.intents)
    only_news = Intent.NEWS_OPINION in intents and intents <= _ASKS_NOTHING and not _needs_people(situation)
    return because("hush.news_or_opinion") if only_news else None


def _needs_people(situation: Situation) -> bool:
    return situation.reading.urgency is Urgency.HIGH or wants_person(situation.mention.text)


def _brings_a_problem(situation: Situation) -> bool:
    """Whether a wish for peace brings more: "no me escribáis más, y el pedido sigue sin llegar"."""
    case = situation.case
    if case is None or not wants_out(situation.mention.text, situation.reading.language):
        return False
    return not case.key or bool(situation.reading.spans)
