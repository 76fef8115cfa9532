"""The one list of attributes against the warehouse: columns, types, meanings, and what counts as news.

A change that a comparison forgets would be "unchanged" for ever, without a word: each attribute is changed alone here.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine, text

from assets.exports.publish import name_run_files, take_in_rows
from assets.exports.staging import staged_frame
from assets.sources.canonical import (
    CONTENT_COLUMNS,
    DOSSIER_ATTRIBUTES,
    DOSSIER_SCHEMA,
    STEP_ATTRIBUTES,
    STEP_SCHEMA,
    Attribute,
)
from tests.worlds import World, national, provincial
from warehouse_sql.frames import copy_frame
from warehouse_sql.sql_files import run_file

_ROOT = Path(__file__).parents[2]
_NEWS = tuple(each.name for each in DOSSIER_ATTRIBUTES if each.is_news)
_STEP_NEWS = tuple(each.name for each in STEP_ATTRIBUTES if each.is_news)
_MORNING = datetime(2023, 7, 17, 8)
_ONE = {
    pl.String: "một",
    pl.Int16: 2,
    pl.Int64: 10_000,
    pl.Float64: 1.5,
    pl.Boolean: False,
    pl.Datetime("us"): _MORNING,
}
_OTHER = {
    pl.String: "hai",
    pl.Int16: 3,
    pl.Int64: 0,
    pl.Float64: 0.5,
    pl.Boolean: True,
    pl.Datetime("us"): _MORNING + timedelta(minutes=1),
}
_JSON = {"một": '[{"requested_at": null}]', "hai": "[]"}
#: What the history keeps of a statement besides what it says.
_OF_A_STATEMENT = {
    *("version_id", "source", "dossier_code", "effective_from", "state_at", "state_rank", "file_rank"),
    *("known_from", "loaded_at", "file_id", "sheet", "row_number", "flags"),
}
#: News that is no column of core.fct_dossier, and what is made of it.
_MADE_INTO = {
    "procedure_name": "procedure_code, by core.procedure_resolution",
    "field_code": "the field of an inferred procedure, core.dim_procedure",
    "field_name": "the field of an inferred procedure, core.dim_procedure",
    "unit_name": "unit_code, by core.unit_resolution",
    "supplement_requested_at": "spans, core.fct_dossier_span",
    "supplements": "spans, core.fct_dossier_span",
    "ended_has_clock": "which day or moment was the end, by the fold",
    "other_code": "links between codes of one dossier, by the fold",
}
#: Columns of core.fct_dossier that are worked out of all statements and mean more than what one source says.
_WORKED_OUT = {
    "status",
    "channel",
    "procedure_code",
    "unit_code",
    "received_at",
    "due_at",
    "due_has_clock",
    "ended_at",
    "refused_at",
}


def _value(attribute: Attribute, values: dict[Any, Any]) -> Any:
    value = values[attribute.type]
    return _JSON[value] if attribute.is_json else value


def _code(place: int) -> str:
    return f"000.26.33.H01-230717-{place:04}"


def _rows(attributes: tuple[Attribute, ...], change: object = None) -> list[dict[str, Any]]:
    """Returns a row of a dossier for every attribute; each row has another value in its own one, given by `change`."""
    rows = []
    for place, own in enumerate(attributes):
        row = {each.name: _value(each, _ONE) for each in attributes}
        if change == "null":
            row[own.name] = None
        elif change == "other":
            row[own.name] = _value(own, _OTHER)
        rows.append({"sheet": None, "row_number": place + 1, "dossier_code": _code(place)} | row)
    return rows


def _take_in(engine: Engine, day: int, rows: list[dict[str, Any]], kind: str = "dossiers") -> dict[str, str]:
    """Takes rows in as a file exported on that day of July 2023; returns the attribute's verdict by dossier code."""
    exported_at, sha256 = datetime(2023, 7, day, 18, 30), f"{day:064}"
    schema = DOSSIER_SCHEMA if kind == "dossiers" else STEP_SCHEMA
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    with engine.begin() as connection:
        file_id = connection.execute(
            text(
                "insert into landing.export_file (source, path, sha256, kind, size_bytes, modified_ns, exported_at,"
                " received_at, loaded_at, status, columns) values ('dvcqg', :sha256, :sha256, :kind, 1, 1, :at, :at, :at,"
                " 'loaded', :columns) returning file_id"
            ),
            {"sha256": sha256, "kind": kind, "at": exported_at, "columns": list(CONTENT_COLUMNS)},
        ).scalar_one()
        connection.execute(text("delete from landing.staged_row"))
        staged = staged_frame(frame, kind, "dvcqg", exported_at, 1, 1)
        copy_frame(connection, staged, "landing.staged_row", staged.columns)
        name_run_files(connection, {1: file_id})
        run_file(connection, "landing/mark_duplicates.sql")
        take_in_rows(connection)
        verdicts = connection.execute(
            text(
                "select dossier_code, coalesce(verdict, case when w.staged_id is null then 'unchanged' else 'news' end)"
                " as verdict from landing.staged_row as r left join staged_news as w on r.staged_id = w.staged_id"
                " order by row_number"
            )
        )
        return {row.dossier_code: row.verdict for row in verdicts}


def _columns(engine: Engine, table: str) -> dict[str, tuple[str, str | None]]:
    """Returns type and comment of every column."""
    with engine.connect() as connection:
        return {
            row.attname: (row.type.replace(" without time zone", ""), row.comment)
            for row in connection.execute(
                text(
                    "select attname, format_type(atttypid, atttypmod) as type, col_description(attrelid, attnum) as comment"
                    " from pg_attribute where attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped"
                ),
                {"table": table},
            )
        }


@pytest.mark.parametrize("change", ["other", "null"])
def test_a_dossier_that_differs_in_one_attribute_alone_is_news_where_the_list_says_so(
    warehouse: Engine, change: str
) -> None:
    rows = _rows(DOSSIER_ATTRIBUTES)
    assert set(_take_in(warehouse, 17, rows).values()) == {"news"}
    assert set(_take_in(warehouse, 18, rows).values()) == {"unchanged"}
    changed = _rows(DOSSIER_ATTRIBUTES, change)
    if change == "null":  # the gate lets nothing in without a status
        changed = [{**row, "status": row["status"] or 3} for row in changed]
    verdicts = _take_in(warehouse, 19, changed)
    assert {each.name: verdicts[_code(n)] for n, each in enumerate(DOSSIER_ATTRIBUTES)} == {
        each.name: "news" if each.is_news else "unchanged" for each in DOSSIER_ATTRIBUTES
    }
    with warehouse.connect() as connection:
        counts = connection.execute(
            text(
                "select dossier_code, count(*) from history.dossier_version group by dossier_code order by 1"
            )
        ).all()
    assert [n for _, n in counts] == [2 if each.is_news else 1 for each in DOSSIER_ATTRIBUTES]


def test_a_statement_is_kept_as_it_was_read_also_where_a_late_file_makes_its_repeat_a_statement(
    warehouse: Engine,
) -> None:
    rows, others = _rows(DOSSIER_ATTRIBUTES), _rows(DOSSIER_ATTRIBUTES, "other")
    _take_in(warehouse, 17, rows)
    assert set(_take_in(warehouse, 19, rows).values()) == {"unchanged"}
    _take_in(warehouse, 18, others)
    columns = ", ".join(f"v.{name}::text" if name == "supplements" else f"v.{name}" for name in _NEWS)
    with warehouse.connect() as connection:
        kept = connection.execute(
            text(f"select {columns} from history.dossier_version as v order by dossier_code, effective_from")
        ).all()
    expected = []
    for own, row, other in zip(DOSSIER_ATTRIBUTES, rows, others, strict=True):
        statements = [row, other, row] if own.is_news else [row]
        expected += [tuple(statement[name] for name in _NEWS) for statement in statements]
    assert [tuple(row) for row in kept] == expected


def test_a_step_that_differs_in_one_attribute_alone_is_another_step_where_the_list_says_so(
    warehouse: Engine,
) -> None:
    rows = _rows(STEP_ATTRIBUTES)
    assert set(_take_in(warehouse, 17, rows, "steps").values()) == {"news"}
    assert set(_take_in(warehouse, 18, rows, "steps").values()) == {"unchanged"}
    expected = {_code(n): "news" if each.is_news else "unchanged" for n, each in enumerate(STEP_ATTRIBUTES)}
    assert _take_in(warehouse, 19, _rows(STEP_ATTRIBUTES, "other"), "steps") == expected
    again = [{**row, "row_number": len(rows) + n} for n, row in enumerate(_rows(STEP_ATTRIBUTES, "null"), 1)]
    verdicts = _take_in(warehouse, 20, [*rows, *again], "steps")
    assert verdicts == {
        code: {"unchanged": "duplicate"}.get(verdict, verdict) for code, verdict in expected.items()
    }
    columns = ", ".join(_STEP_NEWS)
    with warehouse.connect() as connection:
        kept = connection.execute(
            text(f"select {columns} from history.process_step order by dossier_code, effective_from limit 1")
        ).one()
    assert tuple(kept) == tuple(rows[0][name] for name in _STEP_NEWS)


def test_a_row_waits_for_the_gate_with_all_columns_of_a_reading_and_of_their_types(warehouse: Engine) -> None:
    columns = _columns(warehouse, "landing.staged_row")
    assert set(DOSSIER_SCHEMA) | set(STEP_SCHEMA) <= set(columns)
    for each in (*DOSSIER_ATTRIBUTES, *STEP_ATTRIBUTES):
        assert columns[each.name][0] == each.sql_type, each.name


def test_the_history_keeps_what_is_news_and_nothing_else_and_says_what_it_means(warehouse: Engine) -> None:
    columns = _columns(warehouse, "history.dossier_version")
    assert set(columns) - _OF_A_STATEMENT == set(_NEWS)
    for each in DOSSIER_ATTRIBUTES:
        if each.is_news:
            assert columns[each.name] == (each.sql_type, f"{each.en}.\n{each.vi}."), each.name
    steps = _columns(warehouse, "history.process_step")
    assert set(steps) - _OF_A_STATEMENT == set(_STEP_NEWS)
    for each in STEP_ATTRIBUTES:
        if each.is_news:
            assert steps[each.name] == (each.sql_type, f"{each.en}.\n{each.vi}."), each.name


def test_every_attribute_is_used(warehouse: Engine) -> None:
    columns = _columns(warehouse, "core.fct_dossier")
    assert set(_NEWS) - set(columns) == set(_MADE_INTO)
    for each in DOSSIER_ATTRIBUTES:
        if each.name in set(_NEWS) & set(columns):
            assert columns[each.name][0] == each.sql_type, each.name
        if each.name in set(_NEWS) & set(columns) - _WORKED_OUT:
            assert columns[each.name][1] == f"{each.en}.\n{each.vi}.", each.name


def test_no_statement_lists_by_hand_all_that_is_news() -> None:
    """Statements name them together, every_attribute, so that none can be forgotten."""
    listed = {
        file.name
        for file in sorted((_ROOT / "warehouse_sql").rglob("*.sql"))
        if "migrations" not in file.parts
        for row in re.findall(r"((?:\b\w\.\w+,\s*){10,})", file.read_text(encoding="utf-8"))
        if {"supplements", "channel", "fee_amount"} <= set(re.findall(r"\w\.(\w+)", row))
    }
    assert listed == set()


def test_whether_the_result_goes_by_post_reaches_the_list_of_open_dossiers(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    world.say_national("2023-07-17 18:30", national(HinhThuc="1"))
    world.say_provincial("2023-07-18 18:30", provincial())  # knows nothing of it
    world.run()
    assert world.ask("select result_by_post from core.fct_dossier") == [(True,)]
    assert world.ask("select result_by_post from mart.open_dossier") == [(True,)]
    world.say_national("2023-07-19 18:30", national(HinhThuc="0"))
    world.run()
    assert world.ask("select result_by_post from mart.open_dossier") == [(False,)]
