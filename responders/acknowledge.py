"""Tell who opened a case that they were heard: its number, when people are back, or that a person takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from babel.dates import format_date

from bot.domain.action import Action, Reply, ReplyKind
from bot.domain.interaction import Direction
from bot.domain.outbox import Ruling, Verdict
from bot.domain.ports.judge import Policy
from bot.domain.reading import Language
from bot.domain.reason import Reason
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours
from responders.escalate import emergency_in
from responders.progress import Progress, progress
from responders.templates import Occasion, Phrasebook
from responders.wants_person import wants_person

Line = Callable[[Language], str]

# today, tomorrow, later
_WHEN = {
    Language.ES: ("hoy a las {time}", "mañana a las {time}", "el {day} a las {time}"),
    Language.EN: ("today at {time}", "tomorrow at {time}", "on {day} at {time}"),
    Language.PT: ("hoje às {time}", "amanhã às {time}", "dia {day} às {time}"),
    Language.CA: ("avui a les {time}", "demà a les {time}", "{day} a les {time}"),
}
_A_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7
_DAY = {Language.ES: "EEEE d", Language.EN: "EEEE d MMMM", Language.PT: "d 'de' MMMM", Language.CA: "EEEE d"}
# further ahead a weekday and a number alone would leave the month open
_LATER_DAY = _DAY | {Language.ES: "EEEE d 'de' MMMM", Language.CA: "EEEE d MMMM"}


class Acknowledge:
    """Once a case, and once more where somebody then asks for a person. It answers nothing: the case goes on waiting.

    What would have to wait for a person is not said at all: by then "tomorrow at 09:00" may be past.
    """

    name = "acknowledge"

    def __init__(self, phrasebook: Phrasebook, *, hours: BusinessHours, policy: Policy, line: Line | None) -> None:
        self._phrasebook, self._hours = phrasebook, hours
        self._policy, self._line = policy, line

    def respond(self, situation: Situation) -> Iterable[Action]:
        """One text for a new case, or for a wish for a person; else nothing."""
        occasion = self._occasion(situation)
        if occasion is None:
            return
        reply = self._signed(self._reply(situation, occasion))
        if not _waits(self._policy.judge(reply, situation)):
            yield reply

    def _occasion(self, situation: Situation) -> Occasion | None:
        at_work = self._hours.is_open(situation.now) or emergency_in(situation) is not None
        if at_work and _first_wish_for_a_person(situation) and not _answered(situation):
            return Occasion.HANDOVER
        if situation.case_key is not None and progress(situation) is Progress.NEW:
            return Occasion.RECEIPT if at_work else Occasion.OUT_OF_HOURS
        return None

    def _signed(self, reply: Reply) -> Reply:
        return reply if self._line is None else replace(reply, text=f"{reply.text}\n\n{self._line(reply.language)}")

    def _reply(self, situation: Situation, occasion: Occasion) -> Reply:
        language = self._phrasebook.language_for(situation)
        values = {"case": str(situation.case_key), "opens": when(self._hours, situation.now, language)}
        return self._phrasebook.reply(occasion, ReplyKind.RECEIPT, situation, values)


def _first_wish_for_a_person(situation: Situation) -> bool:
    """The first in a day: nobody is told the same twice."""
    lately = (
        past.text
        for past in situation.history
        if past.direction is Direction.INBOUND and situation.now - past.at < _A_DAY
    )
    return wants_person(situation.mention.text) and not any(map(wants_person, lately))


def _answered(situation: Situation) -> bool:
    return situation.case is not None and situation.case.first_answered_at is not None


def _waits(ruling: Ruling) -> bool:
    """Whether it would not leave by itself, or would not if anything did."""
    reason = ruling.reason
    return ruling.verdict is Verdict.APPROVE or (
        isinstance(reason, Reason) and reason.name == "policy.shadow_mode_waits"
    )


def when(hours: BusinessHours, now: datetime, language: Language) -> str:
    """When people are back at work, as it ends a sentence: `mañana a las 09:00`, `on Monday 12 March at 09:00`."""
    opens, today = hours.next_open(now).astimezone(hours.zone), now.astimezone(hours.zone).date()
    days = (opens.date() - today).days
    form = _WHEN[language][min(days, len(_WHEN[language]) - 1)]
    pattern = (_DAY if days < _DAYS_OF_A_WEEK else _LATER_DAY)[language]
    return form.format(time=f"{opens:%H:%M}", day=format_date(opens, pattern, locale=language.value))
