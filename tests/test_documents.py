"""What is not documented does not exist: walk what users meet, and name what has no place in the reference."""

from __future__ import annotations

import inspect
import pkgutil
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import time
from enum import StrEnum
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from rich.text import Text
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from benchmarks.kill import FAILPOINTS
from bot.cli.main import app
from bot.desk.guild.commands.ranks import RANKS
from bot.domain import errors, ports
from bot.domain.account import Ability
from bot.domain.outbox import Job, JobState
from bot.domain.ports.record import CaseFile, Explanation, Journey
from bot.domain.reading import Intent, Language, Sentiment, Stage, Touchpoint, Urgency
from bot.insight.wording import wording
from config.settings import DEFAULTS, Settings, read_settings
from listeners import replay
from listeners.registry import GROUP, channel_kinds, channel_settings
from responders.policy import Mode
from responders.templates import Occasion

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
READMES = (ROOT / "README.md", ROOT / "README.es.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TWINS = {
    "tutorial/first-steps.md": "tutorial/primeros-pasos.md",
    "how-to/go-live.md": "how-to/en-marcha.md",
    "how-to/try-the-desk.md": "how-to/probar-el-puesto.md",
    "how-to/work-at-the-desk.md": "how-to/trabajar-en-el-puesto.md",
    "how-to/write-knowledge.md": "how-to/escribir-conocimiento.md",
    "how-to/write-your-voice.md": "how-to/escribir-tu-voz.md",
    "reference/desk.md": "reference/puesto.md",
    "explanation/model.md": "explanation/modelo.md",
}
LABELS: dict[str, type[StrEnum]] = {
    "sentiment": Sentiment,
    "intents": Intent,
    "touchpoints": Touchpoint,
    "stages": Stage,
    "urgency": Urgency,
}


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands between a heading and the next one of any depth; empty when there is no such heading."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


Command = TyperCommand | TyperGroup


def commands(command: object, *names: str) -> Iterator[tuple[str, Command]]:
    """Every command with its full name, groups included."""
    assert isinstance(command, Command)
    yield " ".join(names), command
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from commands(inner, *names, name)


COMMANDS = dict(commands(get_command(app), "vivencia"))


def settings_in(model: type[BaseModel], given: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each key with its default as TOML; tables are walked."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings_in(kind, given.get(name, {}), f"{prefix}{name}.")
        else:
            default = None if field.default is PydanticUndefined else field.default
            if field.default_factory is not None:
                default = field.get_default(call_default_factory=True)
            yield f"{prefix}{name}", as_toml(given.get(name, default))


def as_toml(value: object) -> str:
    match value:
        case dict():
            inner = ", ".join(f"{key} = {as_toml(each)}" for key, each in value.items())
            text = f"{{ {inner} }}" if inner else "{}"
        case set() | frozenset():
            text = as_toml(sorted(value))
        case list() | tuple():
            text = f"[{', '.join(as_toml(each) for each in value)}]"
        case time():
            text = f'"{value:%H:%M}"'
        case str():
            text = f'"{value}"'
        case _:
            text = str(value).lower()
    return text


def test_every_command_has_its_section_with_every_argument_and_option() -> None:
    missing = []
    for name, command in COMMANDS.items():
        text = page("cli.md") if name == "vivencia" else section(page("cli.md"), f"`{name}`")
        if not text:
            missing.append(name)
            continue
        for parameter in command.params:
            options = [option for option in parameter.opts if option.startswith("--")] or [f"`{parameter.name}`"]
            missing += [f"{name} {option}" for option in options if option != "--help" and option not in text]
    assert not missing, f"not in docs/reference/cli.md: {', '.join(missing)}"


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("vivencia customer", Journey),
        ("vivencia case", CaseFile),
        ("vivencia explain", Explanation),
        ("vivencia outbox list", Job),
    ],
)
def test_every_key_of_the_json_is_named_in_the_section_of_its_command(command: str, kind: type[Any]) -> None:
    told = section(page("cli.md"), f"`{command}`")

    assert [field.name for field in fields(kind) if f"`{field.name}`" not in told] == []


def test_the_command_line_page_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"^#+ `(vivencia[^`]*)`$", page("cli.md"), re.MULTILINE))

    assert named == set(COMMANDS) - {"vivencia"}


def test_every_command_shows_an_example_in_its_help() -> None:
    without = [name for name, command in COMMANDS.items() if "Example" not in (command.epilog or "")]

    assert [name for name in without if not isinstance(COMMANDS[name], TyperGroup)] == []


def test_no_help_takes_a_table_of_the_settings_for_markup() -> None:
    told = [command.help or "" for command in COMMANDS.values()]
    told += [getattr(one, "help", None) or "" for command in COMMANDS.values() for one in command.params]

    assert [text for text in told if Text.from_markup(text).spans] == [], r"write \[channels.NAME]"


def test_every_setting_has_its_row_with_its_default() -> None:
    text = page("configuration.md")
    settings = settings_in(Settings, tomllib.loads(DEFAULTS.read_text(encoding="utf-8")))
    missing = [f"| `{key}` | `{default}` |" for key, default in settings if f"| `{key}` | `{default}` |" not in text]
    assert not missing, f"not in docs/reference/configuration.md: {'; '.join(missing)}"


def test_the_configuration_page_names_no_key_that_is_not_there() -> None:
    known = {key for key, _ in settings_in(Settings, {})}

    assert set(re.findall(r"^\| `([a-z_.]+)` \|", page("configuration.md"), re.MULTILINE)) <= known


def test_the_example_configuration_names_only_keys_that_exist() -> None:
    example = tomllib.loads((ROOT / "config" / "example.toml").read_text(encoding="utf-8"))

    Settings(**{**tomllib.loads(DEFAULTS.read_text(encoding="utf-8")), **example})


@pytest.mark.parametrize("name", ["go-live.md", "en-marcha.md"])
def test_the_configuration_to_go_live_with_is_one_that_is_taken(name: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")
    file = tmp_path / "vivencia.toml"
    file.write_text("".join(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)), encoding="utf-8")

    settings = read_settings(file)

    channel_settings("mastodon", {**settings.channels["mastodon"], "access_token": "secret"})
    assert settings.policy.mode == "approve"


def test_every_channel_has_its_section_with_every_key() -> None:
    for kind in channel_kinds():
        assert section(page("channels.md"), f"`{kind}`"), f"no section `{kind}` in docs/reference/channels.md"
    for point in entry_points(group=GROUP):
        text = section(page("channels.md"), f"`{point.name}`")
        keys = list(point.load().settings.model_fields)
        assert [key for key in keys if f"| `{key}` |" not in text] == [], point.name
    assert [
        key for key in replay.Row.model_fields if f"| `{key}` |" not in section(page("channels.md"), "`replay`")
    ] == []


def test_every_live_channel_is_told_in_the_same_order() -> None:
    order = [
        "Where to get the keys",
        "Rights",
        "Costs",
        "What it hears",
        "How it answers",
        "What it cannot do",
    ]
    for point in entry_points(group=GROUP):
        told = re.findall(r"^\*\*([^*]+)\.\*\*", section(page("channels.md"), f"`{point.name}`"), re.MULTILINE)
        assert [each for each in told if each in order] == (order if point.load().check else []), point.name


def test_the_table_of_channels_says_what_each_can_do() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", section(page("channels.md"), "Which there are"), re.MULTILINE)
    table = {kind: row.split(" | ") for kind, row in rows}
    answers_nobody = {kind for kind, row in table.items() if row[4] == "nobody"}

    for point in entry_points(group=GROUP):
        can = point.load().abilities
        hears = ["yes" if ability in can else "no" for ability in (Ability.EDITS, Ability.DELETIONS)]
        assert table[point.name][2:4] == hears, point.name
        assert (point.name in answers_nobody) == (Ability.ANSWERS not in can), point.name
        assert (table[point.name][4] == "who addressed it") == point.load().only_summoned, point.name
    assert list(table) == sorted(channel_kinds())


def test_every_responder_has_its_row() -> None:
    order = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["responders"]["order"]

    assert [name for name in order if f"| `{name}` |" not in page("responders.md")] == []


def test_every_rule_of_the_policy_is_in_the_rule_book_in_the_order_in_which_it_is_asked() -> None:
    source = (ROOT / "responders" / "policy.py").read_text(encoding="utf-8")
    named = list(dict.fromkeys(re.findall(r'(?:because|_go)\(\s*"policy\.([a-z_]+)"', source)))
    text = page("policy.md")
    rows = [row for row in re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE) if row in named]

    assert len(named) > 25
    assert [name for name in named if f"`{name}`" not in text] == []
    assert rows == [name for name in named if name in rows]
    assert [mode for mode in Mode if f"`{mode}`" not in text] == []


def test_every_port_is_named_with_who_fills_it() -> None:
    defined = [
        name
        for found in pkgutil.iter_modules(ports.__path__, f"{ports.__name__}.")
        for name, kind in inspect.getmembers(import_module(found.name), inspect.isclass)
        if kind.__module__ == found.name and Protocol in kind.__bases__
    ]
    assert len(defined) > 10
    assert [name for name in defined if f"| `{name}` |" not in page("ports.md")] == []


@pytest.mark.parametrize(("name", "language"), [("desk.md", Language.EN), ("puesto.md", Language.ES)])
def test_every_button_and_command_of_the_desk_has_its_row_with_its_rank(name: str, language: Language) -> None:
    spanish, english, words = (wording(each, "bot.desk") for each in (Language.ES, Language.EN, language))
    rows = [line for line in page(name).splitlines() if line.startswith("| ")]
    buttons = [key for key in spanish.phrases if key.startswith("button.")]
    assert [key for key in buttons if not _row(rows, spanish.say(key), english.say(key))] == []
    for key, rank in RANKS.items():
        row = _row(rows, *(f"`/{each.say(f'command.{key}.name')}`" for each in (spanish, english)))
        assert row.endswith(f"| {words.say(f'command.{key}.about')} | {words.say(f'rank.{rank}')} |"), key


def _row(rows: list[str], *begins: str) -> str:
    return next((row for row in rows if row.startswith(f"| {' | '.join(begins)} |")), "")


def test_every_error_is_named() -> None:
    raised = [name for name, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]
    assert [name for name in raised if f"| `{name}` |" not in page("errors.md")] == []


def test_every_failpoint_is_named_and_no_other() -> None:
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", page("failpoints.md"), re.MULTILINE)) == set(FAILPOINTS)


def test_every_table_of_the_database_and_every_state_of_a_job_is_described() -> None:
    folder = ROOT / "bot" / "store" / "sql"
    tables = re.findall(
        r"CREATE TABLE (\w+)", "".join(file.read_text("utf-8") for file in sorted(folder.glob("*.sql")))
    )
    text = page("database.md")

    assert [table for table in tables if not section(text, table)] == []
    assert [state for state in JobState if f"| `{state}` |" not in text] == []


@pytest.mark.parametrize("name", ["write-your-voice.md", "escribir-tu-voz.md"])
def test_every_occasion_to_speak_is_described(name: str) -> None:
    text = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")

    assert [occasion for occasion in Occasion if f"| `{occasion}` |" not in text] == []


@pytest.mark.parametrize("kind", LABELS)
def test_labels_are_the_same_in_code_file_and_pages(kind: str) -> None:
    table = tomllib.loads((ROOT / "config" / "taxonomy.toml").read_text(encoding="utf-8"))[kind]

    assert set(table) == {label.value for label in LABELS[kind]}
    for name, meaning in table.items():
        for language, file in (("en", "taxonomy.md"), ("es", "taxonomia.md")):
            assert f"| `{name}` | {meaning[language]} |" in page(file), f"{kind}.{name} differs in {file}"


def test_both_pages_of_the_model_name_the_same_rules() -> None:
    rule = r"^\| [^|]+ \| `((?:nlp|responders)/\w+\.py)` \|"
    pages = (ROOT / "docs" / "explanation" / name for name in ("model.md", "modelo.md"))
    english, spanish = (re.findall(rule, each.read_text(encoding="utf-8"), re.MULTILINE) for each in pages)

    assert len(english) > 15
    assert english == spanish
    assert [name for name in english if not (ROOT / name).exists()] == []


def anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = file if not path else (file.parent / path).resolve()
        assert there.exists(), f"{file.relative_to(ROOT)} links to {target}, which is not there"
        assert not anchor or anchor in anchors(there), f"{file.relative_to(ROOT)} links to {target}: no such heading"


def test_every_page_can_be_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [file.relative_to(ROOT / "docs").as_posix() for file in (ROOT / "docs").rglob("*.md")]

    assert [name for name in pages if name != "index.md" and f"({name})" not in index] == []


def shown_commands(file: Path) -> Iterator[str]:
    """The lines after `$ ` in blocks tagged console."""
    for block in re.findall(r"```console\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL):
        yield from (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ "))


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_commands_that_are_shown_exist_with_their_options(file: Path) -> None:
    for line in shown_commands(file):
        words = shlex.split(line.rpartition(" | ")[2])
        if Path(words[0]).name != "vivencia":
            continue
        name, rest = "vivencia", words[1:]
        while rest and f"{name} {rest[0]}" in COMMANDS:
            name, rest = f"{name} {rest[0]}", rest[1:]
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts} | {"--help"}
        unknown = [word for word in rest if word.startswith("--") and word.split("=")[0] not in known]
        assert not unknown, f"{line}: {name} has no {unknown[0]}"
        assert not isinstance(COMMANDS[name], TyperGroup) or "--help" in rest, f"{line}: no such command"


def test_modules_that_are_shown_can_be_run() -> None:
    shown = {name for file in PAGES for name in re.findall(r"python -m ([\w.]+\w)", file.read_text(encoding="utf-8"))}
    found = {name: find_spec(name) for name in shown}
    packages = {name for name, spec in found.items() if spec is not None and spec.submodule_search_locations}

    assert [name for name, spec in found.items() if spec is None] == []
    assert [name for name in packages if find_spec(f"{name}.__main__") is None] == []


def test_make_has_the_targets_that_are_shown() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {line.split()[1] for file in PAGES for line in shown_commands(file) if line.startswith("make ")}

    assert shown <= targets


def test_the_two_readmes_say_the_same() -> None:
    english, spanish = (file.read_text(encoding="utf-8") for file in READMES)
    outlines = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in (english, spanish)]
    pictures = [text.count("](docs/images/") for text in (english, spanish)]

    assert outlines[0] == outlines[1]
    assert pictures[0] == pictures[1] == 3
    assert [names(READMES[0])] == [names(READMES[1])]


@pytest.mark.parametrize(("english", "spanish"), TWINS.items())
def test_two_pages_that_are_one_in_two_languages_lead_to_each_other_and_show_the_same(
    english: str, spanish: str
) -> None:
    pages = [ROOT / "docs" / name for name in (english, spanish)]
    texts = [file.read_text(encoding="utf-8") for file in pages]
    heads = [text[: text.index("\n## ")] if "\n## " in text else text for text in texts]

    assert f"({pages[1].name})" in heads[0]
    assert f"({pages[0].name})" in heads[1]
    assert names(pages[0]) == names(pages[1])
    if english.startswith(("how-to/", "tutorial/")):
        outlines = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in texts]
        assert outlines[0] == outlines[1]


def names(file: Path) -> list[list[str]]:
    """The commands of a page with their options, without the words they are given."""
    return [
        [word for word in shlex.split(line.rpartition(" | ")[2]) if re.fullmatch(r"-{0,2}[a-z]+", word)][:2]
        for line in shown_commands(file)
    ]


@pytest.mark.parametrize(
    "name", ["line.svg", "linea.svg", "terminal.en.png", "terminal.es.png", "digest.en.png", "digest.es.png"]
)
def test_pictures_are_there_and_small(name: str) -> None:
    picture = ROOT / "docs" / "images" / name

    assert 1_000 < picture.stat().st_size < 400_000


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_page_names_a_path_of_somebodys_machine(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"/(?:home|root|Users|work|tmp|opt|mnt)/\w+", text) == []


def test_every_direct_dependency_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")

    named = [re.split(r"[\[<>=]", each)[0] for each in wanted]
    assert [name for name in named if f"| {name} |" not in notices] == []
