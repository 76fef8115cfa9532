"""How a report is read: rows of statements in warehouse_sql/report/, by two connections that see the same snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, cast

from sqlalchemy import Connection, text

from assets.reports.statements.queries import (
    BATCH,
    BATCH_BASE,
    CATALOGUE,
    DEFINITION,
    DELAY,
    EDITED,
    HAND_OVER,
    INDICATOR,
    NEAR,
    NEAR_LIST,
    PAPER,
    PORTAL,
    RECEIVED,
    STEP,
    Query,
    R,
)
from warehouse_sql.sql_files import run_file, statements_of_file

#: What needs no events of the report: about half of the reading. The last once it is known how long lists are.
_PARALLEL: tuple[Query[Any], ...] = (
    *(STEP, RECEIVED, NEAR, BATCH_BASE, BATCH, EDITED, DELAY),
    *(HAND_OVER, PAPER, PORTAL, CATALOGUE, INDICATOR, DEFINITION),
)
_PARALLEL_LAST: tuple[Query[Any], ...] = (NEAR_LIST,)
SETTINGS = "report/settings.sql"


class Read(Protocol):
    """What gives the rows of a statement, with parameters besides the report's own."""

    def __call__(self, query: Query[R], **more: Any) -> Sequence[R]:
        """Returns its rows."""
        ...


@contextmanager
def reading_in_parallel(
    connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]
) -> Iterator[Read]:
    """Rows of each statement; _PARALLEL is read in parallel, by a second connection that sees the same snapshot.

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
            run_files(other, (SETTINGS, *files), fixed)

        prepared = thread.submit(prepare)
        futures: dict[str, Future[list[Any]]] = {
            query.file: thread.submit(rows_of, other, query, fixed) for query in _PARALLEL
        }

        def read(query: Query[R], **more: Any) -> Sequence[R]:
            if query.file in futures:
                prepared.result()
                return futures[query.file].result()
            if query in _PARALLEL_LAST:
                return thread.submit(rows_of, other, query, {**fixed, **more}).result()
            return rows_of(connection, query, {**parameters, **more})

        try:
            yield read
        finally:
            thread.shutdown(cancel_futures=True)
            other.rollback()


def run_files(connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]) -> None:
    """Makes the tables and views of a report, in this order."""
    for file in files:
        run_file(connection, file, **parameters)


def rows_of(connection: Connection, query: Query[R], parameters: Mapping[str, Any]) -> list[R]:
    """Returns the rows of a statement."""
    (statement,) = statements_of_file(query.file)
    rows = connection.execute(text(statement), dict(parameters)).mappings()
    return [cast(R, dict(row)) for row in rows]
