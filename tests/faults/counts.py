"""The counts that `make faults` prints: kills, stops and full disks done, and the largest difference they made."""

from __future__ import annotations

from collections import Counter
from typing import Any

#: Names of what a test counts (`record_property`), as the summary has them.
DONE = {
    "kill": "SIGKILL at a boundary",
    "random_kill": "SIGKILL at a random moment",
    "server_stop": "server stopped under a run",
    "disk_full": "disk full under a run",
    "run_at_once": "runs started at once",
}
DIFFERENCE = "rows_different"


def lines(terminalreporter: Any) -> list[str]:
    """A line of the terminal's summary when faults were tried, none otherwise."""
    told = [
        item
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for item in report.user_properties
    ]
    done: Counter[str] = Counter()
    for name, value in told:
        if name in DONE:
            done[name] += value
    compared = [value for name, value in told if name == DIFFERENCE]
    if not compared:
        return []
    counts = ", ".join(f"{done[name]} × {words}" for name, words in DONE.items() if done[name])
    return [
        f"Faults: {counts}.",
        f"Each compared row by row with an unbroken run ({len(compared)} comparisons);"
        f" largest difference: {max(compared)} rows.",
    ]
