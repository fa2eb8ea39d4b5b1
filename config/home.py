"""Where an installation keeps its things, and that only one service lives there at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from bot.domain.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Home:
    """A directory that only its owner can read: database, configuration, channel logs, pictures."""

    path: Path

    @property
    def database(self) -> Path:
        """The one SQLite file."""
        return self.path / "vivencia.db"

    @property
    def settings(self) -> Path:
        """The owner's configuration, if there is one."""
        return self.path / "vivencia.toml"

    @property
    def secrets(self) -> Path:
        """A directory with one file a secret, if there is one."""
        return self.path / "secrets"

    @property
    def pause_file(self) -> Path:
        """While this file exists nothing is sent to customers."""
        return self.path / "PAUSE"

    @property
    def alive(self) -> Path:
        """How far the database was written, to be known when it is put back from a backup."""
        return self.path / "vivencia.alive"

    @property
    def digests(self) -> Path:
        """Editions and their pictures."""
        return self.path / "digests"


def find_home(given: Path | None) -> Home:
    """`--home`, else VIVENCIA_HOME, else the platform's data directory; made if missing, mode 0700."""
    named = given or (Path(env) if (env := os.environ.get("VIVENCIA_HOME")) else None)
    path = (named or Path(platformdirs.user_data_path("vivencia"))).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"{path} cannot be used as home ({error.strerror}); give another with --home or VIVENCIA_HOME"
        raise ConfigError(message) from error
    if not path.is_dir() or not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        message = f"{path} is not a directory you may write to; give another with --home or VIVENCIA_HOME"
        raise ConfigError(message)
    return Home(path)


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the home for this process. A second service on it would say things twice, so it is refused."""
    lock = FileLock(home.path / "service.lock", mode=0o600, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        message = f"{home.path} is in use by another vivencia; stop that one first or give another --home"
        raise ConfigError(message) from error
    except OSError as error:
        message = f"{home.path} cannot be written ({error.strerror}); check its owner and permissions"
        raise ConfigError(message) from error
    try:
        yield
    finally:
        lock.release()
