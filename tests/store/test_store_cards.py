"""The books of the desk: what stands where, what is not drawn yet, and what waits for a place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.domain.action import Route
from bot.domain.case import CaseId
from bot.domain.interaction import Direction
from bot.domain.outbox import Delivery, Receipt, Ruling, Verdict
from bot.domain.ports.record import DeskCard, DeskMessage
from bot.domain.promise import Pledge
from bot.domain.reading import Touchpoint, Urgency
from bot.domain.situation import Decided, Decision, Settled, Situation
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, mention, new_case
from tests.owners import taken

Tell = Callable[..., Awaitable[list[Settled]]]
SEND = Ruling(verdict=Verdict.SEND, reason="ok")
MINUTE = timedelta(minutes=1)
LATER = NOON + MINUTE


def _routes(urgency: Urgency = Urgency.LOW) -> Callable[[Situation], Decision]:
    def decide(situation: Situation) -> Decision:
        route = Route(desk="d", reason="r", urgency=urgency)
        case = situation.cases[0] if situation.cases else new_case(situation, urgency=urgency)
        return Decision(
            case=case,
            experiences=(lived(situation, Touchpoint.DELIVERY),),
            actions=(Decided(action=route, responder="r", ruling=SEND),),
        )

    return decide


async def _case(tell: Tell, number: str = "1", urgency: Urgency = Urgency.LOW) -> CaseId:
    (settled,) = await tell(mention(number, who=f"u{number}"), decide=_routes(urgency))
    assert settled.case is not None
    return settled.case.id


async def _drawn(store: SqliteStore, case_id: CaseId) -> DeskCard:
    """Its post stands, and nothing is left to draw."""
    await store.cards.placed(case_id, "100", "100", NOON)
    await store.cards.drawn(await store.cards.card(case_id), "look", 1, NOON)
    card = await store.cards.card(case_id)
    assert card.stale == 0
    return card


async def test_the_most_urgent_case_is_missed_first_until_it_stands(store: SqliteStore, tell: Tell) -> None:
    calm, burning = await _case(tell), await _case(tell, "2", Urgency.HIGH)

    assert [case.id for case in await store.cards.missing(9)] == [burning, calm]
    await store.cards.placed(burning, "100", "100", NOON)

    assert [case.id for case in await store.cards.missing(9)] == [calm]
    assert await store.cards.made_since(NOON) == 1
    assert await store.cards.made_since(NOON + MINUTE) == 0
    assert await store.cards.at("100") == burning
    assert await store.cards.at("101") is None


async def test_one_in_trouble_blocks_nobody_and_can_be_asked_for(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await store.cards.failed(case_id, "no permission", NOON)

    assert await store.cards.missing(9) == []
    assert [(case.id, why) for case, why in await store.cards.troubles()] == [(case_id, "no permission")]
    await store.cards.placed(case_id, "100", "100", NOON)
    assert await store.cards.troubles() == []


async def test_the_first_try_is_kept_until_the_post_stands(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await store.cards.trying(case_id, NOON)
    await store.cards.failed(case_id, "away", NOON + MINUTE)
    await store.cards.trying(case_id, NOON + 2 * MINUTE)

    assert (await store.cards.card(case_id)).tried_at == NOON
    await store.cards.placed(case_id, "100", "100", NOON + 3 * MINUTE)
    assert (await store.cards.card(case_id)).tried_at == NOON + 3 * MINUTE


async def test_a_change_while_it_is_drawn_keeps_it_stale(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await store.cards.placed(case_id, "100", "100", NOON)
    seen = await store.cards.card(case_id)
    await taken(store, case_id, "maya", NOON)
    await store.cards.drawn(seen, "look", 1, NOON)

    (stale,) = await store.cards.stale(9, NOON)
    assert (stale.case_id, stale.drawn, stale.told) == (case_id, "look", 1)
    await store.cards.drawn(stale, "look 2", 1, NOON)
    assert await store.cards.stale(9, NOON) == []


@pytest.mark.parametrize("what", ["case", "said", "promise", "name", "score", "post gone"])
async def test_every_change_makes_the_card_stale(what: str, store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    (customer,) = await store.history.customers("u1")
    await _write(
        store,
        f"INSERT INTO survey (id, customer_id, kind, asked_at) VALUES ('s', '{customer.id}', 'nps', 1)",
    )
    await _drawn(store, case_id)
    match what:
        case "case":
            await taken(store, case_id, "maya", NOON)
        case "said":
            await tell(mention("9", who="u1", posted_at=LATER, thread_id="1"), decide=_routes())
        case "promise":
            answer = mention("8", who="brand", posted_at=LATER, by_brand=True, in_reply_to="1", thread_id="1")
            await tell(answer, pledges=(Pledge(what="mañana", due=NOON + timedelta(days=1)),))
        case "name":
            await _write(store, "UPDATE customer SET name = 'otra'")
        case "score":
            await _write(store, "UPDATE survey SET answer = 4, answered_at = 2")
        case _:
            await _write(store, "UPDATE interaction SET text = ''")

    assert (await store.cards.card(case_id)).stale > 0


async def test_a_clock_that_runs_out_makes_the_card_stale_once(store: SqliteStore, tell: Tell) -> None:
    await _drawn(store, await _case(tell))
    due = NOON + timedelta(days=1)

    assert await store.cards.run_out(due - MINUTE) == 0
    assert await store.cards.run_out(due) == 1
    (stale,) = await store.cards.stale(9, due)
    await store.cards.drawn(stale, "red", 1, due)
    assert await store.cards.run_out(due + MINUTE) == 0


async def test_a_trouble_is_left_alone_for_five_minutes(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await _drawn(store, case_id)
    await store.cards.failed(case_id, "the title has to wait", NOON)

    assert await store.cards.stale(9, NOON + 4 * MINUTE) == []
    assert [card.case_id for card in await store.cards.stale(9, NOON + 5 * MINUTE)] == [case_id]


async def test_a_lost_post_is_told_anew_and_one_that_we_took_down_is_not(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await _drawn(store, case_id)
    await store.cards.keep(DeskMessage(key=f"line:{case_id}:1", place="100", message="7", drawn="x"), NOON)
    await store.cards.lost(case_id)

    (lost,) = await store.cards.homeless(9)
    assert (lost.case_id, lost.place, lost.told, lost.drawn, lost.tried_at) == (case_id, None, 0, None, None)
    assert await store.cards.messages("line:") == []
    await store.cards.placed(case_id, "200", "200", NOON)
    await store.cards.taken_down(case_id)
    assert await store.cards.homeless(9) == []


async def test_posts_in_the_archive_do_not_stand(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await store.cards.placed(case_id, "100", "100", NOON)
    assert [card.case_id for card in await store.cards.standing()] == [case_id]
    await store.cards.drawn(await store.cards.card(case_id), '{"archived": false}', 1, NOON)
    assert [card.case_id for card in await store.cards.standing()] == [case_id]
    await store.cards.drawn(await store.cards.card(case_id), '{"archived": true}', 1, NOON)
    assert await store.cards.standing() == []


async def test_messages_are_kept_under_their_keys(store: SqliteStore) -> None:
    for key in ("draft:1", "draft:2", "drafts", "voice:1"):
        await store.cards.keep(DeskMessage(key=key, place="1", message="2", drawn="a"), NOON)
    await store.cards.keep(DeskMessage(key="draft:1", place="1", message="2", drawn="b"), NOON + MINUTE)

    assert [(one.key, one.drawn) for one in await store.cards.messages("draft:")] == [
        ("draft:1", "b"),
        ("draft:2", "a"),
    ]
    await store.cards.forget("draft:1")
    assert await store.cards.message("draft:1") is None
    assert await store.cards.message("voice:1") == DeskMessage(key="voice:1", place="1", message="2", drawn="a")


async def test_lines_are_what_was_said_in_the_case(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await tell(mention("9", who="u1", text="¿y bien?", posted_at=LATER, thread_id="1"), decide=_routes())
    lines = await store.cards.lines(case_id, 0)

    assert [(line.direction, line.text) for _, line in lines][-1] == (Direction.INBOUND, "¿y bien?")
    assert await store.cards.lines(case_id, lines[0][0]) == lines[1:]


async def test_a_file_holds_what_a_card_tells(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    await tell(mention("9", who="u1", text="¿y bien?", posted_at=LATER, thread_id="1"), decide=_routes())
    await _write(store, "INSERT INTO agent VALUES ('discord:5', 'Maya', 'agent', 1)")
    (customer,) = await store.history.customers("u1")
    await _write(
        store,
        "INSERT INTO survey (id, customer_id, kind, asked_at, answer, answered_at) "
        f"VALUES ('s', '{customer.id}', 'nps', 1, 4, 2)",
    )
    await taken(store, case_id, "discord:5", NOON)
    file = await store.history.case_by_id(case_id)

    assert file is not None
    assert file.last_heard is not None
    assert (file.last_heard.text, file.names) == ("¿y bien?", {"discord:5": "Maya"})
    assert file.reading is not None
    assert file.score is not None
    assert (file.score.answer, file.before) == (4, None)


async def test_a_file_knows_where_our_answer_stands(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    (job,) = await store.outbox.jobs()
    await _write(store, "UPDATE outbox SET receipt_id = '77', receipt_at = 1, channel = 'test'")
    await tell(
        mention("77", who="brand", by_brand=True, in_reply_to="1", thread_id="1", url="https://social.example/77")
    )
    file = await store.history.case_by_id(case_id)

    assert file is not None
    assert file.links == {job.key: "https://social.example/77"}


async def test_a_file_knows_it_from_the_channels_receipt_too(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    (job,) = await store.outbox.jobs()
    await store.outbox.claim(1, NOON, timedelta(minutes=1))
    await store.outbox.sent(
        [Delivery(job=job, receipt=Receipt(external_id="77", at=NOON, url="https://social.example/77"))]
    )
    file = await store.history.case_by_id(case_id)

    assert file is not None
    assert file.links == {job.key: "https://social.example/77"}


async def _write(store: SqliteStore, sql: str) -> None:
    await store.cards._do(sql)


async def test_a_card_of_a_closed_case_is_drawn_again_without_who_was_forgotten(store: SqliteStore, tell: Tell) -> None:
    case_id = await _case(tell)
    file = await store.history.case_by_id(case_id)
    assert file is not None
    await store.deeds.change(lambda papers: papers.keep(file.case.resolved(NOON, None)))
    await _drawn(store, case_id)

    await store.deeds.change(lambda papers: papers.forget(file.customer.id, LATER))

    assert [card.case_id for card in await store.cards.stale(9, LATER)] == [case_id]
