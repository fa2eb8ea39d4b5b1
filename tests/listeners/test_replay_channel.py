"""A recording as a channel: what its lines become, where it resumes, what it says and remembers."""

from __future__ import annotations

import asyncio
import io
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelUnavailable, ConfigError
from bot.domain.mention import Batch, Mention, Visibility
from bot.domain.ports.channel import Stream, Surroundings, Voice
from bot.domain.reading import Language
from bot.testing import mention
from listeners.replay import CHANNEL, Replay, Settings

Record = Callable[..., Replay]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write rows (objects, or lines as they are) to a file and open it as the brand zarapito's channel."""

    def write(*rows: dict[str, Any] | str, speed: Any = "max", accounts: tuple[str, ...] = ("@Zarapito",)) -> Replay:
        file = tmp_path / "mentions.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="surrogateescape")
        surroundings = Surroundings(home=tmp_path, accounts=accounts)
        return Replay("replay", Settings(path=str(file), speed=speed), surroundings)

    return write


async def heard(replay: Replay, cursor: str | None = None) -> list[Batch]:
    batches: list[Batch] = []

    async def deliver(batch: Batch) -> None:
        batches.append(batch)

    await replay.listen(cursor, deliver)
    return batches


async def mentions(replay: Replay, cursor: str | None = None) -> list[Mention]:
    return [mention for batch in await heard(replay, cursor) for mention in batch.mentions]


FULL: dict[str, Any] = {
    "id": "z1",
    "text": "@zarapito ¿dónde está mi lámpara?",
    "author": "@Lechuza_Verde",
    "created_at": "2026-03-30T08:41:14+02:00",
    "thread": "z0",
    "in_reply_to": "z0",
    "author_role": "customer",
    "lang": "es",
    "url": "https://x.example/z1",
    "private": True,
    "summoned": False,
    "backfilled": True,
}


async def test_a_row_with_every_field_is_heard_whole(record: Record) -> None:
    [heard_one] = await mentions(record(FULL))

    assert heard_one.id == "replay:z1"
    assert heard_one.text == "@zarapito ¿dónde está mi lámpara?"
    assert (heard_one.author.account_id, heard_one.author.name) == ("lechuza_verde", "Lechuza_Verde")
    assert heard_one.posted_at == datetime(2026, 3, 30, 6, 41, 14, tzinfo=UTC)
    assert heard_one.posted_at.utcoffset() == datetime.now(UTC).utcoffset()
    assert (heard_one.thread_id, heard_one.in_reply_to, heard_one.language_hint) == ("z0", "z0", "es")
    assert heard_one.visibility is Visibility.PRIVATE
    assert not heard_one.summoned
    assert heard_one.backfilled
    assert not heard_one.by_brand
    assert heard_one.url == "https://x.example/z1"


async def test_id_and_text_are_enough(record: Record) -> None:
    before = datetime.now(UTC)

    [heard_one] = await mentions(record({"id": "z1", "text": "hola"}))

    assert before <= heard_one.posted_at <= datetime.now(UTC)
    assert heard_one.author.name == "anonymous-z1"
    assert heard_one.conversation == "z1"
    assert heard_one.visibility is Visibility.PUBLIC
    assert [heard_one.by_brand, heard_one.summoned, heard_one.backfilled] == [False, False, False]


async def test_two_anonymous_people_are_two(record: Record) -> None:
    one, two = await mentions(record({"id": "1", "text": "a"}, {"id": "2", "text": "b"}))

    assert one.author.account_id != two.author.account_id


async def test_what_we_do_not_know_is_ignored(record: Record) -> None:
    [heard_one] = await mentions(record({"id": "z1", "text": "hola", "likes": 3, "labels": {"a": [1]}}))

    assert heard_one.text == "hola"


@pytest.mark.parametrize(("given", "known_as"), [(12, "12"), (1.5, "1.5"), (10**25, str(10**25)), ("ñ 1", "ñ 1")])
async def test_ids_may_be_numbers(record: Record, given: object, known_as: str) -> None:
    [heard_one] = await mentions(record({"id": given, "text": "hola"}))

    assert heard_one.external_id == known_as


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": "1", "text": ', "not JSON: expecting value at column"),
        ("hola", "not JSON"),
        ('{"text": "hola"}', "id: field required"),
        ('{"id": "1"}', "text: field required"),
        ('{"id": "", "text": "a"}', "id: string should have at least 1 character"),
        ('{"id": null, "text": "a"}', "id: input should be a valid string"),
        ('{"id": "1", "text": null}', "text: input should be a valid string"),
        ('{"id": "1", "text": ["a"]}', "text: input should be a valid string"),
        ('{"id": "1", "text": "a", "created_at": "yesterday"}', "created_at: "),
        ('{"id": "1", "text": "a", "created_at": "9999-12-31T23:59:59-10:00"}', "must be between 1970 and 2999"),
        ('{"id": "1", "text": "a", "created_at": "0001-01-01T00:00:00+10:00"}', "must be between 1970 and 2999"),
        ('{"id": "1", "text": "a", "created_at": NaN}', "created_at: "),
        ('{"id": "1", "text": "a", "created_at": 1e300}', "created_at: "),
        ('{"id": "1", "text": "a", "author_role": "robot"}', "author_role: input should be 'customer' or 'brand'"),
        ("[1, 2]", "not an object like"),
        ("3", "not an object like"),
        ('{"id": ' + "9" * 5_000 + ', "text": "a"}', "not JSON: "),
        ("[" * 100_000, "not JSON"),
        ('{"id": "' + "x" * 201 + '", "text": "a"}', "id: string should have at most 200 characters"),
    ],
)
async def test_a_line_that_is_no_mention_is_rejected_with_its_number_and_reason_and_the_rest_goes_on(
    record: Record, line: str, why: str
) -> None:
    replay = record({"id": "a", "text": "uno"}, line, {"id": "b", "text": "dos"})

    assert [heard_one.text for heard_one in await mentions(replay)] == ["uno", "dos"]
    [rejected] = replay.rejected
    assert rejected.line == 2
    assert why.lower() in rejected.error.lower()


async def test_an_endless_line_is_rejected(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listeners.replay._LONGEST_LINE", 1_000)
    replay = record({"id": "a", "text": "x" * 2_000}, {"id": "b", "text": "dos"})

    assert [heard_one.text for heard_one in await mentions(replay)] == ["dos"]
    assert "longer than 1000 characters" in replay.rejected[0].error


async def test_hostile_rows_are_cleaned_and_kept(record: Record) -> None:
    replay = record(
        '{"id": "a", "text": "\\u202ehola\\u0000 \\ud83d", "in_reply_to": "\\ud800", "url": "\\u0000"}',
        '{"id": "n\\u0000ul", "text": "", "author": "\\u200b@ana\\n"}',
        '{"id": "\\u200b", "text": "\udcff\udcfe bytes"}',
        '{"id": "long", "text": "' + "😀" * 20_000 + '"}',
        '{"id": "answer", "text": "a", "in_reply_to": "nul\\u200b", "thread": "\\u0007"}',
    )

    strange, empty, raw, long, answer = await mentions(replay)

    assert (strange.text, strange.in_reply_to, strange.url, strange.conversation) == ("hola", None, None, "a")
    assert (empty.external_id, empty.text, empty.author.name) == ("nul", "", "ana")
    assert (raw.external_id, raw.text) == (r"'\u200b'", "bytes")
    assert len(long.text) == 10_000
    assert answer.conversation == "nul"
    assert replay.rejected == []


async def test_an_id_that_is_no_text_is_rejected(record: Record) -> None:
    replay = record(r'{"id": "\ud800", "text": "hola"}')

    assert await mentions(replay) == []
    assert replay.rejected[0].error.startswith("id: input should be a valid string")


async def test_the_brands_own_posts_are_known_by_role_and_by_account(record: Record) -> None:
    rows = await mentions(
        record(
            {"id": "1", "text": "a", "author": "agente", "author_role": "brand"},
            {"id": "2", "text": "b", "author": "@ZARAPITO"},
            {"id": "3", "text": "c", "author": "zarapito_real"},
        )
    )

    assert [row.by_brand for row in rows] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "summoned"),
    [
        ("@zarapito hola", True),
        ("hola (@ZARAPITO), ¿qué tal?", True),
        ("¡@zarapito, escucha!", True),
        ("con @zarapito.", True),
        ("escribe a hola@zarapito", False),
        ("gracias @zarapito!", True),
        ("@zarapito_real hola", False),
        ("zarapito hola", False),
        ("hola @ana", False),
    ],
)
async def test_the_brand_is_summoned_by_its_account(record: Record, text: str, summoned: bool) -> None:
    [heard_one] = await mentions(record({"id": "1", "text": text}))

    assert heard_one.summoned is summoned


async def test_answering_the_brand_summons_it_too(record: Record) -> None:
    rows = await mentions(
        record(
            {"id": "1", "text": "hola", "author": "ana"},
            {"id": "2", "text": "dinos", "author_role": "brand", "in_reply_to": "1"},
            {"id": "3", "text": "no llega", "author": "ana", "in_reply_to": "2"},
            {"id": "4", "text": "ni a mí", "author": "eva", "in_reply_to": "3"},
        )
    )

    assert [row.summoned for row in rows] == [False, False, True, False]


async def test_without_known_accounts_any_account_may_be_the_brand(record: Record) -> None:
    rows = await mentions(record({"id": "1", "text": "@tienda hola"}, {"id": "2", "text": "hola"}, accounts=()))

    assert [row.summoned for row in rows] == [True, False]


async def test_a_thread_is_followed_through_the_answers(record: Record) -> None:
    rows = await mentions(
        record(
            {"id": "1", "text": "a"},
            {"id": "2", "text": "b", "in_reply_to": "1"},
            {"id": "3", "text": "c", "in_reply_to": "2"},
            {"id": "4", "text": "d", "in_reply_to": "unseen"},
            {"id": "5", "text": "e", "in_reply_to": "3", "thread": "other"},
        )
    )

    assert [row.conversation for row in rows] == ["1", "1", "1", "unseen", "other"]


async def test_a_recording_is_resumed_after_the_last_line_delivered(record: Record) -> None:
    rows = [{"id": str(n), "text": "a", "in_reply_to": str(n - 1) if n else None} for n in range(600)]
    replay = record(*rows)
    batches = await heard(replay)

    assert [batch.cursor for batch in batches] == ["256", "512", "600"]
    later = await mentions(record(*rows), cursor="512")
    assert [row.external_id for row in later] == [str(n) for n in range(512, 600)]
    assert {row.conversation for row in later} == {"0"}


async def test_a_finished_recording_brings_nothing_new(record: Record) -> None:
    [batch] = await heard(record({"id": "1", "text": "a"}), cursor="1")

    assert batch == Batch(mentions=(), cursor="1")


async def test_empty_lines_are_passed_over(record: Record) -> None:
    replay = record("", {"id": "1", "text": "a"}, "   ", {"id": "2", "text": "b"})

    [batch] = await heard(replay)

    assert [row.external_id for row in batch.mentions] == ["1", "2"]
    assert batch.cursor == "4"
    assert replay.rejected == []


async def test_a_missing_file_is_a_sentence(record: Record, tmp_path: Path) -> None:
    replay = record()
    (tmp_path / "mentions.jsonl").unlink()

    with pytest.raises(ConfigError, match=r"mentions.jsonl: No such file.*give a JSONL file, or - for standard input"):
        await heard(replay)


async def test_standard_input_is_a_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = b'{"id": 1, "text": "hol\xc3\xa1"}\n{"id": 2, "text": "\xff bytes"}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="ascii"))
    replay = Replay("replay", Settings(path="-"), Surroundings(home=tmp_path, accounts=()))

    assert [row.text for row in await mentions(replay)] == ["holá", "bytes"]


def paced(seconds: float) -> dict[str, Any]:
    return {
        "id": str(seconds),
        "text": "a",
        "created_at": datetime.fromtimestamp(1_780_000_000 + seconds, UTC).isoformat(),
    }


async def test_sixty_times_as_fast_waits_a_sixtieth(record: Record) -> None:
    replay = record(paced(0), paced(3), paced(9), speed=60)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    arrived: dict[str, float] = {}

    async def deliver(batch: Batch) -> None:
        arrived.update({row.external_id: loop.time() - begun for row in batch.mentions})

    await replay.listen(None, deliver)

    # delivered when the next one is waited for, so the last is there after 9 s / 60
    assert arrived["0"] < 0.05 + arrived["3"]
    assert arrived["3"] < arrived["9"]
    assert 0.14 <= arrived["9"] < 1.5


async def test_what_has_come_is_delivered_before_waiting_for_more(record: Record) -> None:
    replay = record(paced(0), paced(3600), speed=1)
    delivered: list[Batch] = []

    async def deliver(batch: Batch) -> None:
        delivered.append(batch)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(replay.listen(None, deliver), 0.05)

    [batch] = delivered
    assert [row.external_id for row in batch.mentions] == ["0"]
    assert batch.cursor == "1"


async def test_a_recording_out_of_order_is_not_waited_for(record: Record) -> None:
    rows = await asyncio.wait_for(mentions(record(paced(3600), paced(0), paced(3600), speed=1)), 5)

    assert len(rows) == 3


# --- the voice ---


def reply(text: str = "Gracias, ñandú") -> Reply:
    return Reply(to=mention("z1").id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


async def test_what_was_said_can_be_looked_up_by_its_key(record: Record) -> None:
    replay = record()
    assert await replay.said("k1", mention("z1")) is None

    receipt = await replay.say(reply(), mention("z1"), "k1")

    assert await replay.said("k1", mention("z1")) == receipt
    assert await replay.said("k2", mention("z1")) is None


async def test_what_was_said_is_remembered_by_the_next_process_and_for_its_owner_only(
    record: Record, tmp_path: Path
) -> None:
    await record().say(reply(), mention("z1"), "k1")

    assert await record().said("k1", mention("z1")) is not None
    log = tmp_path / "said-replay.jsonl"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    row = json.loads(log.read_text(encoding="utf-8"))
    assert (row["key"], row["to"], row["kind"], row["text"]) == ("k1", "z1", "thanks", "Gracias, ñandú")


@pytest.mark.parametrize("cut", [b'{"key": "k2", "to": "z1", "te', '{"key": "k2", "text": "ñ'.encode()[:-1]])
async def test_a_line_cut_by_a_crash_was_never_said_and_spoils_nothing_after_it(
    record: Record, tmp_path: Path, cut: bytes
) -> None:
    replay = record()
    await replay.say(reply(), mention("z1"), "k1")
    with (tmp_path / "said-replay.jsonl").open("ab") as log:
        log.write(cut)

    assert await replay.said("k2", mention("z1")) is None
    await replay.say(reply(), mention("z1"), "k3")
    assert await replay.said("k1", mention("z1")) is not None
    assert await replay.said("k3", mention("z1")) is not None


async def test_a_log_that_cannot_be_written_is_a_passing_fault(record: Record, tmp_path: Path) -> None:
    (tmp_path / "said-replay.jsonl").mkdir()

    with pytest.raises(ChannelUnavailable, match=r"said-replay\.jsonl cannot be written"):
        await record().say(reply(), mention("z1"), "k1")


# --- the entry point ---


async def test_the_channel_opens_as_a_stream_and_a_voice(tmp_path: Path) -> None:
    async with CHANNEL.open("demo", CHANNEL.settings(path="x.jsonl"), Surroundings(home=tmp_path, accounts=())) as demo:
        assert isinstance(demo, Stream)
        assert isinstance(demo, Voice)
        assert demo.channel == "demo"
        assert demo.limit == 280
