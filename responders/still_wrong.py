"""Recognise that something is still wrong in words that thank and say that it came: "it arrived! empty box, well done".

What was wrong and is mended does not count: "cambiaron el que llegó roto", "ya no está roto", "nothing broken".
"""

from __future__ import annotations

import re

from responders.words import either, fold

# es | en | pt | ca: how a thing is that is not as it should be, or that it is another, or too little
_FLAWS = either(r"""
    rot[oa]s?|quebrad[oa]s?|estrellad[oa]s?|vaci[oa]s?|equivocad[oa]s?|incorrect[oa]s?|erroneo|manchad[oa]s?|rayad[oa]s?
    golpead[oa]s?|abollad[oa]s?|derramad[oa]s?|rajad[oa]s?|aplastad[oa]s?|estropead[oa]s?|danad[oa]s?|averiad[oa]s?
    caducad[oa]s?|vencid[oa]s?|podrid[oa]s?|defectuos[oa]s?|incomplet[oa]s?|coj[oa]|a medias
    (?:hech[oa]s?|en|a) (?:pedazos|trozos|cachos|trizas)|dej(?:o|aron) peor|tampoco (?:va|funciona|enciende|sirve)
    (?:lleg|vin|ven)\w* (?:todo |toda |muy |medio )?(?:abiert|partid|mojad|suci|usad|fri)[oa]s?
    (?:llego|llegaron|esta|estan|va|van|sigue|siguen|funciona|todo|hecho|y) mal\b(?! menor)
    (?<!hace )(?<!hacia )(?<!haga )falta(?:n|ron)?(?! (?:de|hacia|hace|decir)\b)
    (?:(?:lleg|vin|ven)\w*|pero) sin (?:el|la|los|las|sus?)|sin (?:cargador|cable|tapa|instrucciones|manual|pilas|mando)
    (?:llego|llegaron|devuelto|devolvieron|reembols\w+|falta|vino|solo|recibi\w*|con) (?:solo )?la mitad
    (?:reembols|devol|devuelt|abon)\w* (?:\w+ )?de menos|euros (?:de )?menos|menos de lo que|otr[oa] igual
    (?:de|del) otr[oa] (?:client[ea]|persona|pedido|senora?|usuari[oa])|es otr[oa] (?:modelo|color|talla|cosa|producto)
    (?:que no (?:es|era) (?:el|la|lo) (?:mi[oa]|que)|mism[oa] (?:fallo|error|problema|defecto)|igual de mal)
    (?:(?<=, )|(?<= y ))pedi (?:el|la|los|las|una?|\d+)|(?:solo|solamente) (?:me )?(?:llego|vino)|llego un[oa] solo
    (?:volvio|vuelve|volvieron|vuelto) a (?:romper|fallar|apagar|estropear|bloquear|caer|cobrar|pasar|perder)\w*
    se (?:apaga|bloquea|cuelga|rompe|desconecta)|deja de funcionar|no (?:me|nos) deja|me cobraron (?:doble|dos veces)

    (?<!i was )(?<!proved me )(?<!go )wrong|broken|empty|smashed|shattered|cracked(?! it)|damaged|faulty|crushed|bent
    defective|leak(?:s|ing|ed)|scratched|dented|torn|ripped|stained|mou?ldy|mould|soaked|soaking|in (?:pieces|bits)
    incomplete|expired|half missing|(?<!the )(?<!my )missing|(?:some(?:one|body) else|another customer)'?s
    (?:with no|without (?:the|its|an?|any)|no) (?:lid|charger|cable|instructions|manual|batteries|plug)
    same (?:fault|problem|issue|error|defect|crack)|not (?:mine|what i ordered)|half (?:of it|of them|(?:the|my) order)
    (?:[£$€] ?\d+|\d+ ?(?:euros?|quid|pounds|dollars|bucks)) short|only (?:one|half) of|ordered \w+,? (?:and )?got
    stopped working|(?:broke|breaks|crashed|failed) again|doesn't (?:\w+ ){1,3}either
    then (?:it )?(?:off|dies|died|stops|stopped|breaks|broke|crashes|crashed|freezes|fails|cuts out)

    errad[oa]s?|vazi[oa]s?|danificad[oa]s?|faltando|pela metade|com defeito
    trencat|trencada|buit|buida|equivocat|malmes|incorrecte
""")
# solved by others than us or its owner, or only for a moment
_NO_MERIT = re.compile(
    r"\b"
    + either(r"""
    gracias a (?:vosotr[oa]s|ustedes) no|no gracias a (?:vosotr[oa]s|ustedes)|sin (?:vuestra|su) ayuda
    (?:compr|pedi|encontr)\w* (?:\w+ ){0,2}en otr[oa] (?:sitio|tienda|lado|compania|empresa)
    (?:solucion|arregl|resolv|resuelt|repar)\w+ (?:(?:por )?mi \w+|el banco|un tecnico de fuera)
    me (?:he cambiado|cambie) de compania
    (?:funciona\w*|arreglad[oa]|resuelt[oa]|solucionad[oa]|va bien)\W+hasta que
    no thanks to (?:you|your)|not by you
    (?:by|thanks to) my (?:own )?(?:bank|husband|wife|partner|dad|mum|son|daughter|neighbou?r|mate|landlord)
    my (?:husband|wife|partner|dad|mum|son|daughter|neighbou?r|mate|landlord) (?:fixed|sorted|repaired|mended)
    (?:bought|got|found) (?:it|one) (?:elsewhere|somewhere else)
    (?:works?|working|fixed|sorted|back|online)\W+(?:\w+ )?for (?:an?|one|two|five|ten|\d+) (?:min|hour)\w*
    (?:works?|worked|working|fixed|sorted|fine)\b\W+(?:again\W+)?until
""")
    + r"\b"
)
# what was paid back wrongly was not mended by paying
_NOT_MONEY = r"(?! (?:\w+ ){0,2}(?:importe|cantidad|suma|cuenta|tarjeta|menos|mitad|wrong|pedido equivocado)\b)"
_MENDS = either(rf"""
    cambi\w+|re?emplaz\w+|repus\w+|repon\w+|arregl\w+|solucion\w+|resuel\w+|resolv\w+|repar\w+|correg\w+|corrig\w+
    sustitu\w+|rectific\w+|anul\w+|replac(?:ed|ing)|swap\w*|exchang\w+|fix(?:ed|ing)?|correct(?:ed|ing)|sort(?:ed|ing)
    repair\w*|mend\w*|troc\w+|consert\w+|canvi\w+|recog\w+|retir\w+|collect\w*|en lugar de|en vez de|instead of
    (?:reembols(?:ad|aron|ar|ando)|devolv|devuelt|abon|refund)\w*{_NOT_MONEY}
""")
_MENDED = either(r"""
    (?:se |me |nos |la |los |las |ya |y )lo cambi(?:o|aron)|cambi(?:aron|ado|ada|asteis)|re?emplaz(?:o|aron|ad[oa])
    repuest[oa]|repusieron|arregl(?:o|aron|ad[oa])|solucion(?:o|aron|ad[oa])|resuelt[oa]|resolvieron
    repar(?:o|aron|ad[oa])|correg\w+|corrigi\w+|sustitu\w+|rectific\w+|anulad[oa]|reembols(?:o|aron|ad[oa])
    devuelt[oa]|devolvi(?:o|eron)|abon(?:o|aron|ad[oa])|como nuev[oa]|se l[oa] llevaron|recogid[oa]|recogieron
    replaced|replacement (?:came|arrived)|swapped|exchanged|fixed|corrected|sorted|repaired|refunded|collected
    refund (?:came|arrived|received)|credited|like new|money back|picked up|all good
    aside|aparte|trocaram|trocad[oa]|canviat
    (?:ya|now) (?:funciona|va|works?|working)|(?:works?|working|funciona) (?:now|again|otra vez|perfect\w+)
    (?:new|other) one works|(?:nuev[oa]|otr[oa]) (?:va|funciona)
    (?:pero|but|y|and) (?:\w+ ){0,3}(?:perfect\w*|todo|bien|good|fine|intact\w*)
""")
_FLAW = re.compile(rf"(?<!\w){_FLAWS}\b")
_CLAUSE = re.compile(r"[.,;:!?…()\n]")
_NOT = re.compile(
    r"\b(?:no|not|nothing|never|without|sin|ni|nada|ningun[oa]?|nunca|zero|\w+n't|(?:is|was|did|does|do)nt|nao|sem|res"
    r"|cap)(?: \w+){0,2} $|\b(?:pense|pensaba|crei|creia|temia|thought|expected|afraid|worried)\b.*$"
)
# what is named behind it was mended, unless it came in its place: "por otro igual de roto"
_OF_THE_MENDED = re.compile(
    rf"\b{_MENDS}\b(?! (?:\w+ ){{0,3}}(?:(?:por|for|con|with) (?:otr[oa]|un[oa]?|another|an?)|but|pero|y|and)\b)"
    r"|\b(?:por l?[aeo]s? que|for the one)\b"
)
_MENDED_LATER = re.compile(rf"(?<!no )(?<!not )(?<!n't )(?<!never )(?<!sin )\b{_MENDED}\b")


def still_wrong(text: str) -> bool:
    """Whether the words name a flaw that nobody has mended, or thank us for nothing."""
    said = fold(text)
    flaws = (found for found in _FLAW.finditer(said) if not _is_undone(said, found))
    return _NO_MERIT.search(said) is not None or any(flaws)


def _is_undone(said: str, flaw: re.Match[str]) -> bool:
    clause = _CLAUSE.split(said[: flaw.start()])[-1]
    mended = _OF_THE_MENDED.search(clause + flaw[0]) or _MENDED_LATER.search(said, flaw.end())
    return bool(_NOT.search(clause) or mended)
