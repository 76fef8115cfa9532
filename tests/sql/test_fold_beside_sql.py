"""The fold beside the derivation in SQL, for every moment at which something arrived."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from assets.facts.fold import fold
from assets.facts.read import read_bucket, read_reference
from tests.sql.test_order_properties import Arrangement, Bench, _law, arrangements, benches, worlds
from warehouse_sql.sql_files import run_file

assert benches
_NEVER = 1 << 60


def _norm(value: Any) -> Any:
    return value


def fold_of(engine) -> Any:
    with engine.begin() as connection:
        codes = list(connection.execute(text("select distinct dossier_code from history.dossier_version")).scalars())
        if not codes:
            return None
        return fold(read_bucket(connection, codes), read_reference(connection))


def _as_known(frame: pl.DataFrame, at) -> set[tuple]:
    import datetime as dt
    k = at.astimezone(dt.timezone.utc).replace(tzinfo=None)
    rows = frame.filter((pl.col("known_from") <= k) & (k < pl.col("known_to"))).drop("known_from", "known_to")
    rows = rows.with_columns(pl.col(c).cast(pl.Int64).alias(c) for c in rows.columns if rows.schema[c] == pl.Datetime("us"))
    out = []
    for row in rows.iter_rows(named=True):
        out.append(row)
    return out


def _us(v):
    import datetime as dt
    if isinstance(v, dt.datetime):
        return int((v - dt.datetime(1970, 1, 1)) / dt.timedelta(microseconds=1))
    if isinstance(v, list):
        return tuple(v)
    return v


def compare(engine) -> list[str]:
    facts = fold_of(engine)
    if facts is None:
        return []
    problems = []
    with engine.begin() as connection:
        moments = list(connection.execute(text("select distinct received_at from landing.export_file order by 1")).scalars())
        bits = {"ii06": 1, "qd766": 2, "opencps": 4, "opencps_v1": 8, "opencps_v2": 16}
        for at in moments:
            run_file(connection, "core/derive_dossiers.sql", codes=None, known_at=at)
            run_file(connection, "core/derive_stages.sql", codes=None, known_at=at)
            sql = {}
            cols = [c for c in facts.dossiers.columns if c not in ("known_from", "known_to")]
            want = {tuple(_us(v) for v in r) for r in connection.execute(text(f"select {', '.join(cols)} from derived_dossier"))}
            got = {tuple(_us(v) for v in (r[c] for c in cols)) for r in _as_known(facts.dossiers, at)}
            sql["dossiers"] = (cols, want, got)
            cols = ["dossier_code", "span_number", "valid_from", "valid_to", "status", "state", "due_at"]
            want = {
                tuple(_us(v) for v in r)
                for r in connection.execute(text(
                    "select d.dossier_code, x.n, x.valid_from, nullif(x.valid_to, 'infinity'), x.status, x.state, x.due_at from derived_dossier d"
                    " cross join lateral unnest(d.spans) with ordinality as x (valid_from, valid_to, status, state, due_at, n)"))
            }
            got = {tuple(None if v == _NEVER else _us(v) for v in (r[c] for c in cols)) for r in _as_known(facts.spans, at)}
            sql["spans"] = (cols, want, got)
            cols = ["dossier_code", "rule_set", "event_on", "kind", "quantity"]
            want = {tuple(r) for r in connection.execute(text(
                "select d.dossier_code, r.rule_set, e.event_on, e.kind, e.quantity from derived_dossier d cross join core.rule_set r"
                " cross join lateral core.rule_event(r.rule_set, d.received_at, d.spans, d.limit_due_at) e"))}
            got = {(r["dossier_code"], name, r["event_on"], r["kind"], r["quantity"]) for r in _as_known(facts.events, at) for name, bit in bits.items() if r["rule_sets"] & bit}
            sql["events"] = (cols, want, got)
            cols = ["dossier_code", "stage_number", "status", "department", "began_at", "until_at", "is_ended", "working_minutes", "began_working_minute", "unit_code", "received_on"]
            want = {tuple(_us(v) for v in r) for r in connection.execute(text(f"select {', '.join(cols)} from derived_stage"))}
            got = {tuple(_us(v) for v in (r[c] for c in cols)) for r in _as_known(facts.stages, at)}
            sql["stages"] = (cols, want, got)
            cols = ["dossier_code", "source", "kind", "old_value", "new_value", "old_status", "new_status", "last_seen_before", "first_seen_at"]
            want = {tuple(_us(v) for v in r) for r in connection.execute(text(f"select {', '.join(cols)} from history.edit((select array_agg(distinct dossier_code) from history.dossier_version), cast(:at as timestamptz))"), {"at": at})}
            got = {tuple(_us(v) for v in (r[c] for c in cols)) for r in _as_known(facts.edits, at)}
            sql["edits"] = (cols, want, got)
            for what, (cols, want, got) in sql.items():
                if want != got:
                    problems.append(f"{what} at {at}: {cols}\n  sql only:  {sorted(want - got, key=str)[:3]}\n  fold only: {sorted(got - want, key=str)[:3]}")
            connection.execute(text("drop table derived_dossier, derived_stage"))
            if problems:
                break
    return problems


def test_fold_equals_sql(benches: tuple[Bench, Bench]) -> None:
    bench, _ = benches

    @_law(30)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        bench.empty()
        bench.take(files, data.draw(arrangements(len(files))), arrived_when_exported=data.draw(st.booleans()))
        problems = compare(bench.engine)
        assert not problems, "\n".join(problems)

    law()
