"""Times and memory of whole commands in a fresh home, as a user would run them.

    python -m tests.bench [start demo again gate alerts day]

Wall seconds; peak memory is the sum over the command and all processes it started (the embedded server's too) of
their proportional shares (PSS), sampled five times a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.alerts import alerts
from tests.bench.gate import gate
from tests.bench.one_day import day

_SAMPLE_SECONDS = 0.2
_AGAIN_RUNS = 5


@dataclass(frozen=True)
class Measured:
    """One command: wall seconds and peak memory in MB."""

    seconds: float
    peak_mb: float
    output: str


def measure(home: Path, *arguments: str) -> Measured:
    """Runs `motcua` with its home there and waits for it."""
    environment = os.environ | {"MOTCUA_HOME": str(home)}
    for name in ("MOTCUA_WAREHOUSE_URL", "MOTCUA_LANDING", "MOTCUA_SOURCES"):
        environment.pop(name, None)
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid, home))
            time.sleep(_SAMPLE_SECONDS)
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise SystemExit(f"motcua {' '.join(arguments)} ended with {process.returncode}:\n{text}")
    return Measured(seconds, peak / 1e6, text)


def _memory(pid: int, home: Path) -> float:
    """Bytes of the process, its children and the embedded server of the home."""
    pids = {pid}
    try:
        pids |= {child.pid for child in psutil.Process(pid).children(recursive=True)}
        postmaster = int((home / "pg" / "postmaster.pid").read_text().split()[0])
        pids |= {postmaster, *(child.pid for child in psutil.Process(postmaster).children(recursive=True))}
    except (OSError, ValueError, IndexError, psutil.Error):
        pass
    return sum(_share(each) for each in pids)


def _share(pid: int) -> float:
    try:
        return float(psutil.Process(pid).memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return 0.0


def start(home: Path) -> None:
    """A first command in an empty home: imports, a new embedded server, its schema."""
    told("start: motcua status in an empty home", measure(home, "status"))


def demo(home: Path) -> None:
    """The whole way."""
    found = measure(home, "demo")
    told("demo: motcua demo in an empty home", found)
    print(found.output, flush=True)


def again(home: Path) -> None:
    """The nightly run when nothing came, on the demo's warehouse."""
    if not (home / "landing").exists():
        measure(home, "demo")
    found = sorted((measure(home, "run") for _ in range(_AGAIN_RUNS)), key=lambda one: one.seconds)
    told(f"again: motcua run with nothing new, median of {_AGAIN_RUNS}", found[_AGAIN_RUNS // 2])
    print(f"  least {found[0].seconds:.1f} s, most {found[-1].seconds:.1f} s", flush=True)


def told(what: str, found: Measured) -> None:
    """One line of the result."""
    print(f"{what}: {found.seconds:.1f} s, peak {found.peak_mb:.0f} MB", flush=True)


BENCHES: dict[str, Callable[[Path], None]] = {
    "start": start,
    "demo": demo,
    "again": again,
    "gate": gate,
    "alerts": alerts,
    "day": day,
}


def main() -> None:
    """Runs the named benchmarks, or all."""
    names = sys.argv[1:] or list(BENCHES)
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"no benchmark {min(unknown)}; there are {', '.join(BENCHES)}")
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB", flush=True)
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        for name in names:
            BENCHES[name](Path(folder) / ("demo" if name == "again" else name))


if __name__ == "__main__":
    main()
