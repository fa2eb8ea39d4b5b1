"""The filtered stream of X: the rules by which it chooses posts, and what it tells while the connection lasts."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from tweepy.asynchronous import AsyncStreamingClient
from tweepy.streaming import StreamRule

from bot.domain.errors import ChannelUnavailable
from listeners.x_posts import FIELDS, Page, Rules, read
from listeners.x_search import search_query
from listeners.x_wire import Wire, asked

_PATH = "/2/tweets/search/stream"
_RULE_TAG = "vivencia"


def stream_rules(keywords: tuple[str, ...], account: str) -> set[str]:
    """Who mentions the account, and any of the keywords."""
    mentions = f"@{account} -is:retweet"
    return {mentions, search_query(keywords, account)} if keywords else {mentions}


class FilteredStream:
    """Over the wire's app token; lost when nothing, not even a heartbeat, came for `silence` seconds."""

    def __init__(self, wire: Wire, *, silence: float) -> None:
        self._wire, self._silence = wire, silence
        self._client = AsyncStreamingClient(None, return_type=dict, max_retries=0)
        self._client.session = wire

    async def pages(self, rules: set[str]) -> AsyncGenerator[Page | None, None]:
        """A page for each post that the rules match, None for a heartbeat; ends in one of the channel errors."""
        await self._set(rules)
        parameters = {name.replace("_fields", ".fields"): ",".join(names) for name, names in FIELDS.items()}
        async with aclosing(self._wire.lines(_PATH, parameters, silence=self._silence)) as lines:
            async for line in lines:
                yield await _page(line) if line else None
        message = "X closed the stream"
        raise ChannelUnavailable(message)

    async def _set(self, rules: set[str]) -> None:
        """Ours are as they should be; those that others set on the same app stay."""
        answer = read(Rules, await asked(self._client.get_rules()))
        ours = {rule.value: rule.id for rule in answer.data if rule.tag == _RULE_TAG}
        if old := [rule for value, rule in ours.items() if value not in rules]:
            await asked(self._client.delete_rules(old))
        if new := [StreamRule(value, _RULE_TAG) for value in sorted(rules - set(ours))]:
            await asked(self._client.add_rules(new))


async def _page(line: bytes) -> Page:
    """ChannelUnavailable when it holds no post: that is X's last word."""
    page = read(Page, await asked(_one_post(line)))
    if not page.posts:
        message = f"X ends the stream: {', '.join(problem.title for problem in page.errors) or 'no reason given'}"
        raise ChannelUnavailable(message)
    return page


async def _one_post(line: bytes) -> dict[str, Any]:
    """A line of the stream in the shape of a page."""
    row = json.loads(line)
    return {**row, "data": [row["data"]] if "data" in row else []}
