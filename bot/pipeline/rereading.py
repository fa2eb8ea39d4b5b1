"""How a person's reading of a mention takes the place of the machine's, and what of it is told in labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.domain.agent import Agent
from bot.domain.deskwork import Reread
from bot.domain.experience import Experience, ExperienceId
from bot.domain.reason import Value

_LABELS = ("stage", "touchpoint", "sentiment", "what")


def reread_by(lived: Experience, reread: Reread, by: Agent, *, press: str) -> Experience:
    """A row of its own. The owner's own touchpoint goes with the touchpoint that it lies in."""
    touchpoint = lived.touchpoint if reread.touchpoint is None else reread.touchpoint
    return replace(
        lived,
        id=ExperienceId(blake2b(f"{lived.id}/{press}".encode(), digest_size=16).hexdigest()),
        stage=reread.stage or lived.stage,
        touchpoint=touchpoint,
        sentiment=reread.sentiment or lived.sentiment,
        what=reread.intents[0].value if reread.intents else lived.what,
        own=lived.own if touchpoint is lived.touchpoint else None,
        confidence=1.0,
        corrected_by=by.id,
    )


def changes(before: Sequence[Experience], after: Sequence[Experience]) -> dict[str, Value]:
    """Per kind of label what became what: `{"touchpoint": ("delivery → store",)}`."""
    told = {
        label: tuple(
            f"{_label(old, label)} → {_label(new, label)}"
            for old, new in zip(before, after, strict=True)
            if _label(old, label) != _label(new, label)
        )
        for label in _LABELS
    }
    return {label: changed for label, changed in told.items() if changed}


def _label(lived: Experience, label: str) -> str:
    value = getattr(lived, label)
    return str(value) if value else "—"
