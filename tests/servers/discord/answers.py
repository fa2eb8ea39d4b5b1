"""Answers to interactions over HTTP, without a log-in: the first one, and the webhook of those that follow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from tests.servers.discord import refusals
from tests.servers.discord.commands import check_choice_value
from tests.servers.discord.components import check_modal, numbered
from tests.servers.discord.forms import EPHEMERAL, File, Form, check_message, form_of
from tests.servers.discord.interactions import Kind, Outcome, Reply, Shown
from tests.servers.discord.messages import attached, carried, content_of, edited, posted, said_in, staying
from tests.servers.discord.refusals import answer, bad_form
from tests.servers.discord.state import State
from tests.servers.discord.views import Json, user_shown
from tests.servers.discord.world import stamp

_TEXT = 3


class Answers:
    """The routes without authorization: callbacks, and the webhook of each interaction."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def routes(self) -> list[web.RouteDef]:
        hook = "/webhooks/{application_id}/{token}"
        one = hook + "/messages/{message_id}"
        return [
            web.post("/interactions/{interaction_id}/{token}/callback", self._callback),
            web.post(hook, self._follow_up),
            web.get(one, self._get),
            web.patch(one, self._edit),
            web.delete(one, self._delete),
        ]

    # --- the first answer ---

    async def _callback(self, request: web.Request) -> web.Response:
        outcome = self._state.outcomes.get(request.match_info["token"])
        if outcome is None or outcome.id != request.match_info["interaction_id"] or outcome.failed:
            raise refusals.unknown_interaction()
        if outcome.reply is not None:
            raise refusals.answered_already()
        form = await form_of(request)
        shown = self._answered(outcome, form)
        outcome.changed()
        if request.query.get("with_response") in {"true", "True", "1"}:
            return answer(self._resource(outcome, shown))
        return web.Response(status=204)

    def _answered(self, outcome: Outcome, form: Form) -> Shown | None:
        kind, data = _reply_of(form.body), form.body.get("data") or {}
        if (kind is Reply.CHOICES) != (outcome.kind is Kind.AUTOCOMPLETE):
            raise bad_form("type", "INTERACTION_CALLBACK_TYPE_INVALID", "This type does not answer this interaction")
        if kind in {Reply.UPDATE, Reply.DEFERRED_UPDATE} and not (outcome.source or outcome.source_shown):
            raise bad_form("type", "INTERACTION_CALLBACK_TYPE_INVALID", "There is no message to update")
        shown: Shown | None = None
        match kind:
            case Reply.MESSAGE:
                shown = self._say(outcome, data, form.files)
            case Reply.DEFERRED_MESSAGE:
                shown = self._wait(outcome, ephemeral=bool(int(data.get("flags") or 0) & EPHEMERAL))
            case Reply.UPDATE:
                self._update_source(outcome, data, form.files)
            case Reply.DEFERRED_UPDATE:
                pass
            case Reply.CHOICES:
                outcome.choices = _choices(data, outcome.data)
            case Reply.MODAL:
                if outcome.kind is Kind.MODAL:
                    raise bad_form("type", "INTERACTION_CALLBACK_TYPE_INVALID", "A modal does not answer a modal")
                check_modal(data)
                outcome.modal = {**data, "components": numbered(data["components"])}
        outcome.reply = kind
        return shown

    def _say(self, outcome: Outcome, data: Json, files: dict[int, File]) -> Shown:
        """A new answer: for one person's eyes, or a message of the room."""
        if int(data.get("flags") or 0) & EPHEMERAL:
            said_in(data, files)
            shown = Shown(id=self._world.snowflake(), ephemeral=True, of=outcome)
            self._write(shown, data, files)
        else:
            extra = self._metadata(outcome)
            made = posted(self._state, outcome.room, data, files, webhook_id=self._state.bot.id, extra=extra)
            shown = Shown(id=made.id, message=made, of=outcome)
            self._mirror(shown)
        outcome.messages.append(shown)
        self._state.whispers[shown.id] = shown
        return shown

    def _wait(self, outcome: Outcome, *, ephemeral: bool) -> Shown:
        shown = Shown(id=self._world.snowflake(), ephemeral=ephemeral, loading=True, of=outcome)
        outcome.messages.append(shown)
        self._state.whispers[shown.id] = shown
        return shown

    def _update_source(self, outcome: Outcome, data: Json, files: dict[int, File]) -> None:
        if outcome.source is not None:
            edited(self._state, outcome.source, data, files)
        elif outcome.source_shown is not None:
            check_message(data, files)
            self._write(outcome.source_shown, data, files)
            if outcome.source_shown.of is not None:
                outcome.source_shown.of.changed()
        outcome.touched()

    def _write(self, shown: Shown, data: Json, files: dict[int, File]) -> None:
        content = content_of({"content": shown.content, **data})
        attachments = [*staying(shown.attachments, data), *attached(self._state, data, files)]
        parts = carried(data, attachments)
        embeds, components = parts.get("embeds", shown.embeds), parts.get("components", shown.components)
        if not (content or attachments or embeds or components):
            raise refusals.empty_message()
        shown.content, shown.attachments, shown.embeds, shown.components = content, attachments, embeds, components
        shown.loading = False

    @staticmethod
    def _mirror(shown: Shown) -> None:
        message = shown.message
        if message is not None:
            shown.content, shown.attachments, shown.loading = message.content, message.attachments, False
            shown.embeds, shown.components = message.extra.get("embeds", []), message.extra.get("components", [])

    def _metadata(self, outcome: Outcome) -> Json:
        return {"application_id": self._state.bot.id, "interaction_metadata": _told_of(outcome)}

    # --- the webhook ---

    async def _follow_up(self, request: web.Request) -> web.Response:
        outcome, form = self._alive(request), await form_of(request)
        first = outcome.messages[0] if outcome.messages else None
        if outcome.reply is Reply.DEFERRED_MESSAGE and first is not None and first.loading:
            # the first follow-up fills what was deferred
            said_in(form.body, form.files)
            self._fill(outcome, first, form)
            shown = first
        else:
            shown = self._say(outcome, form.body, form.files)
        outcome.changed()
        return answer(self._message(shown))

    async def _get(self, request: web.Request) -> web.Response:
        outcome = self._alive(request)
        return answer(self._message(self._one(request, outcome)))

    async def _edit(self, request: web.Request) -> web.Response:
        outcome, form = self._alive(request), await form_of(request)
        if request.match_info["message_id"] == "@original" and outcome.reply in {Reply.UPDATE, Reply.DEFERRED_UPDATE}:
            self._update_source(outcome, form.body, form.files)
            return answer(self._source(outcome))
        shown = self._one(request, outcome)
        check_message(form.body, form.files)
        self._fill(outcome, shown, form)
        outcome.changed()
        return answer(self._message(shown))

    async def _delete(self, request: web.Request) -> web.Response:
        outcome = self._alive(request)
        shown = self._one(request, outcome)
        shown.deleted = True
        if shown.message is not None:
            self._world.delete(shown.message)
        outcome.changed()
        return web.Response(status=204)

    def _fill(self, outcome: Outcome, shown: Shown, form: Form) -> None:
        if shown.ephemeral:
            self._write(shown, form.body, form.files)
        elif shown.message is None:
            extra, hook = self._metadata(outcome), self._state.bot.id
            shown.message = posted(self._state, outcome.room, form.body, form.files, webhook_id=hook, extra=extra)
            self._mirror(shown)
        else:
            edited(self._state, shown.message, form.body, form.files)
            self._mirror(shown)

    def _alive(self, request: web.Request) -> Outcome:
        outcome: Outcome | None = self._state.outcomes.get(request.match_info["token"])
        if outcome is None or request.match_info["application_id"] != self._state.bot.id or outcome.reply is None:
            raise refusals.unknown_webhook()
        if time.monotonic() - outcome.began > self._state.token_seconds:
            raise refusals.token_expired()
        return outcome

    def _one(self, request: web.Request, outcome: Outcome) -> Shown:
        wanted = request.match_info["message_id"]
        living = [one for one in outcome.messages if not one.deleted]
        found = (
            living[0] if wanted == "@original" and living else next((one for one in living if one.id == wanted), None)
        )
        if found is None:
            raise refusals.unknown_message()
        return found

    # --- as Discord shows it ---

    def _message(self, shown: Shown) -> Json:
        if shown.message is not None:
            return self._state.eyes.message_shown(shown.message) | {"webhook_id": self._state.bot.id}
        return {
            "id": shown.id,
            "channel_id": shown.of.room.id if shown.of else "0",
            "type": 0,
            "content": shown.content,
            "author": user_shown(self._state.bot),
            "timestamp": stamp(time.time()),
            "edited_timestamp": None,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "attachments": shown.attachments,
            "embeds": shown.embeds,
            "components": shown.components,
            "flags": (EPHEMERAL if shown.ephemeral else 0) | (128 if shown.loading else 0),
            "pinned": False,
            "tts": False,
            "webhook_id": self._state.bot.id,
            **(self._metadata(shown.of) if shown.of else {}),
        }

    def _source(self, outcome: Outcome) -> Json:
        if outcome.source is not None:
            return self._state.eyes.message_shown(outcome.source)
        if outcome.source_shown is not None:
            return self._message(outcome.source_shown)
        raise refusals.unknown_message()

    def _resource(self, outcome: Outcome, shown: Shown | None) -> Json:
        about: Json = {"id": outcome.id, "type": outcome.kind.value}
        if shown is not None:
            about |= {
                "response_message_id": shown.id,
                "response_message_loading": shown.loading,
                "response_message_ephemeral": shown.ephemeral,
            }
        # a message that is not there yet is not shown
        match outcome.reply:
            case Reply.MESSAGE if shown is not None:
                message = self._message(shown)
            case Reply.UPDATE:
                message = self._source(outcome)
            case _:
                return {"interaction": about}
        return {"interaction": about, "resource": {"type": outcome.reply.value, "message": message}}

    def shown(self, shown: Shown) -> Json:
        """For who presses something on it."""
        return self._message(shown)


def _told_of(outcome: Outcome) -> Json:
    """What a message says of the interaction that it answers: what was pressed, and what opened the modal."""
    told: Json = {
        "id": outcome.id,
        "type": outcome.kind.value,
        "user": user_shown(outcome.user),
        "authorizing_integration_owners": {"0": outcome.room.guild_id or "0"},
    }
    source = outcome.source or outcome.source_shown
    if outcome.kind is Kind.COMPONENT and source is not None:
        told["interacted_message_id"] = source.id
    if outcome.opened_by is not None:
        told["triggering_interaction_metadata"] = _told_of(outcome.opened_by)
    return told


def _reply_of(body: Json) -> Reply:
    try:
        return Reply(int(body.get("type") or 0))
    except ValueError:
        raise bad_form("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 8, 9}.") from None


def _choices(data: Json, asked: Json) -> list[Json]:
    """What is offered for the option that is being typed."""
    kind = next(_focused(asked.get("options") or []), _TEXT)
    choices: list[Any] = data.get("choices") or []
    if len(choices) > 25:
        raise bad_form("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, each in enumerate(choices):
        check_choice_value(f"data.choices.{number}.name", _TEXT, each.get("name"))
        check_choice_value(f"data.choices.{number}.value", kind, each.get("value"))
    return choices


def _focused(options: list[Json]) -> Iterator[int]:
    """The kind of the option that somebody is typing."""
    for option in options:
        yield from _focused(option.get("options") or [])
        if option.get("focused"):
            yield option["type"]
