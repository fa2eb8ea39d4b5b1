"""What people do at their own screens: press, choose, fill in, type commands; only what their screen would let them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.servers.discord.answers import Answers
from tests.servers.discord.components import fields_of
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.interactions import Kind, Outcome, Shown
from tests.servers.discord.state import State
from tests.servers.discord.views import Json, member_shown, role_shown, room_shown, user_shown
from tests.servers.discord.world import Message, Permission, Room, User

SPANISH, ENGLISH = "es-ES", "en-US"
_BUTTON, _TEXT_INPUT, _LABEL, _ROW = 2, 4, 18, 1
_LISTS = {3, 5, 6, 7, 8}


class Impossible(AssertionError):
    """A person could not do that: the screen does not offer it."""


class People:
    """Every act becomes an interaction; `forged=True` leaves the screen out, as somebody with own tools would."""

    def __init__(self, state: State, gateway: Gateway, answers: Answers) -> None:
        self._state, self._world = state, state.world
        self._gateway, self._answers = gateway, answers

    def press(
        self, user: User, on: Message | Shown, custom_id: str, *, locale: str = SPANISH, forged: bool = False
    ) -> Outcome:
        """A button, by its custom id or the beginning or words of it."""
        button = self._offered(user, on, custom_id, forged=forged)
        data = {"custom_id": button["custom_id"], "component_type": _BUTTON, "id": button.get("id", 1)}
        return self._act(user, self._room_of(on), Kind.COMPONENT, data, locale, on=on)

    def choose(  # noqa: PLR0913 - who, on what, which
        self,
        user: User,
        on: Message | Shown,
        custom_id: str,
        values: Sequence[str],
        *,
        locale: str = SPANISH,
        forged: bool = False,
    ) -> Outcome:
        """From a list."""
        chosen = self._offered(user, on, custom_id, forged=False)
        if not forged:
            _check_chosen(custom_id, chosen, values)
        data: Json = {
            "custom_id": chosen["custom_id"],
            "component_type": chosen["type"],
            "id": chosen.get("id", 1),
            "values": list(values),
        }
        if chosen["type"] != 3:
            data["resolved"] = self._resolved(user, self._room_of(on), values)
        return self._act(user, self._room_of(on), Kind.COMPONENT, data, locale, on=on)

    def submit(
        self, user: User, asked: Outcome, fields: Mapping[str, str | Sequence[str]], *, forged: bool = False
    ) -> Outcome:
        """Fill in and send the modal that an outcome opened; what is not named keeps what stood there."""
        if asked.modal is None:
            message = "no modal was opened"
            raise Impossible(message)
        given = {**{name: _standing(field) for name, field in fields_of(asked.modal).items()}, **fields}
        if not forged:
            _check_filled(asked.modal, given)
        data = {
            "custom_id": asked.modal["custom_id"],
            "components": [_filled(row, given) for row in asked.modal["components"]],
        }
        on = asked.source or asked.source_shown
        return self._act(user, asked.room, Kind.MODAL, data, asked.locale, on=on, opened_by=asked)

    def command(  # noqa: PLR0913 - who, where, what
        self,
        user: User,
        room: Room,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        locale: str = SPANISH,
        forged: bool = False,
    ) -> Outcome:
        """A slash command by its own name (not a localisation), with those of its parts: `caso tomar`."""
        command = self._command(user, room, name, forged=forged)
        given = self._options(_part(command, name), options or {}, forged=forged)
        data = self._command_data(user, room, command, name, given)
        return self._act(user, room, Kind.COMMAND, data, locale)

    def complete(  # noqa: PLR0913 - who, where, what
        self,
        user: User,
        room: Room,
        name: str,
        focused: str,
        typed: str = "",
        *,
        options: Mapping[str, Any] | None = None,
        locale: str = SPANISH,
    ) -> Outcome:
        """What a command offers while one of its options is being typed: `outcome.choices`."""
        command = self._command(user, room, name, forged=False)
        given = self._options(_part(command, name), {**(options or {}), focused: typed}, forged=True)
        for each in given:
            if each["name"] == focused:
                each |= {"focused": True, "value": typed}
        return self._act(user, room, Kind.AUTOCOMPLETE, self._command_data(user, room, command, name, given), locale)

    def again(self, outcome: Outcome) -> None:
        """Discord tells of the same interaction once more, as it does now and then."""
        self._gateway.tell_everybody("INTERACTION_CREATE", self._payload(outcome))

    def commands_for(self, user: User, room: Room) -> list[Json]:
        """The commands that their screen offers there."""
        guild = room.guild_id or ""
        known = [*self._state.commands.get("", {}).values(), *self._state.commands.get(guild, {}).values()]
        has = self._world.permissions(user, room)
        return [one for one in known if _may_use(one, has, direct=not guild)]

    def sees(self, user: User, shown: Shown) -> bool:
        """An ephemeral answer is for one person's eyes."""
        return not shown.ephemeral or (shown.of is not None and shown.of.user.id == user.id)

    # --- what a screen offers ---

    def _offered(self, user: User, on: Message | Shown, custom_id: str, *, forged: bool) -> Json:
        if forged:
            return {"custom_id": custom_id, "type": _BUTTON}
        if isinstance(on, Shown) and not self.sees(user, on):
            message = "somebody else's answer is not to be seen"
            raise Impossible(message)
        if not self._world.sees(user, self._room_of(on)):
            message = f"{user.username} does not see that room"
            raise Impossible(message)
        rows = on.components if isinstance(on, Shown) else on.extra.get("components", [])
        inside = [each for row in rows for each in row.get("components", [])]
        named = [one for one in inside if custom_id in {one.get("custom_id"), one.get("label")}]
        fit = named or [one for one in inside if str(one.get("custom_id", "")).startswith(custom_id)]
        if not fit:
            message = f"nothing to press called {custom_id!r}; there is {[one.get('custom_id') for one in inside]}"
            raise Impossible(message)
        if fit[0].get("disabled"):
            message = f"{custom_id} cannot be pressed now"
            raise Impossible(message)
        offered: Json = fit[0]
        return offered

    def _room_of(self, on: Message | Shown) -> Room:
        if isinstance(on, Message):
            return self._world.rooms[on.room_id]
        if on.of is None:
            message = "an answer to nothing"
            raise Impossible(message)
        return on.of.room

    def _command(self, user: User, room: Room, name: str, *, forged: bool) -> Json:
        guild = room.guild_id or ""
        known = {**self._state.commands.get("", {}), **self._state.commands.get(guild, {})}
        found = next((one for one in known.values() if one["name"] == name.partition(" ")[0]), None)
        if found is None:
            message = f"there is no command {name}; there are {sorted(one['name'] for one in known.values())}"
            raise Impossible(message)
        if not forged and not _may_use(found, self._world.permissions(user, room), direct=not guild):
            message = f"{user.username} is not offered /{name}"
            raise Impossible(message)
        return found

    def _options(self, command: Json, given: Mapping[str, Any], *, forged: bool) -> list[Json]:
        known = {option["name"]: option for option in command.get("options") or []}
        if strange := set(given) - set(known):
            message = f"/{command['name']} has no option {strange}; it has {list(known)}"
            raise Impossible(message)
        missing = [name for name, option in known.items() if option.get("required") and name not in given]
        if missing and not forged:
            message = f"/{command['name']} wants {missing}"
            raise Impossible(message)
        return [_typed(known[name], value, forged=forged) for name, value in given.items() if value is not None]

    # --- on its way to the bot ---

    def _command_data(self, user: User, room: Room, command: Json, name: str, options: list[Json]) -> Json:
        people = [str(one["value"]) for one in options if one["type"] in {6, 7, 8, 9}]
        words = name.split()
        for last in range(len(words), 1, -1):
            part = _part(command, " ".join(words[:last]))
            options = [{"name": part["name"], "type": part["type"], "options": options}]
        data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": self._resolved(user, room, people)} if people else {})

    def _resolved(self, user: User, room: Room, ids: Sequence[str]) -> Json:
        guild = self._world.guilds[room.guild_id or ""]
        users = {one: self._world.users[one] for one in ids if one in self._world.users}
        rooms = {one: self._world.rooms[one] for one in ids if one in self._world.rooms}
        order = list(guild.roles)
        return {
            "roles": {one: role_shown(guild.roles[one], order.index(one)) for one in ids if one in guild.roles},
            "channels": {
                one: room_shown(self._world, place) | {"permissions": self._permissions(user, place)}
                for one, place in rooms.items()
            },
            "users": {one: user_shown(each) for one, each in users.items()},
            "members": {
                one: member_shown(guild, each, whole=False) | {"permissions": self._permissions(each, room)}
                for one, each in users.items()
                if one in guild.members
            },
        }

    def _permissions(self, user: User, room: Room) -> str:
        return str(int(self._world.permissions(user, room)) & ((1 << 53) - 1))

    def _act(  # noqa: PLR0913 - who, where, what
        self,
        user: User,
        room: Room,
        kind: Kind,
        data: Json,
        locale: str,
        *,
        on: Message | Shown | None = None,
        opened_by: Outcome | None = None,
    ) -> Outcome:
        outcome = Outcome(self._state, user, room, kind, data, locale)
        outcome.opened_by = opened_by
        if isinstance(on, Message):
            outcome.source = on
        elif isinstance(on, Shown):
            outcome.source, outcome.source_shown = on.message, None if on.message else on
        self._state.outcomes[outcome.token] = outcome
        self._gateway.tell_everybody("INTERACTION_CREATE", self._payload(outcome))
        return outcome

    def _payload(self, outcome: Outcome) -> Json:
        room, user = outcome.room, outcome.user
        shown: Json = {
            "id": outcome.id,
            "application_id": self._state.bot.id,
            "type": outcome.kind.value,
            "token": outcome.token,
            "version": 1,
            "data": outcome.data,
            "channel_id": room.id,
            "channel": room_shown(self._world, room) | {"permissions": self._permissions(user, room)},
            "locale": outcome.locale,
            "app_permissions": self._permissions(self._state.bot, room),
            "entitlements": [],
            "authorizing_integration_owners": {"0": room.guild_id or "0"},
            "context": 0 if room.guild_id else 1,
            "attachment_size_limit": 10_485_760,
        }
        if room.guild_id:
            guild = self._world.guilds[room.guild_id]
            member = member_shown(guild, user) | {"permissions": self._permissions(user, room)}
            about = {"id": guild.id, "locale": "es-ES", "features": ["COMMUNITY"]}
            shown |= {"guild_id": guild.id, "guild": about, "guild_locale": "es-ES", "member": member}
        else:
            shown["user"] = user_shown(user)
        if outcome.source is not None:
            shown["message"] = self._state.eyes.message_shown(outcome.source)
        elif outcome.source_shown is not None:
            shown["message"] = self._answers.shown(outcome.source_shown)
        return shown


def _may_use(command: Json, has: Permission, *, direct: bool) -> bool:
    """In a room of the guild or in one of two people; with permissions of zero it is for administrators."""
    contexts = command.get("contexts")
    if direct:
        return contexts is None or 1 in contexts
    if Permission.USE_APPLICATION_COMMANDS not in has or (contexts is not None and 0 not in contexts):
        return False
    needed = command.get("default_member_permissions")
    if needed is None or Permission.ADMINISTRATOR in has:
        return True
    return int(needed) > 0 and Permission(int(needed)) in has


def _part(command: Json, name: str) -> Json:
    """The command itself, or the part of it that is named."""
    part = command
    for word in name.split()[1:]:
        found = [one for one in part.get("options") or [] if one["name"] == word and one["type"] in {1, 2}]
        if not found:
            message = f"/{command['name']} has no part {word}"
            raise Impossible(message)
        [part] = found
    return part


def _check_chosen(custom_id: str, offer: Json, values: Sequence[str]) -> None:
    offered = [option["value"] for option in offer.get("options") or []]
    if offered and [value for value in values if value not in offered]:
        message = f"the list {custom_id} offers {offered}, not {list(values)}"
        raise Impossible(message)
    low, high = offer.get("min_values", 1), offer.get("max_values", 1)
    if not low <= len(set(values)) <= high:
        message = f"the list {custom_id} takes {low} to {high} values, not {len(values)}"
        raise Impossible(message)


def _typed(option: Json, value: Any, *, forged: bool) -> Json:
    kind = option["type"]
    if option.get("choices") and not forged and value not in [one["value"] for one in option["choices"]]:
        message = f"{option['name']} offers {[one['value'] for one in option['choices']]}, not {value!r}"
        raise Impossible(message)
    match kind:
        case 4:
            value = value if forged else int(value)
        case 10:
            value = float(value)
        case 5:
            value = value in {True, "true"}
        case 6 | 7 | 8:
            value = str(getattr(value, "id", value))
        case _:
            value = str(value)
    length = len(value) if isinstance(value, str) else 0
    if not forged and kind == 3 and not (option.get("min_length") or 0) <= length <= (option.get("max_length") or 6000):
        message = f"{option['name']} has the wrong length"
        raise Impossible(message)
    return {"name": option["name"], "type": kind, "value": value}


def _standing(field: Json) -> str | list[str]:
    """What stands in a field when the modal opens."""
    if field["type"] == _TEXT_INPUT:
        return str(field.get("value") or "")
    return [option["value"] for option in field.get("options") or [] if option.get("default")]


def _check_filled(modal: Json, given: Mapping[str, str | Sequence[str]]) -> None:
    fields = fields_of(modal)
    if strange := set(given) - set(fields):
        message = f"the modal has no field {strange}; it has {list(fields)}"
        raise Impossible(message)
    for name, field in fields.items():
        value, wanted = given[name], field.get("required", True)
        if wanted and not value:
            message = f"{name} must be filled in"
            raise Impossible(message)
        if field["type"] in _LISTS and value:
            _check_chosen(name, field, [value] if isinstance(value, str) else value)
        if field["type"] == _TEXT_INPUT and value:
            low, high = field.get("min_length") or 0, field.get("max_length") or 4000
            if not low <= len(value) <= high:
                message = f"{name} takes {low} to {high} characters, not {len(value)}"
                raise Impossible(message)


def _filled(row: Json, given: Mapping[str, str | Sequence[str]]) -> Json:
    if row["type"] == _LABEL:
        return {"type": _LABEL, "id": row.get("id", 1), "component": _value(row["component"], given)}
    if row["type"] == _ROW:
        return {"type": _ROW, "id": row.get("id", 1), "components": [_value(one, given) for one in row["components"]]}
    return {"type": row["type"], "id": row.get("id", 1)}


def _value(field: Json, given: Mapping[str, str | Sequence[str]]) -> Json:
    shown: Json = {"type": field["type"], "id": field.get("id", 1), "custom_id": field["custom_id"]}
    value = given[field["custom_id"]]
    if field["type"] == _TEXT_INPUT:
        return shown | {"value": value}
    return shown | {"values": [value] if isinstance(value, str) else list(value)}
