"""What an owner says of touchpoints: how people read them, and which the brand tells apart beside the ten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from bot.domain.naming import TouchpointNames
from bot.domain.reading import Language, Touchpoint

FEWEST_EXAMPLES = 3
_TEN = frozenset(Touchpoint)

# names stand in templates, tables and pictures: letters, figures and a few signs
Shown = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\W_][\w &'’./()+-]*$", max_length=30)]
Example = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class TouchpointSettings(BaseModel):
    """One touchpoint: how it is called, and for an own one what it refines and sentences that show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    es: Shown | None = None
    en: Shown | None = None
    of: Touchpoint | None = None
    examples: tuple[Example, ...] = ()

    def names(self) -> dict[Language, str]:
        """Those given, by language."""
        given = ((Language.ES, self.es), (Language.EN, self.en))
        return {language: name for language, name in given if name is not None}


def _whole(tables: Mapping[str, TouchpointSettings]) -> Mapping[str, TouchpointSettings]:
    """Refuse, in one sentence, what is missing or too much, and two touchpoints that read alike."""
    for name, table in tables.items():
        complaint = _of_the_ten(table) if name in _TEN else _of_an_own_one(name, table)
        if complaint:
            message = f"{name!r} {complaint}"
            raise ValueError(message)
    seen: dict[tuple[Language, str], str] = {}
    for name, table in tables.items():
        for language, shown in table.names().items():
            other = seen.setdefault((language, shown.casefold()), name)
            if other != name:
                message = f"{other!r} and {name!r} are both called {shown!r} in {language}; give one another name"
                raise ValueError(message)
    return tables


def _of_the_ten(table: TouchpointSettings) -> str:
    if table.of is not None or table.examples:
        return "is one of the ten and takes only `es` and `en`; add your own under another name"
    return "" if table.names() else "changes nothing; give it `es`, `en` or both"


def _of_an_own_one(name: str, table: TouchpointSettings) -> str:
    if not (name.isascii() and name.isidentifier() and name == name.lower() and len(name) <= 30):
        return "is no name for a touchpoint; use small letters, figures and _, like 'data_roaming'"
    if table.of is None:
        near = get_close_matches(name, sorted(map(str, _TEN)), n=1, cutoff=0.8)
        hint = f"did you mean {near[0]!r}?" if near else "add the touchpoint it refines, like of = 'product_use'"
        return f"has no `of`; {hint}"
    different = len({example.casefold() for example in table.examples})
    if different < FEWEST_EXAMPLES:
        return (
            f"has too few different examples ({different}); give at least {FEWEST_EXAMPLES}, in each of your languages"
        )
    return ""


Touchpoints = Annotated[dict[str, TouchpointSettings], AfterValidator(_whole)]


def names_of(tables: Mapping[str, TouchpointSettings]) -> TouchpointNames:
    """What people read. An own touchpoint that is named in one language is called so in both."""
    own = {name: _in_both(table.names()) for name, table in own_ones(tables)}
    return TouchpointNames(
        renamed={name: table.names() for name, table in tables.items() if name in _TEN},
        own={name: names for name, names in own.items() if names},
    )


def own_ones(tables: Mapping[str, TouchpointSettings]) -> Iterator[tuple[str, TouchpointSettings]]:
    """Those beside the ten, with their names."""
    return ((name, table) for name, table in tables.items() if name not in _TEN)


def _in_both(names: Mapping[Language, str]) -> dict[Language, str]:
    return {language: names.get(language, other) for other in names.values() for language in (Language.ES, Language.EN)}
