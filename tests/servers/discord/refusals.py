"""How Discord says no: a status, and a body with one of its documented codes."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web


def answer(shown: object, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as Discord sends it: its content type names no character set."""
    body = json.dumps(shown).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json", **(headers or {})})


class Refused(Exception):
    """A call that Discord refuses."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors

    def answer(self) -> web.Response:
        return answer(self.body, status=self.status)


def unauthorized() -> Refused:
    return Refused(401, 0, "401: Unauthorized")


def no_such_route() -> Refused:
    return Refused(404, 0, "404: Not Found")


def unknown_channel() -> Refused:
    return Refused(404, 10003, "Unknown Channel")


def unknown_guild() -> Refused:
    return Refused(404, 10004, "Unknown Guild")


def unknown_member() -> Refused:
    return Refused(404, 10007, "Unknown Member")


def unknown_message() -> Refused:
    return Refused(404, 10008, "Unknown Message")


def unknown_user() -> Refused:
    return Refused(404, 10013, "Unknown User")


def unknown_command() -> Refused:
    return Refused(404, 10063, "Unknown application command")


def unknown_interaction() -> Refused:
    return Refused(404, 10062, "Unknown interaction")


def unknown_webhook() -> Refused:
    return Refused(404, 10015, "Unknown Webhook")


def answered_already() -> Refused:
    return Refused(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def not_yours() -> Refused:
    return Refused(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Refused:
    return Refused(400, 50006, "Cannot send an empty message")


def unknown_overwrite() -> Refused:
    return Refused(404, 10009, "Unknown permission overwrite")


def unknown_role() -> Refused:
    return Refused(404, 10011, "Unknown Role")


def too_many_pins() -> Refused:
    return Refused(400, 30003, "Maximum number of pinned messages in a channel reached (250)")


def too_many_commands() -> Refused:
    return Refused(400, 30032, "Maximum number of application commands reached (100)")


def too_many_channels() -> Refused:
    return Refused(400, 30013, "Maximum number of server channels reached (500)")


def too_large() -> Refused:
    return Refused(413, 40005, "Request entity too large")


def tag_wanted() -> Refused:
    return Refused(400, 40067, "A tag is required to create a forum post in this channel")


def wrong_channel_type() -> Refused:
    return Refused(400, 50024, "Cannot execute action on this channel type")


def too_many_threads() -> Refused:
    return Refused(400, 160006, "Maximum number of active threads reached")


def closed_to_you() -> Refused:
    return Refused(403, 50007, "Cannot send messages to this user")


def no_text_channel() -> Refused:
    return Refused(400, 50008, "Cannot send messages in a non-text channel")


def archived() -> Refused:
    return Refused(400, 50083, "Thread is archived")


def no_history_to_answer() -> Refused:
    return Refused(403, 160002, "Cannot reply without permission to read message history")


def has_a_thread() -> Refused:
    return Refused(400, 160004, "A thread has already been created for this message")


def locked() -> Refused:
    return Refused(403, 160005, "Thread is locked")


def too_many_tags() -> Refused:
    return Refused(400, 30046, "Maximum number of tags reached")


def token_expired() -> Refused:
    return Refused(401, 50027, "Invalid Webhook Token")


def bad_form(field: str, code: str, message: str) -> Refused:
    """`field` may be a path: `embeds.0.title`."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(field.split(".")):
        errors = {name: errors}
    return Refused(400, 50035, "Invalid Form Body", errors)


def too_long(field: str, most: int) -> Refused:
    return bad_form(field, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def required(field: str) -> Refused:
    return bad_form(field, "BASE_TYPE_REQUIRED", "This field is required")
