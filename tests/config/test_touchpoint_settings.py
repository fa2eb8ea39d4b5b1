"""An owner's touchpoints: names for the ten, new ones with examples, and one sentence for each mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.reading import Language, Touchpoint
from config.settings import read_settings

Write = Callable[[str], Path]
ROAMING = """
[brand.touchpoints.roaming]
of = "product_use"
es = "Itinerancia"
examples = ["El roaming no va en Portugal", "sin datos al cruzar la frontera", "Roaming worked fine in Italy"]
"""
RENAMED = '[brand.touchpoints.delivery]\nes = "Reparto"\nen = "Dispatch"\n'


def test_a_touchpoint_gets_another_name_and_a_new_one_its_examples(owners: Write) -> None:
    brand = read_settings(owners(RENAMED + ROAMING)).brand

    assert brand.touchpoint_names.renamed == {"delivery": {Language.ES: "Reparto", Language.EN: "Dispatch"}}
    assert brand.touchpoints["roaming"].of is Touchpoint.PRODUCT_USE
    assert len(brand.touchpoints["roaming"].examples) == 3


def test_an_own_one_named_in_one_language_is_called_so_in_both(owners: Write) -> None:
    names = read_settings(owners(ROAMING)).brand.touchpoint_names

    assert names.phrases(Language.EN) == {"own.roaming": "Itinerancia"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            ROAMING.replace("of =", "fo ="),
            "[brand.touchpoints.roaming] the key 'fo' is unknown; known here: en, es, examples, of",
        ),
        (ROAMING.replace('of = "product_use"', ""), "'roaming' has no `of`; add the touchpoint it refines"),
        (ROAMING.replace("product_use", "roads"), "[brand.touchpoints.roaming] of: input should be 'advertising'"),
        (
            ROAMING.replace(', "Roaming worked fine in Italy"', ""),
            "'roaming' has too few different examples (2); give at least 3",
        ),
        (
            ROAMING.replace("Roaming worked fine in Italy", "el roaming no va en portugal"),
            "has too few different examples (2)",
        ),
        ('[brand.touchpoints.delivry]\nes = "Reparto"', "'delivry' has no `of`; did you mean 'delivery'?"),
        (RENAMED + 'of = "store"', "'delivery' is one of the ten and takes only `es` and `en`"),
        ("[brand.touchpoints.delivery]", "'delivery' changes nothing; give it `es`, `en` or both"),
        (ROAMING.replace("touchpoints.roaming", "touchpoints.Data-Roaming"), "'Data-Roaming' is no name"),
        (RENAMED + ROAMING.replace("Itinerancia", "reparto"), "are both called 'reparto' in es; give one another name"),
        (RENAMED.replace("Reparto", "{0}"), "[brand.touchpoints.delivery] es: "),
        (RENAMED.replace("Reparto", "a" * 31), "[brand.touchpoints.delivery] es: "),
    ],
)
def test_a_mistake_is_one_sentence(owners: Write, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(owners(text))

    assert said in str(caught.value)
    assert str(caught.value).startswith("vivencia.toml: ")
    assert "\n" not in str(caught.value)
