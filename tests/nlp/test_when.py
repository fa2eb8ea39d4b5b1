"""The ways to name a time, and the last moment each means, said on Tuesday 12 May 2026 at 11:30 in Madrid."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nlp.promising.brand_days import BrandDays
from nlp.promising.points import without_points
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


# ways that texts written blind have shown since
ALSO = {
    "05-12 12:00": "in 30 mins|30 mins from now|al medio día",
    "05-12 14:00": "en dos horas y media|in two and a half hours|in 2.5 hours|en 2 horas y 30 minutos|in 2h30",
    "05-12 16:45": "a las cinco menos cuarto|at a quarter to five|al cuarto para las cinco|quarter to five",
    "05-12 16:50": "a las cinco menos diez de la tarde|diez para las cinco",
    "05-12 17:00": (
        "between 3 and 5 this afternoon|3-5 this afternoon|5ish today|17h00|no más tarde de las 5|hasta las cinco"
    ),
    "05-12 17:10": "a las cinco y diez",
    "05-12 17:30": "a las 5 y media de la tarde|half five|by 5.30",
    "05-12 21:00": "9 in the evening today|by nine at night|hoy a las 9 de la noche",
    "05-12 23:59": (
        "a última hora de la tarde|de hoy no pasa|en lo que resta del día|before the day's out|by nightfall|tonite"
        "|antes del cierre de hoy|a lo largo de la mañana|before midnight"
    ),
    "05-13 12:00": "10-12 tomorrow|noon tomorrow|mañana al medio día",
    "05-13 17:30": "mañana a las 5 y media de la tarde|half five tomorrow",
    "05-13 23:59": "tomorow|2morrow|tomorrow by COB|al día hábil siguiente|a última hora de mañana",
    "05-14 11:30": "24-48 horas|48 horas hábiles|within 48 business hours|24 a 48 hs",
    "05-14 23:59": (
        "in a day or two|en un día o dos|dentro de uno o dos días|within 2 biz days|lands the 14th.|mañana o pasado"
    ),
    "05-15 17:00": "on Friday, done by 5 pm",
    "05-15 23:59": (
        "by close of business Friday|by EOD Friday|before Friday is out|by Friday's post|de acá al viernes|by EOW"
        "|en la primera quincena de mayo|esta quincena|first half of the month|by the middle of May|by mid-month"
        "|a lo largo del viernes|by the end of the working week"
    ),
    "05-18 10:00": "18/05 a las 10:00|lunes 18/5 a las 10|Monday 8-10am|el lunes no más tarde de las 10",
    "05-18 23:59": "Monday 5/18|Monday (5/18)|lunes (18/5)",
    "05-19 23:59": "el lunes o martes|between Monday and Tuesday|recibirás de 5 a 7 días",
    "05-20 23:59": "mañana en ocho|tomorrow week|midweek next week|a mediados de la semana que viene",
    "05-22 23:59": "Friday week|a week this Friday|el viernes en ocho|en la próxima semana",
    "05-26 23:59": "de hoy en quince|a fortnight today|two weeks today|inside of two weeks",
    "05-27 23:59": "en quince días|de acá a quince días|a fortnight tomorrow",
    "05-28 23:59": (
        "el 28 del corriente|el 28 del presente mes|el 28 de este mes|by the 28th of this month|a más tardar el 28-may"
        "|28/may|28-May-26|entre los días 26 y 28|no later than the 28th|latest by 28th May|este 28/5|come the 28th"
        "|el veintiocho de mayo|from 26 to 28 May|del 26 al 28|hasta el 28 de mayo de 2026"
    ),
    "05-29 23:59": "Friday fortnight|two weeks on Friday|el último viernes de mayo|the last Friday of the month",
    "05-31 23:59": (
        "en la segunda quincena de mayo|a fines de mayo|by May end|end May|by EOM|el último día del mes"
        "|a lo largo de mayo"
        "|antes de que termine mayo|before May is out|second half of May|para fin de mes|la última semana de mayo"
    ),
    "06-01 23:59": (
        "no later than 6/1|on or before 1/6|on or before the 1st|a más tardar el 1-jun|el 1 del próximo mes|06/01/2026"
        "|by the 1st of next month|el primero de junio|by the first of June|Monday 6/1|by 1st June"
    ),
    "06-02 23:59": "Tuesday fortnight",
    "06-03 23:59": "the first Wednesday of June|el primer miércoles de junio",
    "06-10 23:59": "a principios de junio|early June",
    "06-14 23:59": "en la segunda semana de junio",
    "06-15 23:59": "a mediados del mes que viene|first half of June|hacia mediados de junio",
    "06-23 23:59": "in 6 wks|en seis semanas",
    "06-27 23:59": "en un mes y medio|in a month and a half",
    "06-30 23:59": (
        "antes de que termine el segundo trimestre|by the end of Q2|this quarter|a final de trimestre|este semestre"
        "|in June 2026|a finales del mes que viene|en el primer semestre|in the first half of the year"
    ),
    "08-15 23:59": "15 ago|el 15-ago|ago 15",
    "09-03 23:59": "el 3 de set|3-set",
    "09-30 23:59": "in the third quarter|by Q3|el próximo trimestre",
    "12-15 23:59": "15-dic|el 15 dic|dic 15|15/dic/2026",
    "12-31 23:59": "by EOY|en lo que queda de año|in Q4|en el segundo semestre",
}


@pytest.mark.parametrize(
    ("words", "meant"), [(each, meant) for meant, all_ in ALSO.items() for each in all_.split("|")]
)
def test_so_do_the_rarer_ways(words: str, meant: str) -> None:
    due = {f"{moment.due.astimezone(MADRID):%m-%d %H:%M}" for moment in moments(words, TUESDAY)}

    assert due == {meant}


@pytest.mark.parametrize(
    ("said", "words", "meant"),
    [
        ("2025-02-07", "para San Valentín", "2025-02-14"),
        ("2025-02-07", "by Valentine's Day", "2025-02-14"),
        ("2025-01-15", "antes de que termine el primer trimestre", "2025-03-31"),
        ("2026-11-20", "in the first quarter", "2027-03-31"),
        ("2026-05-20", "esta quincena", "2026-05-31"),
        ("2026-05-20", "la próxima quincena", "2026-06-15"),
        ("2026-05-20", "en la primera quincena de mayo", None),
        ("2026-02-02", "el 26-feb", "2026-02-26"),
        ("2026-01-10", "15 ene", "2026-01-15"),
        ("2026-04-02", "el 4 abr", "2026-04-04"),
        ("2026-02-20", "by Easter", "2026-04-05"),
        ("2027-02-20", "antes de Semana Santa", "2027-03-20"),
        ("2026-04-20", "en Pascua", "2027-03-28"),
        ("2027-01-09", "a lo largo del sábado", "2027-01-09"),
        ("2026-12-20", "31 de mayo de 2027", "2027-05-31"),
        ("2026-12-20", "el 5 de enero de 2026", None),
        ("2026-12-20", "5/1/2026", None),
        ("2026-05-31", "el 5 del mes que viene", "2026-06-05"),
    ],
)
def test_what_a_way_means_depends_on_the_day_it_is_said(said: str, words: str, meant: str | None) -> None:
    days = BrandDays(datetime.fromisoformat(f"{said} 11:30").replace(tzinfo=MADRID), MADRID)

    assert [f"{moment.due.astimezone(MADRID):%Y-%m-%d}" for moment in moments(words, days)] == [meant] * (
        meant is not None
    )


@pytest.mark.parametrize(
    ("words", "passed", "counted"),
    [
        ("el día 11", True, False),  # said on the 12th
        ("el día 14", False, False),
        ("on the 9th", True, False),
        ("a las 9:15 de la mañana", True, False),
        ("a las 17:00", False, False),
        ("within 5 days", False, True),
        ("en 24 horas", False, True),
    ],
)
def test_a_time_tells_whether_it_was_lately_and_whether_it_runs_from_now(
    words: str, passed: bool, counted: bool
) -> None:
    [moment] = moments(words, TUESDAY)

    assert (moment.passed, moment.counted) == (passed, counted)


def test_a_span_of_hours_counts_from_the_second_it_was_said() -> None:
    said = datetime(2026, 6, 30, 21, 58, 18, tzinfo=MADRID)

    [moment] = moments("within 24 hours", BrandDays(said, MADRID))

    assert moment.due == said + timedelta(hours=24)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("by 5 p.m. We'll ring", "by 5 pm . We'll ring"),
        ("by 5 p.m. Eastern", "by 5 pm   Eastern"),
        ("a las 5 p. m. te llama", "a las 5 pm    te llama"),
        ("el 15 dic. te llega", "el 15 dic  te llega"),
        ("el 15 de dic. Te llega", "el 15 de dic. Te llega"),
        ("on Dec. 15", "on Dec  15"),
        ("Mon., May 18", "Mon , May 18"),
        ("el Sr. Pérez pasa", "el Sr  Pérez pasa"),
        ("aprox. a las 5", "aprox  a las 5"),
        ("ya está. Gracias", "ya está. Gracias"),
    ],
)
def test_a_point_ends_a_sentence_only_where_one_ends(text: str, plain: str) -> None:
    assert without_points(text) == plain


@pytest.mark.parametrize(
    "words",
    [
        "pronto", "en breve", "shortly", "cuanto antes", "as soon as possible", "en los próximos días", "soon enough",
        "desde el lunes", "since Monday", "every Friday", "los lunes", "el lunes pasado", "last Friday", "3 days ago",
        "hace dos días", "5 days later", "within 5 days of receiving it", "el día 5 de cada mes",
        "on the 5th of each month", "ayer", "yesterday", "24/7", "50 %", "20 euros", "a mile", "old hours",
        "Merry Christmas", "Feliz Navidad", "Hola Sr. Reyes", "your Christmas order", "in the morning",
        "open ten to six", "half of it", "desde el lunes por la noche", "by one of our agents", "at 2 stores",
        "in the next few days", "in the next few minutes", "el lunes 25 de febrero de 2020", "antes del 15 de marzo",
        "at one point", "at once", "by one of us", "less than ten seconds", "about two dozen",
        "better than 8th place", "las fiestas de fin de año", "el dia 6-12-08", "not before payment (1/2)",
        "(2/2) as described", "el mes pasado", "about 3 people",
    ],
)  # fmt: skip
def test_what_names_no_moment_to_come_names_none(words: str) -> None:
    assert moments(words, TUESDAY) == []
