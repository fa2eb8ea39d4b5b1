"""Tell who opened a case that they were heard: its number, when people are back, or that a person takes over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from babel.dates import format_date

from bot.domain.action import Action, Reply, ReplyKind
from bot.domain.reading import Language
from bot.domain.situation import Situation
from bot.domain.time import BusinessHours
from responders.progress import Progress, progress
from responders.templates import Occasion, Phrasebook
from responders.wants_person import wants_person

# today, tomorrow, later
_WHEN = {
    Language.ES: ("hoy a las {time}", "mañana a las {time}", "el {day} a las {time}"),
    Language.EN: ("today at {time}", "tomorrow at {time}", "on {day} at {time}"),
    Language.PT: ("hoje às {time}", "amanhã às {time}", "{day}, às {time}"),
    Language.CA: ("avui a les {time}", "demà a les {time}", "{day} a les {time}"),
}
_DAYS_OF_A_WEEK = 7
_THIS_WEEK = "EEEE d"
# further ahead a weekday and a number alone would leave the month open
_LATER = {
    Language.ES: "EEEE d 'de' MMMM",
    Language.EN: "EEEE d MMMM",
    Language.PT: "EEEE, d 'de' MMMM",
    Language.CA: "EEEE d MMMM",
}


class Acknowledge:
    """Once a case, and again where somebody asks for a person. It answers nothing: the case goes on waiting."""

    name = "acknowledge"

    def __init__(self, phrasebook: Phrasebook, *, hours: BusinessHours) -> None:
        self._phrasebook, self._hours = phrasebook, hours

    def respond(self, situation: Situation) -> Iterable[Action]:
        """One text for a new case, or for a wish for a person; else nothing."""
        key = situation.case_key
        if key is None:
            return
        if wants_person(situation.mention.text):
            yield self._reply(situation, Occasion.HANDOVER, key)
        elif progress(situation) is Progress.NEW:
            open_now = self._hours.is_open(situation.now)
            yield self._reply(situation, Occasion.RECEIPT if open_now else Occasion.OUT_OF_HOURS, key)

    def _reply(self, situation: Situation, occasion: Occasion, key: int) -> Reply:
        language = self._phrasebook.language_for(situation)
        values = {"case": str(key), "opens": when(self._hours, situation.now, language)}
        phrase = self._phrasebook.phrase(occasion, language, seed=situation.mention.id, values=values)
        return Reply(
            to=situation.mention.id,
            kind=ReplyKind.RECEIPT,
            text=phrase.text,
            language=language,
            sources=(phrase.source,),
        )


def when(hours: BusinessHours, now: datetime, language: Language) -> str:
    """When people are back at work, in words that end a sentence: `mañana a las 09:00`, `on Monday 12 at 09:00`."""
    opens, today = hours.next_open(now).astimezone(hours.zone), now.astimezone(hours.zone).date()
    days = (opens.date() - today).days
    form = _WHEN[language][min(days, len(_WHEN[language]) - 1)]
    pattern = _THIS_WEEK if days < _DAYS_OF_A_WEEK else _LATER[language]
    return form.format(time=f"{opens:%H:%M}", day=format_date(opens, pattern, locale=language.value))
