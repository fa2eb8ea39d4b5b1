"""Who commits to something in a clause, and the words that leave it open or take it back, in Spanish and English."""

from __future__ import annotations

import re

from nlp.alternatives import any_of, phrases

Found = re.Match[str]

# --- Spanish ---

_TO_YOU = r"(?:te|os|le|les|se|lo|la|los|las)"
# "la" alone may be an article
_CLITICS = r"\b(?:te|os|le|les|se)\s+(?:(?:lo|la|los|las)\s+)?"
_FUTURE = r"(?:(?:[^\W\d_]*[^\W\d_](?:[aei]|[bdlr])|i)r(?:é|á|án|emos|éis|ás))\b"
# with an accent forgotten they look like other tenses, but for these
_FUTURE_UNACCENTED = any_of("""
    estara llegara saldra tendra tendras recibira recibiras vera veras llamara contactara enviara quedara devolvera
    reembolsara abonara entregara
""")
_YOU_RECEIVE = (
    r"(?:recibir|tendr|ver|dispondr|contar|obtendr|encontrar|notar|volver|disfrutar|cobrar|percibir|sabr|ser)"
)
_TO_DO = r"(?:[^\W\d_]+[aei]r(?:te|os|le|les|lo|la|los|las|se|nos|[oa]s)?){1,2}"
# the present, said of what is to come: not what has passed, is only said, or is nobody's doing
_NOT_AN_ACT = (
    r"(?!(?:h|\w*hab[ií])(?:emos|a|an|as|e)\b|\w*(?:[áa]b|í)(?:amos|a|an|as)\b|\w+(?:[aei]ste|aron|ieron|ó|[^r]é|ía)\b|"
    + any_of("""
    acabamos podemos debemos queremos dijimos hicimos pusimos dimos vimos tuvimos fuimos prometimos comprometimos pedimos
    esperamos agradecemos recomendamos deseamos recordamos animamos invitamos sentimos necesitamos entendemos sabemos
    aconsejamos rogamos sugerimos lamentamos felicitamos saludamos leemos seguimos tenemos estamos somos vemos
    informamos comentamos indicamos ofrecemos pediremos creemos confiamos conocemos venimos
    gusta gustan gustaría parece interesa sirve viene va van corresponde toca recuerda ruega requiere puede pueden trata
    encuentra debe deben celebra estrena abre cierra espera esperan acerca fue era es son está están dijo hizo vio dio puso
    necesita necesitan quiere quieren falta faltan apetece cuesta cuestan vence vencen cobra cobran pide piden agradezco
    recuerdo ruego pido pidió queda quedan quede ha han hay había haya sea fuera ocurre
    """)
    + r"\b)"
)
_PRESENT = rf"{_NOT_AN_ACT}[^\W\d_]+(?:[aeo]|an|en|mos)\b"
# without "te" or "lo" these too say nothing that could be kept
_NOT_ALONE = (
    "(?!"
    + any_of("""
    atendemos decimos explicamos comunicamos trabajamos contamos hablamos hablemos celebramos estrenamos
    quedamos jugamos disfrutamos vivimos lanzamos inauguramos presentamos sorteamos regalamos repartimos cumplimos organizamos recibimos llevamos
    próximos últimos mismos préstamos reclamos gramos kilogramos mínimos máximos tramos ánimos contestamos podamos veamos
    tengamos sepamos recibamos hagamos
    """)
    + r"\b)"
)
_THEY_ACT = any_of("""
    llama llaman escribe escriben contacta contactan contesta contestan responde responden envía envían manda mandan
    confirma confirman avisa avisan devuelve devuelven abona abonan pasa pasan dice dicen resuelve resuelven informa
    informan cuenta cuentan entrega entregan recoge recogen repone reponen llega llegan vuelve vuelven acude acuden va van visita visitan instala instalan lleva llevan trae traen entra entran atiende atienden comunica comunican
    revisa revisan marca marcan procesa procesan acredita acreditan deposita depositan reparte reparten queda quedan
""")
_SET = r"(?:program|previst|agend|confirm|reserv|fij|list|asign|coordin|planific|acord|reprogram)\w*[oa]s?"
_THEIRS = any_of("""
    el la los las un una unos unas tu tus su sus vuestro vuestra vuestros vuestras nuestro nuestra nuestros nuestras mi
""")
_SUBJECT = rf"\b{_THEIRS}\s+(?:[^\s,.;:]+\s+){{1,5}}?"
_SPANISH = {
    "te llamaremos": rf"\b(?!podr|vencer|caducar|expirar|deber|necesitar|querr|tendr[áé]\w*\s+que|ser[áé]\w*\s+(?:necesari|posibl)|{_YOU_RECEIVE}(?:ás|éis)|[^\W\d_]+(?:ás|éis)\b|miremos|queremos|esperemos){_FUTURE}",
    "recibirás": rf"\b{_YOU_RECEIVE}(?:ás|éis)\b(?!\s+que\b)",
    "llegara": rf"\b{_FUTURE_UNACCENTED}\b",
    "te vamos a llamar": rf"\b(?:vamos|voy|va|van)\s+a\s+(?:{_TO_YOU}\s+)?(?:estar\s+)?{_TO_DO}|\b(?:vamos|voy|va|van)\s+a\s+estar\s+\w+ndo",
    "vas a recibir": r"\b(?:vas|vais)\s+a\s+(?:recibir|tener|ver|disponer|poder\s+ver)\w*",
    "te lo mandamos": rf"{_CLITICS}{_PRESENT}",
    "lo cambiamos": rf"\b(?:lo|la|los|las)\s+(?:{_NOT_AN_ACT}\w+mos|{_THEY_ACT})\b",
    "le estamos llamando": rf"{_CLITICS}(?:est(?:oy|á|án|amos)|estar(?:é|á|án|emos))\s+\w+ndo\b",
    "mandamos un técnico": rf"\b{_NOT_AN_ACT}{_NOT_ALONE}\w+mos\b",
    "lo tienes": r"\b(?:lo|la|los|las)\s+(?:tienes|ten[ée]is|tiene|ten[ée]s|recibes|recib[ií]s|recibe)\b(?!\s+que)",
    "tienes la mesa": r"\b(?:tienes|ten[ée]s|tiene)\s+(?:el|la|los|las|tu|tus|su|sus|un|una|noticias|respuesta|novedades|todo|esto|soluci[óo]n)\b(?!\s+(?:vuelo|tren|cita|turno|clase|plazo|plan|d[íi]as?|viaje|reserva)\b)",
    "el técnico pasa": rf"{_SUBJECT}(?:{_TO_YOU}\s+)?{_THEY_ACT}\b(?!\s+(?:que|a\s+ser)\b)",
    "tu cita está programada": rf"{_SUBJECT}(?:(?:est[áa]n?|qued[óo]|han?\s+(?:sido|quedado))\s+(?:ya\s+)?{_SET}|queda(?:n|r[áa]n?)?\s+(?:ya\s+)?(?:{_SET}|\w+[ai]d[oa]s?))\b",
    "hemos agendado tu visita": rf"\b(?:hemos|he|han|ha(?:n)?\s+sido|est[áa]n?|qued[óao]n?)\s+(?:ya\s+)?(?:te\s+)?(?:program|agend|reserv|concert|fij|planific|reprogram)ad[oa]s?\b",
    "la nueva fecha de entrega es": r"\b(?:nueva\s+)?(?:fecha|hora)\s+de\s+(?:la\s+)?(?:entrega|visita|recogida|cita|instalaci[óo]n|llamada)\s*(?:es|ser[áa]|:)",
    "pasan a recogerlo": r"\b(?:pasa|pasan|viene|vienen)\s+a\s+\w+r\w*\b",
    "me encargo": r"\bme\s+(?:encargo|aseguro|ocupo)\s+de\b|\b(?:cuenta|cuente)\s+con\b|\bpued[eo]s?\s+(?:esperar|contar)\b",
    "paso yo mismo": r"\b\w+o\s+yo\s+mism[oa]\b|\bpaso\s+por\b",
    "nos comprometemos": r"\bnos\s+(?:pon(?:emos|dremos)\s+en\s+contacto|comprometemos)\b|\bme\s+comprometo\b|\bpromet(?:o|emos|ido)\b",
    "quedamos en": r"\b(?:quedo|quedamos)\s+en\b(?!\s+que)|\bquedas?\s+(?:agendad|citad|programad)[oa]\b",
    "hoy queda": rf"\bqueda(?:n|r[áa]n?)?\s+(?:\w+[ai]d[oa]s?|resuelt[oa]s?|hech[oa]s?|list[oa]s?)\b|\b(?:hoy|mañana|{any_of('lunes martes miércoles jueves viernes')})(?:\s+mismo)?(?:,?\s+sin\s+falta,?)?\s+(?:te\s+)?queda\b",
}

# --- English ---

_LY = r"(?:\w+ly\s+|now\s+|also\s+|then\s+|both\s+|already\s+|just\s+|still\s+|all\s+)?"
_NOT_DOING = any_of("""
    looking working trying hoping aiming experiencing having seeing waiting asking planning closing opening running
    celebrating launching thinking expecting offering facing seeking travelling traveling flying missing wondering
    following talking speaking going being hiring giving reading keeping holding doing checking investigating striving
    struggling getting using moving returning needing wanting feeling enjoying watching playing starting staying
""")
_DOING = rf"(?!{_NOT_DOING}\b)\w+ing"
_BE = r"(?:(?:is|are|am|be)|(?<=['’])(?:s|re|m))"
_HANDED = any_of("""
    delivered collected refunded sent shipped dispatched posted issued replaced credited fixed repaired restored resolved
    sorted scheduled booked set due processed returned completed reviewed installed paid slated redelivered activated
    cancelled canceled reconnected connected updated upgraded confirmed
""")
_COMES = r"(?:arrives|lands|comes|gets|ships|reaches|rolls\s+out|goes\s+(?:in|into|to|back|live)|go\s+out\s+in\s+the|(?<!\bto )(?:arrive|land|ship))"
_ENGLISH = {
    "we'll call": r"\b(?:will|(?<=['’])ll|shall)\b(?!\s+you\b)",
    "we are going to": rf"\b{_BE}\s+{_LY}(?:going\s+to|gonna)\b",
    "you have my word": r"\byou\s+have\s+(?:my|our)\s+word\b|\b(?:we|i)\s+(?:can\s+)?(?:promise|guarantee|commit)(?:\s+you)?\b",
    "we're sending": rf"\b{_BE}\s+{_LY}{_DOING}\b|\b{_BE}\s+{_LY}getting\s+(?:you|your|a|an|the|this|that|it)\b|\b{_BE}\s+{_LY}going\s+(?:out|through|to\s+you|back)\b",
    "it is being sent": rf"\b{_BE}\s+{_LY}(?:being\s+)?{_HANDED}\b(?!\s+to\s+(?:a|the|an)\s+\w+\s+(?:issue|problem|delay))",
    "arrives": rf"\b{_COMES}\b",
    "we've booked you in": r"\b(?:have|has|(?<=['’])ve|(?<=['’])s)\s+(?:\w+ly\s+|now\s+|also\s+)?(?:booked|scheduled|arranged|confirmed|set\s+up|reserved|pencilled|penciled|lined\s+up)(?:\s+you)?\b",
    "has been scheduled": r"\b(?:has|have)\s+been\s+(?:re)?(?:scheduled|booked|arranged|set)\b|\b(?:delivery|collection|appointment|visit|installation|call-?back)\s+(?:date|time|slot)?\s*(?:is|will\s+be)\s+(?=on|for|at|\d|mon|tue|wed|thu|fri|sat|sun|tomorrow)",
    "the courier collects": r"\b(?:driver|courier|engineer|technician|tech|team|manager|agent|advis[eo]r|plumber|fitter|colleague|crew|lads)\s+(?:collects?|delivers?|calls?|visits?|comes?|picks?|rings?|returns?|installs?)\b",
    "count on us": r"\bcount\s+on\s+(?:us|me)\b|\bcommitted\s+to\b|\byou\s+can\s+(?:expect(?!\s+(?:some\s+|long\w*\s+)?(?:delay|wait|queue|disrupt))|count\s+on|look\s+forward)\b",
    "expect a call": r"\b(?:expect|look\s+(?:out\s+)?for)\s+(?:a|an|our|your|it|the|to\s+hear|to\s+(?:get|receive|see))\b",
    "sending you one": r"^\W*(?:sending|shipping|posting|refunding|calling|mailing|popping|dropping|bringing|will|ringing|emailing)(?:\s+you)?\b(?!\s+(?:my|a\s+letter))",
    "you're all set": rf"\b{_BE}\s+all\s+set\s+to\b|\b{_BE}\s+(?:back|live|out|there|sorted|with\s+you|on\s+(?:it|the)\s+\w+\s+van)\b(?=.*\b(?:by|tomorrow|today|tonight)\b)",
}
_COMMITS = re.compile("|".join((*_SPANISH.values(), *_ENGLISH.values())), re.IGNORECASE)
# a parcel that leaves is a promise only where nothing says when it arrives
_LEAVES = re.compile(
    rf"\b(?:(?<!\bthe )(?<!\bour )(?<!\ba )sale|salen|leaves?|goes\s+(?:out|live)|{_BE}\s+(?:going\s+out|leaving))\b",
    re.IGNORECASE,
)

# --- what makes it none ---

_DENIED = re.compile(
    r"\b(?:no|nunca|tampoco|desde\s+que|como|ya|ni|jam[áa]s|sin|never|cannot|not|\w+n['’]t|wont|dont|cant)\s+(?:(?:te|os|se|le|les|nos|lo|la)\s+)*$",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"\s+(?:en\s+manten|fuera\s+de\s+servicio|sin\s+servicio|(?:be\s+)?(?:down|unavailable|undergoing|under\s+maintenance)\b|not\b|never\b|on\s+(?:the|a|flight)\b|(?:expire|end|lapse|renew|open|close|start|begin|vary|be\s+no)\b|need\b|have\s+(?:to|until)\b|want\b|try\b|be\s+(?:open|closed|able\s+to\s+(?:say|tell))\b|hasta\b|only\s+be\b|soon\b"
    r"|continue\b|keep\b|remain\b|depend\b|(?:usually|normally|typically)\b|like\b|love\b)",
    re.IGNORECASE,
)
_IF = phrases("""
    si, if, unless, once, when, whenever, cuando, as soon as, siempre que, after, tras, una vez, provided, en caso de,
    aunque, a no ser, hasta que, until we, depending, should you, if not, salvo que, a menos que, as long as
""")
_CONDITION = re.compile(
    rf"\W*(?:(?:y|and|but|pero|o|or|so|que)\W+)?(?:{_IF}|en\s+cuanto(?!\s+a\s+(?:la|el|los|las|tu|su|lo)\b)|en\s+el\s+momento\s+en\s+que)\b",
    re.IGNORECASE,
)
_OPEN = phrases("""
    could, might, would, may be, may take, may need, may have, may arrive, may not, may well, should, hopefully, maybe, perhaps, probably,
    usually, normally, typically, generally, ojalá, quizá, quizás, tal vez, a lo mejor, probablemente, normalmente, suele,
    suelen, generalmente, habitualmente, seguramente, posiblemente, trataremos, confiamos, esperamos, te va bien, te viene bien,
    te parece bien, si te parece, suits you, works for you, have until, podéis, podés, lets you, anytime,
    por favor, estimado de, estimated, expected, we hope, we aim, we try, we expect, up to you, in case, can take,
    can be, podemos, intentamos, haremos lo posible, our best, nuestro mejor, aiming,
    hoping, trying, trying to, don't expect, try to, trata de, prefieres, would like, te gustaría, le gustaría, would you,
    te propongo, le propongo, propongo, sugiero, qué tal, how about, let's, i suggest, depende, depending, sujeto a, subject to, in theory, en teoría, lo ideal
""")
_LEAVES_IT_OPEN = re.compile(
    rf"\b(?:{_OPEN}|please(?!\s+expect)|pued[eo]n?s?(?!\s+(?:esperar|contar))|(?:we|you|they|i|it)\s+can(?!\s+(?:expect|count|look|promise|guarantee|confirm|assure))|(?:podr[ií]|deber[ií]|querr[ií]|ser[ií]|llamar[ií]|har[ií])a\w*|(?:intentar|procurar)(?:é|á|án|emos)"
    r"|deber[áé]\w*|necesitar[áé]\w*|(?:tienes?|ten[ée]is|tendr[áé]is?|tendr[áa]s?|ten[ée]s)\s+(?:que|hasta|un\s+plazo|\d+\s+d[íi]as))\b",
    re.IGNORECASE,
)
_OPENING_HOURS = re.compile(
    r"\b(?:abrimos|abren?|abriremos|cerramos(?!\s+(?:tu|su|el\s+caso|la\s+incidencia))|cierran?|cerraremos|(?<!se )(?:abrir|cerrar)[áa]n?|abiert[oa]s?|cerrad[oa]s?|horarios?\s+de\s+(?:atenci[óo]n|apertura|tienda)"
    r"|nuestro\s+horario|el\s+horario|opening|opens|closes|(?:we|re|are|is|be)\s+(?:open|closed)"
    r"|open\s+(?:on|from|until|till|at|today|tomorrow|every)|close\s+(?:at|on)|24/7|doors\s+open|on\s+sale"
    r"|lunes\s+a\s+(?:jueves|viernes|s[áa]bado|domingo)|monday\s*(?:to|-|–|through)\s*\w+)\b",
    re.IGNORECASE,
)
# what these do is no doing of the brand for this customer
_OTHERS = any_of("""
    oferta ofertas promoción promociones descuentos rebajas sorteo concurso plazo vuelo tren autobús evento webinar directo
    concierto feria estreno temporada colección cuota suscripción garantía partido contrato campaña retiro sale offer
    offers promotion promo deal deals flight train bus ferry bill payment subscription warranty contract concert
    show match event check-in collection class contest giveaway membership policy trial
""")
_NOT_FOR_YOU = re.compile(
    rf"(?:^\W*|\b(?:the|our|your|this|el|la|los|las|tu|su|esta|este|nuestr[oa]s?|vuestr[oa]s?)\s+(?:\w+\s+)?){_OTHERS}\b"
    r"(?:\s+(?:que|de|del|of|on|for|at|in|en)\s+\S+){0,2}\W+(?:\w+\W*){0,4}$",
    re.IGNORECASE,
)


def commitment(words: str) -> Found | None:
    """The first verb by which the brand, its people or what it sends will act."""
    return _first(_COMMITS, words)


def leaving(words: str) -> Found | None:
    """The first verb by which something leaves the brand, which says less than that it arrives."""
    return _first(_LEAVES, words)


def _first(pattern: re.Pattern[str], words: str) -> Found | None:
    return next((match for match in pattern.finditer(words) if _holds(words, match)), None)


def _holds(words: str, match: Found) -> bool:
    before = words[: match.start()]
    return not (
        _DENIED.search(before) or _NOT_FOR_YOU.search(words[: match.end()]) or _NOT_OURS.match(words, match.end())
    )


def is_condition(words: str) -> bool:
    return _CONDITION.match(words) is not None


def leaves_it_open(words: str) -> bool:
    """Hedged, only offered, or the customer's to do."""
    return _LEAVES_IT_OPEN.search(words) is not None


def tells_opening_hours(words: str) -> bool:
    return _OPENING_HOURS.search(words) is not None
