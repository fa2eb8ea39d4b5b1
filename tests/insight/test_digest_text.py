"""The digest reads as drawn, in Spanish and in English, on a screen of any usual width."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from bot.domain.action import SurveyKind
from bot.domain.cost import WhenSpent
from bot.domain.digest import CaseTally, ChannelTally, DataQuality, Digest, Edition, LoopTally, Promises, Trend
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.domain.survey import Score
from bot.insight import digest_json
from bot.insight.columns import cells
from bot.insight.digest_json import as_json
from bot.insight.digest_text import digest_text, written
from bot.insight.headline import headline
from bot.insight.parts.covered import usual_label
from bot.insight.wording import wording

NOON = datetime(2026, 5, 12, 11, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"
BOTH = (Language.ES, Language.EN)
Story = Callable[..., Awaitable[Digest]]
Local = Callable[..., datetime]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("edition", Edition)
async def test_the_digest_reads_as_it_was_agreed(
    story: Story, language: Language, edition: Edition, bad_day: date
) -> None:
    day = bad_day if edition is Edition.DAILY else bad_day - timedelta(days=2)

    text = digest_text(await story(day, edition=edition, language=language), language)

    assert text + "\n" == (GOLDEN / f"{edition}_{language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("width", [96, 80, 60])
async def test_lines_fit_the_width(story: Story, language: Language, width: int) -> None:
    text = digest_text(await story(), language, width=width)

    prose = [line for line in text.splitlines() if not re.search(r"\d {2,}\S+ {2,}", line)]
    assert max(map(cells, prose)) <= width
    assert max(map(cells, text.splitlines())) < 100


async def test_numbers_are_written_as_each_language_does(story: Story) -> None:
    digest = await story()

    assert "24 %" in digest_text(digest, Language.ES)
    assert "4,2" in digest_text(digest, Language.ES)
    assert "24%" in digest_text(digest, Language.EN)
    assert "4.2" in digest_text(digest, Language.EN)


async def test_arrows_stand_only_where_the_figures_support_them(story: Story, bad_day: date) -> None:
    worse, ordinary = await story(), await story(bad_day - timedelta(days=4))

    assert "▲ Entrega" in digest_text(worse, Language.ES)
    assert not set("▲▼") & set(digest_text(ordinary, Language.ES))
    assert "pocos datos" in digest_text(ordinary, Language.ES)


async def test_what_grew_beyond_all_measure_is_said_in_times(story: Story, bad_day: date) -> None:
    digest = await story()
    usual = replace(digest.usual, mentions=7 * digest.usual_periods)

    assert "▲ (×12)" in digest_text(replace(digest, usual=usual), Language.ES)
    assert "▲ (+53%)" in digest_text(digest, Language.EN)


@pytest.mark.parametrize(
    ("language", "words"), [(Language.ES, "lo normal es una como mucho"), (Language.EN, "usually")]
)
async def test_a_spike_where_next_to_nothing_is_usual_is_no_multiple_of_it(
    story: Story, language: Language, words: str
) -> None:
    digest = await story()
    out_of_nothing = replace(digest.spikes[0], mentions=32, times_usual=32.0)

    said = digest_text(replace(digest, spikes=(out_of_nothing,)), language)

    assert words in said
    assert "×32" not in said


@pytest.mark.parametrize(("language", "word"), [(Language.ES, "(antes"), (Language.EN, "(before")])
async def test_what_was_not_measured_before_is_not_compared(story: Story, language: Language, word: str) -> None:
    digest = await story()

    assert word in digest_text(digest, language)
    assert word not in digest_text(replace(digest, cases_before=CaseTally()), language)


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.ES, "día sin menciones: 2 menciones por leer"), (Language.EN, "1 mention still to be read")],
)
async def test_nothing_is_pending_only_where_nothing_waits_to_be_read(
    only: Story, bad_day: date, language: Language, said: str
) -> None:
    digest = await only([], day=bad_day)
    waiting = DataQuality(waiting=2 if language is Language.ES else 1)

    assert headline(replace(digest, quality=waiting), language).endswith(said)


async def test_a_quiet_day_says_so_and_nothing_else(only: Story, entry: Any, local: Local, bad_day: date) -> None:
    three = [
        entry(at=local(bad_day, hour), sentiment=Sentiment.NEUTRAL, touchpoint=None, text="hola")
        for hour in (9, 10, 11)
    ]
    digest = await only(three)

    assert headline(digest, Language.ES) == "día tranquilo: 3 menciones, nada pendiente"
    assert headline(digest, Language.EN) == "quiet day: 3 mentions, nothing pending"
    assert digest_text(digest, Language.ES).splitlines()[1:] == [
        "1) En una línea: día tranquilo: 3 menciones, nada pendiente.",
        "Calidad del dato: todo leído y clasificado",
    ]


async def test_few_mentions_with_unhappy_people_are_no_quiet_day(
    only: Story, entry: Any, local: Local, bad_day: date
) -> None:
    feelings = (Sentiment.NEGATIVE, Sentiment.NEGATIVE, Sentiment.NEUTRAL)
    digest = await only(
        [
            entry(at=local(bad_day, 9 + n), sentiment=felt, touchpoint=None, text="hola")
            for n, felt in enumerate(feelings)
        ]
    )

    assert headline(digest, Language.ES).startswith("pocas voces: 3 menciones, 2 negativas, ")
    assert headline(digest, Language.EN).startswith("few voices: 3 mentions, 2 negative, ")


async def test_a_quiet_day_still_says_what_is_pending(
    only: Story, unclosed: Callable[[int], Any], promised: Callable[..., Any], local: Local, bad_day: date
) -> None:
    digest = await only([])
    busy = replace(
        digest,
        loops=LoopTally(unclosed=(unclosed(7),)),
        cases=replace(digest.cases, open_at_end=1),
        promises=Promises(unheard=(promised(7, "te llamamos hoy", local(bad_day, 20), "open"),)),
    )

    assert headline(busy, Language.ES) == "día sin menciones: 1 caso abierto, 1 promesa pendiente"
    assert "#7 “te llamamos hoy”" in digest_text(busy, Language.ES)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (Language.ES, "⚠ Este resumen llega tarde: 5 h después de su hora."),
        (Language.EN, "⚠ This digest is late: 5 h after its time."),
    ],
)
async def test_a_late_digest_says_so(story: Story, local: Local, bad_day: date, language: Language, line: str) -> None:
    due = local(bad_day + timedelta(days=1), 8)

    assert digest_text(await story(now=due + timedelta(hours=5), due=due), language).splitlines()[1] == line


async def test_an_unfinished_day_says_until_when(story: Story, local: Local, bad_day: date) -> None:
    text = digest_text(await story(now=local(bad_day, 14)), Language.ES)

    assert "(00:00–14:00 Europe/Madrid)" in text
    assert "En curso: contado hasta el 12 may 14:00" in text


async def test_without_history_nothing_is_compared(story: Story, bad_day: date) -> None:
    text = digest_text(await story(bad_day - timedelta(days=35)), Language.EN)

    assert "no history to compare with yet" in text
    assert "usually" not in text


@pytest.mark.parametrize(
    ("language", "verdict", "said"),
    [
        (Language.ES, "normal", "aún con poca historia con la que comparar"),
        (Language.EN, "ordinary", "too little history to compare with yet"),
    ],
)
async def test_with_little_history_no_day_is_called_ordinary(
    story: Story, bad_day: date, language: Language, verdict: str, said: str
) -> None:
    second = await story(bad_day - timedelta(days=33))
    assert (second.usual_periods, second.volume) == (1, Trend.TOO_FEW)

    assert headline(second, language).endswith(said)
    assert verdict not in headline(second, language)
    assert verdict in headline(await story(bad_day - timedelta(days=4)), language)


@pytest.mark.parametrize(
    ("changes", "spanish", "english"),
    [
        ({}, "día normal en conjunto, pero Entrega empeora", "ordinary day as a whole, but Delivery got worse"),
        (
            {"mood": Trend.DOWN},
            "día mejor en conjunto, pero Entrega empeora",
            "better day as a whole, but Delivery got",
        ),
        (
            {"volume": Trend.DOWN},
            "menos voces de lo normal (85, normal 55), pero",
            "fewer voices than usual (85, usually",
        ),
    ],
)
async def test_a_day_with_an_arrow_down_is_not_called_ordinary_as_a_whole(
    story: Story, changes: dict[str, Trend], spanish: str, english: str
) -> None:
    day = replace(await story(), **{"mood": Trend.SAME, "volume": Trend.SAME, **changes})  # type: ignore[arg-type]

    assert headline(day, Language.ES).startswith(spanish)
    assert headline(day, Language.EN).startswith(english)


@pytest.mark.parametrize(
    ("language", "counted", "listed"),
    [
        (Language.ES, "incumplidas 1 · vencidas sin noticia 1 · cumplidas 1", "venció el 12 may 19:00, sin noticia"),
        (
            Language.EN,
            "broken 1 · due, not heard whether kept 1 · kept 1",
            "was due 12 May 19:00, not heard whether kept",
        ),
    ],
)
async def test_a_promise_nobody_spoke_of_is_not_called_broken(
    story: Story, language: Language, counted: str, listed: str
) -> None:
    text = digest_text(await story(), language)

    assert counted in text
    assert f"? #1033 “te llamamos hoy” · {listed}" in text


@pytest.mark.parametrize(
    ("language", "edition", "doubt"),
    [
        (Language.ES, Edition.DAILY, "más; pocos días para asegurarlo"),
        (Language.ES, Edition.WEEKLY, "más; pocas semanas para asegurarlo"),
        (Language.EN, Edition.DAILY, "more; too few days to be sure"),
        (Language.EN, Edition.WEEKLY, "more; too few weeks to be sure"),
    ],
)
async def test_what_the_headline_blames_is_not_called_as_usual(
    story: Story, language: Language, edition: Edition, doubt: str
) -> None:
    digest = await story()
    blamed = digest.explained_by
    assert blamed is not None
    unsure = replace(blamed, volume=Trend.SAME)
    others = [line for line in digest.touchpoints if line.touchpoint is not blamed.touchpoint]
    text = digest_text(replace(digest, edition=edition, explained_by=unsure, touchpoints=(unsure, *others)), language)

    line = next(line for line in text.splitlines() if doubt in line)
    assert re.match(r" +(Entrega|Delivery) ", line)
    assert text.count(doubt) == 1


async def test_few_answers_are_no_score(story: Story) -> None:
    assert "CES 28 d: pocos datos (n=4 de 9)" in digest_text(await story(), Language.ES)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ES, "CSAT 28 d: 5,0 (n=5 de 9 · 56 %; todas iguales, sin IC)"),
        (Language.EN, "CSAT 28 d: 5.0 (n=5 of 9 · 56%; all alike, no CI)"),
    ],
)
async def test_answers_that_are_all_alike_claim_no_certainty(story: Story, language: Language, said: str) -> None:
    alike = Score(kind=SurveyKind.CSAT, asked=9, answers=(5, 5, 5, 5, 5))
    digest = replace(await story(), scores=(alike,))

    assert said in digest_text(digest, language)
    (told,) = json.loads(json.dumps(as_json(digest)["scores"]))
    assert (told["value"], told["low"], told["high"]) == (5.0, None, None)


async def test_the_json_edition_holds_what_the_text_says(story: Story) -> None:
    data: Any = json.loads(json.dumps(as_json(await story())))

    assert data["explained_by"] == {"touchpoint": "delivery", "excess_negative": 33, "excess_at_touchpoint": 30}
    assert data["mentions"]["trend"] == data["negative"]["trend"] == "up"
    assert data["loops"]["unclosed"] == [1042, 1038]
    assert data["spikes"][0]["touchpoint"] == "delivery"
    assert [promise["case"] for promise in data["promises"]["broken"]] == [1031]
    assert [promise["case"] for promise in data["promises"]["unheard"]] == [1033]


async def test_without_history_no_usual_number_is_given_in_json(story: Story, bad_day: date) -> None:
    data: Any = json.loads(json.dumps(as_json(await story(bad_day - timedelta(days=35)))))

    assert data["mentions"]["usual"] is None
    assert {each["usual"] for each in data["touchpoints"]} == {None}


@pytest.mark.parametrize(("history", "known"), [(9, True), (0, False)])
async def test_a_silent_day_before_is_a_nought_and_one_before_the_first_mention_is_not_known(  # noqa: PLR0913, PLR0917
    only: Story, entry: Any, local: Local, bad_day: date, history: int, known: bool
) -> None:
    days = [bad_day, *(bad_day - timedelta(days=back) for back in range(2, history))]
    said = [
        entry(at=local(day, 9, minute), sentiment=Sentiment.NEUTRAL, touchpoint=None, text="hola qué tal")
        for day in days
        for minute in range(12)
    ]

    digest = await only(said, bad_day)

    data: Any = json.loads(json.dumps(as_json(digest)))
    assert data["mentions"]["before"] == (0 if known else None)
    assert re.search(rf"Menciones +12 +{0 if known else '—'}  ", digest_text(digest, Language.ES))


async def test_few_answers_in_time_are_a_fraction(story: Story) -> None:
    work = replace((await story()).cases, answered_in_time=3, answers_due=5)
    few = replace(await story(), cases=work, cases_before=work)

    assert "in time 3/5 (before 3/5)" in digest_text(few, Language.EN)
    assert "a tiempo 3/5 (antes 3/5)" in digest_text(few, Language.ES)


async def test_thousands_of_what_is_not_listed_are_written_as_all_numbers_are(story: Story) -> None:
    digest = await story()
    (first, *_), (owed, *_) = digest.loops.unclosed, digest.promises.broken
    many = replace(
        digest,
        loops=replace(digest.loops, unclosed=(first,) * 1240),
        promises=replace(digest.promises, broken=(owed,) * 1240),
    )

    said = " ".join(digest_text(many, Language.ES).split())

    assert "casos sin cerrar 1.240" in said
    assert "y 1.234 más" in said
    assert "y 1.237 más" in said


async def test_every_key_of_the_json_edition_is_documented(story: Story) -> None:
    documented = digest_json.__doc__ or ""

    assert [key for key in _keys(as_json(await story())) if not re.search(rf"\b{key}\b", documented)] == []


@pytest.mark.parametrize(
    ("edition", "changes", "spanish", "english"),
    [
        (Edition.DAILY, {}, "el día anterior", "the day before"),
        (Edition.WEEKLY, {}, "la semana anterior", "the week before"),
        (Edition.DAILY, {"usual_periods": 3}, "media de los 3 días anteriores", "mean of the 3 days before"),
    ],
)
async def test_one_period_is_no_mean(
    story: Story, edition: Edition, changes: dict[str, int], spanish: str, english: str
) -> None:
    digest = replace(await story(edition=edition), **{"usual_periods": 1, **changes})  # type: ignore[arg-type]

    said = [usual_label(digest, wording(language), "chart.baseline") for language in BOTH]
    assert said == [spanish, english]


@pytest.mark.parametrize(
    ("days", "spanish", "english"),
    [
        (6, "media de 4 lunes anteriores", "mean of the 4 Mondays before"),
        (4, "media de 4 sábados anteriores", "mean of the 4 Saturdays before"),
        (5, "media de 4 domingos anteriores", "mean of the 4 Sundays before"),
    ],
)
async def test_several_weekdays_are_named_as_several(
    story: Story, bad_day: date, days: int, spanish: str, english: str
) -> None:
    digest = await story(bad_day)
    day, weeks = bad_day + timedelta(days=days), replace(digest.usual, until=digest.before.since)
    holiday = replace(digest, day=day, usual=weeks, usual_periods=4)

    said = [usual_label(holiday, wording(language), "chart.baseline") for language in BOTH]
    assert said == [spanish, english]


async def test_one_negative_is_no_negatives(story: Story) -> None:
    more = replace(await story(), excess_negative=1, excess_at_touchpoint=4)

    assert "explica la única negativa de más" in headline(more, Language.ES)
    assert "explains the only extra negative" in headline(more, Language.EN)


@pytest.mark.parametrize("room", ["bot.insight", "bot.desk", "bot.cli"])
def test_both_languages_have_the_same_phrases_with_the_same_gaps(room: str) -> None:
    spanish, english = (wording(language, room).phrases for language in BOTH)

    assert {key: _gaps(text) for key, text in spanish.items()} == {key: _gaps(text) for key, text in english.items()}


@pytest.mark.parametrize("language", BOTH)
def test_every_touchpoint_has_a_name(language: Language) -> None:
    names = [wording(language).touchpoint(touchpoint) for touchpoint in Touchpoint]

    assert len(set(names)) == len(Touchpoint)


def _gaps(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _keys(data: object) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(_keys, data))
    if isinstance(data, dict):
        # channels and their times are data, not keys
        inner = [_keys(value) for name, value in data.items() if name not in ("by_channel", "last_heard")]
        return {*data, *set().union(*inner)}
    return set()


def ear(**changes: object) -> ChannelTally:
    """X, unread for a minute: too short to be worth a word."""
    minute = timedelta(minutes=1)
    plain = ChannelTally(channel="x", unread=minute, gaps=1, longest=minute, longest_since=NOON, currency="USD")
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test wants to say


MANY_GAPS = ear(unread=timedelta(minutes=34), gaps=3, longest=timedelta(minutes=20))


@pytest.mark.parametrize(
    ("channel", "edition", "language", "said"),
    [
        (MANY_GAPS, Edition.DAILY, Language.ES, "X 34 min sin leer (3 veces; la más larga, 20 min, 13:00)"),
        (MANY_GAPS, Edition.DAILY, Language.EN, "X not read for 34 min (3 times; the longest 20 min, 13:00)"),
        (MANY_GAPS, Edition.WEEKLY, Language.ES, "(3 veces; la más larga, 20 min, 12 may 13:00)"),
        (ear(spent=Decimal("0.0012")), Edition.DAILY, Language.ES, "coste: X 0,0012 USD"),
        (
            ear(spent=Decimal("5.02"), budget=Decimal(5), days_spent=1),
            Edition.DAILY,
            Language.ES,
            "coste: X 5,02 de 5,00 USD · X gastó su presupuesto y se escuchó más despacio",
        ),
        (
            ear(spent=Decimal("5.02"), budget=Decimal(5), days_spent=1, when_spent=WhenSpent.STOP),
            Edition.DAILY,
            Language.EN,
            "cost: X 5.02 of 5.00 USD · X spent its budget and was not listened to any more",
        ),
        (
            ear(spent=Decimal(30), budget=Decimal(35), days_spent=2),
            Edition.WEEKLY,
            Language.ES,
            "X gastó su presupuesto 2 días y se escuchó más despacio",
        ),
    ],
)
async def test_what_nobody_read_and_what_it_cost_is_said(  # noqa: PLR0913, PLR0917 - a table of sentences
    story: Story, channel: ChannelTally, edition: Edition, language: Language, said: str, bad_day: date
) -> None:
    digest = await story(bad_day, edition=edition, language=language, changes={"ears": (channel,)})

    assert said in " ".join(digest_text(digest, language).split())


async def test_a_blip_is_not_worth_a_word(story: Story) -> None:
    digest = await story(changes={"ears": (ear(),), "state": DataQuality(), "left_out": 0})

    assert "todo leído y clasificado" in digest_text(digest, Language.ES)


@pytest.mark.parametrize("quiet", [False, True])
@pytest.mark.parametrize("language", Language)
async def test_an_edition_says_itself_where_its_beginning_ends(story: Story, language: Language, quiet: bool) -> None:
    digest = await story()
    if quiet:
        digest = replace(digest, now=replace(digest.now, mentions=3), volume=Trend.SAME)
    text = written(digest, language)

    assert text.whole == digest_text(digest, language)
    assert " ".join(headline(digest, language).split()) in " ".join(text.beginning.split())
    assert text.rest.splitlines()[0] not in text.beginning
    assert not any(quote.text in text.beginning for quote in digest.quotes)
