"""What an operator is told of a mistake has Spanish words, wherever in the program it is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from bot.domain.reading import Language
from bot.insight.told import told_in
from bot.insight.wording import wording

ES = wording(Language.ES)
HOUSE = Path(__file__).parents[2]
# of the channels' own sentences another test takes care
FILES = [
    *(file for room in ("bot", "config", "nlp", "responders") for file in sorted((HOUSE / room).rglob("*.py"))),
    HOUSE / "listeners" / "registry.py",
    HOUSE / "listeners" / "replay.py",
]
ERRORS = {"BadLine", "BadRow", "ConfigError", "ModelUnavailable", "StoreUnavailable", "VivenciaError"}
# they make the sentences that another file raises
SPEAKERS = {"in_one_line", "why_no_json"}
GAP = "7Q"


def test_every_sentence_of_a_mistake_is_known_in_spanish() -> None:
    sentences = {one for file in FILES for one in _Module.of(file).sentences() if _speaks(one)}

    assert len(sentences) > 90
    assert sorted(one for one in sentences if _english_in(told_in(ES, one), one)) == [], (
        "put them under [told] in bot/insight/wording, in both languages"
    )


def _speaks(sentence: str) -> bool:
    """Not what only frames other words, like `file: [table] what is wrong`."""
    return re.search("[a-z]{2}", re.sub(r"\[[^]]*\]", "", sentence)) is not None


def _english_in(told: str, sentence: str) -> bool:
    """Nothing of it was told, or two English words still stand beside each other."""
    pairs = re.findall(r"(?=\b([a-z]+ [a-z]+)\b)", re.sub("`[^`]*`", "", sentence))
    return told == sentence or any(re.search(rf"\b{pair}\b", told) for pair in pairs)


Scope = Mapping[str, list[ast.expr]]


@dataclass(frozen=True, slots=True)
class _Module:
    """A file, to find out which sentences it can raise: gaps that it fills with words of its own are filled."""

    raises: frozenset[str]
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    tables: dict[str, list[ast.Dict]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path) -> _Module:
        # elsewhere a ValueError is for programmers; pydantic makes complaints of these
        complains = file.parent.name in {"config", "listeners"}
        module = cls(frozenset(ERRORS | ({"ValueError"} if complains else set())))
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                module.functions[node.name] = node
        for name, values in _assigned(tree.body).items():
            module.tables[name] = [value for value in values if isinstance(value, ast.Dict)]
        return module

    def sentences(self) -> Iterator[str]:
        for name, function in self.functions.items():
            if name in SPEAKERS:
                yield from self._returned(function)
            scope = _scope(function)
            for node in ast.walk(function):
                match node:
                    case ast.Call(func=ast.Name(id=error), args=[said, *_]) if error in self.raises:
                        yield from self._texts(said, scope)

    def _returned(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
        scope = _scope(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self._texts(node.value, scope)

    def _texts(self, words: ast.expr, scope: Scope) -> list[str]:
        match words:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(chosen) for chosen in product(*(self._texts(part, scope) for part in parts))]
            case ast.FormattedValue(value=value, conversion=quoted):
                return self._texts(value, scope) if quoted == -1 else [f"'{GAP}'"]
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                return list(self._returned(self.functions[name]))
            case ast.Name(id=name) if name in scope:
                # a name may be made from itself
                rest = {other: values for other, values in scope.items() if other != name}
                return [text for value in scope[name] for text in self._texts(value, rest)]
            case _:
                return [text for value in self._choices(words) for text in self._texts(value, scope)] or [GAP]

    def _choices(self, words: ast.expr) -> list[ast.expr]:
        """Both ways of a condition, or every row of a table of the file."""
        match words:
            case ast.IfExp(body=body, orelse=otherwise):
                return [body, otherwise]
            case ast.Subscript(value=ast.Name(id=name)):
                return [value for table in self.tables.get(name, []) for value in table.values]
            case _:
                return []


def _scope(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Scope:
    return _assigned(ast.walk(function))


def _assigned(nodes: Iterator[ast.AST] | list[ast.stmt]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
    return found
