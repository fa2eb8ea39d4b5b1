"""Name the labels of the domain the way the desk shows them, with the figures of the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.desk.plain import NAME_LENGTH, plain
from bot.desk.reasons import reason_in
from bot.domain.case import Case
from bot.domain.mention import Handle
from bot.domain.naming import USUAL_NAMES, TouchpointNames
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.domain.reason import Why
from bot.insight.figures import Figures
from bot.insight.wording import Wording, wording

_SIGNS = {Sentiment.NEGATIVE: "−", Sentiment.NEUTRAL: "·", Sentiment.POSITIVE: "+"}


def present() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One language and one time zone."""

    desk: Wording
    insight: Wording
    figures: Figures

    def say(self, key: str, /, **values: str) -> str:
        """A phrase of the desk."""
        return self.desk.say(key, **values)

    def percent(self, value: float) -> str:
        """A share, with an ordinary space: screens wrap these lines by themselves."""
        return self.figures.percent(value).replace("\u00a0", " ")

    def known(self, group: str, label: str) -> str:
        """A label that came as text; one that nobody has named yet is shown as it is."""
        return self.desk.phrases.get(f"{group}.{label}", plain(label, NAME_LENGTH))

    def why(self, why: Why) -> str:
        """A reason as one line."""
        return plain(reason_in(self.desk, why))

    def place(self, touchpoint: Touchpoint | None, own: str | None = None) -> str:
        """The touchpoint's name with the owner's own within it, or what to say where there is none."""
        return self.say("journey.no_touchpoint") if touchpoint is None else self.insight.touchpoint(touchpoint, own)

    def channel(self, channel: str) -> str:
        """The channel as people call it."""
        return self.insight.channel(channel)

    def places(self, case: Case) -> str:
        """The touchpoints of a case."""
        return ", ".join(self.place(touchpoint) for touchpoint in case.touchpoints) or self.place(None)

    def state(self, case: Case) -> str:
        """Where the case stands, with its outcome once it is closed."""
        state = self.say(f"state.{case.state}")
        return state if case.outcome is None else f"{state} ({self.say(f'outcome.{case.outcome}')})"

    @property
    def now(self) -> datetime:
        """The moment at which it is shown."""
        return (self.figures.now or present)()

    def handles(self, handles: Sequence[Handle]) -> str:
        """Each account with its channel."""
        return ", ".join(f"{self.channel(each.channel)} {account(each.name)}" for each in handles)


def labels(
    language: Language,
    zone: ZoneInfo,
    names: TouchpointNames = USUAL_NAMES,
    *,
    now: Callable[[], datetime] = present,
) -> Labels:
    """For a reader of `language` whose clock shows `zone`, with the brand's names for touchpoints.

    Moments of another year than that of `now` are told with their year.
    """
    desk = wording(language, "bot.desk")
    return Labels(desk=desk, insight=wording(language).with_names(names), figures=Figures(desk.language, zone, now))


def sign(sentiment: Sentiment) -> str:
    """The feeling as one character that needs no colour."""
    return _SIGNS[sentiment]


def account(name: str) -> str:
    """With one @ before it, unless it is an address or a name of several words."""
    shown = plain(name, NAME_LENGTH)
    return shown if "@" in shown or " " in shown or "/" in shown else f"@{shown}"
