"""Every mistake a newcomer can make gets one line: what is wrong, why, and what to do. Nothing is lost by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.home import find_home, only_one
from tests.cli.conftest import Ran, Vivencia

RECORDING = '{"id":"1","text":"hola @marca, ¿abrís hoy?","author":"ana"}\n'


def in_one_line(ran: Ran, *words: str) -> None:
    assert ran.code == 2, ran
    assert ran.err.count("\n") == 1, ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


@pytest.fixture
def recording(tmp_path: Path) -> str:
    file = tmp_path / "mentions.jsonl"
    file.write_text(RECORDING)
    return str(file)


@pytest.mark.parametrize("command", ["read", "simulate"])
def test_a_missing_file(vivencia: Vivencia, command: str) -> None:
    in_one_line(vivencia(command, "no-such.jsonl"), "no-such.jsonl", "No such file", "standard input")


@pytest.mark.parametrize("command", ["read", "simulate"])
def test_a_directory_instead_of_a_file(vivencia: Vivencia, command: str, tmp_path: Path) -> None:
    in_one_line(vivencia(command, str(tmp_path)), str(tmp_path))


@pytest.mark.parametrize("given", [("--home", ""), ("--home=",), ("--config", ""), ("--out", "")], ids=str)
def test_a_path_of_a_variable_that_is_not_set(vivencia: Vivencia, given: tuple[str, ...]) -> None:
    option = given[0].removesuffix("=")
    in_one_line(vivencia("read", *given), f"{option} is empty; give a path, or leave the option out")


def test_a_copy_of_the_example_configuration_works_as_it_is(vivencia: Vivencia, recording: str, tmp_path: Path) -> None:
    copy = tmp_path / "my-brand.toml"
    copy.write_bytes((Path(__file__).parents[2] / "config" / "example.toml").read_bytes())
    ran = vivencia("simulate", recording, "--config", str(copy))

    assert (ran.code, ran.err) == (0, "")


def test_broken_json_is_rejected_by_line_and_the_rest_is_accepted(vivencia: Vivencia, tmp_path: Path) -> None:
    file = tmp_path / "mentions.jsonl"
    file.write_text(RECORDING + '{"id": "2", "text": \n' + '{"id": "3"}\n' + RECORDING.replace('"1"', '"4"'))
    ran = vivencia("simulate", str(file), "--json")

    assert ran.code == 1
    assert json.loads(ran.out)["mentions"] == {"accepted": 2, "duplicates": 0, "rejected": 2}
    assert f"{file}:2: not JSON" in ran.err
    assert f"{file}:3: text: field required" in ran.err


def test_an_unknown_configuration_key_is_answered_with_the_likely_one(
    vivencia: Vivencia, recording: str, home: Path
) -> None:
    home.mkdir()
    (home / "vivencia.toml").write_text('[policy]\nmoed = "auto"\n')
    in_one_line(vivencia("simulate", recording), "vivencia.toml", "'moed'", "did you mean 'mode'?")


def test_an_unknown_option_or_command(vivencia: Vivencia) -> None:
    assert vivencia("simulate", "x.jsonl", "--sped", "max").code == 2
    assert vivencia("simulte").code == 2


@pytest.mark.parametrize("speed", ["fast", "0", "-3", "inf", "nan"])
def test_a_speed_that_is_none(vivencia: Vivencia, recording: str, speed: str) -> None:
    in_one_line(vivencia("simulate", recording, f"--speed={speed}"), "--speed", "max")


def test_a_configuration_that_is_not_toml(vivencia: Vivencia, recording: str, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[brand\n")
    in_one_line(vivencia("simulate", recording, "--config", str(file)), "own.toml", "not valid TOML", "line 1")


def test_a_home_that_cannot_be_written(recording: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = [sys.executable, "-m", "bot", "simulate", recording, "--home", str(tmp_path / "file" / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "cannot be used as home" in done.stderr
    assert "--home" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_second_instance_on_the_same_home(vivencia: Vivencia, recording: str, home: Path) -> None:
    with only_one(find_home(home)):
        ran = vivencia("simulate", recording)

    in_one_line(ran, "in use by another vivencia", "--home")


def test_a_file_that_is_no_database(vivencia: Vivencia, recording: str, home: Path) -> None:
    home.mkdir()
    (home / "vivencia.db").write_text("not a database at all, but long enough to look like a file " * 20)
    in_one_line(vivencia("simulate", recording), "vivencia.db")


def test_a_full_disk_stops_with_a_sentence_and_goes_on_later(recording: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", disk], check=False).returncode
    ):
        pytest.skip("a small disk can be made only by root")
    try:
        big = tmp_path / "big.jsonl"
        big.write_text("".join(json.dumps({"id": n, "text": f"hola {n} " + "ñ" * 900}) + "\n" for n in range(256)))
        command = [sys.executable, "-m", "bot", "simulate", str(big), "--home", str(disk / "home"), "--json"]
        full = subprocess.run(command, capture_output=True, text=True, check=False)
        assert full.returncode in {1, 2}, full
        assert "Traceback" not in full.stderr
        assert "full" in full.stderr
        subprocess.run(["mount", "-o", "remount,size=60m", disk], check=True)
        again = subprocess.run(command, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stderr
        outcome = json.loads(again.stdout)["mentions"]
        assert outcome["accepted"] + outcome["duplicates"] == 256
    finally:
        subprocess.run(["umount", disk], check=False)


def test_a_file_where_the_pictures_go(vivencia: Vivencia, recording: str, home: Path) -> None:
    vivencia("simulate", recording)
    (home / "digests").touch()
    ran = vivencia("digest")

    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith(f"vivencia: the picture {home}/digests/daily-")


@pytest.mark.parametrize("name", ["desk__discord__token", ".DS_Store"])
def test_a_secret_that_is_no_text_is_named_and_not_shown(vivencia: Vivencia, home: Path, name: str) -> None:
    (home / "secrets").mkdir(parents=True)
    (home / "secrets" / name).write_bytes(b"s3cr3t\xff")
    ran = vivencia("channels", "list")

    in_one_line(ran, f"{home}/secrets/{name}: is no text in UTF-8", "move it away")
    assert "s3cr3t" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("digest", "--date", "yesterday"), ("--date", "2026-04-23")),
        (("outbox", "list", "--state", "gone"), ("--state", "pending")),
        (("run",), ("no channel is configured",)),
    ],
)
def test_wrong_use(vivencia: Vivencia, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    in_one_line(vivencia(*arguments), *words)


@pytest.mark.parametrize(
    ("arguments", "spanish", "english"),
    [
        (("customer", "@nobody"), "nadie con el nombre @nobody", "nobody called @nobody"),
        (("case", "77"), "ningún caso #77", "no case #77"),
        (("case", "seven"), "no es un número de caso", "no case key"),
        (("explain", "x1"), "ninguna mención x1", "no mention x1"),
        (("digest",), "no se ha oído nada", "nothing has been heard yet"),
        (("retry", "x:1"), "x:1 no está en cuarentena", "x:1 is not quarantined"),
    ],
)
def test_asking_for_what_is_not_there(
    vivencia: Vivencia, arguments: tuple[str, ...], spanish: str, english: str
) -> None:
    for language, words in (("es", spanish), ("en", english)):
        ran = vivencia(*arguments, "--lang", language)

        assert ran.code == 1
        assert ran.err.count("\n") == 1
        assert words in ran.err


@pytest.mark.parametrize("number", ["9" * 19, "9" * 20, "9" * 5_000])
def test_a_number_beyond_all_numbers_is_one_that_nothing_has(vivencia: Vivencia, number: str) -> None:
    in_a_line = [vivencia("case", number)]
    if len(number) < 50:
        in_a_line += [vivencia("outbox", done, number) for done in ("retry", "drop", "approve")]
        assert [vivencia(*many, "--limit", number).code for many in (["cases"], ["outbox", "list"])] == [0, 0]

    assert [(ran.code, ran.err.count("\n")) for ran in in_a_line] == [(1, 1)] * len(in_a_line)


@pytest.mark.parametrize("number", ["0", "-5", "-" + "9" * 20])
def test_so_is_a_number_below_one(vivencia: Vivencia, number: str) -> None:
    in_a_line = [vivencia("outbox", done, "--", number) for done in ("retry", "drop", "approve")]
    in_a_line.append(vivencia("case", "--", number))

    assert [(ran.code, ran.err.count("\n")) for ran in in_a_line] == [(1, 1)] * 4


@pytest.mark.parametrize("key", [" 77 ", "#77", "７７", "٧٧", "0077"])
def test_a_cases_number_may_be_written_in_many_ways(vivencia: Vivencia, key: str) -> None:
    assert vivencia("case", key, "--lang", "en").err.startswith("vivencia: there is no case #77;")


@pytest.mark.parametrize(
    "arguments",
    [
        ("customer", "{}"),
        ("explain", "x:{}"),
        ("retry", "{}"),
        ("privacy", "erase", "@{}"),
        ("cases", "--owner", "{}"),
        ("outbox", "drop", "1", "--why", "por {}"),
    ],
)
def test_bytes_that_are_no_text_are_refused_in_both_languages(
    vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    typed = [argument.format("caf\udce9") for argument in arguments]
    in_one_line(vivencia(*typed), r"caf\udce9' is not UTF-8; type it anew")
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    in_one_line(vivencia(*typed), r"caf\udce9' no es UTF-8; escríbelo de nuevo")


@pytest.mark.parametrize("done", ["retry", "drop", "approve"])
def test_a_job_that_does_not_exist(vivencia: Vivencia, done: str) -> None:
    for language, words in (("es", "el envío 5"), ("en", "job 5")):
        ran = vivencia("outbox", done, "5", "--lang", language)

        assert ran.code == 1
        assert ran.err.count("\n") == 1
        assert words in ran.err


@pytest.mark.parametrize(
    ("arguments", "spanish", "english"),
    [
        (("digest", "--date", "ayer"), "no es una fecha", "no date"),
        (("digest", "--date", "2999-01-01"), "está por llegar", "still to come"),
        (("digest", "--date", "0001-01-01"), "es anterior a 1970", "is before 1970"),
        (("digest", "--weekly", "--date", "0001-01-20"), "es anterior a 1970", "is before 1970"),
        (("customer", "@a", "--consent", "sí"), "va con --merge", "is for --merge"),
    ],
)
def test_wrong_use_is_told_in_the_language_of_the_pages(
    vivencia: Vivencia, arguments: tuple[str, ...], spanish: str, english: str
) -> None:
    in_one_line(vivencia(*arguments, "--lang", "es"), spanish)
    in_one_line(vivencia(*arguments, "--lang", "en"), english)


def test_a_speed_and_a_mode_are_refused_in_both_languages(vivencia: Vivencia, recording: str) -> None:
    in_one_line(vivencia("simulate", recording, "--mode", "alto", "--lang", "es"), "no existe", "approve")
    in_one_line(vivencia("simulate", recording, "--mode", "loud", "--lang", "en"), "there is no --mode loud", "approve")
    in_one_line(vivencia("simulate", recording, "--speed", "ya", "--lang", "es"), "no es una velocidad", "max")
