"""The commands' names, descriptions, options and choices in Spanish, with their English for who uses Discord in it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from discord import Locale, app_commands

from bot.domain.reading import Language
from bot.insight.wording import wording

_SPOKEN = {
    Locale.spain_spanish: Language.ES,
    Locale.latin_american_spanish: Language.ES,
    Locale.american_english: Language.EN,
    Locale.british_english: Language.EN,
}

Callback = Callable[..., Coroutine[Any, Any, None]]
Command = app_commands.Command[Any, ..., Any]


def named(key: str) -> app_commands.locale_str:
    """A phrase of the desk by its key: in Spanish, which who speaks neither language sees as well."""
    return app_commands.locale_str(wording(Language.ES, "bot.desk").say(key), key=key)


def choices(group: str, *values: str) -> list[app_commands.Choice[str]]:
    """What an option may be, each under its phrase."""
    return [app_commands.Choice(name=named(f"{group}.{value}"), value=value) for value in values]


def phrased(key: str, callback: Callback, **options: str) -> Command:
    """A command under its phrases; `options` says that of each of the callback's parameters."""
    app_commands.rename(**{name: named(f"option.{each}.name") for name, each in options.items()})(callback)
    app_commands.describe(**{name: named(f"option.{each}.about") for name, each in options.items()})(callback)
    return app_commands.Command(
        name=named(f"command.{key}.name"), description=named(f"command.{key}.about"), callback=callback
    )


class Wordings(app_commands.Translator):
    """Looks a phrase up in the desk's wording; Discord is told nothing in languages that we do not write."""

    async def translate(
        self, string: app_commands.locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The phrase in the language of that locale."""
        del context
        language, key = _SPOKEN.get(locale), string.extras.get("key")
        return None if language is None or key is None else wording(language, "bot.desk").say(key)
