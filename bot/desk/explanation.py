"""Show why the bot did what it did with one mention: text, reading, rule, policy, outbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.desk.cards import row
from bot.desk.labels import Labels, account
from bot.desk.plain import NAME_LENGTH, plain
from bot.desk.views import experience_rows, panel
from bot.domain.action import Action, Alert, Ask, Close, Reply, Route, Silence, kind_of
from bot.domain.outbox import Job
from bot.domain.ports.record import Explanation
from bot.domain.reading import Reading, Sentiment
from bot.domain.situation import Decided

_Line = tuple[str, RenderableType]
_ID_LENGTH = 80


def explanation_view(explained: Explanation, words: Labels) -> Panel:
    """One mention in one frame, from what was said to what was sent."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(ratio=1)
    for name, value in _lines(explained, words):
        grid.add_row(Text(words.say(f"explanation.{name}")), value)
    return panel(words.say("explanation.title", id=plain(explained.mention.id, _ID_LENGTH)), [grid], "cyan")


def _lines(explained: Explanation, words: Labels) -> Iterator[_Line]:
    mention = explained.mention
    said = f"{account(mention.author.name)} · {words.figures.moment(mention.posted_at)}"
    text = plain(mention.text) or words.say("card.no_words")
    yield "text", Group(Text(words.say("card.quoted", text=text)), Text(said, style="dim"))
    for form in explained.forms:
        until = words.say("explanation.until", until=words.figures.moment(form.until))
        yield "before", Group(Text(words.say("card.quoted", text=plain(form.text))), Text(until, style="dim"))
    yield "state", Text(words.known("mention_state", explained.state))
    if explained.deleted_at is not None:
        at = words.figures.moment(explained.deleted_at)
        yield "deleted", Text(words.say("explanation.deleted_at", at=at), style="red")
    elif explained.error:
        yield "error", Text(words.why(explained.error), style="red")
    if explained.customer is not None:
        yield "customer", Text(plain(explained.customer.name, NAME_LENGTH))
    if explained.reading is None:
        yield "reading", Text(words.say("explanation.not_read"))
    else:
        yield from _reading(explained.reading, words)
    if explained.experiences:
        yield "spans", experience_rows([row(each, words) for each in explained.experiences])
    if explained.case is not None:
        case = explained.case
        yield "case", Text(f"#{case.key} · {words.places(case)} · {words.state(case)}")
    yield "decided", _decided(explained, words)
    if explained.jobs:
        yield "job", Group(*(Text(_job(job, words)) for job in explained.jobs))


def _reading(reading: Reading, words: Labels) -> Iterator[_Line]:
    mood = words.say(
        "explanation.mood",
        sentiment=words.say(f"sentiment.{reading.sentiment}"),
        score=words.percent(reading.scores[reading.sentiment]),
    )
    scores = words.say(
        "explanation.scores",
        negative=words.percent(reading.scores[Sentiment.NEGATIVE]),
        neutral=words.percent(reading.scores[Sentiment.NEUTRAL]),
        positive=words.percent(reading.scores[Sentiment.POSITIVE]),
    )
    doubts = [
        Text(words.say(f"explanation.{key}"), style="yellow")
        for key, holds in (("uncertain", reading.abstained), ("degraded", reading.degraded))
        if holds
    ]
    language = f"{words.known('language', reading.language)} {words.percent(reading.language_confidence)}"
    yield "reading", Group(Text(f"{mood} · {language}"), Text(scores, style="dim"), *doubts)
    intents = [
        f"{words.say(f'intent.{each}')} {words.percent(reading.intent_scores.get(each, 0.0))}"
        for each in reading.intents
    ]
    yield "intents", Text(" + ".join(intents) or words.say("card.nobody"))
    yield "urgency", Text(words.say(f"urgency.{reading.urgency}"))
    about = words.say("explanation.about_brand" if reading.about_brand else "explanation.not_about_brand")
    yield "about", Text(words.say("explanation.is_spam") if reading.spam else about)
    yield "model", Text(plain(reading.model, _ID_LENGTH), style="dim")


def _decided(explained: Explanation, words: Labels) -> RenderableType:
    if not explained.decided:
        return Text(words.say("explanation.nothing"))
    return Group(*(line for each in explained.decided for line in _rule(each, words)))


def _rule(decided: Decided, words: Labels) -> Iterator[Text]:
    yield Text(
        words.say(
            "explanation.rule",
            action=words.say(f"action.{kind_of(decided.action)}"),
            responder=plain(decided.responder, NAME_LENGTH),
            why=_why(decided.action, words),
        )
    )
    ruling = decided.ruling
    verdict = words.say(f"verdict.{ruling.verdict}")
    policy = words.say("explanation.policy", verdict=verdict, reason=words.why(ruling.reason))
    yield Text(f"  {policy}", style="dim")


def _why(action: Action, words: Labels) -> str:
    """What the action says about itself: its reason, or the words it wants to send."""
    match action:
        case Reply() | Ask():
            return plain(f"“{action.text}”")
        case Route() | Alert() | Close() | Silence():
            return words.why(action.reason)
        case _:
            assert_never(action)


def _job(job: Job, words: Labels) -> str:
    return words.say(
        "explanation.job_line",
        action=words.say(f"action.{kind_of(job.action)}"),
        id=str(job.id),
        state=words.say(f"job.{job.state}"),
        attempts=str(job.attempts),
        error=f" · {words.why(job.error)}" if job.error else "",
    )
