"""How a report is read: rows of statements in warehouse_sql/report/, by two connections that see the same snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import Connection, text

from assets.reports.statements.queries import LIST_COUNT, Query, R
from warehouse_sql.sql_files import run_file, statements_of_file

SETTINGS = "report/settings.sql"
_SHOWN = "report/shown.sql"


class Read(Protocol):
    """What gives the rows of a statement, with parameters besides the report's own."""

    def __call__(self, query: Query[R], **more: Any) -> Sequence[R]:
        """Returns its rows."""
        ...


@dataclass(frozen=True)
class Reading:
    """Two connections that see one snapshot. What is handed to the thread of the second one is done in order."""

    here: Connection
    there: Connection
    thread: ThreadPoolExecutor
    parameters: Mapping[str, Any]
    #: What the second connection reads with, and what it reads already, by file.
    fixed: Mapping[str, Any]
    begun: dict[str, Future[list[Any]]]

    def __call__(self, query: Query[R], **more: Any) -> Sequence[R]:
        """Returns the rows of a statement, with parameters besides the report's own."""
        if query.file in self.begun:
            return self.begun[query.file].result()
        return rows_of(self.here, query, {**self.parameters, **more})

    def begin(self, files: Sequence[str], queries: Sequence[Query[Any]], **more: Any) -> None:
        """Has the second connection make the tables of `files` and then read; `more` are parameters besides the report's own."""
        parameters = {**self.fixed, **more}
        made = self.thread.submit(run_files, self.there, files, parameters)
        for query in queries:
            self.begun[query.file] = self.thread.submit(_after, made, self.there, query, parameters)

    def lists(
        self, here: Sequence[Query[Any]], there: Sequence[Query[Any]], **cut: int
    ) -> dict[str, list[Any]]:
        """Returns the rows of every list of dossiers by the file of its statement, as far as `cut` lets them be read; by that of
        LIST_COUNT how many there are. Those of each connection are read by it.
        """
        others = self.thread.submit(_read_lists, self.there, there, {**self.fixed, **cut})
        own = _read_lists(self.here, here, {**self.parameters, **cut})
        both = {**own, **others.result()}
        both[LIST_COUNT.file] = own[LIST_COUNT.file] + others.result()[LIST_COUNT.file]
        return both


def _read_lists(
    connection: Connection, lists: Sequence[Query[Any]], parameters: Mapping[str, Any]
) -> dict[str, list[Any]]:
    run_file(connection, _SHOWN, **parameters)
    return {query.file: rows_of(connection, query, parameters) for query in (LIST_COUNT, *lists)}


@contextmanager
def reading_in_parallel(connection: Connection, parameters: Mapping[str, Any]) -> Iterator[Reading]:
    """Yields what reads statements, some of them by a second connection that sees the same snapshot."""
    snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
    fixed = dict(parameters)  # the rest goes on adding to them
    options = {"isolation_level": "REPEATABLE READ"}
    # One thread: a connection belongs to one thread at a time.
    with (
        connection.engine.connect().execution_options(**options) as other,
        ThreadPoolExecutor(max_workers=1) as thread,
    ):
        other.exec_driver_sql(f"set transaction snapshot '{snapshot}'")
        run_file(other, SETTINGS, **fixed)
        try:
            yield Reading(connection, other, thread, parameters, fixed, {})
        finally:
            thread.shutdown(cancel_futures=True)
            other.rollback()


def _after(
    made: Future[None], connection: Connection, query: Query[R], parameters: Mapping[str, Any]
) -> list[R]:
    """Returns the rows of a statement once its tables are made; raises what went wrong in making them."""
    made.result()
    return rows_of(connection, query, parameters)


def run_files(connection: Connection, files: Sequence[str], parameters: Mapping[str, Any]) -> None:
    """Makes the tables and views of a report, in this order."""
    for file in files:
        run_file(connection, file, **parameters)


def rows_of(connection: Connection, query: Query[R], parameters: Mapping[str, Any]) -> list[R]:
    """Returns the rows of a statement."""
    (statement,) = statements_of_file(query.file)
    rows = connection.execute(text(statement), dict(parameters)).mappings()
    return [cast(R, dict(row)) for row in rows]
