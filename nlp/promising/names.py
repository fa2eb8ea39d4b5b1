"""Numbers, weekdays and months by their names in Spanish and English."""

from __future__ import annotations

from nlp.alternatives import any_of, phrases


def _by_name(rows: tuple[str, ...], first: int) -> dict[str, int]:
    return {name: number for number, row in enumerate(rows, start=first) for name in row.split()}


_SPANISH_WEEKDAYS = ("lunes", "martes", "miércoles miercoles", "jueves", "viernes", "sábado sabado", "domingo")
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_WEEKDAYS = (
    "mon lun", "tue tues", "wed weds mié mie", "thu thurs jue", "fri vie", "sat sáb sab", "sun dom"
)  # fmt: skip
_MONTHS = (
    "enero january jan", "febrero february feb", "marzo march", "abril april apr", "mayo may", "junio june jun",
    "julio july jul", "agosto august aug", "septiembre setiembre september sep sept", "octubre october oct",
    "noviembre november nov", "diciembre december dec",
)  # fmt: skip
# only beside a number is "mar" no sea
_SPANISH_SHORT_MONTHS = {"ene": 1, "mar": 3, "abr": 4, "ago": 8, "set": 9, "dic": 12}
_ONE_TO_THIRTY_ONE = (
    "uno primero first", "dos second", "tres third", "cuatro fourth", "cinco fifth", "seis sixth", "siete seventh",
    "ocho eighth", "nueve ninth", "diez tenth", "once eleventh", "doce twelfth", "trece thirteenth",
    "catorce fourteenth", "quince fifteenth", "dieciséis dieciseis sixteenth", "diecisiete seventeenth",
    "dieciocho eighteenth", "diecinueve nineteenth", "veinte twentieth", "veintiuno twenty-first",
    "veintidós veintidos twenty-second", "veintitrés veintitres twenty-third", "veinticuatro twenty-fourth",
    "veinticinco twenty-fifth", "veintiséis veintiseis twenty-sixth", "veintisiete twenty-seventh",
    "veintiocho twenty-eighth", "veintinueve twenty-ninth", "treinta thirtieth", "treintaiuno thirty-first",
)  # fmt: skip

WEEKDAYS = {
    name: number
    for rows in (_SPANISH_WEEKDAYS, _ENGLISH_WEEKDAYS, _SHORT_WEEKDAYS)
    for name, number in _by_name(rows, 0).items()
}
MONTHS = _by_name(_MONTHS, 1) | _SPANISH_SHORT_MONTHS
DAYS_OF_THE_MONTH = _by_name(_ONE_TO_THIRTY_ONE, 1) | {"treinta y uno": 31}
NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "veinticuatro": 24,
    "cuarenta y ocho": 48, "setenta y dos": 72, "un par de": 2, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "twenty-four": 24, "forty-eight": 48,
    "seventy-two": 72, "couple of": 2, "a couple of": 2, "the": 1, "el": 1, "la": 1,
    "the next": 1, "next": 1, "la próxima": 1, "el próximo": 1, "la proxima": 1, "el proximo": 1,
}  # fmt: skip

SPANISH_WEEKDAY = phrases(",".join(_by_name(_SPANISH_WEEKDAYS, 0)))
ENGLISH_WEEKDAY = phrases(",".join(_by_name(_ENGLISH_WEEKDAYS, 0)))
WEEKDAY = f"(?:{SPANISH_WEEKDAY}|{ENGLISH_WEEKDAY})"
# small letters make other words of the English ones; "mar" is the sea
SHORT_WEEKDAY = r"(?:(?-i:Mon|Tues?|Weds?|Thu(?:rs)?|Fri|Sat|Sun)|lun|mi[ée]|jue|vie|s[áa]b|dom)\.?(?!\w)"
MONTH = phrases(",".join(_by_name(_MONTHS, 1)))
# as it is written beside a number: "el 26-feb", "15 ago", "3 de set"
MONTH_BESIDE_A_NUMBER = rf"(?:{MONTH}|ene|mar|abr|ago|dic|(?:(?<=de )|(?<=[-/]))set)"
DAY_IN_WORDS = phrases(",".join(DAYS_OF_THE_MONTH))
NUMBER = phrases(",".join(NUMBERS))
_SPANISH_HOURS = "una dos tres cuatro cinco seis siete ocho nueve diez once doce"
_ENGLISH_HOURS = "one two three four five six seven eight nine ten eleven twelve"
SPANISH_HOUR, ENGLISH_HOUR = any_of(_SPANISH_HOURS), any_of(_ENGLISH_HOURS)
HOUR = any_of(f"{_SPANISH_HOURS} {_ENGLISH_HOURS}")


def number_of(words: str) -> int:
    """Of digits or of a name."""
    word = " ".join(words.lower().split())
    return int(word) if word.isdigit() else NUMBERS[word]
