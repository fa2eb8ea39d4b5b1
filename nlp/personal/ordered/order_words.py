"""What stands between the word for an order and its number, and how such a number is written."""

from __future__ import annotations

from nlp.alternatives import any_of

SIGN = (
    r"(?:n\.?\s?[º°]\.?|n\.(?=\s?\d)|n[úu]m(?:ero|\.)?|nro?\.?|numbers?"
    r"|nos?\.?(?=[\s:#]{0,4}(?:(?:is|are|was)\s)?[A-Z]{0,4}[-/\d])|(?<!, )ids?"
    r"|ref(?:erencia|erence|\.)?|code|c[óo]digo|#)(?!-)"
)
IS = r"(?:es|era|is|was|el|la|the|con|with)"
GAP = r"[\s:#(=\"'«→]{0,3}(?:[-–]\s)?"
VALUE = r"(?P<value>(?-i:(?!NI[EF]\b|DNI|CIF|IBAN)[A-Z]{1,4}\s)?(?=[A-Z_/-]*\d)[A-Z0-9]+(?:[-_/][A-Z0-9]+)*)"
_UNITS = any_of("""
    euro euros eur usd pesos soles pound pounds dollar dollars unidades ud uds units pcs piezas puntos points día
    días day days hora horas hours kg km veces times cajas boxes
""")
NO_AMOUNT = rf"(?![\w@]|[.,:]\d|[ \u00a0]?(?:[€%$£]|{_UNITS}\b))"
