"""What a platform answers is read as far as it goes: a strange detail costs only itself."""

from __future__ import annotations

from typing import Any

import pytest

from listeners import bluesky_posts, mastodon_posts
from listeners.answers import readable
from listeners.reddit_things import things_among

STRANGE: list[Any] = [None, 10**400, -1, float("inf"), float("nan"), {}, [], [None], "x", True, "\ud800"]
REDDIT = {
    "name": "t1_abc",
    "author": "ana",
    "body": "hola",
    "created_utc": 1_700_000_000,
    "edited": False,
    "parent_id": "t3_abc",
    "is_self": True,
}
MASTODON = {
    "id": "109",
    "account": {"id": "7", "acct": "ana"},
    "content": "hola",
    "created_at": "2026-11-01T00:00:00Z",
    "language": "es",
    "mentions": [],
    "url": "https://fedi.example/109",
}
BLUESKY = {
    "uri": "at://did:plc:ana/app.bsky.feed.post/3k",
    "author": {"did": "did:plc:ana", "handle": "ana.test"},
    "cid": "c",
    "record": {"text": "hola"},
    "reason": "mention",
}


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_only_what_names_a_post_is_needed(value: Any) -> None:
    for detail in REDDIT.keys() - {"name"}:
        assert things_among([{"kind": "t1", "data": {**REDDIT, detail: value}}]), detail
    for detail in MASTODON.keys() - {"id"}:
        assert readable(mastodon_posts.Post, [{**MASTODON, detail: value}]), detail
    for detail in BLUESKY.keys() - {"uri"}:
        assert readable(bluesky_posts.Post, [{**BLUESKY, detail: value}]), detail


@pytest.mark.parametrize("row", [None, 7, "x", [], {}, {"id": None}, {"content": "hola"}, {"id": "../x", "url": 7}])
def test_what_has_no_name_is_no_post(row: object) -> None:
    assert readable(mastodon_posts.Post, [row]) == []
