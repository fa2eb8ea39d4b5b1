"""The picture is drawn for every kind of day, in both languages, and says the same in words."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from matplotlib.axes import Axes
from matplotlib.image import imread
from matplotlib.text import Text

from bot.domain.digest import Digest, Edition
from bot.domain.naming import TouchpointNames
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.insight.charts import beside, draw_digest
from bot.insight.digest_text import digest_text
from bot.insight.figures import Figures
from bot.insight.wording import wording

Story = Callable[..., Awaitable[Digest]]


def _size(path: Path) -> tuple[int, int]:
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
@pytest.mark.parametrize("edition", Edition)
async def test_a_full_edition_is_one_picture_with_alternative_text(
    story: Story, tmp_path: Path, edition: Edition, language: Language
) -> None:
    path = tmp_path / "digest.png"

    said = draw_digest(await story(edition=edition), path, language)

    assert _size(path) == (1600, 900)
    assert ("Entrega" if language is Language.ES else "Delivery") in said
    assert "\u00a0" not in said


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
async def test_the_shares_beside_the_bars_are_those_of_the_text(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    digest, drawn = await story(language=language), list[str]()

    def written(axes: Axes, x: float, y: float, s: str, **looks: Any) -> Text:
        drawn.append(s)
        return text(axes, x, y, s, **looks)

    text = Axes.text
    monkeypatch.setattr(Axes, "text", written)
    draw_digest(digest, tmp_path / "digest.png", language)

    table = digest_text(digest, language).partition("3) ")[2].partition("4) ")[0].splitlines()[1:]
    shares = [re.split(r"  +", row)[4] for row in table]
    assert shares[2] == "1/9"
    assert [said.replace("\u00a0", " ").partition("·  ")[2] for said in drawn] == [f"{share} neg." for share in shares]


async def test_a_touchpoint_without_a_voice_has_no_share(
    only: Story, entry: Any, local: Callable[..., datetime], bad_day: date
) -> None:
    before = [
        entry(at=local(bad_day - timedelta(days=back), 9), sentiment=Sentiment.NEUTRAL, touchpoint=place, text="hola")
        for back in range(1, 9)
        for place in (Touchpoint.STORE, Touchpoint.BILLING)
    ]
    now = entry(at=local(bad_day, 9), sentiment=Sentiment.NEGATIVE, touchpoint=Touchpoint.STORE, text="mal")

    digest = await only([*before, now])

    words, figures = wording(Language.EN), Figures(Language.EN, ZoneInfo(digest.zone))
    assert [beside(line, words, figures) for line in digest.touchpoints] == ["1  ·  1/1 neg.", "0"]


async def test_no_mentions_are_a_picture_too(only: Story, tmp_path: Path) -> None:
    said = draw_digest(await only([]), tmp_path / "none.png", Language.ES)

    assert _size(tmp_path / "none.png") == (1600, 900)
    assert "Día sin menciones: nada pendiente. 0 menciones" in said


async def test_few_mentions_without_a_touchpoint_are_a_picture_too(
    only: Story, entry: Any, local: Callable[..., datetime], bad_day: date, tmp_path: Path
) -> None:
    one = [entry(at=local(bad_day, 9), sentiment=Sentiment.POSITIVE, touchpoint=None, text="gracias")]

    digest = await only(one)
    spanish, english = (draw_digest(digest, tmp_path / "one.png", spoken) for spoken in (Language.ES, Language.EN))

    assert "1 mención: 0 negativas, 0 neutras, 1 positiva." in spanish
    assert "1 mention: 0 negative, 0 neutral, 1 positive." in english


async def test_a_name_that_the_font_cannot_draw_and_a_price_do_no_harm(story: Story, tmp_path: Path) -> None:
    """Warnings are errors here: a missing glyph or a broken formula would warn or raise."""
    odd = replace(await story(), brand="靴屋 👟 $_{$ 5")

    draw_digest(odd, tmp_path / "odd.png", Language.EN)

    assert _size(tmp_path / "odd.png") == (1600, 900)


async def test_the_longest_names_of_touchpoints_stay_out_of_the_picture_beside_them(
    story: Story, tmp_path: Path
) -> None:
    longest = {place.value: {Language.ES: "Devoluciones y reembolsos MWWW"} for place in Touchpoint}
    digest = replace(await story(), names=TouchpointNames(renamed=longest))

    draw_digest(digest, tmp_path / "long.png", Language.ES)

    # between the two pictures: right of the hours, left of the names
    between = imread(tmp_path / "long.png")[230:780, 889:896]
    assert (between == 1).all()


async def test_the_usual_line_goes_by_the_clock_when_the_clocks_change(
    only: Story, entry: Any, local: Callable[..., datetime], tmp_path: Path
) -> None:
    sunday = date(2026, 3, 29)
    days = [sunday - timedelta(days=back) for back in range(9)]
    noons = [
        entry(at=local(day, 12, minute), sentiment=Sentiment.NEUTRAL, touchpoint=None, text="hola qué tal")
        for day in days
        for minute in range(10)
    ]
    path = tmp_path / "spring.png"

    draw_digest(await only(noons, sunday), path, Language.ES)

    # 23 bars; that of 12:00 is the twelfth, where the dashed line goes up and nowhere else
    picture, ink = imread(path), (0.133, 0.188, 0.235)

    def goes_up(bar: int) -> bool:
        centre = 88 + round(34.2 * (bar + 0.7))
        return bool((abs(picture[230:300, centre - 12 : centre + 12, :3] - ink) < 0.1).all(axis=2).any())

    assert [bar for bar in range(23) if goes_up(bar)] == [11]


def test_nothing_but_drawing_imports_matplotlib() -> None:
    code = (
        "import sys, bot.insight.charts, bot.insight.digest_text, bot.desk.console; print('matplotlib' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
