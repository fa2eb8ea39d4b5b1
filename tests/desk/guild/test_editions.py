"""Digests on the desk: what authors take back is out of the editions that stand there, too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.case import Case
from bot.domain.digest import DigestText, Quote
from bot.domain.mention import Batch
from bot.domain.reading import Language, Sentiment, Touchpoint
from bot.store.erasure import erase
from tests.desk.guild.stage import Stage


def _quote(case: Case, text: str) -> Quote:
    return Quote(
        mention_id=case.opened_by,
        text=text,
        evidence=text,
        touchpoint=Touchpoint.DELIVERY,
        sentiment=Sentiment.NEGATIVE,
        language=Language.ES,
        case_key=case.key,
        at=case.opened_at,
    )


async def _delete(stage: Stage, case: Case) -> None:
    channel, _, number = case.opened_by.partition(":")
    deleted = Batch(mentions=(), deletions=(number,), cursor=None)
    await stage.store.inbox.accept(channel, deleted, stage.clock.now())


@pytest.mark.parametrize("long", [False, True])
async def test_a_digest_loses_the_quote_of_a_post_that_its_author_deletes_and_keeps_its_picture(
    long: bool, stage: Stage, tmp_path: Path
) -> None:
    case = await stage.posted("llegó roto y nadie contesta")
    (picture := tmp_path / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    rest = "4) Citas\n   “llegó roto y\n     nadie contesta”" + "\n5) Bucle" * (400 if long else 1)
    text, quote = DigestText(beginning="📋 Resumen diario", rest=rest), _quote(case, "llegó roto y nadie contesta")
    await stage.desk.digest(text, "es:v:daily:2026-03-02", picture=picture, described="Volumen por hora: …")
    await stage.store.reports.keep_digest("es:v:daily:2026-03-02", text.whole, stage.clock.now(), [quote])
    await stage.desk.digest(DigestText(beginning="📋 Otro"), "es:v:daily:2026-03-03")
    await stage.desk.refresh()
    stage.calm()
    await _delete(stage, case)
    await stage.desk.refresh()
    await stage.desk.refresh()

    message, other = stage.told(stage.alerts)
    files = {each["filename"]: stage.server.state.files[each["id"]].content for each in message.attachments}
    said = files.pop("resumen.txt").decode() if long else message.content
    assert message.content.startswith("```\n📋 Resumen diario\n")
    assert list(files) == ["d.png"]
    assert "Volumen por hora: …" in [each.get("description") for each in message.attachments]
    assert ("roto" in said, "“[…]”\n5) Bucle" in said) == (False, True)
    assert len([call for call in stage.writes() if call.path.endswith(message.id)]) == 1
    assert not [call for call in stage.writes() if call.path.endswith(other.id)]


async def test_a_digest_loses_the_quote_of_somebody_who_is_erased(stage: Stage) -> None:
    case = await stage.posted("llegó roto")
    text = DigestText(beginning="📋 Resumen diario", rest="“llegó roto”")
    await stage.desk.digest(text, "k")
    await stage.store.reports.keep_digest("k", text.whole, stage.clock.now(), [_quote(case, "llegó roto")])
    (customer,) = await stage.store.history.customers("marta_g")
    await stage.store.cards._engine.write(lambda connection: erase(connection, customer, stage.clock.now()))
    await stage.desk.refresh()

    (message,) = stage.told(stage.alerts)
    assert message.content == "```\n📋 Resumen diario\n“[…]”\n```"


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_is_taken_back_while_a_digest_is_on_its_way_is_in_none(forgotten: bool, stage: Stage) -> None:
    case = await stage.posted("llegó roto")
    text = DigestText(beginning="📋 Resumen diario", rest="“llegó roto”")
    await stage.desk.digest(text, "k")
    if forgotten:
        (customer,) = await stage.store.history.customers("marta_g")
        await stage.store.cards._engine.write(lambda connection: erase(connection, customer, stage.clock.now()))
    else:
        await _delete(stage, case)
    assert await stage.store.reports.keep_digest("k", text.whole, stage.clock.now(), [_quote(case, "llegó roto")])
    await stage.desk.refresh()

    (message,) = stage.told(stage.alerts)
    assert message.content == "```\n📋 Resumen diario\n“[…]”\n```"


async def test_a_quote_that_is_taken_back_while_another_goes_is_gone_after_the_next_round(stage: Stage) -> None:
    first, second = await stage.posted("llegó roto"), await stage.posted("y nadie contesta", who="luis", number="2")
    text = DigestText(beginning="📋 Resumen diario", rest="“llegó roto”\n“y nadie contesta”")
    quotes = [_quote(first, "llegó roto"), _quote(second, "y nadie contesta")]
    await stage.desk.digest(text, "k")
    await stage.store.reports.keep_digest("k", text.whole, stage.clock.now(), quotes)
    await _delete(stage, first)
    ((kept, drawn),) = await stage.store.cards.reworded()
    await _delete(stage, second)
    await stage.store.cards.redrawn(replace(kept, drawn="as it read before"), drawn)
    await stage.desk.refresh()

    (message,) = stage.told(stage.alerts)
    assert message.content == "```\n📋 Resumen diario\n“[…]”\n“[…]”\n```"


async def test_a_digest_that_was_shown_and_not_kept_reads_as_it_is_kept_in_the_end(stage: Stage) -> None:
    await stage.desk.digest(DigestText(beginning="📋 Resumen diario", rest="“llegó roto”"), "k")
    await stage.desk.digest(DigestText(beginning="📋 Resumen diario", rest="“va bien”"), "k")

    (message,) = stage.told(stage.alerts)
    assert message.content == "```\n📋 Resumen diario\n“va bien”\n```"


async def test_a_digest_that_somebody_deleted_is_not_written_anew_without_its_quote(stage: Stage) -> None:
    case = await stage.posted("llegó roto")
    text = DigestText(beginning="📋 Resumen diario", rest="“llegó roto”")
    await stage.desk.digest(text, "k")
    await stage.store.reports.keep_digest("k", text.whole, stage.clock.now(), [_quote(case, "llegó roto")])
    stage.server.world.messages[stage.alerts.id].clear()
    await _delete(stage, case)
    await stage.desk.refresh()
    stage.calm()
    await stage.desk.refresh()

    assert stage.told(stage.alerts) == []
    assert not [call for call in stage.server.calls if "/messages" in call.path]
