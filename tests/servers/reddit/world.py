"""What exists on Reddit: accounts, posts and comments, and how each listing shows them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A post (`t3`) or a comment (`t1`). `about` are fields beside the usual ones."""

    kind: str
    id: str
    author: str
    subreddit: str
    created: float
    title: str = ""
    text: str = ""
    parent: str = ""
    post: str = ""
    edited: float | None = None
    about: Json = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}_{self.id}"

    @property
    def path(self) -> str:
        if self.kind == "t3":
            return f"/r/{self.subreddit}/comments/{self.id}/un_titulo/"
        return f"/r/{self.subreddit}/comments/{self.post.removeprefix('t3_')}/un_titulo/{self.id}/"


@dataclass
class World:
    """`late` seconds pass before a new piece is found in any listing."""

    late: float = 0.0
    pieces: dict[str, Piece] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    visible_at: dict[str, float] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=lambda: {"t1": int("nhy70wb", 36), "t3": int("1nwcf64", 36)})

    def post(self, author: str, title: str, text: str = "", *, subreddit: str, ago: float = 0, **about: Any) -> Piece:
        piece = Piece(
            kind="t3",
            id=self._new_id("t3"),
            author=author,
            subreddit=subreddit,
            created=float(int(time.time() - ago)),
            title=title,
            text=text,
            about=about,
        )
        return self._keep(piece)

    def comment(self, author: str, text: str, *, under: str, ago: float = 0) -> Piece:
        parent = self.pieces[under]
        piece = Piece(
            kind="t1",
            id=self._new_id("t1"),
            author=author,
            subreddit=parent.subreddit,
            created=float(int(time.time() - ago)),
            text=text,
            parent=under,
            post=parent.post or parent.name,
        )
        return self._keep(piece)

    def edit(self, name: str, text: str) -> None:
        self.pieces[name] = replace(self.pieces[name], text=text, edited=float(int(time.time())))

    def delete(self, name: str) -> None:
        self.gone.add(name)

    def listed(self, kind: str | None = None) -> list[Piece]:
        """What listings show, newest first."""
        now = time.time()
        seen = [one for one in self.pieces.values() if one.name not in self.gone and self.visible_at[one.name] <= now]
        wanted = [one for one in seen if kind is None or one.kind == kind]
        return sorted(wanted, key=lambda one: (one.created, int(one.id, 36)), reverse=True)

    def calls(self, piece: Piece, account: str) -> bool:
        """Whether a comment names the account, so that its inbox gets it."""
        return re.search(rf"(?<!\w)/?u/{account}(?![\w-])", piece.text, re.IGNORECASE) is not None

    def answers(self, piece: Piece, account: str) -> bool:
        parent = self.pieces.get(piece.parent)
        return parent is not None and parent.author == account

    def shown(self, piece: Piece) -> Json:
        """As most listings show it."""
        is_gone = piece.name in self.gone
        common: Json = {
            "id": piece.id,
            "name": piece.name,
            "author": "[deleted]" if is_gone else piece.author,
            "subreddit": piece.subreddit,
            "permalink": piece.path,
            "created": piece.created,
            "created_utc": piece.created,
            "edited": piece.edited or False,
            "distinguished": None,
        }
        text = "[deleted]" if is_gone else piece.text
        if piece.kind == "t1":
            special: Json = {"body": text, "parent_id": piece.parent, "link_id": piece.post, "replies": ""}
        else:
            special = {"title": piece.title, "selftext": text, "is_self": True, "is_video": False, "domain": "self.x"}
        return {"kind": piece.kind, "data": {**common, **special, **({} if is_gone else piece.about)}}

    def shown_in_inbox(self, piece: Piece, account: str) -> Json:
        """A comment as an inbox shows it: less, and under other names."""
        answers = self.answers(piece, account)
        kind = "username_mention"
        if answers:
            kind = "post_reply" if piece.parent.startswith("t3_") else "comment_reply"
        return {
            "kind": "t1",
            "data": {
                "first_message": None,
                "first_message_name": None,
                "subreddit": piece.subreddit,
                "replies": "",
                "id": piece.id,
                "name": piece.name,
                "subject": kind.replace("_", " "),
                "type": kind,
                "author": piece.author,
                "parent_id": piece.parent,
                "new": True,
                "body": piece.text,
                "dest": account,
                "was_comment": True,
                "created": piece.created,
                "created_utc": piece.created,
                "context": f"{piece.path}?context=3",
                "distinguished": None,
            },
        }

    def _new_id(self, kind: str) -> str:
        self._last[kind] += 7
        return base36(self._last[kind])

    def _keep(self, piece: Piece) -> Piece:
        self.pieces[piece.name] = piece
        self.visible_at[piece.name] = time.time() + self.late
        return piece
