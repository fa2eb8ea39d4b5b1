"""Which of Reddit's listings are read: the inbox, our subreddits together, and a search for all keywords."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from listeners.reddit_place import OVERLAP

# the search is an index of its own
_SEARCH_OVERLAP = timedelta(hours=1)


def search_query(keywords: tuple[str, ...]) -> str:
    """Any of the keywords."""
    return " OR ".join(f'"{word.replace(chr(34), " ").strip()}"' for word in keywords)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One listing. `addressed`: what is in it was written to us; `needed`: it is read even when money is short.

    Posts turn up in it as late as `overlap` after they were written.
    """

    name: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    addressed: bool = False
    needed: bool = True
    overlap: timedelta = OVERLAP


def sources(subreddits: tuple[str, ...], keywords: tuple[str, ...]) -> tuple[Source, ...]:
    """What there is to read, what addresses us first."""
    together = "+".join(sorted({name.rpartition("/")[2].lower() for name in subreddits}))
    query = search_query(keywords)
    inbox = [Source(name="inbox", path="/message/inbox", query={"mark": "false"}, addressed=True)]
    ours = [Source(name=f"{what} of {together}", path=f"/r/{together}/{what}") for what in ("comments", "new")]
    found = Source(
        name=f"search for {query}",
        path="/search",
        query={"q": query, "sort": "new", "type": "link"},
        needed=False,
        overlap=_SEARCH_OVERLAP,
    )
    return (*inbox, *(ours if together else []), *([found] if query else []))
