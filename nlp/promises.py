"""Find what a text of the brand promises, and by when: rules for Spanish and English over the brand's calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise

from bot.domain.promise import Pledge
from nlp.brand_days import BrandDays
from nlp.commitments import commitment, is_condition, leaves_it_open, leaving, tells_opening_hours
from nlp.when import Found, When, whens

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
# whoever writes longer sentences promises nothing in them, and they would cost much
_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\d)){1,500}[?!]?")
_JOINT = re.compile(
    r",(?!\d)|:(?!\d)|[()]|\s[-–—]\s|\s(?=(?:y|e|and|but|pero|so|as[ií]\s+que|aunque|porque|because|si|if|unless|once|en\s+cuanto|"
    r"as\s+soon\s+as|siempre\s+que|cuando|when|after|tras|una\s+vez)\s)",
    re.IGNORECASE,
)
# "te avisamos el viernes, pero no contestaste": the same verb form, told of the past
_TOLD = re.compile(
    r"\b(?:(?:pero|y)\s+(?:no\s+|ya\s+)?(?:nos\s+)?\w{2,}[ai]ste(?:is)?|(?:but|and)\s+you\s+(?:did|were|had)\w*)\b",
    re.IGNORECASE,
)
_AGREED = re.compile(r"[\s,.]*¿?\s*\b(?:vale|de\s+acuerdo|ok(?:ay|ey)?|bueno|listo|right|alright)\s*\?$", re.IGNORECASE)
_PROPOSES = re.compile(
    r"\W*(?:(?:te|le|os|les)\s+(?:parece|va|viene|sirve|encaja|conviene|queda)|prefier|quier|est[áa]\s+bien|pued|podr|ser[íi]a)",
    re.IGNORECASE,
)
_AT_THE_LATEST = re.compile(
    r"\b(?:at\s+the\s+(?:very\s+)?latest|como\s+(?:muy\s+)?(?:tarde|mucho|m[áa]ximo)|a\s+m[áa]s\s+tardar|sin\s+falta|si\s+no\s+antes)\b",
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
        return is_condition(self.words)

    @property
    def aside(self) -> bool:
        """It holds hardly more than the time: "Mañana, sin falta, te llamamos"."""
        if self.when is None or any(verb.search(self.words) for verb in (_HAPPENED, _COULD_ASK, _ASKS_YOU)):
            return False
        rest = self.words[: self.when.start - self.start] + self.words[self.when.end - self.start :]
        return len(_AT_THE_LATEST.sub("", rest).split()) <= 3

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
        calendar = BrandDays(now, self._zone)
        # points inside "p.m." would end the sentence; the length stays, so that quotes are cut from the text itself
        plain = re.sub(r"\b([ap])\.(\s?)m\.?", lambda m: f"{m[1]}m".ljust(len(m[0])), text, flags=re.IGNORECASE)
        return [
            Pledge(what=text[start:end], due=due)
            for sentence in _SENTENCE.finditer(plain)
            for start, end, due in _promised(sentence, calendar)
        ]


def _promised(sentence: Found, calendar: BrandDays) -> Iterator[tuple[int, int, datetime]]:
    words = _asserted(sentence[0])
    named = whens(words, calendar)
    if not named:
        return
    clauses = _clauses(words, named, calendar)
    used: set[int] = set()
    for number, clause in enumerate(clauses):
        if clause.when is None or clause.conditional or tells_opening_hours(clause.words):
            continue
        committed = _committed(clauses, number)
        if committed is None or committed in used or _open(clauses, number) or _open(clauses, committed):
            continue
        used.add(committed)
        if clause.when.due <= calendar.said or _TOLD.search(words):
            continue
        start, end = _quoted(words, clauses, min(number, committed), max(number, committed))
        yield sentence.start() + start, sentence.start() + end, clause.when.due


def _asserted(sentence: str) -> str:
    """The sentence, or what it says before it asks: "te llamamos mañana, ¿vale?"; nothing where it is a question."""
    if "?" not in sentence and "¿" not in sentence:
        return sentence
    agreed = _AGREED.search(sentence)
    if agreed:
        return sentence[: agreed.start()]
    said, asks, asked = sentence.partition("¿")
    return said if asks and not _PROPOSES.match(asked) else ""


def _clauses(words: str, found: Sequence[When], calendar: BrandDays) -> list[_Clause]:
    joints = [joint.span() for joint in _JOINT.finditer(words) if not _inside(joint, found, words)]
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(words)]
    clauses = [_clause(words, start, end, found, calendar) for start, end in zip(starts, ends, strict=True)]
    if any(clause.commits and clause.when for clause in clauses):
        return clauses
    return [clause if clause.commits else replace(clause, commits=leaving(clause.words)) for clause in clauses]


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


def _clause(words: str, start: int, end: int, whens: Sequence[When], calendar: BrandDays) -> _Clause:
    own = words[start:end]
    commits = commitment(own)
    inside = _met([when for when in whens if start <= when.start < end], calendar)
    return _Clause(start, end, own, commits, _nearest(words, inside, start + commits.start() if commits else start))


def _met(whens: Sequence[When], calendar: BrandDays) -> Sequence[When]:
    """A day and an hour that stand apart are one time: "mañana te llamamos a las 10"."""
    if len(whens) != 2:
        return whens
    day, clock = whens[0].day or whens[1].day, whens[0].clock or whens[1].clock
    if day is None or clock is None:
        return whens
    return [replace(whens[0], due=calendar.at(day, clock))]


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
    if clause.conditional or leaves_it_open(clause.words):
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
