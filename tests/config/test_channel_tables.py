"""The keys that every channel's table has, and what a kind of channel costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.cost import WhenSpent
from bot.domain.errors import ConfigError
from config.channels import common_keys, own_keys
from config.settings import read_settings

Write = Callable[[str], Path]


def test_a_table_is_split_into_common_and_own_keys() -> None:
    table = {"kind": "x", "mode": "auto", "poll_seconds": 90, "budget_per_day": 2.5, "keywords": ["lamp"]}

    keys = common_keys("x", table)

    assert (keys.mode, keys.poll_seconds, keys.budget_per_day) == ("auto", 90, Decimal("2.5"))
    assert (keys.must_be_summoned, keys.when_spent) == (False, None)
    assert own_keys(table) == {"kind": "x", "keywords": ["lamp"]}


def test_a_team_is_named_by_names_or_numbers() -> None:
    assert common_keys("x", {}).team is None
    assert common_keys("x", {"team": []}).team == ()
    assert common_keys("x", {"team": [" @ana ", 123456789012345678]}).team == ("@ana", "123456789012345678")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"mode": "atuo"}, "[channels.x] mode: input should be 'off', 'shadow', 'approve' or 'auto'"),
        ({"when_spent": "cry"}, "[channels.x] when_spent: input should be 'slow' or 'stop'"),
        ({"budget_per_day": 0}, "[channels.x] budget_per_day: input should be greater than 0"),
        ({"poll_seconds": "often"}, "[channels.x] poll_seconds: input should be a valid number"),
        ({"poll_seconds": float("inf")}, "[channels.x] poll_seconds: input should be less than or equal to 86400"),
        ({"poll_seconds": 1e300}, "[channels.x] poll_seconds: input should be less than or equal to 86400"),
        ({"poll_seconds": float("nan")}, "[channels.x] poll_seconds: input should be less than or equal to 86400"),
        ({"team": "ana"}, "[channels.x] team: input should be a list"),
        ({"team": [" "]}, "[channels.x] team: string should have at least 1 character"),
        ({"must_be_summoned": "perhaps"}, "[channels.x] must_be_summoned: input should be a valid boolean"),
    ],
)
def test_a_mistake_in_a_common_key_is_one_line(table: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        common_keys("x", table)

    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["x/stream", "a:b", "", "a b", "MyX", "mi__tienda", "_x", "x_", "x__", "compañía", "x\n", "tienda\u200b"]
)
def test_a_name_that_would_be_taken_for_something_else_or_never_get_its_secrets_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is no name for a channel; use small letters a to z, digits, - and single _"):
        common_keys(name, {})


@pytest.mark.parametrize("name", ["x", "x2", "tienda_mx", "tienda-mx", "2-a_b", "tienda--mx"])
def test_a_name_that_is_taken_finds_the_file_of_its_secret(name: str, owners: Write, secrets: Path) -> None:
    (secrets / f"channels__{name}__token").write_text("abc")
    tables = read_settings(owners(f"[channels.{name}]\nkind = 'telegram'"), secrets=secrets).channels

    assert common_keys(name, tables[name]).kind == "telegram"
    assert tables == {name: {"kind": "telegram", "token": "abc"}}


def test_x_has_its_prices_with_their_day() -> None:
    costs = read_settings().costs["x"]

    assert (costs.currency, costs.of, costs.budget_per_day) == ("USD", date(2026, 11, 1), Decimal(5))
    assert costs.prices["owned_post"] == Decimal("0.001")
    assert costs.prices["create_with_url"] == Decimal("0.2")


def test_an_owner_corrects_one_price_and_keeps_the_others(owners: Write) -> None:
    costs = read_settings(owners("[costs.x]\nof = 2027-01-01\nwhen_spent = 'stop'\nprices = { post = 0.004 }\n")).costs

    assert costs["x"].prices["post"] == Decimal("0.004")
    assert costs["x"].prices["user"] == Decimal("0.01")
    assert (costs["x"].of, costs["x"].when_spent) == (date(2027, 1, 1), WhenSpent.STOP)


def test_prices_without_their_day_are_refused(owners: Write) -> None:
    with pytest.raises(ConfigError, match=r"\[costs.pigeon\] of: field required"):
        read_settings(owners("[costs.pigeon.prices]\nflight = 1\n"))
