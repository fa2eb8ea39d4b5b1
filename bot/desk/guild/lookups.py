"""What people look up at the desk: who waits, what somebody lived through, how the house stands. It changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

import discord

from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.controls import VERSION, picking
from bot.desk.guild.defang import defanged, harmless, link_to
from bot.desk.guild.embeds import DOTS
from bot.desk.labels import Labels
from bot.desk.story import Moment, moments, story_of
from bot.domain.case import Case, CaseId, CaseState
from bot.domain.checkup import Finding
from bot.domain.customer import Customer
from bot.domain.deskwork import AuditLine, QueueFilter
from bot.domain.errors import NotDone
from bot.domain.outbox import JobState
from bot.domain.ports.desk import Casework
from bot.domain.ports.record import CaseFile, Journey
from bot.domain.ports.store import Cards, Channels, History, Outbox, Reports
from bot.domain.reading import Language, Urgency
from bot.domain.reason import Reason, because
from bot.domain.text import MAX_LENGTH
from bot.insight.channels import how_it_fares

_A_PAGE = 25
_LONGEST_LINE = 700
_MOST_TROUBLES = 10
_WORTH_A_LINE = (JobState.PENDING, JobState.HELD, JobState.SENDING, JobState.UNKNOWN, JobState.DEAD)

_LONGEST_LIST = 4000
_STATES = (CaseState.NEW, CaseState.IN_PROGRESS, CaseState.WAITING)
# what `/cola` may be asked for
QUEUES = ("open", "mine", "free", "urgent", *_STATES, "all")

Template = tuple[str, str]
"""Which approved text it is, and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reads the mentions; `degraded` when it is the word lists, because the model cannot be loaded."""

    name: str
    degraded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """`edition` writes a day's digest, `templates` knows the approved texts that fit a case, `link` where it stands.

    `refused` counts the calls that Discord refused lately, and `paused_elsewhere` says what else stops sending.
    """

    casework: Casework
    history: History
    outbox: Outbox
    channels: Channels
    reports: Reports
    cards: Cards
    zone: ZoneInfo
    reader: Reader
    edition: Callable[[date, Language], Awaitable[str]]
    templates: Callable[[CaseFile], Sequence[Template]]
    link: Callable[[CaseId], Awaitable[str | None]]
    refused: Callable[[], int]
    paused_elsewhere: Callable[[], Reason | None]

    # --- cases ---

    async def case_at(self, place: int) -> int | None:
        """The number of the case whose post that is."""
        case_id = await self.cards.at(str(place))
        file = None if case_id is None else await self.history.case_by_id(case_id)
        return None if file is None else file.case.key

    async def queue(self, by: Presser, whose: str, page: int = 0) -> Said:
        """A page of the open cases, the most pressing first, and a list to open one of them."""
        wanted = QueueFilter(
            state=CaseState(whose) if whose in _STATES else None,
            urgency=Urgency.HIGH if whose == "urgent" else None,
            assignee=by.agent.id if whose == "mine" else None,
            unassigned=whose == "free",
            snoozed=whose == "all",
            limit=(page + 1) * _A_PAGE + 1,
        )
        found = await self.casework.queue(wanted)
        shown = found[page * _A_PAGE : (page + 1) * _A_PAGE]
        if not shown:
            return Said(text=by.words.say("lookup.queue_empty"))
        view = await self._opening(shown, by.words)
        if len(found) > (page + 1) * _A_PAGE:
            view.add_item(_further(whose, page + 1, by.words))
        title = by.words.say("lookup.queue", page=str(page + 1))
        return Said(text=title, embed=await self._listed(shown, by), view=view)

    async def search(self, by: Presser, words: str) -> Said:
        """By number, account, name or what was said."""
        found = await self.casework.find(words, _A_PAGE)
        if not found:
            return Said(text=by.words.say("lookup.nothing_found"), typed=words)
        text = by.words.say("lookup.found", n=str(len(found)))
        view, listed = await self._opening(found, by.words), await self._listed(found, by)
        return Said(text=text, embed=listed, view=view)

    async def where(self, by: Presser, file: CaseFile) -> Said:
        """The way to a case's post."""
        address, said = await self.link(file.case.id), by.words.say("answer.shown", case=str(file.case.key))
        return Said(text=said if address is None else link_to(said, address))

    # --- people ---

    async def whom(self, who: str) -> Customer:
        """By account, name or id. NotDone for nobody, and for several."""
        found = await self.history.customers(who)
        if not found:
            raise NotDone(because("desk.no_customer"))
        if len(found) > 1:
            raise NotDone(because("desk.several_called", who=harmless(who, 80), n=len(found)))
        return found[0]

    async def customer(self, by: Presser, customer: Customer) -> Said:
        """The whole story of one customer."""
        journey = await self.history.journey(customer.id)
        name = defanged(customer.name or by.words.handles(customer.handles), 200)
        return Said(text=by.words.say("lookup.customer", who=name), whole=_journey(journey, by.words))

    async def story(self, by: Presser, file: CaseFile) -> Said:
        """What was said in a case, and what people did to it."""
        words, done = by.words, await self.casework.log(file.case.key, 50)
        lines = moments(file.interactions, file.experiences, words, names=file.names, longest=MAX_LENGTH)
        said = _told(lines, 2 * MAX_LENGTH)
        deeds = [_done(line, words) for line in reversed(done)]
        parts = [words.say("case_file.lines"), *said, "", words.say("lookup.deeds"), *(deeds or ["—"])]
        return Said(text=words.say("lookup.story", case=str(file.case.key)), whole="\n".join(parts))

    # --- the house ---

    async def digest(self, by: Presser, typed: str) -> Said:
        """Today's so far, or that of a day gone by."""
        today = by.at.astimezone(self.zone).date()
        day = today if not typed else _day(typed, today)
        if day is None:
            raise NotDone(because("desk.no_moment", typed=typed))
        if day > today:
            raise NotDone(because("desk.day_to_come"))
        text = by.words.say("lookup.digest", day=by.words.figures.long_date(day))
        return Said(text=text, whole=await self.edition(day, by.words.desk.language))

    async def standing(self, by: Presser, found: Sequence[Finding]) -> Said:
        """Whether sending is paused, what waits, how the channels fare, and what is wrong with the desk."""
        lines = [*await self._brake(by.words), *await self._counted(by.words), *await self._ears(by)]
        lines += [*(f"⚠ {by.words.why(each.what)}" for each in found)]
        lines += [*await self._troubles(by.words), by.words.say("lookup.refused", n=str(self.refused()))]
        return Said(text=by.words.say("lookup.standing"), whole="\n".join(lines))

    async def paused(self) -> Reason | None:
        """What stops sending, wherever it was stopped."""
        return await self.outbox.paused() or self.paused_elsewhere()

    def model(self, by: Presser) -> Said:
        """What reads the mentions."""
        key = "lookup.model_degraded" if self.reader.degraded else "lookup.model"
        return Said(text=by.words.say(key, name=harmless(self.reader.name, 200)))

    # --- inside ---

    async def _opening(self, cases: Sequence[Case], words: Labels) -> discord.ui.View:
        options = [(str(case.key), case_line(case, words)) for case in cases]
        return picking("open", "0", words.say("lookup.open"), options)

    async def _listed(self, cases: Sequence[Case], by: Presser) -> discord.Embed:
        """A line a case, whose number leads to its post where it has one."""
        owners = await self._called({case.assignee for case in cases if case.assignee is not None})
        shown = ""
        for case in cases:
            number, link = f"#{case.key}", await self.link(case.id)
            rest = defanged(_listed(case, owners, by), _LONGEST_LINE)
            line = f"**{number if link is None else link_to(number, link)}** {rest}\n"
            if len(shown) + len(line) > _LONGEST_LIST:
                break
            shown += line
        return discord.Embed(description=shown)

    async def _called(self, ids: Collection[str]) -> Mapping[str, str]:
        return await self.casework.names(ids) if ids else {}

    async def _brake(self, words: Labels) -> list[str]:
        why = await self.paused()
        return [words.say("lookup.sending") if why is None else words.say("lookup.paused", why=words.why(why))]

    async def _counted(self, words: Labels) -> list[str]:
        counts = await self.reports.counts()
        jobs = [f"{words.say(f'job.{state}')} {counts.jobs.get(state, 0)}" for state in _WORTH_A_LINE]
        heard = words.say("lookup.heard", waiting=str(counts.waiting), quarantined=str(counts.quarantined))
        return [
            words.say("lookup.cases", n=str(counts.open_cases)),
            f"{words.say('lookup.outbox')} {', '.join(jobs)}",
            heard,
        ]

    async def _ears(self, by: Presser) -> list[str]:
        health = [each.as_of(by.at) for each in await self.channels.health()]
        return [
            harmless(f"{each.channel}: {how_it_fares(each, by.words.insight, self.zone, now=by.at)}", 300)
            for each in health
        ]

    async def _troubles(self, words: Labels) -> Iterator[str]:
        troubles = await self.cards.troubles()
        lines = [
            words.say("lookup.trouble", case=str(case.key), why=harmless(words.why(why), 200))
            for case, why in troubles[:_MOST_TROUBLES]
        ]
        return chain(
            lines, [words.say("card.more", n=str(len(troubles) - _MOST_TROUBLES))] if troubles[_MOST_TROUBLES:] else []
        )


def case_line(case: Case, words: Labels) -> str:
    """One case in a list, with its number: at most a hundred characters."""
    return harmless(f"{DOTS[case.urgency]} #{case.key} · {_as_it_stands(case, words)}", 100)


def _as_it_stands(case: Case, words: Labels) -> str:
    urgency, place = words.say(f"urgency.{case.urgency}"), words.places(case)[:40]
    return " · ".join((urgency, place, words.channel(case.channel), words.state(case)))


def _listed(case: Case, owners: Mapping[str, str], by: Presser) -> str:
    """One case behind its number."""
    due = case.solve_due if case.first_answered_at is not None else case.first_answer_due
    owner = "" if case.assignee is None else f" · {harmless(owners.get(case.assignee, case.assignee), 40)}"
    snoozed = " 😴" if case.snooze is not None else ""
    late = "⏰" if due < by.at and case.is_open else "⏱"
    stands = harmless(f"{DOTS[case.urgency]} {_as_it_stands(case, by.words)}", 100)
    return f"{stands} · {late} {by.words.figures.moment(due)}{owner}{snoozed}"


def _further(whose: str, page: int, words: Labels) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=words.say("lookup.more"), custom_id=f"{VERSION}:queue:{whose}.{page}")


def _journey(journey: Journey, words: Labels) -> str:
    customer = journey.customer
    title = words.say("journey.title", name=customer.name, handles=words.handles(customer.handles))
    cases = [case_line(case, words) for case in journey.cases]
    lines = _told(story_of(journey, words), _LONGEST_LINE) or [words.say("journey.empty")]
    return "\n".join([harmless(title, _LONGEST_LINE), *cases, "", *lines])


def _told(story: Sequence[Moment], longest: int) -> list[str]:
    lines = []
    for each in story:
        who = f" {each.who}:" if each.who else ""
        lines.append(harmless(f"{each.when} {each.mark}{who} {each.text}", longest))
        lines += [harmless(f"    {row.sign} {row.place} · {row.feeling} {row.confidence}", 200) for row in each.rows]
    return lines


def _done(line: AuditLine, words: Labels) -> str:
    refused = "" if line.refused is None else f" · {words.say('lookup.was_refused', why=words.why(line.refused))}"
    deed = words.say(f"deed.{line.deed}")
    return harmless(f"{words.figures.moment(line.at)} {line.agent_name}: {deed}{refused}", _LONGEST_LINE)


def _day(typed: str, today: date) -> date | None:
    """2026-11-24, 24/11/2026 or 24/11: the last of that name."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    try:
        day = datetime.strptime(f"{typed.strip()}/{today.year}", "%d/%m/%Y").date()  # noqa: DTZ007
        return day if day <= today else day.replace(year=today.year - 1)
    except ValueError:
        return None
