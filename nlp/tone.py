"""Weigh a sentiment by what words say plainly: thanks, a thing that ended well, a plain question, an open problem."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.reading import Sentiment
from nlp.words import BAD, GOOD

_CONTRAST = re.compile(r"\b(?:pero|aunque|sin embargo|but|though|however|except|shame|l[aá]stima)\b", re.IGNORECASE)
_SPOILT = re.compile(
    r"\b(?:no|ni|sin|tampoco|nada|nadie|falta\w*|rot[oa]s?|partid[oa]s?|abiert[oa]s?|vac[ií][oa]s?|empapad[oa]s?"
    r"|aplastad[oa]s?|hundid[oa]s?|equivocad[oa]s?|bollos?|tarde"
    r"|not|without|missing|wrong|broken|empty|crack\w*|dent\w*|smashed|crushed|damaged|leak\w*|late)\b|n['’]t\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:gra+c+i+a+s+|agradec\w+|agradezc\w+|obrigad[oa]|gràcies|thank(?:s|ful|you)?|thx|cheers|appreciated?)\b",
    re.IGNORECASE,
)
_NO_THANKS = re.compile(
    r"\b(?:gracias por (?:nada|arruinar|hacerme perder|perder)|gracias de antemano|no,? gracias|thanks for (?:nothing"
    r"|ruining|wasting|losing)|thanks in advance|no,? thanks|not thanking|por favor|please|plz|pls)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"(?<!no )(?<!no ha )(?<!nunca )\b(?:(?:por|al) fin|menos mal|por suerte|ya (?:ha )?(?:lleg\w+|funciona"
    r"|est[aá] (?:en casa|aqu[ií]"
    r"|arreglad[oa]|solucionad[oa]|resuelt[oa]))"
    r"|lleg(?:[oó]|aron)|(?:ha|han) llegado|recibid[oa]s?|recibí|solucionad[oa]|resuelt[oa]|arreglaron"
    r"|cumplid[oa]|(?:dinero|reembolso|abono) (?:devuelto|recibido|hecho)|(?:me )?(?:llamaron|lo cambiaron)"
    r"|(?<!not )(?<!never )(?<!n't )(?<!isn't )(?:finally|arrived|landed|sorted|fixed|resolved|solved|refunded|all good"
    r"|works now|turned up|got there|refund(?:'s| is)? in|on time|a day early))\b",
    re.IGNORECASE,
)
_STILL_WANTED = re.compile(
    r"\b(?:necesito|quiero|quer[ií]a|necesitamos|exijo|need|want|would like|get)\b[^.!?]{0,30}\b(?:arregl|solucion"
    r"|resuel"
    r"|sorted|fixed|resolved|refunded)|\bif (?:this|it) (?:is|isn'?t)|(?:is|has)n['’]t (?:been )?(?:sorted|fixed"
    r"|arrived)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"\b(?:maj[ií]?[oa]s?|majísim[oa]s?|encantador\w*|un diez|10/10|olé|así (?:sí|da gusto)|asi si|da gusto|chapeau"
    r"|impecable\w*|precios[oa]s?|bonit[oa]s?|recomendad[ií]sim[oa]s?|mil gracias|much[ií]simas gracias|me encantan?"
    r"|os quiero|punto para|bien (?:hecho|jugado)|matr[ií]cula|de lujo|nota alta|sin (?:drama|pegas|problemas?)"
    r"|credit where|shout ?-?out|fair play|kudos|well done|props to|impressed|gorgeous|lovely|worth it|spot on"
    r"|patience of a saint|no quibble|no regrets|life changed|made my day|chef'?s kiss|hats off|can'?t fault)\b"
    r"|👏|😍|🥰|❤|🙌|🥹",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:(?:sigo|sigue|seguimos|siguen|llevo|llevamos)(?: \S+){0,4}? (?:sin|esperando)"
    r"|(?:todav[ií]a|a[uú]n) (?:no|sin|estoy esperando)|no (?:ha|han) (?:llegado|venido|contestado|respondido)"
    r"|ni rastro|sin (?:respuesta|noticias|reembolso|soluci[oó]n)|no hay quien|nadie (?:contesta|responde|sabe|coge)"
    r"|devu[eé]lv[ae]\w* (?:el|mi) dinero|gotea\w*|pierde agua|echa humo|no funcionan?|se ha doblado|se me ha roto"
    r"|still (?:no|not|nothing|waiting|zero|haven'?t|hasn'?t|isn'?t|doesn'?t)|no (?:reply|answer|sign of|word|refund)"
    r"|money back|leaks|stopped working|does(?:n'?t| not) work|dosen'?t work|do(?:n'?t| not) work"
    r"|nobody (?:answers|came|called))\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|(?:^|[.!]\s|@\w+\s)\W{0,9}(?:hola |hi |hey |hello )?(?:does|do|is|are|can|could|how|what|when|where|which|who"
    r"|any"
    r"|cu[aá]n[dt][oa]s?|cu[aá]l|c[oó]mo|d[oó]nde|qu[eé]|a qu[eé]|hasta cu[aá]ndo|hay|ten[eé]is|tienen|abr[ií]s"
    r"|abren)\b"
    r"|\b(?:a qu[eé] hora|alguien sabe|any ?one know|(?:are|do|can) (?:you|ye|i|we))\b",
    re.IGNORECASE,
)
_INFORMATION = re.compile(
    r"\b(?:a qu[eé] hora|hasta (?:qu[eé] hora|cu[aá]ndo)|cu[aá]nto (?:cuesta|vale|tarda|es|dura|queda)"
    r"|cu[aá]n[dt][oa]s?"
    r"|qu[eé] (?:precio|diferencia|modelo|horario|plazo)|alguien (?:sabe|ha probado)|ten[eé]is|tienen|hay|hac[eé]is"
    r"|hacen"
    r"|abr[ií]s|abre|abren|cierra|cerr[aá]is|se puede|puedo|ser[ií]a posible|cu[aá]l es|incluye|entra en|pesa|cabe"
    r"|sirve"
    r"|what time|until when|how (?:much|long|many|do i)|do you|does|are (?:you|ye) (?:open|planning|going)"
    r"|any ?one know"
    r"|is there (?:a|any)|can (?:i|you)|could i|will (?:it|there)|when (?:will|is|are|does)|any plans)\b",
    re.IGNORECASE,
)
_VEXED = re.compile(
    r"!|\?\?|\b(?:no|ni|nadie|nada|nunca|siempre|otra vez|por ?qu[eé]|encima|todav[ií]a|a[uú]n|ya|not|no one|never"
    r"|nothing"
    r"|why|how come|still|again|always|wtf|seriously|actually|really|ever)\b|n['’]t\b",
    re.IGNORECASE,
)
_ACKNOWLEDGED = re.compile(
    r"^\W*(?:@\w+[\s,:]*)*(?:(?:ah|oh|pues|bueno|ya)[\s,]+)?"
    r"(?:ok(?:ay|ey|i|is)?|vale|va|perfect[oa]?|listo|hecho|enviad[oa]|de acuerdo|entendido|trato hecho|recibido"
    r"|noted|sent|done|dm(?:'?d| sent| enviado)|(?:just )?(?:sent|dm'?d|messaged)|got it|will do|sure|sounds good"
    r"|alright|all right|grand|deal|roger|understood|great,? thanks|ok thanks)\b",
    re.IGNORECASE,
)
_MANY = 14  # words; a longer text says more than that it was understood
_WEIGHTS = {  # how much each sentiment is multiplied by: negative, neutral, positive
    "thanked": (0.4, 1.0, 2.0),
    "ended": (0.5, 1.2, 1.3),
    "kind": (0.4, 0.8, 2.0),
    "open": (2.5, 1.0, 0.35),
    "asked": (0.3, 2.5, 0.8),
    "acknowledged": (0.4, 2.0, 1.0),
}


def weighed(text: str, tones: Mapping[Sentiment, float]) -> dict[Sentiment, float]:
    """The model's probabilities, multiplied for each sign in the text, summing to 1 again."""
    scores = dict(tones)
    for sign in signs_in(text):
        scores = {tone: scores[tone] * weight for tone, weight in zip(Sentiment, _WEIGHTS[sign], strict=True)}
    total = sum(scores.values())
    return {tone: score / total for tone, score in scores.items()}


def signs_in(text: str) -> tuple[str, ...]:
    """What the words say plainly; blame, a contrast or a spoilt thing beside it makes good signs doubtful."""
    if _OPEN.search(text):
        return ("open",)
    if BAD.search(text) or _CONTRAST.search(text):
        return ()
    plain = not _STILL_WANTED.search(text)
    found = {
        "thanked": _THANKS.search(text) and not _NO_THANKS.search(text),
        "ended": plain and _ENDED.search(text) and not _SPOILT.search(text),
        "kind": _KIND.search(text),
        "asked": asks(text) and _INFORMATION.search(text) and not _VEXED.search(text),
        "acknowledged": acknowledges(text),
    }
    return tuple(sign for sign, holds in found.items() if holds)


def asks(text: str) -> bool:
    """A question mark, or words that only a question begins with."""
    return bool(_QUESTION.search(text))


def acknowledges(text: str) -> bool:
    """A short "vale", "ok, sent", "trato hecho" that asks nothing and blames nobody."""
    return bool(_ACKNOWLEDGED.search(text)) and len(text.split()) <= _MANY and "?" not in text and not blames(text)


def blames(text: str) -> bool:
    """A word of blame or of an open problem."""
    return bool(BAD.search(text) or _OPEN.search(text))


def praises(text: str) -> bool:
    """A word of thanks or praise."""
    return bool(GOOD.search(text) or _KIND.search(text) or _THANKS.search(text))
