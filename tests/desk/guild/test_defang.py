"""What a customer writes is read in Discord, and does nothing there."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.guild.defang import defanged, harmless, link_to

HOSTILE = (
    "@everyone @here @Everyone @\u200beveryone",
    "<@80351110224678912> <@!80351110224678912> <@&80351110224678912> <#80351110224678912> <@\u2066&80351110224678912>",
    "</olvidar:80351110224678912> <t:1700000000> <t:1700000000:R> <id:customize> < @80351110224678912>",
    "<:risa:80351110224678912> <a:baile:80351110224678912>",
    "https://evil.example/x?y=1 HTTP://EVIL.example http://a@evil.example/ hxxp://evil.example <https://evil.example>",
    "discord://-/guilds/1 steam://run/1 javascript:alert(1) ftp://evil.example ht**tps://evil.example",
    "discord.gg/abc https://discord.gg/abc discord.com/invite/abc discordapp.com/invite/abc",
    "Discord . gg/abc www.evil.com",
    "[pulsa](https://evil.example) [pulsa](<https://evil.example>) [a]: https://evil.example",
    "# grande\n## menos\n-# pequeño\n> cita\n>>> todo\n- punto\n* punto\n1. uno\n2) dos\n+ más",
    "```py\nimport os\n``` `código` ||secreto|| **fuerte** __subrayado__ ~~no~~ _cursiva_",
    "\\@everyone \\<@1> \\[x](https://evil.example) \\\\# hola \\",
    "\u202eodal led\u202c \u2066x\u2069 \u200b\u200f\u2060\ufeff\u00ad oculto \U000e0041",
    "una\u2028# dos\u2029> tres\x85- cuatro",
    "Z̸̡̢̧̨̛̗̘̙̜̝̞̟̠̣̤̥̦̩̪̫̬̭̮̯̰̱̲̳̹̺̻̼͇͈͉͍͎̀́̂̃̄̅̆̇̈̉̊̋̌̍̎̏̐̑̒̓̔̽̾̿̀́͂̓̈́͆͊͋͌̕̚ͅalgo",
    "\x1b[31mrojo\x1b[0m \x00\x07",
)
ACTS = (
    re.compile(r"@(everyone|here)", re.IGNORECASE),
    re.compile(r"<[@#:/]|<a:|<t:|<id:", re.IGNORECASE),
    re.compile(r"://"),
    re.compile(r"discord(app)?\s*\.\s*(gg|com|gift)", re.IGNORECASE),
    re.compile(r"www\.", re.IGNORECASE),
)
FORMS = (
    re.compile(r"(^|\n)[ \t]*(#|>|-|\*|\+|\d+[.)])"),
    re.compile(r"(?<!\\)(\\\\)*[*_~`|\[\]<>]"),
)


def assert_harmless(shown: str) -> None:
    for act in ACTS:
        assert not act.search(shown), act.pattern
    for place, character in enumerate(shown):
        category = unicodedata.category(character)
        assert category not in {"Cs", "Zl", "Zp"}
        assert category != "Cc" or character in "\n\t"
        assert category != "Cf" or (character == "\u200d" and 0 < place < len(shown) - 1)


def assert_defanged(shown: str) -> None:
    assert_harmless(shown)
    for form in FORMS:
        assert not form.search(shown), form.pattern


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("limit", [12, 40, 200, 2000])
def test_hostile_text_does_nothing(text: str, limit: int) -> None:
    assert_defanged(defanged(text, limit))
    assert_harmless(harmless(text, limit))
    assert len(defanged(text, limit)) <= limit
    assert len(harmless(text, limit)) <= limit


_PIECES = st.sampled_from(
    [
        *"<>@#&[]()\\*_`|~-\n é😡👨🇪a1",
        "everyone",
        "here",
        "t:",
        "https",
        "http",
        "://",
        "evil.example",
        "discord",
        *(".gg", "/a", "1.", "www.", "\u200b", "\u202e", "\u200d"),
    ]
)


@given(st.lists(_PIECES | st.characters(codec="utf-8"), max_size=40).map("".join), st.integers(1, 120))
def test_no_text_at_all_does_anything(text: str, limit: int) -> None:
    assert_defanged(defanged(text, limit))
    assert_harmless(harmless(text, limit))
    assert len(defanged(text, limit)) <= limit
    assert len(harmless(text, limit)) <= limit


def test_it_is_still_read_as_it_was_written() -> None:
    assert defanged("El paquete llegó roto 😡 (pedido 12-34): 3 días, 100 % mal.", 200) == (
        "El paquete llegó roto 😡 (pedido 12-34): 3 días, 100 % mal."
    )
    assert defanged("mira https://evil.example/a_b", 200) == r"mira hxxps\[:\]//evil\[.\]example/a\_b"
    assert defanged("- uno\n1. dos", 200) == "\\- uno\n1\\. dos"
    assert harmless("2 * 3 [x]", 200) == "2 * 3 [x]"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("familia 👨‍👩‍👧 aquí", 14, "familia 👨‍👩‍👧…"),
        ("familia 👨‍👩‍👧 aquí", 13, "familia…"),
        ("bien 👍🏽👍🏽", 8, "bien 👍🏽…"),
        ("bien 🇪🇸🇪🇸", 8, "bien 🇪🇸…"),
        ("**", 3, "\\*…"),
        ("cafe\u0301s", 5, "cafés"),
    ],
)
def test_it_is_cut_between_characters(text: str, limit: int, shown: str) -> None:
    assert defanged(text, limit) == shown


def test_our_own_links_go_to_the_web_only() -> None:
    assert link_to("ver", "https://x.com/i/status/900") == "[ver](https://x.com/i/status/900)"
    assert link_to("ver", "https://x.com/a(b)_c") == "[ver](https://x.com/a%28b%29_c)"
    for bad in (
        "javascript:alert(1)",
        "discord://x",
        "https://user@evil.example/",
        "https://a b",
        "x",
        "https://" + "a" * 900,
    ):
        assert link_to("ver", bad) == "ver"
