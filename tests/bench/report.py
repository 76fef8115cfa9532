"""What a report on a year of a million dossiers costs, as a whole process.

    python -m tests.bench report
    python -m tests.bench.report FOLDER [DOSSIERS]

The warehouse is made once and kept in FOLDER (build/bench, which git does not see): making it takes the better part of an
hour, the report itself is what is timed. The server is stopped before, so that its start counts too.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from assets.reports.issue.write import PAGE
from tests.bench.measure import measure, told
from tests.bench.one_day import history
from warehouse_sql.embedded import stop_embedded

DOSSIERS = 1_000_000
#: A report on a million dossiers may take so long.
MOST_SECONDS = 15.0
_FOLDER = Path(__file__).parents[2] / "build" / "bench"
_FROM, _TO = date(2023, 1, 1), date(2023, 12, 31)
_TIMES = 3


def report(_home: Path) -> None:
    """The report of a year of a million dossiers, all units; its warehouse is kept for the next time."""
    run(_FOLDER, DOSSIERS)


def run(folder: Path, dossiers: int) -> float:
    """Seconds of the quickest of some runs: what else the machine does only makes them longer."""
    made = history(folder, dossiers)
    made.engine.dispose()
    out = made.home / "report"
    arguments = ("report", "--from", _FROM.isoformat(), "--to", _TO.isoformat(), "--out", str(out))
    runs = []
    for _ in range(_TIMES):
        stop_embedded(made.home)
        found = measure(made.home, *arguments)
        told(f"report: {dossiers:,} dossiers", found)
        runs.append(found.seconds)
    size = (out / PAGE).stat().st_size / 1e6
    print(
        f"report: {dossiers:,} dossiers, quickest of {_TIMES} {min(runs):.1f} s"
        f" (a million: at most {MOST_SECONDS:.0f} s), page {size:.1f} MB",
        flush=True,
    )
    return min(runs)


if __name__ == "__main__":
    run(
        Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else _FOLDER,
        int(sys.argv[2]) if len(sys.argv) > 2 else DOSSIERS,
    )
