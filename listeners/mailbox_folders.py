"""What is done in the folders of a mailbox, on a connection's thread: read what came, keep a copy of what goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import DELETED, FLAGGED, SEEN, IMAPClient
from imapclient.imapclient import SENT

from bot.domain.errors import ChannelRefused
from listeners.mailbox_place import Place

LARGEST = 1_000_000
AT_ONCE = 200
# bytes of mails that are held at once; large ones come in several looks
TOGETHER = 16_000_000
_FETCHED_AT_ONCE = 10
_BODY = f"BODY.PEEK[]<0.{LARGEST}>"
_HEAD = "BODY.PEEK[HEADER]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A mail as it lies there: its beginning, which is all of it unless it is very large."""

    number: int
    arrived: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look found, where it stands now, and whether there is more to read at once."""

    mails: tuple[Raw, ...]
    place: Place
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Our copy of an answer in the folder of sent mails. A star says that nobody knows whether it left."""

    number: int
    at: datetime
    in_doubt: bool


def begun(client: IMAPClient, folder: str, whose: str) -> Place:
    """A first start: whatever is in the folder now is history. `whose` is how the place names it."""
    status = client.select_folder(folder, readonly=True)
    began = _upcoming(client, status)
    # servers tell whole seconds
    now = datetime.now(UTC).replace(microsecond=0)
    validity = int(status.get(b"UIDVALIDITY", 0))
    return Place(folder=whose, validity=validity, upcoming=0, began=began, started=now, seen=now)


def look(client: IMAPClient, folder: str, place: Place, history: timedelta) -> Found:
    """The mails that have come since, oldest first, at most `AT_ONCE` or `TOGETHER`; nothing there is changed."""
    status = client.select_folder(folder, readonly=True)
    validity = int(status.get(b"UIDVALIDITY", 0))
    if validity != place.validity:
        place = place.renumbered(validity, _upcoming(client, status))
    waiting = _waiting(client, place, history)
    rows, asked = _read(client, waiting[:AT_ONCE])
    mails = [mail for mail in rows if mail.body]
    for mail in mails:
        place = place.after(mail.number, mail.arrived)
    # what has been moved away in the meantime is not waited for
    last = asked[-1] if asked else place.began - 1
    place = place.after(last, place.seen)
    return Found(mails=tuple(mails), place=place, more=len(waiting) > len(asked))


def _upcoming(client: IMAPClient, status: Mapping[bytes, Any]) -> int:
    """The lowest number that no mail of the selected folder has had."""
    told: int | None = status.get(b"UIDNEXT")
    return told or max(client.search("ALL"), default=0) + 1


def sent_folder(client: IMAPClient, named: str | None) -> str:
    """Where sent mails are kept; ChannelRefused when that cannot be found out."""
    folder: str | None = named or client.find_special_folder(SENT)
    if folder is None:
        message = "the mailbox has no folder for sent mails that could be recognised: name it in sent_folder"
        raise ChannelRefused(message)
    return folder


def written_folder(client: IMAPClient, named: str | None) -> str | None:
    """The same to read in; None where there is none."""
    folder: str | None = named or client.find_special_folder(SENT)
    return folder if folder is not None and client.folder_exists(folder) else None


def copy_of(client: IMAPClient, folder: str, message_id: str) -> Copy | None:
    """The copy with this id in the folder, which stays selected for changes."""
    client.select_folder(folder)
    # one that was dropped may stand there still, where the server cannot remove a single mail
    numbers = client.search(f"{_named(message_id)} UNDELETED")
    about = client.fetch(numbers[-1:], ["FLAGS", "INTERNALDATE"])
    for number, row in about.items():
        return Copy(number=number, at=_utc(row[b"INTERNALDATE"]), in_doubt=FLAGGED in row[b"FLAGS"])
    return None


def keep_copy(client: IMAPClient, folder: str, mail: bytes, message_id: str) -> Copy | None:
    """Put a copy there, with a star until it is known that the mail left."""
    client.append(folder, mail, flags=[SEEN, FLAGGED])
    return copy_of(client, folder, message_id)


def settle_copy(client: IMAPClient, copy: Copy) -> None:
    """The mail left: no star."""
    client.remove_flags([copy.number], [FLAGGED], silent=True)


def drop_copy(client: IMAPClient, copy: Copy) -> None:
    """The mail did not leave: no copy."""
    client.add_flags([copy.number], [DELETED], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge([copy.number])


def head_of(client: IMAPClient, folder: str, message_id: str) -> Raw | None:
    """The head of a mail, if it is still in the folder."""
    client.select_folder(folder, readonly=True)
    numbers = client.search(_named(message_id))
    return next(iter(_fetched(client, numbers[:1], _HEAD)), None)


def _named(message_id: str) -> str:
    """What to search for. The library quotes only some of what an id may hold."""
    quoted = message_id.replace("\\", "\\\\").replace('"', '\\"')
    return f'HEADER Message-ID "<{quoted}>"'


def _waiting(client: IMAPClient, place: Place, history: timedelta) -> list[int]:
    """The numbers of what is to be read, in their order."""
    if place.upcoming == 0:
        return sorted(client.search(["SINCE", (place.started - history).date()])) if history else []
    # the last mail is always within `n:*`, whatever n is
    found = [number for number in client.search(["UID", f"{place.upcoming}:*"]) if number >= place.upcoming]
    if any(map(place.by_date, found)):
        recent = set(client.search(["SINCE", (place.seen - timedelta(days=1)).date()]))
        found = [number for number in found if number in recent or not place.by_date(number)]
    return sorted(found)


def _read(client: IMAPClient, numbers: list[int]) -> tuple[list[Raw], list[int]]:
    """The first of these mails, until together they are large, and the numbers that were asked for."""
    found, asked = list[Raw](), list[int]()
    for start in range(0, len(numbers), _FETCHED_AT_ONCE):
        if sum(len(mail.body) for mail in found) >= TOGETHER:
            break
        group = numbers[start : start + _FETCHED_AT_ONCE]
        found += _fetched(client, group, _BODY)
        asked += group
    return found, asked


def _fetched(client: IMAPClient, numbers: Iterable[int], what: str) -> list[Raw]:
    wanted, found = list(numbers), list[Raw]()
    for start in range(0, len(wanted), _FETCHED_AT_ONCE):
        rows = client.fetch(wanted[start : start + _FETCHED_AT_ONCE], ["INTERNALDATE", what])
        for number, row in sorted(rows.items()):
            body = next((value for key, value in row.items() if key.startswith(b"BODY[")), None)
            found.append(Raw(number=number, arrived=_utc(row[b"INTERNALDATE"]), body=body or b""))
    return found


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
