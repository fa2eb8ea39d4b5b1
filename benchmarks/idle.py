"""What nine configured channels cost while nobody writes: share of a core, and memory without the model.

`python -m benchmarks.idle [--channels 9] [--seconds 60]`: every installed channel that has a stage for its contracts is
set up against that stage's server (not a recording, which ends), the same kinds again until there are nine, and the
service runs over them at its ordinary pace; the servers run in another process and are not counted. Promised: under 1 %
of a core and 150 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from itertools import cycle, islice
from pathlib import Path
from typing import Any

STAGES = Path(__file__).parent.parent / "tests" / "contracts" / "stages"
_WARM_UP = 10.0
_RECORDING = "replay"
# the servers of the tests bring these, and libraries load them where they are: a service has none of them
_ONLY_FOR_TESTS = ("bcrypt", "nacl", "orjson", "twisted")
# a stage is impatient, so that a test is short; an owner is not
_IMPATIENT = frozenset({"timeout_seconds", "silence_seconds", "recheck_hours", "idle_seconds", "wait_seconds"})


def measure(channels: int, seconds: float) -> dict[str, Any]:
    """CPU share and memory of the service alone, after a short warm-up."""
    return asyncio.run(_measured(channels, seconds))


async def _measured(channels: int, seconds: float) -> dict[str, Any]:
    from listeners.registry import channel_kinds  # noqa: PLC0415 - the measured process loads as little as it needs
    from tests.contracts.stage import open_stage  # noqa: PLC0415

    staged = [kind for kind in channel_kinds() if kind != _RECORDING and (STAGES / f"{kind}.py").exists()]
    async with AsyncExitStack() as stack:
        with tempfile.TemporaryDirectory() as folder:
            tables = {}
            for number, kind in enumerate(islice(cycle(staged), channels)):
                place = Path(folder) / str(number)
                place.mkdir()
                stage = await stack.enter_async_context(open_stage(kind, place))
                own = {key: value for key, value in stage.table().items() if key not in _IMPATIENT}
                tables[f"{kind}_{number}"] = {"kind": kind, **own}
            return await _served(Path(folder), tables, seconds)


async def _served(folder: Path, tables: dict[str, Any], seconds: float) -> dict[str, Any]:
    plan = folder / "plan.json"
    plan.write_text(json.dumps(tables), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.idle", "--serve", str(plan), "--seconds", str(seconds)]
    running = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    printed, _ = await running.communicate()
    if running.returncode:
        message = f"the measured service ended with {running.returncode}"
        raise RuntimeError(message)
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return {"channels": len(tables), "kinds": sorted({table["kind"] for table in tables.values()}), **found}


async def _serve(folder: Path, channels: dict[str, Any], seconds: float) -> dict[str, Any]:
    from rich.console import Console  # noqa: PLC0415

    from bot.app import open_house, standing  # noqa: PLC0415 - only this process is measured
    from bot.desk.console import ConsoleDesk  # noqa: PLC0415
    from bot.domain.reading import Language  # noqa: PLC0415
    from bot.domain.time import LiveWatch  # noqa: PLC0415
    from bot.service import serve  # noqa: PLC0415
    from bot.simulation import peak_rss_mb  # noqa: PLC0415
    from config.home import Home  # noqa: PLC0415
    from config.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    model = settings.model.model_copy(update={"source": str(folder / "no-model-here")})
    desk = ConsoleDesk(Console(), Language.ES, quiet=True)
    figures: dict[str, Any] = {}

    async def watch() -> None:
        await asyncio.sleep(_WARM_UP)
        before, began = time.process_time(), time.monotonic()
        await asyncio.sleep(seconds)
        used, passed = time.process_time() - before, time.monotonic() - began
        conditions = [health.condition.value for health in await house.store.channels.health()]
        figures.update(
            seconds=round(passed, 1),
            cpu_percent_of_a_core=round(100 * used / passed, 2),
            peak_rss_mb=round(peak_rss_mb(), 1),
            conditions={each: conditions.count(each) for each in sorted(set(conditions))},
        )

    quiet = settings.model_copy(update={"model": model})
    async with open_house(
        Home(folder / "home"), quiet, desk=standing(desk), watch=LiveWatch(), channels=channels
    ) as house:
        await serve(house, until=watch())
    return figures


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--channels", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        sys.modules.update(dict.fromkeys(_ONLY_FOR_TESTS))  # type: ignore[arg-type]
        channels = json.loads(options.serve.read_text(encoding="utf-8"))
        print(json.dumps(asyncio.run(_serve(options.serve.parent, channels, options.seconds))))
    else:
        print(json.dumps(measure(options.channels, options.seconds)))


if __name__ == "__main__":
    main()
