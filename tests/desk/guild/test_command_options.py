"""What may be typed with a command: offered meanwhile, done at once when all is said, else asked in a form."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.guild.commands.registration import same_commands
from bot.domain.case import CaseState
from bot.domain.errors import ChannelUnavailable
from bot.domain.ports.judge import Article
from bot.domain.reading import Language, Urgency
from responders.knowledge import ArticleSearch
from responders.suggest import texts_for
from responders.templates import open_templates
from tests.desk.guild.office import Office, at_work
from tests.desk.guild.stage import ES, MADRID, a_post
from tests.servers.discord.interactions import Outcome
from tests.servers.discord.state import Storm

CONFIG = Path(__file__).parents[3] / "config"
ENGLISH = "en-US"
HOSTILE = "@everyone <@1> https://evil.example"


async def offered(
    office: Office, command: str, option: str, typed: str, *, locale: str = "es-ES"
) -> list[tuple[str, str]]:
    """What Ana's screen shows while she types, as `(value, shown)`."""
    people = office.stage.server.people
    outcome = people.complete(office.people["ana"], office.lobby, command, option, typed, locale=locale)
    return [(choice["value"], choice["name"]) for choice in (await outcome.answer()).choices]


def fields(form: Outcome) -> dict[str, Any]:
    """What stands in a form's text fields."""
    assert form.modal is not None, form.text
    inside = [row["component"] for row in form.modal["components"]]
    return {field["custom_id"]: field.get("value") or "" for field in inside if field["type"] == 4}


# --- what is offered ---


async def test_cases_are_offered_by_number_place_and_customer_in_the_readers_language(office: Office) -> None:
    async with at_work(office):
        one, _ = await office.case()
        two, _ = await office.case("where is it?", who="leo_p", number="2")
        await office.command("jefa", "prioridad", {"nivel": "high", "caso": str(two.key)})

        everything = await offered(office, "tomar", "caso", "", locale=ENGLISH)
        by_number = await offered(office, "tomar", "caso", f"#{one.key}")
        by_place = await offered(office, "tomar", "caso", "entre")
        by_person = await offered(office, "unir", "en", "leo_p")

    assert everything == [
        (str(two.key), f"#{two.key} · Delivery · @leo_p"),
        (str(one.key), f"#{one.key} · Delivery · @marta_g"),
    ]
    assert by_number == [(str(one.key), f"#{one.key} · Entrega · @marta_g")]
    assert [value for value, _ in by_place] == [str(two.key), str(one.key)]
    assert [value for value, _ in by_person] == [str(two.key)]


async def test_only_closed_cases_are_offered_to_be_reopened(office: Office) -> None:
    async with at_work(office):
        one, _ = await office.case()
        await office.case(number="2", who="marta_z")
        await office.command("ana", "resolver", {"caso": str(one.key), "final": "not_ours"})

        assert await offered(office, "reabrir", "caso", "") == []
        assert await offered(office, "reabrir", "caso", "marta") == [
            (str(one.key), f"#{one.key} · Entrega · @marta_g · resuelto")
        ]


async def test_while_somebody_types_names_are_looked_through_and_words_only_when_they_search(office: Office) -> None:
    async with at_work(office):
        case, _ = await office.case("¿Y mi DEVOLUCIÓN?", who="josé_g")
        by_word = [await offered(office, "unir", "en", typed) for typed in ("devolucion", "jo")]
        by_name = [await offered(office, "unir", "en", typed) for typed in ("jose", "JOSÉ", str(case.key))]
        found = [
            (await office.command("ana", "buscar", {"palabras": typed}, locale=locale)).text
            for typed, locale in (("devolucion", "es-ES"), ("Devolución", ENGLISH), ("jose", ENGLISH))
        ]

    assert by_word == [[], []]
    assert [[value for value, _ in each] for each in by_name] == [[str(case.key)]] * 3
    assert all(f"#{case.key}" in each for each in found)


async def test_people_times_and_days_are_offered(office: Office) -> None:
    async with at_work(office):
        case, _ = await office.case()
        today = office.stage.clock.now().astimezone(MADRID).date()

        [(who, shown)] = await offered(office, "cliente", "quien", "marta_g")
        story = await office.command("ana", "cliente", {"quien": who})

        assert shown == "@marta_g · marta_g"
        assert f"#{case.key}" in story.text
        assert [value for value, _ in await offered(office, "posponer", "hasta", "")] == ["hour", "tomorrow", "answer"]
        assert await offered(office, "posponer", "hasta", "viernes") == [("viernes", "viernes")]
        assert (await offered(office, "resumen", "dia", "", locale=ENGLISH))[1][0] == str(today - timedelta(days=1))


async def test_what_is_offered_does_nothing_and_never_fails(office: Office) -> None:
    async with at_work(office):
        await office.case(who="@everyone")
        hostile = await offered(office, "tomar", "caso", "")
        odd = [await offered(office, "tomar", "caso", typed) for typed in ("%", "#", "\u202e", "9" * 90, HOSTILE)]
        for role in list(office.stage.places.ranks):
            office.stage.server.world.remove_role(office.stage.server.guild, office.stage.server.guild.roles[str(role)])
        nothing = await offered(office, "tomar", "caso", "")

    assert all("@everyone" not in shown for _, shown in hostile)
    assert all(isinstance(each, list) for each in odd)
    assert nothing == []


# --- what is typed ---


@pytest.mark.parametrize("typed", ["mil", "-1", "1e3", "#", "9999999999", "١٢", HOSTILE])
async def test_what_is_no_number_of_a_case_is_said(office: Office, typed: str) -> None:
    async with at_work(office):
        refused = await office.command("ana", "tomar", {"caso": typed})
        in_english = await office.command("ana", "tomar", {"caso": typed}, locale=ENGLISH)

    assert "no es el número de un caso" in refused.text
    assert "is no number of a case" in in_english.text


async def test_an_answer_that_was_typed_stands_in_the_form_and_one_too_long_comes_back(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        room = office.room_of(card)
        form = await office.command("ana", "responder", {"texto": "Va otra taza."}, room=room)
        sent = await office.submit(form)
        long = await office.command("ana", "responder", {"texto": "a" * 201}, room=room, locale=ENGLISH)

    assert fields(form)["text"] == "Va otra taza."
    assert "va de camino" in sent.text
    assert long.text.startswith("Not done: ")
    assert "a" * 201 in long.text
    assert len(await office.jobs()) == 1


async def test_a_case_is_resolved_at_once_when_all_is_said(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        room = office.room_of(card)
        form = await office.command("ana", "resolver", {"final": "solved"}, room=room)
        prefilled = await office.command("ana", "resolver", {"arreglo": "otra taza"}, room=room)
        done = await office.command(
            "ana", "resolver", {"final": "solved", "arreglo": "otra taza"}, room=room, locale=ENGLISH
        )
        now = await office.now(case)

    assert form.modal is not None
    assert fields(prefilled)["fixed_by"] == "otra taza"
    assert done.text.startswith(f"#{case.key} resolved.")
    assert (now.state, now.fixed_by) == (CaseState.RESOLVED, "otra taza")


async def test_a_lead_is_asked_how_urgent_it_is_and_an_agent_is_not(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        room = office.room_of(card)
        refused = await office.command("ana", "prioridad", room=room, locale=ENGLISH)
        form = await office.command("jefa", "prioridad", room=room)
        forged = await office.stage.server.people.submit(
            form.user, form, {"urgency": ["forever"]}, forged=True
        ).answer()
        done = await office.submit(form, urgency=["high"])

    assert refused.text.startswith("Not done: ")
    assert forged.text.startswith("No se ha hecho: ")
    assert done.text == f"#{case.key} es ahora urgente."
    assert (await office.now(case)).urgency is Urgency.HIGH


async def test_cases_are_merged_by_a_form_too(office: Office) -> None:
    async with at_work(office):
        one, card = await office.case()
        two, _ = await office.case(number="2", who="leo_p")
        form = await office.command("ana", "unir", room=office.room_of(card), locale=ENGLISH)
        other = await office.submit(form, text=f"#{two.key}")
        form = await office.command("ana", "unir", room=office.room_of(card))
        odd = await office.submit(form, text="el otro")

    assert form.modal is not None
    assert f"#{one.key} and #{two.key}" in other.text
    assert "no es el número de un caso" in odd.text
    assert "el otro" in odd.text


async def test_a_promise_is_made_at_once_when_all_is_said(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        room = office.room_of(card)
        odd = await office.command("ana", "promesa", {"que": "otra taza", "cuando": "cuando caiga"}, room=room)
        made = await office.command(
            "ana", "promesa", {"que": "otra taza", "cuando": "mañana a las 10"}, room=room, locale=ENGLISH
        )

    assert "no entiendo cuándo es" in odd.text
    assert "otra taza" in odd.text
    assert made.text.startswith(f"Promised in #{case.key} by ")


@pytest.mark.parametrize(("typed", "locale"), [("respuesta", "es-ES"), ("answer", ENGLISH), ("ANSWER", ENGLISH)])
async def test_a_case_is_put_aside_in_the_readers_words(office: Office, typed: str, locale: str) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.command("ana", "posponer", {"hasta": typed}, room=office.room_of(card), locale=locale)
        snooze = (await office.now(case)).snooze

    assert snooze is not None
    assert snooze.until is None


@pytest.mark.parametrize("typed", ["1h", "1 hora", "hour"])
async def test_an_hour_is_an_hour(office: Office, typed: str) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.command("ana", "posponer", {"hasta": typed}, room=office.room_of(card))
        snooze = (await office.now(case)).snooze

    assert snooze is not None
    assert snooze.until is not None
    assert timedelta(minutes=58) < snooze.until - office.stage.clock.now() <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "locale", "day", "hour"),
    [
        ("viernes", "es-ES", 4, 9),
        ("Friday", ENGLISH, 4, 9),
        ("Friday", "es-ES", 4, 9),
        ("el viernes a las 16:30", "es-ES", 4, 16),
    ],
)
async def test_a_day_without_a_clock_means_its_morning(
    office: Office, typed: str, locale: str, day: int, hour: int
) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.command("ana", "posponer", {"hasta": typed}, room=office.room_of(card), locale=locale)
        snooze = (await office.now(case)).snooze

    assert snooze is not None
    assert snooze.until is not None
    back = snooze.until.astimezone(MADRID)
    assert (back.weekday(), back.hour) == (day, hour)


@pytest.mark.parametrize(
    ("typed", "locale"),
    [("mañana", "es-ES"), ("mañana", ENGLISH), ("tomorrow", "es-ES"), ("Tomorrow", "es-ES"), ("tomorrow", ENGLISH)],
)
async def test_tomorrow_is_nine_oclock_in_either_language(office: Office, typed: str, locale: str) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.command("ana", "posponer", {"hasta": typed}, room=office.room_of(card), locale=locale)
        snooze = (await office.now(case)).snooze

    assert snooze is not None
    assert snooze.until is not None
    back, today = snooze.until.astimezone(MADRID), office.stage.clock.now().astimezone(MADRID)
    assert (back.date() - today.date(), back.time()) == (timedelta(days=1), time(9))


async def test_a_voice_is_said_at_once_and_without_a_name(office: Office) -> None:
    async with at_work(office):
        said = await office.command("ana", "voz", {"texto": "la web miente", "anonima": True}, locale=ENGLISH)
        now = office.stage.clock.now()
        [voice] = await office.letters.voices(now - timedelta(hours=1), now + timedelta(hours=1))

    assert said.text == "Thank you. It is in the voice channel."
    assert (voice.text, voice.said_by, voice.case_key) == ("la web miente", None, None)


async def test_articles_that_fit_come_before_the_approved_texts_in_the_cases_language(office: Office) -> None:
    articles = [
        Article(
            slug="llegada", language=Language.ES, title="¿Cuándo llega?", keywords="pedido", body="En 48 horas. Gratis."
        ),
        Article(
            slug="llegada", language=Language.EN, title="When does it arrive?", keywords="order", body="In 48 hours."
        ),
    ]
    phrasebook = open_templates(CONFIG / "replies", brand="Zarapito", language=Language.ES)
    case, _ = await office.case("¿cuándo llega mi pedido?")
    file = await office.stage.file(case)

    texts = texts_for(phrasebook, file, otherwise=Language.ES, knowledge=ArticleSearch(articles), limit_of=lambda _: 15)

    assert texts[0] == ("es/llegada", "En 48 horas.")
    assert [name for name, _ in texts[1:]] == ["receipt", "thanks", "thanks_after_solution", "handover"]
    assert f"#{case.key}" in dict(texts)["receipt"]


# --- the queue ---


async def test_the_queue_shows_what_was_asked_for_with_the_way_to_the_posts(office: Office) -> None:
    async with at_work(office):
        calm, _ = await office.case()
        (urgent,) = await office.stage.hears(a_post("2", "roto", "leo_p"), urgency=Urgency.HIGH)
        only_urgent = await office.command("ana", "cola", {"cuales": "urgent"})
        new = await office.command("ana", "cola", {"cuales": "new"}, locale=ENGLISH)
        waiting = await office.command("ana", "cola", {"cuales": "waiting"})
        link = await office.stage.desk.link(calm.id)

    assert f"#{urgent.key}" in only_urgent.text
    assert f"#{calm.key}" not in only_urgent.text
    assert f"**[#{calm.key}]({link})** " in new.text
    assert new.text.count(f"#{calm.key}") == 1, "a number is shown once"
    assert only_urgent.text.count(f"#{urgent.key}") == 1
    assert waiting.text == ES.say("lookup.queue_empty")


async def test_of_several_who_are_called_so_nobody_is_shown(office: Office) -> None:
    async with at_work(office):
        await office.stage.hears(a_post("1", "roto", "marta"))
        await office.stage.hears(
            replace(
                a_post("2", "roto", "marta"),
                channel="other",
                author=replace(a_post("2", "x", "marta").author, channel="other"),
            )
        )
        refused = await office.command("ana", "cliente", {"quien": "marta"}, locale=ENGLISH)

    assert refused.text.startswith("Not done: 2 people are called so: marta")


# --- what Discord is told ---


def _puts(office: Office) -> int:
    calls = office.stage.server.calls
    return sum(call.method == "PUT" and call.path.endswith("/commands") for call in calls)


async def test_discord_is_told_once_and_again_only_when_something_changed(office: Office) -> None:
    kept = office.stage.server.state.commands
    async with at_work(office):
        assert _puts(office) == 1
    async with at_work(office):
        assert _puts(office) == 1
    guild = kept[office.stage.server.guild.id]
    next(iter(guild.values()))["description_localizations"]["en-US"] = "something else"
    async with at_work(office):
        assert _puts(office) == 2
    guild.pop(next(iter(guild)))
    async with at_work(office):
        assert _puts(office) == 3


def test_what_discord_adds_or_leaves_out_changes_nothing() -> None:
    ours = {"name": "cola", "options": [], "nsfw": False, "contexts": [0], "description_localizations": {"en-US": "q"}}
    theirs = {"id": "1", "name": "cola", "version": "2", "contexts": None, "description_localizations": {"en-US": "q"}}

    assert same_commands([ours], [theirs])
    assert not same_commands([ours], [theirs, theirs])
    assert not same_commands([ours], [{**theirs, "options": [{"name": "x"}]}])
    assert not same_commands([ours], {"message": "oops"})


async def test_a_command_of_another_version_gets_a_sentence(office: Office) -> None:
    async with at_work(office):
        guild = office.stage.server.state.commands[office.stage.server.guild.id]
        one = next(each for each in guild.values() if each["name"] == "tomar")
        guild["1"] = {**one, "id": "1", "name": "de_ayer", "options": []}
        spanish = await office.command("ana", "de_ayer")
        english = await office.command("ana", "de_ayer", locale=ENGLISH)

    assert spanish.text.startswith("Esta orden no se entiende")
    assert english.text.startswith("This command is not understood")


async def test_when_discord_wants_to_hear_no_more_of_commands_today_the_buttons_work(office: Office) -> None:
    tired = Storm(method="PUT", path=r"/applications/.*/commands", times=1, status=429, stored=False)
    office.stage.server.state.storms.append(tired)
    async with at_work(office):
        case, card = await office.case()
        taken = await office.press("ana", card, "take")

    assert taken.text == f"#{case.key} es tuyo."


async def test_while_discord_is_away_the_front_does_not_listen_and_comes_again(office: Office) -> None:
    broken = Storm(method="PUT", path=r"/applications/.*/commands", times=1, status=503, stored=False)
    office.stage.server.state.storms.append(broken)
    with pytest.raises(ChannelUnavailable):
        async with at_work(office):
            pass
    async with at_work(office):
        _, card = await office.case()
        taken = await office.command("ana", "tomar", room=office.room_of(card))

    assert taken.text.endswith("es tuyo.")
