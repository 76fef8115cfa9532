"""What really happened in a made-up world, counted from the lives themselves, never from a file.

The counts follow form II.06 under the rule set ii06 over the whole period, nothing being carried over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from pipelines.simulator.clock import DAY, NEVER
from pipelines.simulator.places import PLACES


@dataclass(frozen=True)
class Counts:
    """Dossiers at the end of the period: 1 = resolved + pending; overdue is part of pending."""

    received: int = 0
    resolved_early: int = 0
    resolved_on_time: int = 0  # also without due date, and withdrawn ones
    resolved_late: int = 0
    pending: int = 0  # suspended ones among them
    pending_overdue: int = 0

    @property
    def resolved(self) -> int:
        """All that are finished or withdrawn."""
        return self.resolved_early + self.resolved_on_time + self.resolved_late

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class UnitCounts:
    """The counts of one unit (GSO code and the day since when it has this meaning) and channel 1, 2 or 3."""

    unit_code: str
    valid_from: date
    channel: int
    counts: Counts


@dataclass(frozen=True)
class Truth:
    """`dossiers`: all that the files speak of, refused ones included. `units` is sorted by its keys."""

    dossiers: int
    files: int
    units: tuple[UnitCounts, ...]

    def total(
        self,
        *,
        unit_code: str | None = None,
        valid_from: date | None = None,
        channels: Sequence[int] = (1, 2, 3),
    ) -> Counts:
        """Returns the sum over the units and channels that fit."""
        counts = Counts()
        for unit in self.units:
            fits = unit_code in (None, unit.unit_code) and valid_from in (None, unit.valid_from)
            if fits and unit.channel in channels:
                counts += unit.counts
        return counts


_KEYS = ("unit_code", "valid_from", "channel")


def count_units(lives: pl.DataFrame, end_at: int) -> pl.DataFrame:
    """Returns unit_code, valid_from, channel and the fields of `Counts`, of the lives at the instant `end_at`."""
    due = pl.when(pl.col("moved_at") <= end_at).then("due_moved").otherwise("due")
    ended_on, due_on = pl.col("ended") // DAY, pl.col("due_then") // DAY
    is_ended, has_due = pl.col("ended") <= end_at, pl.col("due_then") < NEVER
    in_time = (pl.col("end_status") == 7) | ~has_due | (ended_on == due_on)
    late = is_ended & ~in_time & (ended_on > due_on)
    waits = (pl.col("suspended") <= end_at) & ~(pl.col("moved_at") <= end_at)
    places = pl.DataFrame(
        {
            "place": pl.Series(range(len(PLACES)), dtype=pl.Int64),
            "unit_code": [place.unit_code for place in PLACES],
            "valid_from": [place.valid_from for place in PLACES],
        }
    )
    return (
        lives.lazy()
        .filter(pl.col("received") <= end_at)
        .with_columns(due_then=due)
        .join(places.lazy(), on="place")
        .group_by(_KEYS)
        .agg(
            received=pl.len(),
            resolved_early=(is_ended & ~in_time & (ended_on < due_on)).sum(),
            resolved_on_time=(is_ended & in_time).sum(),
            resolved_late=late.sum(),
            pending=(~is_ended).sum(),
            pending_overdue=(~is_ended & ~waits & has_due & (due_on < end_at // DAY)).sum(),
        )
        .collect()
    )


def truth_of(parts: Sequence[pl.DataFrame], dossiers: int, files: int) -> Truth:
    """Returns the parts of `count_units` put together."""
    names = [f.name for f in fields(Counts)]
    counted = pl.concat(parts).group_by(_KEYS).agg(pl.col(names).sum()).sort(_KEYS)
    units = tuple(
        UnitCounts(row["unit_code"], row["valid_from"], row["channel"], Counts(*(row[n] for n in names)))
        for row in counted.iter_rows(named=True)
    )
    return Truth(dossiers, files, units)
