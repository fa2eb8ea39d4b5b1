"""The page on which the desk is tried: what it shows, what it lets people do, and whom it does not serve."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.desk.guild.tags import tag_names
from bot.domain.case import CaseState
from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from bot.insight.wording import wording
from bot.store.sqlite import SqliteStore, open_store
from config.settings import read_settings
from listeners.replay import Row
from tests.desk.guild.office import Office, an_office, at_work
from tests.servers.discord.server import discord_server
from tests.servers.discord.views import Json
from tests.servers.discord.world import Overwrite, Permission
from tests.servers.discord_window.customers import EARLIER, SECONDS_BETWEEN, WHILE_YOU_LOOK, Visitors, record
from tests.servers.discord_window.demo import SPOKEN, fresh_home, furnished, shown_at, staffed
from tests.servers.discord_window.window import Persona, Window

PAGE = Path(__file__).parent / "discord_window"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with open_store(tmp_path / "v.db") as opened:
        yield opened


@pytest.fixture
async def office(store: SqliteStore) -> AsyncIterator[Office]:
    async with an_office(store) as opened, at_work(opened):
        yield opened


class Page:
    """The page's own requests, as one of two people."""

    def __init__(self, client: TestClient[Any, Any], office: Office) -> None:
        self.client, self.office = client, office

    async def get(self, path: str, **query: str) -> Json:
        async with self.client.get(path, params={"locale": "es-ES", **query}) as answer:
            return {"status": answer.status, **await answer.json()}

    async def post(self, path: str, body: Json, *, who: str = "ana", locale: str = "es-ES") -> Json:
        query = {"as": self.office.people[who].id, "locale": locale}
        async with self.client.post(path, params=query, json=body) as answer:
            said: Json = await answer.json()
            return {"status": answer.status, **said}


@pytest.fixture
async def page(office: Office) -> AsyncIterator[Page]:
    names = {"ana": {"es": "Agente", "en": "Agent"}, "nadie": {"es": "Nadie", "en": "Nobody"}}
    personas = [Persona(user=office.people[who], names=given) for who, given in names.items()]
    store = office.store
    visitors = Visitors(inbox=store.inbox, history=store.history, cards=store.cards)
    window = Window(office.stage.server, personas, visitors)
    async with TestClient(TestServer(window.application())) as client:
        yield Page(client, office)


# --- what it shows ---


@pytest.mark.parametrize("file", ["", "page.css", "page.js"])
async def test_the_page_comes_with_a_policy_that_lets_nothing_else_in(page: Page, file: str) -> None:
    async with page.client.get(f"/{file}") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_what_people_wrote_is_never_markup() -> None:
    script = (PAGE / "page.js").read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script)


def test_the_page_says_everything_in_both_languages() -> None:
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    spanish, english = (
        set(re.findall(r"\b(\w+): \"", re.search(rf"^  {language}: \{{(.*)\}},$", script, re.MULTILINE)[1]))  # type: ignore[index]
        for language in ("es", "en")
    )
    wanted = set(re.findall(r'word\("(\w+)"\)', script))
    wanted |= set(re.findall(r'data-word="(\w+)"', (PAGE / "page.html").read_text(encoding="utf-8")))
    wanted |= set(re.findall(r'Barred\("(\w+)"\)', (PAGE / "window.py").read_text(encoding="utf-8")))

    assert spanish == english
    assert wanted <= spanish


async def test_a_case_is_shown_with_its_card_its_tags_and_what_can_be_pressed(page: Page) -> None:
    case, card = await page.office.case("llegó roto")

    state = await page.get("/api/state", room=card.room_id)

    assert [post["name"] for post in state["posts"]] == [f"#{case.key} · Entrega · @marta_g"]
    assert "nuevo" in state["posts"][0]["tags"]
    first = state["room"]["messages"][0]
    assert "llegó roto" in json.dumps(first["embeds"], ensure_ascii=False)
    assert f"v1:take:{case.key}" in json.dumps(first["components"])
    assert state["customers"] is True


async def test_commands_and_people_are_named_in_the_readers_language(page: Page) -> None:
    spanish = await page.get("/api/state", room=page.office.lobby.id)
    english = await page.get("/api/state", room=page.office.lobby.id, locale="en-US")

    assert "tomar" in {command["shown"] for command in spanish["commands"]}
    assert "take" in {command["shown"] for command in english["commands"]}
    assert [one["name"] for one in english["people"]] == ["Agent", "Nobody"]


async def test_who_may_not_see_the_desk_does_not_see_it_here(page: Page) -> None:
    _, card = await page.office.case()
    nobody, stage = page.office.people["nadie"], page.office.stage
    stage.forum.overwrites.append(Overwrite(target=nobody.id, member=True, deny=Permission.VIEW_CHANNEL))

    state = await page.get("/api/state", **{"as": nobody.id, "room": card.room_id})
    said = await page.post("/api/customer", {"room": card.room_id, "text": "hola"}, who="nadie")

    assert (state["posts"], state["room"]) == ([], None)
    assert said == {"status": 409, "reason": "gone"}


# --- what people do ---


async def test_a_press_is_answered_to_one_person(page: Page) -> None:
    case, card = await page.office.case()

    said = await page.post("/api/press", {"message": card.id, "custom_id": f"v1:take:{case.key}"})

    (shown,) = said["messages"]
    assert (shown["ephemeral"], shown["content"]) == (True, f"#{case.key} es tuyo.")
    assert (await page.office.now(case)).assignee == page.office.id_of("ana")


async def test_a_dialog_is_filled_in_and_sent(page: Page) -> None:
    case, card = await page.office.case()
    opened = await page.post("/api/press", {"message": card.id, "custom_id": f"v1:note:{case.key}"}, locale="en-US")

    said = await page.post("/api/submit", {"modal": opened["id"], "fields": {"text": "llamó también"}})

    assert opened["modal"]["title"] == f"Note in #{case.key}"
    assert said["messages"][0]["ephemeral"]
    assert "llamó también" in [line.text for line in (await page.office.stage.file(case)).interactions]


async def test_a_dialog_that_nobody_opened_is_closed(page: Page) -> None:
    assert await page.post("/api/submit", {"modal": "7", "fields": {}}) == {"status": 409, "reason": "closed"}


async def test_a_command_is_completed_and_done(page: Page) -> None:
    case, _ = await page.office.case()
    lobby = page.office.lobby.id

    offered = await page.post("/api/complete", {"room": lobby, "name": "tomar", "option": "caso", "value": ""})
    said = await page.post("/api/command", {"room": lobby, "name": "tomar", "options": {"caso": str(case.key)}})

    assert str(case.key) in json.dumps(offered["choices"])
    assert said["messages"][0]["content"] == f"#{case.key} es tuyo."


async def test_what_is_written_in_a_post_is_internal(page: Page) -> None:
    _, card = await page.office.case()

    said = await page.post("/api/say", {"room": card.room_id, "text": "¿la conoce alguien? <b>"})

    state = await page.get("/api/state", room=card.room_id)
    assert said["status"] == 200
    assert state["room"]["messages"][-1]["content"] == "¿la conoce alguien? <b>"
    assert state["room"]["messages"][-1]["author"] == "Agente"
    assert await page.office.jobs() == []


async def test_what_is_not_on_the_screen_cannot_be_pressed(page: Page) -> None:
    _, card = await page.office.case()

    forged = await page.post("/api/press", {"message": card.id, "custom_id": "v1:forget:1"})
    gone = await page.post("/api/press", {"message": "1", "custom_id": "v1:take:1"})

    assert (forged["status"], forged["reason"]) == (409, "impossible")
    assert gone == {"status": 409, "reason": "gone"}


# --- the customer, who is no part of Discord ---


async def test_one_can_write_as_the_customer_of_a_post(page: Page) -> None:
    case, card = await page.office.case()
    store = page.office.store

    said = await page.post("/api/customer", {"room": card.room_id, "text": "¿hay alguien?"})

    assert said["status"] == 200
    assert await store.inbox.waiting() == 1
    (heard,) = await store.inbox.claim(10, datetime.now(UTC), timedelta(minutes=1))
    assert (heard.text, heard.author.name, heard.channel, heard.summoned) == ("¿hay alguien?", "marta_g", "test", True)
    assert heard.thread_id == (await page.office.stage.file(case)).opened_by.conversation
    assert (await page.office.now(case)).state is CaseState.NEW


@pytest.mark.parametrize("text", ["", " \n "])
async def test_a_customer_says_something(page: Page, text: str) -> None:
    _, card = await page.office.case()

    assert (await page.post("/api/customer", {"room": card.room_id, "text": text}))["reason"] == "nobody"


async def test_no_customer_writes_where_there_is_no_case(page: Page) -> None:
    said = await page.post("/api/customer", {"room": page.office.lobby.id, "text": "hola"})

    assert said == {"status": 409, "reason": "nobody"}


# --- whom it does not serve ---


async def test_a_page_of_somewhere_else_whose_name_points_here_is_not_served(page: Page) -> None:
    async with page.client.get("/api/state", headers={"Host": "evil.example:8765"}) as answer:
        assert answer.status == 403


async def test_forms_of_other_pages_are_refused(page: Page) -> None:
    body = json.dumps({"room": page.office.lobby.id, "text": "hola"})
    async with page.client.post("/api/say", data=body, headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("body", ["{", "[]", "null", "{}"])
async def test_what_the_page_does_not_send_is_no_crash(page: Page, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with page.client.post("/api/press", data=body, headers=headers) as answer:
        assert answer.status == 400


# --- the demo around it ---


@pytest.mark.parametrize("language", SPOKEN)
async def test_the_demo_sets_its_desk_up_as_init_does(tmp_path: Path, language: Language) -> None:
    home = fresh_home(tmp_path, NOW)
    words = wording(language, "bot.desk")
    async with discord_server() as server:
        personas = staffed(server, language)
        await furnished(home, server, language, NOW)
        rooms = {room.name: room for room in server.world.rooms_of(server.guild)}

        settings = read_settings(home.settings, secrets=home.secrets)
        forum = rooms[words.say("place.forum")]

        assert settings.desk.kind == "discord"
        assert settings.desk.discord.forum == forum.id
        assert set(settings.desk.discord.roles) == {"agent", "lead"}
        assert {tag["name"] for tag in forum.tags} == set(tag_names(words))
        assert all(server.world.sees(one.user, forum) for one in personas)
    assert {table["kind"] for table in settings.channels.values()} == {"replay"}
    assert settings.policy.mode == "approve"


def test_the_demos_customers_wrote_lately_and_those_who_write_now_are_others(tmp_path: Path) -> None:
    earlier, fresh = (
        [Row.model_validate_json(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in record(tmp_path, NOW)
    )

    assert [row.id for row in earlier] == EARLIER
    assert [row.id for row in fresh] == WHILE_YOU_LOOK
    assert all(NOW - timedelta(hours=6) < row.created_at < NOW for row in earlier if row.created_at)
    assert not {row.author for row in earlier} & {row.author for row in fresh}
    told = (PAGE.parents[2] / "docs" / "how-to" / "try-the-desk.md").read_text(encoding="utf-8")
    assert f"{len(earlier)} mentions" in told
    assert f"then {len(fresh)} more, one every {SECONDS_BETWEEN} seconds" in told.replace("\n", " ")


async def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    async with discord_server() as server:
        window = Window(server, staffed(server, Language.ES))
        async with shown_at(window, 0) as url:
            taken = int(url.rstrip("/").rpartition(":")[2])
            with pytest.raises(ConfigError, match=rf"port {taken} cannot be used \([\w ]+\); give another with --port"):
                async with shown_at(window, taken):
                    pass


def test_the_demo_touches_no_home_of_an_owners(tmp_path: Path) -> None:
    first, second = (fresh_home(tmp_path, NOW + timedelta(seconds=after)).path for after in (1, 2))

    assert first != second
    assert first.parent == second.parent == tmp_path
