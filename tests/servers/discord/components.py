"""Buttons, lists and the fields of modals, within Discord's limits."""

from __future__ import annotations

from tests.servers.discord.refusals import bad_form, required, too_long
from tests.servers.discord.views import Json

LONGEST_CUSTOM_ID = 100
_ROW, _BUTTON, _SELECT, _TEXT_INPUT, _TEXT, _LABEL = 1, 2, 3, 4, 10, 18
_LISTS = {_SELECT, 5, 6, 7, 8}
_LINK, _PREMIUM = 5, 6
_FIELD_KINDS = {_TEXT_INPUT, *_LISTS, 19, 21, 22, 23}


def check_components(rows: list[Json]) -> None:
    """Rows of buttons or one list each, with custom ids that are all different."""
    if len(rows) > 5:
        raise bad_form("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
    seen: set[str] = set()
    for number, row in enumerate(rows):
        place = f"components.{number}"
        if row.get("type") != _ROW:
            raise bad_form(place, "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
        inside = row.get("components") or []
        most = 1 if any(one.get("type") in _LISTS for one in inside) else 5
        if not 1 <= len(inside) <= most:
            raise bad_form(f"{place}.components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        for at, one in enumerate(inside):
            _check_component(f"{place}.components.{at}", one, seen)


def _check_component(place: str, one: Json, seen: set[str]) -> None:
    kind = one.get("type")
    if kind != _BUTTON and kind not in _LISTS:
        raise bad_form(
            f"{place}.type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).'
        )
    if kind == _BUTTON:
        _check_button(place, one)
    if one.get("style") != _LINK or kind != _BUTTON:
        _check_custom_id(place, one, seen)
    if kind in _LISTS:
        _check_list(place, one)


def _check_list(place: str, one: Json) -> None:
    options = one.get("options") or []
    if one["type"] == _SELECT:
        check_options(place, options)
    low, high = one.get("min_values", 1), one.get("max_values", 1)
    most = len(options) if one["type"] == _SELECT else 25
    if not 0 <= low <= 25 or not 1 <= high <= 25 or low > high or high > most:
        raise bad_form(f"{place}.max_values", "NUMBER_TYPE_MAX", f"min_values and max_values must fit {most} options.")
    if len([option for option in options if option.get("default")]) > high:
        raise bad_form(f"{place}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More defaults than max_values")
    if len(one.get("placeholder") or "") > 150:
        raise too_long(f"{place}.placeholder", 150)


def _check_button(place: str, one: Json) -> None:
    if one.get("style") not in range(1, 7):
        raise required(f"{place}.style")
    if not one.get("label") and not one.get("emoji") and one.get("style") != _PREMIUM:
        raise required(f"{place}.label")
    if len(one.get("label") or "") > 80:
        raise too_long(f"{place}.label", 80)
    if one.get("style") == _LINK and not one.get("url"):
        raise required(f"{place}.url")


def _check_custom_id(place: str, one: Json, seen: set[str]) -> None:
    custom_id = one.get("custom_id")
    if not custom_id:
        raise required(f"{place}.custom_id")
    if len(custom_id) > LONGEST_CUSTOM_ID:
        raise too_long(f"{place}.custom_id", LONGEST_CUSTOM_ID)
    if custom_id in seen:
        raise bad_form(
            f"{place}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        )
    seen.add(custom_id)


def check_options(place: str, options: list[Json]) -> None:
    """The choices of a list."""
    if not 1 <= len(options) <= 25:
        raise bad_form(f"{place}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        raise bad_form(f"{place}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The values must be different")
    for number, option in enumerate(options):
        for key in ("label", "value"):
            if not option.get(key):
                raise required(f"{place}.options.{number}.{key}")
        for key in ("label", "value", "description"):
            if len(option.get(key) or "") > 100:
                raise too_long(f"{place}.options.{number}.{key}", 100)


def check_modal(modal: Json) -> None:
    """A title, and one to five rows or labels with one field each."""
    if not modal.get("title") or len(modal["title"]) > 45:
        raise bad_form("data.title", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
    if not modal.get("custom_id") or len(modal["custom_id"]) > LONGEST_CUSTOM_ID:
        raise bad_form("data.custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    if not 1 <= len(modal.get("components") or []) <= 5:
        raise bad_form("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    seen: set[str] = set()
    for number, each in enumerate(modal["components"]):
        _check_field(f"data.components.{number}", each, seen)


def _check_field(place: str, each: Json, seen: set[str]) -> None:
    if each.get("type") == _TEXT:
        return
    if each.get("type") == _LABEL:
        if not each.get("label") or len(each["label"]) > 45:
            raise bad_form(f"{place}.label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
        if len(each.get("description") or "") > 100:
            raise too_long(f"{place}.description", 100)
        field = each.get("component") or {}
    elif each.get("type") == _ROW and len(each.get("components") or []) == 1:
        [field] = each["components"]
        if not field.get("label") or len(field["label"]) > 45:
            raise bad_form(f"{place}.components.0.label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
    else:
        raise bad_form(place, "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')
    kinds = _FIELD_KINDS if each["type"] == _LABEL else {_TEXT_INPUT}
    if field.get("type") not in kinds:
        raise bad_form(f"{place}.type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {sorted(kinds)}.')
    _check_custom_id(place, field, seen)
    if field["type"] == _TEXT_INPUT:
        _check_text_input(place, field)
    elif field["type"] in _LISTS:
        _check_list(place, field)


def _check_text_input(place: str, field: Json) -> None:
    if field.get("style") not in {1, 2}:
        raise required(f"{place}.style")
    most = field.get("max_length") or 4000
    if not 1 <= most <= 4000:
        raise bad_form(f"{place}.max_length", "NUMBER_TYPE_MAX", "int value should be between 1 and 4000.")
    if not 0 <= (field.get("min_length") or 0) <= most:
        raise bad_form(f"{place}.min_length", "NUMBER_TYPE_MAX", "int value should not exceed max_length.")
    value = field.get("value") or ""
    if len(value) > most:
        raise too_long(f"{place}.value", most)
    if value and len(value) < (field.get("min_length") or 0):
        raise bad_form(f"{place}.value", "BASE_TYPE_MIN_LENGTH", f"Must be {field['min_length']} or more in length.")
    if len(field.get("placeholder") or "") > 100:
        raise too_long(f"{place}.placeholder", 100)


def fields_of(modal: Json) -> dict[str, Json]:
    """The fields of a modal by their custom id."""
    rows: list[Json] = modal["components"]
    inside = [row.get("component") or next(iter(row.get("components") or []), None) for row in rows]
    return {field["custom_id"]: field for field in inside if field is not None and "custom_id" in field}


def numbered(components: list[Json]) -> list[Json]:
    """With the ids that Discord gives to those that have none."""
    count = iter(range(1, 1000))

    def give(one: Json) -> Json:
        shown = {"id": next(count), **one}
        if "components" in one:
            shown["components"] = [give(each) for each in one["components"]]
        if isinstance(one.get("component"), dict):
            shown["component"] = give(one["component"])
        return shown

    return [give(one) for one in components]
