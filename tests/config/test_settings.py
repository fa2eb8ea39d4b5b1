"""One line of complaint with the fix, the later source wins, and secrets are never shown."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.reading import Urgency
from config.settings import read_settings

Write = Callable[[str], Path]
EXAMPLE = Path(__file__).parents[2] / "config" / "example.toml"
DEMO = Path(__file__).parents[2] / "config" / "demo" / "vivencia.toml"
LIST = """is no JSON, and outside the file a list is written so: '["zarapito"]'"""
CANARY = "canary-7f3a91"


def complaint(*files: Path, secrets: Path | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        read_settings(*files, secrets=secrets)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_an_owner_who_says_nothing_gets_a_service_that_asks_first() -> None:
    settings = read_settings()

    assert settings.policy.mode == "approve"
    assert settings.policy.disclosure
    assert settings.policy.replies_per_conversation == 1
    assert settings.channels == {}
    assert settings.clocks.first_answer_hours[Urgency.HIGH] == 1.0
    assert settings.digest.at == time(8)


@pytest.mark.parametrize("file", [EXAMPLE, DEMO], ids=["example", "demo"])
def test_the_files_we_ship_are_valid(file: Path) -> None:
    settings = read_settings(file)

    assert settings.brand.name == "Zarapito"
    assert settings.brand.accounts == ("zarapito",)


def test_settings_never_change_after_reading() -> None:
    settings = read_settings()

    with pytest.raises(ValueError, match="frozen"):
        setattr(settings.policy, "mode", "auto")  # noqa: B010 - the type check knows it already


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[polcy]\nmode = 'off'", "top level: the key 'polcy' is unknown; did you mean 'policy'?"),
        ("[policy]\nmoed = 'off'", "[policy] the key 'moed' is unknown; did you mean 'mode'?"),
        ("[brand.hours]\nopen = '10:00'", "[brand.hours] the key 'open' is unknown; did you mean 'opens'?"),
        ("[digest]\nzzz = 1", "[digest] the key 'zzz' is unknown; known here: at, languages"),
        ("[clocks]\nfirst_answer_hours = { hgih = 1 }", "the key 'hgih' is unknown; did you mean 'high'?"),
        ("[policy]\nquiet_from = '22:00+02:00'", "22:00+02:00 names a zone; write the local time alone, like 22:00"),
        ("[brand.hours]\nopens = '09:00Z'", "[brand.hours] opens: 09:00+00:00 names a zone"),
        ("[brand]\nlanguages = []", "[brand] languages: name at least one language"),
        ("[brand]\naccounts = ['a', '@ ']", "[brand.accounts] 1: an account needs a name; take the empty one out"),
        ("[brand]\naccounts = ['\u200b']", "an account needs a name; take the empty one out"),
        ("[brand]\naccounts = ['https://x.com/zarapito/']", "write the account's name alone, like zarapito (it is "),
        ("[brand]\naccounts = ['https://m.social/@zarapito?a=1']", "write the account's name alone, like "),
        ("[brand]\naccounts = ['a, b']", "'a, b' holds a space; write the account's name as it stands after its @"),
        ("[brand]\nname = ''", "[brand] name: string should have at least 1 character (it is '')"),
        ("[brand]\nname = '  '", "[brand] name: string should have at least 1 character (it is '  ')"),
        (f"[brand]\nname = '{'a' * 61}'", "[brand] name: string should have at most 60 characters"),
        ('[brand]\nname = "A\\nB"', "[brand] name: a line break or an invisible character is no part of a name"),
        ("[brand]\nname = 'A\u202eB'", "a line break or an invisible character is no part of a name; type it anew"),
        ("[policy]\nsurvey_every_days = 9999999999", "input should be less than or equal to 3650 (it is 9999999999)"),
        (
            "[clocks]\nfirst_answer_hours = { high = inf }",
            "high: input should be less than or equal to 8760 (it is inf)",
        ),
        ("[service]\nlease_seconds = 1e300", "[service] lease_seconds: input should be less than or equal to 86400"),
        ("[policy]\nmode = 'of'", "[policy] mode: input should be 'off', 'shadow', 'approve' or 'auto' (it is 'of')"),
        ("[policy]\nreplies_per_day = 'many'", "[policy] replies_per_day: input should be a valid integer"),
        ("[policy]\nreplies_per_day = -1", "[policy] replies_per_day: input should be greater than or equal to 0"),
        ("[brand]\ntimezone = 'Europe/Madird'", "'Europe/Madird' is no time zone; use a name like Europe/Madrid"),
        ("[brand]\ntimezone = 'Europe'", "'Europe' is no time zone; use a name like Europe/Madrid"),
        ("[brand.hours]\nweekdays = [7]", "input should be less than or equal to 6 (it is 7)"),
        ("[brand.hours]\nopens = '19:00'\ncloses = '09:00'", "opens (19:00) must be before closes (09:00)"),
        ("[brand.hours]\nopens = 9", "[brand.hours] opens: input should be a time like 09:30 (it is 9)"),
        ("[policy]\nquiet_from = 22.5", "[policy] quiet_from: input should be a time like 09:30 (it is 22.5)"),
        ("[brand]\nknowledge = ''", "[brand] knowledge: an empty name is no folder; name one, or take the key out"),
        ("[brand]\nreplies = '~nobody-here/x'", "[brand] replies: the home of ~nobody-here is not known; write"),
        ("[digest]\nlanguages = 'es'", "[digest] languages: input should be a list (it is 'es')"),
        ("policy = 3", "policy: input should be a table (it is 3)"),
        ("[policy]\nmode = 'of'\nmoed = 1", "— and 1 more"),
    ],
)
def test_a_mistake_in_the_file_is_one_line_with_the_fix(owners: Write, text: str, said: str) -> None:
    message = complaint(owners(text))

    assert message.startswith("vivencia.toml: ")
    assert said in message


def test_a_brands_name_and_accounts_are_taken_without_what_stands_around_them(owners: Write) -> None:
    brand = read_settings(
        owners("[brand]\nname = ' Café Ñandú '\naccounts = [' @zara\u200bpito ', 'z@tienda.social']")
    ).brand

    assert brand.name == "Café Ñandú"
    assert brand.accounts == ("@zarapito", "z@tienda.social")


def test_a_line_that_is_no_toml_is_named(owners: Write) -> None:
    assert "vivencia.toml: not valid TOML" in (message := complaint(owners("[brand]\nname = = 'Zarapito'\n")))
    assert "line 2" in message


def test_a_missing_file_says_where_to_start(tmp_path: Path) -> None:
    message = complaint(tmp_path / "nope.toml")

    assert "nope.toml: no such configuration file" in message
    assert "config/example.toml" in message


def test_a_file_that_is_a_folder_or_no_text_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")

    assert "cannot be read" in complaint(tmp_path)
    assert "cannot be read" in complaint(tmp_path / "binary.toml")


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    (tmp_path / "vivencia.toml").write_bytes("\ufeff[policy]\nmode = 'off'\n".encode())

    assert read_settings(tmp_path / "vivencia.toml").policy.mode == "off"


def test_the_later_file_wins_key_by_key(owners: Write, tmp_path: Path) -> None:
    later = tmp_path / "later.toml"
    later.write_text("[policy]\nmode = 'shadow'\n")

    settings = read_settings(owners("[policy]\nmode = 'off'\nreplies_per_day = 7"), later)

    assert (settings.policy.mode, settings.policy.replies_per_day) == ("shadow", 7)
    assert settings.policy.replies_per_hour == 30


def test_a_table_that_names_one_urgency_keeps_the_others(owners: Write) -> None:
    hours = read_settings(owners("[clocks]\nfirst_answer_hours = { high = 2 }")).clocks.first_answer_hours

    assert hours == {Urgency.HIGH: 2.0, Urgency.MEDIUM: 4.0, Urgency.LOW: 8.0}


def test_a_variable_wins_over_the_file(owners: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVENCIA_POLICY__MODE", "off")

    assert read_settings(owners("[policy]\nmode = 'auto'")).policy.mode == "off"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("VIVENCIA_POLCY__MODE", "off", "the variable VIVENCIA_POLCY__MODE is unknown; did you mean VIVENCIA_POLICY?"),
        ("vivencia_polcy__mode", "off", "did you mean VIVENCIA_POLICY?"),
        ("VIVENCIA_HOEM", "1", "did you mean VIVENCIA_HOME?"),
        ("VIVENCIA_QQQQ", "1", "known: VIVENCIA_BRAND"),
        ("VIVENCIA_POLICY__MOED", "off", "the variable VIVENCIA_POLICY__MOED: [policy] the key 'moed' is unknown"),
        ("VIVENCIA_POLICY__MODE", "of", "the variable VIVENCIA_POLICY__MODE: [policy] mode: input should be 'off'"),
        ("VIVENCIA_POLICY", "off", "the variable VIVENCIA_POLICY is no table; set one key at a time"),
        ("VIVENCIA_BRAND__ACCOUNTS", "zarapito", f"the variable VIVENCIA_BRAND__ACCOUNTS {LIST}"),
        ("VIVENCIA_BRAND__HOURS__WEEKDAYS", "[lunes]", f"the variable VIVENCIA_BRAND__HOURS__WEEKDAYS {LIST}"),
        ("VIVENCIA_BRAND__KNOWLEDGE", "", "the variable VIVENCIA_BRAND__KNOWLEDGE: [brand] knowledge: an empty name"),
    ],
)
def test_a_mistake_in_a_variable_is_laid_at_its_door(
    monkeypatch: pytest.MonkeyPatch, owners: Write, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)

    message = complaint(owners(""))

    assert said in message
    assert "vivencia.toml" not in message


@pytest.mark.parametrize("variable", ["VIVENCIA_HOME", "VIVENCIA_PAUSE"])
def test_variables_that_are_no_settings_are_left_alone(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "1")

    assert read_settings().policy.mode == "approve"


def test_a_file_in_the_secrets_directory_completes_a_channel(owners: Write, secrets: Path) -> None:
    (secrets / "channels__x__token").write_text(f"{CANARY}\n")

    settings = read_settings(owners("[channels.x]\nkind = 'x'"), secrets=secrets)

    assert settings.channels["x"] == {"kind": "x", "token": CANARY}


def test_a_variable_wins_over_a_secret_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "channels__x__token").write_text("old")
    monkeypatch.setenv("VIVENCIA_CHANNELS__X__TOKEN", "new")

    assert read_settings(secrets=secrets).channels["x"] == {"token": "new"}


def test_a_secret_that_names_no_key_is_a_mistake_and_a_note_is_not(secrets: Path) -> None:
    (secrets / "README").write_text("put tokens here")
    read_settings(secrets=secrets)
    (secrets / "chanels__x__token").write_text(CANARY)

    assert "did you mean 'channels__x__token'?" in (message := complaint(secrets=secrets))
    assert CANARY not in message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("desk", "the secret 'desk' is no table; name it like channels__x__token"),
        ("channels", "the secret 'channels' is no table; name it like channels__x__token"),
        ("brand__accounts", f"the secret 'brand__accounts' {LIST}"),
        ("policy__mode", "the secret 'policy__mode': [policy] mode: input should be 'off', 'shadow', "),
        ("desk__discord__tokne", "the secret 'desk__discord__tokne': [desk.discord] the key 'tokne' is unknown"),
    ],
)
def test_a_mistake_in_a_secret_is_laid_at_its_door(owners: Write, secrets: Path, name: str, said: str) -> None:
    (secrets / name).write_text(f"{CANARY}\n")

    message = complaint(owners(""), secrets=secrets)
    assert message.startswith(f"{secrets}: {said}")
    assert name == "policy__mode" or CANARY not in message


def test_no_secrets_directory_is_fine(tmp_path: Path) -> None:
    assert read_settings(secrets=tmp_path / "none").channels == {}


def test_settings_can_be_printed_without_giving_a_secret_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVENCIA_CHANNELS__X__TOKEN", CANARY)

    settings = read_settings()

    assert settings.channels["x"]["token"] == CANARY
    assert CANARY not in repr(settings)
    assert CANARY not in str(settings)


@pytest.mark.parametrize("variable", ["VIVENCIA_CHANNELS__X", "VIVENCIA_CHANNELS"])
def test_a_secret_in_the_wrong_place_is_not_repeated_in_the_complaint(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, CANARY)

    with pytest.raises(ConfigError) as caught:
        read_settings()

    assert variable in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_folders_of_the_brand_are_beside_the_file_that_names_them(owners: Write) -> None:
    file = owners("[brand]\nknowledge = 'articles'\nreplies = '/srv/replies'")

    brand = read_settings(file).brand

    assert brand.knowledge == file.parent / "articles"
    assert brand.replies == Path("/srv/replies")


def test_a_folder_of_the_brand_may_be_in_ones_home(owners: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/ana")
    monkeypatch.setenv("VIVENCIA_BRAND__REPLIES", "~/replies")

    brand = read_settings(owners("[brand]\nknowledge = '~/articles'")).brand
    assert (brand.knowledge, brand.replies) == (Path("/srv/ana/articles"), Path("/srv/ana/replies"))


def test_dates_and_times_may_be_written_as_toml_or_as_text(owners: Write) -> None:
    hours = read_settings(owners("[brand.hours]\nopens = 08:30:00\nholidays = [2026-12-25, '2026-01-01']")).brand.hours

    assert hours.opens == time(8, 30)
    assert hours.holidays == {date(2026, 12, 25), date(2026, 1, 1)}


def test_a_token_in_the_place_of_its_table_is_not_shown(owners: Write) -> None:
    message = complaint(owners(f"[desk]\ndiscord = '{CANARY}'"))

    assert "[desk] discord: " in message
    assert CANARY not in message


@pytest.mark.parametrize("key", ["guild", "forum", "base_url", "roles", "timeout_seconds", "cards_per_minute"])
def test_a_token_under_another_key_of_the_desk_is_not_shown(owners: Write, key: str) -> None:
    message = complaint(owners(f"[desk.discord]\n{key} = '{CANARY}'"))

    assert f"[desk.discord] {key}: " in message
    assert CANARY not in message


@pytest.mark.parametrize("token", [f"['{CANARY}']", "73911", f"{{ value = '{CANARY}' }}"])
def test_a_token_that_is_no_text_is_not_shown(owners: Write, token: str) -> None:
    message = complaint(owners(f"[desk.discord]\ntoken = {token}"))

    assert "[desk.discord] token: " in message
    assert CANARY not in message
    assert "73911" not in message
