"""Leave of a mail what its author wrote now: no quotes, no signature, no small print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

# lines longer than this are prose, and no pattern is tried on them
_LONGEST = 400
# how many lines a mail program may break an introduction into, and a signature and a visiting card have at most
_WRAPPED = 4
_SIGNATURE = 40
_CARD = 24
_CARD_LINE = 60
_PARAGRAPH = 20
_TALKATIVE = 5

# who wrote when, as mail programs introduce a quote; a date or an address must be in it
_INTRODUCTION = re.compile(
    r"""(?:
        (?:On|At|In)\s.{4,300}\s(?:wrote|writes)
      | .{2,200}\s(?:wrote|writes)\s(?:on|at|in)\s.{4,200}
      | (?:El|En|A\sl[ao]s?)\s.{4,300}(?<!\sme)(?<!\snos)\s(?:escribi[óo]|va\sescriure)
      | .{2,200}\s(?:escribi[óo]|va\sescriure)\s(?:el|en|a\sl[ao]s?)\s.{4,200}
      | (?:O|Em|No\sdia)\s.{4,300}\s(?:escribiu|escreveu)
      | Le\s.{4,300}\sa\sécrit
      | Il\s(?:giorno\s)?.{4,300}\sha\sscritto
      | Am\s.{4,200}\sschrieb\b.{0,200}
    )\s?:""",
    re.VERBOSE | re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:On|At|In|El|En|A\sl[ao]s?|O|Em|No\sdia|Le|Il|Am)\s|.*\b(?:wrote|escribi[óo])\b", re.IGNORECASE
)
_DATE_OR_ADDRESS = re.compile(r"\d|@")
_SEPARATOR = re.compile(
    r"""[\s>*]*-{2,}\s*(?:
        original\s(?:message|appointment)|mensaje\soriginal|missatge\soriginal|mensagem\soriginal|message\sd'origine
      | (?:begin\s)?forwarded\smessage|mensaje\sreenviado|missatge\sreenviat|mensagem\sencaminhada
      | ursprüngliche\snachricht
    )\s*-{2,}\s*|(?:begin\sforwarded\smessage|inicio\sdel\smensaje\sreenviado)\s*:""",
    re.VERBOSE | re.IGNORECASE,
)
_RULE = re.compile(r"[_\-=]{20,}")
_FROM = re.compile(r"[*\s]*(?:From|De|Von|Da)\s*:[*\s]*\S.*", re.IGNORECASE)
_HEADER = re.compile(
    r"[*\s]*(?:Sent|Date|To|Cc|Subject|Enviado(?:\sel)?|Fecha|Para|Asunto|Enviat|Data|Assumpte|Enviada\sem|Assunto"
    r"|Gesendet|An|Betreff|Envoyé|À|Objet|Inviato|A|Oggetto|Importancia|Importance)\s*:",
    re.IGNORECASE,
)
_OF_A_MAIL = re.compile(
    r"@|\d[:.]\d\d\b|^[*\s]*(?:Subject|Asunto|Assumpte|Assunto|Betreff|Objet|Oggetto)\s*:", re.IGNORECASE
)
_QUOTED = re.compile(r"\s{0,3}>")
_DASHES = re.compile(r"--\s?|—|__")
# by what, and not from where or by which carrier
_PROGRAM = (
    r"(?:(?:mi|my|meu|el|la|un|una|the|an?)\s)?(?:correo|e?-?mail|[\w-]*mail\b|outlook|gmail|yahoo|proton|tuta|tutanota|spark"
    r"|thunderbird|iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|motorola|pixel|blackberry"
    r"|m[óo]vil|mobile|tel[ée]fono|phone|tablet|smartphone|dispositivo|device|windows|mac\b|hey\b|zoho|canary|zimbra|roundcube|microsoft)"
)
_FOOTER = re.compile(
    rf"""(?:
        (?:sent|written)\s(?:from|with|via)\s(?:my\s.{{2,60}}|{_PROGRAM}.{{0,60}})
      | (?:enviado|enviada|mandado|escrito)\s(?:desde|con|a\strav[ée]s\sde)\s(?:mi\s.{{2,60}}|{_PROGRAM}.{{0,60}})
      | enviat\s(?:des\sde|des\sdel|amb)\s.{{2,60}}
      | (?:get|download)\soutlook\sfor\s.{{2,40}}
      | (?:obtener|obt[ée]n|descargar?|consigue)\soutlook\spara\s.{{2,40}}
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = re.compile(
    r"""(?:
        (?:muchas\s|mil\s)?gracias(?:\s(?:de\santemano|por\s(?:todo|vuestra\sayuda|su\satenci[óo]n|la\satenci[óo]n)))?
        (?:\sy\sun\ssaludo)?
      | (?:(?:un|reciban?\sun|reciba\sun)\s)?(?:muy\s)?(?:cordial\s)?saludos?(?:\s(?:cordial(?:es)?|a\stodos))?
      | atentamente|(?:muy\s)?cordialmente|un\sabrazo|abrazos|salutacions|cumprimentos
      | (?:(?:many\s)?thanks|thank\syou)(?:\s(?:in\sadvance|so\smuch|very\smuch))?
      | (?:(?:with\s)?(?:best|kind|warm)\s)?(?:regards|wishes)|best|cheers|(?:yours\s)?(?:sincerely|faithfully)|yours
    )\s?[,.!:]{0,3}""",
    re.VERBOSE | re.IGNORECASE,
)
_SMALL_WORD = re.compile(r"(?<!\S)[a-záéíóúüñçàèò]+\b")
# of a card at most an abbreviation ends so: S.L., Inc., izq.
_END_OF_SENTENCE = re.compile(r"\s[a-záéíóúüñçàèò]{4,}\.$")
_SMALL_PRINT = re.compile(
    r"""[*_\s]*(?:
        aviso\s(?:legal|de\sconfidencialidad)|cl[áa]usula\sde\sconfidencialidad|confidencialidad\s?[:.\-]
      | (?:este|el\spresente)\s(?:mensaje|correo|e-?mail)\b.{0,160}(?:confidencial|destinatari|privilegiad)
      | en\scumplimiento\sde\s.{0,60}(?:protecci[óo]n\sde\sdatos|reglamento|lopd|rgpd)
      | (?:legal|confidentiality|privacy)\s(?:notice|disclaimer)|disclaimer\s?[:.\-]
      | (?:this|the)\s(?:e-?mail|message|communication|information\s(?:in|contained))\b.{0,160}
        (?:confidential|intended|privileged)
      | (?:antes\sde\simprimir|no\simprima|por\sfavor,?\spiense\santes\sde\simprimir)\b
      | (?:please\s)?(?:consider\sthe\senvironment|think\sbefore\syou\sprint)\b
      | (?:este\scorreo\s.{0,30}|no\scontiene\s|libre\sde\s|virus-free\b).{0,20}(?:virus|avast|antivirus)
    )""",
    re.VERBOSE | re.IGNORECASE,
)

# in the first person, in which no lawyer writes below a mail
_SOMEBODY = re.compile(
    r"\b(?:yo|me|mis?|m[íi]o|solicito|pido|exijo|ruego|quiero|quisiera|deseo|reclamo|ejerzo|necesito|he|my)\b|\b(?-i:I)\b",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """What the author wrote in this mail; all of it, if nothing else would be left.

    Answers between and below quoted lines stay. The card below a closing (`Un saludo,`) goes and the closing stays,
    since thanks are meant.
    """
    lines = [line.rstrip() for line in text.replace("\xa0", " ").split("\n")]
    kept = _without_card(_without_footers(_without_small_print(_without_signature(_without_quotes(lines)))))
    return _tidy(kept) or _tidy(_without_marks(lines))


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """Up to where the quoted mail begins, or around it where its lines are marked."""
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if _begins_old_mail(lines, number):
            break
        wrapped = _introduction(lines, number)
        if not wrapped:
            if not _QUOTED.match(line):
                kept.append(line)
            number += 1
            continue
        number += wrapped
        if not _is_marked(lines, number):
            break
    return kept


def _introduction(lines: Sequence[str], number: int) -> int:
    """Over how many lines somebody is introduced as the author of what follows; 0 when nobody is."""
    first = lines[number].lstrip("> ")
    if len(first) > _LONGEST or not _BEGINS.match(first):
        return 0
    joined = ""
    for count in range(1, _WRAPPED + 1):
        if number + count > len(lines) or (count > 1 and not lines[number + count - 1].strip()):
            return 0
        joined = f"{joined} {lines[number + count - 1].lstrip('> ')}".strip()
        if len(joined) > _LONGEST:
            return 0
        if joined.endswith(":") and _INTRODUCTION.fullmatch(joined) and _DATE_OR_ADDRESS.search(joined):
            return count
    return 0


def _is_marked(lines: Sequence[str], number: int) -> bool:
    """Whether the next line with something on it is marked as quoted."""
    return next((bool(_QUOTED.match(line)) for line in lines[number:] if line.strip()), False)


def _begins_old_mail(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    if len(line) > _LONGEST:
        return False
    if _SEPARATOR.fullmatch(line):
        return True
    if _RULE.fullmatch(line.strip()):
        following = next((n for n in range(number + 1, min(number + 4, len(lines))) if lines[n].strip()), None)
        return following is not None and _is_head(lines, following)
    return _is_head(lines, number)


def _is_head(lines: Sequence[str], number: int) -> bool:
    """Whether the head of an older mail stands here, as Outlook quotes it: its author, and two more lines at least.

    Parcels go from somewhere to somewhere too; mails have a subject, an address or a time of day.
    """
    if not _FROM.fullmatch(lines[number][:_LONGEST]):
        return False
    following = [line for line in lines[number + 1 : number + 12] if line.strip()][:6]
    heads = [line[:_LONGEST] for line in following if _HEADER.match(line[:_LONGEST])]
    return len(heads) >= 2 and any(_OF_A_MAIL.search(line) for line in (lines[number][:_LONGEST], *heads))


def _without_signature(lines: Sequence[str]) -> list[str]:
    """A signature is set off by two dashes, and near the end."""
    for number in range(max(1, len(lines) - _SIGNATURE), len(lines)):
        if _DASHES.fullmatch(lines[number][:4]):
            return list(lines[:number])
    return list(lines)


def _without_small_print(lines: Sequence[str]) -> list[str]:
    """Lawyers have the last word, from the beginning of a paragraph to the end of the mail. They ask for nothing."""
    for number, line in enumerate(lines):
        opens = number > 0 and not lines[number - 1].strip()
        if opens and _SMALL_PRINT.match(line[:_LONGEST]) and not _asks(lines[number : number + _PARAGRAPH]):
            return list(lines[:number])
    return list(lines)


def _asks(lines: Sequence[str]) -> bool:
    """Whether somebody says `I` in the paragraph that begins here: who wants something under a law names it too."""
    paragraph = " ".join(takewhile(str.strip, lines))
    return _SOMEBODY.search(paragraph[: _LONGEST * 2]) is not None


def _without_footers(lines: Sequence[str]) -> list[str]:
    """Advertisements of mail programs, as the last lines."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or _FOOTER.fullmatch(kept[-1].strip(" *_.<>")[:_LONGEST])):
        kept.pop()
    return kept


def _without_card(lines: Sequence[str]) -> list[str]:
    """Name, office and telephone below the closing, if there is nothing else below it."""
    for number in range(len(lines) - 1, max(0, len(lines) - _CARD), -1):
        line = lines[number].strip()
        if _CLOSING.fullmatch(line[:_LONGEST]):
            return list(lines[: number + 1])
        if _is_prose(line):
            break
    return list(lines)


def _is_prose(line: str) -> bool:
    """Whether somebody goes on talking: what is cut by mistake is lost, and a card that stays does no harm."""
    is_long = len(line) > _CARD_LINE or len(_SMALL_WORD.findall(line)) >= _TALKATIVE
    return is_long or line.endswith(("?", "!", ":", "…")) or "¿" in line or _END_OF_SENTENCE.search(line) is not None


def _without_marks(lines: Sequence[str]) -> list[str]:
    return [re.sub(r"^[\s>]+", "", line) for line in lines]


def _tidy(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
