"""Which of the mails in a folder are heard, and as what: people's, not machines', and not our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog

from bot.domain.mention import Batch, Handle, Mention, Visibility
from listeners.mailbox_answers import is_ours
from listeners.mailbox_folders import Found
from listeners.mailbox_letters import Letter, Person, read
from listeners.mailbox_place import Place

log = structlog.get_logger(__name__)

_OUR_ANSWER = re.compile(rb"<vivencia\.[0-9a-f]{40}@")
_BOUNCES = frozenset({"report", "null sender"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A mail that a person wrote; `history` if it was there before us."""

    letter: Letter
    author: Person | None
    history: bool


class Letters:
    """`ours` are the brand's own addresses, `ignored` addresses and domains."""

    def __init__(self, channel: str, *, ours: Iterable[str], ignored: Iterable[str]) -> None:
        self._channel = channel
        self._ours = frozenset(ours)
        self._ignored = frozenset(one.lower().lstrip("@") for one in ignored)

    def heard(self, found: Found) -> list[Heard]:
        """Reading mails takes time, so it is called on a thread."""
        heard: list[Heard] = []
        machines = 0
        for mail in found.mails:
            letter = read(mail.body, mail.arrived, self._ours)
            author = self._author(letter)
            if self._is_ours(letter, author) or self._is_ignored(author):
                continue
            if letter.machine is None:
                history = found.place.is_history(mail.number, mail.arrived)
                heard.append(Heard(letter=letter, author=author, history=history))
                continue
            machines += 1
            if letter.machine in _BOUNCES and _OUR_ANSWER.search(mail.body):
                log.warning("an answer of ours came back undelivered", channel=self._channel, number=mail.number)
        if machines:
            log.info("mails that machines sent are not heard", channel=self._channel, number=machines)
        return heard

    def batch(self, heard: Iterable[Heard], threads: Mapping[str, str], place: Place) -> Batch:
        """`threads` tells the first mail of a thread by the only one that a mail of it names."""
        mentions = (self._mention(one, threads.get(one.letter.only_named or "", one.letter.thread)) for one in heard)
        return Batch(mentions=tuple(mentions), cursor=place.written())

    def _author(self, letter: Letter) -> Person | None:
        """Our own contact form writes in our name and says where the answer goes."""
        by_us = letter.author is not None and letter.author.address in self._ours
        if by_us and letter.answer_to and letter.answer_to.address not in self._ours:
            return letter.answer_to
        return letter.sender

    def _is_ours(self, letter: Letter, author: Person | None) -> bool:
        return is_ours(letter.id) or (author is not None and author.address in self._ours)

    def _is_ignored(self, author: Person | None) -> bool:
        return author is not None and bool({author.address, author.address.partition("@")[2]} & self._ignored)

    def _mention(self, heard: Heard, thread: str | None) -> Mention:
        letter, author = heard.letter, heard.author
        # two people without an address are two
        account = author.address if author else f"unknown-{letter.id}"
        return Mention(
            channel=self._channel,
            external_id=letter.id,
            author=Handle(channel=self._channel, account_id=account, name=(author.name if author else "") or account),
            text=letter.text,
            posted_at=letter.at,
            thread_id=thread,
            in_reply_to=letter.in_reply_to,
            url=f"mid:{letter.id}" if "@" in letter.id else None,
            visibility=Visibility.PRIVATE,
            language_hint=letter.language,
            summoned=True,
            backfilled=heard.history,
        )
