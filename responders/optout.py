"""Recognise a customer who does not want to be written to any more."""

from __future__ import annotations

import re

from bot.domain.reading import Language
from responders.words import bare, fold

# a message that is nothing but one of these; "stop" is understood everywhere
_COMMANDS: dict[Language, frozenset[str]] = {
    Language.ES: frozenset({"baja", "para", "parar", "basta", "basta ya", "dadme de baja", "denme de baja"}),
    Language.EN: frozenset({"end", "quit", "opt out", "optout"}),
    Language.PT: frozenset({"sair", "pare", "para", "parar", "cancelar mensagens"}),
    Language.CA: frozenset({"baixa", "prou", "atura", "para"}),
    Language.OTHER: frozenset({"baja", "baixa", "sair", "opt out", "optout"}),
}
_EVERYWHERE = frozenset(
    {
        "stop", "stop please", "please stop", "stop por favor", "stop ya", "stop gracias", "unsubscribe",
        "unsubscribe me",
        "please unsubscribe", "please unsubscribe me", "unsubscribe please", "unsubscribe me please", "opt me out",
        "baja por favor",
    }
)  # fmt: skip

# spaces are escaped, because these are put into verbose expressions
_TO_ME_ES = r"(?:escribir|contestar|responder|contactar|molestar|hablar|etiquetar|mencionar|avisar)(?:me|nos)"
_MAIL_ES = (
    r"(?:mandar|enviar)(?:me|nos)?\ (?:mas\ )?(?:mensajes|correos|avisos|encuestas|notificaciones|cosas|publicidad)"
)
_TO_ME_EN = r"(?:writing|replying|tweeting|talking|responding|posting)\ (?:to|at)\ (?:me|us)"
_AT_ME_EN = r"(?:contacting|messaging|emailing|texting|tagging|bothering|spamming|mentioning|dm'?ing|dming)\ (?:me|us)"
_MY_EN = r"(?:replying|responding|commenting)\ (?:to|on)\ (?:my|our)\ (?:posts|tweets|messages|comments|threads|skeets)"
_ENDS = r"(?=\ ?[.,;:!]|$|\ (?:por\ favor|porfa|gracias|ya|nunca|jamas|please|pls|thanks|ever|bot)\b)"
_MAIL_EN = r"(?:messages|emails|replies|notifications|surveys|updates|mails|dms)"

# looked for on folded text, in every language whatever was detected: short texts are detected badly
_REQUESTS = re.compile(
    rf"""\b(?:
      (?:dejad|dejen|dejeis|dejar|paren|parad|pareis)\ (?:ya\ )?de\ (?:{_TO_ME_ES}|{_MAIL_ES})
    | no\ (?:me|nos)\ (?:escrib(?:as|ais|an|a)|contest(?:es|eis|en)|contact(?:es|eis|en)|molest(?:es|eis|en)
        |respond(?:as|ais|an)|mencion(?:es|eis|en))\ (?:mas(?!\ (?:tarde|con|de)\b)|nunca\ mas|otra\ vez)
    | no\ (?:me|nos)\ (?:mand(?:es|eis|en)|envi(?:es|eis|en))\ mas\ (?:mensajes|correos|avisos|encuestas|nada)
    | no\ (?:me|nos)\ v(?:ue|o)lv(?:as|ais|an|a)\ a\ (?:escribir|contestar|contactar|responder|molestar|mencionar
        |(?:mandar|enviar)\ (?:mas\ )?(?:mensajes|correos|avisos|encuestas|notificaciones|publicidad))
    | no\ v(?:ue|o)lv(?:as|ais|an|a)\ a\ (?:{_TO_ME_ES}|{_MAIL_ES})
    | no\ (?:deseo|quiero)\ (?:recibir\ )?mas\ (?:mensajes|correos|comunicaciones|avisos|encuestas|publicidad)
    | (?:borr|quit|elimin|sac)(?:adme|enme|ame)\ de\ (?:la|est[ae]|vuestra|su|tu)\ lista
    | (?:quiero\ darme|me\ quiero\ dar)\ de\ baja\ de\ (?:la\ (?:lista|newsletter)
        |(?:los|est|vuestr|sus?)\w*\ (?:mensajes|avisos|encuestas|correos))
    | no\ quiero\ (?:mas\ mensajes|que\ me\ (?:escrib|contact|mand|envi|molest)\w+\ (?:mas|nunca)
        |recibir\ (?:mas\ )?(?:vuestros\ |sus\ )?mensajes)
    | (?:dadme|denme|dame)\ de\ baja\ de\ (?:la\ (?:lista|newsletter)|las\ notificaciones
        |(?:est|vuestr|sus?)\w*\ (?:mensajes|avisos|encuestas|correos))
    | (?:do\ not|don't|dont|never)\ (?:ever\ )?(?:contact|message|e-?mail|text|tag|write\ to|reply\ to|dm)\ (?:me|us)
        \ (?:again|any\ ?more|ever)
    | no\ more\ {_MAIL_EN}(?!\ (?:on|about|from\ you\ since)\b)
    | (?:i\ )?(?:do\ not|don't|dont)\ want\ (?:to\ (?:receive|get)\ )?any\ ?more\ {_MAIL_EN}
    | opt\ me\ out
    | (?:want|like)\ to\ opt\ out
    | (?:unsubscribe|remove|take)\ me\ (?:from|off)\ (?:(?:this|these|your|the|all|of)\ )*
        (?:mailing\ )?(?:list|{_MAIL_EN})
    | (?:parem|parai|deixem|deixe)\ de\ me\ (?:escrever|contactar|responder|incomodar|enviar\ mensagens)
    | parem\ de\ me\ mandar\ mensagens
    | nao\ me\ (?:escrevam|enviem|mandem|contactem|respondam|incomodem)\ mais
    | nao\ quero\ (?:receber\ )?mais\ mensagens
    | (?:deixeu|deixi|deixin|pareu)\ d(?:e\ |')(?:escriure'm|contactar-me|contestar-me|molestar-me|enviar-me\ missatges)
    | no\ m'(?:escriviu|envieu|escrigueu|molesteu)\ mes
    | no\ em\ contacteu\ mes
    | no\ vull\ rebre\ mes\ missatges
    )\b""",
    re.VERBOSE,
)
# who says "no dejéis de escribirme" wants the opposite
_OPPOSITE = re.compile(r"\b(?:no|nunca|nao|not|don't|dont|never|mai)(?: \w+){0,2}\s*$")
# who tells what somebody does or did, or what they get no more of, orders nothing: "they never contact me again"
_TOLD = re.compile(
    r"\b(?:(?<!told )(?<!tell )(?<!asked )(?:you|they|we|nobody|who)(?: (?:would|will|just|even|had|said))?"
    r"|get|gets|got|getting|receiv(?:e|ed|ing)|see|have|had|there (?:are|were))\s*$"
)
_ASKED_OF = re.compile(r"\b(?:can|could|will|would|please) (?:you|u)(?: please)?\s*$")
_QUOTED = re.compile(r"""["«“][^"«»“”]{1,200}["»”]""")
# an order only at the start of a clause: "la app deja de responderme" and "they stop replying to me" are complaints
_ORDERS = re.compile(
    rf"""(?:^|[.,;:!?¡¿…]\ ?|@\w+[ ]
      |\b(?:por\ favor|ya|basta|please|pls|just|now|bot|and|you\ to|should|must|if\ you\ don't)[ ]
      |(?:^|[.,;:!?…]\ ?|@\w+[ ])(?:can|could|will|would)\ you\ )(?:
      (?:deja|para|deje|pare)\ (?:ya\ )?de\ (?:{_TO_ME_ES}|{_MAIL_ES})
    | no\ (?:me|nos)\ (?:escrib(?:as|ais|an|a)|contact(?:es|eis|en|e)|molest(?:es|eis|en|e)|respond(?:as|ais|an|a)
        |contest(?:es|eis|en|e)|etiquet(?:es|eis|en)|mencion(?:es|eis|en)){_ENDS}
    | (?:dejad|dejen|deja|deje)(?:me|nos)\ (?:ya\ )?(?:en\ paz|tranquil[oa]s?){_ENDS}
    | leave\ (?:me|us)\ (?:the\ \w+\ )?alone{_ENDS}
    | (?:do\ not|don't|dont|never)\ (?:reply|respond|write)\ to\ (?:me|us){_ENDS}
    | (?:stop|quit)\ (?:{_TO_ME_EN}|{_AT_ME_EN}|{_MY_EN}|sending\ (?:me|us)\ (?:(?:these|your|any|more)\ )*{_MAIL_EN})
    | deixa\ d(?:e\ |')(?:escriure'm|contactar-me|enviar-me\ missatges)
    | pare\ de\ me\ (?:escrever|enviar\ mensagens)
    | unsubscribe\ me(?=\ ?[.,;!]|$|\ please|\ now)
    | (?:no\ mas|basta\ de)\ (?:mensajes|correos|avisos|encuestas|notificaciones)
    | prou\ de\ missatges
    | (?:do\ not|don't|dont|never)\ (?:contact|message|e-?mail|text|dm)\ (?:me|us)(?=\ ?[.,;!]|$|\ please)
    )""",
    re.VERBOSE,
)


def wants_out(text: str, language: Language) -> bool:
    """Whether the text asks not to be written to any more. `language` decides what a single word means."""
    if is_opt_out_command(text, language):
        return True
    # what stands in quotation marks is somebody's words, or a message that was had
    folded = fold(_QUOTED.sub(" … ", text))
    if _ORDERS.search(folded):
        return True
    return any(_asked(folded[: found.start()]) for found in _REQUESTS.finditer(folded))


def is_opt_out_command(text: str, language: Language) -> bool:
    """Whether the text is nothing but one of the words for it."""
    return bare(text) in _EVERYWHERE | _COMMANDS[language]


def _asked(before: str) -> bool:
    """Whether what stands before a request leaves it one."""
    if _OPPOSITE.search(before):
        return False
    return not _TOLD.search(before) or _ASKED_OF.search(before) is not None
