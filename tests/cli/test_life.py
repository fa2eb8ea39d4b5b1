"""A home's life on the command line: simulate, look, pause, approve, digest."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.health import Condition
from bot.domain.mention import Batch
from bot.domain.reading import Language
from bot.insight.figures import Figures
from bot.store.sqlite import open_store
from bot.testing import mention
from tests.cli.conftest import Ran, Vivencia

DEMO = "config/demo/stream.jsonl"
CONFIG = "config/demo/vivencia.toml"


def simulate(vivencia: Vivencia, *more: str) -> Ran:
    return vivencia("simulate", DEMO, "--config", CONFIG, "--json", *more)


def make_home(folder: Path, mode: str) -> Path:
    command = [sys.executable, "-m", "bot", "simulate", DEMO, "--config", CONFIG, "--home", str(folder), "--mode", mode]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def settled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("settled") / "home", "auto")


@pytest.fixture(scope="module")
def drafted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("drafted") / "home", "approve")


@pytest.fixture
def settled(settled_once: Path, home: Path) -> Path:
    """The demo's five weeks, answered automatically."""
    return Path(shutil.copytree(settled_once, home))


@pytest.fixture
def drafted(drafted_once: Path, home: Path) -> Path:
    """The demo's five weeks, every answer waiting for a person."""
    return Path(shutil.copytree(drafted_once, home))


def test_a_recording_is_settled_and_running_it_again_accepts_and_says_nothing_twice(
    vivencia: Vivencia, home: Path
) -> None:
    first = json.loads(simulate(vivencia).out)
    again = json.loads(simulate(vivencia).out)

    assert first["mentions"] == {"accepted": 492, "duplicates": 0, "rejected": 0}
    assert set(first) == {
        "mentions", "customers", "experiences", "cases", "actions", "replies", "seconds", "mentions_per_second",
        "peak_rss_mb",
    }  # fmt: skip
    assert again["mentions"] == {"accepted": 0, "duplicates": 492, "rejected": 0}
    assert {key: again[key] for key in ("customers", "experiences", "cases", "actions", "replies")} == {
        key: first[key] for key in ("customers", "experiences", "cases", "actions", "replies")
    }
    said = (home / "said-replay.jsonl").read_text().splitlines()
    assert len(said) == first["replies"] > 0


def test_a_recording_dated_after_today_is_settled_and_ends(vivencia: Vivencia, tmp_path: Path) -> None:
    moment = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    row = {"id": "1", "text": "@zarapito la lámpara llegó rota y nadie contesta", "author": "ana", "created_at": moment}
    file = tmp_path / "tomorrow.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")

    ran = vivencia("simulate", str(file), "--config", CONFIG, "--json")

    assert ran.code == 0
    assert json.loads(ran.out)["mentions"]["accepted"] == 1
    assert json.loads(vivencia("outbox", "list", "--state", "pending", "--json").out) == []


@pytest.mark.parametrize("brake", ["variable", "file", "command"])
def test_a_simulation_under_a_pause_ends_and_what_waits_leaves_later(
    vivencia: Vivencia, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, brake: str
) -> None:
    said = "@zarapito me encanta la lámpara nueva, gracias por el envío tan rápido"
    file = _recording(tmp_path, {"id": "1", "text": said, "author": "ana", "created_at": "2026-03-02T12:00:00Z"})
    home.mkdir()
    if brake == "command":
        vivencia("pause")
    elif brake == "file":
        (home / "PAUSE").touch()
    else:
        monkeypatch.setenv("VIVENCIA_PAUSE", "1")

    assert vivencia("simulate", file, "--config", CONFIG).code == 0
    assert len(json.loads(vivencia("outbox", "list", "--state", "pending", "--json").out)) == 1
    assert not (home / "said-replay.jsonl").exists()


ASKED_FOR = {
    "tu": "escribe «persona» y te atiende",
    "usted": "escriba «persona» y le atiende",
    "vos": "escribí «persona»",
}


@pytest.mark.parametrize("form", ASKED_FOR)
def test_customers_are_addressed_as_the_owner_wants(
    vivencia: Vivencia, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    said = "@zarapito me encanta la lámpara nueva, gracias por el envío tan rápido"
    file = _recording(tmp_path, {"id": "1", "text": said, "author": "ana", "created_at": "2026-03-02T12:00:00Z"})
    monkeypatch.setenv("VIVENCIA_BRAND__FORM_OF_ADDRESS", form)

    assert vivencia("simulate", file, "--config", CONFIG).code == 0
    assert ASKED_FOR[form] in (home / "said-replay.jsonl").read_text("utf-8")


def test_who_complains_is_told_the_number_of_their_case_where_the_owner_wants_it(
    vivencia: Vivencia, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "@zarapito la lámpara llegó rota y nadie contesta al teléfono"
    file = _recording(tmp_path, {"id": "1", "text": said, "author": "ana", "created_at": "2026-03-03T12:00:00Z"})
    monkeypatch.setenv("VIVENCIA_RESPONDERS__ORDER", '["hush", "thank", "escalate", "route", "ask", "acknowledge"]')
    monkeypatch.setenv("VIVENCIA_POLICY__AUTO_KINDS", '["thanks", "survey", "receipt"]')

    assert vivencia("simulate", file, "--config", CONFIG).code == 0

    assert "#1001" in (home / "said-replay.jsonl").read_text("utf-8")
    case = json.loads(vivencia("case", "1001", "--json").out)["case"]
    assert (case["state"], case["first_answered_at"]) == ("new", None)


def test_a_form_of_address_that_nobody_knows_is_refused(
    vivencia: Vivencia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _recording(tmp_path, {"id": "1", "text": "hola", "author": "ana", "created_at": "2026-03-02T12:00:00Z"})
    monkeypatch.setenv("VIVENCIA_BRAND__FORM_OF_ADDRESS", "vosotros")

    ran = vivencia("simulate", file, "--config", CONFIG)

    assert ran.code == 2
    assert "form_of_address" in ran.err
    assert "usted" in ran.err


def test_a_home_with_work_of_other_channels_is_no_place_to_simulate(
    vivencia: Vivencia, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answers would be given up for want of a voice, and its cases shown here instead of at their desk."""
    asyncio.run(_heard_on_mastodon(home))
    file = _recording(tmp_path, {"id": "1", "text": "hola", "author": "ana", "created_at": "2026-03-02T12:00:00Z"})

    monkeypatch.setenv("LANG", "es_ES.UTF-8")

    in_spanish = vivencia("simulate", file, "--config", CONFIG)

    assert in_spanish.code == 2
    assert f"{home} tiene trabajo de mastodon sin terminar; deja que `vivencia run` lo acabe" in in_spanish.err


async def _heard_on_mastodon(home: Path) -> None:
    async with open_store(home / "vivencia.db") as store:
        heard = Batch(mentions=(mention("1", channel="mastodon"),), cursor="1")
        await store.inbox.accept("mastodon", heard, datetime.now(UTC))


def _recording(folder: Path, *rows: dict[str, str]) -> str:
    file = folder / "recording.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return str(file)


def test_only_the_owner_can_read_the_home(settled: Path) -> None:
    home = settled

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    files = [file for file in home.iterdir() if file.is_file()]
    assert {"vivencia.db", "said-replay.jsonl"} <= {file.name for file in files}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.usefixtures("settled")
def test_every_word_is_explained_and_every_person_has_a_story(vivencia: Vivencia) -> None:
    explained = vivencia("explain", "z0306", "--lang", "es")
    assert explained.code == 0
    assert "It's Monday. It's nine o'clock" in explained.out
    journey = json.loads(vivencia("customer", "@kettle_and_toast", "--json").out)
    assert [line["direction"] for line in journey["interactions"]].count("inbound") >= 8
    assert any("by Monday 20 April" in promise["what"] for promise in journey["promises"])
    key = journey["cases"][0]["key"]
    assert f"#{key}" in vivencia("case", f"#{key}", "--lang", "en").out
    assert json.loads(vivencia("case", str(key), "--json").out)["case"]["key"] == key


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_nothing_is_said_unless_the_mode_allows_it(vivencia: Vivencia, home: Path, mode: str) -> None:
    outcome = json.loads(simulate(vivencia, "--mode", mode).out)

    assert outcome["replies"] == 0
    assert not (home / "said-replay.jsonl").exists()
    verdict = {"off": "block", "shadow": "shadow"}[mode]
    assert outcome["actions"]["reply"].get(verdict, 0) > 0
    assert "send" not in outcome["actions"]["reply"]


def test_a_held_reply_goes_out_when_a_person_approves_it(vivencia: Vivencia, drafted: Path) -> None:
    held = json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)
    job = next(job for job in held if job["action"].get("kind") == "thanks")

    assert vivencia("outbox", "approve", str(job["id"]), "--text", "¡Gracias a ti!").code == 0
    simulate(vivencia, "--mode", "approve")

    (said,) = [json.loads(line) for line in (drafted / "said-replay.jsonl").read_text().splitlines()]
    assert (said["key"], said["text"]) == (job["key"], "¡Gracias a ti!")


@pytest.mark.usefixtures("drafted")
def test_what_has_overtaken_an_answer_is_told_before_it_goes(vivencia: Vivencia) -> None:
    held = json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)
    number = next(str(job["id"]) for job in held if job["mention_id"] == "replay:z0506" and job["overtaken"])
    line = next(line for line in vivencia("outbox", "list", "--lang", "en").out.splitlines() if f" {number}  " in line)

    spanish, english = (vivencia("outbox", "approve", number, "--lang", lang) for lang in ("es", "en"))

    assert (spanish.code, english.code, spanish.out, english.out) == (1, 1, "", "")
    assert line.endswith("▲ the brand itself, on the channel, has answered since; the customer has written since")
    assert "la propia marca, en el canal, ha respondido después; el cliente ha escrito después: 28 abr" in spanish.err
    assert "the customer has written since: 28 Apr 10:05 “2510. of course it is." in english.err
    assert english.err.count("\n") == 1
    assert json.loads(vivencia("outbox", "list", "--state", "pending", "--json").out) == []
    assert vivencia("outbox", "approve", number, "--anyway").code == 0
    (sent,) = json.loads(vivencia("outbox", "list", "--state", "pending", "--json").out)
    assert (str(sent["id"]), sent["overtaken"]) == (number, False)


@pytest.mark.parametrize(
    ("text", "lang", "why"),
    [
        ("Mi DNI es 12345678Z", "es", "datos personales"),
        ("Write to ana@example.org", "en", "personal data"),
        (" ", "es", "no hay nada que decir"),
        ("", "en", "there is nothing to say"),
    ],
)
def test_words_that_no_person_may_send_stay_here_with_the_reason(
    vivencia: Vivencia, drafted: Path, text: str, lang: str, why: str
) -> None:
    before = vivencia("outbox", "list", "--state", "held", "--json").out
    number = str(json.loads(before)[0]["id"])

    ran = vivencia("outbox", "approve", number, "--text", text, "--lang", lang)

    assert ran.code == 1
    assert why in ran.err
    assert ran.err.count("\n") == 1
    assert vivencia("outbox", "list", "--state", "held", "--json").out == before
    assert not (drafted / "said-replay.jsonl").exists()


def test_where_two_must_look_ones_own_words_wait_for_another(vivencia: Vivencia, drafted: Path) -> None:
    (drafted / "vivencia.toml").write_text('[policy]\nsecond_person = "always"\n[desk]\nlanguage = "en"\n')
    number = str(json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)[0]["id"])

    changed = vivencia("outbox", "approve", number, "--text", "¡Gracias a ti!")
    own = vivencia("outbox", "approve", number)

    assert (changed.code, changed.out) == (
        0,
        f"Job {number} is changed, and waits for another person to let it go.\n",
    )
    assert own.code == 1
    assert "another person" in own.err
    assert json.loads(vivencia("outbox", "list", "--state", "pending", "--json").out) == []


def test_paused_means_that_nothing_leaves_the_house_until_resumed(vivencia: Vivencia, drafted: Path) -> None:
    held = json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)
    vivencia("pause")
    vivencia("outbox", "approve", str(held[0]["id"]))

    paused = json.loads(vivencia("status", "--json").out)
    assert paused["paused"]
    assert paused["jobs"]["pending"] == 1
    assert not (drafted / "said-replay.jsonl").exists()
    assert vivencia("resume").code == 0
    assert json.loads(vivencia("status", "--json").out)["paused"] is None
    simulate(vivencia, "--mode", "approve")
    assert len((drafted / "said-replay.jsonl").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("lang", "summary", "decisions"),
    [
        (
            "es",
            "menciones aceptadas: 1 · ya oídas: 0 · rechazadas: 0 · mensajes de la marca: 0",
            "  al puesto de atención: 1",
        ),
        ("en", "mentions accepted: 1 · heard before: 0 · rejected: 0 · posts of the brand: 0", "  to the desk: 1"),
    ],
)
def test_a_simulation_is_summed_up_in_the_readers_language(
    vivencia: Vivencia, lang: str, summary: str, decisions: str
) -> None:
    ran = vivencia("simulate", "-", "--lang", lang, stdin=json.dumps({"id": "1", "text": "El paquete llegó roto"}))

    assert ran.out.splitlines()[0] == summary
    assert decisions in ran.out.splitlines()


@pytest.mark.usefixtures("drafted")
def test_why_is_said_in_the_readers_language_and_by_name_for_machines(vivencia: Vivencia) -> None:
    spanish, english = (vivencia("outbox", "list", "--state", "held", "--lang", lang).out for lang in ("es", "en"))
    rulings = [job["ruling"] for job in json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)]

    assert "(modo aprobación: en este canal envía una persona" in spanish
    assert "approve mode" not in spanish
    assert "(approve mode: a person sends on this channel" in english
    assert all(ruling["reason"].startswith("approve mode: ") for ruling in rulings)
    assert {ruling["reason_name"] for ruling in rulings} == {"policy.approve_mode", "policy.approve_mode_also"}
    assert {"verdict": "approve", "reason_values": {}}.items() <= next(
        ruling for ruling in rulings if ruling["reason_name"] == "policy.approve_mode"
    ).items()


@pytest.mark.usefixtures("drafted")
def test_a_pause_is_told_in_the_readers_language(vivencia: Vivencia, home: Path) -> None:
    (home / "PAUSE").touch()

    assert f"el archivo {home / 'PAUSE'}" in vivencia("status", "--lang", "es").out
    assert json.loads(vivencia("status", "--json").out)["paused"] == f"the file {home / 'PAUSE'}"
    vivencia("pause")
    assert "lo pausó " in vivencia("status", "--lang", "es").out
    assert json.loads(vivencia("status", "--json").out)["paused"].startswith("paused by ")


@pytest.mark.parametrize(
    ("lang", "paused", "held", "resumed"),
    [
        ("es", "En pausa: no sale nada", "sigue en pausa: el archivo", "Reanudado: lo que esperaba sale ahora."),
        ("en", "Paused: nothing goes out", "still paused: the file", "Resumed: what was waiting goes out now."),
    ],
)
def test_the_brake_answers_in_the_readers_language(  # noqa: PLR0913, PLR0917 - four sentences
    vivencia: Vivencia, home: Path, lang: str, paused: str, held: str, resumed: str
) -> None:
    assert paused in vivencia("pause", "--lang", lang).out
    (home / "PAUSE").touch()
    assert held in vivencia("resume", "--lang", lang).out
    (home / "PAUSE").unlink()
    assert vivencia("resume", "--lang", lang).out == f"{resumed}\n"
    assert "post:1" in vivencia("retry", "post:1", "--lang", lang).err


@pytest.mark.usefixtures("drafted")
def test_a_job_can_be_dropped_and_taken_back(vivencia: Vivencia) -> None:
    job = json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)[0]
    before = json.loads(vivencia("outbox", "list", "--state", "dropped", "--json").out)

    assert vivencia("outbox", "drop", str(job["id"]), "--why", "answered by phone").code == 0
    dropped = json.loads(vivencia("outbox", "list", "--state", "dropped", "--json").out)
    assert [row["id"] for row in dropped if row not in before] == [job["id"]]
    assert "otra vez a la espera" in vivencia("outbox", "retry", str(job["id"]), "--lang", "es").out
    held = json.loads(vivencia("outbox", "list", "--state", "held", "--json").out)
    assert job["id"] in [row["id"] for row in held], "taking it back approves nothing"


def test_clocks_run_from_now_on_where_somebody_listens_and_else_stand_where_the_recording_ends(
    vivencia: Vivencia, settled: Path
) -> None:
    [case, *_] = json.loads(vivencia("cases", "--newest", "--json").out)
    solve_due = datetime.fromisoformat(case["solve_due"])
    key = str(case["key"])

    async def end_of_recording() -> datetime:
        async with open_store(settled / "vivencia.db") as store:
            span = await store.reports.span()
            assert span is not None
            return span[1]

    async def listen() -> None:
        async with open_store(settled / "vivencia.db") as store:
            await store.channels.note("fedi", Condition.UP, datetime.now(UTC))

    left = Figures(Language.EN, ZoneInfo("UTC")).duration(solve_due - asyncio.run(end_of_recording()))
    assert f"solution: {left} left".replace("\u00a0", " ") in vivencia("case", key, "--lang", "en").out
    asyncio.run(listen())
    assert re.search("solution: .* late", vivencia("case", key, "--lang", "en").out)


@pytest.mark.usefixtures("settled")
def test_the_digest_speaks_both_languages_and_json(vivencia: Vivencia) -> None:
    spanish = vivencia("digest", "--config", CONFIG, "--date", "2026-04-23", "--lang", "es")
    english = vivencia("digest", "--config", CONFIG, "--date", "2026-04-23", "--lang", "en")
    machine = json.loads(vivencia("digest", "--config", CONFIG, "--weekly", "--date", "2026-04-23", "--json").out)

    assert "Entrega" in spanish.out
    assert "Delivery" in english.out
    assert Path(english.out.splitlines()[-1]).stat().st_size > 10_000
    assert machine["explained_by"]["touchpoint"] == "delivery"
