"""What counts as an answer to a question with a number."""

from __future__ import annotations

import pytest

from bot.domain.action import SurveyKind
from bot.domain.survey import score_in


@pytest.mark.parametrize(
    ("text", "kind", "score"),
    [
        ("5", SurveyKind.CSAT, 5),
        ("  4 \n", SurveyKind.CSAT, 4),
        ("@zarapito 5", SurveyKind.CSAT, 5),
        ("@zarapito @otra_cuenta 3", SurveyKind.CSAT, 3),
        ("@zarapito.bsky.social 4", SurveyKind.CSAT, 4),
        ("@zarapito@mastodon.example 4", SurveyKind.CSAT, 4),
        ("@vivencia:matrix.example 4", SurveyKind.CSAT, 4),
        ("@cañón 4", SurveyKind.CSAT, 4),
        ("5/5", SurveyKind.CSAT, 5),
        ("4 / 5", SurveyKind.CSAT, 4),
        ("5!!", SurveyKind.CSAT, 5),
        ("3.", SurveyKind.CSAT, 3),
        ("0", SurveyKind.NPS, 0),
        ("10", SurveyKind.NPS, 10),
        ("9/10", SurveyKind.NPS, 9),
        ("7", SurveyKind.CES, 7),
    ],
)
def test_a_bare_number_on_the_scale_is_a_score(text: str, kind: SurveyKind, score: int) -> None:
    assert score_in(text, kind) == score


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("10/5", SurveyKind.CSAT),
        ("4/10", SurveyKind.CSAT),
        ("0", SurveyKind.CSAT),
        ("6", SurveyKind.CSAT),
        ("8", SurveyKind.CES),
        ("11", SurveyKind.NPS),
        ("100", SurveyKind.NPS),
        ("-1", SurveyKind.NPS),
        ("creo que un 4", SurveyKind.CSAT),
        ("4 días llevo esperando", SurveyKind.CSAT),
        ("cinco", SurveyKind.CSAT),
        ("4,5", SurveyKind.CSAT),
        ("4?", SurveyKind.CSAT),
        ("4 5", SurveyKind.CSAT),
        ("٤", SurveyKind.CSAT),
        ("²", SurveyKind.CSAT),
        ("@zarapito", SurveyKind.CSAT),
        ("", SurveyKind.CSAT),
    ],
)
def test_an_answer_that_is_not_understood_is_no_score(text: str, kind: SurveyKind) -> None:
    assert score_in(text, kind) is None
