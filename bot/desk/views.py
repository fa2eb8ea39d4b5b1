"""Show cards, journeys and digests on a terminal, readable with and without colour.

Everything goes to rich as `Text`: strings would be searched for mark-up, and customers write `[red]` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.desk.cards import Card, ExperienceRow, card_of_file, verdict
from bot.desk.labels import Labels, sign
from bot.desk.plain import NAME_LENGTH, plain
from bot.desk.story import Moment, StageOfJourney, journey_strip, moments, story_of
from bot.domain.case import Case
from bot.domain.customer import Customer
from bot.domain.ports.record import CaseFile, Journey
from bot.domain.reading import Sentiment, Urgency

_FEELING = {Sentiment.NEGATIVE: "red", Sentiment.NEUTRAL: "dim", Sentiment.POSITIVE: "green"}
_URGENCY = {Urgency.HIGH: "bold red", Urgency.MEDIUM: "yellow", Urgency.LOW: "dim"}
_MOST_FEELINGS = 12
_DOTS = {Urgency.HIGH: "●", Urgency.MEDIUM: "◐", Urgency.LOW: "○"}


def card_view(card: Card, words: Labels) -> Panel:
    """One case in one frame."""
    top = Table.grid(expand=True, padding=(0, 1))
    top.add_column(ratio=1)
    top.add_column(justify="right")
    standing = Text(f"{_DOTS[card.urgency]} {card.standing}", style=_URGENCY[card.urgency])
    clocks = [Text(clock.text, style="bold red" if clock.late else "") for clock in card.clocks]
    top.add_row(standing, Text("\n").join(clocks))
    foot = Table.grid(expand=True, padding=(0, 1))
    foot.add_column(ratio=1)
    foot.add_column(justify="right")
    foot.add_row(Text("\n").join([*map(Text, card.answers), *_more(card.older_answers, words)]), Text(card.owner))
    body: list[RenderableType] = [top, Text(card.customer, style="bold"), Rule(style="dim"), Text(card.quote)]
    if about := " · ".join(part for part in (card.quote_about, card.link) if part):
        body.append(Text(about, style="dim", justify="right"))
    if card.rows:
        body.append(experience_rows(card.rows))
    body.extend(_more(card.older, words))
    wishes = "  ·  ".join(part for part in (card.expected, card.intents) if part)
    body.extend(Text(line) for line in (wishes, *card.promises) if line)
    body.extend(_more(card.older_promises, words))
    if card.resolution:
        body.append(Text(card.resolution))
    return panel(card.title, [*body, foot], _URGENCY[card.urgency])


def _more(older: int, words: Labels) -> list[Text]:
    """The line that says how many came before those shown."""
    return [Text(words.say("card.more", n=str(older)), style="dim")] if older else []


def case_view(file: CaseFile, words: Labels, at: datetime | None = None) -> Group:
    """The card, and below it the conversation and every decision."""
    said = moments(file.interactions, (), words, names=file.names)
    decisions = [Padding(Text(verdict(job, words)), (0, 0, 0, 2)) for job in file.jobs]
    return Group(
        card_view(card_of_file(file, words, at), words),
        *(_section(words.say("case_file.lines"), [_lines(said)]) if said else ()),
        *(_section(words.say("case_file.decisions"), decisions) if decisions else ()),
    )


def journey_view(journey: Journey, words: Labels) -> Group:
    """Who it is, the strip of stages with the feelings over time, the cases, and the dated story."""
    story = story_of(journey, words)
    cases = [Text(f"  {_case_line(case, words)}") for case in journey.cases]
    nothing = Text(f"  {words.say('journey.empty')}", style="dim")
    return Group(
        panel(_customer_title(journey.customer, words), [_customer_line(journey.customer, words)], "bold"),
        _strip(journey_strip(journey.experiences, words)),
        *(_section(words.say("journey.cases"), cases) if cases else ()),
        *_section(words.say("journey.lines"), [_lines(story) if story else nothing]),
    )


def digest_view(text: str) -> Text:
    """The digest's lines with their headings in bold and the finding in colour."""
    shown = Text(text)
    shown.highlight_regex(r"(?m)^(📋.*|\d\) [^:\n]*(?:  |:|$))", "bold")
    shown.highlight_regex(r"(?m)^⚠.*$", "bold yellow")
    shown.highlight_regex(r"[▲▼]", "bold")
    return shown


def panel(title: str, body: Sequence[RenderableType], style: str) -> Panel:
    """A frame with its title as plain text."""
    return Panel(Group(*body), title=Text(title, style="bold"), title_align="left", border_style=style, padding=(0, 1))


def experience_rows(rows: Sequence[ExperienceRow]) -> Table:
    """Sign, place, feeling, confidence and the quoted evidence, in columns."""
    grid = Table.grid(padding=(0, 2))
    for justify in ("left", "left", "left", "right"):
        grid.add_column(justify="right" if justify == "right" else "left", no_wrap=True)
    grid.add_column(ratio=1)
    for each in rows:
        style = _FEELING[each.sentiment]
        grid.add_row(
            Text(each.sign, style=style),
            Text(each.place),
            Text(each.feeling, style=style),
            Text(each.confidence),
            Text(each.evidence),
        )
    return grid


def _section(title: str, body: Sequence[RenderableType]) -> Sequence[RenderableType]:
    return (Text(), Text(title, style="bold"), *body)


def _strip(stages: Sequence[StageOfJourney]) -> Table:
    table = Table(box=box.ROUNDED, expand=True, border_style="dim", show_lines=False)
    for stage in stages:
        table.add_column(Text(stage.name, style="bold"), ratio=1)
    table.add_row(*(_trails(stage) for stage in stages))
    return table


def _trails(stage: StageOfJourney) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    for trail in stage.trails:
        signs = Text(" ").join(
            Text(sign(feeling), style=_FEELING[feeling]) for feeling in trail.feelings[-_MOST_FEELINGS:]
        )
        grid.add_row(Text(trail.place), signs)
    return grid if stage.trails else Text("—", style="dim")


def _lines(story: Sequence[Moment]) -> Padding:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    for moment in story:
        who = Text(moment.who, style="bold" if moment.mark == "→" else "dim")
        body = [Text.assemble(who, "  " if moment.who else "", moment.text)]
        if moment.rows:
            body.append(_read_in_it(moment.rows))
        grid.add_row(Text(moment.when), Text(moment.mark), Group(*body))
    return Padding(grid, (0, 0, 0, 2))


def _read_in_it(rows: Sequence[ExperienceRow]) -> Text:
    """The experiences of one message on one line."""
    pieces = [
        Text(f"{each.sign} {each.place} {each.evidence}".rstrip(), style=_FEELING[each.sentiment]) for each in rows
    ]
    return Text("  ").join(pieces)


def _case_line(case: Case, words: Labels) -> str:
    return words.say(
        "journey.case",
        key=str(case.key),
        state=words.state(case),
        places=words.places(case),
        opened=words.figures.moment(case.opened_at),
    )


def _customer_title(customer: Customer, words: Labels) -> str:
    name = plain(customer.name, NAME_LENGTH)
    return words.say("journey.title", name=name, handles=words.handles(customer.handles))


def _customer_line(customer: Customer, words: Labels) -> Text:
    language = words.known("language", customer.language) if customer.language else words.say("journey.no_language")
    parts = [words.say("journey.since", date=words.figures.day_of(customer.first_seen), language=language)]
    if customer.opted_out:
        parts.append(words.say("card.opted_out"))
    if customer.erased_at is not None:
        parts.append(words.say("journey.erased", date=words.figures.day_of(customer.erased_at)))
    parts.extend(plain(tag, NAME_LENGTH) for tag in sorted(customer.tags))
    return Text(" · ".join(parts))
