"""Whatever our channels raise has Spanish words: every sentence in their source is looked for under [told]."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from bot.insight.told import told_in
from bot.insight.wording import wording
from listeners.registry import channel_settings

ES = wording(Language.ES)
# the registry puts its sentences together from parts: they are tried below
LISTENERS = sorted((Path(__file__).parents[2] / "listeners").glob("[!r]*.py")) + sorted(
    (Path(__file__).parents[2] / "listeners").glob("re[!g]*.py")
)
ERRORS = ("ChannelRefused", "ChannelUnavailable", "ConfigError", "ValueError")
GAP = "7Q"
# they make the words that others raise
SENTENCES_OF = {"_what_happened", "_why_cut", "_in_doubt", "_elsewhere", "_told_of"}


def test_every_sentence_of_a_fault_is_known_in_spanish() -> None:
    found = {sentence for file in LISTENERS for sentence in _sentences(file)}
    sentences = {one.removeprefix(f"[channels.{GAP}] ") for one in found} - {GAP}

    assert len(sentences) > 90
    assert sorted(one for one in sentences if told_in(ES, one) == one) == [], (
        "put them under [told] in bot/insight/wording, in both languages"
    )


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("X did not answer in time", "X no ha contestado a tiempo"),
        ("X is in trouble (503): no reason given", "X tiene problemas (503): no dice por qué"),
        (
            "Mastodon is in trouble (200): answered with text/html instead of JSON",
            "Mastodon tiene problemas (200): contestó text/html y no JSON",
        ),
        ("the homeserver did not answer in time", "el servidor no ha contestado a tiempo"),
        ("imap.zarapito.example is in trouble: [ALERT] later", "imap.zarapito.example tiene problemas: [ALERT] later"),
        (
            "Bluesky refuses (401): AuthenticationRequired: Invalid identifier or password",
            "Bluesky no lo permite (401): AuthenticationRequired: Invalid identifier or password",
        ),
        ("nothing was heard for 45 s", "no se ha oído nada en 45 s"),
        (
            "X cannot be reached (its certificate is not trusted: self-signed certificate)",
            "no se llega a X (no hay confianza en su certificado: self-signed certificate)",
        ),
        (
            "Reddit cannot be reached (the proxy of the environment refuses (407); look at HTTPS_PROXY and NO_PROXY)",
            "no se llega a Reddit (el proxy del entorno no lo permite (407); mira HTTPS_PROXY y NO_PROXY)",
        ),
        (
            "X cannot be reached (the proxy of the environment cannot be reached; look at HTTPS_PROXY and NO_PROXY)",
            "no se llega a X (no se llega al proxy del entorno; mira HTTPS_PROXY y NO_PROXY)",
        ),
        (
            "Mastodon's answer cannot be read (it is larger than 32 MB)",
            "no se entiende la respuesta de Mastodon (ocupa más de 32 MB)",
        ),
    ],
)
def test_a_fault_is_said_in_spanish_with_the_platforms_own_words_in_it(text: str, spanish: str) -> None:
    assert told_in(ES, text) == spanish


@pytest.mark.parametrize(
    ("table", "spanish"),
    [
        ({"kind": "xx"}, "[channels.x] kind = 'xx' no existe; ¿querías decir 'x'? Instalados: bluesky, "),
        ({"kind": "paloma"}, "[channels.x] kind = 'paloma' no existe; instalados: bluesky, "),
        ({"kind": "x", "bearer": "a"}, "[channels.x] la clave 'bearer' no existe; ¿querías decir 'bearer_token'?"),
        ({"kind": "x", "zzz": "a"}, "[channels.x] la clave 'zzz' no existe; las de aquí son: access_token, "),
        ({"kind": "x"}, "[channels.x] no hay ninguna clave: pon bearer_token para escuchar, y las cuatro "),
        ({"kind": "x", "bearer_token": 7}, "[channels.x] bearer_token: tiene que ser un texto entre comillas"),
        ({"kind": "x", "bearer_token": "a", "stream": "quizá"}, "[channels.x] stream: tiene que ser true o false"),
        (
            {"kind": "x", "bearer_token": "a", "recheck_hours": 0},
            "[channels.x] recheck_hours: tiene que ser mayor que 0",
        ),
        ({"kind": "x", "bearer_token": "a", "base_url": "x"}, "[channels.x] base_url: tiene que ser una dirección web"),
        ({"kind": "x", "bearer_token": "a", "keywords": "a"}, "[channels.x] keywords: tiene que ser una lista, como "),
        (
            {"kind": "mailbox", "address": "a@b.es", "password": "a", "imap_host": "b.es", "imap_security": "ssl"},
            "[channels.x] imap_security: tiene que ser 'tls', 'starttls' o 'plain'",
        ),
        (
            {"kind": "telegram"},
            "[channels.x] token: falta; es un secreto: ponlo en la variable VIVENCIA_CHANNELS__X__TOKEN o en el ",
        ),
        ({"kind": "mastodon"}, "[channels.x] base_url: falta"),
        ({"kind": "mailbox", "address": "a"}, "[channels.x] address: esto no es una dirección de correo; "),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_in_the_settings_is_said_in_spanish(table: dict[str, object], spanish: str) -> None:
    with pytest.raises(ConfigError) as caught:
        channel_settings("x", table)

    assert told_in(ES, str(caught.value)).startswith(spanish)


def _sentences(file: Path) -> Iterator[str]:
    """What the channel errors of a file are raised with, gaps filled."""
    tree = ast.parse(file.read_text("utf-8"))
    for function in ast.walk(tree):
        match function:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _raised(function)
                if function.name in SENTENCES_OF:
                    for node in ast.walk(function):
                        if isinstance(node, ast.Return) and node.value is not None:
                            yield from _spoken(node.value)
            case ast.Assign(targets=[ast.Name(id="_REFUSALS")], value=ast.Dict(values=values)):
                yield from (text for value in values for text in _spoken(value))


def _raised(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    words: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            words.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            if node.func.id in ERRORS:
                [said, *_] = node.args
            elif node.func.id.endswith("Answered") and len(node.args) > 1:
                said = node.args[1]
            else:
                continue
            for one in words.get(said.id, []) if isinstance(said, ast.Name) else [said]:
                yield from _spoken(one)


def _spoken(words: ast.expr) -> Iterator[str]:
    """The sentences of an expression; an answer of the platform's own has none."""
    match words:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in parts)
        case ast.IfExp(body=body, orelse=otherwise):
            yield from _spoken(body)
            yield from _spoken(otherwise)
        case _:
            return
