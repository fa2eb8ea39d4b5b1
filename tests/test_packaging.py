"""The wheel as a stranger gets it: what is in it, that it runs on its own, and that nobody else owns its names."""

from __future__ import annotations

import json
import site
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ROOMS = ("bot", "listeners", "nlp", "responders", "config")
MOST_MEGABYTES = 95


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment with the wheel in it.

    It sees the packages that are installed here, since nothing may be fetched; ours in the wheel come first.
    """
    home = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    bin_ = home / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(bin_ / "python")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True).stdout.strip())
    # plain paths, not addsitedir: the .pth file of our own editable installation must not be followed
    (packages / "installed_here.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, "--ignore-installed", "--disable-pip-version-check", str(wheel)], check=True)
    return bin_


def test_the_wheel_holds_the_service_its_words_its_demo_and_its_model(names: set[str]) -> None:
    expected = {
        *(f"{room}/__init__.py" for room in ROOMS),
        "bot/py.typed",
        "bot/cli/skeletons/channel.py.txt",
        "bot/cli/wording/es.toml",
        "bot/store/sql/0001_first_books.sql",
        "bot/store/sql/0002_channels.sql",
        "bot/desk/wording/es.toml",
        "bot/insight/wording/en.toml",
        "config/default.toml",
        "config/taxonomy.toml",
        "config/demo/stream.jsonl",
        "config/demo/vivencia.toml",
        "config/demo/knowledge/es/returns.md",
        "config/replies/es/thanks.txt",
        "config/replies/en/disclosure.txt",
        "config/replies/es-usted/receipt.txt",
        "nlp/weights/NOTICE",
        "nlp/weights/SHA256SUMS",
        "nlp/promising/weights.json",
        "nlp/weights/config.json",
        "nlp/weights/ngrams.safetensors",
        "nlp/weights/model.safetensors.index.json",
    }
    assert expected - names == set()
    listed = json.loads((ROOT / "nlp/weights/model.safetensors.index.json").read_text(encoding="utf-8"))
    assert {f"nlp/weights/{shard}" for shard in listed["weight_map"].values()} - names == set()


def test_the_wheel_holds_nothing_else(names: set[str]) -> None:
    version = PROJECT["version"]
    tops = {name.partition("/")[0] for name in names}

    assert tops == {*ROOMS, f"vivencia-{version}.dist-info"}
    assert [name for name in names if name.endswith((".pyc", ".db", ".log")) or "/tests/" in name] == []


def test_the_wheel_carries_its_licences_and_its_doors(wheel: Path, names: set[str]) -> None:
    info = f"vivencia-{PROJECT['version']}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        doors = archive.read(f"{info}/entry_points.txt").decode()

    assert {f"{info}/licenses/{file}" for file in PROJECT["license-files"]} - names == set()
    assert "vivencia = bot.cli.main:main" in doors
    assert "replay = listeners.replay:CHANNEL" in doors


def test_the_wheel_is_small_enough_for_an_index(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST_MEGABYTES * 1_000_000


def test_it_runs_from_a_clean_environment_and_another_folder(clean: Path, tmp_path: Path) -> None:
    code = "import bot, nlp; print(bot.__file__); print(nlp.__file__)"
    found = subprocess.run([clean / "python", "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert all(str(clean.parent) in line for line in found.stdout.splitlines()), "this is the checkout, not the wheel"

    helped = subprocess.run([clean / "vivencia", "--help"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "simulate" in helped.stdout


def test_it_reads_a_line_from_a_clean_environment(clean: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [clean / "vivencia", "read", "-", "--home", str(tmp_path / "home")],
        cwd=tmp_path,
        input='{"id": 7, "text": "El paquete llegó roto y nadie contesta"}\n',
        check=True,
        capture_output=True,
        text=True,
    )
    row = json.loads(done.stdout)

    assert (row["id"], row["language"], row["sentiment"]) == (7, "es", "negative")
    assert "degraded" not in row["model"]


def test_nobody_else_ships_our_names() -> None:
    owners = packages_distributions()

    assert {room: set(owners.get(room, ["vivencia"])) for room in ROOMS} == {room: {"vivencia"} for room in ROOMS}
