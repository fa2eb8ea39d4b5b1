"""Decide what one situation leads to: experiences, case, actions with the policy's word. Pure and quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.action import Action, Ask, Close, Reply, Route, Silence
from bot.domain.case import Case, CaseState, Outcome
from bot.domain.outbox import Verdict
from bot.domain.ports.judge import Policy, Responder
from bot.domain.reading import Language
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Situation, survey_answer
from bot.pipeline.casework import Clocks, case_for
from bot.pipeline.edited import of_the_edit
from bot.pipeline.ledger import experiences_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """The whole decision as one function of the situation. `wants_out` recognises opt-out words."""

    responders: Sequence[Responder]
    policy: Policy
    clocks: Clocks
    wants_out: Callable[[str, Language], bool]

    def __call__(self, situation: Situation) -> Decision:
        """Everything that follows from one mention, or from a later form of it."""
        decision = self._decided(situation)
        return of_the_edit(decision, situation) if situation.edited else decision

    def _decided(self, situation: Situation) -> Decision:
        answer = survey_answer(situation)
        if answer is not None:
            silence = Silence(reason=because("survey.answered", score=answer))
            return Decision(survey_answer=answer, actions=(self._judged(silence, "survey answer", situation),))
        reading = situation.reading
        opts_out = self.wants_out(situation.mention.text, reading.language)
        lived = experiences_of(situation.mention, reading, situation.customer.id)
        situation = replace(situation, experiences=lived, case=self._case(situation, opts_out=opts_out))
        actions = tuple(self._actions(situation))
        return Decision(
            experiences=lived,
            case=_after(actions, situation, self.clocks),
            actions=actions,
            opts_out=opts_out,
        )

    def _case(self, situation: Situation, *, opts_out: bool) -> Case | None:
        """A wish for peace opens none by itself; what somebody lived and tells beside it does."""
        case = case_for(situation, self.clocks)
        only_peace = opts_out and not situation.reading.spans
        return None if case is not None and not case.key and only_peace else case

    def _actions(self, situation: Situation) -> Iterator[Decided]:
        """Each responder speaks in its turn; one that asks for silence ends the round."""
        for responder in self.responders:
            for action in responder.respond(situation):
                decided = self._judged(action, responder.name, situation)
                yield decided
                if isinstance(action, Silence):
                    return
                situation = _counted(situation, decided)

    def _judged(self, action: Action, responder: str, situation: Situation) -> Decided:
        return Decided(action=action, responder=responder, ruling=self.policy.judge(action, situation))


def _counted(situation: Situation, decided: Decided) -> Situation:
    """What was just decided counts for the next action of the same mention."""
    if not isinstance(decided.action, Reply | Ask) or decided.ruling.verdict is not Verdict.SEND:
        return situation
    facts = situation.facts
    return replace(
        situation,
        facts=replace(
            facts,
            auto_replies_in_conversation=facts.auto_replies_in_conversation + 1,
            auto_replies_to_author_today=facts.auto_replies_to_author_today + 1,
            auto_replies_this_hour=facts.auto_replies_this_hour + 1,
            auto_replies_today=facts.auto_replies_today + 1,
        ),
    )


def _after(actions: Sequence[Decided], situation: Situation, clocks: Clocks) -> Case | None:
    """The case as the actions leave it: as urgent as it was routed, due as soon, and closed if that was decided. What
    people must look at waits for no customer.
    """
    case = situation.case
    if case is None:
        return None
    routed = [decided.action.urgency for decided in actions if isinstance(decided.action, Route)]
    urgency = max((case.urgency, *routed), key=lambda urgency: urgency.rank)
    at = situation.mention.posted_at
    if routed and case.state is CaseState.WAITING:
        case = case.heard_again(at, (), urgency)
    case = replace(case, urgency=urgency)
    if case.first_answered_at is None:
        soon = clocks.first_answer_due(at, urgency)
        case = replace(case, first_answer_due=min(case.first_answer_due, soon))
    closes = any(isinstance(decided.action, Close) for decided in actions)
    return case.resolved(at, Outcome.RECOVERED) if closes else case
