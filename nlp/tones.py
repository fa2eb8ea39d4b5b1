"""The tone of a text: towards the firm, as far as one is lived in it, else the text's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Rows = Sequence[Sequence[float]]

OF_TEXT, OF_BRAND, FIRM = "sentiment", "brand_sentiment", "firm"
"""The heads: the text's own tone, the tone towards the firm, and whether one is lived or spoken of."""


def with_tone(texts: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """Probabilities a head and text, with those of `OF_TEXT` mixed by how likely a firm is; as they are without one.

    Who curses the rain while praising the shop, or names a shop while cursing the rain, has a tone of either kind;
    what everyday tweets are labelled for is the first, what a brand asks for the second.
    """
    if OF_BRAND not in texts or FIRM not in texts:
        return texts
    triples = zip(texts[OF_TEXT], texts[OF_BRAND], texts[FIRM], strict=True)
    return {**texts, OF_TEXT: [_mixed(own, towards, firm) for own, towards, (firm,) in triples]}


def towards_firm(texts: Mapping[str, Sequence[float]]) -> Mapping[str, Sequence[float]]:
    """Probabilities a head, of a text that is known to speak of a firm: its tone is the one towards it."""
    return {**texts, OF_TEXT: texts[OF_BRAND]} if OF_BRAND in texts else texts


def _mixed(own: Sequence[float], towards: Sequence[float], firm: float) -> list[float]:
    return [firm * one + (1 - firm) * other for one, other in zip(towards, own, strict=True)]
