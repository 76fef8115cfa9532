"""How a report is read: rows of mart/report_NAME.sql, by one connection or by two that see the same snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from warehouse_sql.warehouse import run_file, statements_of_file

Row = Mapping[str, Any]
#: Rows of mart/report_NAME.sql, with parameters besides the report's own.
Read = Callable[..., Sequence[Row]]
#: What needs no events of the report: about half of the reading. The last once it is known how long lists are.
_BESIDE = ("step", "received", "near", "batch_base", "batch", "edited")
_BESIDE_LAST = ("near_list",)
MEMORY = "mart/report_memory.sql"


@contextmanager
def reading_beside(
    connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]
) -> Iterator[Read]:
    """Rows by topic; _BESIDE is read beside the rest, by a second connection that sees the same snapshot.

    `files` make what the second connection reads.
    """
    snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
    fixed = dict(parameters)  # the rest goes on adding to them
    options = {"isolation_level": "REPEATABLE READ"}
    # One thread: what is handed to it is done in order, and a connection belongs to one thread at a time.
    with (
        connection.engine.connect().execution_options(**options) as other,
        ThreadPoolExecutor(max_workers=1) as thread,
    ):

        def prepare() -> None:
            other.exec_driver_sql(f"set transaction snapshot '{snapshot}'")
            run_files(other, (MEMORY, *files), fixed)

        prepared = thread.submit(prepare)
        found = {name: thread.submit(rows_of, other, name, fixed) for name in _BESIDE}

        def read(name: str, **more: Any) -> list[Row]:
            if name in found:
                prepared.result()
                return found[name].result()
            if name in _BESIDE_LAST:
                return thread.submit(rows_of, other, name, {**fixed, **more}).result()
            return rows_of(connection, name, {**parameters, **more})

        try:
            yield read
        finally:
            thread.shutdown(cancel_futures=True)
            other.rollback()


@contextmanager
def reading_alone(connection: Connection, parameters: Mapping[str, Any]) -> Iterator[Read]:
    """Rows by topic, all of them by the one connection."""
    yield lambda name, **more: rows_of(connection, name, {**parameters, **more})


def report_files(*names: str) -> tuple[str, ...]:
    """mart/report_NAME.sql of each."""
    return tuple(f"mart/report_{name}.sql" for name in names)


def run_files(connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]) -> None:
    """Makes the tables and views of a report, in this order."""
    for file in files:
        run_file(connection, file, **parameters)


def rows_of(connection: Connection, name: str, parameters: Mapping[str, Any]) -> list[Row]:
    """What the one query of mart/report_NAME.sql gives."""
    (statement,) = statements_of_file(f"mart/report_{name}.sql")
    return [dict(row) for row in connection.execute(text(statement), dict(parameters)).mappings()]
