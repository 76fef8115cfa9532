"""The fold in Polars gives what the derivation in SQL gives, for every moment at which something arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from assets.facts.fold import Facts, fold
from assets.facts.read import RULE_SET_BITS, read_bucket, read_reference
from tests.sql.test_order_properties import Bench, _law, arrangements, benches, worlds
from warehouse_sql.sql_files import run_file

pytestmark = pytest.mark.long
assert benches
_NEVER = 1 << 60
_SPANS = "dossier_code, span_number, valid_from, valid_to, status, state, due_at"
_STAGES = (
    "dossier_code, stage_number, status, department, began_at, until_at, is_ended, working_minutes,"
    " began_working_minute, unit_code, received_on"
)
_EDITS = "dossier_code, source, kind, old_value, new_value, old_status, new_status, last_seen_before, first_seen_at"
_IN_SQL = {
    "spans": f"select {_SPANS} from (select d.dossier_code, x.n as span_number, x.valid_from,"
    " nullif(x.valid_to, 'infinity') as valid_to, x.status, x.state, x.due_at from derived_dossier as d cross join lateral"
    " unnest(d.spans) with ordinality as x (valid_from, valid_to, status, state, due_at, n)) as s",
    "events": "select d.dossier_code, r.rule_set, e.event_on, e.kind, e.quantity from derived_dossier as d"
    " cross join core.rule_set as r"
    " cross join lateral core.rule_event(r.rule_set, d.received_at, d.spans, d.limit_due_at) as e",
    "stages": f"select {_STAGES} from derived_stage",
    "edits": f"select {_EDITS} from history.edit((select array_agg(distinct v.dossier_code)"
    " from history.dossier_version as v), cast(:known_at as timestamptz))",
}


def test_the_fold_is_the_derivation_at_every_known_moment(benches: tuple[Bench, Bench]) -> None:
    bench, _ = benches

    @_law(100)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        bench.empty()
        arrived_when_exported = data.draw(st.booleans())
        bench.take(files, data.draw(arrangements(len(files))), arrived_when_exported=arrived_when_exported)
        assert _differences(bench.engine) == []

    law()


def _differences(engine: Engine) -> list[Any]:
    with engine.begin() as connection:
        codes = list(
            connection.execute(text("select distinct dossier_code from history.dossier_version")).scalars()
        )
        if not codes:
            return []
        facts = fold(read_bucket(connection, codes), read_reference(connection))
        arrivals = connection.execute(text("select distinct received_at from landing.export_file order by 1"))
        return [
            difference
            for known_at in list(arrivals.scalars())
            for difference in _differences_at(connection, facts, known_at)
        ]


def _differences_at(connection: Connection, facts: Facts, known_at: datetime) -> list[Any]:
    for step in ("core/derive_dossiers.sql", "core/derive_stages.sql"):
        run_file(connection, step, codes=None, known_at=known_at)
    columns = [name for name in facts.dossiers.columns if name not in ("known_from", "known_to")]
    in_sql = _IN_SQL | {"dossiers": f"select {', '.join(columns)} from derived_dossier"}
    differences = []
    for name, query in in_sql.items():
        parameters = {"known_at": known_at} if ":known_at" in query else {}
        derived = {tuple(map(_plain, row)) for row in connection.execute(text(query), parameters)}
        folded = _rows(name, getattr(facts, name), known_at, columns)
        if derived != folded:
            differences.append((name, known_at, derived - folded, folded - derived))
    connection.execute(text("drop table derived_dossier, derived_stage"))
    return differences


def _rows(name: str, frame: pl.DataFrame, known_at: datetime, columns: list[str]) -> set[tuple[Any, ...]]:
    moment = known_at.astimezone(UTC).replace(tzinfo=None)
    rows = frame.filter((pl.col("known_from") <= moment) & (moment < pl.col("known_to")))
    rows = rows.with_columns(pl.selectors.datetime().cast(pl.Int64))
    if name == "events":
        return {
            (row["dossier_code"], rule_set, row["event_on"], row["kind"], row["quantity"])
            for row in rows.iter_rows(named=True)
            for rule_set, bit in RULE_SET_BITS.items()
            if row["rule_sets"] & bit
        }
    names = {"dossiers": columns, "spans": _SPANS.split(", "), "stages": _STAGES.split(", ")}
    picked = names.get(name, _EDITS.split(", "))
    return {
        tuple(None if value == _NEVER else _plain(value) for value in row)
        for row in rows.select(picked).rows()
    }


def _plain(value: Any) -> Any:
    """Returns instants as microseconds, and lists as tuples."""
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    return tuple(value) if isinstance(value, list) else value
