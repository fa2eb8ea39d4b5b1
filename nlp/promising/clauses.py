"""The clauses of a sentence, each with who commits in it and the time it names."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from nlp.promising.brand_days import BrandDays
from nlp.promising.commitments import commitment, leaving
from nlp.promising.doubts import (
    asks_for_something,
    is_about_you,
    is_condition,
    is_their_banks_doing,
    leaves_it_open,
    tells_opening_hours,
    tells_the_past,
    tells_what_was_due,
)
from nlp.promising.moment import Moment
from nlp.promising.ways import AT_THE_LATEST

# an emoji between two clauses parts them as a comma does
_EMOJI = r"[\U0001F1E6-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]"
_JOINT = re.compile(
    rf"\s*{_EMOJI}+"
    r"|,(?!\d)|:(?!\d)|[()]|\s[-–—]\s|\s(?=(?:y|e|and|&|but|pero|so|as[ií]\s+que|aunque|porque|because|si(?!\s+o\s+s[ií]\b)(?<!\bs[ií]\so\ssi)|if|unless|once"
    r"|en\s+cuanto|as\s+soon\s+as|siempre\s+que|cuando|when|after|tras|una\s+vez)\s)",
    re.IGNORECASE,
)
# "te digo si hay plaza" hangs on nothing
_WHETHER = re.compile(
    r"\b(?:dig\w+|dir\w+|dec\w+|avis\w+|confirm\w*|ver|veo|saber|sabr\w+|mirar|comprobar|see|check|let\s+you\s+know|find\s+out)$",
    re.IGNORECASE,
)
_IF = re.compile(r"\s(?=(?:si|if)\s)", re.IGNORECASE)
_AT_THE_LATEST = re.compile(rf"\b(?:{AT_THE_LATEST}|sin\s+falta|si\s+no\s+antes)\b", re.IGNORECASE)
_WHEN = re.compile(r"\W*(?:when|cuando|once)\s", re.IGNORECASE)
_JOINED = re.compile(r"^\W*(?:y|e|and|&|so|but|pero|as[ií]\s+que)\s+", re.IGNORECASE)
_YOURS = re.compile(r"(?:you|t[úu]|necesitamos)\b|\w*[áéíóú]\w*nos\b", re.IGNORECASE)
# "we have a van near you on Monday and he'll swap it then"
_THEN = re.compile(
    r"\bthen\W*$|\b(?:that|the\s+same)\s+day\b|\bes[ea]\s+(?:mism[oa]\s+)?(?:d[íi]a|tarde)\b", re.IGNORECASE
)
# "mañana domingo no, pero el lunes te atendemos"
_NOT_THEN = re.compile(r"\b(?:no|not)\W*$", re.IGNORECASE)
_AND_SO = re.compile(r"^\W*(?:(?:y|e|and)\s+|&)", re.IGNORECASE)
_NAME = 2  # words at most
_OR = re.compile(r"\s*(?:o|or|a|to|-|–)\s+(?:el\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s*(?:y|and)\s+(?:el\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:entre|between)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence: `commits` is where its verb begins, if one commits."""

    start: int
    end: int
    words: str
    commits: int | None
    moment: Moment | None

    @property
    def conditional(self) -> bool:
        return is_condition(self.words)

    @property
    def aside(self) -> bool:
        """It holds hardly more than the time: "Mañana, sin falta, te llamamos"."""
        if self.moment is None or tells_the_past(self.words) or is_about_you(self.words):
            return False
        rest = self.words[: self.moment.start - self.start] + self.words[self.moment.end - self.start :]
        return len(_AT_THE_LATEST.sub("", rest).split()) <= 2

    @property
    def continues(self) -> bool:
        """It goes on with the verb before: "we'll look into it and write to you tomorrow"."""
        goes_on = _JOINED.match(self.words) is not None
        return goes_on and not tells_the_past(self.words) and not _YOURS.match(_JOINED.sub("", self.words))

    @property
    def goes_on(self) -> bool:
        """It only adds to what the one before says."""
        return _AND_SO.match(self.words) is not None and self.commits is None and self.moment is None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a promise: where it stands in its sentence, the clause that names its time, and that time.

    `known`: a form by which one commits says it.
    """

    start: int
    end: int
    words: str
    moment: Moment
    known: bool


def clauses_of(sentence: str, moments: Sequence[Moment], days: BrandDays) -> list[Clause]:
    """Cut at commas and conjunctions, but not within a time."""
    joints = [joint.span() for joint in _JOINT.finditer(sentence) if not _is_no_joint(joint, moments, sentence)]
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(sentence)]
    dated = list(_on_their_days(moments, days))
    clauses = [_clause(sentence, start, end, dated, days) for start, end in zip(starts, ends, strict=True)]
    if any(clause.commits is not None and clause.moment for clause in clauses):
        return clauses
    return [_or_leaving(clause) for clause in clauses]


def _on_their_days(moments: Sequence[Moment], days: BrandDays) -> Iterator[Moment]:
    """An hour alone is one of the day named before it: "mañana lo miro y antes de las 15:00 te escribo"."""
    day = None
    for moment in moments:
        if moment.clock is not None and day is not None and days.at(day, moment.clock) > days.said:
            yield replace(moment, due=days.at(day, moment.clock))
        else:
            yield moment
        day = moment.day or day


def _or_leaving(clause: Clause) -> Clause:
    verb = leaving(clause.words) if clause.commits is None else None
    return replace(clause, commits=verb.start()) if verb else clause


def _clause(sentence: str, start: int, end: int, moments: Sequence[Moment], days: BrandDays) -> Clause:
    own = sentence[start:end]
    verb = commitment(own)
    commits = verb.start() if verb else None
    inside = _met([moment for moment in moments if start <= moment.start < end], days)
    return Clause(start, end, own, commits, _nearest(sentence, inside, start + (commits or 0)))


def _is_no_joint(joint: re.Match[str], moments: Sequence[Moment], sentence: str) -> bool:
    """Whether it stands within a time, joins two of them ("entre el martes y el jueves"), or asks whether."""
    if any(moment.start < joint.end() and joint.start() < moment.end for moment in moments):
        return True
    if _IF.match(sentence, joint.start()) and _WHETHER.search(sentence[: joint.start()]):
        return True
    return any(
        first.end <= joint.start() < second.start and _is_range(sentence, first, second)
        for first, second in pairwise(moments)
    )


def _is_range(sentence: str, first: Moment, second: Moment) -> bool:
    """Whether two times are the ends of one: "el lunes o el martes", "between Monday and Friday"."""
    if _OR.fullmatch(sentence, first.end, second.start):
        return True
    return bool(_AND.fullmatch(sentence, first.end, second.start) and _BETWEEN.search(sentence[: first.start]))


def _met(moments: Sequence[Moment], days: BrandDays) -> Sequence[Moment]:
    """A day and an hour that stand apart are one time: "mañana te llamamos a las 10"."""
    if len(moments) != 2:
        return moments
    day, clock = moments[0].day or moments[1].day, moments[0].clock or moments[1].clock
    if day is None or clock is None:
        return moments
    return [replace(moments[0], due=days.at(day, clock))]


def _nearest(sentence: str, moments: Sequence[Moment], to: int) -> Moment | None:
    """The time that stands nearest; where it is the first of two, the later one."""
    if not moments:
        return None
    chosen = min(range(len(moments)), key=lambda n: min(abs(moments[n].start - to), abs(moments[n].end - to)))
    first = moments[chosen]
    for second in moments[chosen + 1 :]:
        if not _is_range(sentence, first, second):
            break
        first = replace(first, end=second.end, due=_last_of(first, second))
    return first


def _last_of(first: Moment, second: Moment) -> datetime:
    """The end of a range of days: "between Monday and Wednesday" is over on the Wednesday after that Monday."""
    if first.day and second.day and second.day < first.day:
        return second.due + timedelta(days=7)
    return max(first.due, second.due)


def candidates(sentence: str, clauses: Sequence[Clause]) -> list[Candidate]:
    """Whatever may be a promise, in order: where a known form commits, and wherever else a time is named."""
    known = dict(_known(clauses))
    taken = {*known, *known.values()}
    unknown = dict(_unknown(clauses, taken))
    return [
        _candidate(sentence, clauses, number, said, known=number in known)
        for number, said in sorted((known | unknown).items())
    ]


def _candidate(sentence: str, clauses: Sequence[Clause], number: int, said: int, *, known: bool) -> Candidate:
    moment = clauses[number].moment
    assert moment is not None  # noqa: S101 - only clauses that name a time are chosen
    start, end = quoted(sentence, clauses, min(number, said), max(number, said))
    return Candidate(start=start, end=end, words=clauses[number].words, moment=moment, known=known)


def _known(clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """For each the number of the clause that names its time and of the one whose verb commits."""
    used: set[int] = set()
    for number, clause in enumerate(clauses):
        committed = _committed(clauses, number) if clause.moment and not clause.conditional else None
        if committed is None or committed in used or _open(clauses, number) or _open(clauses, committed):
            continue
        used.add(committed)
        yield _with_its_hour(clauses, number), committed


def _with_its_hour(clauses: Sequence[Clause], number: int) -> int:
    """The clause that adds the hour to that day, if one follows: "mañana te visita el técnico (9 a 10 h)"."""
    day, after = clauses[number].moment, next(iter(clauses[number + 1 : number + 2]), None)
    if day is None or day.day is None or after is None or after.moment is None or after.moment.clock is None:
        return number
    return number + 1 if after.aside and not tells_opening_hours(after.words) else number


def _unknown(clauses: Sequence[Clause], taken: Container[int]) -> Iterator[tuple[int, int]]:
    """Of the other clauses that name a time the same; what hardly says more than the time goes with what is before."""
    for number, clause in enumerate(clauses):
        told_otherwise = leaving(clause.words) or _NOT_THEN.search(clause.words)
        if clause.moment is None or number in taken or told_otherwise or _open(clauses, number):
            continue
        before = number - 1
        leans = clause.aside and before >= 0 and clauses[before].moment is None
        yield number, before if leans and before not in taken and not _open(clauses, before) else number


def _committed(clauses: Sequence[Clause], number: int) -> int | None:
    """The clause whose verb the time belongs to: its own, or a neighbour without a time."""
    clause = clauses[number]
    if clause.commits is not None:
        return number
    after = clauses[number + 1 : number + 2]
    if after and after[0].commits is not None and after[0].moment is None and _THEN.search(after[0].words):
        return number + 1
    earlier = next((n for n in range(number - 1, max(number - 3, -1), -1) if clauses[n].commits is not None), None)
    if earlier is not None and clauses[earlier].moment is None and (clause.aside or clause.continues):
        return earlier
    later = next((n for n in range(number + 1, min(number + 3, len(clauses))) if clauses[n].commits is not None), None)
    return later if later is not None and clauses[later].moment is None and clause.aside else None


def _open(clauses: Sequence[Clause], number: int) -> bool:
    """Whether the clause promises nothing: hedged, past, or hanging on a condition or a request beside it."""
    clause = clauses[number]
    if clause.conditional or leaves_it_open(clause.words) or _is_past_or_theirs(clause.words):
        return True
    if any(other.conditional and other.commits is None for other in clauses[:number]):
        return True
    asked = _before_names(clauses, number) if _AND_SO.match(clause.words) else None
    if asked is not None and asks_for_something(asked.words):
        return asked.commits is None
    after = clauses[number + 1 : number + 2]
    hangs = any(
        other.conditional and other.commits is None and not (_has_its_own_time(clause) and _WHEN.match(other.words))
        for other in after
    )
    return hangs and not clauses[number + 2 : number + 3]


def _is_past_or_theirs(words: str) -> bool:
    return tells_what_was_due(words) or is_their_banks_doing(words)


def _before_names(clauses: Sequence[Clause], number: int) -> Clause | None:
    """The clause before, past a name: "send us a photo, Ana, and …"."""
    earlier = (each for each in reversed(clauses[:number]) if each.moment or len(each.words.split()) > _NAME)
    return next(earlier, None)


def _has_its_own_time(clause: Clause) -> bool:
    """A time that does not run from whatever comes after: "I'll ring on Friday when I'm back"."""
    return clause.commits is not None and clause.moment is not None and not clause.moment.counted


def quoted(sentence: str, clauses: Sequence[Clause], first: int, last: int) -> tuple[int, int]:
    """From the first word of the promise to the end of what it is about."""
    while last + 1 < len(clauses) and clauses[last + 1].goes_on:
        last += 1
    start, end = clauses[first].start, clauses[last].end
    joined = _JOINED.match(sentence[start:end])
    start += joined.end() if joined else 0
    text = sentence[start:end]
    return start + len(text) - len(text.lstrip(" ,;:.!¡(")), end - (len(text) - len(text.rstrip(" ,;:.!")))
