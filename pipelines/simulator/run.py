"""A made-up world written out: lives drawn batch by batch in the order of days, files export by export.

Only the lives of which a statement is still to come are held in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.simulator.arrivals import arrivals
from pipelines.simulator.clock import Calendar, Ints, day_number
from pipelines.simulator.fates import Spike, check_spike, draw_fates
from pipelines.simulator.files import Writer
from pipelines.simulator.lives import draw_arrivals, draw_frame
from pipelines.simulator.statements import Export, Statements, export_days, exports_on
from pipelines.simulator.targets import TINH_BIEN_2023
from pipelines.simulator.town import YEAR_BEFORE, draw_both_years, town_exports
from pipelines.simulator.truth import Truth, count_units, truth_of
from warehouse_sql.messages import message

Progress = Callable[[int, int], None]

#: Dossiers a working day when neither a number a day nor a total is asked for.
DEFAULT_PER_DAY = 60.0
#: Online and postal dossiers of a world that is not the town of 2023.
_ONLINE_SHARE, _POSTAL_SHARE = 0.15, 0.02
_DEMO_SEED = 890
#: Lives drawn at once, and the most exports written at once: what bounds the memory.
_BATCH_LIVES, _EXPORTS_AT_ONCE, _ROWS_AT_ONCE = 60_000, 12, 20_000
#: The last part of the period in which the province's dossiers come from iGate.
_IGATE_PART = 0.25


def simulate(
    out: Path,
    *,
    start: date,
    end: date,
    per_day: float | None = None,
    dossiers: int | None = None,
    seed: int = 1,
    spikes: Sequence[Spike] = (),
    progress: Progress | None = None,
    every_days: int = 1,
    switch: date | None = None,
    defects: float = 0.0,
) -> Truth:
    """Writes the exports of `start` to `end` (both included) into the landing folder `out`.

    They run at 18:30, the last one at 23:59:59, local time (Asia/Ho_Chi_Minh), as do the dossiers' instants.
    `per_day` is dossiers a working day, `dossiers` all of the period; at most one of them. `switch` is the first
    day on which the province exports by iGate (default: the last quarter of the period), `every_days` the days
    from export to export, `defects` the share of files with one bad row. `progress` receives (days done, days).
    The same arguments give the same bytes. Raises ValueError when the arguments contradict each other.
    """
    if end < start:
        raise ValueError(
            message("Kỳ không thể kết thúc ({end}) trước khi bắt đầu ({start}).", end=end, start=start)
        )
    if per_day is not None and dossiers is not None:
        raise ValueError(message("Chỉ dùng một trong số hồ sơ mỗi ngày và tổng số hồ sơ."))
    if seed < 0 or every_days < 1:
        raise ValueError(message("Hạt giống phải từ 0 trở lên, số ngày giữa hai lần xuất phải từ 1 trở lên."))
    for spike in spikes:
        check_spike(spike, start, end)
    calendar, rng = Calendar(start, end), np.random.default_rng(seed)
    days = day_number(start) + np.arange((end - start).days + 1, dtype=np.int64)
    total = dossiers
    if total is None:
        working = int(calendar.is_working(days).sum())
        total = round((DEFAULT_PER_DAY if per_day is None else per_day) * (working or len(days)))
    online, postal = round(total * _ONLINE_SHARE), round(total * _POSTAL_SHARE)
    counts = arrivals(rng, calendar, days, direct=total - online - postal, online=online, postal=postal)

    def batches() -> Iterator[tuple[date, pl.DataFrame]]:
        for first, last in _batches(counts):
            lives = draw_arrivals(rng, calendar, days[first : last + 1], counts[:, first : last + 1])
            draw_fates(rng, calendar, lives, spikes)
            yield start + timedelta(days=last), draw_frame(rng, calendar, lives)

    writer = Writer(
        out, start, switch or default_switch(start, end), np.random.default_rng([seed, 1]), defects
    )
    return _write_world(writer, batches(), exports_on(export_days(start, end, every_days)), progress)


def simulate_tinh_bien(out: Path, *, seed: int = _DEMO_SEED, progress: Progress | None = None) -> Truth:
    """Writes the demo world: thị xã Tịnh Biên from 15/12/2022 to 30/8/2023, with the totals of the inspection.

    The twelve months before come first, with exports once a month and without steps.
    """
    targets, start = TINH_BIEN_2023, YEAR_BEFORE[0]
    switch = default_switch(targets.start, targets.end)
    writer = Writer(out, start, switch, np.random.default_rng([seed, 1]), steps_from=targets.start)
    return _write_world(writer, draw_both_years(seed, targets), town_exports(targets), progress)


def default_switch(start: date, end: date) -> date:
    """Returns the first day of the last quarter of the period, but never its first day."""
    days = (end - start).days + 1
    return start + timedelta(days=max(1, int(days * (1 - _IGATE_PART))))


def _batches(counts: Ints) -> Iterator[tuple[int, int]]:
    """Yields the first and last place of runs of days of some 60,000 lives; a run has at least one day."""
    per_day = counts.sum(axis=0)
    first, held = 0, 0
    for place, number in enumerate(per_day):
        held += int(number)
        if held >= _BATCH_LIVES or place == len(per_day) - 1:
            yield first, place
            first, held = place + 1, 0


def _write_world(
    writer: Writer,
    batches: Iterator[tuple[date, pl.DataFrame]],
    plan: list[Export],
    progress: Progress | None,
) -> Truth:
    end_at = plan[-1].at
    parts, dossiers, done = [], 0, 0
    held: pl.DataFrame | None = None
    for until, drawn in batches:
        parts.append(count_units(drawn, end_at))
        dossiers += drawn.height
        statements = Statements(drawn if held is None else pl.concat([held, drawn]), plan)
        due = [export for export in plan[done:] if export.day <= until]
        for group in _groups(due, statements.lives.height, len(plan)):
            writer.write_exports(statements, group)
            if progress:
                progress((group[-1].day - writer.start).days + 1, (plan[-1].day - writer.start).days + 1)
        done += len(due)
        held = statements.open_after(done - 1)
    return truth_of(parts, dossiers, writer.files)


def _groups(exports: list[Export], lives: int, planned: int) -> Iterator[list[Export]]:
    """Yields exports to be written together: few enough that their rows fit into memory."""
    # Some three statements a life, spread evenly.
    rows_each = max(1, 3 * lives // max(1, min(len(exports), planned)))
    size = max(1, min(_EXPORTS_AT_ONCE, _ROWS_AT_ONCE // rows_each))
    for first in range(0, len(exports), size):
        yield exports[first : first + size]
