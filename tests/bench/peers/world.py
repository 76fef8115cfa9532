"""A made-up province for the benchmark: its dossiers as they stand at the end of a day, and what the next day changes.

Pure frames; the same arguments give the same world. Not here: how a list of them is written (`lists.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from assets.dimensions.procedures import procedure_frame
from assets.dimensions.units import REFORM, unit_frame

UNITS, SECTORS = 124, 25
#: The first list says what became of the dossiers of a year; it is exported on the evening of the year's last working day.
START, FIRST_EXPORT = datetime(2023, 1, 2), datetime(2023, 12, 29, 18, 30)
RECEIVED, NOT_ACCEPTED, PROCESSING, SUPPLEMENT, WITHDRAWN, STOPPED, FINISHED, HANDED_OVER = (
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    10,
)
_PROVINCE = "89"
_DAY = timedelta(days=1)
_MADE_UP_SECTORS = [f"Lĩnh vực {number:02}" for number in range(1, SECTORS + 1)]


@dataclass(frozen=True)
class Names:
    """Names of units and of procedures with their sectors and time limits in days, by number."""

    units: list[str]
    procedures: pl.DataFrame


def names() -> Names:
    """Returns 124 communes whose names are their own, and procedures of 25 sectors, those of the catalogue first."""
    communes = unit_frame().filter(
        pl.col("province_code") == _PROVINCE, pl.col("level") == "commune", pl.col("valid_from") < REFORM
    )
    units = communes.filter(pl.col("bare_key").is_unique()).sort("unit_code")["unit_name"].head(UNITS)
    known = procedure_frame().select(
        name="procedure_name", sector="field_name", limit=pl.col("limit_value").cast(pl.Int64)
    )
    made_up = [
        {"name": f"Thủ tục {place} của {sector.lower()}", "sector": sector, "limit": 3 + place * number % 17}
        for number, sector in enumerate(_MADE_UP_SECTORS[: SECTORS - known["sector"].n_unique()])
        for place in (1, 2)
    ]
    return Names(units.to_list(), pl.concat([known, pl.DataFrame(made_up)]))


def first_world(dossiers: int, named: Names) -> pl.DataFrame:
    """Returns the dossiers received from `START` to `FIRST_EXPORT` as they stand then."""
    rng = np.random.default_rng(dossiers)
    days = np.array(
        [(START + n * _DAY).date() for n in range((FIRST_EXPORT - START).days + 1)], dtype="datetime64[D]"
    )
    working = days[np.is_busday(days)]
    drawn = _drawn(rng, np.sort(rng.choice(working, dossiers)), named)
    return _as_of(drawn, FIRST_EXPORT).drop("planned")


def next_day(
    world: pl.DataFrame, at: datetime, changes: int, named: Names
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Returns the world after a day on which `changes` dossiers were received, moved on or ended; and those dossiers.

    Half of them are new. Of the others, open dossiers come first: most are finished, some wait for a supplement, those
    that wait go on; then finished ones are handed over.
    """
    rng = np.random.default_rng([int(at.timestamp()), world.height])
    new = _drawn(rng, np.full(changes // 2, at.date(), dtype="datetime64[D]"), named).with_columns(
        status=pl.lit(PROCESSING, pl.Int64), ended=pl.lit(None, pl.Datetime("us"))
    )
    moved = _moved(world, at, changes - new.height, rng)
    changed = pl.concat([moved, new.select(moved.columns)])
    rest = world.join(changed, on="code", how="anti")
    return pl.concat([rest, changed]), changed


def hand_over(world: pl.DataFrame, share: float) -> pl.DataFrame:
    """Returns a share of the finished dossiers, handed over."""
    finished = world.filter(pl.col("status") == FINISHED)
    return finished.head(round(finished.height * share)).with_columns(status=pl.lit(HANDED_OVER, pl.Int64))


def _moved(world: pl.DataFrame, at: datetime, count: int, rng: np.random.Generator) -> pl.DataFrame:
    is_open, waits = pl.col("status") == PROCESSING, pl.col("status").is_in([SUPPLEMENT, STOPPED])
    candidates = world.filter(is_open | waits | (pl.col("status") == FINISHED))
    chosen = (
        candidates.with_columns(
            order=pl.Series(rng.random(candidates.height)) + (pl.col("status") == FINISHED)
        )
        .sort("order")
        .head(count)
        .with_columns(draw=pl.Series(rng.random(min(count, candidates.height))))
    )
    ends = is_open & (pl.col("draw") < 0.85)
    end_at = pl.lit(at - timedelta(hours=8)) + pl.duration(minutes=(pl.col("draw") * 500).floor())
    return chosen.with_columns(
        status=pl.when(ends)
        .then(FINISHED)
        .when(is_open)
        .then(SUPPLEMENT)
        .when(waits)
        .then(PROCESSING)
        .otherwise(HANDED_OVER)
        .cast(pl.Int64),
        ended=pl.when(ends).then(end_at).otherwise(pl.col("ended")),
    ).select(world.columns)


def _drawn(rng: np.random.Generator, days: np.ndarray, named: Names) -> pl.DataFrame:
    """Returns one dossier for each of the days, with its due time and the moment in which it is to end."""
    count = len(days)
    procedure = rng.integers(0, named.procedures.height, count)
    unit = rng.integers(0, len(named.units), count)
    limit = named.procedures["limit"].to_numpy()[procedure]
    due = np.busday_offset(days, limit, roll="forward")
    # From long before to a little after the due day; some lie much longer.
    share = rng.gamma(4.0, 0.16, count) + (rng.random(count) < 0.02) * rng.uniform(0.5, 10.0, count)
    end = np.busday_offset(days, np.floor(np.maximum(limit, 0.7) * share).astype(int), roll="forward")
    minute = rng.integers(0, 240, count)
    frame = pl.DataFrame({"day": days, "unit": unit, "procedure": procedure, "due_day": due, "end_day": end})
    at = [pl.col(name).cast(pl.Datetime("us")) for name in ("day", "due_day", "end_day")]
    morning = pl.duration(hours=7, minutes=30) + pl.duration(minutes=pl.lit(pl.Series(minute)))
    return frame.select(
        code=_code(),
        unit="unit",
        procedure="procedure",
        received=at[0] + morning,
        due=pl.when(pl.lit(pl.Series(rng.random(count) < 0.995))).then(at[1] + pl.duration(hours=17)),
        planned=at[2] + pl.duration(hours=16, minutes=pl.lit(pl.Series(rng.integers(0, 60, count)))),
        fate=pl.lit(pl.Series(rng.random(count))),
    )


def _code() -> pl.Expr:
    """Returns the code: organisation, day of reception, and number within the day."""
    organisation = pl.format(
        "000.{}.{}.H01",
        (20 + pl.col("unit") % 60).cast(pl.String).str.zfill(2),
        (30 + pl.col("unit") // 60).cast(pl.String),
    )
    number = pl.int_range(1, pl.len() + 1).over("day").cast(pl.String).str.zfill(6)
    return pl.format("{}-{}-{}", organisation, pl.col("day").dt.strftime("%y%m%d"), number)


def _as_of(drawn: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Returns the dossiers with status and end as a list exported at that moment shows them."""
    is_over, fate = pl.col("planned") <= at, pl.col("fate")
    status = (
        pl.when(fate < 0.005)
        .then(NOT_ACCEPTED)
        .when(is_over & (fate < 0.015))
        .then(WITHDRAWN)
        .when(is_over & (fate < 0.6))
        .then(HANDED_OVER)
        .when(is_over)
        .then(FINISHED)
        .when(fate > 0.97)
        .then(STOPPED)
        .when(fate > 0.9)
        .then(SUPPLEMENT)
        .otherwise(PROCESSING)
    )
    accepted = fate >= 0.005
    return drawn.with_columns(status=status.cast(pl.Int64)).with_columns(
        pl.when(accepted).then("received").alias("received"),
        pl.when(accepted).then("due").alias("due"),
        ended=pl.when(pl.col("status").is_in([WITHDRAWN, FINISHED, HANDED_OVER])).then("planned"),
    )
