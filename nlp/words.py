"""The words by which each touchpoint is known, in Spanish and English."""

from __future__ import annotations

import re

from bot.domain.reading import Touchpoint


def any_of(stems: str) -> re.Pattern[str]:
    """A pattern that finds any of the stems at the beginning of a word, or an emoji anywhere."""
    return re.compile("|".join(rf"\b{stem}" if stem[0].isascii() else stem for stem in stems.split()), re.IGNORECASE)


PLACES: dict[Touchpoint, re.Pattern[str]] = {
    Touchpoint.ADVERTISING: any_of(
        r"anunci publicid promo sorteo concurso campa[nñ]a spot\b ad\b ads\b advert commercial\b contest "
        r"giveaway deal\b"
    ),
    Touchpoint.WEBSITE_APP: any_of(
        r"web\b app\b aplicaci[oó]n p[aá]gina contrase[nñ]a login loguear sesi[oó]n site\b website password "
        r"account log.?in"
    ),
    Touchpoint.STORE: any_of(
        r"tienda sucursal mostrador cola\b caja\b cajer dependient local\b store\b shop\b branch counter "
        r"queue line\b cashier"
    ),
    Touchpoint.PURCHASE_CHECKOUT: any_of(
        r"precio tarifa reserva pagar pago\b compra pedido\b stock\b talla price pric book(?:ing|ed) checkout "
        r"pay(?:ing|ment) fare\b order(?:ing)?\b"
    ),
    Touchpoint.DELIVERY: any_of(
        r"env[ií]o entreg paquete repartidor llega mensajer retras demora maleta equipaje t[eé]cnico instala "
        r"deliver parcel package courier shipp luggage bag\b late\b delay"
    ),
    Touchpoint.PRODUCT_USE: any_of(
        r"calidad funciona producto cobertura internet\b se[nñ]al vuelo asiento comida bater[ií]a pantalla "
        r"quality works?\b product signal broadband seat food battery screen crew"
    ),
    Touchpoint.BILLING: any_of(
        r"factur cobr cargo\b cuota recibo suscripci bill charg invoice fee\b subscription renew"
    ),
    Touchpoint.SUPPORT_CONTACT: any_of(
        r"atenci[oó]n soporte contest respond llam[aeoóé] tel[eé]fono chat\b agente operador espera "
        r"customer.service support\b answer reply hold\b call(?:ed|ing)? agent phone"
    ),
    Touchpoint.RETURNS_REFUNDS: any_of(
        r"devol reembols garant[ií]a compensaci indemniz refund return warrant compensat"
    ),
    Touchpoint.LOYALTY: any_of(r"puntos socio millas tarjeta.plata fideli club\b points member miles\b loyalty reward"),
}
