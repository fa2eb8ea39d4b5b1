"""Which day or week an edition covers, and what it is compared with, in words."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, Edition
from bot.insight.figures import Figures
from bot.insight.wording import Wording


def covered(digest: Digest, words: Wording) -> str:
    """The local day or week in words: `martes 12 may 2026 (00:00–24:00 Europe/Madrid)`."""
    figures = Figures(words.language, ZoneInfo(digest.zone))
    if digest.edition is Edition.WEEKLY:
        last = digest.day + timedelta(days=6)
        return words.say(
            "header.week",
            first=figures.short_date(digest.day),
            last=f"{figures.short_date(last)} {last.year}",
            zone=digest.zone,
        )
    until = figures.clock(digest.now.until) if unfinished(digest) else "24:00"
    return words.say("header.day", date=figures.long_date(digest.day), since="00:00", until=until, zone=digest.zone)


def unfinished(digest: Digest) -> bool:
    """Whether the day or the week was not over when it was counted."""
    days = 1 if digest.edition is Edition.DAILY else 7
    return digest.now.until.astimezone(ZoneInfo(digest.zone)).date() < digest.day + timedelta(days=days)


def usual_label(digest: Digest, words: Wording, key: str) -> str:
    """What the baseline is: so many days, weeks, or so many of the same weekday; or that there is none yet."""
    n = digest.usual_periods
    if not n:
        return words.say(f"{key}.none")
    if digest.edition is Edition.WEEKLY:
        return words.count(f"{key}.weeks", n)
    if digest.usual.until <= digest.before.since:
        figures = Figures(words.language, ZoneInfo(digest.zone))
        return words.count(f"{key}.weekdays", n, weekday=figures.weekday_name(digest.day, n))
    return words.count(f"{key}.days", n)
