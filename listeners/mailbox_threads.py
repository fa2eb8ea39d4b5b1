"""Find the first mail of a thread for one that names only the mail it answers, as some programs write them."""

from __future__ import annotations

from collections.abc import Sequence

from imapclient import IMAPClient

from listeners.mailbox_folders import head_of
from listeners.mailbox_letters import read

# a thread of mails without References is walked up so far
_LONGEST = 20


def first_of(client: IMAPClient, folders: Sequence[str], answered: str) -> str:
    """The id of the first mail of the thread in which this one stands, as far as mails lie in these folders."""
    walked: dict[str, None] = {}
    above: str | None = answered
    while above is not None and above not in walked and len(walked) < _LONGEST:
        walked[above] = None
        found = (head_of(client, folder, above) for folder in folders)
        head = next((one for one in found if one is not None), None)
        letter = read(head.body, head.arrived) if head else None
        if letter is not None and letter.references:
            return letter.references[0]
        above = letter.in_reply_to if letter else None
    return [*walked][-1]
