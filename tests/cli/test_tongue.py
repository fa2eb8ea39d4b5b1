"""Help and refusals in the language of the terminal: everything that `--help` says is there in Spanish too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import typer
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from typer.core import TyperArgument, TyperGroup, TyperOption

from bot.cli.main import app
from bot.cli.tongue import Command, spanish_help, terminal_language
from bot.domain.reading import Language
from bot.insight.told import told_in
from bot.insight.wording import wording
from tests.cli.conftest import Vivencia

# what stands around our own texts
FRAME = {"Options", "Arguments", "Commands", "Show this message and exit.", "[OPTIONS]", "COMMAND [ARGS]..."}
# what is typed or read by machines is the same in every language
TYPED = re.compile(r"--[a-z][a-z-]+|VIVENCIA_\w+|\{[^}]*\}|\[channels|docs/\S+\.md")


def test_everything_that_help_says_is_there_in_spanish_and_nothing_else() -> None:
    spanish = {str(message.id): str(message.string) for message in spanish_help() if message.id}

    assert set(spanish) == {*_texts(typer.main.get_group(app)), *FRAME}, "mend bot/cli/wording/help.es.po"
    assert [english for english, text in spanish.items() if not text.strip()] == []


def test_what_is_typed_is_the_same_in_both_languages() -> None:
    for message in spanish_help():
        english, spanish = str(message.id), str(message.string)

        assert sorted(TYPED.findall(english)) == sorted(TYPED.findall(spanish)) or not english, english


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "C.UTF-8"}, Language.EN),
        ({"LANG": "es_MX.UTF-8"}, Language.ES),
        ({"LANG": "es_AR.UTF-8", "LC_ALL": "en_US.UTF-8"}, Language.EN),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_ES.UTF-8"}, Language.ES),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "es:en"}, Language.ES),
        ({"LANG": "es_CL.UTF-8", "LC_ALL": ""}, Language.ES),
    ],
    ids=str,
)
def test_the_terminal_speaks_the_language_of_its_locale(variables: dict[str, str], language: Language) -> None:
    assert terminal_language(variables) is language


def test_help_follows_the_locale(vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch) -> None:
    english = vivencia("channels", "check", "--help")
    monkeypatch.setenv("LANG", "es_CO.UTF-8")
    spanish = vivencia("channels", "check", "--help")

    assert (english.code, spanish.code) == (0, 0)
    assert "Log in to one configured channel" in english.out
    assert "Show this message and exit." in english.out
    assert "Entra en un canal configurado" in spanish.out
    for word in ("Opciones", "Argumentos", "Muestra esta ayuda y termina.", "Ejemplo: "):
        assert word in spanish.out


def test_the_first_page_names_every_command_in_spanish(vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    page = vivencia("--help").out

    assert "Órdenes" in page
    assert "Escucha donde hablan los clientes" in page
    assert "Options" not in page
    assert "Commands" not in page


@pytest.mark.parametrize(
    ("arguments", "english", "spanish"),
    [
        (["case"], ["Usage: vivencia case [OPTIONS] {key}", "[required]"], ["Uso: ", "{número}", "[obligatorio]"]),
        (["demo"], ["Usage: vivencia demo [OPTIONS]", "[default: es]"], ["Uso: ", "[por defecto: es]"]),
        (["channels", "new"], ["Usage: ", "{name}", "[default: (here)]"], ["{nombre}", "[por defecto: (aquí)]"]),
        (["evaluate"], ["Usage: ", "[files]..."], ["Uso: vivencia evaluate [OPCIONES] [archivos]..."]),
        (["bench"], ["<int range> [x>=50]", "<path>"], ["<número> [x>=50]", "<ruta>", "<es|en>"]),
        (["read"], ["<str>"], ["<texto>"]),
        (["outbox"], ["Usage: vivencia outbox [OPTIONS] COMMAND"], ["Uso: vivencia outbox [OPCIONES] ORDEN"]),
    ],
    ids=lambda value: value[0][:30],
)
def test_what_stands_around_our_words_is_in_the_terminals_language(
    arguments: list[str], english: list[str], spanish: list[str]
) -> None:
    said, told = _help_of(arguments, "C.UTF-8"), _help_of(arguments, "es_ES.UTF-8")

    assert [word for word in english if word not in said] == []
    assert [word for word in spanish if word not in told] == []
    assert [word for word in english if word in told] == []


def test_typer_finds_the_spanish_that_is_written() -> None:
    folder = files("bot.cli") / "wording" / "es" / "LC_MESSAGES"
    with (folder / "typer.po").open("rb") as written, (folder / "typer.mo").open("rb") as compiled:
        catalogs = [read_po(written), read_mo(compiled)]
    spanish, found = ({each.id: each.string for each in catalog if each.id} for catalog in catalogs)

    assert spanish == found, "compile it: the first lines of typer.po say how"


@pytest.mark.parametrize(
    ("arguments", "english", "spanish"),
    [
        (
            ["channels", "chec"],
            "No such command 'chec'. Did you mean 'check'? — `vivencia channels --help` tells how",
            "no existe la orden 'chec'. ¿Querías decir 'check'? — `vivencia channels --help` dice cómo",
        ),
        (["palabra"], "No such command 'palabra' — `viv", "no existe la orden 'palabra' — `vivencia --help` dice cómo"),
        (["case"], "Missing argument 'key' — `vivencia case", "falta 'número' — `vivencia case --help` dice cómo"),
        (["train"], "Missing option '--data' — `vivencia train", "falta la opción '--data' — `vivencia train --help`"),
        (
            ["read", "--outt", "x"],
            "No such option: --outt (Possible options: --out) — `vivencia read",
            "no existe la opción --outt (¿quizá --out?) — `vivencia read --help` dice cómo",
        ),
        (["status", "--zz"], "No such option: --zz — `vivencia", "no existe la opción --zz — `vivencia status --help`"),
        (
            ["cases", "--limit", "x"],
            "Invalid value for '--limit': Input should be a valid integer",
            "'--limit': tiene que ser un número entero — `vivencia cases --help` dice cómo",
        ),
        (
            ["demo", "--lang", "fr"],
            "Invalid value for '--lang': 'fr' is not one of 'es', 'en'",
            "'--lang': 'fr' no es ninguno de 'es', 'en' — `vivencia demo --help` dice cómo",
        ),
        (
            ["resume", "now"],
            "Got unexpected extra argument(s) (now)",
            "sobra 'now' — `vivencia resume --help` dice cómo",
        ),
        (["case", "1", "--home"], "Option '--home' requires an argument", "a la opción '--home' le falta su valor"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_misuse_is_one_line_in_the_terminals_language(
    vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch, arguments: list[str], english: str, spanish: str
) -> None:
    said = vivencia(*arguments)
    monkeypatch.setenv("LANG", "es_PE.UTF-8")
    dicho = vivencia(*arguments)

    assert (said.code, dicho.code) == (2, 2)
    assert said.err.startswith(f"vivencia: {english}")
    assert dicho.err.startswith(f"vivencia: {spanish}")
    assert said.err.count("\n") == dicho.err.count("\n") == 1


def test_a_family_by_itself_gives_its_help(vivencia: Vivencia) -> None:
    ran = vivencia("channels")

    assert ran.code == 2
    assert "Where Vivencia listens" in ran.out + ran.err


def test_a_mistake_in_the_configuration_is_said_in_spanish(
    vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    home.mkdir()
    (home / "vivencia.toml").write_text('[brand]\nnam = "Zarapito"\n', encoding="utf-8")
    monkeypatch.setenv("LANG", "es_UY.UTF-8")
    refused, looked = vivencia("digest"), vivencia("status")

    assert refused.code == 2
    assert "[brand] la clave 'nam' no existe; ¿querías decir 'name'?" in refused.err
    assert "menciones" in looked.out


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("[policy", "falta el ']' que cierra el nombre de una tabla (al final del archivo)"),
        ("[[policy", "faltan los ']]' que cierran el nombre de una tabla (al final del archivo)"),
        ("a = b", "no es un valor; un texto va entre comillas (línea 1, columna 5)"),
        ("a 'b'", "falta el '=' después de una clave (línea 1, columna 3)"),
        ('a = "b', "no se cierran las comillas de un texto (al final del archivo)"),
        ("a = 'b", "falta la ' que cierra un texto (al final del archivo)"),
        ("a = '''b", "faltan las ''' que cierran un texto (al final del archivo)"),
        ('a = "\x01"', r"no puede ir ahí el carácter '\x01' (línea 1, columna 6)"),
        ("a = 1\na = 2\n", "una clave tiene dos valores (línea 2, columna 6)"),
        ("[a]\n[a]\n", "la tabla ('a',) está dos veces (línea 2, columna 3)"),
        ("a = {b = 1, b = 2}", "en una tabla entre llaves está dos veces la clave 'b' (línea 1, columna 18)"),
        ("a = [1, 2", "no se cierra una lista (al final del archivo)"),
        ("a = {b = 1", "no se cierra una tabla entre llaves (al final del archivo)"),
        (r'a = "\q"', r"una '\' suelta en un texto; escríbela doble (línea 1, columna 8)"),
        ("a = 1 b = 2", "después de un valor tiene que acabar la línea (línea 1, columna 7)"),
        ("a = '\x01'", r"no puede ir ahí el carácter '\x01' (línea 1, columna 6)"),
        ("ñ = 1", "ahí no empieza una clave ni una tabla (línea 1, columna 1)"),
        ("a = 2026-02-30", "esa fecha no existe (línea 1, columna 5)"),
        (
            "[ñ]",
            "una clave no puede empezar así; si lleva tildes o espacios, ponla entre comillas (línea 1, columna 2)",
        ),
    ],
)
def test_why_a_file_is_no_toml_is_said_in_spanish(
    vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, spanish: str
) -> None:
    (file := tmp_path / "own.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    refused = vivencia("digest", "--config", str(file))

    assert refused.err == f"vivencia: {file}: no es TOML válido: {spanish}; corrige esa línea\n"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mastodon.social", "le falta https:// delante"),
        ("", "está vacía"),
        ("https://", "no dice el servidor"),
        ("https://a:b", "el puerto no es un número que valga"),
        ("https://xn--", "el nombre del servidor no vale"),
    ],
)
def test_why_an_address_is_none_is_said_in_spanish(vivencia: Vivencia, tmp_path: Path, address: str, why: str) -> None:
    (file := tmp_path / "own.toml").write_text(f'[channels.m]\nkind = "mastodon"\nbase_url = "{address}"\n')
    listed = vivencia("channels", "list", "--config", str(file), "--lang", "es")

    assert f'base_url: tiene que ser una dirección web completa, como "https://…" ({why})' in listed.out.replace(
        "\n", " "
    )


def test_a_home_that_is_a_file_is_refused_in_spanish(vivencia: Vivencia, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")

    assert vivencia("status", "--home", "/dev/null").err == (
        "vivencia: /dev/null no puede ser la casa (ya hay un archivo ahí); da otra con --home o VIVENCIA_HOME\n"
    )


def test_what_a_command_says_in_english_is_not_told_once_more_in_spanish() -> None:
    english, spanish = wording(Language.EN, "bot.cli"), wording(Language.ES)

    sentences = [text for text in english.phrases.values() if " " in text]
    assert [text for text in sentences if told_in(spanish, text) != text] == []


def _help_of(arguments: list[str], locale: str) -> str:
    """In a process of its own, as typer asks for these words once."""
    variables = {"PATH": os.environ["PATH"], "LANG": locale, "PYTHONIOENCODING": "utf-8", "COLUMNS": "140"}
    command = [sys.executable, "-m", "bot", *arguments, "--help"]
    return subprocess.run(command, env=variables, capture_output=True, encoding="utf-8", check=True).stdout


def _texts(command: Command) -> Iterator[str]:
    yield from filter(None, (command.help, command.epilog))
    for parameter in command.params:
        assert isinstance(parameter, TyperOption | TyperArgument)
        yield from filter(None, (parameter.help,))
        if isinstance(parameter.show_default, str):
            yield parameter.show_default
        if isinstance(parameter, TyperArgument):
            yield parameter.name
        # <es|en> is typed so in both languages
        kind = parameter.display_type(typer.Context(command))
        if kind != "<bool>" and "|" not in kind:
            yield kind
    if isinstance(command, TyperGroup):
        for inner in command.commands.values():
            assert isinstance(inner, Command)
            yield from _texts(inner)
