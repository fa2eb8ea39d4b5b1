"""What Matrix events say: messages, edits, redactions, who came; as little of it as is needed, and none of it trusted.

Anybody may write anything into an event, so that a part of it that is not as described counts as not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticUseDefault

MARK = "vivencia.key"
"""The name in an answer's content under which it carries its key, for whoever looks it up."""

MESSAGE, STICKER, REDACTION, ENCRYPTED = "m.room.message", "m.sticker", "m.room.redaction", "m.room.encrypted"
MEMBER, ENCRYPTION, CREATE = "m.room.member", "m.room.encryption", "m.room.create"
REPLACE, THREAD = "m.replace", "m.thread"


def _or_default(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        raise PydanticUseDefault from None


_Loose = WrapValidator(_or_default)
Words = Annotated[str, _Loose]


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Target(_Told):
    event_id: Words = ""


class Relation(_Told):
    """How an event refers to another one; `is_falling_back` is for clients that know no threads."""

    rel_type: Words = ""
    event_id: Words = ""
    in_reply_to: Annotated[Target, _Loose] = Field(default=Target(), alias="m.in_reply_to")
    is_falling_back: Annotated[bool, _Loose] = False


class Named(_Told):
    user_ids: Annotated[list[str], _Loose] = []


class Content(_Told):
    """What an event is about; which part is filled depends on its type."""

    msgtype: Words = ""
    body: Words = ""
    filename: Words = ""
    formatted_body: Words = ""
    mentions: Annotated[Named | None, _Loose] = Field(default=None, alias="m.mentions")
    relates_to: Annotated[Relation, _Loose] = Field(default=Relation(), alias="m.relates_to")
    new_content: Annotated[dict[str, Any] | None, _Loose] = Field(default=None, alias="m.new_content")
    mark: Words = Field(default="", alias=MARK)
    redacts: Words = ""
    membership: Words = ""
    is_direct: Annotated[bool, _Loose] = False
    type: Words = ""
    alias: Words = ""

    @property
    def is_answer(self) -> bool:
        return bool(self.relates_to.in_reply_to.event_id)

    @property
    def refers(self) -> bool:
        """Whether it refers to another event in any way."""
        return self.is_answer or bool(self.relates_to.rel_type)

    @property
    def answers(self) -> str:
        """The event it answers, if somebody chose it."""
        return "" if self.relates_to.is_falling_back else self.relates_to.in_reply_to.event_id

    @property
    def thread(self) -> str:
        """The event with which its thread began."""
        return self.relates_to.event_id if self.relates_to.rel_type == THREAD else ""


class Unsigned(_Told):
    """What our own server adds to an event."""

    redacted_because: object = None
    prev_content: Annotated[Content, _Loose] = Content()


class Event(_Told):
    """One event in a room. Only its id, its type and its author are needed."""

    event_id: str
    type: str
    sender: str
    origin_server_ts: Annotated[int | None, _Loose] = None
    state_key: Annotated[str | None, _Loose] = None
    content: Annotated[Content, _Loose] = Content()
    unsigned: Annotated[Unsigned, _Loose] = Unsigned()
    redacts: Words = ""

    @property
    def at(self) -> datetime:
        """When it was written, as the author's server says; nobody writes in the future."""
        now = datetime.now(UTC)
        try:
            at = now if self.origin_server_ts is None else datetime.fromtimestamp(self.origin_server_ts / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return now
        return min(at, now)

    @property
    def is_gone(self) -> bool:
        return self.unsigned.redacted_because is not None

    @property
    def takes_back(self) -> str:
        """The event that it redacts; where that stands depends on the version of the room."""
        return (self.content.redacts or self.redacts) if self.type == REDACTION else ""

    @property
    def replaces(self) -> str:
        """The event whose new form this is."""
        relation = self.content.relates_to
        is_edit = relation.rel_type == REPLACE and self.content.new_content is not None and not self.is_gone
        return relation.event_id if is_edit and self.type == MESSAGE else ""

    @property
    def is_message(self) -> bool:
        """Whether it is said for itself: no state, no edit."""
        return (
            self.type in {MESSAGE, STICKER} and self.state_key is None and self.content.relates_to.rel_type != REPLACE
        )

    def membership_of(self, user: str) -> str:
        return self.content.membership if self.type == MEMBER and self.state_key == user else ""


class Stripped(_Told):
    """What is told of a room to whom it is not open yet."""

    events: list[dict[str, Any]] = []


class Invitation(_Told):
    """An invitation, with the little state that comes along."""

    invite_state: Annotated[Stripped, _Loose] = Stripped()

    def told(self, kind: str, key: str = "") -> Content | None:
        """What the room's state says of this; None where it says nothing."""
        for state in self.invite_state.events:
            if state.get("type") == kind and state.get("state_key") == key:
                return content_of(state.get("content"))
        return None


class _Invited(_Told):
    invite: Annotated[dict[str, Invitation], _Loose] = {}


class _Sync(_Told):
    rooms: Annotated[_Invited, _Loose] = _Invited()


def invitations(told: object) -> dict[str, Invitation]:
    """By room, out of the answer to a sync; nio leaves out whether a room is encrypted."""
    try:
        return _Sync.model_validate(told).rooms.invite
    except ValidationError:
        return {}


def content_of(told: object) -> Content:
    try:
        return Content.model_validate(told)
    except ValidationError:
        return Content()


def readable(events: Iterable[Any]) -> list[Event]:
    """Those of nio's events that have at least an id, a type and an author."""
    found = []
    for event in events:
        try:
            found.append(Event.model_validate(event.source))
        except ValidationError:
            continue
    return found


def external_id(room: str, event: str) -> str:
    """An event is answered in its room."""
    return f"{room}/{event}"


def place_of(external: str) -> tuple[str, str]:
    """Room and event; in old rooms an event's id may have a slash of its own."""
    room, _, event = external.rpartition("/$")
    return room, f"${event}"
