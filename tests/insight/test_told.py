"""What channels tell in English is read in Spanish too, where it is known; and stays as it is where it is not."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from bot.insight.told import told_in
from bot.insight.wording import wording
from listeners.registry import GROUP
from tests.contracts.stage import open_stage

ES, EN = wording(Language.ES), wording(Language.EN)
STAGES = Path(__file__).parents[1] / "contracts" / "stages"
# what has no words to translate: names and versions
SAME = ("Mastodon 4",)

CHANNELS = [
    point
    for point in entry_points(group=GROUP)
    if (STAGES / f"{point.name}.py").exists() and point.load().check is not None
]


@pytest.mark.parametrize("point", CHANNELS, ids=lambda point: point.name)
async def test_every_fact_that_our_channels_tell_is_known_in_spanish(point: EntryPoint, tmp_path: Path) -> None:
    kind = point.load()
    async with open_stage(point.name, tmp_path) as stage:
        settings = kind.settings(**stage.table())
        account = await kind.check("told", settings, Surroundings(home=tmp_path, accounts=stage.accounts))

    facts = [*account.rights, *account.limits, *account.notes]
    unknown = [fact for fact in facts if told_in(ES, fact) == fact and not fact.startswith(SAME)]
    assert unknown == [], "put them under [told] in bot/insight/wording, in both languages"


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("500 characters", "500 caracteres"),
        ("3,000 calls in 5 minutes", "3.000 llamadas en 5 minutos"),
        (
            "the server takes 500 characters: set limit to use them",
            "el servidor admite 500 caracteres: pon limit para usarlos",
        ),
        ("access level: not told by X", "nivel de acceso: X no lo dice"),
        (
            "NOT: reads its inbox (the app lacks the scope privatemessages)",
            "NO: lee su buzón (a la aplicación le falta el permiso privatemessages)",
        ),
        (
            "unexpected KeyError in its code; the log has it",
            "KeyError inesperado en su código; está en el registro",
        ),
        ("503 Service Unavailable", "503 Service Unavailable"),
        ("{n} characters of {nothing}", "{n} characters of {nothing}"),
    ],
)
def test_a_sentence_is_said_in_spanish_with_what_varies_in_it(text: str, spanish: str) -> None:
    assert (told_in(ES, text), told_in(EN, text)) == (spanish, text)


def test_each_english_sentence_is_recognised_as_itself() -> None:
    known = {key: text for key, text in EN.phrases.items() if key.startswith("told.")}

    assert {key: told_in(ES, text) for key, text in known.items()} == {key: ES.phrases[key] for key in known}
