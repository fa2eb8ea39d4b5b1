"""What comes with a call, JSON and files, and what Discord accepts of it as a message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from tests.servers.discord.components import check_components
from tests.servers.discord.refusals import bad_form, required, too_long
from tests.servers.discord.views import Json

EPHEMERAL = 1 << 6
SUPPRESS_EMBEDS = 1 << 2
COMPONENTS_V2 = 1 << 15

_EMBEDS, _WHOLE_EMBED, _FIELDS, _FILES = 10, 6000, 25, 10
_EMBED_TEXTS = {"title": 256, "description": 4096}
_LONGEST_URL = 2048


@dataclass(frozen=True, kw_only=True)
class File:
    """One part of a multipart call."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Form:
    """A call's JSON, and the files that came with it by their number."""

    body: Json
    files: dict[int, File]


_FORM = web.RequestKey("form", Form)


async def form_of(request: web.Request) -> Form:
    """JSON alone, or `payload_json` with `files[n]`; read once, whoever asks."""
    if _FORM not in request:
        request[_FORM] = await _read(request)
    return request[_FORM]


async def _read(request: web.Request) -> Form:
    if not request.content_type.startswith("multipart/"):
        return Form(body=await request.json() if request.can_read_body else {}, files={})
    body: Json = {}
    files: dict[int, File] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        name, content = str(part.name), bytes(await part.read(decode=True))
        if name == "payload_json":
            body = json.loads(content)
        elif name.startswith("files[") and name[6:-1].isdigit():
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[int(name[6:-1])] = File(name=str(part.filename), content_type=kind, content=content)
    return Form(body=body, files=files)


def check_message(body: Json, files: dict[int, File]) -> None:
    """Refuses with the place of the first mistake, as Discord does."""
    _check_embeds(body.get("embeds") or [])
    check_components(body.get("components") or [])
    if int(body.get("flags") or 0) & COMPONENTS_V2:
        raise bad_form("flags", "UNSUPPORTED_HERE", "This server knows no components of the second version")
    if len(files) > _FILES:
        raise bad_form("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {_FILES} or fewer in length.")
    for number, announced in enumerate(body.get("attachments") or []):
        if str(announced.get("id", "")).isdigit() and int(announced["id"]) < 100 and int(announced["id"]) not in files:
            raise bad_form(f"attachments.{number}.id", "ATTACHMENT_NOT_FOUND", "No file of that number came along")


def _check_embeds(embeds: list[Json]) -> None:
    if len(embeds) > _EMBEDS:
        raise bad_form("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {_EMBEDS} or fewer in length.")
    whole = 0
    for number, embed in enumerate(embeds):
        for place, text, most in _texts_of(embed):
            if len(text) > most:
                raise too_long(f"embeds.{number}.{place}", most)
            whole += len(text)
        _check_addresses(f"embeds.{number}", embed)
        if len(embed.get("fields") or []) > _FIELDS:
            raise bad_form(f"embeds.{number}.fields", "BASE_TYPE_MAX_LENGTH", f"Must be {_FIELDS} or fewer in length.")
    if whole > _WHOLE_EMBED:
        raise bad_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_WHOLE_EMBED}")


def _check_addresses(place: str, embed: Json) -> None:
    """Pictures may also be among the files that came along."""
    named = {"url": embed.get("url")}
    for part, keys in (("image", ("url",)), ("thumbnail", ("url",)), ("author", ("url", "icon_url"))):
        named |= {f"{part}.{key}": (embed.get(part) or {}).get(key) for key in keys}
    named["footer.icon_url"] = (embed.get("footer") or {}).get("icon_url")
    for key, url in named.items():
        schemes = ("http", "https", "attachment") if key.partition(".")[2] in {"url", "icon_url"} else ("http", "https")
        if url and url.partition("://")[0] not in schemes:
            message = f'Scheme "{url.partition(":")[0]}" is not supported. Scheme must be one of {schemes}.'
            raise bad_form(f"{place}.{key}", "URL_TYPE_INVALID_SCHEME", message)
        if url and len(url) > _LONGEST_URL:
            raise too_long(f"{place}.{key}", _LONGEST_URL)


def _texts_of(embed: Json) -> Iterator[tuple[str, str, int]]:
    """Every text that counts, with its place and limit."""
    for place, most in _EMBED_TEXTS.items():
        yield place, embed.get(place) or "", most
    yield "footer.text", (embed.get("footer") or {}).get("text", ""), 2048
    yield "author.name", (embed.get("author") or {}).get("name", ""), 256
    for number, field in enumerate(embed.get("fields") or []):
        for place, most in (("name", 256), ("value", 1024)):
            if not str(field.get(place) or "").strip():
                raise required(f"fields.{number}.{place}")
            yield f"fields.{number}.{place}", field[place], most


def embeds_shown(embeds: list[Any], attachments: list[Json]) -> list[Json]:
    """Embeds as they come back: each with its type, and its pictures by their addresses."""
    addresses = {f"attachment://{one['filename']}": one["url"] for one in attachments}

    def shown(key: str, value: Any) -> Any:
        if key not in {"image", "thumbnail"} or not isinstance(value, dict):
            return value
        return {**value, "url": addresses.get(value.get("url", ""), value.get("url"))}

    return [{"type": "rich", **{key: shown(key, value) for key, value in embed.items()}} for embed in embeds]
