"""The words that codes of parcels, policies, claims, tickets and bookings are called by."""

from __future__ import annotations

from nlp.alternatives import any_of

# nothing but a code follows these
NAMES_A_CODE = any_of(
    """
    guía, guías, guía aérea, tracking, trackings, seguimiento, rastreo, localizador, albarán, conocimiento de embarque,
    remito,
    radicado, número de radicado, número de radicación, hoja de reclamo, hoja de reclamación, hoja de reclamaciones,
    número de reclamo, nº de reclamo, n° de reclamo, nro. de reclamo, nro de reclamo, código de reclamo,
    reclamo nº, reclamo n°, reclamo nro., reclamo nro, reclamo número,
    waybill, airwaybill, air waybill, awb, bill of lading, consignment, docket, póliza, pólizas, policy,
    policies, siniestro, claim, folio, clave de reserva, clave de reservación, clave de confirmación,
    clave de rastreo, código de reserva, código de reservación, código de confirmación, código de envío,
    código de rastreo, código de compra, número de reserva, número de reservación, número de confirmación,
    número de envío, número de paquete, número de compra, número de boleto, número de billete, número de pasaje,
    número de e-ticket, pnr, record locator, confirmation number, confirmation code, reservation number,
    booking number, booking code, booking reference, booking ref, etkt, e-ticket number, shipment number,
    shipping number, delivery number, delivery ref, parcel number, parcel ref, transaction number, transaction id,
    purchase number, purchase id, payment ref
    """,
    between=",",
)
# after these it may also be a seat, a model or the case itself
MAY_NAME_A_CODE = any_of("""
    envío envíos paquete paquetes bulto bultos parcel parcels package packages shipment delivery consignación entrega
    ticket tickets tique tiques tíquet entrada entradas bono abono voucher comprobante recibo receipt transacción
    transaction txn operación seguro insurance expedición encomienda compra purchase reclamo reclamos reclamación
""")
# these also name the six signs of a booking
NAMES_A_BOOKING = any_of("""
    reserva reservas reservación reservaciones reservation reservations booking bookings booked confirmación
    confirmation boleto boletos pasaje pasajes billete billetes tiquete tiquetes e-ticket etickets
""")
REFERENCE = any_of("reference referencia ref. ref")
CARRIERS = any_of(
    """
    estafeta, fedex, dhl, dhl express, ups, usps, seur, mrw, gls, correos, correos express, nacex, ctt, ctt express,
    envialia, tipsa, zeleris, evri, hermes, yodel, dpd, royal mail, parcelforce, an post, auspost, australia post,
    startrack, aramex, servientrega, coordinadora, interrapidísimo, deprisa, andreani, oca, correo argentino,
    chilexpress, starken, blue express, bluexpress, olva, shalom, redpack, paquetexpress, 99 minutos, canada post,
    purolator, inpost, paack, amazon
    """,
    between=",",
)
BETWEEN = any_of("""
    es era son fue is was are were el la los las the con with de del mi mis my our nuestro su sus tu for under para
    por número números number numbers code código id envío seguimiento hotel vuelo hogar coche auto moto casa viaje
    seguro home car travel pet motor flight boleto electrónico electrónica que siguiente following this este esta
    reporte atención servicio queja reclamo
    parking aparcamiento parqueadero estacionamiento
    says dice says tracking express internacional nacional in en app aparece figura sale
""")
# between the word and the code of a sentence
SAID = (
    r"(?:que\s+(?:me|nos)\s+(?:dieron|disteis|diste|pasaron|mandaron|enviaron|salió|sale)"
    r"|i\s+was\s+given|you\s+(?:gave|sent)\s+me)"
)
