"""From touchpoints to stages: the taxonomy's defaults, and what a phrase says against them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.reading import Sentiment, Span, Stage, Touchpoint

_DEFAULT: dict[Touchpoint, Stage | None] = {
    Touchpoint.ADVERTISING: Stage.BEFORE,
    Touchpoint.WEBSITE_APP: None,
    Touchpoint.STORE: Stage.DURING,
    Touchpoint.PURCHASE_CHECKOUT: Stage.DURING,
    Touchpoint.DELIVERY: Stage.AFTER,
    Touchpoint.PRODUCT_USE: Stage.AFTER,
    Touchpoint.BILLING: Stage.AFTER,
    Touchpoint.SUPPORT_CONTACT: Stage.AFTER,
    Touchpoint.RETURNS_REFUNDS: Stage.AFTER,
    Touchpoint.LOYALTY: Stage.AFTER,
}
_BEFORE = re.compile(
    r"\b(?:quiero|quisiera|querr[ií]a|pienso|estoy pensando en|estoy por|antes de) (?:comprar|contratar"
    r"|reservar|pedir|cambiarme|alta)"
    r"|\b(?:si (?:contrato|compro|reservo|me cambio)|me interesa|tienen (?:stock|disponible|talla)"
    r"|ten[eé]is (?:stock|disponible|talla)"
    r"|hay (?:stock|disponibilidad|talla)|cu[aá]nto (?:cuesta|vale|sale|costar[ií]a)|qu[eé] precio"
    r"|a qu[eé] precio|presupuesto para)"
    r"|\b(?:thinking (?:of|about) (?:buying|getting|switching|booking)|want to (?:buy|order|book|sign up)"
    r"|looking to (?:buy|book|switch)"
    r"|before (?:i|we) (?:buy|book|order|sign)|how much (?:is|are|does|do|would)|in stock"
    r"|what'?s the price|if i (?:buy|book|sign up|switch))\b",
    re.IGNORECASE,
)
_DURING = re.compile(
    r"\b(?:estoy intentando (?:comprar|pagar|reservar)|al (?:pagar|comprar|reservar)|a la hora de pagar"
    r"|en la caja|pasarela"
    r"|trying to (?:buy|pay|book|check ?out|order)|at (?:the )?checkout|while paying)\b",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(
    r"\b(?:soy (?:cliente|soci[oa]|usuari[oa])|mi (?:contrato|cuenta|pedido|factura|p[oó]liza|l[ií]nea"
    r"|suscripci[oó]n)|mis (?:datos|pedidos|facturas)"
    r"|my (?:account|order|contract|policy|subscription|login|password|booking)|i'?m a (?:customer|member)"
    r"|(?:as a|been a) customer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How much three witnesses of a touchpoint weigh, in log-odds: the text, its best word, and its being named."""

    of_text: float = 0.5
    of_word: float = 0.5
    of_name: float = 0.0
    bias: float = 0.0

    def share(self, text: float, word: float, *, named: bool) -> float:
        """One probability."""
        return probability(self.of_text * odds(text) + self.of_word * odds(word) + self.of_name * named + self.bias)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How sure a quote is, in log-odds: a bias, what its touchpoint's probability weighs, and what its chance."""

    bias: float = 0.0
    of_touchpoint: float = 1.0
    of_quote: float = 0.0

    def confidence(self, touchpoint: float, quote: float) -> float:
        """The probability that the touchpoint holds and the quote shows it; `quote` is its chance then."""
        return probability(self.bias + self.of_touchpoint * odds(touchpoint) + self.of_quote * odds(quote))


def odds(share: float) -> float:
    """Log-odds of a probability, held away from the ends."""
    kept = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))


def probability(log_odds: float) -> float:
    """What `odds` was made from."""
    return 1 / (1 + math.exp(-log_odds))


def stage_of(touchpoint: Touchpoint, text: str) -> Stage | None:
    """The stage of one touchpoint in this text: a phrase of buying or of owning may overrule the default."""
    if touchpoint in (Touchpoint.PURCHASE_CHECKOUT, Touchpoint.WEBSITE_APP, Touchpoint.STORE):
        if _DURING.search(text):
            return Stage.DURING
        if _BEFORE.search(text):
            return Stage.BEFORE
    if touchpoint is Touchpoint.WEBSITE_APP and _CUSTOMER.search(text):
        return Stage.AFTER
    return _DEFAULT[touchpoint]


def main_stage(spans: Sequence[Span], sentiment: Sentiment) -> Stage | None:
    """The stage of the main problem: the surest span that has the sentiment of the whole, else the surest of all."""
    if not spans:
        return None
    fitting = [span for span in spans if span.sentiment is sentiment] or list(spans)
    staged = [span for span in fitting if span.stage is not None] or fitting
    return max(staged, key=lambda span: span.confidence).stage
