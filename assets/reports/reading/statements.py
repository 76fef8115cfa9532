"""How a report is read: rows of statements in warehouse_sql/report/, by one connection or by two that see the same snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from warehouse_sql.sql_files import run_file, statements_of_file

Row = Mapping[str, Any]
#: Rows of a statement, with parameters besides the report's own.
Read = Callable[..., Sequence[Row]]
#: What needs no events of the report: about half of the reading. The last once it is known how long lists are.
_BESIDE = (
    "report/step.sql",
    "report/received.sql",
    "report/near.sql",
    "report/batch_base.sql",
    "report/batch.sql",
    "report/edited.sql",
)
_BESIDE_LAST = ("report/near_list.sql",)
MEMORY = "report/memory.sql"


@contextmanager
def reading_beside(
    connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]
) -> Iterator[Read]:
    """Rows of each statement; _BESIDE is read beside the rest, by a second connection that sees the same snapshot.

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
        found = {file: thread.submit(rows_of, other, file, fixed) for file in _BESIDE}

        def read(file: str, **more: Any) -> list[Row]:
            if file in found:
                prepared.result()
                return found[file].result()
            if file in _BESIDE_LAST:
                return thread.submit(rows_of, other, file, {**fixed, **more}).result()
            return rows_of(connection, file, {**parameters, **more})

        try:
            yield read
        finally:
            thread.shutdown(cancel_futures=True)
            other.rollback()


@contextmanager
def reading_alone(connection: Connection, parameters: Mapping[str, Any]) -> Iterator[Read]:
    """Rows of each statement, all of them by the one connection."""
    yield lambda file, **more: rows_of(connection, file, {**parameters, **more})


def run_files(connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]) -> None:
    """Makes the tables and views of a report, in this order."""
    for file in files:
        run_file(connection, file, **parameters)


def rows_of(connection: Connection, file: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Returns the rows of the one query in warehouse_sql/`file`."""
    (statement,) = statements_of_file(file)
    return [dict(row) for row in connection.execute(text(statement), dict(parameters)).mappings()]
