"""Say how a channel fares and what it costs, each in one line."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.cost import Level, Purse
from bot.domain.health import BUDGET_SPENT, Condition, Health
from bot.domain.reading import Language
from bot.insight.figures import Figures
from bot.insight.told import told_in
from bot.insight.wording import Wording, wording

_DAY = timedelta(hours=20)


def ear_name(channel: str, words: Wording) -> str:
    """The channel as people call it; the stream of one that is polled as well is named as such."""
    name, _, ear = channel.partition("/")
    return words.say("channel.stream", channel=words.channel(name)) if ear else words.channel(name)


def says_fares(health: Health, language: Language, zone: ZoneInfo, *, now: datetime) -> str:
    """`X: en espera desde las 14:05 (503 Service Unavailable); se vuelve a probar a las 14:20`."""
    words = wording(language)
    return words.say(
        "channel.fares", channel=ear_name(health.channel, words), how=how_it_fares(health, words, zone, now=now)
    )


def how_it_fares(health: Health, words: Wording, zone: ZoneInfo, *, now: datetime) -> str:
    """The same without the channel's name."""
    figures = Figures(words.language, zone)
    said = words.say(f"channel.{_phrase(health, now)}", since=_since(health.since, now, figures))
    if health.reason:
        reason = words.say("channel.budget_spent") if health.reason == BUDGET_SPENT else told_in(words, health.reason)
        said += words.say("channel.reason", reason=reason)
    if health.again is not None and health.again > now:
        said += words.say("channel.again", again=figures.clock(health.again))
    return said


def _phrase(health: Health, now: datetime) -> str:
    """An end is told by its hour, or by its date."""
    long_ago = health.condition is Condition.ENDED and now - health.since >= _DAY
    return "ended_on" if long_ago else health.condition.value


def _since(moment: datetime, now: datetime, figures: Figures) -> str:
    """The time alone where it was today or last night."""
    return figures.clock(moment) if now - moment < _DAY else figures.moment(moment)


def says_purse(channel: str, purse: Purse, language: Language, zone: ZoneInfo) -> str:
    """What a channel has spent of its day's budget, and what follows when that is all of it."""
    words, figures = wording(language), Figures(language, zone)
    said = words.say("channel.fares", channel=ear_name(channel, words), how=how_much_is_spent(purse, words, figures))
    if purse.level is Level.SPENT:
        said += words.say(f"channel.then_{purse.when_spent}", renews=figures.clock(purse.renews_at))
    return said


def how_much_is_spent(purse: Purse, words: Wording, figures: Figures) -> str:
    """`4,20 de 5,00 USD hoy (84 %)`."""
    spent = figures.money(purse.spent)
    if purse.budget is None:
        return words.say("channel.spent_today", spent=spent, currency=purse.currency)
    return words.say(
        "channel.spent_today_of",
        spent=spent,
        budget=figures.money(purse.budget),
        currency=purse.currency,
        share=figures.percent(float(purse.spent / purse.budget)),
    )
