"""Calls to this server against Discord's own description of its API, where that file lies beside the project."""

from __future__ import annotations

from tests.servers.description import SPECS, Description
from tests.servers.discord.server import Call

FILE = SPECS / "discord-openapi.json"
MISSING = "Discord's description is not beside this project"


def complaints(calls: list[Call]) -> list[str]:
    """What of these calls and their answers is not as described; each complaint once."""
    description = Description(FILE)
    return list(dict.fromkeys(said for call in calls for said in _complaints(description, call)))


def _complaints(description: Description, call: Call) -> list[str]:
    said = description.complaints(
        call.method, call.path, query=call.query, body=call.body, status=call.status, answer=call.answer
    )
    if call.status != 400:
        return said
    # what was asked wrongly, on purpose, is not as described; and of the codes beside a field the description says that
    # they are numbers, where Discord's documents and Discord itself have words
    return [complaint for complaint in said if ": answer" in complaint and "$.errors" not in complaint]
