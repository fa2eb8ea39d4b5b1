"""Write numbers, shares, dates and durations the way each language does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from bot.domain.digest import Share
from bot.domain.reading import Language
from bot.insight.shares import FEWEST_FOR_A_SHARE

_MINUTES_AN_HOUR = 60
_HOURS_IN_HOURS = 48


_HALF_A_PERCENT = 0.005


@dataclass(frozen=True, slots=True)
class Figures:
    """How one language writes them, with clock times in one zone.

    With `now`, days and moments of another year than that moment's are told with their year.
    """

    language: Language
    zone: ZoneInfo
    now: Callable[[], datetime] | None = None

    @property
    def _locale(self) -> str:
        return "es" if self.language is Language.ES else "en"

    def whole(self, number: float) -> str:
        """1.234 or 1,234."""
        return format_decimal(round(number), locale=self._locale)

    def decimal(self, number: float) -> str:
        """One place: 4,1 or 4.1."""
        return format_decimal(number, "#,##0.0", locale=self._locale)

    def score(self, number: float) -> str:
        """Three places, as figures from 0 to 1 are compared: 0,712 or 0.712."""
        return format_decimal(number, "0.000", locale=self._locale)

    def short(self, number: float) -> str:
        """A mean: one place where it is small and not whole."""
        return self.whole(number) if number >= 10 or number == int(number) else self.decimal(number)

    def signed(self, number: float) -> str:
        """+12, −3 or 0."""
        return ("+" if round(number) > 0 else "−" if round(number) < 0 else "") + self.whole(abs(round(number)))

    def money(self, amount: Decimal) -> str:
        """4,20 or 4.20; as many places more as a small amount needs."""
        return format_decimal(amount, "#,##0.00##", locale=self._locale)

    def percent(self, value: float) -> str:
        """39 % (with a space that does not break) or 39%; what is little is not called nothing: <1 %."""
        if 0 < value <= _HALF_A_PERCENT:
            return f"<{self.percent(0.01)}"
        return format_percent(value, "#,##0\u00a0%" if self.language is Language.ES else "#,##0%", locale=self._locale)

    def share(self, of: Share) -> str:
        """A percentage; of too few to speak of per cent, `2/7`."""
        return f"{of.part}/{of.n}" if of.n < FEWEST_FOR_A_SHARE else self.percent(of.value)

    def signed_percent(self, value: float) -> str:
        """+46 % or −8%."""
        return ("+" if value > 0 else "−" if value < 0 else "") + self.percent(abs(value))

    def long_date(self, day: date) -> str:
        """As in martes 12 may 2026."""
        return format_date(day, "EEEE d MMM y", locale=self._locale)

    def short_date(self, day: date) -> str:
        """12 may."""
        return format_date(day, "d MMM", locale=self._locale)

    def weekday(self, day: date) -> str:
        """As in mar 12."""
        return format_date(day, "EEE d", locale=self._locale)

    def weekday_name(self, day: date, n: int = 1) -> str:
        """As in martes; several are sábados, and lunes as they are in Spanish."""
        name = format_date(day, "EEEE", locale=self._locale)
        return name if n == 1 or name.endswith("s") else f"{name}s"

    def clock(self, moment: datetime) -> str:
        """14:05."""
        return moment.astimezone(self.zone).strftime("%H:%M")

    def day_of(self, moment: datetime) -> str:
        """12 may, as it was in the zone; 12 may 2025 in another year."""
        day = moment.astimezone(self.zone).date()
        if self.now is None or day.year == self.now().astimezone(self.zone).year:
            return self.short_date(day)
        return format_date(day, "d MMM y", locale=self._locale)

    def month_of(self, moment: datetime) -> str:
        """Abril 2026, as it was in the zone."""
        return format_date(moment.astimezone(self.zone).date(), "LLLL y", locale=self._locale)

    def moment(self, moment: datetime) -> str:
        """12 may 14:05; 12 may 2025 14:05 in another year."""
        return f"{self.day_of(moment)} {self.clock(moment)}"

    def duration(self, length: timedelta) -> str:
        """18 min, 2 h 5 min, 2,5 d, 30 d."""
        minutes = round(abs(length) / timedelta(minutes=1))
        hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
        if hours >= _HOURS_IN_HOURS:
            return f"{self.short(hours / 24)}\u00a0d"
        parts = ([f"{hours}\u00a0h"] if hours else []) + ([f"{rest}\u00a0min"] if rest or not hours else [])
        return " ".join(parts)
