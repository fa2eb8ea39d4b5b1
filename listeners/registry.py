"""Find channels by the name their entry point gives them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.domain.errors import ConfigError
from bot.domain.ports.channel import ChannelKind, Listener, Stream, Surroundings, Voice
from bot.domain.secret import key_as_pasted, password_as_pasted

GROUP = "vivencia.channels"
# by a person, and not made by the platform
_CHOSEN = frozenset({"password", "smtp_password"})


def channel_kinds() -> list[str]:
    """The kinds installed on this machine, ours and strangers' alike."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def channel_kind(name: str, table: Mapping[str, Any]) -> ChannelKind:
    """What is installed for the channel that `[channels.<name>]` describes."""
    return _kind(name, table.get("kind", name))


def channel_settings(name: str, table: Mapping[str, Any]) -> Any:  # noqa: ANN401 - each kind has a model of its own
    """The table as its kind understands it; ConfigError in one line."""
    found = channel_kind(name, table)
    given = {key: _as_pasted(name, key, value, found) for key, value in table.items() if key != "kind"}
    try:
        return found.settings(**given)
    except ValidationError as error:
        raise ConfigError(_complaint(name, error, found)) from error


def open_channel(
    name: str, table: Mapping[str, Any], surroundings: Surroundings
) -> AbstractAsyncContextManager[Listener | Stream | Voice]:
    """Open the channel that `[channels.<name>]` describes; its `kind` defaults to its name."""
    return channel_kind(name, table).open(name, channel_settings(name, table), surroundings)


def _kind(name: str, kind: str) -> ChannelKind:
    for point in entry_points(group=GROUP):
        if point.name == kind:
            return _loaded(name, point)
    near = get_close_matches(str(kind), channel_kinds(), n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    message = f"[channels.{name}] kind = {kind!r} is unknown; {hint}installed: {', '.join(channel_kinds())}"
    raise ConfigError(message)


def _loaded(name: str, point: EntryPoint) -> ChannelKind:
    try:
        loaded: ChannelKind = point.load()
    except (ImportError, AttributeError) as error:
        message = f"[channels.{name}] kind = {point.name!r} cannot be loaded: {error}; install what it needs"
        raise ConfigError(message) from error
    return loaded


def _as_pasted(name: str, key: str, value: object, kind: ChannelKind) -> object:
    """A secret without what stood around it, so that no platform is blamed for that; anything else as it is."""
    if not isinstance(value, str) or not _is_secret(key, kind):
        return value
    try:
        return password_as_pasted(value) if key in _CHOSEN else key_as_pasted(value)
    except ValueError as error:
        raise ConfigError(f"[channels.{name}] {key}: {error}") from error


def _is_secret(key: str, kind: ChannelKind) -> bool:
    field = getattr(kind.settings, "model_fields", {}).get(key)
    return field is not None and "Secret" in str(field.annotation)


def _where_secrets_go(name: str, key: str, what: str, kind: ChannelKind) -> str:
    """A secret that is missing has its own place, which is not the file that is being written."""
    if what != "missing" or not _is_secret(key, kind):
        return ""
    if "-" in name:
        # no shell takes a variable with a hyphen
        return f"; it is a secret: give it in the file secrets/channels__{name}__{key} of the home"
    return f"; it is a secret: give it as VIVENCIA_CHANNELS__{name.upper()}__{key.upper()} or in the secrets directory"


def _complaint(name: str, error: ValidationError, kind: ChannelKind) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "value_error":
        # our own words, as they were written; a mistake of the whole table has no key
        return f"[channels.{name}] {f'{key}: ' if key else ''}{first['msg'].removeprefix('Value error, ')}"
    if first["type"] != "extra_forbidden":
        return f"[channels.{name}] {key}: {first['msg'].lower()}{_where_secrets_go(name, key, first['type'], kind)}"
    known = sorted(kind.settings.model_fields) if isinstance(kind.settings, type(BaseModel)) else []
    near = get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
    return f"[channels.{name}] the key {key!r} is unknown; {hint}"
