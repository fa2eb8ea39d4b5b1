"""What X is asked to search for, and from where on: any of the keywords, in the days that X still looks through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from listeners.x_posts import moment_of

LONGEST_QUERY = 512
_SEARCHABLE = timedelta(days=6, hours=23)


def search_query(keywords: tuple[str, ...], account: str) -> str:
    """Any of the keywords, without repetitions, without us, and without what the mentions timeline brings cheaper."""
    words = " OR ".join(f'"{word.replace(chr(34), " ").strip()}"' for word in keywords)
    return f"({words}) -is:retweet -from:{account} -@{account}"


def search_from(settled: str | None, now: datetime, back: timedelta) -> dict[str, Any]:
    """Behind the settled post, `back` from now at a first search, and never behind the seven days that X allows."""
    at = moment_of(settled) if settled else None
    if settled is None:
        return {"start_time": now - back}
    if at is not None and at < now - _SEARCHABLE:
        return {"start_time": now - _SEARCHABLE}
    return {"since_id": settled}
