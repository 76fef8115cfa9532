"""Events of the units of claims, summed in the warehouse: under stored rule sets first, under dearer ones when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from assets.reports.claim_search import CUBE_SCHEMA, Cube
from warehouse_sql.warehouse import run_file, statements_of_file

_ALL_KNOWN = "infinity"


def read_cubes(
    connection: Connection,
    codes: Sequence[str] | None,
    valid_from: date | None,
    until: date,
    rule_set: str,
    known_at: str,
) -> Iterator[Mapping[str, Cube]]:
    """Cubes by what is known, each time more of them: the cheap ways of counting, then those computed when asked for.

    `codes` are units with all that belongs to them, None all units; `known_at` is an ISO instant or "infinity".
    """
    stored, others = _rule_sets(connection)
    parameters = {"until": until, "known_at": known_at}
    is_now = known_at == _ALL_KNOWN
    frames = []
    run_file(connection, "mart/claim_unit.sql", codes=codes, valid_from=valid_from)
    if is_now:
        frames.append(_rows(connection, "stored", parameters))
    first = [*([] if is_now else stored), *([rule_set] if rule_set in others else [])]
    if first:
        frames.append(_rows(connection, "derived", parameters | {"rule_sets": first}))
    frames.append(_rows(connection, "handover", parameters))
    yield {"asked": Cube(pl.concat(frames))}
    rest = [name for name in others if name not in first]
    if rest:
        frames.append(_rows(connection, "derived", parameters | {"rule_sets": rest}))
    cubes = {"asked": Cube(pl.concat(frames))}
    if not is_now:
        # the unit may have counted what arrived since
        cubes["now"] = Cube(_rows(connection, "stored", parameters))
    yield cubes


def _rule_sets(connection: Connection) -> tuple[list[str], list[str]]:
    """Those that are stored, and those that are computed when asked for."""
    rows = connection.execute(text("select rule_set, is_stored from core.rule_set order by rule_set")).all()
    stored, others = (
        [row.rule_set for row in rows if row.is_stored is is_stored] for is_stored in (True, False)
    )
    return stored, others


def _rows(connection: Connection, name: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
    (statement,) = statements_of_file(f"mart/claim_{name}.sql")
    found = connection.execute(text(statement), dict(parameters))
    return pl.DataFrame([tuple(row) for row in found], schema=CUBE_SCHEMA, orient="row")
