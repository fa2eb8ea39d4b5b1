"""How long a text is on X: by weight, where a link is as long as its short form and an emoji as two letters.

https://docs.x.com/fundamentals/counting-characters and the configuration of X's library twitter-text, version 3.
"""

from __future__ import annotations

import re

from bot.domain.text import LINK_ENDING

# whatever its length, X shows it shortened; a full stop behind it is not part of it
_END = r"[\w/#&=%~+-]"
_LINK = re.compile(
    rf"https?://\S*{_END}|(?<![\w@.-])(?:(?:[\w-]+\.)+{LINK_ENDING}(?:/\S*{_END}|/)?"
    rf"|(?:[\w-]+\.)+[a-z]{{2,}}/\S*{_END}|www\.(?:[\w-]+\.)+[a-z]{{2,}}\b)",
    re.IGNORECASE,
)
_OF_A_LINK = 23
_PICTURE = "[\u2100-\u32ff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[#*0-9]\ufe0f?\u20e3|{_PICTURE}(?:\u200d{_PICTURE})*")
_LIGHT = (range(0x1100), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))


def weight(text: str) -> int:
    """As X counts. A clean text is in the form (NFC) in which X counts it."""
    shown = _EMOJI.sub("xx", _LINK.sub("x" * _OF_A_LINK, text))
    return sum(1 if any(ord(letter) in light for light in _LIGHT) else 2 for letter in shown)
