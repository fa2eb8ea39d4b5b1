"""The ways to name a time, and the last moment each means, said on Tuesday 12 May 2026 at 11:30 in Madrid."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.promising.brand_days import BrandDays
from nlp.promising.when import moments

MADRID = ZoneInfo("Europe/Madrid")
TUESDAY = BrandDays(datetime(2026, 5, 12, 11, 30, tzinfo=MADRID), MADRID)

MEANT = {
    "05-12 11:45": "en un cuarto de hora",
    "05-12 12:00": "in the next half hour|antes del mediodía|by noon|en media hora",
    "05-12 12:15": "en tres cuartos de hora",
    "05-12 12:30": "antes de una hora|in under an hour|sobre las 12:30|within the hour|en la próxima hora",
    "05-12 13:00": "en hora y media|in an hour and a half",
    "05-12 13:30": "en menos de dos horas|in a couple of hours|en cuestión de dos horas|ETA with you: two hours",
    "05-12 14:15": "quarter past two today",
    "05-12 17:50": "at ten to six this evening",
    "05-12 16:00": "between 2 and 4 this afternoon|hoy de 14 a 16 h",
    "05-12 17:00": "by five o'clock|by 5|a las 5 de la tarde|a partir de las 17 h|before 5pm",
    "05-12 18:00": "hoy hasta las 18h|by 6 this evening|six this evening|ok: six this evening",
    "05-12 20:00": "tonight at 8|by 8 tonight|hasta las 8 de la tarde|esta noche a las 8",
    "05-12 23:59": (
        "hoy|hoy mismo|esta tarde|en lo que queda de día|a media tarde|en el transcurso del día|al final del día"
        "|tonight|by teatime|before dinner|by EOD"
        "|by midnight|before the day is out|by the end of the day|later today|within the day"
    ),
    "05-13 09:00": "antes de las 9 de la mañana|before 9 in the morning",
    "05-13 10:00": "by tomorrow at 10|by 10 tomorrow|antes de las 10 de mañana|10 tomorrow",
    "05-13 11:30": "en 24 h|within 24 hours|24 hours from now|en las siguientes 24 horas",
    "05-13 12:00": "12 noon tomorrow|tomorrow by noon|tmrw by noon",
    "05-13 14:30": "half two tomorrow arvo|mañana 8-14.30 te lo llevan",
    "05-13 15:15": "mañana a las tres y cuarto",
    "05-13 21:00": "mañana por la noche a las 9",
    "05-13 23:59": (
        "mañana|mañana temprano|mañana a media mañana|tomorrow lunchtime|the next working day|en 1 día hábil"
        "|next Wednesday|before Thursday|antes del jueves|overnight"
    ),
    "05-14 11:30": "en 24-48h|inside 48 hours|un máximo de 48h|en no más de 48 horas|Allow 48 hours|gimme 48 hours",
    "05-14 12:00": "by Thursday noon|el jueves a mediodía|by noon on Thursday",
    "05-14 23:59": "pasado mañana|the day after tomorrow|on the 14th|May 14th, 2026|en 1-2 días hábiles|el 14|by Thu",
    "05-15 17:00": (
        "Friday, 5.00pm sharp|no later than Friday 5pm|el viernes a las 17:00"
        "|Friday at 5|by 5pm Fri|Friday, five o'clock"
    ),
    "05-15 20:00": "antes de las 20:00h del viernes",
    "05-15 23:59": (
        "el viernes|este viernes|on Friday|on or before Friday|esta semana|this week|before the week is out"
        "|by Fri 15 May|in three business days|a final de semana|a mediados de mes|before the weekend|by COB Friday"
    ),
    "05-16 23:59": "en 3-4 días|on Sat|el sábado|by sat",
    "05-17 23:59": "el finde|this coming weekend|a lo largo del fin de semana|over the weekend",
    "05-18 23:59": (
        "de cara al lunes|lunes 18 de mayo|on Monday 18th|Monday, May 18"
        "|antes del 19|before the 19th|lun te cambian|by mon"
    ),
    "05-19 23:59": (
        "within a week|in a week's time|en el plazo de una semana|within five (5) business days|cinco días hábiles"
        "|el martes que viene|in the next 5 to 7 days|a week today"
    ),
    "05-20 23:59": (
        "el día 20 de este mes|para el 20|el próximo 20 de mayo|Wednesday next week"
        "|el 20/05|el 20-05-2026|a week tomorrow|the 18th to the 20th|for 20/05"
    ),
    "05-22 23:59": "la semana que viene|early next week|by the end of next week|10 days from now|over the coming week",
    "05-25 23:59": "a week from Monday",
    "05-26 23:59": (
        "en 2 semanas|in 2 weeks' time|within the fortnight|in 10 working days from today|calculale dos semanas"
    ),
    "05-31 23:59": (
        "este mes|de aquí a final de mes|by the end of the month"
        "|later this month|antes de junio|before the month is out"
    ),
    "06-01 23:59": "01-Jun-2026|by 1 June|June 1st|by 06/01|el 1 de junio",
    "06-12 23:59": "en un mes|in one month|between 10 and 12 June|June 10 to 12",
    "05-29 23:59": "the week after next",
    "06-30 23:59": "en junio|el mes que viene|by the end of June",
    "07-15 23:59": "a mediados de julio|by mid-July",
    "11-25 23:59": "before Thanksgiving",
    "12-24 23:59": "on Christmas Eve|antes de Navidad|before Xmas|en nochebuena",
    "12-31 23:59": (
        "antes de fin de año|by the end of the year|before the year's out"
        "|by New Year's Eve|para Nochevieja|before New Year's"
    ),
}


@pytest.mark.parametrize(
    ("words", "meant"), [(each, meant) for meant, all_ in MEANT.items() for each in all_.split("|")]
)
def test_a_time_means_the_last_moment_that_it_could(words: str, meant: str) -> None:
    due = {f"{moment.due.astimezone(MADRID):%m-%d %H:%M}" for moment in moments(words, TUESDAY)}

    assert due == {meant}


@pytest.mark.parametrize(
    "words",
    [
        "pronto", "en breve", "shortly", "cuanto antes", "as soon as possible", "en los próximos días", "soon enough",
        "desde el lunes", "since Monday", "every Friday", "los lunes", "el lunes pasado", "last Friday", "3 days ago",
        "hace dos días", "5 days later", "within 5 days of receiving it", "el día 5 de cada mes",
        "on the 5th of each month", "ayer", "yesterday", "24/7", "50 %", "20 euros", "a mile", "old hours",
        "Merry Christmas", "Feliz Navidad", "Hola Sr. Reyes", "your Christmas order",
        "in the morning", "open ten to six", "half of it",
    ],
)  # fmt: skip
def test_what_names_no_moment_to_come_names_none(words: str) -> None:
    assert moments(words, TUESDAY) == []
