"""How a brand calls its touchpoints, and which it tells apart beside the ten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.reading import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointNames:
    """What people read in Spanish and in English; labels in data stay as they are.

    `renamed` is by touchpoint, `own` by the name of an own one. Where a language is missing, a renamed touchpoint keeps
    its usual name there.
    """

    renamed: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)
    own: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)

    def phrases(self, language: Language) -> dict[str, str]:
        """What takes the place of the usual wording, by its key: `touchpoint.…`, or `own.…`."""
        named = {"touchpoint": self.renamed, "own": self.own}
        return {
            f"{group}.{name}": names[language]
            for group, table in named.items()
            for name, names in table.items()
            if language in names
        }


USUAL_NAMES = TouchpointNames()
