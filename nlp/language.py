"""Tell which language a text is in: letter statistics, function words, and for short texts a hint."""

from __future__ import annotations

import math
import re
from typing import Protocol

from bot.domain.reading import Language

_SURE = 0.6
_SHORT = 12  # letters; below, statistics over letters say little
_LONG = 100
_WORD_WEIGHT = 1.0
_HINT_WEIGHT = 1.5
_AGAINST_WORDS = 0.5  # what is left of the hint where words of another language alone speak against it
_PRIOR = {"es": 3.0, "en": 3.0}  # the languages that brands here are talked about in
_NOISE = re.compile(r"[@#]\w+|https?://\S+|\bhttp\b|[\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’·][^\W\d_]+)?")
_OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")  # letters that are not Latin ones
# Words that the other languages of the list do not have, or hardly ever
_WORDS = {
    "es": (
        "no la de que en se me te con por para si funciona mucho pésimo van "
        "el los las y ya pero muy está estoy llevo más también nadie desde hasta cuando donde qué cómo "
        "cuándo les ustedes vosotros os mi mis hola gracias buenos días tardes ahora mañana hoy ayer sin una "
        "unos hay tengo tiene quiero puedo puede hace hacer nada usted porfa ni lo le nos su es son fue ser "
        "del al por favor siempre nunca todo todos todavía bien mal mejor servicio día vale entonces lunes martes "
        "miércoles jueves viernes sábado domingo trato hecho jaja jajaja pues eso esta este vaya envío pedido "
        "llega llegó sigue siguen perfecto listo dale "
        "un yo va voy he aquí ahí allí así ese esa esos esas estos estas otro otra otros aún pues según aunque porque "
        "alguien algo alguna ningún quién cuál él ella han hemos había hubo dice dicen dijo dijeron salió quedó dejó "
        "entre sobre donde mío mía tuyo vuestro vuestra nuestro nuestra gente cosa vez veces tan tanto chau"
    ),
    "en": (
        "no me "
        "the and is are was were have has had been you your they with this that what when where why how not "
        "don't can't it's i'm i've my me we our for from just now still been to of at on please thanks thank "
        "hello but so out up get got will would there day sent done noted cheers monday tuesday wednesday "
        "thursday friday saturday sunday great good then phone order sure yes"
    ),
    "pt": (
        "de que se me por para "
        "não você vocês está estou são com uma um meu minha muito mas já os as do da dos das no na nos nas "
        "pelo pela obrigado obrigada até agora ontem hoje amanhã também fazer tem tenho foi isso isto meus "
        "ninguém aqui bom dia olá em ao nem pra ou eu seu sua "
        "o à às aos lhe lhes ele ela eles elas quem quando onde mesmo ainda sim tá né vou vai vamos ter era está estão "
        "é essa esse dessa desse nessa nesse aquele aquela tô sou queria nosso nossa pelos pelas fez fiz lindo linda "
        "ótima adoro "
        "tudo nada todos depois sem outra boa noite quero pode posso preciso vc vcs chegou pedido tarde atrasado ótimo"
    ),
    "ca": (
        "no la de que en em per es "
        "els les amb això això però també molt més què és sóc estic tinc heu hem han aquest aquesta gràcies "
        "bon dia si us plau avui demà ahir fins ara ningú cap dels pel pels una un meu meva vaig va fer "
        "sense només i perquè sempre mai quan on hi ho ens jo al "
        "és encara vull bona tarda nit quin quina res estan teniu puc pot servei comanda diners aquí adéu d'acord"
    ),
    "fr": (
        "le les des est et je vous nous pas pour avec dans une sur mais très merci bonjour c'est j'ai qui "
        "que plus au aux du ce cette tout"
    ),
    "it": (
        "il gli che non è sono per con una del della di ma anche più molto grazie ciao ho hai questo questa "
        "come mi ti ci nel alla"
    ),
    "de": (
        "der die das und ist nicht ich sie wir ihr mit ein eine für auf von zu es den dem aber auch noch "
        "schon danke bitte hallo wie"
    ),
}
_LETTERS = {"es": re.compile("[ñ¿¡]"), "pt": re.compile("[ãõ]"), "de": re.compile("ß")}  # each counts as a word
_VOICES = {
    word: tuple(code for code, words in _WORDS.items() if word in words.split())
    for words in _WORDS.values()
    for word in words.split()
}
_CODES = {code: Language(code) if code in {*map(str, Language)} else Language.OTHER for code in _WORDS}


class Detector(Protocol):
    """What is used of lingua: codes with probabilities that sum to 1."""

    def __call__(self, text: str) -> dict[str, float]: ...


class LanguageReader:
    """Reads languages with a detector of letter statistics; cheap enough to run on every text."""

    def __init__(self, detect: Detector) -> None:
        self._detect = detect

    def read(self, text: str, hint: Language | None = None) -> tuple[Language, float]:
        """The language and a probability. A text without words takes the hint, or `other`, with confidence 0."""
        bare = _NOISE.sub(" ", text[:600])
        words = _WORD.findall(bare.casefold())
        if not words:
            return hint or Language.OTHER, 0.0
        if (share := _share_of_other_scripts(words)) > 0.5:
            return Language.OTHER, share
        scores = _with_words(self._detect(bare), words, bare.casefold())
        return _best(scores) if hint is None else _hinted(scores, words, hint)


def open_language_reader() -> LanguageReader:
    """Load lingua in its low-accuracy mode: 13 MB and 0.2 ms a text, not 171 MB and 1.5 ms; the words mend it."""
    from lingua import Language as Lingua  # noqa: PLC0415
    from lingua import LanguageDetectorBuilder  # noqa: PLC0415

    names = {
        Lingua.SPANISH: "es",
        Lingua.ENGLISH: "en",
        Lingua.PORTUGUESE: "pt",
        Lingua.CATALAN: "ca",
        Lingua.FRENCH: "fr",
        Lingua.ITALIAN: "it",
        Lingua.GERMAN: "de",
    }
    detector = LanguageDetectorBuilder.from_languages(*names).with_low_accuracy_mode().build()

    def detect(text: str) -> dict[str, float]:
        return {names[value.language]: value.value for value in detector.compute_language_confidence_values(text)}

    return LanguageReader(detect)


def _share_of_other_scripts(words: list[str]) -> float:
    """Greek or Chinese, of which letter statistics of seven languages in Latin letters say nothing."""
    letters = "".join(words)
    return len(_OTHER_SCRIPT.findall(letters)) / len(letters)


def _speaks_against(words: list[str], hint: Language) -> bool:
    """Whether words that only other languages have stand there, and none that only the hinted one has."""
    alone = {_CODES[_VOICES[word][0]] for word in words if len(_VOICES.get(word, ())) == 1}
    return bool(alone) and hint not in alone


def _with_words(scores: dict[str, float], words: list[str], text: str) -> dict[str, float]:
    """Multiply each language by e for every function word or letter of its own, shared words counting by share."""
    trust = min(1.0, 0.3 + sum(map(len, words)) / _LONG)  # lingua is too sure of short texts
    votes = dict.fromkeys(_WORDS, 0.0)
    for word in words:
        for code in _VOICES.get(word, ()):
            votes[code] += _WORD_WEIGHT / len(_VOICES[word])
    for code, letters in _LETTERS.items():
        votes[code] += _WORD_WEIGHT * len(set(letters.findall(text)))
    return _normalised(
        {
            code: max(scores.get(code, 0.0), 1e-3) ** trust * math.exp(vote) * _PRIOR.get(code, 1.0)
            for code, vote in votes.items()
        }
    )


def _hinted(scores: dict[str, float], words: list[str], hint: Language) -> tuple[Language, float]:
    """The shorter the text, the more the hint weighs; of a very short one of which nothing is sure it decides."""
    letters, against = sum(map(len, words)), _speaks_against(words, hint)
    weight = _HINT_WEIGHT * max(0.0, 1 - letters / (4 * _SHORT)) * (_AGAINST_WORDS if against else 1.0)
    factor = math.exp(weight)
    language, confidence = _best(
        _normalised({code: score * (factor if _CODES[code] is hint else 1.0) for code, score in scores.items()})
    )
    unsure = confidence < _SURE and letters <= _SHORT and not against
    return (hint if unsure else language), confidence


def _normalised(scores: dict[str, float]) -> dict[str, float]:
    total = sum(scores.values())
    return {code: score / total for code, score in scores.items()}


def _best(scores: dict[str, float]) -> tuple[Language, float]:
    summed = dict.fromkeys(Language, 0.0)
    for code, score in scores.items():
        summed[_CODES[code]] += score
    language = max(summed, key=summed.__getitem__)
    return language, summed[language]
