"""The catalogue of administrative procedures an office starts with: names, sectors and time limits.

Here: reading `procedures.csv`. Not here: catalogues that an office takes over (`catalogue_file.py`), and what the
portals say about procedures day by day.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assets.dimensions.catalogue import Procedure, Statement
from assets.dimensions.limits import LIMIT_UNITS
from assets.dimensions.names import procedure_core, procedure_key
from assets.dimensions.units import BEGINNING

CATALOGUE = Path(__file__).with_name("procedures.csv")

PROCEDURE_SCHEMA = {
    "procedure_code": pl.String,
    "procedure_name": pl.String,
    "field_code": pl.String,
    "field_name": pl.String,
    "limit_value": pl.Int32,
    "limit_unit": pl.String,
    "name_key": pl.String,
}


class CatalogueError(ValueError):
    """The catalogue can't be used. The message is one sentence naming file and code."""


def procedure_frame(path: Path = CATALOGUE) -> pl.DataFrame:
    """Returns the catalogue, shape `PROCEDURE_SCHEMA`; key procedure_code, the national 8 characters.

    `limit_value` 0 means the same day; null, that the limit is not known. `name_key` (`procedure_key`) is
    unique too: a list without codes finds its procedure by it.
    """
    # As text: a code read as a number would lose its last zeros.
    written = pl.read_csv(path, infer_schema=False)
    names = written["procedure_name"].to_list()
    frame = written.with_columns(
        pl.col("limit_value").cast(pl.Int32),
        name_key=pl.Series([procedure_key(name) for name in names], dtype=pl.String),
    )
    _check(frame, path.name)
    return frame.select(pl.col(name).cast(kind) for name, kind in PROCEDURE_SCHEMA.items()).sort(
        "procedure_code"
    )


def built_in() -> Statement:
    """Returns what the warehouse knows before any catalogue of the office is taken over."""
    columns = [name for name in PROCEDURE_SCHEMA if name not in ("procedure_code", "name_key")]
    return Statement(
        BEGINNING,
        None,
        frozenset(columns),
        {
            row["procedure_code"]: Procedure(**{name: row[name] for name in columns})
            for row in procedure_frame().iter_rows(named=True)
        },
    )


def _check(frame: pl.DataFrame, file: str) -> None:
    for code in frame["procedure_code"]:
        if procedure_core(code) != code:
            raise CatalogueError(f"{file}: {code!r} is not the 8 characters of a procedure code.")
    for column in ("procedure_code", "name_key"):
        twice = frame.filter(pl.col(column).is_duplicated())[column].unique().sort().to_list()
        if twice:
            raise CatalogueError(f"{file}: {column} {twice[0]!r} is there more than once.")
    units = set(frame["limit_unit"].drop_nulls()) - set(LIMIT_UNITS)
    if units:
        raise CatalogueError(f"{file}: limit_unit is one of {', '.join(LIMIT_UNITS)}, not {min(units)!r}.")
