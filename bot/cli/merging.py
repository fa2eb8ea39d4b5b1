"""Make two customers one at the command line: who exactly is meant, and in which words they agreed."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli.options import refusal
from bot.domain.customer import Consent
from bot.domain.errors import ConfigError, VivenciaError

if TYPE_CHECKING:
    from bot.domain.customer import Customer
    from bot.domain.ports.store import History
    from bot.domain.reading import Language


def consent_given(other: str | None, words: str | None, language: Language) -> Consent | None:
    """What `--merge` and `--consent` say together; None without either. One without the other is a ConfigError."""
    if other is None and words is None:
        return None
    if other is None:
        raise ConfigError(refusal(language, "consent_alone"))
    if not (words or "").strip():
        raise ConfigError(refusal(language, "no_consent"))
    return Consent(words=(words or "").strip(), noted_by=getpass.getuser(), noted_at=datetime.now(UTC))


async def merged(history: History, both: tuple[str, str], consent: Consent, language: Language) -> Customer:
    """The customer who is both. Refused where it is not certain who is meant, or where they are one already."""
    who, other = both
    kept, gone = await exactly(history, who, language), await exactly(history, other, language)
    if kept.id == gone.id:
        raise VivenciaError(refusal(language, "one_already", who=who, other=other))
    return await history.merge(kept.id, gone.id, consent)


async def exactly(history: History, who: str, language: Language) -> Customer:
    """The one customer that `who` means; refused where it may be several, or nobody."""
    found = [customer for customer in await history.customers(who) if customer.erased_at is None]
    if not found:
        raise VivenciaError(refusal(language, "nobody", who=who))
    if len(found) > 1:
        accounts = sorted(f"{handle.channel}:{handle.account_id}" for each in found for handle in each.handles)
        raise VivenciaError(refusal(language, "several", who=who, accounts=", ".join(accounts)))
    return found[0]
