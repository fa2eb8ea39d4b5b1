"""The brand's voice: approved phrasings per language and occasion, checked when they are loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.nodes import Const, Filter, Name, Node, Output, TemplateData
from jinja2.sandbox import SandboxedEnvironment

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from bot.domain.situation import Situation
from bot.domain.text import holds_a_link


class Occasion(StrEnum):
    """When the brand speaks. The value is the file's name."""

    THANKS = "thanks"
    THANKS_AFTER_SOLUTION = "thanks_after_solution"
    SURVEY_CSAT = "survey_csat"
    SURVEY_CSAT_CLOSED = "survey_csat_closed"
    RECEIPT = "receipt"
    OUT_OF_HOURS = "out_of_hours"
    HANDOVER = "handover"
    DISCLOSURE = "disclosure"


class FormOfAddress(StrEnum):
    """How customers are addressed: with tú, with usted (as formally in Portuguese and Catalan), or with vos."""

    TU = "tu"
    USTED = "usted"
    VOS = "vos"


SPOKEN = (Language.ES, Language.EN, Language.PT, Language.CA)
# what a phrasing may name: nothing that a customer wrote, so that nobody speaks through the brand's mouth
VARIABLES: dict[Occasion, frozenset[str]] = {
    Occasion.THANKS: frozenset({"brand"}),
    Occasion.THANKS_AFTER_SOLUTION: frozenset({"brand"}),
    Occasion.SURVEY_CSAT: frozenset({"brand"}),
    Occasion.SURVEY_CSAT_CLOSED: frozenset({"brand"}),
    Occasion.RECEIPT: frozenset({"brand", "case"}),
    Occasion.OUT_OF_HOURS: frozenset({"brand", "case", "opens"}),
    Occasion.HANDOVER: frozenset({"brand"}),
    Occasion.DISCLOSURE: frozenset({"brand"}),
}
# they say the same in the trial as to customers, and soon
FILTERS = ("upper", "lower", "title", "capitalize", "trim", "default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What to say, and which file and phrasing it came from: `es/thanks#2`."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    line: int
    source: str


Phrasings = Mapping[tuple[Language, Occasion], tuple[Template, ...]]


class Phrasebook:
    """Finds the words. The same seed always gets the same phrasing; different seeds spread over all of them."""

    def __init__(self, phrasings: Phrasings, *, brand: str, language: Language) -> None:
        self._phrasings, self._brand, self._language = phrasings, brand, language

    def language_for(self, situation: Situation) -> Language:
        """The language just used, else the one the customer last used, else the brand's."""
        wanted = (situation.reading.language, situation.customer.language)
        return next((language for language in wanted if language in SPOKEN), self._language)

    def phrase(
        self, occasion: Occasion, language: Language, *, seed: str, values: Mapping[str, str] | None = None
    ) -> Phrase:
        """One phrasing, filled in. `values` adds to the brand's name what VARIABLES asks for."""
        choices = self._phrasings[language, occasion]
        number = int.from_bytes(sha256(f"{occasion}|{seed}".encode()).digest()[:8]) % len(choices)
        text = choices[number].render({"brand": self._brand, **(values or {})})
        return Phrase(text=text, source=f"{language}/{occasion}#{number + 1}")

    def reply(
        self, occasion: Occasion, kind: ReplyKind, situation: Situation, values: Mapping[str, str] | None = None
    ) -> Reply:
        """The words for whoever is heard, in the language they speak."""
        language, to = self.language_for(situation), situation.mention.id
        phrase = self.phrase(occasion, language, seed=to, values=values)
        return Reply(to=to, kind=kind, text=phrase.text, language=language, sources=(phrase.source,))

    def with_links(self) -> list[str]:
        """The sources of the phrasings that name an address of the web: some platforms charge more for such a text."""
        return [
            f"{language}/{occasion}#{number}"
            for (language, occasion), choices in self._phrasings.items()
            for number, choice in enumerate(choices, 1)
            if holds_a_link(choice.render({**dict.fromkeys(VARIABLES[occasion], "x"), "brand": self._brand}))
        ]

    def disclosure(self, language: Language) -> str:
        """The line that says that a machine wrote this, and how to get a person."""
        spoken = language if language in SPOKEN else self._language
        return self.phrase(Occasion.DISCLOSURE, spoken, seed="").text


def open_templates(
    folder: Path,
    *,
    brand: str,
    language: Language,
    address: FormOfAddress = FormOfAddress.TU,
    own: Path | None = None,
) -> Phrasebook:
    """Read `<language>/<occasion>.txt` from the shipped folder; a file of the owner's folder replaces its namesake.

    Where a language has a folder for the form of address (`es-usted`), that one is read. Phrasings are separated by an
    empty line. Raises ConfigError naming file, line and cure.
    """
    owners = _own_files(own) if own is not None else {}
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    shipped = {spoken: _shipped(folder, spoken, address) for spoken in SPOKEN}
    phrasings = {
        (spoken, occasion): _load(
            owners.get((spoken, occasion), shipped[spoken] / f"{occasion}.txt"), occasion, environment
        )
        for spoken in SPOKEN
        for occasion in Occasion
    }
    return Phrasebook(phrasings, brand=brand, language=language)


def _shipped(folder: Path, language: Language, address: FormOfAddress) -> Path:
    special = folder / f"{language}-{address}"
    return special if special.is_dir() else folder / language


def _own_files(own: Path) -> dict[tuple[Language, Occasion], Path]:
    if not own.is_dir():
        message = f"{own}: no such folder of replies; make it, or take `replies` out of [brand]"
        raise ConfigError(message)
    known = {f"{spoken}/{occasion}.txt": (spoken, occasion) for spoken in SPOKEN for occasion in Occasion}
    found = {file.relative_to(own).as_posix(): file for file in sorted(own.rglob("*.txt"))}
    for name, file in found.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            message = f"{file}: no such reply; {hint}"
            raise ConfigError(message)
    return {known[name]: file for name, file in found.items()}


def _load(file: Path, occasion: Occasion, environment: SandboxedEnvironment) -> tuple[Template, ...]:
    try:
        blocks = list(_blocks(file.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: cannot be read ({error}); every language needs every reply, in UTF-8"
        raise ConfigError(message) from error
    if not blocks:
        message = f"{file}: is empty; write at least one phrasing"
        raise ConfigError(message)
    return tuple(_checked(block, file, occasion, environment) for block in blocks)


def _blocks(text: str) -> Iterable[_Block]:
    """The paragraphs of a file, each with the line it starts on."""
    start, lines = 1, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            start = start if lines else number
            lines.append(line.rstrip())
        elif lines:
            yield _Block(line=start, source="\n".join(lines))
            lines = []


def _checked(block: _Block, file: Path, occasion: Occasion, environment: SandboxedEnvironment) -> Template:
    try:
        tree = environment.parse(block.source)
        strange = next(_strange(tree, VARIABLES[occasion]), None)
    except (TemplateSyntaxError, RecursionError) as error:
        line = block.line + (error.lineno - 1 if isinstance(error, TemplateSyntaxError) else 0)
        message = f"{file}:{line}: a brace does not close, or holds what is no variable; mend the braces"
        raise ConfigError(message) from error
    if strange is not None:
        line, what = strange
        raise ConfigError(f"{file}:{block.line + line - 1}: {what}")
    return _tried(environment.from_string(block.source), block, file, VARIABLES[occasion])


def _strange(tree: Node, known: Collection[str]) -> Iterator[tuple[int, str]]:
    """What is neither text, nor a variable, nor a filter of those that always come to an end: its line, and why."""
    for node in tree.iter_child_nodes():
        match node:
            case Name(name=name) if name not in known:
                yield node.lineno, f"{{{{ {name} }}}} is unknown here; known: {', '.join(sorted(known))}"
            case Filter(name=name) if name not in FILTERS:
                yield node.lineno, f"the filter {name!r} is unknown here; {_hint(name, FILTERS)}"
            case Output() | TemplateData() | Name(ctx="load") | Filter():
                yield from _strange(node, known)
            case Const() if isinstance(tree, Filter) and node is not tree.node:
                continue
            case _:
                said = f"only text and variables may stand here, with the filters {', '.join(FILTERS)}"
                yield node.lineno, f"{said}; take the rest out"


def _hint(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"


def _tried(template: Template, block: _Block, file: Path, known: Iterable[str]) -> Template:
    """A trial with plain values finds what parsing cannot: filters with wrong arguments, no text at all."""
    try:
        text = template.render(dict.fromkeys(known, "x"))
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        message = f"{file}:{block.line}: cannot be filled in ({error}); use the variables as they are"
        raise ConfigError(message) from error
    if not text.strip():
        message = f"{file}:{block.line}: says nothing; write a sentence or take it out"
        raise ConfigError(message)
    return template
