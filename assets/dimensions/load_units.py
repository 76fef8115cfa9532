"""Units, their successors, organisation codes and an office's own names into the warehouse.

Here: what is known beforehand. Not here: what names in exports stand for (`load.py`).
"""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import Connection, text

from assets.dimensions.office_units import OfficeUnits
from assets.dimensions.organisation_codes import organisation_frame
from assets.dimensions.units import BEGINNING, FOREVER, successor_frame, unit_frame
from warehouse_sql.frames import copy_frame

_EQUAL_SHARES = "Chia đều: không có số liệu về phần của từng đơn vị"
_UNIT_COLUMNS = [
    *("unit_code", "valid_from", "valid_to", "unit_name", "level", "parent_code", "province_code"),
    "organisation_code",
]


def load_units(connection: Connection, office: OfficeUnits) -> None:
    """Writes all of it again; units that were inferred are kept."""
    connection.execute(text("delete from core.dim_unit where not is_inferred"))
    copy_frame(connection, unit_frame().select(_UNIT_COLUMNS), "core.dim_unit", _UNIT_COLUMNS)
    connection.execute(
        text(
            "insert into core.dim_unit (unit_code, valid_from, valid_to, unit_name, level, is_inferred)"
            " values ('x-unknown', :start, :end, 'Không rõ đơn vị', 'unknown', true) on conflict do nothing"
        ),
        {"start": BEGINNING, "end": FOREVER},
    )
    for table, frame in (
        ("core.unit_successor", _weighed_successors(office)),
        ("core.organisation", organisation_frame()),
        ("core.unit_alias", _alias_frame(office)),
    ):
        connection.execute(text(f"delete from {table}"))
        copy_frame(connection, frame, table, frame.columns)


def unit_aliases(connection: Connection) -> dict[tuple[str, date], str]:
    """Returns the unit's code by key of the name and list of units, as loaded last."""
    rows = connection.execute(text("select alias_key, unit_valid_from, unit_code from core.unit_alias"))
    return {(key, start): code for key, start, code in rows}


def _weighed_successors(office: OfficeUnits) -> pl.DataFrame:
    """Returns the successors with the weights that the office states in place of equal shares."""
    schema = {"old_code": pl.String, "new_code": pl.String, "stated": pl.Float64, "stated_by": pl.String}
    rows = [(weight.old_code, weight.new_code, weight.share, weight.source) for weight in office.weights]
    stated = pl.DataFrame(rows, schema=schema, orient="row")
    # Of shares that add up to nearly one.
    stated = stated.with_columns(pl.col("stated") / pl.col("stated").sum().over("old_code"))
    return (
        successor_frame()
        .filter(pl.col("new_code").is_not_null())
        .join(stated, on=["old_code", "new_code"], how="left", maintain_order="left")
        .select(
            *("old_code", "new_code", "is_full", "is_default"),
            weight=pl.coalesce("stated", "weight"),
            weight_source=pl.when(~pl.col("is_full")).then(pl.coalesce("stated_by", pl.lit(_EQUAL_SHARES))),
        )
    )


def _alias_frame(office: OfficeUnits) -> pl.DataFrame:
    schema = {
        "alias_key": pl.String,
        "unit_valid_from": pl.Date,
        "unit_code": pl.String,
        "alias_name": pl.String,
        "alias_source": pl.String,
    }
    rows = [
        (alias.key, alias.valid_from, alias.unit_code, alias.name, alias.source) for alias in office.aliases
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
