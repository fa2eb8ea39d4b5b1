"""Recognise that the customer's own words close the loop: it is solved, in the thread of a case that was answered."""

from __future__ import annotations

import re

from bot.domain.case import Case
from bot.domain.interaction import Direction
from bot.domain.reading import Intent, Reading, Sentiment, Urgency
from bot.domain.situation import Situation
from responders.delicate import GRAVE, delicate_topic_of_case
from responders.still_wrong import still_wrong
from responders.words import bare, fold

_UNSOLVED = frozenset(
    {Intent.COMPLAINT, Intent.REQUEST, Intent.QUESTION, Intent.CHURN_THREAT, Intent.SPAM, Intent.NEWS_OPINION}
)
_SURELY = 0.8  # of 109 texts that trained nothing and are praise from here on, 107 are pleased (0.75: 122 of 126)
# bare words, es | en | pt | ca: "gracias, quedo a la espera", "sent, thanks", "ok, I'll try that" are polite, not over
_WAITING = re.compile(
    r"\b(espero|esperando|a la espera|pendiente|sigo|sigue(n|s)? (sin|igual)|todavia|aun no"
    r"|cuando (me|puedan|podais)|(os|les) escribo|llam(adme|ame|enme)|por (dm|mp|md|privado)|(mensaje|un) privado"
    r"|(lo|la) (pruebo|intento|miro|apunto)|probare|voy a (probar|mirar|intentar|esperar|escribir)"
    r"|(he|acabo de) (enviar|enviado|mandar|mandado|escribir|escrito)|^(ya )?(esta )?(enviad|mandad|escrit)[oa]"
    r"|si (me |lo |la )?(podeis|puedes|pudierais|pudieras|puede|pueden)|gracias por nada"
    r"|waiting|wait for|await\w*|look(ing)? forward|still|not yet|let me know|call me|thanks for nothing|don't know why"
    r"|(i'll|will) (dm|send|try|do|check|see|post|wait|call|write|keep|let you)|if (you|u) (could|can)"
    r"|(i've|have|i|just|already) (just )?(sent|dm\w*)|^sent|^dm\w*|dm'?ed|dm'd|sent (it|them|that|you|u)"
    r"|gracias (\w+ )?(pero|aunque)|(thanks|thank you|cheers) (\w+ )?(but|though)|noted|gracias x nada"
    r"|gracias por (la |su |vuestra |tu )?(nula|poca|cero|escasa|ninguna|inexistente)|(thanks|that) i guess"
    r"|(could|can) do better|aguardo|espera|vou (tentar|esperar|ver)|encara|ho provare)\b"
)
_THANKS = re.compile(
    r"\b(gracia+s+|(os|lo|te|se lo) agradezco|thanks?|thank(s|ing)? (you|u)|thx|ty|cheers|ta|appreciated?|obrigad[oa]"
    r"|gracies|merci|great (job|help|work)|(was|were|are) (great|awesome|amazing|lovely)|well done|ole|da gusto)\b"
)
# who thanks us for telling them, or all the same, may still have the problem: "thanks for letting me know"
_FOR_AN_ANSWER = re.compile(
    r"\b(gracias|thanks|thank you|thx|ty|cheers) (igualmente|de todas formas|de todos modos|all the same"
    r"|por (contestar|responder|avisar(me)?|decir(me|noslo|melo)|(la|tu|su|vuestra) (respuesta|sinceridad|explicacion"
    r"|informacion|info|aclaracion))"
    r"|for (letting me know|telling me|answering|replying|responding|(getting|coming) back"
    r"|being (straight|honest|clear)|(the|your) ((quick|fast|prompt) )?(heads up|update|info|information|reply|response"
    r"|answer|explanation|honesty)))\b"
)
_DONE = (
    r"(resuelt\w+|solucionad\w+|arregl(ad\w+|o|aron)|solved|fixed|sorted|resolved|resolvid\w+|solucionat|arreglat"
    r"|funciona|funcionan|works|working"
    r"|lleg(o|aron|ado|ada|adas|ados)|arrived|delivered|chegou|arribat|recibid\w+|received|recebi|rebut"
    r"|got (it|my|them)|recogid\w+|collected|picked (it )?up|cambiad\w+|recuperad\w+|reembolsad\w+|refunded|replaced"
    r"|devuelto|devolvieron|back to normal|(get|got|have) (\w+ ){1,5}back|in one piece)"
)
_SOLVED = rf"({_DONE}|va perfect\w+|al?l good|perfect[oa]?)"
_IS_DONE, _IS_SOLVED = re.compile(rf"\b{_DONE}\b"), re.compile(rf"\b{_SOLVED}\b")
# "it has not arrived", "sin resolver", "no ha llegado"
_IS_NOT = re.compile(
    rf"\b(no|not|\w+n't|never|nunca|sin|ni|nao)\s+(\w+\s+){{0,2}}({_SOLVED}|resolver|arreglar|llegar|recibir)\b"
)
# what the brand asks of the customer; thanks for that are no end
_ASKS_FOR = re.compile(r"\?|\b(dm|mp|md|privado|private|message us|mensaje directo|direct message)\b")


def solved_case(situation: Situation) -> Case | None:
    """The answered, still open case that this mention closes, or None."""
    return None if _a_person_closes(situation) else _closed_by_its_words(situation)


def thanks_that_close_nothing(situation: Situation) -> bool:
    """Whether the words would close the case, and a person must look first: something is still wrong in them, or the
    case told of self-harm or violence.
    """
    return _closed_by_its_words(situation) is not None and _a_person_closes(situation)


def only_pleased(situation: Situation) -> bool:
    """Praise without a complaint, a wish, a wait or a flaw in it, read with confidence."""
    praised = Intent.PRAISE in situation.reading.intents and _nothing_sore(situation)
    return praised and not still_wrong(situation.mention.text)


def _closed_by_its_words(situation: Situation) -> Case | None:
    case = situation.case
    if case is None or not case.is_open or case.first_answered_at is None:
        return None
    return case if _nothing_sore(situation) and _says_it_is_over(situation) else None


def _a_person_closes(situation: Situation) -> bool:
    return still_wrong(situation.mention.text) or delicate_topic_of_case(situation) in GRAVE


def surely_pleased(reading: Reading) -> bool:
    """Sure enough for a machine to say thanks alone: a complaint that is thanked for does more harm than silence."""
    return reading.scores[Sentiment.POSITIVE] >= _SURELY


def _nothing_sore(situation: Situation) -> bool:
    reading = situation.reading
    return (
        not set(reading.intents) & _UNSOLVED
        and reading.sentiment is not Sentiment.NEGATIVE
        and reading.urgency is not Urgency.HIGH
        and not reading.abstained
        and not any(span.sentiment is Sentiment.NEGATIVE for span in reading.spans)
        and not _WAITING.search(bare(situation.mention.text))
    )


def _says_it_is_over(situation: Situation) -> bool:
    """A pleased tone alone closes nothing: the words must say that it is solved, or thank us for more than
    an answer. Where something is promised and still to come, "perfecto, gracias" thanks for the promise.
    """
    text, reading = fold(situation.mention.text), situation.reading
    if _IS_NOT.search(text) or (situation.promised and not _IS_DONE.search(text)):
        return False
    if _IS_SOLVED.search(text):
        return Intent.PRAISE in reading.intents or reading.sentiment is Sentiment.POSITIVE
    if _FOR_AN_ANSWER.search(bare(situation.mention.text)):
        return False
    return Intent.PRAISE in reading.intents and bool(_THANKS.search(text)) and not _was_asked_for_more(situation)


def _was_asked_for_more(situation: Situation) -> bool:
    """Whether the brand's last words in this case want something of the customer first."""
    case = situation.case
    ours = [
        past
        for past in situation.history
        if case is not None and past.case_id == case.id and past.direction is Direction.OUTBOUND
    ]
    last = max(ours, key=lambda past: past.at, default=None)
    return last is not None and _ASKS_FOR.search(fold(last.text)) is not None
