"""What must have stopped growing, or grow with the data alone, after some nights; each breach is one sentence."""

from __future__ import annotations

import re

from tests.soak.office import Night
from tests.soak.soak import Soak

#: Tables that are empty between runs.
_EMPTY = re.compile(
    r"core\.staged_|core\.bucket_dossier|landing\.staged_|history\.touched_dossier|mart\.touched_cell"
)
#: Newest runs that Dagster's records keep in any case, and pages of audits that are kept.
_RUNS_IN_ANY_CASE, _PAGES = 10, 30
_MEMORY, _MEGABYTE = 1.2, 1 << 20


def breaches(result: Soak) -> list[str]:
    """Returns what does not hold; empty when all is well."""
    nights, last = result.nights, result.nights[-1]
    broken = [
        f"{table}: {len(rows)} rows differ from the unbroken nights"
        for table, rows in result.different.items()
    ]
    broken += [f"loose end: {end}" for end in result.loose_ends]
    broken += [f"left in /dev/shm: {name}" for name in result.shared_left]
    broken += [f"left behind: {file}" for file in last.left]
    broken += [
        f"{table} has {rows} rows"
        for table, rows in last.warehouse["rows"].items()
        if rows and _EMPTY.match(table)
    ]
    # Of a run that 0.1.0 began nothing tells whether it lives, so Dagster holds those that were killed for running ones.
    never_ended = sum(1 for night in nights if night.version and night.killed_at)
    kept = max(result.kept_days, _RUNS_IN_ANY_CASE) + 1 + never_ended
    if last.runs_recorded > kept:
        broken.append(f"Dagster's records hold {last.runs_recorded} runs, {kept} at most are kept")
    return broken + (_growth(nights) if len(nights) >= 60 else [])


def _growth(nights: list[Night]) -> list[str]:
    last, middle = nights[-1], nights[len(nights) * 3 // 4 - 1]
    broken = []
    for part in ("dagster", "data-docs"):
        if last.home[part] > 1.1 * middle.home[part] + _MEGABYTE:
            broken.append(f"{part} grew from {middle.home[part]:,} to {last.home[part]:,} bytes")
    tenth = next(night for night in nights[9:] if night.peak_memory)
    if last.peak_memory > _MEMORY * tenth.peak_memory:
        broken.append(f"memory grew from {tenth.peak_memory:,} to {last.peak_memory:,} bytes")
    packed = [night for night in nights if night.packed]
    before, after = (night.database - night.packed for night in (packed[len(packed) // 2], packed[-1]))
    if after > before + 0.1 * last.packed + 4 * _MEGABYTE:
        broken.append(f"room that dead rows hold in the database grew from {before:,} to {after:,} bytes")
    for table, size in last.warehouse["bytes"].items():
        if _EMPTY.match(table) and size > middle.warehouse["bytes"].get(table, 0) + _MEGABYTE:
            broken.append(f"{table} is empty and grew to {size:,} bytes")
    return broken
