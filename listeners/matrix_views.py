"""How a message of Matrix is heard: who said what, in which thread, whether to us, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from bot.domain.mention import Handle, Mention, Visibility
from bot.domain.text import clean
from listeners.matrix_events import STICKER, Content, Event, external_id

_MEDIA: Mapping[str, str] = {
    "m.audio": "audio",
    "m.file": "file",
    "m.image": "image",
    "m.location": "place",
    "m.video": "video",
}
# a program speaks, or nobody does
_UNSPOKEN = frozenset({"m.notice", "m.server_notice", "m.key.verification.request"})
_QUOTED = "> "


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What matters of a room: whether we are alone with somebody in it, and whether anybody may read it."""

    id: str
    is_direct: bool
    is_public: bool


class Views:
    """Makes mentions of messages for one account: who wrote it, whether it addresses us, where it stands."""

    def __init__(self, channel: str, me: str, *, voices: Iterable[str], ignored: Iterable[str]) -> None:
        self._channel, self.me = channel, me
        self._server = me.partition(":")[2]
        self._ours = frozenset(account.lower().lstrip("@") for account in voices)
        self._ignored = frozenset(ignored)

    def is_heard(self, event: Event, content: Content) -> bool:
        """Whether a person says something. What we said ourselves carries our mark."""
        if event.is_gone or not event.is_message or event.sender in self._ignored:
            return False
        ours = event.sender == self.me and bool(event.content.mark)
        return not ours and content.msgtype not in _UNSPOKEN and bool(_said(event.type, content))

    def mention(self, event: Event, content: Content, room: Room, *, parent: Event | None, backfilled: bool) -> Mention:
        """`content` is the event's own or that of its last edit, `parent` the event that it answers, if known."""
        relates = event.content
        return Mention(
            channel=self._channel,
            external_id=external_id(room.id, event.event_id),
            author=Handle(channel=self._channel, account_id=event.sender, name=clean(event.sender, limit=255)),
            text=clean(_said(event.type, _without_quote(content) if relates.is_answer else content)),
            posted_at=event.at,
            thread_id=_thread(relates, room, parent),
            in_reply_to=external_id(room.id, relates.answers) if relates.answers else None,
            url=self._link(room.id, event.event_id),
            visibility=Visibility.PUBLIC if room.is_public else Visibility.PRIVATE,
            summoned=room.is_direct or self._addresses_us(content, parent),
            backfilled=backfilled,
            by_brand=event.sender == self.me or self._is_the_brand(event.sender),
        )

    def _is_the_brand(self, user: str) -> bool:
        """A name without a server is one of our own server: anybody may have it on theirs."""
        name, _, server = user.lstrip("@").partition(":")
        return f"{name}:{server}" in self._ours or (name in self._ours and server == self._server)

    def _addresses_us(self, content: Content, parent: Event | None) -> bool:
        """Whether it answers us or names us; clients from before Matrix 1.7 name us in the text only."""
        if parent is not None and parent.sender == self.me:
            return True
        if content.mentions is not None:
            return self.me in content.mentions.user_ids
        return self.me.lower() in f"{content.body} {unquote(content.formatted_body)}".lower()

    def _link(self, room: str, event: str) -> str:
        """Where members of the room, and of a public one all, can see it."""
        return f"https://matrix.to/#/{quote(room, safe='!')}/{quote(event, safe='')}?via={quote(self._server)}"


def _thread(relates: Content, room: Room, parent: Event | None) -> str | None:
    """The thread in which it stands; a room for two is one conversation, and an answer belongs to what it answers."""
    if root := relates.thread or (parent.content.thread if parent is not None else ""):
        return external_id(room.id, root)
    if room.is_direct:
        return room.id
    return external_id(room.id, relates.answers) if relates.answers else None


def _said(kind: str, content: Content) -> str:
    """The words, and what there is beside them. A body is the name of a file where there is no other name."""
    medium = "sticker" if kind == STICKER else _MEDIA.get(content.msgtype)
    match medium:
        case None:
            return content.body
        case "place":
            # nothing is said of where it is
            return "[place]"
        case _:
            name = content.filename or content.body
            caption = content.body if content.filename and content.body != content.filename else ""
            return "\n".join(filter(None, (caption, f"[{medium}: {name}]" if name else f"[{medium}]")))


def _without_quote(content: Content) -> Content:
    """Clients from before Matrix 1.13 quote what they answer: lines with a mark, and an empty one."""
    if not content.body.startswith(_QUOTED):
        return content
    lines = content.body.split("\n")
    own = next((number for number, line in enumerate(lines) if not line.startswith(_QUOTED)), len(lines))
    kept = "\n".join(lines[own:]).lstrip("\n")
    return content.model_copy(update={"body": kept}) if kept else content
