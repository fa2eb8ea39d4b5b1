"""Let every text that leaves without a person say that a machine wrote it (EU AI Act, article 50)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.domain.action import Action, Ask, Reply
from bot.domain.outbox import Verdict
from bot.domain.ports.judge import Policy, Responder
from bot.domain.reading import Language
from bot.domain.situation import Situation

Line = Callable[[Language], str]


class Disclosing:
    """A responder that signs what another one says, where the policy would send the signed text by itself.

    So what is stored, judged and shown is what is sent, and a text that waits for a person stays unsigned.
    The policy in turn never sends an unsigned text by itself: nothing depends on this wrapper being remembered.
    """

    def __init__(self, responder: Responder, *, policy: Policy, line: Line) -> None:
        self.name = responder.name
        self._responder, self._policy, self._line = responder, policy, line

    def respond(self, situation: Situation) -> Iterable[Action]:
        """The other's actions, signed where they would leave alone."""
        for action in self._responder.respond(situation):
            yield self._signed(action, situation) if isinstance(action, Reply | Ask) else action

    def _signed(self, action: Reply | Ask, situation: Situation) -> Action:
        signed = replace(action, text=f"{action.text}\n\n{self._line(action.language)}")
        return signed if self._policy.judge(signed, situation).verdict is Verdict.SEND else action
