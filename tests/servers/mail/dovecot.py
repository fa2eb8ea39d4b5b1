"""The real Dovecot, started once for all tests in a folder of its own: no root, no settings of the system."""

from __future__ import annotations

import atexit
import functools
import getpass
import grp
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "canary-Contraseña-01"  # noqa: S105 - of nothing
_PATIENCE = 10.0
_NOBODY = ("nobody", "nogroup")

_SERVICES = """
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  process_min_avail = 1
  inet_listener imap {
    %(listen)s = 127.0.0.1
    port = %(port)d
  }
  inet_listener imaps {
    %(listen)s = 127.0.0.1
    port = %(tls_port)d
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
}
base_dir = %(folder)s/base
state_dir = %(folder)s/base
log_path = %(folder)s/log
listen = 127.0.0.1
default_internal_user = %(user)s
default_internal_group = %(group)s
default_login_user = %(user)s
auth_failure_delay = 0
auth_mechanisms = plain login
mail_fsync = never
mail_max_userip_connections = 0
ssl = yes
"""

# its way of writing settings changed between these two
_V23 = """
protocols = imap
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
ssl_cert = <%(folder)s/certificate.pem
ssl_key = <%(folder)s/key.pem
passdb {
  driver = static
  args = password=%(password)s
}
userdb {
  driver = static
  args = home=%(folder)s/mail/%%u
}
"""
_V24 = """
protocols {
  imap = yes
}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
ssl_server_cert_file = %(folder)s/certificate.pem
ssl_server_key_file = %(folder)s/key.pem
passdb static {
  password = %(password)s
}
userdb static {
  fields {
    home = %(folder)s/mail/%%{user}
  }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """Where it listens, and what its certificate is. Every user exists, with the same password."""

    port: int
    tls_port: int
    certificate: Path


@functools.cache
def dovecot() -> Dovecot:
    """Running until the tests are over. Where it is not installed, tests skip; in CI they fail."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        message = "dovecot is not installed: apt-get install dovecot-imapd (.ci/run does it)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # not pytest's folder, which is root's alone, and short enough for the name of a socket
    folder = Path(tempfile.mkdtemp(prefix="vivencia-mail-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "mail").mkdir()
    _sign(folder)
    server = Dovecot(port=_free_port(), tls_port=_free_port(), certificate=folder / "certificate.pem")
    as_root = os.geteuid() == 0
    user, group = _NOBODY if as_root else (getpass.getuser(), grp.getgrgid(os.getegid()).gr_name)
    settings = folder / "dovecot.conf"
    settings.write_text(_settings(program, server, folder, user=user, group=group), encoding="utf-8")
    if as_root:
        for one in (folder, *folder.rglob("*")):
            shutil.chown(one, user, group)
    _start([program, "-F", "-c", str(settings)], server.port, folder, user=user if as_root else None)
    return server


def _settings(program: str, server: Dovecot, folder: Path, *, user: str, group: str) -> str:
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    old = version.startswith("2.3")
    words = {
        "folder": folder,
        "user": user,
        "group": group,
        "password": PASSWORD,
        "port": server.port,
        "tls_port": server.tls_port,
        "listen": "address" if old else "listen",
    }
    first = "" if old else "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
    return first + (_SERVICES + (_V23 if old else _V24)) % words


def _start(command: list[str], port: int, folder: Path, *, user: str | None) -> None:
    # by hand, since a test run that breaks off must not leave it behind
    group = _NOBODY[1] if user else None
    running = subprocess.Popen(command, user=user, group=group, extra_groups=[] if user else None, cwd=folder)
    atexit.register(_stop, running)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and running.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as knock:
                knock.recv(4)
                return
        except OSError:
            time.sleep(0.01)
    log = folder / "log"
    pytest.fail(f"dovecot does not start: {log.read_text()[-2_000:] if log.exists() else 'it says nothing'}")


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    running.wait(timeout=5)


def _sign(folder: Path) -> None:
    """A certificate for loopback that nobody else trusts."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "30"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*command, *subject, *files], check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        port: int = knock.getsockname()[1]
    return port
