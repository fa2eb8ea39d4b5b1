"""Make two customers one at the command line: who exactly is meant, and in which words they agreed."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.customer import Consent
from bot.domain.errors import ConfigError, VivenciaError

if TYPE_CHECKING:
    from bot.domain.customer import Customer
    from bot.domain.ports import History


def consent_given(other: str | None, words: str | None) -> Consent | None:
    """What `--merge` and `--consent` say together; None without either. One without the other is a ConfigError."""
    if other is None and words is None:
        return None
    if other is None:
        raise ConfigError("--consent is for --merge: say who else this customer is")
    if not (words or "").strip():
        raise ConfigError(
            "--merge needs --consent: where, when and in which words the customer agreed to be known on both "
            "accounts; without that no platform allows it"
        )
    return Consent(words=(words or "").strip(), noted_by=getpass.getuser(), noted_at=datetime.now(UTC))


async def merged(history: History, who: str, other: str, consent: Consent) -> Customer:
    """The customer who is both. Refused where it is not certain who is meant, or where they are one already."""
    kept, gone = await _exactly(history, who), await _exactly(history, other)
    if kept.id == gone.id:
        raise VivenciaError(f"{who} and {other} are one customer already")
    return await history.merge(kept.id, gone.id, consent)


async def _exactly(history: History, who: str) -> Customer:
    found = [customer for customer in await history.customers(who) if customer.erased_at is None]
    if not found:
        raise VivenciaError(f"nobody called {who} has written yet; give channel:account, channel:@name or customer id")
    if len(found) > 1:
        accounts = sorted(f"{handle.channel}:{handle.account_id}" for each in found for handle in each.handles)
        raise VivenciaError(f"{who} may be any of {', '.join(accounts)}; name the one you mean like that")
    return found[0]
