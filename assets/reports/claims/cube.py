"""Events of the units of claims, summed in the warehouse: as the report knows them, and as known now where that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from assets.reports.claims.claim_search import CUBE_SCHEMA, HANDOVER, Cube
from warehouse_sql.frames import copy_out
from warehouse_sql.sql_files import run_file, statements_of_file

_ALL_KNOWN = "infinity"


#: Units of claims: codes with all that belongs to them (None: all units), of one list of units (None: of any).
Group = tuple[Sequence[str] | None, date | None]


def read_cubes(
    connection: Connection, groups: Sequence[Group], until: date, known_at: str
) -> Iterator[Sequence[Mapping[str, Cube]]]:
    """Yields cubes by group and by what is known, of all rule sets: first what was known at `known_at` alone, then what is
    known now, too. `known_at` is an ISO instant or "infinity".
    """
    parameters = {"until": until, "known_at": known_at}
    scopes = [
        {"group_no": number, "codes": codes, "valid_from": valid_from and valid_from.isoformat()}
        for number, (codes, valid_from) in enumerate(groups)
    ]
    run_file(connection, "report/claim_unit.sql", groups=json.dumps(scopes))
    asked = pl.concat([_events(connection, parameters), _handover(connection, parameters)])
    yield _by_group(len(groups), {"asked": asked})
    if known_at != _ALL_KNOWN:
        # the unit may have counted what arrived since
        now = _events(connection, parameters | {"known_at": _ALL_KNOWN})
        yield _by_group(len(groups), {"asked": asked, "now": now})


def _by_group(count: int, known: Mapping[str, pl.DataFrame]) -> list[Mapping[str, Cube]]:
    return [
        {name: Cube(frame.filter(pl.col("group_no") == number)) for name, frame in known.items()}
        for number in range(count)
    ]


def _events(connection: Connection, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Returns the events once for each rule set that they hold under."""
    rows = _rows(connection, "report/claim.sql", parameters)
    rule_sets = connection.execute(text("select rule_set, bit from core.rule_set order by rule_set")).all()
    return pl.concat(
        _cube(rows.filter(pl.col("rule_sets") & bit != 0).with_columns(rule_set=pl.lit(name)))
        for name, bit in rule_sets
    )


def _handover(connection: Connection, parameters: Mapping[str, Any]) -> pl.DataFrame:
    return _cube(
        _rows(connection, "report/claim_handover.sql", parameters).with_columns(rule_set=pl.lit(HANDOVER))
    )


def _rows(connection: Connection, file: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
    (statement,) = statements_of_file(file)
    return copy_out(connection, statement, **parameters)


def _cube(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in CUBE_SCHEMA.items())
