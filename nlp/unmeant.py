"""Tell which words of law, danger, money or haste do not count: denied, asked ahead, another's, or what news tell."""

from __future__ import annotations

import re

from nlp.alternatives import any_of

_PRONOUN = r"(?:(?:me|te|se|le|les|lo|los|la|las|os|nos)\s+)?"
# what may stand between a denial and the step: "no voy a pagar hable con mi abogado" is no denial
_TOWARDS = any_of("""
    a al de en con ante por la el una un ningún ninguna mi más tener que ir poner ponga poneros ponerles presentar
    meter interponer llegar hacer usar pedir llamar hablar acudir recurrir ser nada nadie ni oficina queja reclamación
    after interested into keen seeking
    going gonna planning trying looking threatening intending about want wanting need needed needing be been being have
    had having get getting go to in for of on at my any an the your with file filing filed call calling take taking it
    taken start starting hire threaten resort resorting do doing this you anyone over even is asking really actually
    should
""")
_NO = r"(?:no|nunca|jam[aá]s|tampoco|ni)"
_UNWILLING = re.compile(
    rf"\b(?:{_NO}\s+{_PRONOUN}(?:"
    r"voy|vamos|quise|pienso|pensamos|(?:quiero|queremos)(?!\s+tener\s+que)|pretendo|busco|necesit[oé]|tuve|tuvimos"
    r"|llegu[eé]|llegamos|vengo|(?:hace|hizo|har[aá])\s+falta|(?:tengo|tenemos)\s+(?:intenci[oó]n|[aá]nimo|ganas)"
    r"|pondr(?:[eé]|[ií]a)|puse|pongo|presentar(?:[eé]|[ií]a)|har(?:[eé]|[ií]a)|(?:es|era)\s+cuesti[oó]n|(?:he|hemos)\s+(?:puesto|presentado|hecho|llegado|tenido|ido)"
    r"|soy\s+de\s+l[oa]s\s+que)"
    r"|sin\s+(?:[aá]nimos?|intenci[oó]n|ganas|necesidad|querer|tener|llegar|ir|necesitar)"
    r"|not|never|without|rather\s+than|no\s+(?:need|intention|plans?|wish|reason)|nobody|no\s+one"
    r"|(?:is|are|was|do|did|wo|would|has|have|had|should)n['’]?t(?!\s+want\s+to\s+have\s+to)"
    rf")(?:\s+{_TOWARDS})*\s+$|\b(?:no|nunca|jam[aá]s|tampoco)\s+{_PRONOUN}$",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    rf"\b{_NO}\s+{_PRONOUN}(?:(?:han|ha|hab[eé]is|hab[ií]an?|hay|hubo|es|era|fue|corre|me)\s+)?"
    r"(?:(?:muy|nada|tan|un|una|ning[uú]n|ninguna)\s+)?$"
    r"|\b(?:sin|nada|nothing)\s+$"
    r"|(?:\b(?:not|never|no)|n['’]t)\s+(?:(?:been|being|get|got|a|an|any|actually|really|even|more|that|longer)\s+)*$"
    r"|\b(?:pens[eé]|cre[ií]a?|pensaba)\s+que\s+(?:me\s+|nos\s+)?(?:hab[ií](?:an?|ais)\s+)?$"
    r"|\bthought\s+(?:that\s+)?(?:i|we|you)(?:['’]d|\s+had|\s+was|\s+were)\s+(?:been\s+)?$",
    re.IGNORECASE,
)
_OWN_NO = re.compile(r"(?:no|never|i never|que (?:yo )?no|didn|sin)\b", re.IGNORECASE)
_FOR_NOW = re.compile(
    r"[^.!?\n]*\b(?:todav[ií]a|a[uú]n|hasta|salvo|a\s+menos|a\s+no\s+ser|de\s+momento|por\s+ahora|si|yet|unless|if|until"
    r"|for\s+now|before|(?:pero|but)\s+(?:hoy|ahora|est[ae]|con|ya|this|today|now|here|you|i))\b",
    re.IGNORECASE,
)
# "si me cobran dos veces, ¿qué hago?", but not "mirad si me han cobrado dos veces"
_IF = re.compile(
    r"\b(?:si|if|in\s+case)\s+(?:(?!(?:ha|han|hab[eé]is|have|was|were)\b|\S*['’](?:ve|d)\b)\w\S*\s+){0,4}$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"(?:(?:cobr|carg|factur|descuent)(?:a|an|en|[aá]is)|charge[ds]?|billed|stolen|hacked|me roban)\b", re.IGNORECASE
)
_ASKED = re.compile(r"[^.!\n]*\?")
_ELSEWHERE = re.compile(
    r"[^.,;!?\n]*\b(?:en|con|de|at|with|by|from)\s+(?:otr[oa]|another|a\s+different|some\s+other)\s+"
    + any_of("tienda banco compañía empresa aerolínea sitio lado app shop store bank company airline place"),
    re.IGNORECASE,
)
_ACQUAINTANCE = any_of("""
    vecino vecina primo prima amigo amiga cuñado cuñada compañero compañera jefe jefa conocido conocida
    neighbour neighbor friend cousin colleague coworker mate boss landlord
""")
_ANOTHERS = re.compile(
    rf"\b(?:mi|un|una|su|my|a|his|her|our)\s+{_ACQUAINTANCE}\s+(?:of\s+mine\s+)?(?:le\s+)?"
    r"(?:\w+[oó]|\w+ed|hizo|fue|took|went)\s+(?:(?!(?:os|ustedes|you)\b)\w\S*\s+){0,6}$",
    re.IGNORECASE,
)
# "soy abogada", "as a lawyer": a trade, not a step
_TRADE = re.compile(
    r"\b(?:soy|somos|como|i['’]?m|i\s+am|as|being)\s+(?:(?:an?|una?|el|la|your|vuestr[oa])\s+)?$", re.IGNORECASE
)
_PORTUGUESE = re.compile(r"procon|livro", re.IGNORECASE)  # "no Procon" is there, not never
_LAWYER = re.compile(r"(?:(?:an?|una?|el|la)\s+)?(?:abogad[oa]|lawyer|solicitor|attorney)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"(?:^|[.!?\n,]\s*)(?:(?:the|la|el)\s+)?$", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?::\s|\s+(?:hoy\s+|ya\s+)?"
    + any_of("""
    abre abrió advierte alerta demanda denuncia exige impone informa inicia inició investiga multa multó pide presenta
    publica recomienda recuerda sanciona fines investigates opens publishes reports says sues urges warns
    """)
    + r"\b)",
    re.IGNORECASE,
)
_CUT = re.compile(r"[.,;:!?…\n]|\b(?:y|pero|sino|porque|and|but|so|because)\b", re.IGNORECASE)
_AS_FAR_BACK = 90


def is_taken(text: str, found: re.Match[str]) -> bool:
    """Whether a step that was found is the author's to take: neither denied, nor another's, nor in the news."""
    before = _before(text, found)
    denied = _UNWILLING.search(_clause(before)) and not is_for_now(text[found.end() :])
    denied = denied and not _PORTUGUESE.match(found[0])
    told = _SPEAKER.search(before) and _SPEAKS.match(text, found.end())
    trade = _LAWYER.match(found[0]) and _TRADE.search(before)
    return not (denied or told or trade or _is_anothers(text, found))


def has_happened(text: str, found: re.Match[str]) -> bool:
    """Whether harm or haste that was found is there: neither denied, nor feared or asked ahead, nor another's."""
    clause = _clause(_before(text, found))
    denied = _NOT_SO.search(clause) and not _OWN_NO.match(found[0])
    ahead = _TO_COME.match(found[0]) and _IF.search(clause) and _ASKED.match(text, found.end())
    return not (denied or ahead or _is_anothers(text, found))


def is_for_now(after: str) -> bool:
    """Whether what follows a denial leaves it open: "not yet", "unless", "si no me contestáis"."""
    return _FOR_NOW.match(after) is not None


def _is_anothers(text: str, found: re.Match[str]) -> bool:
    return bool(_ELSEWHERE.match(text, found.end()) or _ANOTHERS.search(_clause(_before(text, found))))


def _before(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - _AS_FAR_BACK) : found.start()]


def _clause(before: str) -> str:
    return _CUT.split(before)[-1]
