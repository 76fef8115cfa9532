"""The one lock that a run holds on its warehouse, so that two runs never write at once."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from warehouse_sql.engine import driver_connection
from warehouse_sql.errors import WarehouseError, WarehouseOutOfReachError
from warehouse_sql.messages import message

# "motcua" in the high bytes: one lock for all who write to a warehouse.
_RUN_LOCK = 0x6D6F7463_0001

_POLL_SECONDS = 0.2
_LONGEST_DYING_SECONDS = 30


@contextmanager
def run_lock(
    engine: Engine, wait_seconds: float = 0, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """The one lock of a warehouse, held by a session of its own and freed with it, also by a crash.

    Meanwhile no transaction of the engine begins unless the lock is still held. WarehouseError naming who holds it
    when it is not free within `wait_seconds`, and in `engine.begin()` when it was lost. `waiting` is called once, with a
    sentence on how long it may take, when the lock is not free at once.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        deadline = time.monotonic() + wait_seconds
        while not connection.execute(
            text("select pg_try_advisory_lock(:key)"), {"key": _RUN_LOCK}
        ).scalar_one():
            if time.monotonic() >= deadline:
                raise WarehouseError(_holder(connection))
            if waiting:
                waiting(
                    message(
                        "Một lần chạy khác đang giữ kho; đợi lần chạy đó, tối đa {seconds:number} giây.",
                        seconds=round(wait_seconds),
                    )
                )
                waiting = None
            time.sleep(_POLL_SECONDS)
        held = driver_connection(connection)
        # Never back into the pool: whatever happens, the lock ends with this session.
        connection.detach()
        held.execute("set idle_session_timeout = 0")
        _wait_for_the_dead(connection, deadline)

        def still_held(_: Connection) -> None:
            try:
                held.execute("select 1")
            except psycopg.Error as error:
                raise WarehouseOutOfReachError(_LOST) from error

        # The server may have been started again in between: the pool connects again, and another run may be on its way.
        event.listen(engine, "begin", still_held)
        try:
            yield
        finally:
            event.remove(engine, "begin", still_held)
            with contextlib.suppress(DBAPIError):  # the session is gone, and the lock with it
                connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _RUN_LOCK})


_LOST = message(
    "Kho đã ngắt phiên giữ khóa của lần chạy này (máy chủ khởi động lại giữa chừng?); hãy chạy lại, "
    "việc dở sẽ được làm tiếp."
)


def _wait_for_the_dead(connection: Connection, deadline: float) -> None:
    """A run that was killed may have a commit on its way: until it is through or gone, nothing can be read for sure."""
    while pid := connection.execute(
        text(
            "select min(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and application_name = 'motcua' and backend_xid is not null"
        )
    ).scalar_one():
        if time.monotonic() >= deadline + _LONGEST_DYING_SECONDS:
            raise WarehouseError(
                message(
                    "Phiên {pid} của một lần chạy đã bị ngắt còn đang dở trong kho; hãy đợi ít phút rồi chạy lại.",
                    pid=pid,
                )
            )
        time.sleep(_POLL_SECONDS)


def _holder(connection: Connection) -> str:
    row = connection.execute(
        text(
            "select a.pid, a.application_name, to_char(a.backend_start, 'HH24:MI:SS DD/MM/YYYY') as since"
            " from pg_locks as l inner join pg_stat_activity as a on l.pid = a.pid"
            " where l.locktype = 'advisory' and l.granted and l.objsubid = 1"
            " and l.database = (select oid from pg_database where datname = current_database())"
            " and (l.classid::bigint << 32) | l.objid::bigint = :key"
        ),
        {"key": _RUN_LOCK},
    ).one_or_none()
    if not row:
        return message("Một lần chạy khác đang giữ kho; hãy đợi lần chạy đó xong rồi chạy lại.")
    return message(
        "Một lần chạy khác đang giữ kho (phiên {pid} của {program}, từ {since}); hãy đợi lần chạy đó xong rồi chạy"
        " lại.",
        pid=row.pid,
        program=row.application_name or "?",
        since=row.since,
    )
