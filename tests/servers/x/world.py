"""What exists on the server of X: accounts, posts and rules, and who sees which of them."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

EPOCH_MS = 1_288_834_974_657
_HANDLE = re.compile(r"@(\w{1,15})")


def moment(post_id: str) -> float:
    """Seconds since 1970 at which an id was given out."""
    return ((int(post_id) >> 22) + EPOCH_MS) / 1000


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class User:
    id: str
    username: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Tweet:
    """A version of a post. `history` are the ids of all its versions so far, this one the last."""

    id: str
    author_id: str
    text: str
    history: tuple[str, ...]
    conversation_id: str
    replied_to: str | None = None
    quoted: str | None = None
    retweeted: str | None = None
    media: tuple[tuple[str, str], ...] = ()

    @property
    def mentions(self) -> list[str]:
        return _HANDLE.findall(self.text)


@dataclass
class World:
    """`late` seconds pass before a new post is found by anybody; `retweets` and the like are posts too."""

    late: float = 0.0
    users: dict[str, User] = field(default_factory=dict)
    tweets: dict[str, Tweet] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    visible_at: dict[str, float] = field(default_factory=dict)
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _last_ms: int = 0

    def account(self, username: str) -> User:
        """The account of this name, made when it is not there."""
        for user in self.users.values():
            if user.username.lower() == username.lower():
                return user
        user = User(id=str(7_000_000 + len(self.users)), username=username, name=username.title())
        self.users[user.id] = user
        return user

    def post(self, author: User, text: str, *, at: float | None = None, **about: str | None) -> Tweet:
        post_id = self._new_id(at)
        answered = self.tweets.get(about.get("replied_to") or "")
        tweet = Tweet(
            id=post_id,
            author_id=author.id,
            text=text,
            history=(post_id,),
            conversation_id=answered.conversation_id if answered else post_id,
            replied_to=about.get("replied_to"),
            quoted=about.get("quoted"),
            retweeted=about.get("retweeted"),
        )
        return self._keep(tweet)

    def edit(self, post_id: str, text: str) -> Tweet:
        """A new version with a new id; the old one is no longer in any listing."""
        old = self.newest_version(post_id)
        new_id = self._new_id(None)
        return self._keep(replace(old, id=new_id, text=text, history=(*old.history, new_id)))

    def delete(self, post_id: str) -> None:
        self.gone |= set(self.newest_version(post_id).history)

    def newest_version(self, post_id: str) -> Tweet:
        return max((one for one in self.tweets.values() if post_id in one.history), key=lambda one: len(one.history))

    def listed(self) -> list[Tweet]:
        """What listings show, newest first: the newest versions that are there and indexed."""
        now = time.time()
        newest = {tweet.history[0]: tweet for tweet in self.tweets.values()}
        seen = [one for one in newest.values() if one.id not in self.gone and self.visible_at[one.id] <= now]
        return sorted(seen, key=lambda tweet: int(tweet.id), reverse=True)

    def _new_id(self, at: float | None) -> str:
        milliseconds = int((at if at is not None else time.time()) * 1000) - EPOCH_MS
        if at is None:
            milliseconds = self._last_ms = max(milliseconds, self._last_ms)
        return str((milliseconds << 22) | next(self._serial) & 0x3FFFFF)

    def _keep(self, tweet: Tweet) -> Tweet:
        self.tweets[tweet.id] = tweet
        self.visible_at[tweet.id] = moment(tweet.id) + self.late
        return tweet
