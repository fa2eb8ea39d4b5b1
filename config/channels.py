"""What every channel's table may say, whatever its kind: how free the machine is there, how often, how dear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from bot.domain.cost import WhenSpent
from bot.domain.errors import ConfigError
from config.complaints import in_their_words
from config.settings import Table
from config.values import Mode, Seconds, Word

_NAME = re.compile("[a-z0-9-]+(?:_[a-z0-9-]+)*")

# by name or, where a platform has them, by number
Member = Annotated[Word, BeforeValidator(lambda given: str(given) if isinstance(given, int) else given)]


class CommonKeys(Table):
    """The keys that are not the channel's own; what is not given here is given elsewhere in the configuration."""

    kind: str | None = None
    mode: Mode | None = None
    must_be_summoned: bool = False
    poll_seconds: Seconds | None = None
    budget_per_day: Annotated[Decimal, Field(gt=0)] | None = None
    when_spent: WhenSpent | None = None
    team: tuple[Member, ...] | None = None


def common_keys(name: str, table: Mapping[str, Any]) -> CommonKeys:
    """The common keys of `[channels.<name>]`; ConfigError in one line, also for a name that cannot be one."""
    if not _NAME.fullmatch(name):
        # `x:1` is a mention's id and `x/stream` a second ear; secrets know no capitals, and `__` ends a name
        fix = "use small letters a to z, digits, - and single _, like shop_mx"
        message = f"[channels.{name}] is no name for a channel; {fix}"
        raise ConfigError(message)
    given = {key: value for key, value in table.items() if key in CommonKeys.model_fields}
    try:
        return CommonKeys(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = f"[channels.{name}] {first['loc'][0]}: {in_their_words(first['msg'])}"
        raise ConfigError(message) from error


def own_keys(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table as the channel's own model wants it: `kind` stays, for the registry."""
    return {key: value for key, value in table.items() if key == "kind" or key not in CommonKeys.model_fields}
