"""Choose the intents that hold, with small rules where words decide better than a model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.reading import Intent, Sentiment
from nlp.tone import acknowledges, asks, blames, praises

_SPAM = re.compile(
    r"\b(?:gana(?:r)? dinero|dinero desde casa|ingresos extra|s[ií]gueme y|sigue mi canal"
    r"|suscr[ií]bete a mi|escr[ií]beme (?:al|por) (?:dm|whatsapp|telegram)"
    r"|te presto|pr[eé]stamos? (?:r[aá]pidos?|sin aval)|cripto se[nñ]ales|apuestas? gratis|gana \d+"
    r"|100 ?% seguro|(?:link|enlace) en (?:mi )?(?:bio|perfil)|recuper(?:o|amos) cuentas"
    r"|earn (?:money|\$|£)|work from home|make \$?\d+|dm me (?:to|for)|check (?:out )?my (?:page|channel"
    r"|bio|profile)|link in (?:my )?bio|crypto signals"
    r"|follow (?:me )?for follow|promo code for my|free followers|airdrop|recovered my (?:account|funds)"
    r"|whatsapp \+?\d)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(  # how an offer by a third party ends; customers seldom write so
    r"\b(?:telegram|wh?ats?app|wasap|paypal|zelle|bitcoin|crypto\w*|criptos?|trading|mentor|escr[ií]b(?:e|an|enos|ele"
    r"|ir)"
    r"|agr[eé]gal[oa]|(?:por|al|en) (?:privado|interno|dm|md|perfil|bio)|llam[ae]n? (?:sin|ya)|sin (?:examen|aval|dieta"
    r"|compromiso|experiencia)|sorte(?:o|amos)|seguidores|suscr[ií]b\w+|info (?:al|por)|claim (?:now|your)|followers"
    r"|(?:text|txt|comment|dm|pm|msg|call) (?:me|us|now|[A-Z]{2,})|ask me how|hurry|only today|no experience"
    r"|no win no fee|quick sale|originales?|garantizad[oa]|\d+ ?% off)\b",
)
_NEWS = re.compile(
    r"\bv[ií]a @|\| ?[A-ZÁÉÍÓÚ][\w.]+(?: [A-Z][\w.]+)*\s*$|^(?:[ÚU]ltima hora|Breaking|BREAKING|OPINION"
    r"|Opini[oó]n|An[aá]lisis)\b|\bRT @"
    r"|\b(?:shares|acciones|facturaci[oó]n|beneficios?|quarterly|earnings|trimestre|bolsa|inversores|CEO"
    r"|regulator|multa de)\b"
)
_PERSONAL = re.compile(  # a headline speaks to nobody and of nobody here
    r"[@!?¡¿😀-🫿]|\b(?:yo|me|mi|mis|nos|nuestr\w+|os|vosotros|ustedes|usted|vuestr\w+|te|tu|tus|i|i'm|my|me|we|our|us"
    r"|you|your|u)\b",
    re.IGNORECASE,
)
_HEADLINE_WORDS = 8
_SIGNS: dict[Intent, re.Pattern[str]] = {
    Intent.CHURN_THREAT: re.compile(
        r"\b(?:me (?:voy|ir[eé]|cambio|paso|doy de baja|quiero ir|estoy planteando)|nos (?:vamos|cambiamos)"
        r"|(?:dar(?:me|nos)?|darse|doy|dado|di|dimos) de baja|la baja|baja (?:de|del|en) "
        r"|no (?:vuelvo|volver[eé]|volvemos|pienso volver|me vuelv\w+)|nunca m[aá]s|jam[aá]s (?:vuelvo|volver[eé])"
        r"|no (?:compr[eé]is|compren|contrat[eé]is|contraten|vay[aá]is|vayan)|[uú]ltima vez|hasta nunca|adi[oó]s"
        r"|cancel(?:o|ar|ad[oa]?|amos|ar[eé]|en)|portabilidad|port(?:o|arme|amos)"
        r"|otra (?:compañ[ií]a|empresa|operadora|tienda|aerol[ií]nea|marca)|otro (?:banco|sitio|operador|lado)"
        r"|la competencia|cerr(?:o|ar|ado) (?:la|mi) cuenta|perd(?:[eé]is|ido|ieron|en) (?:a )?un[oa]? client\w+"
        r"|switch(?:ing|ed)?|leaving|leave|left (?:you|them)|cancel(?:l?ing|l?ed)?|never (?:again|us|fly|buy|order"
        r"|going"
        r"|coming)|last time|done with|taking my (?:business|money|custom)|going (?:to|with) (?:a |another|someone)"
        r"|elsewhere|somewhere else|competit\w+|clos(?:e|ing|ed) (?:my|our|the) (?:\w+ )?account|port(?:ing|ed)"
        r"|lost a customer|won'?t (?:be (?:back|using|ordering|buying|flying)|use|order|buy|fly|return)"
        r"|not (?:going back|coming back|renewing)|avoid|steer clear|bye|churn|unsubscrib\w+|off to)\b",
        re.IGNORECASE,
    ),
    Intent.PURCHASE_INTEREST: re.compile(
        r"\b(?:compr(?:ar|o|arlo|arla|aría|arme|amos)|contratar|contrato|reservar|encargar|pedir|precios?|tarifas?"
        r"|cu[aá]nto (?:cuesta|cuestan|vale|valen|sale|es|ser[ií]a)|a c[oó]mo|stock|disponib\w+|talla|presupuesto"
        r"|descuentos?|oferta|promoci[oó]n|me interesa|busco|buscando|quiero (?:un|una|el|la|comprar)|necesito (?:un"
        r"|una)"
        r"|venden|vend[eé]is|ten[eé]is|tienen|hay|env[ií](?:an|[aá]is|os?)|plan(?:es)?|regalo|cambiarme|me la juego"
        r"|buy(?:ing)?|purchas\w+|order(?:ing)?|book(?:ing)?|pric\w+|cost|how much|in stock|available|discount|deal"
        r"|offer|sell|stock|carry|looking (?:for|to|at)|thinking of|interested|sign up|switch to|get (?:one|the|a)"
        r"|upgrade|pre-?order|price|plan|student|open(?:ing)? an? account|deliver|ship)\b",
        re.IGNORECASE,
    ),
    Intent.REQUEST: re.compile(
        r"\b(?:por ?fa(?:vor|vor)?|please|pls|plz|necesit\w+|quiero (?:que|mi|hablar|cancelar|una)|exijo|solicit\w+"
        r"|ay[uú]d\w+|help|pod[eé]is|podr[ií]a(?:is|n)?|pueden|puede(?:s)?|(?:can|could|would|will) (?:you|someone"
        r"|somebody"
        r"|anyone|i|we)|want|need|fix|send|call me|contact me|dm me|refund me|cancel|stop|sort|check|update|confirm\w*"
        r"|(?:ll[aá]m|mand|env[ií]|devuelv|devolv|arregl|cambi|cancel|anul|revis|respond|contest|solucion|confirm|mir"
        r"|actualic|actualiz|quit|dej|bloque|dig|d[ií]g|decid|dec[ií])\w*(?:me|nos|lo|la|ad|ed|en|an|e)\b|money back"
        r"|i'?d like|would like)\b",
        re.IGNORECASE,
    ),
}
_TRUSTED = {Intent.CHURN_THREAT: 0.25, Intent.PURCHASE_INTEREST: 0.45, Intent.REQUEST: 0.4}
_DOUBTED, _OFFERED, _HALF_SURE, _SURE, _CERTAIN_QUESTION = 0.15, 0.3, 0.5, 0.6, 0.9
_WEAKEST = 0.1  # below, no intent holds in any model so far
_COMMON = {Intent.COMPLAINT, Intent.REQUEST, Intent.PRAISE, Intent.SMALLTALK}
_BOTH = 0.25  # how likely the other tone must be for praise and complaint in one text without a word of it


def holding(
    text: str,
    probabilities: Mapping[Intent, float],
    thresholds: Mapping[Intent, float],
    tones: Mapping[Sentiment, float],
) -> tuple[Intent, ...]:
    """The intents over their thresholds, in the order of the taxonomy; never none: then the likeliest.

    Spam and news hold alone. A question, a request, a wish to buy and a threat to leave need a sign of one, or a sure
    model; praise beside a complaint needs both tones.
    """
    if _is_spam(text, probabilities[Intent.SPAM], tones):
        return (Intent.SPAM,)
    if _is_news(text, probabilities):
        return (Intent.NEWS_OPINION,)
    asked, blamed = asks(text), blames(text)
    barred = _barred(text, probabilities, tones, asked=asked, blamed=blamed)
    over = {intent for intent in Intent if probabilities[intent] >= thresholds[intent]} - barred
    if asked and not blamed and probabilities[Intent.QUESTION] >= _DOUBTED:
        over.add(Intent.QUESTION)
    if not blamed and not asked and acknowledges(text):
        over = (over - {Intent.COMPLAINT}) | {Intent.SMALLTALK}
    kept = over or {_likeliest(probabilities, barred, tone=max(tones, key=tones.__getitem__), asked=asked)}
    return tuple(intent for intent in Intent if intent in kept)


def _likeliest(probabilities: Mapping[Intent, float], barred: set[Intent], *, tone: Sentiment, asked: bool) -> Intent:
    """What a text is when nothing reached its threshold: what its tone and form suggest, else something common."""
    if tone is not Sentiment.NEUTRAL:
        return Intent.COMPLAINT if tone is Sentiment.NEGATIVE else Intent.PRAISE
    return Intent.QUESTION if asked else max(_COMMON - barred, key=lambda intent: probabilities[intent])


def _is_spam(text: str, spam: float, tones: Mapping[Sentiment, float]) -> bool:
    if _SPAM.search(text):
        return spam >= _DOUBTED
    if _OFFER.search(text):
        return spam >= _OFFERED
    return spam >= _HALF_SURE and max(tones, key=tones.__getitem__) is not Sentiment.NEGATIVE


def _is_news(text: str, probabilities: Mapping[Intent, float]) -> bool:
    news = probabilities[Intent.NEWS_OPINION]
    headline = len(text.split()) >= _HEADLINE_WORDS and text[:1].isupper() and not _PERSONAL.search(text)
    return news >= _HALF_SURE or (news >= _DOUBTED and bool(headline or _NEWS.search(text)))


def _barred(
    text: str,
    probabilities: Mapping[Intent, float],
    tones: Mapping[Sentiment, float],
    *,
    asked: bool,
    blamed: bool,
) -> set[Intent]:
    """What may not hold: intents without a sign of them, and praise or complaint against the tone."""
    barred = {
        intent
        for intent, signs in _SIGNS.items()
        if _WEAKEST <= probabilities[intent] < _TRUSTED[intent] and not signs.search(text)
    }
    if not asked and probabilities[Intent.QUESTION] < _CERTAIN_QUESTION:
        barred.add(Intent.QUESTION)
    tone = max(tones, key=tones.__getitem__)
    doubted = {intent for intent in (Intent.PRAISE, Intent.COMPLAINT) if probabilities[intent] < _SURE}
    if tone is not Sentiment.POSITIVE and tones[Sentiment.POSITIVE] < _BOTH and not praises(text):
        barred |= doubted & {Intent.PRAISE}
    unprovoked = tone is not Sentiment.NEGATIVE and tones[Sentiment.NEGATIVE] < _BOTH
    if not blamed and (unprovoked or (asked and tone is Sentiment.NEUTRAL)):
        barred |= doubted & {Intent.COMPLAINT}
    return barred | {Intent.SPAM, Intent.NEWS_OPINION}
