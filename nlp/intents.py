"""Choose the intents that hold, with small rules where words decide better than a model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.reading import Intent, Sentiment

_SPAM = re.compile(
    r"\b(?:gana(?:r)? dinero|dinero desde casa|ingresos extra|s[ií]gueme y|sigue mi canal"
    r"|suscr[ií]bete a mi|escr[ií]beme (?:al|por) (?:dm|whatsapp|telegram)"
    r"|te presto|pr[eé]stamos? (?:r[aá]pidos?|sin aval)|cripto se[nñ]ales|apuestas? gratis|gana \d+"
    r"|100 ?% seguro|link en (?:mi )?bio|recuper(?:o|amos) cuentas"
    r"|earn (?:money|\$|£)|work from home|make \$?\d+|dm me (?:to|for)|check (?:out )?my (?:page|channel"
    r"|bio|profile)|link in (?:my )?bio|crypto signals"
    r"|follow (?:me )?for follow|promo code for my|free followers|airdrop|recovered my (?:account|funds)"
    r"|whatsapp \+?\d)\b",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\bv[ií]a @|\| ?[A-ZÁÉÍÓÚ][\w.]+(?: [A-Z][\w.]+)*\s*$|^(?:[ÚU]ltima hora|Breaking|BREAKING|OPINION"
    r"|Opini[oó]n|An[aá]lisis)\b|\bRT @"
    r"|\b(?:shares|acciones|facturaci[oó]n|beneficios?|quarterly|earnings|trimestre|bolsa|inversores|CEO"
    r"|regulator|multa de)\b"
)
_QUESTION = re.compile(
    r"\?|^\s*(?:@\w+\s+)*(?:does|do|is|are|can|how|what|when|where|cu[aá]ndo|c[oó]mo|d[oó]nde|qu[eé]|cu[aá]nto)\b",
    re.IGNORECASE,
)
_DOUBTED, _TRUSTED = 0.15, 0.9


def holding(
    text: str, probabilities: Mapping[Intent, float], thresholds: Mapping[Intent, float], sentiment: Sentiment
) -> tuple[Intent, ...]:
    """The intents over their thresholds, in the order of the taxonomy; never none: then the likeliest.

    Spam and news hold alone; a question needs a sign of one.
    """
    over = {intent for intent in Intent if probabilities[intent] >= thresholds[intent]}
    if _SPAM.search(text) and probabilities[Intent.SPAM] >= _DOUBTED:
        return (Intent.SPAM,)
    if _NEWS.search(text) and probabilities[Intent.NEWS_OPINION] >= _DOUBTED:
        over.add(Intent.NEWS_OPINION)
    if not _QUESTION.search(text) and probabilities[Intent.QUESTION] < _TRUSTED:
        over.discard(Intent.QUESTION)
    if sentiment is Sentiment.NEGATIVE:
        over.discard(Intent.SPAM)
    best = max(over or Intent, key=lambda intent: probabilities[intent])
    if best in (Intent.SPAM, Intent.NEWS_OPINION):
        return (best,)
    kept = {intent for intent in over if intent not in (Intent.SPAM, Intent.NEWS_OPINION)} or {best}
    return tuple(intent for intent in Intent if intent in kept)
