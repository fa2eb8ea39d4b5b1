"""How many: mentions, cases, loops, and the whole house. One function for each question, over covering indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from bot.domain.case import Case, CaseState, Outcome
from bot.domain.digest import CaseTally, DataQuality, LoopTally, Tally, TouchpointTally
from bot.domain.ports.record import Counts
from bot.domain.reading import Sentiment, Touchpoint
from bot.store.moments import micros, moment
from bot.store.rows import CASE_COLUMNS, Row, case_from

_HOUR = timedelta(hours=1) // timedelta(microseconds=1)
_HEARD = "FROM reading WHERE posted_at >= :since AND posted_at < :until"


def _period(since: datetime, until: datetime) -> dict[str, int]:
    return {"since": micros(since), "until": micros(until), "hour": _HOUR}


def tally(connection: sqlite3.Connection, since: datetime, until: datetime) -> Tally:
    """What was heard in a period."""
    period = _period(since, until)
    by_sentiment: dict[str, Row] = {}
    left_out = 0
    for counted, sentiment, *numbers in connection.execute(
        f"SELECT counted, sentiment, count(*), sum(abstained), sum(degraded) {_HEARD} GROUP BY counted, sentiment",
        period,
    ):
        if counted:
            by_sentiment[sentiment] = tuple(numbers)
        else:
            left_out += numbers[0]
    mentions, abstained, degraded = (sum(row[place] for row in by_sentiment.values()) for place in range(3))
    return Tally(
        since=since,
        until=until,
        mentions=mentions,
        negative=by_sentiment.get("negative", (0,))[0],
        neutral=by_sentiment.get("neutral", (0,))[0],
        positive=by_sentiment.get("positive", (0,))[0],
        abstained=abstained,
        degraded=degraded,
        left_out=left_out,
        customers=_customers(connection, period),
        by_touchpoint=_by_touchpoint(connection, period),
        by_own=_by_own(connection, period),
        by_channel=_by_channel(connection, period),
        negative_by_channel=_by_channel(connection, period, "AND sentiment = 'negative'"),
        by_hour=_by_hour(connection, period),
    )


def _customers(connection: sqlite3.Connection, period: Mapping[str, int]) -> int:
    found: tuple[int] = connection.execute(
        f"SELECT count(DISTINCT customer_id) {_HEARD} AND counted",
        period,
    ).fetchone()
    return found[0]


# a mention counts once at each place, with its worst tone there; where it is negative as a whole too is looked up
_TOLD_THERE = """
WITH told AS (
    SELECT {place}, mention_id, max(sentiment = 'negative') AS bad, max(sentiment = 'positive') AS good FROM experience
    WHERE at >= :since AND at < :until AND counted AND {known}
    GROUP BY {place}, mention_id
)
SELECT {place}, count(*), sum(bad), sum(good AND NOT bad), sum(CASE WHEN bad THEN EXISTS (
    SELECT 1 FROM mention JOIN reading ON reading.mention_seq = mention.seq
    WHERE mention.id = told.mention_id AND reading.sentiment = 'negative'
) ELSE 0 END)
FROM told GROUP BY {place} ORDER BY count(*) DESC, {place}
"""
_AT_TOUCHPOINTS = _TOLD_THERE.format(place="touchpoint", known="touchpoint IS NOT NULL")
_AT_OWN = _TOLD_THERE.format(place="touchpoint, own", known="touchpoint IS NOT NULL AND own IS NOT NULL")


def _by_touchpoint(connection: sqlite3.Connection, period: Mapping[str, int]) -> dict[Touchpoint, TouchpointTally]:
    return {Touchpoint(name): _told(numbers) for name, *numbers in connection.execute(_AT_TOUCHPOINTS, period)}


def _by_own(connection: sqlite3.Connection, period: Mapping[str, int]) -> dict[tuple[Touchpoint, str], TouchpointTally]:
    return {(Touchpoint(name), own): _told(numbers) for name, own, *numbers in connection.execute(_AT_OWN, period)}


def _told(numbers: Sequence[int]) -> TouchpointTally:
    mentions, negative, positive, of_negative = numbers
    return TouchpointTally(mentions=mentions, negative=negative, positive=positive, of_negative=of_negative)


def _by_channel(connection: sqlite3.Connection, period: Mapping[str, int], which: str = "") -> dict[str, int]:
    return dict(connection.execute(f"SELECT channel, count(*) {_HEARD} AND counted {which} GROUP BY channel", period))


def _by_hour(connection: sqlite3.Connection, period: Mapping[str, int]) -> dict[int, dict[Sentiment, int]]:
    hours: dict[int, dict[Sentiment, int]] = {}
    for hour, sentiment, number in connection.execute(
        f"SELECT (posted_at - :since) / :hour AS hour, sentiment, count(*) {_HEARD} AND counted "
        "GROUP BY hour, sentiment ORDER BY hour",
        period,
    ):
        hours.setdefault(hour, {})[Sentiment(sentiment)] = number
    return hours


# a case that was resolved unanswered before its clock ran out owed no answer any more, and one that was merged gave its
# clock to the other
_CASE_QUESTIONS = """
SELECT
    (SELECT count(*) FROM case_file WHERE opened_at >= :since AND opened_at < :until),
    (SELECT count(DISTINCT case_id) FROM case_phase
     WHERE state = 'resolved' AND began >= :since AND began < :until),
    (SELECT count(*) FROM case_file WHERE first_answered_at >= :since AND first_answered_at < :until
     AND first_answered_at <= first_answer_due AND merged_into IS NULL),
    (SELECT count(*) FROM case_file WHERE first_answer_due >= :since AND first_answer_due < :until
     AND (first_answered_at > first_answer_due
          OR (first_answered_at IS NULL AND (resolved_at IS NULL OR resolved_at > first_answer_due)))
     AND merged_into IS NULL)
"""
# in two halves, because each is a short range of the index when the period is recent
_STANDING = """
SELECT count(*), coalesce(sum(state = 'waiting'), 0) FROM (
    SELECT state FROM case_phase WHERE state <> 'resolved' AND ended IS NULL AND began < :until
    UNION ALL
    SELECT state FROM case_phase WHERE state <> 'resolved' AND ended >= :until AND began < :until
)
"""


def cases(connection: sqlite3.Connection, since: datetime, until: datetime) -> CaseTally:
    """The work of a period."""
    period = _period(since, until)
    opened, resolved, in_time, ran_out = connection.execute(_CASE_QUESTIONS, period).fetchone()
    standing, waiting = connection.execute(_STANDING, period).fetchone()
    waits = connection.execute(
        "SELECT first_answered_at - opened_at FROM case_file "
        "WHERE first_answered_at >= :since AND first_answered_at < :until AND merged_into IS NULL",
        period,
    ).fetchall()
    return CaseTally(
        opened=opened,
        resolved=resolved,
        open_at_end=standing,
        waiting_at_end=waiting,
        first_answer_median=timedelta(microseconds=median(wait for (wait,) in waits)) if waits else None,
        answered_in_time=in_time,
        answers_due=in_time + ran_out,
    )


# a post of an earlier day that its author made a complaint opens its case when it was changed
_UNHAPPY = f"""
WITH unhappy AS (
    SELECT case_id, min(since) AS since FROM (
        SELECT case_id, posted_at AS since FROM reading
        WHERE posted_at >= :since AND posted_at < :until
            AND counted = 1 AND sentiment = 'negative' AND case_id IS NOT NULL
        UNION ALL
        SELECT case_file.id, opened_at FROM case_file
        JOIN mention ON mention.id = opened_by JOIN reading ON mention_seq = mention.seq
        WHERE opened_at >= :since AND opened_at < :until AND reading.posted_at < :since
            AND counted = 1 AND reading.sentiment = 'negative'
    ) GROUP BY case_id
)
SELECT {CASE_COLUMNS}, case_phase.state, iif(judged_at >= :until, NULL, case_phase.outcome), EXISTS (
    SELECT 1 FROM interaction WHERE interaction.case_id = case_file.id AND direction = 'outbound'
        AND interaction.at >= unhappy.since AND interaction.at < :until AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE outbox.key = interaction.key AND outbox.written_by IS NULL
                AND (outbox.kind = 'ask' OR json_extract(outbox.action, '$.kind') = 'receipt')
        )
)
FROM unhappy JOIN case_file ON case_file.id = unhappy.case_id
JOIN case_phase ON case_phase.case_id = case_file.id
    AND began < :until AND (ended IS NULL OR ended >= :until)
ORDER BY opened_at, case_file.key
"""  # noqa: S608


def loops(connection: sqlite3.Connection, since: datetime, until: datetime) -> LoopTally:
    """The loop with unhappy customers. A customer whose one case was recovered counts as recovered.

    Contacted are those who were answered after their first unhappy words of the period; that they were heard, and a
    question how it went, is no answer.
    """
    rows = connection.execute(_UNHAPPY, _period(since, until)).fetchall()
    found = [_as_it_stood(case_from(row[:-3]), row[-3], row[-2], until) for row in rows]
    answered = {case.customer_id for case, row in zip(found, rows, strict=True) if row[-1]}
    recovered = {case.customer_id for case in found if case.outcome is Outcome.RECOVERED}
    return LoopTally(
        detractors=len({case.customer_id for case in found}),
        contacted=len(answered),
        recovered=len(recovered),
        not_recovered=len({case.customer_id for case in found if case.outcome is Outcome.NOT_RECOVERED} - recovered),
        unclosed=tuple(case for case in found if case.is_open),
    )


def _as_it_stood(case: Case, state: str, outcome: str | None, until: datetime) -> Case:
    """The case without what came after `until`."""
    answered, resolved = case.first_answered_at, case.resolved_at
    return replace(
        case,
        state=CaseState(state),
        outcome=None if outcome is None else Outcome(outcome),
        first_answered_at=answered if answered is not None and answered < until else None,
        resolved_at=resolved if resolved is not None and resolved < until else None,
    )


# `state IN (…)` repeats the condition of the partial index, or SQLite would not use it
_QUALITY = """
SELECT
    (SELECT count(*) FROM mention WHERE state = 'waiting' AND posted_at < :until),
    (SELECT count(*) FROM mention WHERE state = 'quarantined' AND posted_at < :until),
    (SELECT count(*) FROM outbox
     WHERE state IN ('held', 'unknown', 'dead') AND state = 'unknown' AND decided_at < :until),
    (SELECT count(*) FROM outbox
     WHERE state IN ('held', 'unknown', 'dead') AND state = 'dead' AND decided_at < :until),
    (SELECT count(DISTINCT mention_id) FROM experience
     WHERE at >= :since AND at < :until AND counted AND corrected_by IS NOT NULL)
"""
# walks from channel to channel, and looks up one row in each; who has come to an end or is set up no more is not missed
_LAST_HEARD = """
WITH RECURSIVE each (channel) AS (
    SELECT min(channel) FROM mention
    UNION ALL
    SELECT (SELECT min(channel) FROM mention WHERE channel > each.channel) FROM each WHERE channel IS NOT NULL
)
SELECT channel, last FROM (
    SELECT channel, (SELECT max(posted_at) FROM mention
                     WHERE mention.channel = each.channel AND posted_at < :until) AS last
    FROM each
) WHERE last IS NOT NULL AND (
    channel NOT IN (SELECT channel FROM channel_phase WHERE began < :until)
    OR channel IN (SELECT channel FROM channel_phase
                   WHERE began < :until AND (ended IS NULL OR ended >= :until) AND condition <> 'ended')
)
"""


def quality(connection: sqlite3.Connection, since: datetime, until: datetime) -> DataQuality:
    """What the figures up to `until` rest on."""
    named = {"since": micros(since), "until": micros(until)}
    waiting, quarantined, unknown, dead, corrections = connection.execute(_QUALITY, named).fetchone()
    return DataQuality(
        channels_last_heard={channel: moment(last) for channel, last in connection.execute(_LAST_HEARD, named)},
        waiting=waiting,
        quarantined=quarantined,
        unknown_sends=unknown,
        dead_sends=dead,
        corrections=corrections,
    )


_HOUSE = """
SELECT
    (SELECT count(*) FROM mention),
    (SELECT count(*) FROM mention WHERE by_brand = 1),
    (SELECT count(*) FROM customer),
    (SELECT count(*) FROM experience),
    (SELECT count(*) FROM case_file),
    (SELECT count(*) FROM case_phase WHERE state <> 'resolved' AND ended IS NULL),
    (SELECT count(*) FROM promise),
    (SELECT count(*) FROM outbox WHERE receipt_id IS NOT NULL AND kind IN ('reply', 'ask')),
    (SELECT count(*) FROM mention WHERE state = 'waiting'),
    (SELECT count(*) FROM mention WHERE state = 'quarantined'),
    (SELECT count(*) FROM early_deletion WHERE came_at IS NOT NULL)
"""


def counts(connection: sqlite3.Connection) -> Counts:
    """The whole house in numbers."""
    house: tuple[int, ...] = connection.execute(_HOUSE).fetchone()
    heard, posts, customers, experiences, files, opened, promises, replies, waiting, quarantined, late = house
    actions, jobs = _outbox(connection)
    return Counts(
        mentions=heard - posts,
        brand_posts=posts,
        customers=customers,
        experiences=experiences,
        cases=files,
        open_cases=opened,
        promises=promises,
        actions=actions,
        jobs=jobs,
        replies=replies,
        waiting=waiting,
        quarantined=quarantined,
        overtaken=late,
    )


def at_work(connection: sqlite3.Connection) -> list[str]:
    """The channels of which something waits or is on its way, by name."""
    rows = connection.execute(
        "SELECT channel FROM mention INDEXED BY mention_waiting WHERE state = 'waiting' "
        "UNION SELECT channel FROM outbox INDEXED BY outbox_due WHERE state IN ('pending', 'sending') ORDER BY channel"
    )
    return [channel for (channel,) in rows]


def _outbox(connection: sqlite3.Connection) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Kind → verdict → number, and state → number."""
    actions: dict[str, dict[str, int]] = {}
    jobs: dict[str, int] = {}
    for kind, verdict, state, number in connection.execute(
        "SELECT kind, verdict, state, count(*) FROM outbox GROUP BY kind, verdict, state"
    ):
        verdicts = actions.setdefault(kind, {})
        verdicts[verdict] = verdicts.get(verdict, 0) + number
        jobs[state] = jobs.get(state, 0) + number
    return actions, jobs
