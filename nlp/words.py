"""The words by which each touchpoint is known, and those of plain blame and praise, in Spanish and English."""

from __future__ import annotations

import re

from bot.domain.reading import Touchpoint


def any_of(stems: str) -> re.Pattern[str]:
    """A pattern that finds any of the stems at the beginning of a word, or an emoji anywhere."""
    words = [stem for stem in stems.split() if stem[0].isascii()]
    signs = [stem for stem in stems.split() if not stem[0].isascii()]
    return re.compile("|".join((rf"\b(?:{'|'.join(words)})", *signs)), re.IGNORECASE)


PLACES: dict[Touchpoint, re.Pattern[str]] = {
    Touchpoint.ADVERTISING: any_of(
        r"anunci publicid promo(?:s|ci[oó]n|ciones)?\b sorteo concurso campa[nñ]a spot\b ad\b ads\b advert "
        r"commercial\b contests?\b giveaway deals\b folleto cartel(?:es)?\b newsletter bolet[ií]n influencer "
        r"cup[oó]n coupon billboard flyer marketing slogan eslogan patrocin sponsor"
    ),
    Touchpoint.WEBSITE_APP: any_of(
        r"web\b app\b aplicaci[oó]n p[aá]gina contrase[nñ]a login loguear sesi[oó]n site\b website password "
        r"account log.?in bot[oó]n button portal\b online\b en.l[ií]nea\b modo.oscuro dark.mode notificaci "
        r"notification formulario captcha update\b actualiz[aoó] browser navegador"
    ),
    Touchpoint.STORE: any_of(
        r"tienda sucursal mostrador colas?\b cajer[oa] dependient local\b store\b shop\b branch counter queue "
        r"in.line\b cashier tills\b the.till\b oficinas?\b ventanilla vendedor fila\b filas\b staff\b desk\b parking "
        r"aparcamiento pasillo aisle probador fitting.room sala\b lobby recepci[oó]n reception\b la.chica "
        r"el.chico la.se[nñ]ora"
    ),
    Touchpoint.PURCHASE_CHECKOUT: any_of(
        r"precio tarifa reserva pagar pago\b compra stock\b talla price pric book(?:ing|ed) checkout "
        r"pay(?:ing|ment) fare\b order(?:ing)?\b cu[aá]nto\b tienen\b ten[eé]is\b acept[aá] descuento discount "
        r"busco\b car[oa]s?\b barat expensive cheap how.much do.you.(?:have|sell|take|ship) disponib available carrito "
        r"basket\b entradas?\b tickets?\b presupuesto quote\b"
    ),
    Touchpoint.DELIVERY: any_of(
        r"env[ií]o entreg paquete bulto embala[jr] repart llega lleg[oóu]e?\b mensajer retras demora maleta "
        r"equipaje t[eé]cnico instala seguimiento deliver parcel package packag courier shipp luggage bags?\b baggage "
        r"suitcase flight.cancel cancel(?:l?ed|aron|ado).(?:my.|the.|el.|mi.)?(?:flight|vuelo) "
        r"late\b delay tracking dispatched arrived arrives?\b pedidos?\b orders?\b furgo almac[eé]n the.van\b vans\b "
        r"driver warehouse (?:de|en).camino en.reparto (?:sigo|sigue|seguimos|siguen).sin "
        r"sin.(?:el|la|los|las|mi|mis|un|una).\w+.desde still.no\b no.sign day.(?:\d+|ten|twelve) "
        r"d[oó]nde.est[aá] where.is returned.to.sender a.domicilio ven[ií]a\b vinieron turned.up no.show "
        r"(?:flight|train|vuelo|tren).(?:is.|was.|est[aá].|fue.)?(?:late|delayed|cancel|retras|suspend)"
    ),
    Touchpoint.PRODUCT_USE: any_of(
        r"calidad funciona producto cobertura internet\b se[nñ]al vuelo asiento comida bater[ií]a pantalla "
        r"quality works?\b product signal broadband seat food battery screen crew wifi\b agua\b water\b sabor taste\b "
        r"tela\b fabric color\b se.(?:me.)?(?:ha.)?(?:rot|romp|apag) broke\b stopped.working tripulaci[oó]n aver[ií]a"
    ),
    Touchpoint.BILLING: any_of(
        r"factur cobr cargo\b cuota recibo suscripci bill\b billing billed charg invoice fee\b fees\b "
        r"subscription renew boleta subieron importe direct.debit domiciliaci overcharg meter\b contador\b"
    ),
    Touchpoint.SUPPORT_CONTACT: any_of(
        r"atenci[oó]n soporte contest respond llam[aeoóé] (?:al|por).tel[eé]fono chat\b agente operador espera "
        r"customer.serv rude\b rep\b representative support\b answer reply on.hold\b call(?:ed|ing)? agent "
        r"(?:the|by).phone phoned?\b tel[eé]fono bots?\b robot\b atendi[oó] atienden asesor respuesta "
        r"hablar.con speak.to talk.to spoke.to hung.up colgaron operator a.human un.humano DMs?\b"
    ),
    Touchpoint.RETURNS_REFUNDS: any_of(
        r"devol reembols garant[ií]a compensaci indemniz refund return warrant compensat el.dinero mi.dinero "
        r"money.back reintegr receipt voucher"
    ),
    Touchpoint.LOYALTY: any_of(
        r"puntos soci[oa]s?\b millas tarjeta.plata fideli club\b points member miles\b loyalty reward clientas?\b "
        r"cliente.(?:de.toda|desde|hace) loyal\b (?:a[nñ]os|siglos).(?:con|siendo|de).(?:client|vosotros|ustedes) "
        r"customer.(?:for|since) programa.de status\b"
    ),
}


def is_named(touchpoint: Touchpoint, text: str) -> bool:
    """Whether a word that is known for the touchpoint stands in the text."""
    return bool(PLACES[touchpoint].search(text))


BAD = any_of(
    r"p[eé]sim (?<!menos.)mal[oa]?s?\b horribl terribl fatal verg[uü]enz vergonzos asco asqueros robo\b estaf timo\b "
    r"enga[nñ] mentir incompet in[uú]til "
    r"lament nefast decepci inadmisib inaceptab hart[oa] cansad roto rota da[nñ]ad tard[oóea] retras "
    r"cancel perdi[oód] nadie nunca sigo\b siguen\b "
    r"fall[aóo]n?\b ca[ií]d[oa] lent[oa] car[oa]s?\b cobraron cobrado problema queja reclam denunci "
    r"bochorn desastr aplastad añicos abollad empapad hundid[oa] vac[ií][oa]\b peor falta\b sucio fr[ií][oa]\b "
    r"bad\b worst worse awful terribl horribl disgust useless joke\b scam rip-?off broken damaged late\b "
    r"delay cancel lost\b missing never\b nobody "
    r"still\b slow\b overpriced charged problem complain disappoint rude dirty cold\b fail crash wrong "
    r"ridiculous shame pathetic unacceptable "
    r"smashed crushed cracked chipped dented waste suck hate\b annoy frustrat glitch error\b poor\b rubbish\b crap 😡 "
    r"🤬 😠 😤 👎 💩 🤮 😭 😞"
)
GOOD = any_of(
    r"gracias genial excelent perfect[oa]? encant maravill estupend fenomenal fant[aá]stic incre[ií]bl "
    r"mejor\b buen\b buen[oa]s?\b r[aá]pid amabl content "
    r"feliz recomiend chapeau crack\b diez\b impecabl bien\b [uú]til gust chido b[aá]rbar felicit "
    r"espectacular love great good\b excellent perfect "
    r"amazing awesome fantastic wonderful best\b thank fast\b quick friendly helpful happy recommend "
    r"brilliant lovely legend kudos smooth nice "
    r"😍 🥰 ❤ 👏 👍 🙌 😊 💙 🎉"
)
