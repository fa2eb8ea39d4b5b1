"""What people give with a press, as it must be: a case that is there, words that say something."""

from __future__ import annotations

from bot.domain.case import Case
from bot.domain.errors import NotDone
from bot.domain.papers import Papers
from bot.domain.reason import because
from bot.domain.text import clean

LONGEST_NOTE = 1000


def known_case(papers: Papers, key: int) -> Case:
    """By the number people quote."""
    case = papers.case(key)
    if case is None:
        raise NotDone(because("desk.no_case", key=key))
    return case


def case_of(papers: Papers, key: int) -> Case:
    """The same, to do something with: not of somebody who was forgotten."""
    case = known_case(papers, key)
    if papers.is_erased(case.customer_id):
        # a form that was open meanwhile would put words about them where nobody can take them out again
        raise NotDone(because("policy.erased"))
    return case


def filed_case(papers: Papers, key: int) -> Case:
    """By the number people quote; of one that was merged, the case in which all of it is filed now."""
    case = case_of(papers, key)
    return case if case.merged_into is None else papers.kept(case)


def open_case(papers: Papers, key: int) -> Case:
    """One that takes further work."""
    case = case_of(papers, key)
    if not case.is_open:
        raise NotDone(because("desk.resolved"))
    return case


def written(text: str) -> str:
    """What somebody wrote into a form, clean; it must be something, and no longer than a note."""
    said = clean(text)
    if not said:
        raise NotDone(because("desk.nothing_written"))
    if len(said) > LONGEST_NOTE:
        raise NotDone(because("desk.too_long", length=len(said), limit=LONGEST_NOTE))
    return said
