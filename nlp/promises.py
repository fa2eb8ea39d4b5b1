"""Find what a text of the brand promises, and by when: rules for Spanish and English over the brand's calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise

from bot.domain.promise import Pledge
from nlp.when import Calendar, Found, When, whens

_TO_YOU = r"\b(?:(?:te|os|le|les|se|lo|la|los|las)\s+){1,2}"
_PAST_OR_TALK = (
    r"(?!(?:h|\w*hab[ií])emos|\w*(?:[áa]b|í)amos\b|acabamos|podemos|debemos|queremos|dijimos|hicimos|pusimos|dimos|vimos|"
    r"tuvimos|fuimos|prometimos|comprometimos|pedimos|esperamos|agradecemos|recomendamos|deseamos|recordamos|animamos|"
    r"invitamos|sentimos|necesitamos|entendemos|sabemos|atendemos|aconsejamos|rogamos|sugerimos)"
)
_ONE_OF_US = (
    r"(?:llam|escrib|contact|contest|respond|env[ií]|mand|confirm|avis|devuelv|abon|pas|dig|actualiz|resuelv|tramit|"
    r"gestion|inform|cuent|reserv|guard|reembols|entreg|recog|recoj|repon)[oae]n?\b"
)
_COMMITS = re.compile(
    rf"(?:{_TO_YOU}{_PAST_OR_TALK}\w+mos\b"
    rf"|{_TO_YOU}{_ONE_OF_US}"
    r"|\b(?!queremos|esperemos|miremos)\w*(?:[aei]|[bd])remos\b|\b(?:vamos|voy|va|van|volvemos)\s+a\b|\bquedamos\s+en\b|\b\w+(?:[aei]|d)r(?:é|á|án|ás|éis)\b"
    r"|\b(?:recibiras|tendras|estara|llegara|saldra)\b"
    r"|\b(?:te|os|le|les)\s+(?:llegan?|vuelven?|entran?)\b|\b(?:lo|la|los|las)\s+(?:tienes|ten[ée]is|tiene|recibes|recib[ií]s)\b"
    r"|\b(?:tus?|sus?|vuestr[oa]s?)\s+(?:[^\s,.]+\s+){1,4}?(?:llegan?|vuelven?|est[áa]n?\s+(?:programad|previst|agendad|list)[oa]s?"
    r"|quedan?\s+\w+d[oa]s?|se\s+\w+[ae]n?)\b"
    r"|\b(?:el|la|un|una)\s+(?:[^\s,.]+\s+){1,4}?(?:llega|pasa|vuelve)\b"
    r"|\bnos\s+(?:pon(?:emos|dremos)\s+en\s+contacto|comprometemos)|\bprometemos\b|\bprometido\b"
    r"|\btienes\s+(?:el|la|los|las|tus?|un|una)\b|\bexpect\s+(?:a|an|our|your|it|to\s+hear)\b"
    r"|\b(?:will|(?<=['’])ll)\b|\b(?:are|['’]re|is|am|['’]m)\s+going\s+to\b|\b(?:we|i)\s+(?:promise|guarantee)\b|\byou\s+have\s+my\s+word\b"
    r"|\b(?:is|are|am|(?<=['’])(?:s|re|m))\s+(?:\w+ly\s+|now\s+|being\s+)?(?:coming|arriving|sending|shipping|posting|calling|"
    r"phoning|ringing|delivering|refunding|issuing|delivered|collected|due(?!\s+to)|scheduled|booked)\b|\barrives\b)",
    re.IGNORECASE,
)
# a parcel that leaves is a promise only where nothing says when it arrives
_LEAVES = re.compile(
    r"\b(?:(?<!\bthe )(?<!\bour )(?<!\ba )sale|salen|leaves?|ships|goes\s+out"
    r"|(?:is|are|(?<=['’])s)\s+(?:going\s+out|leaving))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|nunca|tampoco|desde\s+que|como|ya)\s+(?:(?:te|os|se|le|les|nos|lo|la)\s+)*$", re.IGNORECASE
)
_NOT_OURS = re.compile(
    r"^\s+(?:not\b|never\b|you\b|need\b|have\s+(?:to|until)\b|want\b|try\b|que\b|be\s+(?:open|closed|able\s+to\s+(?:say|tell))\b|hasta\b)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^\W*(?:(?:y|and|but|pero|o|or)\W+)?(?:si|if|unless|once|when|cuando|en\s+cuanto|as\s+soon\s+as|siempre\s+que|after|tras|"
    r"una\s+vez|provided|en\s+caso\s+de|aunque|a\s+no\s+ser)\b",
    re.IGNORECASE,
)
_LEAVES_IT_OPEN = re.compile(
    r"\b(?:podr[ií]a\w*|could|might|would|may\s+(?:be|take|need|have|arrive)|should|hopefully|maybe|perhaps|probably|usually|"
    r"normally|typically|ojal[áa]|quiz[áa]s?|tal\s+vez|a\s+lo\s+mejor|probablemente|normalmente|suelen?|deber[ií]a\w*|"
    r"(?:intentar|procurar)(?:é|á|án|emos)|trataremos|confiamos|te\s+(?:va|viene|parece)\s+bien|suits?\s+you|deber[áé]\w*|necesitar[áé]\w*|"
    r"(?:tienes?|ten[ée]is|tendr[áé]is?|tendr[áa]s?)\s+(?:que|hasta)|have\s+until|puedes?|pod[ée]is|lets\s+you|anytime|please)\b",
    re.IGNORECASE,
)
_OPENING_HOURS = re.compile(
    r"\b(?:abrimos|abren?|abriremos|cerramos|cierran?|cerraremos|abiert[oa]s?|cerrad[oa]s?|horario|opening|opens|closes|"
    r"(?:we|re|are|is|be)\s+(?:open|closed)|open\s+(?:on|from|until|till|at|today|tomorrow|every)|close\s+(?:at|on)|24/7|"
    r"lunes\s+a\s+(?:jueves|viernes|s[áa]bado|domingo)|monday\s*(?:to|-|–|through)\s*\w+)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:hemos|he|ha|han|hab[ií]a\w*|fue|era|estaba|sali[óo]|lleg[óo]|dij\w+|was|were|has|have|had|did|told|said|sent|"
    r"shipped|posted|received|left|went|enviad[oa]s?|recibid[oa]s?|['’]ve)\b",
    re.IGNORECASE,
)
_COULD_ASK = re.compile(r"\b(?:send|bring|keep|use|check|try|give|call|write|dm|message|reply|return)\b", re.IGNORECASE)
_ASKS_YOU = re.compile(
    r"\b(?:mándan\w+|env[ií]an\w+|escríben\w+|pásan\w+|dinos|"
    r"llámanos|trae\w*|devuélve\w+|manda|envía|escribe|usa|cuéntanos|necesitamos|you|tú)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\d))+[?!]?")
_JOINT = re.compile(
    r",(?!\d)|:(?!\d)|[()]|\s[-–—]\s|\s(?=(?:y|e|and|but|pero|so|as[ií]\s+que|aunque|porque|because|si|if|unless|once|en\s+cuanto|"
    r"as\s+soon\s+as|siempre\s+que|cuando|when|after|tras|una\s+vez)\s)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^\W*(?:y|e|and|so|but|pero)\s+", re.IGNORECASE)
_OR = re.compile(r"\s*(?:o|or|a|to|-|–)\s+(?:el\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s*(?:y|and)\s+(?:el\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:entre|between)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A piece of a sentence, with who commits in it and the time it names."""

    start: int
    end: int
    words: str
    commits: Found | None
    when: When | None

    @property
    def conditional(self) -> bool:
        return _CONDITION.search(self.words) is not None

    @property
    def aside(self) -> bool:
        """It holds hardly more than the time: "Mañana, sin falta, te llamamos"."""
        if self.when is None or any(verb.search(self.words) for verb in (_HAPPENED, _COULD_ASK, _ASKS_YOU)):
            return False
        rest = self.words[: self.when.start - self.start] + self.words[self.when.end - self.start :]
        return len(rest.split()) <= 3

    @property
    def continues(self) -> bool:
        """It goes on with the verb before: "we'll look into it and write to you tomorrow"."""
        goes_on = _JOINED.match(self.words) is not None
        return goes_on and not _HAPPENED.search(self.words) and not _ASKS_YOU.match(_JOINED.sub("", self.words))


class CalendarPromises:
    """The PromiseReader port: reads dates in the brand's time zone."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def read(self, text: str, now: datetime) -> list[Pledge]:
        """One pledge for each thing promised by a time; conditions, proposals, questions and the past are none."""
        calendar = Calendar(now, self._zone)
        # points inside "p.m." would end the sentence; the length stays, so that quotes are cut from the text itself
        plain = re.sub(r"\b([ap])\.(\s?)m\.?", lambda m: f"{m[1]}m".ljust(len(m[0])), text, flags=re.IGNORECASE)
        return [
            Pledge(what=text[start:end], due=due)
            for sentence in _SENTENCE.finditer(plain)
            for start, end, due in _promised(sentence, calendar)
        ]


def _promised(sentence: Found, calendar: Calendar) -> Iterator[tuple[int, int, datetime]]:
    words = sentence[0]
    if "?" in words or "¿" in words:
        return
    clauses = _clauses(words, calendar)
    used: set[int] = set()
    for number, clause in enumerate(clauses):
        if clause.when is None or clause.conditional or _OPENING_HOURS.search(clause.words):
            continue
        committed = _committed(clauses, number)
        if committed is None or committed in used or _open(clauses, number) or _open(clauses, committed):
            continue
        used.add(committed)
        start, end = _quoted(words, clauses, min(number, committed), max(number, committed))
        yield sentence.start() + start, sentence.start() + end, clause.when.due


def _clauses(words: str, calendar: Calendar) -> list[_Clause]:
    found = whens(words, calendar)
    joints = [joint.span() for joint in _JOINT.finditer(words) if not _inside(joint, found, words)]
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(words)]
    clauses = [_clause(words, start, end, found, calendar) for start, end in zip(starts, ends, strict=True)]
    if any(clause.commits and clause.when for clause in clauses):
        return clauses
    return [clause if clause.commits else replace(clause, commits=_leaves(clause)) for clause in clauses]


def _inside(joint: Found, whens: Sequence[When], words: str) -> bool:
    """Whether it stands within a time, or joins two of them: "entre el martes y el jueves"."""
    if any(when.start < joint.end() and joint.start() < when.end for when in whens):
        return True
    return any(
        first.end <= joint.start() < second.start and _is_range(words, first, second)
        for first, second in pairwise(whens)
    )


def _is_range(words: str, first: When, second: When) -> bool:
    """Whether two times are the ends of one: "el lunes o el martes", "between Monday and Friday"."""
    if _OR.fullmatch(words, first.end, second.start):
        return True
    return bool(_AND.fullmatch(words, first.end, second.start) and _BETWEEN.search(words[: first.start]))


def _clause(words: str, start: int, end: int, whens: Sequence[When], calendar: Calendar) -> _Clause:
    own = words[start:end]
    commits = next((match for match in _COMMITS.finditer(own) if _is_ours(own, match)), None)
    inside = _met([when for when in whens if start <= when.start < end], calendar)
    return _Clause(start, end, own, commits, _nearest(words, inside, start + commits.start() if commits else start))


def _met(whens: Sequence[When], calendar: Calendar) -> Sequence[When]:
    """A day and an hour that stand apart are one time: "mañana te llamamos a las 10"."""
    if len(whens) != 2:
        return whens
    day, clock = whens[0].day or whens[1].day, whens[0].clock or whens[1].clock
    if day is None or clock is None:
        return whens
    return [replace(whens[0], due=calendar.at(day, clock))]


def _is_ours(words: str, match: Found) -> bool:
    return not _DENIED.search(words[: match.start()]) and not _NOT_OURS.match(words[match.end() :])


def _leaves(clause: _Clause) -> Found | None:
    return next((match for match in _LEAVES.finditer(clause.words) if _is_ours(clause.words, match)), None)


def _nearest(words: str, whens: Sequence[When], to: int) -> When | None:
    """The time that stands nearest; where it is the first of two, the later one."""
    if not whens:
        return None
    chosen = min(range(len(whens)), key=lambda n: min(abs(whens[n].start - to), abs(whens[n].end - to)))
    first = whens[chosen]
    for second in whens[chosen + 1 :]:
        if not _is_range(words, first, second):
            break
        first = replace(first, end=second.end, due=max(first.due, second.due))
    return first


def _committed(clauses: Sequence[_Clause], number: int) -> int | None:
    """The clause whose verb the time belongs to: its own, or a neighbour without a time."""
    clause = clauses[number]
    if clause.commits:
        return number
    earlier = next((n for n in range(number - 1, max(number - 3, -1), -1) if clauses[n].commits), None)
    if earlier is not None and clauses[earlier].when is None and (clause.aside or clause.continues):
        return earlier
    later = next((n for n in range(number + 1, min(number + 3, len(clauses))) if clauses[n].commits), None)
    return later if later is not None and clauses[later].when is None and clause.aside else None


def _open(clauses: Sequence[_Clause], number: int) -> bool:
    """Whether the clause only offers: hedged, or hanging on a condition before it or right after it."""
    clause = clauses[number]
    if clause.conditional or _LEAVES_IT_OPEN.search(clause.words):
        return True
    if any(other.conditional and not other.commits for other in clauses[:number]):
        return True
    after = clauses[number + 1 : number + 2]
    return any(other.conditional and not other.commits for other in after) and not clauses[number + 2 : number + 3]


def _quoted(words: str, clauses: Sequence[_Clause], first: int, last: int) -> tuple[int, int]:
    """From the first word of the promise to the end of what it is about."""
    while last + 1 < len(clauses) and _goes_on(clauses[last + 1]):
        last += 1
    start, end = clauses[first].start, clauses[last].end
    joined = _JOINED.match(words[start:end])
    start += joined.end() if joined else 0
    text = words[start:end]
    return start + len(text) - len(text.lstrip(" ,;:.!¡(")), end - (len(text) - len(text.rstrip(" ,;:.!")))


def _goes_on(clause: _Clause) -> bool:
    return clause.words.startswith(("y ", "e ", "and ")) and clause.commits is None and clause.when is None
