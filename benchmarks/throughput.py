"""How much of the bare classifier's speed the whole service keeps, on the same texts, in one run.

`python -m benchmarks.throughput [--mentions 10000]`: bare classifier, service, bare classifier again (machines drift),
each in a process of its own. Promised: ratio at least 0.85, peak memory under 900 MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.streams import write_stream

CONFIG = Path(__file__).parent.parent / "config" / "demo" / "vivencia.toml"


def measure(mentions: int) -> dict[str, float]:
    """Texts a second of both, their ratio with and without the service's start, and the service's peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        stream = write_stream(Path(folder) / "stream.jsonl", mentions)
        before = _bare(stream)
        service = _service(stream, Path(folder) / "home")
        after = _bare(stream)
    bare = 2 / (1 / before["texts_per_second"] + 1 / after["texts_per_second"])
    working = mentions / (service["seconds"] - before["load_seconds"])
    return {
        "mentions": mentions,
        "bare_texts_per_second": round(bare, 1),
        "service_mentions_per_second": service["mentions_per_second"],
        "ratio_with_start": round(service["mentions_per_second"] / bare, 3),
        "ratio": round(working / bare, 3),
        "peak_rss_mb": service["peak_rss_mb"],
        "bare_drift": round(after["texts_per_second"] / before["texts_per_second"], 3),
    }


def _bare(stream: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.throughput", "--bare", str(stream)],
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _service(stream: Path, home: Path) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "bot",
        "simulate",
        str(stream),
        "--home",
        str(home),
        "--json",
        "--config",
        str(CONFIG),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _read_bare(stream: Path) -> dict[str, float]:
    from bot.domain.reading import Text  # noqa: PLC0415
    from bot.readers import open_reader  # noqa: PLC0415 - only this process needs the model
    from config.settings import read_settings  # noqa: PLC0415

    rows = [json.loads(line) for line in stream.read_text(encoding="utf-8").splitlines()]
    texts = [Text(text=row["text"]) for row in rows if row["author_role"] == "customer"]
    started = time.perf_counter()
    classifier = open_reader(read_settings(CONFIG))
    classifier.read(texts[:64])
    loaded = time.perf_counter()
    # the same slices as the service's line takes
    for start in range(0, len(texts), 128):
        classifier.read(texts[start : start + 128])
    seconds = time.perf_counter() - loaded
    return {"texts_per_second": len(texts) / seconds, "load_seconds": loaded - started}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentions", type=int, default=10_000)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    print(json.dumps(_read_bare(options.bare) if options.bare else measure(options.mentions)))


if __name__ == "__main__":
    main()
