"""Write the mail that answers a mail: in its thread, marked as a machine's, its id derived from the outbox key."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, formataddr

from bot.domain.action import Reply
from bot.domain.errors import ChannelRefused
from bot.domain.mention import Mention
from bot.domain.reading import Language
from bot.domain.text import clean
from listeners.mailbox_letters import ADDRESS, MESSAGE_ID, WITHOUT_ID, Letter, Person

_PREFIX = re.compile(r"(?:\s*(?:re|rv|aw|fw|fwd|res|enc)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_SUBJECTS = {Language.ES: "tu mensaje", Language.EN: "your message"}
_REFERENCES = 10
_OURS = "vivencia."
_WIRE = compat32.clone(linesep="\r\n", max_line_length=900, mangle_from_=False)


def id_of(key: str, *, channel: str, address: str) -> str:
    """The Message-ID of the answer with this key, without brackets: the same for ever."""
    secret = hashlib.sha256(f"{channel}\n{address}\n{key}".encode()).hexdigest()[:40]
    return f"{_OURS}{secret}@{address.rpartition('@')[2]}"


def is_ours(message_id: str) -> bool:
    """Whether a mail was written here."""
    return message_id.startswith(_OURS)


def recipient(to: Mention) -> str:
    """Whom to answer; ChannelRefused when that is nobody."""
    address = to.author.account_id
    if not ADDRESS.fullmatch(address):
        message = "the mail names no sender who could be answered"
        raise ChannelRefused(message)
    if not address.isascii():
        message = "the sender's address has letters that few mail servers take; a person must answer"
        raise ChannelRefused(message)
    return address


def written(  # noqa: PLR0913 - what it says, to whom, and from whom
    reply: Reply, text: str, to: Mention, *, original: Letter | None, sender: Person, message_id: str, now: datetime
) -> bytes:
    """The whole mail as it goes over the wire. `original` is the mail it answers, where that can still be found."""
    mail = Message(policy=_WIRE)
    mail["From"] = _address(sender)
    mail["To"] = recipient(to)
    mail["Subject"] = Header(_subject(original, reply.language), "utf-8", header_name="Subject").encode(linesep="\r\n")
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}>"
    if answered := referred(to):
        mail["In-Reply-To"] = f"<{answered}>"
        mail["References"] = " ".join(f"<{one}>" for one in _chain(original, to, answered))
    if not reply.draft_only:
        # a text that a machine may send by itself; other machines shall leave it alone
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail["MIME-Version"] = "1.0"
    readable = Charset("utf-8")
    readable.body_encoding = QP
    mail.set_payload(text + "\n", readable)
    return mail.as_bytes()


def _address(person: Person) -> str:
    return formataddr((clean(" ".join(person.name.split()), limit=100), person.address), charset="utf-8")


def _subject(original: Letter | None, language: Language) -> str:
    asked = _PREFIX.sub("", original.subject, count=1) if original else ""
    one_line = clean(" ".join(asked.split()), limit=150)
    return f"Re: {one_line or _SUBJECTS.get(language, _SUBJECTS[Language.EN])}"


def referred(to: Mention) -> str | None:
    """The Message-ID of the mail that is answered; one that had none cannot be referred to."""
    name = to.external_id
    return name if MESSAGE_ID.fullmatch(name) and not name.startswith(WITHOUT_ID) else None


def _chain(original: Letter | None, to: Mention, answered: str) -> list[str]:
    """The mails of the thread: its first, its last, and the one that is answered."""
    thread = to.thread_id if to.thread_id and MESSAGE_ID.fullmatch(to.thread_id) else None
    above = original.references if original and original.references else (original.in_reply_to,) if original else ()
    # whoever answers by our references must come out in the same thread
    known = [one for one in dict.fromkeys((thread, *above)) if one]
    kept = dict.fromkeys([*known[:1], *known[1:][-_REFERENCES:]])
    kept.pop(answered, None)
    return [*kept, answered]
