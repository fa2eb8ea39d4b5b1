"""Application commands over HTTP: registered, replaced, asked after; refused with the place of the first mistake."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.forms import form_of
from tests.servers.discord.refusals import answer, bad_form, required
from tests.servers.discord.state import State
from tests.servers.discord.views import Json

_NAME = re.compile(r"^[-_'\w]{1,32}$")
_CHAT, _INTEGER, _NUMBER = 1, 4, 10
_WITH_OPTIONS = {1, 2}
_MOST, _MOST_CHARACTERS = 100, 8000
LOCALES = frozenset(
    """
    id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja
    zh-TW ko
    """.split()  # noqa: SIM905 - words read better as words
)


class Commands:
    """The routes under `/applications/{application_id}`. Global commands have the empty guild."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        found = []
        for start in (
            "/applications/{application_id}/commands",
            "/applications/{application_id}/guilds/{guild_id}/commands",
        ):
            one = f"{start}/{{command_id}}"
            found += [
                web.get(start, self._listed),
                web.put(start, self._replace),
                web.post(start, self._add),
                web.get(one, self._get),
                web.patch(one, self._edit),
                web.delete(one, self._delete),
            ]
        return found

    async def _listed(self, request: web.Request) -> web.Response:
        whole = request.query.get("with_localizations") in {"true", "True", "1"}
        return answer([_shown(one, whole=whole) for one in self._of(request).values()])

    async def _replace(self, request: web.Request) -> web.Response:
        kept, given = self._of(request), (await form_of(request)).body
        if not isinstance(given, list):
            raise bad_form("commands", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        if len(given) > _MOST:
            raise bad_form("commands", "BASE_TYPE_MAX_LENGTH", f"Must be {_MOST} or fewer in length.")
        for number, each in enumerate(given):
            check_command(each, str(number))
        names = [_key(each) for each in given]
        for number, name in enumerate(names):
            if name in names[:number]:
                message = "Application command names must be unique"
                raise bad_form(f"{number}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        by_name = {_key(one): one["id"] for one in kept.values()}
        fresh = [self._made(request, each, by_name.get(_key(each))) for each in given]
        kept.clear()
        kept.update({one["id"]: one for one in fresh})
        return answer([_shown(one, whole=True) for one in fresh])

    async def _add(self, request: web.Request) -> web.Response:
        kept, given = self._of(request), (await form_of(request)).body
        check_command(given, "")
        earlier = next((one["id"] for one in kept.values() if _key(one) == _key(given)), None)
        if earlier is None and len([one for one in kept.values() if one["type"] == _key(given)[0]]) >= _MOST:
            raise refusals.too_many_commands()
        made = self._made(request, given, earlier)
        kept[made["id"]] = made
        return answer(_shown(made, whole=True), status=200 if earlier else 201)

    async def _get(self, request: web.Request) -> web.Response:
        return answer(_shown(self._one(request), whole=True))

    async def _edit(self, request: web.Request) -> web.Response:
        command = {**self._one(request), **(await form_of(request)).body}
        check_command(command, "")
        self._of(request)[command["id"]] = command
        return answer(_shown(command, whole=True))

    async def _delete(self, request: web.Request) -> web.Response:
        del self._of(request)[self._one(request)["id"]]
        return web.Response(status=204)

    def _made(self, request: web.Request, given: Json, known: str | None) -> Json:
        guild = request.match_info.get("guild_id")
        where: Json = {"guild_id": guild} if guild else {"contexts": given.get("contexts")}
        return {
            "default_member_permissions": None,
            "nsfw": False,
            "description": "",
            **given,
            "id": known or self._state.world.snowflake(),
            "application_id": self._state.bot.id,
            "version": self._state.world.snowflake(),
            "type": given.get("type") or _CHAT,
            "integration_types": given.get("integration_types") or [0],
            **where,
        }

    def _of(self, request: web.Request) -> dict[str, Json]:
        if request.match_info["application_id"] != self._state.bot.id:
            raise refusals.missing_access()
        guild = request.match_info.get("guild_id") or ""
        if guild:
            there = self._state.world.guilds.get(guild)
            if there is None or self._state.bot.id not in there.members:
                raise refusals.missing_access()
        return self._state.commands.setdefault(guild, {})

    def _one(self, request: web.Request) -> Json:
        found = self._of(request).get(request.match_info["command_id"])
        if found is None:
            raise refusals.unknown_command()
        return found


def check_command(given: Json, place: str) -> None:
    """Names, descriptions, options and choices within Discord's limits."""
    at = f"{place}." if place else ""
    _check_name(given, at)
    if given.get("type", _CHAT) == _CHAT:
        _check_description(given, at)
    _check_options(given.get("options") or [], at)
    if _characters(given) > _MOST_CHARACTERS:
        message = f"Command exceeds maximum size ({_MOST_CHARACTERS})"
        raise bad_form(f"{at}name", "APPLICATION_COMMAND_TOO_LARGE", message)
    needed = given.get("default_member_permissions")
    if needed is not None and not str(needed).isdigit():
        raise bad_form(f"{at}default_member_permissions", "BASE_TYPE_BAD_INTEGER", "Must be a permission bit set.")
    if strange := set(given.get("contexts") or []) - {0, 1, 2}:
        raise bad_form(f"{at}contexts", "BASE_TYPE_CHOICES", f"{sorted(strange)} must be among (0, 1, 2).")


def _key(command: Json) -> tuple[int, str]:
    """Names are unique within a kind of command."""
    return command.get("type") or _CHAT, command["name"]


def _characters(part: Json) -> int:
    """Names, descriptions and values of a command together, each in its longest language."""
    count = 0
    for key in ("name", "description"):
        count += max(len(text) for text in [part.get(key) or "", *(part.get(f"{key}_localizations") or {}).values()])
    count += len(part["value"]) if isinstance(part.get("value"), str) else 0
    return count + sum(_characters(one) for one in [*(part.get("options") or []), *(part.get("choices") or [])])


def _check_name(given: Json, at: str) -> None:
    names = {"name": given.get("name") or "", **(given.get("name_localizations") or {})}
    for locale, name in names.items():
        spot = f"{at}name" if locale == "name" else f"{at}name_localizations.{locale}"
        if locale != "name" and locale not in LOCALES:
            raise bad_form(f"{at}name_localizations", "LOCALE_INVALID", f"{locale} is no locale")
        if not 1 <= len(name) <= 32:
            raise bad_form(spot, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
        if (at.count("options") or given.get("type", _CHAT) == _CHAT) and (
            not _NAME.fullmatch(name) or name != name.lower()
        ):
            raise bad_form(spot, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_description(given: Json, at: str) -> None:
    told = {"description": given.get("description") or "", **(given.get("description_localizations") or {})}
    for locale, text in told.items():
        spot = f"{at}description" if locale == "description" else f"{at}description_localizations.{locale}"
        if not 1 <= len(text) <= 100:
            raise bad_form(spot, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _check_options(options: list[Json], at: str) -> None:
    if len(options) > 25:
        raise bad_form(f"{at}options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    optional, seen = False, set[str]()
    for number, option in enumerate(options):
        spot = f"{at}options.{number}."
        if option.get("type") not in range(1, 12):
            raise required(f"{spot}type")
        _check_name(option, spot)
        _check_description(option, spot)
        if option["name"] in seen:
            raise bad_form(
                f"{spot}name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists"
            )
        seen.add(option["name"])
        if option["type"] in _WITH_OPTIONS:
            _check_options(option.get("options") or [], spot)
            continue
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            raise bad_form(f"{spot}required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not option.get("required")
        _check_choices(option, spot)


def _check_choices(option: Json, at: str) -> None:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        message = "Choices and autocomplete exclude each other"
        raise bad_form(f"{at}choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", message)
    if len(choices) > 25:
        raise bad_form(f"{at}choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if len({choice.get("name") for choice in choices}) < len(choices):
        message = "Option choice name already exists"
        raise bad_form(f"{at}choices", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message)
    for number, choice in enumerate(choices):
        check_choice_value(f"{at}choices.{number}.value", option["type"], choice.get("value"))
        texts = [choice.get("name") or "", *(choice.get("name_localizations") or {}).values()]
        if not all(1 <= len(text) <= 100 for text in texts):
            raise bad_form(f"{at}choices.{number}.name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def check_choice_value(place: str, kind: int, value: object) -> None:
    """As the option has it: a text of a hundred characters, or a number."""
    if kind == _INTEGER and not isinstance(value, int):
        raise bad_form(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
    if kind == _NUMBER and not isinstance(value, (int, float)):
        raise bad_form(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
    if kind == 3 and not (isinstance(value, str) and 1 <= len(value) <= 100):
        raise bad_form(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _shown(command: Json, *, whole: bool) -> Json:
    """Localisations only where they were asked for."""
    if whole:
        return command
    return {key: value for key, value in command.items() if not key.endswith("_localizations")}


def shown_in(command: Json, locale: str, key: str) -> Any:
    """What a person of that locale reads."""
    return (command.get(f"{key}_localizations") or {}).get(locale) or command[key]
