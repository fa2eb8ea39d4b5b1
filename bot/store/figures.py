"""Which: the quotes, promises, scores and texts of a period."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.domain.action import SurveyKind
from bot.domain.digest import Quote
from bot.domain.mention import MentionId
from bot.domain.promise import Promise
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.domain.survey import Score
from bot.store.moments import micros, moment
from bot.store.rows import PROMISE_COLUMNS, PROMISES, Row, promise_from

# mockery is read as praise now and then, hardly ever so surely
_SURELY_GLAD = 0.8
_VOICES = """
WITH voice AS (
    SELECT rowid AS experience, mention_id, touchpoint, sentiment, confidence FROM experience
    WHERE at >= :since AND at < :until AND counted
), busy AS (
    SELECT touchpoint, count(DISTINCT mention_id) AS volume FROM voice WHERE touchpoint IS NOT NULL GROUP BY touchpoint
), surest AS (
    SELECT experience, touchpoint, sentiment, confidence, row_number() OVER (
        PARTITION BY mention_id ORDER BY confidence DESC, experience
    ) AS nth FROM voice WHERE sentiment <> 'neutral'
), placed AS (
    SELECT experience, sentiment, coalesce(volume, 0) AS volume, touchpoint, row_number() OVER (
        PARTITION BY touchpoint, sentiment ORDER BY confidence DESC, experience
    ) AS place FROM surest LEFT JOIN busy USING (touchpoint) WHERE nth = 1
)
SELECT mention.id, mention.text, evidence, experience.touchpoint, experience.sentiment, reading.language,
    case_file.key, mention.posted_at, experience.sentiment = 'positive' AND (
        experience.corrected_by IS NOT NULL
        OR (case_file.outcome = 'recovered' AND case_file.resolved_at < :until)
        OR (NOT reading.abstained AND json_extract(reading.detail, '$.scores.positive') >= :sure)
    )
FROM placed JOIN experience ON experience.rowid = placed.experience
JOIN mention ON mention.id = experience.mention_id
JOIN reading ON reading.mention_seq = mention.seq
LEFT JOIN case_file ON case_file.id = reading.case_id
WHERE mention.deleted_at IS NULL
ORDER BY place, volume DESC, placed.touchpoint, placed.sentiment
LIMIT :limit
"""


def quotes(connection: sqlite3.Connection, since: datetime, until: datetime, limit: int) -> list[Quote]:
    """The surest negative and positive of the busiest touchpoint, then of the next; then the second surest."""
    named = {"since": micros(since), "until": micros(until), "limit": limit, "sure": _SURELY_GLAD}
    return [_quote(row) for row in connection.execute(_VOICES, named)]


def _quote(row: Row) -> Quote:
    return Quote(
        mention_id=MentionId(row[0]),
        text=row[1],
        evidence=row[2],
        touchpoint=None if row[3] is None else Touchpoint(row[3]),
        sentiment=Sentiment(row[4]),
        language=Language(row[5]),
        case_key=row[6],
        at=moment(row[7]),
        glad=bool(row[8]),
    )


_A_MONTH = timedelta(days=30)
_STATE_AT_END = """CASE WHEN promise.state <> 'open' AND settled_at < :until THEN promise.state
WHEN due < :until THEN 'unheard' ELSE 'open' END"""
# nothing is owed any more to who was forgotten by then
_OWED = """NOT EXISTS (
    SELECT 1 FROM customer WHERE customer.id = promise.customer_id AND customer.erased_at <= promise.due
)"""
_DUE = f"""
SELECT {PROMISE_COLUMNS.replace("promise.state", _STATE_AT_END)} FROM {PROMISES}
WHERE made_at < :until AND due >= :since AND due < :until AND {_OWED}
UNION ALL
SELECT {PROMISE_COLUMNS.replace("promise.state", _STATE_AT_END)} FROM {PROMISES}
WHERE due < :since AND (settled_at IS NULL OR settled_at >= :since)
    AND (case_file.resolved_at IS NULL OR case_file.resolved_at >= :since) AND {_OWED}
    AND (promise.case_id IS NOT NULL OR due >= :long_ago)
ORDER BY due, made_at
"""  # noqa: S608


def promises(connection: sqlite3.Connection, since: datetime, until: datetime) -> list[Promise]:
    """Due in the period, and overdue at its start; each as it stood at the end.

    Of one without a case nobody can say that it is over: it counts as overdue for a month.
    """
    period = {"since": micros(since), "until": micros(until), "long_ago": micros(since - _A_MONTH)}
    rows = connection.execute(_DUE, period)
    return [promise_from(row) for row in rows]


def scores(connection: sqlite3.Connection, since: datetime, until: datetime) -> list[Score]:
    """The questions asked in a period, with the answers that came by its end."""
    asked: dict[SurveyKind, list[int | None]] = {}
    for kind, answer in connection.execute(
        "SELECT kind, iif(answered_at < :until, answer, NULL) FROM survey "
        "WHERE asked_at >= :since AND asked_at < :until ORDER BY kind, asked_at",
        {"since": micros(since), "until": micros(until)},
    ):
        asked.setdefault(SurveyKind(kind), []).append(answer)
    return [
        Score(kind=kind, asked=len(answers), answers=tuple(answer for answer in answers if answer is not None))
        for kind, answers in asked.items()
    ]


def texts(connection: sqlite3.Connection, since: datetime, until: datetime, limit: int) -> list[str]:
    """Texts about the brand, newest first."""
    rows = connection.execute(
        "SELECT text FROM reading JOIN mention ON mention.seq = reading.mention_seq "
        "WHERE reading.posted_at >= ? AND reading.posted_at < ? AND counted AND deleted_at IS NULL "
        "ORDER BY reading.posted_at DESC, mention.seq DESC LIMIT ?",
        (micros(since), micros(until), limit),
    )
    return [text for (text,) in rows]


# one look into the index for each channel
_SPAN = """
WITH RECURSIVE each (channel) AS (
    SELECT min(channel) FROM mention
    UNION ALL
    SELECT (SELECT min(channel) FROM mention WHERE channel > each.channel) FROM each WHERE channel IS NOT NULL
)
SELECT min((
        SELECT posted_at FROM mention WHERE mention.channel = each.channel AND NOT backfilled AND NOT by_brand
        ORDER BY posted_at LIMIT 1
    )),
    max((SELECT max(posted_at) FROM mention WHERE mention.channel = each.channel AND posted_at < :before))
FROM each
"""
_FOR_EVER = 2**62


def span(connection: sqlite3.Connection, before: datetime | None = None) -> tuple[datetime, datetime] | None:
    """Since when mentions are heard, and when the last was posted, of those before a moment.

    What was there before the first start, and the brand's own posts, say nothing about since when.
    """
    first, last = connection.execute(_SPAN, {"before": _FOR_EVER if before is None else micros(before)}).fetchone()
    if last is None:
        return None
    return moment(last if first is None else min(first, last)), moment(last)
