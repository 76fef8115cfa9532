"""Due instants of whole frames: the rules of `deadline`, over arrays.

Dossiers without pauses and extensions are counted all at once, from the same look-ups of the calendar; each of the
others by `find_due`. What can't be counted stops nobody else: it has a reason of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.dimensions.work_calendar import DAY_US, HOUR_US, CalendarRangeError, Ints
from assets.facts.deadline import (
    LIMIT_DAY_US,
    LONGEST_LIMIT,
    UNITS,
    Case,
    Extension,
    LimitError,
    Office,
    Pause,
    PauseError,
    find_due,
)

Bools = NDArray[np.bool_]

#: `reason` is null where there is a due instant; else a `deadline.Reason`, or invalid_limit, invalid_pause (it ends
#: before it begins, or its beginning is not known), invalid_extension (an instant is missing), outside_calendar.
DUE_SCHEMA = pl.Schema({"dossier_code": pl.String(), "due_at": pl.Datetime("us"), "reason": pl.String()})


def due_frame(dossiers: pl.DataFrame, office: Office) -> pl.DataFrame:
    """Returns one row per row of `dossiers`, in its order, shape `DUE_SCHEMA`.

    `dossiers`: dossier_code, received_at (naive local), limit_value, limit_unit, and where known `pauses`, a list
    of structs (paused_at, resumed_at), and `extensions`, a list of structs (extended_at, due): instants, or
    a date as `due`.
    """
    due_us, reasons = _due_of_plain(dossiers, office)
    frame = pl.DataFrame(
        {
            "dossier_code": dossiers["dossier_code"],
            "due_at": pl.Series(due_us).cast(pl.Datetime("us")),
            "reason": reasons,
        }
    ).with_columns(due_at=pl.when(pl.col("reason").is_null()).then("due_at"))
    is_moved = _is_moved(dossiers)
    if is_moved.any():
        return _with_moved(frame, dossiers, is_moved, office)
    return frame.cast(DUE_SCHEMA)


def _is_moved(dossiers: pl.DataFrame) -> pl.Series:
    """Returns whether there is a pause or an extension; a column that is empty throughout may have no type."""
    lists = [name for name in ("pauses", "extensions") if dossiers.schema.get(name, pl.Null) != pl.Null]
    is_moved = pl.repeat(False, dossiers.height, dtype=pl.Boolean, eager=True)
    for name in lists:
        is_moved |= dossiers[name].list.len().fill_null(0) > 0
    return is_moved


def _with_moved(
    frame: pl.DataFrame, dossiers: pl.DataFrame, is_moved: pl.Series, office: Office
) -> pl.DataFrame:
    places = is_moved.arg_true()
    results = [_due_of_row(row, office) for row in dossiers[places].iter_rows(named=True)]
    due, reasons = [result[0] for result in results], [result[1] for result in results]
    return frame.with_columns(
        due_at=frame["due_at"].scatter(places, pl.Series(due, dtype=pl.Datetime("us"))),
        reason=frame["reason"].scatter(places, pl.Series(reasons, dtype=pl.String)),
    ).cast(DUE_SCHEMA)


def _due_of_row(row: dict[str, Any], office: Office) -> tuple[Any, str | None]:
    if any(pause["paused_at"] is None for pause in row.get("pauses") or ()):
        return None, "invalid_pause"
    if any(None in (letter["extended_at"], letter["due"]) for letter in row.get("extensions") or ()):
        return None, "invalid_extension"
    try:
        pauses = [Pause(pause["paused_at"], pause["resumed_at"]) for pause in row.get("pauses") or ()]
        letters = [Extension(letter["extended_at"], letter["due"]) for letter in row.get("extensions") or ()]
        case = Case(row["received_at"], row["limit_value"], row["limit_unit"], pauses, letters)
        due = find_due(case, office)
    except LimitError:
        return None, "invalid_limit"
    except PauseError:
        return None, "invalid_pause"
    except CalendarRangeError:
        return None, "outside_calendar"
    return due.due_at, due.reason


@dataclass
class _Days:
    """Look-ups over arrays; a day that is out of range is remembered, and another one taken in its place."""

    office: Office
    outside: Bools

    def after(self, days: Ints, counts: Ints, which: str, where: Bools) -> Ints:
        """Returns the `counts`-th day (at least 1) after each of `days` where `where`; the days themselves
        elsewhere.
        """
        arrays = self.office.calendar.arrays
        places = arrays[f"{which}_count"][self._places(days)] - 1 + counts
        self.outside |= where & (places >= len(arrays[which]))
        values = arrays[which][np.clip(places, 0, len(arrays[which]) - 1)]
        return np.where(where, values, days)

    def is_working(self, days: Ints) -> Bools:
        """Returns whether each day is a working day."""
        works: Bools = np.array(self.office.calendar.is_working)[self._places(days)]
        return works

    def working_from(self, days: Ints) -> Ints:
        """Returns the days themselves, or the next working days."""
        return self.after(days, np.ones_like(days), "working", ~self.is_working(days))

    def _places(self, days: Ints) -> Ints:
        places = days - self.office.calendar.first
        self.outside |= (places < 0) | (places >= self.office.calendar.size)
        clipped: Ints = np.clip(places, 0, self.office.calendar.size - 1)
        return clipped


def _due_of_plain(dossiers: pl.DataFrame, office: Office) -> tuple[Ints, pl.Series]:
    """Returns due instants in microseconds since 1970, meaningless where there is a reason, and the reasons."""
    unit = dossiers["limit_unit"].replace_strict(UNITS, default="unknown", return_dtype=pl.String)
    value = dossiers["limit_value"].cast(pl.Float64)
    has_limit = dossiers["limit_unit"].is_not_null() & value.is_not_null()
    is_countable = has_limit & (unit != "unknown") & value.is_between(0, LONGEST_LIMIT)
    scale = np.where((unit == "hour").to_numpy(), HOUR_US, LIMIT_DAY_US)
    lengths = np.rint(value.zip_with(is_countable, pl.repeat(0.0, len(value), eager=True)).to_numpy() * scale)
    received = dossiers["received_at"].cast(pl.Datetime("us")).cast(pl.Int64)
    has_reception = received.is_not_null().to_numpy()
    # Any day of the calendar stands in for a reception that is missing: it is not looked at again.
    stand_in = office.calendar.first * DAY_US
    due_us, is_outside = _count(
        received.fill_null(stand_in).to_numpy(), lengths.astype(np.int64), unit.to_numpy(), office
    )
    reasons = pl.select(
        pl.when(~pl.Series(has_reception))
        .then(pl.lit("not_received"))
        .when(has_limit & ~is_countable)
        .then(pl.lit("invalid_limit"))
        .when(~has_limit)
        .then(pl.lit("no_limit"))
        .when(pl.Series(is_outside))
        .then(pl.lit("outside_calendar"))
        .alias("reason")
    ).to_series()
    return due_us, reasons


def _count(received: Ints, lengths: Ints, units: NDArray[Any], office: Office) -> tuple[Ints, Bools]:
    """Returns `deadline.first_due` over arrays: due instants, and where a day is beyond the calendar."""
    days, clock = _shifted(received, office)
    look_up = _Days(office, np.zeros(len(received), dtype=bool))
    whole, rest = np.divmod(lengths, LIMIT_DAY_US)
    is_zero, in_days = lengths == 0, units == "day"
    starts_at_work = ~is_zero & ((units == "hour") | ((rest > 0) & ~(in_days & (whole > 0))))
    to_next = starts_at_work & ~look_up.is_working(days)
    clock = np.where(to_next, office.hours.bounds[0], clock)
    days = look_up.after(days, np.ones_like(days), "working", to_next)
    if office.skip_holidays:
        days = look_up.after(days, whole, "plain", in_days & (whole > 0))
    else:
        days = np.where(in_days, days + whole, days)
    days = look_up.after(days, whole, "working", ~in_days & (whole > 0))
    days = look_up.working_from(days)
    days, clock = _run_hours(days, clock, rest, look_up)
    clock = np.where(is_zero, office.hours.bounds[3], clock)
    return days * DAY_US + clock, look_up.outside


def _shifted(received: Ints, office: Office) -> tuple[Ints, Ints]:
    opens, break_from, break_to, closes = office.hours.bounds
    days, clock = np.divmod(received, DAY_US)
    is_late = clock > closes
    clock = np.where(is_late | (clock < opens), opens, clock)
    clock = np.where((clock > break_from) & (clock < break_to), break_to, clock)
    return days + is_late, clock


def _run_hours(days: Ints, clock: Ints, rest: Ints, look_up: _Days) -> tuple[Ints, Ints]:
    opens, break_from, break_to, _ = look_up.office.hours.bounds
    worked = np.minimum(clock, break_from) - opens + np.maximum(0, clock - break_to) + rest
    more, worked = np.divmod(worked - 1, look_up.office.hours.length)
    worked, morning = worked + 1, break_from - opens
    ended = np.where(worked <= morning, opens + worked, break_to + worked - morning)
    runs = rest > 0
    return look_up.after(days, more, "working", runs & (more > 0)), np.where(runs, ended, clock)
