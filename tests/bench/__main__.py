"""Times and memory of whole commands in a fresh home, as a user would run them.

    python -m tests.bench [start demo again gate alerts lists nightly day reading report]
    python -m tests.bench lists --lists 300 --rows 370
    python -m tests.bench nightly --dossiers 100000

Wall seconds; peak memory is the sum over the command and all processes it started (the embedded server's too) of
their proportional shares (PSS), sampled five times a second.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil

from tests.bench.alerts import alerts
from tests.bench.gate import gate
from tests.bench.lists import DOSSIERS, LISTS, ROWS, lists, nightly
from tests.bench.measure import measure, told
from tests.bench.one_day import day
from tests.bench.reading import reading
from tests.bench.report import report

_AGAIN_RUNS = 5


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


BENCHES: dict[str, Callable[[Path], None]] = {
    "start": start,
    "demo": demo,
    "again": again,
    "gate": gate,
    "alerts": alerts,
    "lists": lists,
    "nightly": nightly,
    "day": day,
    "reading": reading,
    "report": report,
}


def main() -> None:
    """Runs the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--lists", type=int, default=LISTS, help="lists: how many")
    parser.add_argument("--rows", type=int, default=ROWS, help="lists: rows of each")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS, help="nightly: dossiers of the list")
    asked = parser.parse_args()
    names = asked.names or list(BENCHES)
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"no benchmark {min(unknown)}; there are {', '.join(BENCHES)}")
    benches = BENCHES | {
        "lists": partial(lists, count=asked.lists, rows=asked.rows),
        "nightly": partial(nightly, dossiers=asked.dossiers),
    }
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB", flush=True)
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        for name in names:
            benches[name](Path(folder) / ("demo" if name == "again" else name))


if __name__ == "__main__":
    main()
