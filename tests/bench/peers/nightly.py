"""Complete lists, night after night: many small ones in one run, and a year of them that shows each dossier through its life."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from tests.bench.peers.lists import write_list
from tests.bench.peers.world import Names

ROWS_OF_A_LIST = 370
STATEMENTS = 8
#: Holds all days of the small lists.
PERIOD = ("2020-01-01", "2029-12-31")
_FIRST_NIGHT = datetime(2020, 1, 6, 18, 30)
_YEAR_START = datetime(2024, 1, 1, 18, 30)
_NIGHTS = 365
_RECEIVED_A_DAY = 6
_LIMIT_DAYS = 15
#: From reception on: days after it and the status that the list shows from then on.
_LIFE = ((0, 2), (1, 4), (3, 5), (6, 4), (9, 8), (12, 4), (15, 9), (18, 10))


def write_rolling(landing: Path, lists: int, named: Names) -> None:
    """Writes that many complete lists, one a night, each with the 370 dossiers received last."""
    days = np.arange(ROWS_OF_A_LIST + (lists + 1) * _RECEIVED_A_DAY) // _RECEIVED_A_DAY
    lives = _lives(_FIRST_NIGHT, days, named)
    for night in range(lists):
        at = _FIRST_NIGHT + timedelta(days=ROWS_OF_A_LIST // _RECEIVED_A_DAY + night)
        received = ((at - _FIRST_NIGHT).days + 1) * _RECEIVED_A_DAY
        rows = lives.slice(received - ROWS_OF_A_LIST, ROWS_OF_A_LIST)
        first_day = rows["received"].min().date() + timedelta(days=1)  # of the day before it is not complete
        write_list(landing, _as_of(rows, at), at, first_day, named)


def write_year(landing: Path, dossiers: int, named: Names) -> None:
    """Writes a year of nightly lists of all dossiers received in it; the last one shows them handed over."""
    days = np.sort(np.random.default_rng(dossiers).integers(0, _NIGHTS - _LIFE[-1][0] - 1, dossiers))
    lives = _lives(_YEAR_START, days, named)
    for night in range(_NIGHTS):
        at = _YEAR_START + timedelta(days=night)
        rows = lives.filter(pl.col("received") <= at)
        if rows.height:
            write_list(landing, _as_of(rows, at), at, _YEAR_START.date(), named)


def _lives(start: datetime, days: np.ndarray, named: Names) -> pl.DataFrame:
    """Returns one dossier for each of the days after the start, in the order of reception."""
    number = pl.int_range(pl.len())
    return pl.DataFrame({"day": days.astype(np.int64)}).select(
        code=pl.format(
            "000.21.30.H01-{}-{}",
            (pl.lit(start) + pl.duration(days="day")).dt.strftime("%y%m%d"),
            number.cast(pl.String).str.zfill(6),
        ),
        unit=number % len(named.units),
        procedure=number % named.procedures.height,
        received=pl.lit(start.replace(hour=8)) + pl.duration(days="day", minutes=number % 240),
    )


def _as_of(lives: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Returns the dossiers as a list exported at that moment shows them."""
    age = (pl.lit(at) - pl.col("received")).dt.total_days()
    status = pl.lit(_LIFE[0][1])
    for days, shown in _LIFE[1:]:
        status = pl.when(age >= days).then(shown).otherwise(status)
    finished_after = next(days for days, shown in _LIFE if shown == 9)
    return lives.with_columns(
        status=status.cast(pl.Int64),
        due=pl.col("received").dt.truncate("1d") + pl.duration(days=_LIMIT_DAYS, hours=17),
        ended=pl.when(age >= finished_after).then(pl.col("received") + pl.duration(days=finished_after)),
    )
