"""Where an installation lives: for its owner's eyes only, and one service at a time."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.domain.errors import ConfigError
from config.home import Home, find_home, only_one

NOBODY = 65534
HOLD = """
import sys
from pathlib import Path
from config.home import Home, only_one
with only_one(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_service(home: Home) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_for_its_owner_only(tmp_path: Path) -> None:
    home = find_home(tmp_path / "deep" / "down")

    assert home.path == tmp_path / "deep" / "down"
    assert mode_of(home.path) == 0o700


def test_home_is_what_was_given_before_the_variable_before_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "platform"))
    assert find_home(None).path == tmp_path / "platform" / "vivencia"

    monkeypatch.setenv("VIVENCIA_HOME", str(tmp_path / "variable"))
    assert find_home(None).path == tmp_path / "variable"
    assert find_home(tmp_path / "given").path == tmp_path / "given"


def test_an_empty_variable_names_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("VIVENCIA_HOME", "")

    assert find_home(None).path == tmp_path / "vivencia"


def test_a_tilde_is_the_owners_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert find_home(Path("~/bot")).path == tmp_path / "bot"


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match=r"file cannot be used as home .*--home or VIVENCIA_HOME"):
        find_home(tmp_path / "file")
    with pytest.raises(ConfigError, match="cannot be used as home"):
        find_home(tmp_path / "file" / "below")


def _as_nobody(code: str, argument: Path) -> str:
    """Run as a user who owns nothing, when we are root; else we cannot write to a read-only folder anyway."""
    drop = f"import os; os.getuid() or (os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY}))"
    start = f"from pathlib import Path; import sys; from config.home import *; from bot.domain.errors import *; {drop}"
    whole = f"{start}\ntry:\n    {code}\nexcept ConfigError as error:\n    print(error)\n"
    return subprocess.run(
        [sys.executable, "-c", whole, str(argument)], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that others can see and nobody but root can write."""
    with TemporaryDirectory() as place:
        Path(place).chmod(0o555)
        yield Path(place)
        Path(place).chmod(0o755)


def test_a_home_that_cannot_be_made_is_refused(read_only: Path) -> None:
    said = _as_nobody("find_home(Path(sys.argv[1]) / 'new')", read_only)

    assert "cannot be used as home (Permission denied); give another with --home" in said


def test_a_home_that_cannot_be_written_is_refused(read_only: Path) -> None:
    assert "is not a directory you may write to" in _as_nobody("find_home(Path(sys.argv[1]))", read_only)


def test_a_home_whose_lock_cannot_be_written_is_refused(read_only: Path) -> None:
    said = _as_nobody("only_one(Home(Path(sys.argv[1]))).__enter__()", read_only)

    assert "cannot be written" in said
    assert "check its owner and permissions" in said


def test_the_lock_is_for_its_owner_only(tmp_path: Path) -> None:
    with only_one(Home(tmp_path)):
        assert mode_of(tmp_path / "service.lock") == 0o600


def test_a_second_service_on_the_same_home_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)

    with another_service(home), pytest.raises(ConfigError, match="in use by another vivencia; stop that one"):
        only_one(home).__enter__()


def test_a_home_is_free_again_when_its_service_was_killed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with another_service(home) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()

    with only_one(home):
        assert (tmp_path / "service.lock").exists()


def test_trouble_inside_the_service_is_not_mistaken_for_trouble_with_the_home(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="of the service's own"), only_one(Home(tmp_path)):
        raise PermissionError("of the service's own")


def test_a_home_is_free_again_after_trouble(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(Home(tmp_path)):
        raise ZeroDivisionError

    with only_one(Home(tmp_path)):
        pass


def test_everything_lives_below_home(tmp_path: Path) -> None:
    home = Home(tmp_path)

    assert {home.database, home.settings, home.secrets, home.pause_file, home.alive, home.digests} == {
        tmp_path / name for name in ("vivencia.db", "vivencia.toml", "secrets", "PAUSE", "vivencia.alive", "digests")
    }
