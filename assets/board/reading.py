"""The warehouse as the board reads it: one state for a whole page, as the person who asks, and what was read kept for a while.

A page is one transaction that sees one state, so that a load during it shows nothing half published. Rows are kept until
something has changed, and a little longer where pages of the state before are given (`prepared.py`). Not here: what is asked
(`warehouse_sql/board`), who may (`access`).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from assets.board.access.viewer import EVERYBODY
from assets.board.prepared import Prepared, Published
from warehouse_sql.sql_files import prepared, statements_of_file

#: The server says within ten seconds that something was changed outside a run; and after so long rows are read again anyway.
KEPT_SECONDS = 3600.0
_MOST_KEPT, _MOST_ROWS = 2000, 5000
# Policies of the tables ask for the viewer; statements are planned for the very values asked for: a choice of one unit is not one
# of all units.
_AS_VIEWER = (
    "select set_config('motcua.viewer', :viewer, true) as viewer,"
    " set_config('plan_cache_mode', 'force_custom_plan', true) as planned"
)
_WITHIN = text("select set_config('statement_timeout', :left, true)")
_STATE = text("select p.state, p.alerts from mart.published() as p")
# One question in place of three: each costs as much as a small figure. Who may see all is asked once the viewer is set.
_OPENED = text(
    f"with v as materialized ({_AS_VIEWER}) select p.horizon, p.updated_at, p.state, p.alerts,"
    " case when v.viewer is not null then ops.sees_every_unit() end as sees_all"
    " from v cross join mart.published() as p"
)
# People take alerts on all day, which changes no figure: rows of statements that name this table are kept by themselves.
_ALERTS = "ops.alert"
Row = Mapping[str, Any]
Value = TypeVar("Value")


_CANCELLED = "57014"  # query_canceled


class NotKeptError(LookupError):
    """A page of the state before needs rows that are not kept."""


class TooSlowError(TimeoutError):
    """A page could not be read within the time that it was given."""


@dataclass
class Kept:
    """Rows that were read, by question, parameters, person and state; the longest unused go first."""

    prepared: Prepared = field(default_factory=Prepared)
    _rows: OrderedDict[Any, tuple[float, list[Row]]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Any) -> list[Row] | None:
        """Returns the rows, None when they are not kept any more."""
        with self._lock:
            at, rows = self._rows.get(key, (0.0, None))
            if rows is None or time.monotonic() - at > KEPT_SECONDS:
                self._rows.pop(key, None)
                return None
            self._rows.move_to_end(key)
            return rows

    def forget_alerts(self) -> None:
        """Forgets alerts in whatever state, after one was changed here: the server counts that only some seconds later."""
        with self._lock:
            for key in [key for key in self._rows if _ALERTS in key[0]]:
                del self._rows[key]

    def keep(self, key: Any, rows: list[Row]) -> None:
        """Keeps rows, if they are not too many."""
        if len(rows) > _MOST_ROWS:
            return
        with self._lock:
            self._rows[key] = (time.monotonic(), rows)
            while len(self._rows) > _MOST_KEPT:
                self._rows.popitem(last=False)


@dataclass(frozen=True)
class Reader:
    """Reads for one page, in one state of the warehouse, as one person.

    `shares`: with whom rows are shared that were read: everybody who sees all units, or the one account.
    `opened`: None for a page of the state before, of which there is nothing but what is kept.
    `before`: the reader of the state before, while pages of this one are prepared. `again`: rows are read though they are kept.
    `until`: when by the monotonic clock it gives up, None: never.
    """

    opened: Connection | None
    shares: str
    published: Published
    kept: Kept
    before: Reader | None = None
    again: bool = False
    until: float | None = None

    @property
    def connection(self) -> Connection:
        """The transaction. Raises NotKeptError for a page of the state before."""
        if self.opened is None:
            raise NotKeptError
        return self.opened

    def rows(self, file: str, /, **parameters: Any) -> list[Row]:
        """Returns the rows of warehouse_sql/`file`, which may have parameters that the file does not name."""
        (statement,) = statements_of_file(file)
        return self.ask(statement, parameters)

    def ask(self, statement: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Returns the rows of a statement.

        Raises KeyError when a parameter is missing, DBAPIError when it fails, NotKeptError for a page of the state before,
        TooSlowError where there is no time.
        """
        clause, names = prepared(statement)
        given = {name: parameters[name] for name in sorted(names)}
        alerts = self.published.alerts if _ALERTS in statement else None
        key = (statement, _hashable(given), self.shares, self.published.state, alerts)
        kept = None if self.again else self.kept.get(key)
        if kept is None:
            self._hurry()
            kept = [dict(row) for row in self.connection.execute(clause, given).mappings()]
            self.kept.keep(key, kept)
        return kept

    def once(self, name: str, make: Callable[[], Value]) -> Value:
        """Returns what is made of the warehouse for all who look, which is kept until something has changed."""
        key = (name, EVERYBODY, self.published.state)
        if not self.again and (kept := self.kept.get(key)):
            made: Value = kept[0][name]
            return made
        value = make()
        self.kept.keep(key, [{name: value}])
        return value

    @contextmanager
    def within(self, seconds: float) -> Iterator[Reader]:
        """Gives a reader that has so long, in a part of the transaction. Raises TooSlowError where it is not enough."""
        try:
            with self.connection.begin_nested():
                yield replace(self, until=time.monotonic() + seconds)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _CANCELLED:
                raise TooSlowError from error
            raise

    def _hurry(self) -> None:
        if self.until is None:
            return
        left = round(1000 * (self.until - time.monotonic()))
        if left <= 0:
            raise TooSlowError
        self.connection.execute(_WITHIN, {"left": str(left)})

    def units_within(self, code: str | None, valid_from: date | None) -> list[int] | None:
        """Returns the keys of the units within a unit, None for all units."""
        if code is None:
            return None
        rows = self.ask(
            "select unit_key from mart.unit_within(:code, cast(:valid_from as date)) order by unit_key",
            {"code": code, "valid_from": valid_from},
        )
        return [row["unit_key"] for row in rows]


def _hashable(parameters: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (name, tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value)
        for name, value in parameters.items()
    )


@contextmanager
def reading(engine: Engine, viewer: str, kept: Kept) -> Iterator[Reader]:
    """Opens a transaction that sees one state of the warehouse and what the viewer may see (`ops.viewer`)."""
    with engine.connect() as opened:
        before = _state_now(opened)
        connection = opened.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            row = connection.execute(_OPENED, {"viewer": viewer}).one()
            # Changes outside a run are counted whatever the transaction sees: if one came as it began, its rows may be older than
            # the count says, and are kept for nobody else.
            reader = Reader(
                connection,
                EVERYBODY if row.sees_all else viewer,
                Published(row.horizon, row.updated_at, row.state, row.alerts),
                kept if (row.state, row.alerts) == before else Kept(),
            )
            yield replace(reader, before=_before(reader, kept))


def _before(reader: Reader, kept: Kept) -> Reader | None:
    """Returns the reader of the state before, None where pages of this one are prepared, or too much time has gone by.

    What one may see who does not see every unit is asked each time: pages are prepared for nobody of them.
    """
    published = kept.prepared.before(reader.published.state, reader.published.alerts)
    if published is None or reader.shares != EVERYBODY:
        return None
    return Reader(None, EVERYBODY, published, kept)


def _state_now(opened: Connection) -> tuple[str, str]:
    """Returns what changes when anything does that pages show: figures, and alerts."""
    with opened.execution_options(isolation_level="AUTOCOMMIT").begin():
        row = opened.execute(_STATE).one()
    return row.state, row.alerts


def as_viewer(connection: Connection, viewer: str, is_read_only: bool = True) -> None:
    """Makes the transaction one of that viewer."""
    if not is_read_only:
        connection.execute(text("set transaction read write"))
    connection.execute(text(_AS_VIEWER), {"viewer": viewer})
