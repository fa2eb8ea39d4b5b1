"""Find a stated expectation: what was promised, printed or assumed, as the author's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.quotes import trimmed
from nlp.runs import Range
from nlp.text import Masked

_SAID = re.compile(
    r"\b(?:(?:me |nos |les? )?(?:hab[ií](?:an|as|ais) |han |hab[eé]is )?(?:promet(?:ieron|isteis|i[oó]|ido"
    r"|en|[ií]an)|asegur(?:aron|asteis|[oó]|ado|an)|garantiz(?:aron|asteis|[oó]|ado|a|an))"
    r"|(?:me|nos) (?:dijeron|dijisteis|dijo|hab[ií]an dicho|han dicho|confirmaron|juraron)(?: que)?"
    r"|dijisteis que|dijeron que|dec[ií]a(?:n|is)? que|se supon(?:e|[ií]a)(?: que)?|supuestamente"
    r"|pon[ií]a que|el anuncio dec[ií]a|anunci(?:ado|aban|asteis|an)(?: que)?"
    r"|(?:ten[ií]a que|deb[ií]a|iba a|ten[ií]an que|deb[ií]an|iban a) (?:llegar|venir|estar|salir|ser"
    r"|durar|llamar|abrir|entregar\w*)"
    r"|seg[uú]n (?:la web|vuestra web|su web|la app|el contrato|el folleto|el anuncio)|esperaba"
    r"|cre[ií] que|cre[ií]a que|pens[eé] que|pensaba que"
    r"|(?:was|were|been|i'?m|we'?re|am) (?:supposed to|meant to|promised|told|assured|advertised as|due"
    r"|guaranteed|quoted)"
    r"|supposed to|meant to be|promised|advertised|(?:you|they|she|he) said|the (?:website|site|ad|app|listing|box"
    r"|label)"
    r" (?:said|says|promised)|guaranteed"
    r"|(?:i|we) (?:had )?expected|i thought|was expecting|due (?:on|by|today|yesterday))\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(  # a promise only with a time or a will in it
    r"\b(?:they|she|he) said\b|\b(?:me|nos) (?:dijeron|dijo|hab[ií]an dicho|han dicho)\b|\bdijeron que\b", re.IGNORECASE
)
_WILL = re.compile(
    r"\d|['’](?:d|ll)\b|\b(?:would|will|could|within|by|today|tomorrow|free|mon|tues|wednes|thurs|fri|satur|sun(?:day)?"
    r"|\w+(?:r[ií]a|r[ií]an|r[aá]n?)|iban? a|ven[ií]an?|llegaba|hoy|ma[nñ]ana|gratis|lunes|martes|mi[eé]rcoles|jueves"
    r"|viernes|s[aá]bado|domingo|semana|d[ií]as?|horas?)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…;](?=[\s\"'»”)]|$)|\n|,\s|\s[-–—]\s|[()]|\s(?:pero|y|aunque|but|and|yet|so)\s", re.IGNORECASE)
_LEAST = 12
_SURE, _EACH = 0.8, 0.2  # the surest token must reach the first, the others the second


def expectation_in(masked: Masked, places: Sequence[Range], shares: Sequence[Sequence[float]]) -> str | None:
    """The exact substring whose tokens the model finds to state an expectation, around the surest of them, or None."""
    sure = [row[0] for row in shares]
    best = max(range(len(sure)), key=sure.__getitem__, default=0)
    if not sure or sure[best] < _SURE:
        return None
    first = last = best
    while first > 0 and sure[first - 1] >= _EACH:
        first -= 1
    while last + 1 < len(sure) and sure[last + 1] >= _EACH:
        last += 1
    return trimmed(masked.quote(places[first][0], places[last][1])) or None


def stated_in(text: str) -> str | None:
    """The exact substring from the word of promising to the end of its clause, or None; never a single word."""
    for match in _SAID.finditer(text):
        end = _END.search(text, match.end())
        quote = text[match.start() : end.start() if end else len(text)].strip()
        hearsay = _HEARSAY.match(text, match.start()) and not _WILL.search(quote)
        rest = text[match.end() : match.start() + len(quote)].split()
        if len(quote) >= _LEAST and rest and not hearsay and not quote.casefold().startswith("prometido es deuda"):
            return quote
    return None
