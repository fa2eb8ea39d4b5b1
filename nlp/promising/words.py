"""What is promised is itself a word to the customer, which the brand keeps by writing: "te decimos algo mañana"."""

from __future__ import annotations

import re

from nlp.alternatives import any_of, phrases

# no calls: what stands in a post is none
_SAYING = any_of("""
    escribimos escribiremos escribo escribiré decimos diremos digo diré confirmamos confirmaremos confirmo confirmaré
    avisamos avisaremos aviso avisaré informamos informaremos informo informaré contestamos contestaremos contesto
    contestaré respondemos responderemos respondo responderé comunicamos comunicaremos contamos contaremos actualizamos
    actualizaremos
""")
_SPANISH = rf"\b(?:te|os|le|les)\s+(?:(?:lo|la|los|las)\s+)?(?:vamos\s+a\s+(?:escribir|decir|contestar)|{_SAYING})\b"
_NEWS = (
    r"\b(?:tendrás|tienes|tendrá|tiene|damos|daremos|recibirás)\s+(?:(?:una|tu|más)\s+)?"
    r"(?:respuesta|noticias|novedades)\b"
)
_SAY = phrases("""
    let you know, get back to you, come back to you, write to you, reply, respond, answer you, update you, tell you,
    confirm, be in touch, have an answer, have an update, have news, have more news
""")
_ENGLISH = rf"(?:\b(?:will|going\s+to)|['’]ll)\s+(?:(?:\w+ly\s+)?{_SAY}|hear\s+(?:back\s+)?from\s+us)\b"
_WORD = re.compile(f"{_SPANISH}|{_NEWS}|{_ENGLISH}", re.IGNORECASE)


def is_a_word(promised: str) -> bool:
    return _WORD.search(promised) is not None
