"""Room of dead rows is given back at the end of a run, so that a table that is written again each night does not grow."""

from __future__ import annotations

import time
from threading import Timer

import pytest
from sqlalchemy import Engine, text

from warehouse_sql import dead_rows
from warehouse_sql.dead_rows import vacuum_where_due
from warehouse_sql.engine import open_engine

_TABLE = "ops.setting"
_NIGHTS = 12


def test_a_table_whose_rows_are_written_again_each_night_stops_growing(warehouse: Engine) -> None:
    _write(
        warehouse,
        "insert into ops.setting select 'n' || n, repeat('x', 200) from generate_series(1, 2000) as n",
    )
    sizes = []
    for night in range(_NIGHTS):
        _write(warehouse, f"update ops.setting set value = repeat('{night % 10}', 200) where name like 'n%'")
        assert _TABLE in vacuum_where_due(warehouse)
        sizes.append(_size(warehouse))
    assert sizes[-1] <= sizes[1]
    assert _TABLE not in vacuum_where_due(warehouse)


def test_a_large_table_that_was_written_again_whole_becomes_as_small_as_before(warehouse: Engine) -> None:
    before = _written_again(warehouse)
    assert _size(warehouse) > 1.8 * before
    assert _TABLE in vacuum_where_due(warehouse)
    assert _size(warehouse) <= 1.1 * before


def test_one_that_somebody_has_for_a_moment_is_waited_for(warehouse: Engine) -> None:
    """As autovacuum has it."""
    before = _written_again(warehouse)
    other = warehouse.connect()
    other.execute(text(f"lock table {_TABLE} in share update exclusive mode"))
    Timer(0.3, other.close).start()
    vacuum_where_due(warehouse)
    assert _size(warehouse) <= 1.1 * before


def test_one_that_is_being_read_for_long_is_given_its_room_as_it_is(
    warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_rows, "_PATIENCE", "200ms")
    _written_again(warehouse)
    size = _size(warehouse)
    with warehouse.connect() as reader:
        reader.execute(text(f"lock table {_TABLE} in access share mode"))
        assert _TABLE in vacuum_where_due(warehouse)
    _write(warehouse, "update ops.setting set value = repeat('z', 1000) where name like 'n%'")
    assert _size(warehouse) <= 1.1 * size


def test_one_with_rows_that_a_transaction_elsewhere_might_see_is_given_its_room_as_it_is(
    warehouse: Engine,
) -> None:
    elsewhere = open_engine(warehouse.url.set(database="postgres").render_as_string(hide_password=False))
    with elsewhere.connect() as other:
        other.execute(text("select pg_current_xact_id()"))
        _written_again(warehouse, is_seen_by_all=False)
        size = _size(warehouse)
        assert _TABLE in vacuum_where_due(warehouse)
    elsewhere.dispose()
    _write(warehouse, "update ops.setting set value = repeat('z', 1000) where name like 'n%'")
    assert _size(warehouse) <= 1.1 * size


def test_what_is_not_due_is_left_alone_and_so_are_tables_of_others(warehouse: Engine) -> None:
    _write(
        warehouse,
        "create schema theirs; create table theirs.rows as select n from generate_series(1, 1000) as n;"
        " update theirs.rows set n = n + 1;"
        " insert into ops.setting select 'n' || n, '' from generate_series(1, 2000) as n;"
        " analyze ops.setting; update ops.setting set value = 'x' where name < 'n11'",
    )
    vacuumed = vacuum_where_due(warehouse)
    assert not {_TABLE, "theirs.rows"} & {*vacuumed}


def _written_again(engine: Engine, is_seen_by_all: bool = True) -> int:
    """Writes a large table, and all of it again; returns its size in bytes before that.

    `is_seen_by_all`: no transaction on the server, of whatever test, began before. One would keep the dead rows.
    """
    _write(
        engine,
        "insert into ops.setting select 'n' || n, repeat('x', 1000) from generate_series(1, 10000) as n",
    )
    size = _size(engine)
    _write(engine, "update ops.setting set value = repeat('y', 1000) where name like 'n%'")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        written = connection.execute(
            text("select max(cast(cast(xmin as text) as bigint)) from ops.setting")
        ).scalar_one()
        oldest = text("select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)")
        while is_seen_by_all and connection.execute(oldest).scalar_one() <= written:
            time.sleep(0.01)
    return size


def _write(engine: Engine, statements: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statements))
        connection.execute(text("select pg_stat_force_next_flush()"))
    engine.dispose()  # what a session has counted is with the server when it ends


def _size(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"select pg_total_relation_size('{_TABLE}')")).scalar_one())
