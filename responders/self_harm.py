"""Recognise who may take their own life or hurt themselves; not that a price kills, or that a lamp is to die for.

The author's own deed counts ("voy a matarme"), or that of somebody close; not what is done to them ("vais a matarme").
Words come folded (`responders.words.fold`), es | en | pt | ca.
"""

from __future__ import annotations

import re

from responders.words import either, laughs

_I_WILL = either(r"""
    (?:me )?(?:voy|iba|ire|vaya) a
    quiero(?: es)?|quisiera|querria|queria|deseo|prefiero|preferiria|pienso|planeo|necesito|podria
    (?:pienso|pensando|pensado|pense|planteando) en|planteando
    (?:me )?(?:dan|dais|entran) ganas de|ganas de
    (?:tengo|con|miedo|capaz|idea|intencion|a punto) (?:ganas )?(?:de|a)
    intent[eo]|intentado|estoy por|(?:acabar|terminar)(?:e(?: por)?)?
""")
_I_WILL += "(?: ya| hasta| solo| hoy)? "
# in jest, at work or by mishap: "me mato de risa", "me voy a matar a trabajar", "me voy a hacer daño con este borde"
_NOT_OF = r"\b(?! (?:de|a) (?!verdad\b|veras\b|una vez\b|seguir\b)\w| \w+ndo\b| (?:el|la|mi|un|una|como)\b)"
_NOT_BY = r"\b(?! (?:con|en|contra) (?:el|las?|los|est[aeo]s?|es[aeo]s?|vuestr\w+|sus?|tus?)\b)"
_NOT_FOR = r"(?! (?:sin|por (?:el|las?|los|una?|est\w+|es[aeo]s?))\b)"
_NOT_A_THING = r"(?<!n't )(?<!not )(?<!nt )(?<!you )(?<!phone )(?<!battery )(?<!laptop )"
_FROM_THERE = (
    r" (?:por|de|desde|per|pela|da|na|delante|debajo|al?) ?(?:del?|al)? ?(?:las?|el|los|mi|una?|l')? ?"
    r"(?:ventana|balcon|azotea|terraza|tejado|puente|viaducto|acantilado|tren|metro|vias?|subte|autopista|rio|finestra"
    r"|janela|ponte|varanda|balco|pont)\b"
)
# to live somewhere, or without something, is another wish
_NOT_SOMEWHERE = (
    r"\b(?! (?:en|aqui|alli|cerca|al|lejos|de|sin|con|otra|una?|la|lo|es[aeo]s?|est[ae]s?|in|near|here|there|with\w*"
    r"|next|on|at|by|off|out|like|through|em|com|sem|amb|sense)\b)"
)
_CLOSE = (
    r"(?:hij\w+|nin[oa]|marido|mujer|espos[oa]|padre|madre|papa|mama|herman[oa]|novi[oa]|pareja|amig[oa]|niet[oa]"
    r"|abuel[oa])"
)
_DEADLY_PLACE = r"(?:a|the|this|my|that) (?:bridge|roof|window|building|balcony|cliff|train|bus|tube|car|lorry)"
_INTO_IT = r"(?:going to|gonna|wanna|want to|wants to|'ll|will|might|about to)"


def _to_myself(infinitive: str, finite: str, gerund: str, after: str = "") -> str:
    """`me voy a matar`, `me mato`, `voy a matarme`, `acabaré matándome`."""
    return (
        rf"me {_I_WILL}{infinitive}{after}|(?<!casi )(?<!poco )(?<!ya )me (?:{finite}){after}"
        rf"|{_I_WILL}(?:{infinitive}|{gerund})me{after}|me (?:acabar|terminar)e {gerund}{after}"
    )


_MEANT = either(rf"""
    (?<!escuadron )suicid(?!e (?:squad|silence|mission|bomb|rate))\w+
    {_to_myself("quitar", "quito|quite|quitare|quitaria", "quitando", " (?:yo )?la vida")}
    quitar(?:me|se)? la vida|se (?:ha )?quit(?:o|ado) la vida|(?:me (?:voy|ire) a quitar|quitarme|me quito) de en medio
    (?:acab|termin)(?:ar|o|are|aria|ando) con (?:mi|su) vida|(?:poner|pongo|pondre)(?:le)? fin a (?:mi|su) vida
    {_I_WILL}acabar con todo(?: ya| de una vez| ?(?=[.,;!)]|$))
    n[oi] (?:quier[oe]|soporto|aguanto|(?:puedo|pienso) seguir) (?:mas )?(?:seguir )?vivi(?:r|endo){_NOT_SOMEWHERE}
    n[oi] (?:quiero|pienso|puedo) (?:seguir )?(?:existi(?:r|endo)|con vida)\b
    (?:sin|no (?:me )?(?:tengo|tiene|quedan)) (?:ya )?ganas de (?:seguir )?vivi(?:r|endo){_NOT_SOMEWHERE}
    (?:perdi(?:do)?|quitado|quitasteis) (?:ya )?las ganas de (?:seguir )?vivi(?:r|endo){_NOT_SOMEWHERE}
    no (?:vale|merece) la pena (?:seguir )?vivi(?:r|endo)|(?:para|pa) que (?:seguir )?vivi(?:r|endo)\b
    quiero dejar de vivir|encontrar(?:eis|an|me)? muert[oa]
    mi vida (?:ya )?no (?:tiene|vale)|sentido a (?:la vida|mi vida|(?:seguir )?vivi)
    (?:estaria|estare|mejor|quisiera estar|quiero estar|prefiero estar|ojala est\w+) (?:mejor )?muert[oa]\b
    ojala me mu(?:era|riera)\b|no quiero (?:seguir|estar) (?:mas )?(?:viv[ao]\b|en este mundo)
    no (?:quiero )?(?:volver a )?despertar(?:me)? (?:nunca|mas|manana)\b
    {_to_myself("(?:ahorc|envenen)ar", "(?:ahorc|envenen)(?:o|are|aria)", "(?:ahorc|envenen)ando")}
    {_to_myself("pegar", "pego|pegare|pegaria", "pegando", " un tiro(?!n)")}
    me (?:(?:voy a|he|ire a) )?(?:tom\w+|trag\w+) (?:todas (?:las|mis)|un bote de|una caja de) (?:pastillas|pildoras)
    pastillas y me las (?:voy a tomar|tomo|tomare) todas
    me {_I_WILL}(?:hacer dano|lastimar){_NOT_BY}|{_I_WILL}(?:hacerme dano|lastimarme){_NOT_BY}
    autolesi\w+|me estoy haciendo dano\b

    kill(?:ing|s|ed)? (?:him|her|them)sel(?:f|ves)|(?<!the )end(?:ing|ed)? (?:it all|(?:my|his|her) (?:own )?life)\b
    (?:tak(?:e|es|ing) (?:my|his|her|their)|took (?:his|her|their)) own li(?:fe|ves)
    (?:no|any) (?:reason|will) to (?:live|go on living){_NOT_SOMEWHERE}|nothing (?:left )?to live for
    point (?:in |of )?(?:living|being alive){_NOT_SOMEWHERE}|(?:tired|sick) of (?:being alive|living{_NOT_SOMEWHERE})
    (?:not?|\w+n'?t) (?:longer )?(?:want to|wanna) (?:live|exist){_NOT_SOMEWHERE}
    (?:not?|\w+n'?t) (?:longer )?(?:want to|wanna) be (?:alive|here any ?more)
    ending it (?:tonight|now|today)|(?:not|\w+n'?t) (?:want to )?wake up (?:tomorrow|any ?more)\b
    (?:not|\w+n'?t) (?:deserve to live|worth living|go on living|live any ?more)
    (?:rather|better off|wish i (?:was|were)|if i (?:was|were)|might as well|worth more) (?:be )?dead\b(?! than| by)
    (?:i (?:just )?want to|wanna) be dead\b|wish i(?:'d| had)? never been born
    (?:world|everyone|everybody|they|family|kids) (?:is|are|would be|'d be|will be) better (?:off )?without me
    self[- ]?harm\w*|(?:{_INTO_IT}|need to|like|of|about|been) (?:hurt|harm)(?:ing)? myself
    (?:been cutting|want to cut|going to cut|gonna cut) myself\b(?! (?:on|off|short|some))
    (?:hang|hanging|unalive|drown) myself|shoot myself(?! in the foot)|(?:slit|cut) my (?:own )?(?:wrists|throat)
    {_INTO_IT} (?:just )?(?:jump|throw myself) (?:off|from|out of|under|in front of) {_DEADLY_PLACE}
    {_INTO_IT} overdose|(?:take|took|taken|taking) (?:all (?:of )?(?:my|the)|every) (?:pills?|tablets|meds)

    (?:tirar|tirei|tiro) a (?:minha|minha propria|propria) vida|acabar com a minha vida|fim a minha vida
    nao (?:quero|aguento|consigo) (?:mais )?viver{_NOT_SOMEWHERE}|melhor mort[oa]\b|cortar os (?:meus )?pulsos
    (?:sem|nao tenho|nao tenho mais|perdi a) vontade de viver

    (?:traure|treure|treure'm|llevar-me|llevare) la (?:meva )?vida|acab(?:ar|are) amb la meva vida
    (?:no vull|sense ganes de|no tinc ganes de) (?:mes )?(?:continuar |seguir )?vi(?:ure|vint){_NOT_SOMEWHERE}(?! a\b)
    em vull fer mal|vull fer-me mal
""")
_MEANT_OR_NOT = either(rf"""
    {_to_myself("matar", "mato|matare|mataria", "matando", _NOT_OF)}
    (?<!no )(?<!no me )(?:quiero(?: es)?|deseo|quisiera|prefiero|preferiria|ganas de) morir(?:me)?{_NOT_OF}{_NOT_FOR}
    mi {_CLOSE} (?:\w+ ){{0,6}}(?:se (?:quiere|queria|va a) (?:morir|matar)|(?:quiere|queria) (?:morir|matar)se)\b
    {_to_myself("cortar", "corto|cortare|cortaria", "cortando", " las venas")}|(?:cortarme|me corte|cortado) las venas
    (?:intento|ha intentado|queria) matarse\b
    {_to_myself("(?:tir|lanz|arroj)ar", "(?:tir|lanz|arroj)(?:o|are|aria)", "(?:tir|lanz|arroj)ando", _FROM_THERE)}
    (?:tirar|lanzar|arrojar)me{_FROM_THERE}|{_I_WILL}saltar{_FROM_THERE}

    (?:{_INTO_IT}|could|about|of|tried to|just|i) kill(?:ing)? myself(?! laughing)|^kill myself
    (?:want to|wanna|gonna|'ll|ill) kms\b|(?:lost|losing|lose|no|any) (?:the |my )?will to live|want it all to end\b
    {_NOT_A_THING}(?:(?:want|wants|wanted|wish i could) (?:to )?|wanna )die\b(?! (?:of|on|laughing|at|in)\b)

    (?:vou|quero|queria|penso em|pensando em|vontade de|tentei) (?:me matar|matar-me)\b(?! (?:de|a|o|essa?)\b)
    quero morrer\b(?! de\b)|vou me (?:jogar|atirar){_FROM_THERE}

    (?:vull|ganes de) morir(?:-me)?\b(?! de\b)|em (?:vull matar|matare)\b(?! de\b)|vull matar-me
    em tallare les venes|em (?:vull )?(?:tira|llenca)(?:re|r){_FROM_THERE}
""")
_SURELY = re.compile(rf"\b{_MEANT}")
_MAYBE = re.compile(rf"\b{_MEANT_OR_NOT}")


def means_to_die(folded: str) -> bool:
    """Whether somebody may be about to hurt themselves. Where jest cannot be told from despair, it is despair."""
    said = folded.replace("kier", "quier")
    return bool(_SURELY.search(said) or (_MAYBE.search(said) and not laughs(said)))
