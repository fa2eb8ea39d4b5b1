"""E-mail addresses of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.found import Found

_EMAIL = re.compile(
    r"(?<![\w.+%-])(?:(?:\w[\w.+%-]{0,40}[._-])?O['’])?\w[\w.+%-]{0,63}"
    r"@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-]|\.[a-z])",
    re.IGNORECASE,
)
# the signs as words, so that no machine collects it: "ana arroba correo punto es", "tom [at] mail.com"
_POINT = r"(?:\.|\s?[(\[{<]\s?(?:punto|ponto|punt|dot|\.)\s?[)\]}>]\s?|\s(?:punto|ponto|punt|dot)\s)"
# "look at lumen dot com" is a shop
_MAIL = r"(?:gmail|hotmail|outlook|yahoo|icloud|live|proton(?:mail)?|aol|gmx|fastmail|me|msn)"
_SIGN = rf"(?:\s?[(\[{{<]\s?(?:arroba|at|@)\s?[)\]}}>]\s?|\sarroba\s|\sat\s(?={_MAIL}\sdot\s))"
_IN_WORDS = re.compile(
    rf"(?<![\w.+%@-])[a-z0-9][\w.+%-]{{0,63}}(?:{_POINT}[\w+%-]{{1,40}}){{0,3}}"
    rf"{_SIGN}[\w-]{{1,63}}(?:{_POINT}[\w-]{{1,63}}){{0,3}}{_POINT}[a-z]{{2,10}}(?![\w@-]|\.[a-z])",
    re.IGNORECASE,
)
# without one of these there is nothing to read
WORDED = r"\barroba\b|[(\[{<]\s?(?:at|@)\s?[)\]}>]|\sdot\s"
_WORDED = re.compile(WORDED, re.IGNORECASE)


def emails(text: str) -> Iterator[Found]:
    """Whatever is written as an address; whether it is the brand's is asked elsewhere."""
    yield from (Found("email", *match.span()) for match in _EMAIL.finditer(text))
    if _WORDED.search(text):
        yield from (Found("email", *match.span()) for match in _IN_WORDS.finditer(text))
