"""Things as Discord shows them: the fields that its description demands, and those that a bot may not see emptied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.servers.discord.world import Guild, Kind, Message, Overwrite, Role, Room, Says, User, World, moment, stamp

Json = dict[str, Any]

MESSAGE_CONTENT = 1 << 18
_JOINED = "2024-01-01T00:00:00.000000+00:00"


def user_shown(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.username,
        "global_name": None if user.bot else user.username.title(),
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    } | ({"bot": True} if user.bot else {})


def member_shown(guild: Guild, user: User, *, whole: bool = True) -> Json:
    """`whole` with the person in it; beside a message they stand already."""
    return {
        "roles": list(guild.members.get(user.id, [])),
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": _JOINED,
        "premium_since": None,
        "communication_disabled_until": None,
        "flags": 0,
        "pending": False,
        "mute": False,
        "deaf": False,
    } | ({"user": user_shown(user)} if whole else {})


def role_shown(role: Role, position: int) -> Json:
    return {
        "id": role.id,
        "name": role.name,
        "permissions": str(role.permissions.value),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.bot_id is not None,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    } | ({"tags": {"bot_id": role.bot_id}} if role.bot_id else {})


def roles_shown(guild: Guild) -> list[Json]:
    return [role_shown(role, position) for position, role in enumerate(guild.roles.values())]


def guild_shown(guild: Guild) -> Json:
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner_id,
        "roles": roles_shown(guild),
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": ["COMMUNITY"],
        "banner": None,
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "es-ES",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def overwrite_shown(one: Overwrite) -> Json:
    return {
        "id": one.target,
        "type": int(one.member),
        "allow": str(one.allow.value),
        "deny": str(one.deny.value),
    }


def room_shown(world: World, room: Room) -> Json:
    """A channel, a thread or the room of two people."""
    shown: Json = {"id": room.id, "type": room.kind.value, "flags": room.flags}
    if room.kind.holds_messages or room.kind is Kind.FORUM:
        shown["last_message_id"] = room.last_message_id
    if room.kind is Kind.DM:
        # the bot itself is not among them: it asks
        others = [world.users[one] for one in room.recipients if not world.users[one].bot]
        return shown | {"recipients": [user_shown(one) for one in others]}
    shown |= {"guild_id": room.guild_id, "name": room.name, "parent_id": room.parent_id, "rate_limit_per_user": 0}
    if room.kind.is_thread:
        return shown | _thread_parts(world, room) | room.about
    overwrites = [overwrite_shown(one) for one in room.overwrites]
    shown |= {"position": 0, "permission_overwrites": overwrites, "nsfw": False}
    if room.kind is Kind.VOICE:
        return shown | {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if room.kind is Kind.CATEGORY:
        return shown
    shown |= {"topic": room.topic, "position": room.position}
    return shown | (_forum_parts(room) if room.kind is Kind.FORUM else {}) | room.about


def _forum_parts(room: Room) -> Json:
    return {
        "available_tags": [{"moderated": False, "emoji_id": None, "emoji_name": None, **tag} for tag in room.tags],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "template": "",
    }


def _thread_parts(world: World, room: Room) -> Json:
    # the message that it began with does not count: it stands in the parent, or has the thread's own id
    said = [one for one in world.messages.get(room.id, {}).values() if one.kind is not Says.THREAD_STARTER]
    began_here = world.rooms[room.parent_id or ""].kind is Kind.FORUM if room.parent_id in world.rooms else False
    return {
        "applied_tags": room.applied_tags,
        "owner_id": room.owner_id,
        "message_count": len([one for one in said if one.id != room.id]),
        "total_message_sent": max(room.messages_sent - began_here, 0),
        "member_count": len(room.members),
        "thread_metadata": {
            "archived": room.archived,
            "archive_timestamp": stamp(room.archive_at),
            "auto_archive_duration": room.archive_after,
            "locked": room.locked,
            "create_timestamp": stamp(moment(room.id)),
        },
    }


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """With what rights somebody looks at messages: without `contents` they see what was meant for them, and no more."""

    world: World
    viewer: User
    contents: bool

    def message_shown(self, message: Message, *, nonce: bool = False, beside: bool = True) -> Json:
        """`beside` with the message that it answers; `nonce` where Discord tells it, which is not in the history."""
        author = self.world.users.get(message.author_id) or User(id=message.author_id, username="webhook", bot=True)
        shown: Json = {
            "id": message.id,
            "channel_id": message.room_id,
            "type": message.kind.value,
            "content": message.content,
            "author": user_shown(author),
            "timestamp": stamp(moment(message.id)),
            "edited_timestamp": stamp(message.edited_at) if message.edited_at else None,
            "mentions": [user_shown(self.world.users[one]) for one in message.mentions],
            "mention_roles": message.mention_roles,
            "mention_everyone": message.mention_everyone,
            "attachments": message.attachments,
            "embeds": [],
            "components": [],
            "flags": 0,
            "pinned": message.pinned_at is not None,
            "tts": False,
            **message.extra,
        }
        if message.webhook_id:
            shown["webhook_id"] = message.webhook_id
        if nonce and message.nonce is not None:
            shown["nonce"] = message.nonce
        shown |= self._reference(message, beside=beside)
        if not self._may_read(message):
            shown |= {"content": "", "attachments": [], "embeds": [], "components": []}
            shown.pop("poll", None)
        return shown

    def _reference(self, message: Message, *, beside: bool) -> Json:
        if message.answers is None:
            return {}
        room = self.world.rooms[message.room_id]
        # a thread's starter stands in the thread's parent
        there = room.parent_id if message.kind is Says.THREAD_STARTER else room.id
        reference = {"type": 0, "channel_id": there, "message_id": message.answers}
        shown: Json = {"message_reference": reference | ({"guild_id": room.guild_id} if room.guild_id else {})}
        if beside:
            answered = self.world.messages.get(there or "", {}).get(message.answers)
            shown["referenced_message"] = answered and self.message_shown(answered, beside=False)
        return shown

    def _may_read(self, message: Message) -> bool:
        """The exceptions of the message content intent: own words, direct messages, and what mentions the bot."""
        direct = self.world.rooms[message.room_id].kind is Kind.DM
        return self.contents or direct or self.viewer.id in (message.author_id, *message.mentions)
