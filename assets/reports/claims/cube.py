"""Events of the units of claims, summed in the warehouse: under stored rule sets first, under dearer ones when asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from assets.reports.claims.claim_search import CUBE_SCHEMA, Cube
from warehouse_sql.sql_files import run_file, statements_of_file

_ALL_KNOWN = "infinity"


#: Units of claims: codes with all that belongs to them (None: all units), of one list of units (None: of any).
Group = tuple[Sequence[str] | None, date | None]


def read_cubes(
    connection: Connection, groups: Sequence[Group], until: date, rule_set: str, known_at: str
) -> Iterator[Sequence[Mapping[str, Cube]]]:
    """Cubes by group and by what is known, the second time more of them: first the cheap ways of counting, then those
    computed when asked for. `known_at` is an ISO instant or "infinity".
    """
    stored, others = _rule_sets(connection)
    parameters = {"until": until, "known_at": known_at}
    is_now = known_at == _ALL_KNOWN
    frames = []
    scopes = [
        {"group_no": number, "codes": codes, "valid_from": valid_from and valid_from.isoformat()}
        for number, (codes, valid_from) in enumerate(groups)
    ]
    run_file(connection, "report/claim_unit.sql", groups=json.dumps(scopes))
    if is_now:
        frames.append(_rows(connection, "report/claim_stored.sql", parameters))
    first = [*([] if is_now else stored), *([rule_set] if rule_set in others else [])]
    if first:
        frames.append(_rows(connection, "report/claim_derived.sql", parameters | {"rule_sets": first}))
    frames.append(_rows(connection, "report/claim_handover.sql", parameters))
    yield _by_group(len(groups), {"asked": pl.concat(frames)})
    rest = [name for name in others if name not in first]
    if rest:
        frames.append(_rows(connection, "report/claim_derived.sql", parameters | {"rule_sets": rest}))
    known = {"asked": pl.concat(frames)}
    if not is_now:
        # the unit may have counted what arrived since
        known["now"] = _rows(connection, "report/claim_stored.sql", parameters)
    yield _by_group(len(groups), known)


def _by_group(count: int, known: Mapping[str, pl.DataFrame]) -> list[Mapping[str, Cube]]:
    return [
        {name: Cube(frame.filter(pl.col("group_no") == number)) for name, frame in known.items()}
        for number in range(count)
    ]


def _rule_sets(connection: Connection) -> tuple[list[str], list[str]]:
    """Returns those that are stored, and those that are computed when asked for."""
    rows = connection.execute(text("select rule_set, is_stored from core.rule_set order by rule_set")).all()
    stored, others = (
        [row.rule_set for row in rows if row.is_stored is is_stored] for is_stored in (True, False)
    )
    return stored, others


def _rows(connection: Connection, file: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
    (statement,) = statements_of_file(file)
    rows = connection.execute(text(statement), dict(parameters))
    return pl.DataFrame([tuple(row) for row in rows], schema=CUBE_SCHEMA, orient="row")
