"""All wording that people read, one table per language: `wording/es.toml` and `wording/en.toml` of a room."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from bot.domain.naming import TouchpointNames
from bot.domain.reading import Language, Touchpoint


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases by dotted key, in Spanish or English."""

    language: Language
    phrases: Mapping[str, str]

    def say(self, key: str, /, **values: str) -> str:
        """The phrase with its {placeholders} filled in. An unknown key is a fault of the program and raises."""
        return self.phrases[key].format(**values)

    def count(self, key: str, number: int, /, **values: str) -> str:
        """`key.one` or `key.other`, whose {n} is the number, or as `values` write it."""
        return self.say(f"{key}.one" if number == 1 else f"{key}.other", **{"n": str(number), **values})

    def touchpoint(self, touchpoint: Touchpoint, own: str | None = None) -> str:
        """The touchpoint's name, with a capital, and behind it that of the owner's own touchpoint within it.

        One that is no longer in the configuration is shown by what it was called there.
        """
        name = self.say(f"touchpoint.{touchpoint}")
        if own is None:
            return name
        return f"{name} › {self.phrases.get(f'own.{own}', own.replace('_', ' ').capitalize())}"

    def channel(self, channel: str) -> str:
        """The channel as people call it; one that is named nowhere by its own name, with a capital."""
        return self.phrases.get(f"channel_name.{channel}", channel.replace("_", " ").capitalize())

    def with_names(self, names: TouchpointNames) -> Wording:
        """The same with the brand's names for touchpoints."""
        return replace(self, phrases={**self.phrases, **names.phrases(self.language)})


@cache
def wording(language: Language, room: str = "bot.insight") -> Wording:
    """The table of a package, in Spanish for Spanish and in English for everybody else."""
    spoken = Language.ES if language is Language.ES else Language.EN
    text = (files(room) / "wording" / f"{spoken}.toml").read_text(encoding="utf-8")
    return Wording(spoken, dict(_flat(tomllib.loads(text), "")))


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
