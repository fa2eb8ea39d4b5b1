"""Recognise threats and attacks, by a customer or against one; not who would kill for a dress.

Words come folded (`responders.words.fold`), es | en | pt | ca.
"""

from __future__ import annotations

import re

from responders.words import either, laughs

_STAFF = either(r"""
    repartidora?|mensajer[oa]|conductora?|chofer|taxista|emplead[oa]s?|trabajadora?|guardias?|guardia de seguridad
    segurata|vigilantes?|encargad[oa]|gerente|dependient[ea]|camarer[oa]|tecnic[oa]|operari[oa]|vendedora?|cajer[oa]|instaladora?
    monitora?|portero|revisora?|azafat[oa]|recepcionista
    drivers?|couriers?|employees?|staff|guards?|security|managers?|riders?|workers?|man|guy|bloke|technician|engineer
    installer|cashier|bouncer|doorman|steward|conductor|waiter|he|she|they
    entregador|motorista|funcionario|seguranca|treballadora?
""")
_US = r"(?:me|us|my (?:\w+ ){0,2}(?:son|daughter|wife|husband|partner|mother|mum|mom|father|dad|friend|child|kid|dog))"
_YOU = (
    r"(?:you|u|ya|everyone|everybody|someone|somebody|all of you"
    r"|your (?:\w+ ){0,2}(?:driver|courier|manager|staff|famil\w+))\b(?! (?:an?|some|the|with kindness)\b)"
)
_HURT = r"(?:matar|rajar|apunalar|acuchillar|disparar|partir la (?:cara|boca)|pegar (?:un tiro|una paliza))"
_PLACE = (
    r"(?:la|el|esa|ese|vuestr[ao]|su|tu|a) (?:tienda|oficina|sucursal|local|almacen|nave|sede|banco|coche|furgoneta"
    r"|botiga|loja)"
)
_WEAPON = r"(?:cuchillo|navaja|pistola|escopeta|bate|machete|arma)"
_YOUR_PLACE = (
    r"(?:your|the|this|that) (?:\w+ )?(?:shop|store|office|building|warehouse|branch|place|house|van|school)\b"
)
_BOMB_HERE = r"(?= (?:en (?:la|el|vuestr|su|tu)|dentro|debajo|aqui|na|no|al|a la)|\W|$)"
_DID = r"(?:hit|punched|slapped|pushed|shoved|kicked|grabbed|spat at|attacked|threatened|beat|beat up|bit)"
_STRUCK = r"(?:peg|golpe|empuj|escup|abofete|patale|manose)(?:o|io|a|ado|ido|aron|ieron|at)\b"

# said in laughter as well
_THREAT = re.compile(
    r"\b"
    + either(rf"""
    (?:os|te|l[oe]s|voy a|vamos a) (?:voy a |vamos a )?{_HURT}(?:os|te|les)?\b(?! (?:el|la|las|de|a besos)\b)
    (?:voy a|vamos a|ganas de|quiero) (?:matar|rajar|apunalar)(?:os|te|les)\b
    (?:os|te|us) matare(?:mos)?\b|us vull matar
    (?:quemar|quemare|incendiar|(?:prend|peg|met)\w+ fuego a|poner una bomba en|calar foc a) {_PLACE}
    (?:i'?ll|i will|going to|gonna|about to|want to|wanna) (?:\w+ )?(?:kill|stab|shoot|murder|hurt|strangle) {_YOU}
    (?:burn(?:ing)? (?:down )?|blow(?:ing)? up |shoot(?:ing)? up |torch(?:ing)? ){_YOUR_PLACE}
    vou (?:te matar|matar (?:voces|todos|alguem|voce)|(?:queimar|incendiar) (?:a|essa) loja)
""")
)
_ATTACK = re.compile(
    r"\b"
    + either(rf"""
    (?:voy|vengo|ire|vuelvo|ir) (?:\w+ ){{0,3}}con (?:un|una|el|mi) {_WEAPON}
    (?:hay|hi ha|ha|tem|pondre|puesto|voy a poner|pusieron|dejado) una? bomba{_BOMB_HERE}
    (?:aviso|amenaza|ameaca|amenaca) de bomba|a punta de {_WEAPON}|mano armada
    agredi\w*|agressio\b|me (?:ha |han )?(?:dio|dieron|dado|pego|pegaron|pegado) una? (?:paliza|punetazo|bofetada)\b
    {_STAFF} (?:\w+ ){{0,4}}(?:me|nos|m'ha) ?(?:ha |han |habia )?{_STRUCK}
    me (?:ha |han |habia )?{_STRUCK} (?:un|una|el|la|vuestr[oa]|su|tu) {_STAFF}
    amenaz\w* (?:\w+ ){{0,2}}(?:de muerte|con (?:(?:un|una|el|la) {_WEAPON}|(?:matar|pegar)\w*))
    (?:acoso|abuso|abusos|agresion) sexual\w*|me (?:ha )?(?:violo|violado|violaron)\b|tocamientos|me manose\w+

    (?:com(?:e|ing)|go(?:ing)?|be) (?:\w+ ){{0,4}}with (?:a|my) (?:knife|gun|bat|rifle|machete)\b
    (?:there'?s|there is|planted|put|hidden) a bomb\b|bomb threat
    assault(?:ed|ing)\b|(?:sexually|sexual) (?:harass|assault|abus)\w*|groped|molested|raped\b
    {_STAFF} (?:\w+ ){{0,3}}{_DID} {_US}\b
    threaten\w* (?:to )?(?:kill|hurt|shoot|stab|beat|hit)\w*|threatened (?:me|us) with a
""")
)


def speaks_of_violence(folded: str) -> bool:
    """Whether somebody is threatened or was attacked."""
    return bool(_ATTACK.search(folded) or (_THREAT.search(folded) and not laughs(folded)))
