"""Recognise a customer who asks for a human being."""

from __future__ import annotations

import re

from responders.words import bare, fold

# the words our own disclosure line asks for, and what people write instead
_COMMANDS = frozenset(
    {
        "persona", "una persona", "person", "a person", "human", "a human", "humano", "un humano", "agente",
        "un agente", "agent", "pessoa", "uma pessoa", "huma", "persona real", "real person", "persona por favor",
        "person please", "real person please", "human please", "persona si us plau", "pessoa por favor",
    }
)  # fmt: skip
# spaces are escaped, because these are put into a verbose expression
_HUMAN_ES = (
    r"(?:(?:una?|con|algun|alguna|alguien|otra|otro)\ )*"
    r"(?:persona|humano|humana|agente|asesor|operador|representante|alguien)"
)
_HUMAN_EN = (
    r"(?:(?:a|an|some|any|another|real|actual|live|human)\ )*"
    r"(?:person|human|human\ being|agent|representative|operator|someone)"
)
_REQUESTS = re.compile(
    rf"""\b(?:
      (?:hablar|hablo|comunicar(?:me)?|chatear|contactar)\ con\ {_HUMAN_ES}
    | (?:atend(?:er|erme)|atienda|conteste|responda|llame|escriba)\ (?:ya\ )?{_HUMAN_ES}
    | (?:pasa[dr]?|pasen?|pone[dr]?|pon(?:gan?)?|comunicad?|comuniquen?|conectad?|conecten?)me\ con\ {_HUMAN_ES}
    | (?:transfi(?:ere|era|eran)|transferi[dr]?|deriva[dr]?|deriven?)me\ (?:a|con)\ {_HUMAN_ES}
    | (?:quiero|necesito)\ un[ao]?\ (?:persona|humano|agente)(?=\ ?(?:[.,;:!?]|$|por\ favor|real|de\ verdad|ya))
    | (?:talk|speak|chat)\ (?:to|with)\ {_HUMAN_EN}
    | (?<!they\ )(?:put|get)\ me\ through\ to\ {_HUMAN_EN}
    | (?:transfer|pass|hand)\ me\ (?:over\ |on\ )?to\ {_HUMAN_EN}
    | (?:need|want|get|get\ me|connect\ me\ (?:to|with)|give\ me)\ (?:a|an)\ (?:(?:real|actual|live|human)\ )*
        (?:person|human|agent|representative)
    | (?:is\ there|any)\ (?:an?\ |any\ )?(?:(?:real|actual|live)\ )*(?:human|person|agent)(?:\ being)?
        \ (?:here|there|available|around|on\ here|(?:that\ |who\ )?i\ can\ (?:talk|speak)|to\ (?:talk|speak)\ to)
    | que\ alguien\ (?:me\ |nos\ )?(?:conteste|responda|atienda|llame)(?!\ a\ )
    | hay\ (?:algun|alguna)\ (?:humano|humana|persona|agente)
        (?=\ ?(?:[?!]|$)|\ (?:ahi|aqui|real|con\ (?:quien|la\ que)))
    | (?P<shout>agente?|humano?|persona?|representative|operator|operador)(?:\W+(?P=shout))+
    | falar\ com\ (?:uma\ |um\ )?(?:pessoa|humano|atendente|alguem)
    | parlar\ amb\ (?:una\ |un\ )?(?:persona|huma|agent|algu)
    )\b""",
    re.VERBOSE,
)
# "I was able to talk to a person" tells a story; so does "after speaking with an agent"
_STORY = re.compile(r"\b(?:despues de|tras|al|pude|after|could|managed to|able to|got to|depois de|despres de)\s*$")


def wants_person(text: str) -> bool:
    """Whether the text asks for a person, in any of our languages."""
    folded = fold(text)
    return is_person_command(text) or any(
        not _STORY.search(folded[: found.start()]) for found in _REQUESTS.finditer(folded)
    )


def is_person_command(text: str) -> bool:
    """Whether the text is nothing but the word that we ask for: "persona"."""
    return bare(text) in _COMMANDS
