"""Administrative units of the whole country: the lists before and since 1/7/2025, and what became of what.

Read from the data files of the package `vietnamadminunits`; its parsers are never imported, they cost more
than everything here. Codes were reused with another meaning in 2025 (30502 was Nhà Bàng and is Thới Sơn):
a unit's key is (unit_code, valid_from).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from assets.dimensions.names import bare_key, plain_key, unit_key

BEGINNING = date(1900, 1, 1)
REFORM = date(2025, 7, 1)
FOREVER = date(9999, 12, 31)

ORGANISATION_CODES = Path(__file__).with_name("organisation_codes.csv")

UNIT_SCHEMA = {
    "unit_code": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "unit_name": pl.String,
    "level": pl.String,
    "parent_code": pl.String,
    "province_code": pl.String,
    "organisation_code": pl.String,
    "name_key": pl.String,
    "bare_key": pl.String,
    "plain_key": pl.String,
}
SUCCESSOR_SCHEMA = {
    "old_code": pl.String,
    "new_code": pl.String,
    "is_full": pl.Boolean,
    "is_default": pl.Boolean,
    "weight": pl.Float64,
}


class _OldRow(NamedTuple):
    province_code: str
    province: str
    province_key: str
    district_code: str
    district: str
    district_key: str
    # Five island districts had no communes.
    ward_code: str | None
    ward: str | None
    ward_key: str | None


class _NewRow(NamedTuple):
    province_code: str
    province: str
    province_key: str
    ward_code: str
    ward: str
    ward_key: str


_Unit = tuple[str, str, str, str | None, str]


@cache
def unit_frame() -> pl.DataFrame:
    """Provinces, districts and communes of both lists, shape `UNIT_SCHEMA`.

    Grain: a unit in one list; key (unit_code, valid_from). `valid_to` is exclusive. Codes have 2 digits
    (province), 3 (district), 5 (commune). The list before 1/7/2025 is its last state: a unit that had been
    merged or renamed earlier is not in it. `organisation_code` is known for today's communes of An Giang.
    """
    columns = ["unit_code", "unit_name", "level", "parent_code", "province_code"]
    schema = {name: UNIT_SCHEMA[name] for name in columns}
    with closing(_open_database()) as database:
        old = pl.DataFrame(list(_old_units(_old_rows(database))), schema=schema, orient="row")
        new = pl.DataFrame(list(_new_units(_new_rows(database))), schema=schema, orient="row")
    both = pl.concat(
        [
            old.with_columns(valid_from=pl.lit(BEGINNING), valid_to=pl.lit(REFORM)),
            new.with_columns(valid_from=pl.lit(REFORM), valid_to=pl.lit(FOREVER)),
        ]
    )
    return (
        both.join(_keys(both["unit_name"]), on="unit_name", how="left")
        .join(_organisation_codes(new), on=["unit_code", "valid_from"], how="left")
        .select(pl.col(name).cast(kind) for name, kind in UNIT_SCHEMA.items())
        .sort("valid_from", "province_code", "level", "unit_code")
    )


@cache
def successor_frame() -> pl.DataFrame:
    """Returns what became of each unit of the old list on 1/7/2025, shape `SUCCESSOR_SCHEMA`.

    Grain: an old unit and one new unit that took over land of it; key (old_code, new_code). A unit that was
    divided has several rows: `is_full` is false, `weight` an equal share, and `is_default` marks the one row
    to take when one successor is wanted. A district was wound up: new_code and weight are null, is_default
    is true so that each old unit has exactly one default row. (The five island districts without communes
    became special zones and have these as full successors.)
    """
    with closing(_open_database()) as database:
        old, new = _old_rows(database), _new_rows(database)
    converter = json.loads((_data_folder() / "converter_2025.json").read_text(encoding="utf-8"))
    communes = list(_commune_successors(old, new, converter))
    settled = {row[0] for row in communes}
    districts = sorted({row.district_code for row in old} - settled)
    rows = [*_province_successors(old, new, converter), *communes]
    rows += [(code, None, False, True, None) for code in districts]
    return pl.DataFrame(rows, schema=SUCCESSOR_SCHEMA, orient="row").sort("old_code", "new_code")


def _data_folder() -> Path:
    # importlib.resources.files() would import the package, and with it all its parsers.
    spec = find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package vietnamadminunits is not installed.")
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def _open_database() -> sqlite3.Connection:
    # immutable: no lock or journal next to a file that may lie in a read-only folder.
    uri = (_data_folder() / "dataset.db").resolve().as_uri()
    return sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True)


def _old_rows(database: sqlite3.Connection) -> list[_OldRow]:
    rows = database.execute(
        "select provinceCode, province, provinceKey, districtCode, district, districtKey,"
        " wardCode, ward, wardKey from admin_units_legacy"
    )
    return [_OldRow._make(row) for row in rows]


def _new_rows(database: sqlite3.Connection) -> list[_NewRow]:
    rows = database.execute(
        "select provinceCode, province, provinceKey, wardCode, ward, wardKey from admin_units"
    )
    return [_NewRow._make(row) for row in rows]


def _old_units(rows: list[_OldRow]) -> Iterator[_Unit]:
    yield from {(r.province_code, r.province, "province", None, r.province_code) for r in rows}
    yield from {(r.district_code, r.district, "district", r.province_code, r.province_code) for r in rows}
    for row in rows:
        if row.ward_code and row.ward:
            yield row.ward_code, row.ward, "commune", row.district_code, row.province_code


def _new_units(rows: list[_NewRow]) -> Iterator[_Unit]:
    yield from {(r.province_code, r.province, "province", None, r.province_code) for r in rows}
    for row in rows:
        yield row.ward_code, row.ward, "commune", row.province_code, row.province_code


def _keys(unit_names: pl.Series) -> pl.DataFrame:
    """Returns unit_name, name_key, bare_key, plain_key: one row per distinct name (a third of them are shared)."""
    names = unit_names.unique().sort().to_list()
    keys = [unit_key(name) for name in names]
    return pl.DataFrame(
        {
            "unit_name": names,
            "name_key": keys,
            "bare_key": [bare_key(key) for key in keys],
            "plain_key": [plain_key(key) for key in keys],
        }
    )


def _organisation_codes(new: pl.DataFrame) -> pl.DataFrame:
    """Returns unit_code, valid_from, organisation_code, after a look whether code and name still go together."""
    listed = pl.read_csv(ORGANISATION_CODES, infer_schema=False).rename({"code": "unit_code"})
    strays = listed.join(new, left_on=["unit_code", "name"], right_on=["unit_code", "unit_name"], how="anti")
    if strays.height:
        codes = ", ".join(strays["unit_code"].to_list())
        raise ValueError(f"{ORGANISATION_CODES.name} names units that the list of 1/7/2025 lacks: {codes}.")
    return listed.select("unit_code", "organisation_code", valid_from=pl.lit(REFORM))


_Successor = tuple[str, str | None, bool, bool, float | None]


def _province_successors(
    old: list[_OldRow], new: list[_NewRow], converter: dict[str, Any]
) -> Iterator[_Successor]:
    old_codes = {row.province_key: row.province_code for row in old}
    new_codes = {row.province_key: row.province_code for row in new}
    for new_key, old_keys in converter["DICT_PROVINCE"].items():
        for old_key in old_keys:
            yield old_codes[old_key], new_codes[new_key], True, True, 1.0


def _commune_successors(
    old: list[_OldRow], new: list[_NewRow], converter: dict[str, Any]
) -> Iterator[_Successor]:
    old_codes = {
        f"{row.province_key}_{row.district_key}_{row.ward_key or ''}": row.ward_code or row.district_code
        for row in old
    }
    new_codes = {(row.province_key, row.ward_key): row.ward_code for row in new}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new_key, old_keys in communes.items():
            for old_key in old_keys:
                yield old_codes[old_key], new_codes[province, new_key], True, True, 1.0
    for province, communes in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, parts in communes.items():
            for part in parts:
                new_code = new_codes[province, part["newWardKey"]]
                yield old_codes[old_key], new_code, False, bool(part["isDefaultNewWard"]), 1 / len(parts)
