"""Start Synapse when a test first asks for it, and keep it until the tests end: it takes seconds to come up.

Its database is in memory, its folder is a temporary one, nobody limits how fast it is asked, and it speaks to no other
server. It is AGPL, and so it is started as a program and never imported.
"""

from __future__ import annotations

import atexit
import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

DOMAIN = "zarapito.example"
SECONDS_TO_COME_UP = 60.0
_UNLIMITED = {"per_second": 1_000_000, "burst_count": 1_000_000}


@dataclass(frozen=True, kw_only=True)
class Synapse:
    """A running server. `secret` makes accounts; `tokens` are those of the people who have one, by name."""

    url: str
    secret: str
    tokens: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))


@cache
def synapse() -> Synapse:
    """The one server of this run of the tests."""
    folder = Path(mkdtemp(prefix="synapse-"))
    port, secret = _free_port(), secrets.token_hex(16)
    started = Synapse(url=f"http://127.0.0.1:{port}", secret=secret)
    program = [sys.executable, "-m", "tests.servers.matrix.homeserver", "--config-path", str(_written(folder, started))]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=log, stderr=log)
    atexit.register(_stop, process, folder)
    _wait_for(started.url, process, folder / "log")
    return started


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_COME_UP
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_matrix/client/versions", timeout=5):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.05)
    message = f"Synapse did not come up; it says: {log.read_text(errors='replace')[-2_000:]}"
    raise RuntimeError(message)


def _stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.wait(timeout=10)
    shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def _written(folder: Path, server: Synapse) -> Path:
    """Its configuration; JSON is YAML too."""
    seed = b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_1 {seed}\n", encoding="ascii")
    logging = {"version": 1, "handlers": {"all": {"class": "logging.StreamHandler"}}}
    (folder / "logging").write_text(json.dumps({**logging, "root": {"level": "WARNING", "handlers": ["all"]}}))
    file = folder / "homeserver.yaml"
    file.write_text(json.dumps(_settings(folder, server)), encoding="utf-8")
    return file


def _settings(folder: Path, server: Synapse) -> dict[str, Any]:
    listener = {
        "port": int(server.url.rpartition(":")[2]),
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"], "compress": False}],
    }
    return {
        "server_name": DOMAIN,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": ":memory:", "cp_min": 1, "cp_max": 1}},
        "pid_file": str(folder / "pid"),
        "log_config": str(folder / "logging"),
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": server.secret,
        "macaroon_secret_key": secrets.token_hex(16),
        "bcrypt_rounds": 4,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        "user_directory": {"enabled": False},
        "enable_search": False,
        "stats": {"enabled": False},
        "push": {"enabled": False},
        **_unlimited(),
    }


def _unlimited() -> dict[str, Any]:
    several = {
        "rc_login": ("address", "account", "failed_attempts"),
        "rc_joins": ("local", "remote"),
        "rc_invites": ("per_room", "per_user", "per_issuer"),
    }
    single = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_admin_redaction", "rc_room_creation")
    return {
        **dict.fromkeys(single, _UNLIMITED),
        **{name: dict.fromkeys(kinds, _UNLIMITED) for name, kinds in several.items()},
    }
