"""`python -m tests.servers.discord_window`: a desk to try, without an account of Discord's."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.errors import VivenciaError
from bot.domain.reading import Language
from bot.logs import write_logs
from tests.servers.discord_window.demo import PORT, SPOKEN, demonstrate, fresh_home


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.servers.discord_window", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"of the page; 0 takes a free one (default: {PORT})")
    parser.add_argument("--lang", choices=[each.value for each in SPOKEN], default="es", help="of the desk")
    parser.add_argument("--home", type=Path, help="where its folder is made (default: a temporary one)")
    given = parser.parse_args()
    # an owner's variables are about their own installation, with a real token perhaps
    for name in [name for name in os.environ if name.startswith("VIVENCIA_")]:
        del os.environ[name]
    write_logs("warning")
    try:
        asyncio.run(_until_told(given.home, Language(given.lang), given.port))
    except VivenciaError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def _until_told(home: Path | None, language: Language, port: int) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    place = fresh_home(home, datetime.now(UTC))
    await demonstrate(place, language=language, port=port, say=_say, until=stop)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
