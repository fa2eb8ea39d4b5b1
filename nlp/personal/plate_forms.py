"""How number plates are written in each country."""

from __future__ import annotations

from collections.abc import Iterable

# 9 a digit, L a letter, C a consonant, - may be a space, a dash, a dot or nothing
FORMS = {
    "ES": ("L-9999-CCC", "9999-CCC", "LL-9999-LL", "LL-9999-L", "L-9999-LL", "L-9999-L"),
    "GB": ("LL99-LLL", "L999-LLL", "L99-LLL", "LLL-9999", "LLL-999L", "LLL-99L"),
    "IE": ("999-LL-99999", "999-L-99999", "999-L-9999", "99-L-99999", "99-LL-9999"),
    "PT": ("LL-99-LL", "99-LL-99", "99-99-LL"),
    "MX": ("LLL-999-L", "LLL-99-99", "99-LL-99L", "LLL-9999", "999-LLL", "LL-9999-L", "L99-LLL", "LL-99-999"),
    "AR": ("LL-999-LL", "L999-LLL", "L-999-LLL", "LLL-999", "999-LLL"),
    "CL": ("LL-LL-99", "LLLL-99", "LL-9999", "LLL-99", "LLL-999"),
    "CO": ("LLL-999", "LLL-99L", "L-99999"),
    "PE": ("L9L-999", "LLL-999", "LL-9999", "9999-9L", "9999-LL"),
    "EC": ("LLL-9999", "LLL-999", "LL-999L"),
    "UY": ("LLL-9999", "LLL-999"),
    "US": ("9LLL999", "LLL-9999", "999-LLL", "LLL-999", "LL9-L9L", "LL-99999", "9LL-9999", "99L-999", "L99-9LL"),
    "CA": ("LLLL-999", "LLL-999", "L99-LLL", "LL9-99L", "99L-LL9"),
    "AU": ("LLL-99L", "LL-99-LL", "9LL-9LL", "999-LL9", "9LLL-999", "L999-LLL", "L-99-LL", "LLL-999"),
}
# these are hardly ever anything else where a vehicle is spoken of; "LLL-999" is also a model: BMW 320
TELLING = (
    "9999-CCC",
    "LL99-LLL",
    "L999-LLL",
    "LL-999-LL",
    "LLL-999-L",
    "LL-LL-99",
    "LLLL-99",
    "LL-99-LL",
    "LLL-99-99",
    "9LLL999",
    "LLL-99L",
)


def one_of(forms: Iterable[str]) -> str:
    """A pattern of any of them, the longest first."""
    return "|".join(map(_written, sorted(set(forms), key=len, reverse=True)))


def _written(form: str) -> str:
    parts = {"9": r"\d", "L": "[A-Z]", "C": "[BCDFGHJKLMNPRSTVWXYZ]", "-": "[ ·.-]?"}
    return "".join(parts[sign] for sign in form)


ANY_FORM = one_of(form for forms in FORMS.values() for form in forms)
