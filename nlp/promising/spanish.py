"""The Spanish forms by which the brand commits itself, in Spain and Latin America."""

from __future__ import annotations

from nlp.alternatives import any_of, phrases

_TO_YOU = r"(?:te|os|le|les|se|lo|la|los|las)"
# "la" alone may be an article
_CLITICS = r"\b(?:te|os|le|les|se)\s+(?:(?:lo|la|los|las)\s+)?"
_FUTURE = r"(?:(?:[^\W\d_]*[^\W\d_](?:[aei]|[bdlr])|i)r(?:é|á|án|emos|éis|ás))\b"
# what the customer will do is no promise, what will come to the customer is
_YOU_RECEIVE = (
    r"(?!"
    + any_of("""
    deber necesitar podr querr habr estar pagar abonar enviar mandar llamar devolver har ir dir traer llevar entregar
    escribir pasar esperar firmar presentar rellenar subir descargar pulsar entrar acceder elegir indicar
    """)
    + r"(?:ás|éis)|tendrás\s+que|tendréis\s+que)[^\W\d_]+r"
)
_NO_COMMITMENT = (
    r"(?!"
    + any_of("podr vencer caducar expirar deber necesitar querr encantar gustar alegrar interesar")
    + r"|tendr[áé]\w*\s+que|ser[áé]\w*\s+(?:necesari|posibl)|[^\W\d_]+(?:ás|éis)\b|miremos|queremos|esperemos)"
)
# with an accent forgotten they look like other tenses, but for these
_FUTURE_UNACCENTED = any_of("""
    estara llegara saldra tendra tendras recibira recibiras vera veras llamara contactara enviara quedara devolvera
    reembolsara abonara entregara
""")
_INFINITIVE = r"(?:[^\W\d_]+[aei]r(?:te|os|le|les|lo|la|los|las|se|nos|[oa]s)?){1,2}"
# the present, said of what is to come: not what has passed, is only said, or is nobody's doing
_NOT_AN_ACT = (
    r"(?!(?!(?:escrib|remit|emit|sub|compart|transmit|serv|dec|defin|asist|acud|recib|cumpl|repart|repet|consegu|inclu|invert|sustitu|constru)imos)\w+imos\b"
    r"|(?:h|\w*hab[ií])(?:emos|a|an|as|e)\b|\w*(?:[áa]b|í)(?:amos|a|an|as)\b"
    r"|\w+(?:[aei]ste|aron|ieron|ó|[^r]é|ía)\b|"
    + any_of("""
    acabamos podemos debemos queremos dijimos hicimos pusimos dimos vimos tuvimos fuimos prometimos comprometimos
    pedimos esperamos agradecemos recomendamos deseamos recordamos animamos invitamos sentimos necesitamos entendemos
    sabemos aconsejamos rogamos sugerimos lamentamos felicitamos saludamos leemos seguimos tenemos estamos somos
    vemos informamos comentamos indicamos ofrecemos pediremos creemos confiamos conocemos venimos gusta gustan
    gustaría parece interesa sirve viene va van corresponde toca recuerda ruega requiere puede pueden trata encuentra
    debe deben celebra estrena abre cierra espera esperan acerca fue era es son está están dijo hizo vio dio puso
    necesita necesitan quiere quieren falta faltan apetece cuesta cuestan vence vencen cobra cobran pide piden
    agradezco recuerdo ruego pido recomiendo aconsejo sugiero propongo deseo animo invito siento lamento entiendo
    pidió queda quedan quede ha han hay había haya sea fuera ocurre
    """)
    + r"\b)"
)
_PRESENT = rf"{_NOT_AN_ACT}[^\W\d_]+(?:[aeo]|an|en|mos)\b"
# without "te" or "lo" these too say nothing that could be kept; the second half are no verbs, or subjunctives
_NOT_ALONE = (
    "(?!"
    + any_of("""
    atendemos decimos explicamos comunicamos trabajamos contamos hablamos hablemos celebramos estrenamos quedamos
    jugamos disfrutamos vivimos lanzamos inauguramos presentamos sorteamos regalamos repartimos cumplimos organizamos
    recibimos llevamos contestamos próximos últimos mismos préstamos reclamos gramos kilogramos mínimos máximos
    tramos ánimos podamos veamos tengamos sepamos recibamos hagamos
    """)
    + r"\b)"
)
_THEY_ACT = r"(?<!\bde )" + any_of("""
    llama llaman escribe escriben contacta contactan contesta contestan responde responden envía envían manda mandan
    confirma confirman avisa avisan devuelve devuelven abona abonan pasa pasan dice dicen resuelve resuelven informa
    informan cuenta cuentan entrega entregan recoge recogen repone reponen llega llegan vuelve vuelven acude acuden
    va van visita visitan instala instalan lleva llevan trae traen entra entran atiende atienden comunica comunican
    revisa revisan marca marcan procesa procesan acredita acreditan deposita depositan reparte reparten queda quedan
""")
_SET = r"(?:program|previst|agend|confirm|reserv|fij|list|asign|coordin|planific|acord|reprogram)\w*[oa]s?"
_DONE = r"(?:\w+[ai]d[oa]s?|resuelt[oa]s?|hech[oa]s?|list[oa]s?|repuest[oa]s?)"
# plurals with "los" say what is usual ("los envíos llegan en 5 días"), but for people
_WHOSE = (
    r"(?:el|la|un|una|tus?|sus?|vuestr[oa]s?|nuestr[oa]s?|mi|l[oa]s(?=\s+(?:t[ée]cnic|compañer|operari|repartidor)))"
)
_SUBJECT = rf"\b{_WHOSE}\s+(?:[^\s,.;:]+\s+){{1,5}}?"
_YOU_HAVE = r"(?:tienes|ten[ée]s|tiene)"
_A_THING = phrases("""
    el, la, los, las, tu, tus, su, sus, mi, nuestra, nuestro, un, una, noticias, respuesta, novedades, todo, esto,
    solución
""")
_NO_GIFT = any_of("vuelo tren cita turno clase plazo plan día días viaje reserva")
_ARRANGED = r"(?:program|agend|reserv|concert|fij|planific|reprogram)ad[oa]s?"
_AN_APPOINTMENT = any_of("entrega visita recogida cita instalación llamada")
_I_ACT = any_of("""
    reviso miro consulto llamo escribo mando gestiono tramito cierro compruebo confirmo aviso resuelvo arreglo anulo
    ingreso devuelvo abono reactivo activo reclamo
""")
_WEEKDAY = any_of("lunes martes miércoles jueves viernes")

# by an example of each
FORMS = {
    "te llamaremos": rf"\b{_NO_COMMITMENT}{_FUTURE}",
    "recibirás": rf"\b{_YOU_RECEIVE}(?:ás|éis)\b(?!\s+que\b)",
    "llegara": rf"\b{_FUTURE_UNACCENTED}\b",
    "te vamos a llamar": (
        rf"\b(?:vamos|voy|va|van)\s+a\s+(?:{_TO_YOU}\s+)?(?:estar\s+)?{_INFINITIVE}"
        r"|\b(?:vamos|voy|va|van)\s+a\s+estar\s+\w+ndo"
    ),
    "vas a recibir": r"\b(?:vas|vais)\s+a\s+(?:recibir|tener|ver|disponer|poder\s+ver)\w*",
    "te lo mandamos": rf"{_CLITICS}{_PRESENT}",
    "lo cambiamos": rf"\b(?:lo|la|los|las)\s+(?:{_NOT_AN_ACT}\w+mos|{_THEY_ACT})\b",
    "le estamos llamando": rf"{_CLITICS}(?:est(?:oy|á|án|amos)|estar(?:é|á|án|emos))\s+\w+ndo\b",
    "mandamos un técnico": rf"\b{_NOT_AN_ACT}{_NOT_ALONE}\w+mos\b",
    "lo tienes": r"\b(?:lo|la|los|las)\s+(?:tienes|ten[ée]is|tiene|ten[ée]s|recibes|recib[ií]s|recibe)\b(?!\s+que)",
    "dispones del crédito": r"\b(?:dispones|dispon[ée]is|dispone|recuperas)\s+(?:del?|el|la|los|las)\s+(?!\d)",
    "tienes la mesa": rf"\b{_YOU_HAVE}\s+{_A_THING}\b(?!\s+{_NO_GIFT}\b)",
    "el técnico pasa": rf"{_SUBJECT}(?:{_TO_YOU}\s+)?{_THEY_ACT}\b(?!\s+(?:que|a\s+ser)\b)",
    "su reposición tarda": r"\b(?:tu|su)\s+[^\W\d_]+\s+tardan?\b",
    "tu cita está programada": rf"{_SUBJECT}(?:est[áa]n?|qued[óo]|han?\s+(?:sido|quedado))\s+(?:ya\s+)?{_SET}\b",
    "queda resuelto": rf"\bqueda(?:n|r[áa]n?)?\s+(?:ya\s+)?(?:{_SET}|{_DONE})\b",
    "hemos agendado tu visita": (
        rf"\b(?:hemos|he|han|ha(?:n)?\s+sido|est[áa]n?|qued[óao]n?)\s+(?:ya\s+)?(?:te\s+)?{_ARRANGED}\b"
    ),
    "la fecha de entrega es": rf"\b(?:nueva\s+)?(?:fecha|hora)\s+de\s+(?:la\s+)?{_AN_APPOINTMENT}\s*(?:es|ser[áa]|:)",
    "pasan a recogerlo": r"\b(?:pasa|pasan|viene|vienen)\s+a\s+\w+r\w*\b",
    "me encargo": r"\bme\s+(?:encargo|aseguro|ocupo)\s+de\b|\b(?:cuenta|cuente)\s+con\b",
    "puedes esperar": r"\bpued[eo]s?\s+(?:esperar|contar)\b",
    "mañana reviso tu caso": rf"\b(?:{_I_ACT})\b",
    "está previsto que": r"\best[áa]\s+(?:previst|programad|agendad)[oa]\b",
    "visita confirmada": rf"\b{_AN_APPOINTMENT}\s+(?:confirmad|(?:re)?programad|agendad|fijad)a\b",
    "dame hasta el viernes": r"\b(?:d[ae]me|dadme|d[ae]nos|dadnos)\s+hasta\b",
    "paso yo mismo": r"\b\w+o\s+yo\s+mism[oa]\b|\bpaso\s+por\b",
    "nos ponemos en contacto": r"\bnos\s+pon(?:emos|dremos)\s+en\s+contacto\b",
    "nos comprometemos": r"\bnos\s+comprometemos\b|\bme\s+comprometo\b|\bpromet(?:o|emos|ido)\b",
    "quedamos en llamarte": r"\b(?:quedo|quedamos)\s+en\b(?!\s+que)|\bquedas?\s+(?:agendad|citad|programad)[oa]\b",
    "de hoy no pasa": (
        r"\bno\s+pasa(?:r[áa])?\s+de(?:l|\s+(?:hoy|ma[ñn]ana|est[ae]))\b|\bde(?:l|\s+(?:hoy|ma[ñn]ana|est[ae]))(?:\s+\w+)?\s+no\s+pasa\b"
    ),
    "hoy queda": rf"\b(?:hoy|mañana|{_WEEKDAY})(?:\s+mismo)?(?:,?\s+sin\s+falta,?)?\s+(?:te\s+)?queda\b",
}
# a parcel that leaves is a promise only where nothing says when it arrives
LEAVES = r"(?<!\bthe )(?<!\bour )(?<!\ba )(?-i:\bsalen?\b)|^\W*salen?\b"
