"""What else stands on the desk: alerts, drafts, voices, digests, and the list of who waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.desk.guild.place import OnCall
from bot.desk.guild.waiting import NoRoom
from bot.domain.agent import Rank
from bot.domain.deskwork import DraftForm, HeldDraft
from bot.domain.digest import DigestText
from bot.domain.errors import ChannelUnavailable
from bot.domain.outbox import JobState
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Touchpoint, Urgency
from bot.domain.time import Watch
from bot.domain.voice import EmployeeVoice
from bot.store.sqlite import SqliteStore
from bot.testing import memory_store
from responders.dispatch import Dispatcher, Pace
from tests.contracts.stage import Fault
from tests.desk.guild.stage import Stage, a_guild, a_post, assert_harmless
from tests.owners import taken
from tests.servers.discord.server import Call
from tests.servers.discord.state import Storm
from tests.servers.discord.world import Message, Permission, Room

MINUTE = timedelta(minutes=1)
HOSTILE = "@everyone <@&1> discord.gg/x https://evil.example <t:1> </olvidar:1> \u202eodal"


def _in(stage: Stage, place: int) -> list[Message]:
    return stage.told(stage.server.world.rooms[str(place)])


# --- alerts ---


async def test_an_alert_is_said_once_and_calls_the_leads_only_when_it_wakes(stage: Stage) -> None:
    (lead,) = stage.places.ranks
    first = await stage.desk.alert(f"pico en X\n{HOSTILE}", "k1")
    again = await stage.new_desk().alert("pico en X", "k1")
    await stage.desk.alert(f"caso #1042: se acabó el tiempo\n{HOSTILE}", "k2", wakes=True)

    calm, waking = _in(stage, stage.places.alerts)
    assert (first.external_id, again.external_id) == (calm.id, calm.id)
    assert (calm.content.startswith("🔔 pico en X"), calm.mention_roles, calm.pings) == (True, [], set())
    assert waking.content.startswith(
        f"<@&{lead}> 🚨 caso \\#1042" if "\\#" in waking.content else f"<@&{lead}> 🚨 caso"
    )
    assert (waking.mention_roles, waking.mention_everyone) == ([str(lead)], False)
    assert_harmless(stage.writes(), pings=lambda call: call.body["content"].startswith("<@&"))
    assert stage.writes()[-1].body["allowed_mentions"] == {"parse": [], "roles": [str(lead)]}


async def test_a_long_alert_fits_however_many_roles_it_calls(stage: Stage) -> None:
    world, guild = stage.server.world, stage.server.guild
    roles = [world.role(guild, f"Jefatura {number}", Permission(0)) for number in range(30)]
    world.join(guild, stage.server.person("jefa"), *roles)
    stage.places = replace(stage.places, ranks={int(role.id): Rank.LEAD for role in roles})
    await stage.new_desk().alert("caso #1042: " + "se acabó el tiempo " * 200, "k1", wakes=True)

    (waking,) = _in(stage, stage.places.alerts)
    assert (len(waking.mention_roles), len(waking.content)) == (20, 2000)
    assert "🚨 caso" in waking.content


@pytest.mark.parametrize(
    ("ranks", "held", "called"),
    [
        ({1: Rank.AGENT, 2: Rank.MANAGER, 3: Rank.ADMIN}, {1, 2, 3}, OnCall(rank=Rank.MANAGER, roles=(2,))),
        ({1: Rank.ADMIN, 2: Rank.LEAD, 3: Rank.LEAD}, {1, 2, 3}, OnCall(rank=Rank.LEAD, roles=(2, 3))),
        ({1: Rank.ADMIN, 2: Rank.LEAD, 3: Rank.MANAGER}, {1, 3}, OnCall(rank=Rank.MANAGER, roles=(3,))),
        ({1: Rank.AGENT, 2: Rank.LEAD}, {1}, OnCall()),
        ({1: Rank.AGENT}, {1}, OnCall()),
    ],
)
async def test_where_nobody_is_a_lead_the_nearest_above_is_called(
    ranks: dict[int, Rank], held: set[int], called: OnCall, stage: Stage
) -> None:
    assert replace(stage.places, ranks=ranks).on_call(held) == called


async def test_where_discord_does_not_say_who_holds_a_role_the_leads_role_is_called(stage: Stage) -> None:
    (lead,) = stage.places.ranks
    stage.server.state.storms.append(Storm(method="GET", path=r"/guilds/.*", times=9, status=403))
    await stage.desk.alert("caso #1042: se acabó el tiempo", "k2", wakes=True)

    (waking,) = _in(stage, stage.places.alerts)
    assert waking.mention_roles == [str(lead)]


async def test_the_same_alert_after_a_lost_answer_is_the_same_message(stage: Stage) -> None:
    await stage.session.logged_in()
    stage.server.state.fault = Fault.LOST_ANSWER
    with pytest.raises(ChannelUnavailable):
        await stage.desk.alert("pico en X", "k1")
    stage.server.state.fault = None
    await stage.desk.alert("pico en X", "k1")

    assert len(_in(stage, stage.places.alerts)) == 1
    nonces = {call.body["nonce"] for call in stage.writes()}
    assert len(nonces) == 1
    assert all(len(nonce) <= 25 for nonce in nonces)
    assert all(call.body["enforce_nonce"] for call in stage.writes())


async def test_an_alert_that_discord_refuses_is_in_the_log(stage: Stage) -> None:
    stage.refuse(stage.alerts, Permission.SEND_MESSAGES)
    with capture_logs() as logged, pytest.raises(ChannelUnavailable):
        await stage.desk.alert("pico en X\nlas palabras de alguien", "k1", wakes=True)

    (line,) = [each for each in logged if each["log_level"] == "error"]
    assert (line["alert"], "403" in line["why"]) == ("pico en X", True)


# --- digests ---


async def test_a_digest_is_one_message_with_a_picture_that_is_described(stage: Stage, tmp_path: Path) -> None:
    picture = tmp_path / "digest.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    text = DigestText(beginning="📋 Resumen diario", rest=f"Cifras   hoy  ayer\n``` {HOSTILE}")
    await stage.desk.digest(text, "zarapito/daily/2026-05-12", picture=picture, described="Volumen por hora: …")
    await stage.desk.digest(text, "zarapito/daily/2026-05-12", picture=picture, described="Volumen por hora: …")

    (message,) = _in(stage, stage.places.digests)
    assert message.content.startswith("```\n📋 Resumen diario\nCifras   hoy  ayer\n")
    assert message.content.count("```") == 2
    (attached,) = message.attachments
    assert (attached["filename"], attached["description"]) == ("digest.png", "Volumen por hora: …")
    assert_harmless(stage.writes())


async def test_a_digest_too_long_for_a_message_goes_along_as_a_file(stage: Stage) -> None:
    text = DigestText(beginning="📋 Resumen semanal", rest="línea con cifras\n" * 300)
    await stage.desk.digest(text, "w")

    (message,) = _in(stage, stage.places.digests)
    assert "Resumen semanal" in message.content
    (attached,) = message.attachments
    number = attached["url"].split("/")[-2]
    assert stage.server.state.files[number].content.decode() == text.whole


async def test_the_message_of_a_long_digest_says_the_whole_finding(stage: Stage) -> None:
    head = (
        "📋 Resumen diario · Viva Zapatos · martes 12 may 2026 (00:00–24:00 Europe/Madrid)\n"
        "⚠ Este resumen llega tarde: 3 h después de su hora.\n"
        "1) En una línea: día peor de lo normal: Entrega explica 30 de las 33 negativas de más, sobre\n"
        "   todo en X.\n"
        "2) Pero no es lo único."
    )
    await stage.desk.digest(DigestText(beginning=head, rest="   línea con cifras\n" * 300), "d")

    (message,) = _in(stage, stage.places.digests)
    assert message.content == f"```\n{head}\n```"


# --- drafts and voices ---


def _draft(case_file: CaseFile, state: JobState = JobState.HELD) -> HeldDraft:
    at = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
    job = replace(case_file.jobs[0], state=state)
    return HeldDraft(job=job, case=case_file.case, forms=(DraftForm(text=HOSTILE, by="bot", at=at),), newer=())


async def test_a_draft_waits_with_its_buttons_until_it_is_decided(stage: Stage, case_file: CaseFile) -> None:
    stage.papers.drafts = [_draft(case_file)]
    assert await stage.desk.refresh() == 1
    assert await stage.desk.refresh() == 0
    (message,) = _in(stage, stage.places.approvals)
    assert message.extra["components"]

    stage.papers.drafts = [replace(stage.papers.drafts[0], newer=case_file.interactions[:1])]
    assert await stage.desk.refresh() == 1
    assert "ha escrito después" in str(message.extra["embeds"])

    sent = _draft(case_file, state=JobState.SENT)
    stage.papers.drafts = [replace(sent, newer=case_file.interactions[:1])]
    assert await stage.desk.refresh() == 1
    assert await stage.desk.refresh() == 0
    # nobody draws it again, so that it quotes nobody who may take it back
    assert "ha escrito después" not in str(message.extra["embeds"])
    assert not message.extra.get("components")
    assert message.extra["embeds"][0]["footer"]["text"] == "enviado"
    assert_harmless(stage.writes())


async def test_a_draft_that_is_no_more_is_taken_down(stage: Stage, case_file: CaseFile) -> None:
    stage.papers.drafts = [_draft(case_file)]
    await stage.desk.refresh()
    stage.papers.drafts = []
    await stage.desk.refresh()

    assert _in(stage, stage.places.approvals) == []


async def test_a_draft_deleted_by_hand_is_written_anew_when_it_changes(stage: Stage, case_file: CaseFile) -> None:
    stage.papers.drafts = [_draft(case_file)]
    await stage.desk.refresh()
    stage.server.world.delete(_in(stage, stage.places.approvals)[0])
    stage.papers.drafts = [replace(stage.papers.drafts[0], newer=case_file.interactions[:1])]
    await stage.desk.refresh()

    assert len(_in(stage, stage.places.approvals)) == 1


async def test_an_answer_that_waits_can_be_read_whole_before_it_is_approved(stage: Stage, case_file: CaseFile) -> None:
    draft, long = _draft(case_file), "Mira *esto*, línea a línea.\n" * 130
    stage.papers.drafts = [replace(draft, forms=(replace(draft.forms[0], text=long.strip()),))]
    await stage.desk.refresh()

    (message,) = _in(stage, stage.places.approvals)
    (attached,) = message.attachments
    number = attached["url"].split("/")[-2]
    assert stage.server.state.files[number].content.decode() == long.strip()
    stage.papers.drafts = [_draft(case_file)]
    await stage.desk.refresh()
    assert message.attachments == []


async def test_a_channel_that_was_made_anew_gets_what_stood_in_the_old_one(stage: Stage, case_file: CaseFile) -> None:
    voice = EmployeeVoice(id="v1", text="x", touchpoint=None, case_key=None, said_by=None, at=stage.clock.now())
    stage.papers.drafts, stage.papers.said = [_draft(case_file)], [voice]
    await stage.desk.refresh()
    world = stage.server.world
    approvals, voices = (world.room(stage.server.guild, name) for name in ("aprobaciones-2", "voz-2"))
    for gone in (stage.places.approvals, stage.places.voices):
        world.remove(world.rooms[str(gone)])
    stage.places = replace(stage.places, approvals=int(approvals.id), voices=int(voices.id))
    stage.desk = stage.new_desk()
    stage.papers.drafts = [replace(stage.papers.drafts[0], newer=case_file.interactions[:1])]
    stage.papers.said = [replace(voice, votes=1), replace(voice, id="v2", text="y")]
    await stage.desk.refresh()

    assert len(_in(stage, int(approvals.id))) == 1
    assert len(_in(stage, int(voices.id))) == 2
    stage.papers.drafts = [_draft(case_file, state=JobState.SENT)]
    assert await stage.desk.refresh() == 1


async def test_a_voice_is_edited_when_it_gets_votes(stage: Stage) -> None:
    voice = EmployeeVoice(
        id="v1", text=HOSTILE, touchpoint=Touchpoint.DELIVERY, case_key=None, said_by="discord:5", at=stage.clock.now()
    )
    stage.papers.said = [voice]
    await stage.desk.refresh()
    stage.papers.said = [replace(voice, votes=1)]
    await stage.desk.refresh()

    (message,) = _in(stage, stage.places.voices)
    assert message.extra["embeds"][0]["footer"]["text"] == "Maya · 1 voto"
    assert_harmless(stage.writes())


async def test_a_channel_that_is_lost_keeps_nothing_else_from_being_drawn(stage: Stage, case_file: CaseFile) -> None:
    case = await stage.posted()
    stage.refuse(stage.server.world.rooms[str(stage.places.approvals)], Permission.SEND_MESSAGES)
    stage.papers.drafts = [_draft(case_file)]
    stage.papers.said = [
        EmployeeVoice(id="v1", text="x", touchpoint=None, case_key=None, said_by=None, at=stage.clock.now())
    ]
    await taken(stage.store, case.id, "maya", stage.clock.now())
    for _ in range(20):
        with pytest.raises(Exception, match="403"):
            await stage.desk.refresh()

    assert stage.posts()[0].name.endswith("maya")
    assert len(_in(stage, stage.places.voices)) == 1
    assert len([call for call in stage.server.calls if call.status == 403]) == 1


# --- more than a minute takes ---


class _Late:
    """The present of the stage's clock."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def now(self, moment: datetime) -> datetime:
        del moment
        return self._stage.clock.now()


async def test_beyond_the_limit_cases_wait_on_one_list(store: SqliteStore) -> None:
    async with a_guild(store, per_minute=2) as stage:
        cases = await stage.hears(*(a_post(str(n), "roto", f"u{n}") for n in range(5)))
        for case in cases[:2]:
            await stage.desk.post(await stage.file(case), f"route:{case.key}")
            await _sent(store, case.key)
        for case, wait in zip(cases[2:], (30, 60, 90), strict=True):
            with pytest.raises(NoRoom) as refused:
                await stage.desk.post(await stage.file(case), f"route:{case.key}")
            assert refused.value.retry_after == wait

        assert len(stage.posts()) == 2
        (listed,) = _in(stage, stage.places.alerts)
        assert "esperan sitio en el puesto: 3" in listed.content
        await stage.desk.show(cases[4].id)
        assert len(stage.posts()) == 3
        await stage.desk.refresh()
        assert "esperan sitio en el puesto: 2" in listed.content


async def test_the_list_of_who_waits_fits_into_a_message_and_counts_the_rest(store: SqliteStore) -> None:
    async with a_guild(store, per_minute=1) as stage:
        cases = await stage.hears(*(a_post(str(n), "roto", f"u{n}") for n in range(31)))
        every = (Touchpoint.DELIVERY, Touchpoint.RETURNS_REFUNDS, Touchpoint.PURCHASE_CHECKOUT)
        many = [
            replace(case, key=99_999_000 + n, touchpoints=every, channel="mastodon_of_the_shop_in_zaragoza")
            for n, case in enumerate(cases)
        ]
        # an owner names channels as they like; numbers as long as these take years to come by the door
        look = stage.desk._waiting._look(many)

    assert len(look.text) <= 2000
    shown = look.text.count("**#")
    assert look.text.endswith(f"y {len(many) - shown} más")


async def test_a_burst_of_five_hundred_is_on_the_desk_in_order_of_urgency() -> None:
    async with memory_store() as store, a_guild(store, per_minute=60) as stage:
        stage.server.state.limits.usual = stage.server.state.limits.over_all = (1000, 1.0)
        ranks = (Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH)
        for n in range(500):
            await stage.hears(a_post(str(n), "roto", f"u{n}"), urgency=ranks[n % 3])
        watch: Watch = _Late(stage)
        dispatcher = Dispatcher(store.outbox, store.history, {}, stage.desk, watch=watch, pace=Pace(at_once=500))
        rounds = 0
        while await store.outbox.pending() and rounds < 400:
            await dispatcher.once()
            await stage.desk.refresh()
            rounds += 1
            stage.clock.ahead += timedelta(seconds=5)
        posts = stage.posts()
        order = [next(tag for tag in _tags(stage, post) if tag in {"urgente", "normal", "sin prisa"}) for post in posts]

        assert len(posts) == len({post.name for post in posts}) == 500
        assert order == sorted(order, key=("urgente", "normal", "sin prisa").index)
        assert [message.content for message in _in(stage, stage.places.alerts)] == [
            "✅ Los casos que esperaban ya están en el puesto."
        ]
        assert not [call for call in stage.server.calls if call.status >= 400]
        assert stage.clock.ahead < timedelta(minutes=11)


async def test_the_limits_of_a_route_are_kept_and_not_run_into(stage: Stage) -> None:
    stage.server.state.limits.routes["POST /channels/{channel_id}/threads"] = (5, 0.4)
    cases = await stage.hears(*(a_post(str(n), "roto", f"u{n}") for n in range(12)))
    await asyncio.gather(*(stage.desk.show(case.id) for case in cases))

    assert len(stage.posts()) == 12
    assert [call for call in stage.server.calls if call.status == 429] == []


def _tags(stage: Stage, post: Room) -> list[str]:
    names = {tag["id"]: tag["name"] for tag in stage.forum.tags}
    return [names[tag] for tag in post.applied_tags]


async def _sent(store: SqliteStore, key: int) -> None:
    await store.cards._do(
        "UPDATE outbox SET state = 'sent' WHERE case_id = (SELECT id FROM case_file WHERE key = ?)", key
    )


async def test_two_draw_the_same_case_at_once_and_there_is_one_post(stage: Stage) -> None:
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    file = await stage.file(case)
    await asyncio.gather(*(stage.desk.post(file, "route:1") for _ in range(5)), stage.desk.show(case.id))

    assert len(stage.posts()) == 1
    assert [call for call in stage.writes() if isinstance(call, Call) and call.method == "PATCH"] == []
