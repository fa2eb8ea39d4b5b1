"""Posts and people as X shows them: the default fields, those that were asked for, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.servers.x.world import Tweet, User, World, moment, stamp

Json = dict[str, Any]
SHORT = 280
"""Longer posts are cut, and stand as a whole in a note."""


def asked(query: Mapping[str, str], name: str) -> set[str]:
    return set(filter(None, query.get(name, "").split(",")))


def user_shown(user: User) -> Json:
    return {"id": user.id, "name": user.name, "username": user.username}


def tweet_shown(world: World, tweet: Tweet, fields: set[str]) -> Json:
    """X leaves out what is empty."""
    everything: Json = {
        "author_id": tweet.author_id,
        "conversation_id": tweet.conversation_id,
        "created_at": stamp(moment(tweet.history[0])),
        "lang": "es",
        "referenced_tweets": _references(tweet),
        "entities": _entities(world, tweet, SHORT),
        "note_tweet": _note(world, tweet),
        "in_reply_to_user_id": _answered_author(world, tweet),
        "attachments": {"media_keys": [key for key, _ in tweet.media]} if tweet.media else None,
    }
    text = tweet.text if len(tweet.text) <= SHORT else f"{tweet.text[: SHORT - 1]}…"
    shown = {"id": tweet.id, "text": text, "edit_history_tweet_ids": list(tweet.history)}
    return shown | {name: value for name, value in everything.items() if name in fields and value}


def page_shown(world: World, tweets: Iterable[Tweet], query: Mapping[str, str]) -> Json:
    """`data` and `includes` of an answer; neither of them when there is nothing to show."""
    tweets = list(tweets)
    fields, expansions = asked(query, "tweet.fields"), asked(query, "expansions")
    includes: Json = {}
    if "author_id" in expansions:
        includes["users"] = [user_shown(world.users[one]) for one in dict.fromkeys(each.author_id for each in tweets)]
    if "attachments.media_keys" in expansions:
        shown = {key: alt for each in tweets for key, alt in each.media}
        includes["media"] = [{"media_key": key, "type": "photo", "alt_text": alt} for key, alt in shown.items()]
    if "referenced_tweets.id" in expansions:
        ids = dict.fromkeys(one["id"] for each in tweets for one in _references(each))
        there = [world.tweets[one] for one in ids if one in world.tweets and one not in world.gone]
        includes["tweets"] = [tweet_shown(world, one, fields) for one in there]
    answer: Json = {"data": [tweet_shown(world, each, fields) for each in tweets]}
    answer["includes"] = {name: rows for name, rows in includes.items() if rows}
    return {name: value for name, value in answer.items() if value}


def _references(tweet: Tweet) -> list[Json]:
    named = {"replied_to": tweet.replied_to, "quoted": tweet.quoted, "retweeted": tweet.retweeted}
    return [{"type": how, "id": post} for how, post in named.items() if post]


def _note(world: World, tweet: Tweet) -> Json | None:
    """The whole of a long post."""
    if len(tweet.text) <= SHORT:
        return None
    return {"text": tweet.text, "entities": _entities(world, tweet, len(tweet.text)) or {}}


def _entities(world: World, tweet: Tweet, until: int) -> Json | None:
    """Whom it names in its first characters."""
    known = {user.username.lower(): user for user in world.users.values()}
    found = [
        {"start": at, "end": at + len(name) + 1, "username": known[name.lower()].username, "id": known[name.lower()].id}
        for name in dict.fromkeys(tweet.mentions)
        if name.lower() in known
        for at in [tweet.text.index(f"@{name}")]
        if at < until
    ]
    return {"mentions": found} if found else None


def _answered_author(world: World, tweet: Tweet) -> str | None:
    answered = world.tweets.get(tweet.replied_to or "")
    return answered.author_id if answered else None
