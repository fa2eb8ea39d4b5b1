"""The commands' names, descriptions, options and choices in Spanish, with their English for who uses Discord in it."""

from __future__ import annotations

from discord import Locale, app_commands

from bot.domain.reading import Language
from bot.insight.wording import wording

_SPOKEN = {
    Locale.spain_spanish: Language.ES,
    Locale.latin_american_spanish: Language.ES,
    Locale.american_english: Language.EN,
    Locale.british_english: Language.EN,
}


def named(key: str) -> app_commands.locale_str:
    """A phrase of the desk by its key: in Spanish, which who speaks neither language sees as well."""
    return app_commands.locale_str(wording(Language.ES, "bot.desk").say(key), key=key)


class Wordings(app_commands.Translator):
    """Looks a phrase up in the desk's wording; Discord is told nothing in languages that we do not write."""

    async def translate(
        self, string: app_commands.locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The phrase in the language of that locale."""
        del context
        language, key = _SPOKEN.get(locale), string.extras.get("key")
        return None if language is None or key is None else wording(language, "bot.desk").say(key)
