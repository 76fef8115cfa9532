"""Room of dead rows is given back at the end of a run, so that a table that is written again each night does not grow."""

from __future__ import annotations

from sqlalchemy import Engine, text

from warehouse_sql.dead_rows import vacuum_where_due

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


def _write(engine: Engine, statements: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statements))
        connection.execute(text("select pg_stat_force_next_flush()"))
    engine.dispose()  # what a session has counted is with the server when it ends


def _size(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"select pg_total_relation_size('{_TABLE}')")).scalar_one())
