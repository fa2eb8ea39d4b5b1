"""What is the brand's own: its lines, mailboxes and doors are nobody's personal data."""

from __future__ import annotations

import re

from nlp.alternatives import any_of
from nlp.personal.found import Found

# RFC 2142 and the usual ones
_ROLES = any_of("""
    info informacion soporte support help helpdesk ayuda atencion atencioncliente atencionalcliente atencion.cliente
    atencion-cliente atencion_cliente atencion.alcliente noreply no-reply no_reply contact contacto contactanos
    cliente clientes customerservice customer.service customer-service customercare customer.care customersupport
    care service servicio servicioalcliente hello hola ventas sales admin billing factura facturas facturacion
    reclamaciones quejas complaints press prensa rrhh jobs empleo team equipo orders pedidos reservas bookings
    privacy privacidad dpo legal postmaster webmaster abuse security marketing returns devoluciones feedback social
    redes tienda shop store office oficina
""")
_MAILBOX = re.compile(rf"{_ROLES}(?:@|\W{{1,3}}(?:@|arroba\b|at\b)).*", re.IGNORECASE)
_REACH_US = (
    r"(?:(?:ll[áa]ma|escr[íi]be|contacta|m[áa]rca|escribi|m[áa]nda|env[íi]a)d?nos|ll[áa]menos|escr[íi]banos|cont[áa]ctenos"
    r"|env[íi]enos|(?:call|ring|e-?mail|mail|write\s+to|text|contact|phone|reach|visit)\s+us)"
)
_YOURS = r"(?:vuestr[oa]s?\s+(?:[^\W\d]+\s+){0,4})"
_SERVICE = r"(?:atenci[óo]n\s+al\s+cliente|customer\s+(?:service|care|support)|helpline|hotline|call\s+cent(?:er|re))"
_SHOP = any_of("""
    tienda tiendas local sucursal oficina restaurante gasolinera supermercado store shop branch office showroom
    outlet
""")
_DESKS = any_of("""
    email mail correo buzón número teléfono number phone línea line lines equipo team centralita whatsapp web página
    app soporte support asistencia customer cliente clientes
""")
# a customer has a bookkeeper, a warehouse and a bank of "ours" too; a shop or a desk for customers is the brand's
_OURS = rf"(?:(?:nuestr[oa]s?|our)\s+(?:[^\W\d]+\s+){{0,2}}(?:{_SHOP}|{_DESKS})\s+(?:[^\W\d]+\s+){{0,3}})"
# an "office" may be the customer's
_SHOP_ALONE = rf"(?!oficina|office){_SHOP}"
_BETWEEN = any_of("""
    a al on at en de del la el in the tel tel. teléfono número number es is está gratuito llamando directamente un
    correo email mail whatsapp por directly line
""")
_LEADS_TO_THE_BRAND = re.compile(
    rf"\b(?:{_REACH_US}|{_OURS}|{_YOURS}|{_SERVICE}|{_SHOP_ALONE})[\s:,(]*(?:{_BETWEEN}(?!\w)[\s:.,(]*){{0,5}}$",
    re.IGNORECASE,
)


def is_the_brands(text: str, found: Found) -> bool:
    """A mailbox of a firm's, or contact data that the words before it call ours, yours or the shop's."""
    if found.kind == "email" and _MAILBOX.fullmatch(text, found.start, found.end):
        return True
    if found.kind not in {"email", "phone", "address"}:
        return False
    return _LEADS_TO_THE_BRAND.search(text[max(0, found.start - 60) : found.start]) is not None
