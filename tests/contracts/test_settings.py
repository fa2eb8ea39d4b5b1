"""A mistake in a channel's table is one sentence, a secret is never shown, and a check looks without touching."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from bot.domain.account import Ability
from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelRefused, ConfigError
from bot.domain.ports.channel import Voice
from bot.domain.reading import Language
from listeners.registry import channel_settings, open_channel
from tests.contracts.conftest import Needs
from tests.contracts.ear import NAME, Ear
from tests.contracts.stage import Fault, Stage


def complaint(ear: Ear, table: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        open_channel(NAME, {"kind": ear.kind, **table}, ear.surroundings)
    return str(caught.value)


def settings(ear: Ear) -> BaseModel:
    made = ear.found.settings(**ear.stage.table())
    assert isinstance(made, BaseModel)
    return made


def secrets(ear: Ear) -> list[str]:
    """The values of the table's secrets, however deep."""
    return [value.get_secret_value() for value in _values(settings(ear)) if isinstance(value, SecretStr)]


def keys_of_secrets(ear: Ear) -> list[str]:
    made = settings(ear)
    return [key for key in ear.stage.table() if isinstance(getattr(made, key, None), SecretStr)]


def _values(model: BaseModel) -> Iterator[object]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _values(value)
        else:
            yield value


async def test_an_unknown_key_is_one_sentence(ear: Ear, stage: Stage) -> None:
    said = complaint(ear, {**stage.table(), "zzz": 1})

    assert said.startswith("[channels.stage] the key 'zzz' is unknown")
    assert "\n" not in said


async def test_what_a_machine_needs_leave_for_is_a_key_of_the_table(ear: Ear) -> None:
    needed = ear.found.auto_needs

    assert needed is None or needed in type(settings(ear)).model_fields


async def test_what_answers_says_what_no_second_table_may_hear(ear: Ear) -> None:
    heard = ear.found.ears(settings(ear))

    assert bool(heard) is (Ability.ANSWERS in ear.found.abilities)
    assert heard == ear.found.ears(settings(ear))


async def test_a_needed_key_that_is_missing_is_one_sentence(ear: Ear, stage: Stage) -> None:
    needed = [name for name, field in type(settings(ear)).model_fields.items() if field.is_required()]
    for key in needed:
        said = complaint(ear, {name: value for name, value in stage.table().items() if name != key})

        assert said.startswith(f"[channels.stage] {key}: ")
        assert "\n" not in said


async def test_a_value_of_the_wrong_type_is_one_sentence_that_shows_no_secret(ear: Ear, stage: Stage) -> None:
    for key in stage.table():
        said = complaint(ear, {**stage.table(), key: object()})

        assert said.startswith(f"[channels.stage] {key}")
        assert "\n" not in said
        assert [secret for secret in secrets(ear) if secret in said] == []


async def test_what_stands_around_a_secret_is_no_part_of_it(ear: Ear, stage: Stage) -> None:
    around = {key: f"\ufeff{stage.table()[key]}\r\n" for key in keys_of_secrets(ear)}

    assert channel_settings(NAME, {"kind": ear.kind, **stage.table(), **around}) == settings(ear)


async def test_a_secret_that_can_be_none_is_one_sentence(ear: Ear, stage: Stage) -> None:
    for key in keys_of_secrets(ear):
        said = complaint(ear, {**stage.table(), key: ""})

        assert said.startswith(f"[channels.stage] {key}: is empty; ")
        assert "holds a line break" in complaint(ear, {**stage.table(), key: "a\nb"})


async def test_what_names_a_secret_is_one(ear: Ear, stage: Stage) -> None:
    shown = repr(settings(ear))

    words = ("token", "secret", "password", "api_key")
    named = [value for key, value in stage.table().items() if any(word in key for word in words)]
    assert [value for value in named if isinstance(value, str) and value in shown] == []


async def test_a_secret_is_in_no_log_and_in_no_error(
    ear: Ear, stage: Stage, needs: Needs, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    if not secrets(ear):
        pytest.skip(f"{ear.kind}: has no secrets")
    caplog.set_level(logging.DEBUG)
    said = []
    async with ear.open() as channel:
        await ear.begin(channel)
        await stage.write("hola")
        await ear.listen(channel, new=1)
        await _answer(ear, channel)
        for fault in set(Fault) & {Fault.UNAUTHORIZED, Fault.SERVER_ERROR, Fault.CUT} - set(stage.lacks):
            await stage.fail(fault)
            try:
                await ear.look_once(channel)
            except Exception as error:  # noqa: BLE001 - whatever it is, it may not show a secret
                said += [repr(error), repr(error.__cause__)]
            await stage.mend()

    printed = capsys.readouterr()
    logged = "\n".join([caplog.text, printed.out, printed.err, *said])
    assert [secret for secret in secrets(ear) if secret in logged] == []


async def _answer(ear: Ear, channel: object) -> None:
    [to] = ear.mentions.values()
    if isinstance(channel, Voice):
        await channel.say(Reply(to=to.id, kind=ReplyKind.THANKS, text="gracias", language=Language.ES), to, "key-1")


# --- vivencia channels check ---


async def test_a_check_tells_who_we_are_and_posts_nothing(ear: Ear, stage: Stage) -> None:
    if ear.found.check is None:
        pytest.skip(f"{ear.kind}: has no account to check")
    account = await ear.found.check(NAME, settings(ear), ear.surroundings)

    assert account.identity
    assert account.rights
    assert await stage.posted() == []


async def test_a_check_with_a_refused_key_says_so(ear: Ear, stage: Stage, needs: Needs) -> None:
    if ear.found.check is None:
        pytest.skip(f"{ear.kind}: has no account to check")
    needs(Fault.UNAUTHORIZED)
    await stage.fail(Fault.UNAUTHORIZED)

    with pytest.raises(stage.errors.get(Fault.UNAUTHORIZED, ChannelRefused)) as caught:
        await ear.found.check(NAME, settings(ear), ear.surroundings)

    assert "\n" not in str(caught.value)
