"""What exists on Bluesky: accounts, and posts as records in their repositories."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

POSTS = "app.bsky.feed.post"
_HANDLE = re.compile(r"@([a-z0-9_-]+(?:\.[a-z0-9-]+)+)")


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cid_of(record: Json) -> str:
    """A content id of the right shape: version 1, dag-cbor, sha-256, in base 32."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return "b" + base64.b32encode(b"\x01\x71\x12\x20" + digest).decode().lower().rstrip("=")


def tid(number: int) -> str:
    """The key of a post: letters that grow with the number."""
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    return "3l" + "".join(letters[number >> 5 * place & 31] for place in reversed(range(11)))


@dataclass(frozen=True, kw_only=True)
class Account:
    did: str
    handle: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Post:
    """A record under its address. `shown` is when Bluesky first saw it, `number` the order in which it did."""

    uri: str
    author: str
    record: Json
    shown: datetime
    number: int

    @property
    def cid(self) -> str:
        return cid_of(self.record)

    @property
    def key(self) -> str:
        return self.uri.rpartition("/")[2]

    @property
    def listed(self) -> datetime:
        """Bluesky sorts by what the author's clock told, but by nothing that lies ahead of when it came."""
        return min(datetime.fromisoformat(self.record["createdAt"]), self.shown)

    def names(self, did: str) -> bool:
        return any(one.get("did") == did for facet in self.record.get("facets", []) for one in facet["features"])

    def answers(self, did: str) -> bool:
        """Whether it stands in a thread of theirs: Bluesky tells them, whomever it answers."""
        reply = self.record.get("reply")
        return reply is not None and any(f"//{did}/" in reply[end]["uri"] for end in ("root", "parent"))

    def quotes(self, did: str) -> bool:
        embed = self.record.get("embed", {})
        return embed.get("$type") == "app.bsky.embed.record" and f"//{did}/" in embed["record"]["uri"]


@dataclass
class World:
    accounts: dict[str, Account] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def account(self, name: str, *, labels: tuple[str, ...] = ()) -> Account:
        """The account of this name, made when it is not there."""
        handle = f"{name.replace('_', '-')}.test"
        for account in self.accounts.values():
            if account.handle == handle:
                return account
        # a did has 24 letters of base 32
        letters = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode().lower()[:24]
        account = Account(did=f"did:plc:{letters}", handle=handle, labels=labels)
        self.accounts[account.did] = account
        return account

    def write(self, author: Account, text: str, *, at: datetime | None = None, **about: Any) -> Post:
        """A post as the author's app writes it: handles become facets."""
        facets = self._facets(text)
        created = stamp(at or datetime.now(UTC))
        record = {"$type": POSTS, "text": text, "createdAt": created, "langs": ["es"]} | about
        number = next(self._serial)
        return self.put(author.did, tid(number), record | ({"facets": facets} if facets else {}), number=number)

    def put(self, did: str, key: str, record: Json, *, number: int | None = None) -> Post:
        """Under its key there is one record."""
        uri = f"at://{did}/{POSTS}/{key}"
        post = Post(uri=uri, author=did, record=record, shown=datetime.now(UTC), number=number or next(self._serial))
        self.posts[uri] = post
        return post

    def newest_first(self) -> list[Post]:
        return sorted(self.posts.values(), key=lambda post: (post.listed, post.number), reverse=True)

    def answer_to(self, post: Post) -> Json:
        """The `reply` of whoever answers this post."""
        parent = {"uri": post.uri, "cid": post.cid}
        return {"root": post.record.get("reply", {}).get("root", parent), "parent": parent}

    def _facets(self, text: str) -> list[Json]:
        known = {account.handle: account for account in self.accounts.values()}
        return [
            {
                "index": {"byteStart": len(text[: at.start()].encode()), "byteEnd": len(text[: at.end()].encode())},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": known[at[1]].did}],
            }
            for at in _HANDLE.finditer(text)
            if at[1] in known
        ]
