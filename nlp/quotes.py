"""What a quote looks like: an exact piece of the text that neither begins nor ends with what belongs to the rest."""

from __future__ import annotations

import re

EDGES = " \t\n,;:.-–—…!¡?¿()[]\"'«»“”‘’"
"""Signs that no quote begins or ends with, but for a mark that closes a quotation inside it."""
_LEADING = "y e o pero que q and but or so that"
_LEANING = (
    "y o de del al con por para que el la las lo los un una en mi su tu mis sus tus desde hasta entre se os "
    "sin ni le les nos te si como cada muy ha han es "
    "and or of the a an to for with my your his her their our at from in on into "
    "i we they is are was were do has every"
)
LEADING = frozenset(_LEADING.split())
"""Words that no quote begins with: they lead on from what is not quoted."""
LEANING = frozenset(_LEANING.split())
"""Words that no quote ends with: they lean on the next one."""
_HANDLE = r"@\w+(?:[.@-]\w+)*"
_HANDLES = re.compile(
    rf"^(?:[.\s]{{0,5}}{_HANDLE}(?=[\s,:;.!?-]|$)[\s,:;.-]{{0,5}})+|(?:(?:^|[\s,:;.-]{{1,5}}){_HANDLE})+$"
)
_FIRST = re.compile(r"\w+(?=\s)")
_PICTURES = re.compile(
    r"^(?:[\s\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]+(?=\w))|[\s\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]+$"
)
_OPENS = {"”": "“", "»": "«", "’": "‘", ")": "(", "]": "["}  # by what closes it
_CLOSES = {opens: closes for closes, opens in _OPENS.items()}


def trimmed(quote: str) -> str:
    """Without handles, pictures, punctuation and words that lean on what is not quoted; still a piece of the text."""
    bare = _HANDLES.sub("", quote).strip(EDGES)
    bare = _PICTURES.sub("", bare).strip(EDGES) or bare
    if (first := _FIRST.match(bare)) and first.group().casefold() in LEADING:
        bare = bare[first.end() :].lstrip()
    while (last := bare.rfind(" ")) > 0 and bare[last + 1 :].casefold() in LEANING:
        bare = bare[:last].rstrip(EDGES)
    return _closed(_opened(bare, quote), quote)


def _opened(bare: str, quote: str) -> str:
    """With the mark that begins a quotation or a bracket which ends inside it."""
    before = quote[: quote.find(bare)][-1:]
    if before == '"':
        ended = bare.count(before) % 2 == 1
    else:
        ended = before in _CLOSES and bare.count(_CLOSES[before]) > bare.count(before)
    return before + bare if ended else bare


def _closed(bare: str, quote: str) -> str:
    """With the mark that ends a quotation or a bracket begun inside it: `la regadera "pendiente de ubicación"`."""
    after = quote[quote.find(bare) + len(bare) :][:1]
    if after == '"':
        begun = bare.count(after) % 2 == 1
    else:
        begun = after in _OPENS and bare.count(_OPENS[after]) > bare.count(after)
    return bare + after if begun else bare
