"""When something breaks while people press: they hear of it, what they typed comes back, what was done stays done."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from tests.desk.guild.office import Office, at_work
from tests.servers.discord.state import Storm


async def test_a_fault_of_ours_is_told_to_who_pressed_and_the_log_has_its_traceback(office: Office) -> None:
    office.texts = [("broken",)]  # type: ignore[list-item]
    async with at_work(office):
        case, _ = await office.case()
        with capture_logs() as logs:
            failed = await office.command("ana", "plantilla", {"caso": case.key}, locale="en-US")
        after = await office.command("ana", "tomar", {"caso": case.key})

    assert "the log has the details" in failed.text.lower()
    assert [line["exc_info"] for line in logs if line["event"] == "a press at the desk failed"] == [True]
    assert after.text == f"#{case.key} es tuyo."


async def test_what_was_done_stays_done_when_its_answer_is_lost(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        form = await office.press("ana", card, "note")
        storm = Storm(method="PATCH", path=r"/webhooks/.*", times=50, status=503)
        office.stage.server.state.storms.append(storm)
        pressed = office.stage.server.people.submit(form.user, form, {"text": "llamar antes de las 12"})
        await pressed.acknowledged()
        await asyncio.sleep(0.5)
        office.stage.server.state.storms.clear()
        taken = await office.press("ana", card, "take")

    notes = [line for line in (await office.stage.file(case)).interactions if "llamar" in line.text]
    assert len(notes) == 1
    assert taken.text == f"#{case.key} es tuyo."


async def test_a_press_that_discord_no_longer_waits_for_does_nothing(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        office.stage.server.state.storms.append(
            Storm(method="POST", path=r"/interactions/.*/callback", times=1, status=404)
        )
        office.stage.server.people.press(office.people["ana"], card, "v1:take:")
        await asyncio.sleep(0.5)

    assert (await office.now(case)).assignee is None
