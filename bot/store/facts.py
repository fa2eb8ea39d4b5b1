"""What the database counts for a decision: automatic replies of the last hour and day, the last question asked."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.customer import Customer
from bot.domain.mention import Mention
from bot.domain.situation import Facts
from bot.domain.survey import Survey
from bot.store.moments import micros
from bot.store.rows import SURVEY_COLUMNS, survey_from

AUTOMATED = "automated"
_HOUR = timedelta(hours=1) // timedelta(microseconds=1)

# the conditions on kind and verdict repeat those of the partial indexes, or SQLite would not use them;
# there is no upper end, so that a clock set back never forgets what was sent "later"
_AUTOMATIC = "kind IN ('reply', 'ask') AND verdict = 'send' AND written_by IS NULL AND state <> 'dropped'"
_COUNTS = f"""
SELECT
    (SELECT count(*) FROM outbox WHERE channel = :channel AND conversation = :conversation AND {_AUTOMATIC}),
    (SELECT count(*) FROM outbox WHERE customer_id = :customer AND decided_at > :now - 24 * :hour AND {_AUTOMATIC}),
    (SELECT count(*) FROM outbox INDEXED BY outbox_automatic WHERE decided_at > :now - :hour AND {_AUTOMATIC}),
    (SELECT count(*) FROM outbox INDEXED BY outbox_automatic WHERE decided_at > :now - 24 * :hour AND {_AUTOMATIC})
"""  # noqa: S608
# a question on its way counts as asked, or two mentions at once would ask twice
_ON_ITS_WAY = """
SELECT key, customer_id, json_extract(action, '$.survey'), decided_at, NULL, NULL FROM outbox
WHERE customer_id = ? AND kind = 'ask' AND state IN ('pending', 'held', 'sending', 'unknown')
ORDER BY decided_at DESC LIMIT 1
"""
_ASKED = f"SELECT {SURVEY_COLUMNS} FROM survey WHERE customer_id = ? ORDER BY asked_at DESC LIMIT 1"  # noqa: S608


def facts_for(connection: sqlite3.Connection, mention: Mention, customer: Customer, now: datetime) -> Facts:
    """Counted in the transaction that stores the decision. "Today" is the last 24 hours: the store knows no zone."""
    named = {
        "channel": mention.channel,
        "conversation": mention.conversation,
        "customer": customer.id,
        "now": micros(now),
        "hour": _HOUR,
    }
    in_conversation, to_author, this_hour, today = connection.execute(_COUNTS, named).fetchone()
    return Facts(
        auto_replies_in_conversation=in_conversation,
        auto_replies_to_author_today=to_author,
        auto_replies_this_hour=this_hour,
        auto_replies_today=today,
        last_survey=_last_survey(connection, customer),
        author_is_automated=AUTOMATED in customer.tags,
    )


def _last_survey(connection: sqlite3.Connection, customer: Customer) -> Survey | None:
    of_customer = (customer.id,)
    row = connection.execute(_ON_ITS_WAY, of_customer).fetchone()
    if row is not None:
        return replace(survey_from(row), left=False)
    row = connection.execute(_ASKED, of_customer).fetchone()
    return None if row is None else survey_from(row)
