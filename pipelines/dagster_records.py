"""Dagster's records in SQLite, written through connections that stay open for a run.

Here: the storage that a run in this process uses on the files of Dagster's home; they stay as Dagster made them, and
Dagster's own processes read and write them meanwhile. Not here: what is recorded.

Dagster's own storage makes an engine, opens a file and closes it again for every event and every table that the event
changes, and the last connection to close makes a checkpoint: 5 to 25 ms an event, more on a busy disk. A connection that
stays open needs 2 ms.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

from warehouse_sql.messages import message

_POSTGRES = "PostgresRecords"


class RecordsError(RuntimeError):
    """Dagster's records can't be opened. The message is one Vietnamese sentence."""


class _KeptEngines:
    """An engine for each file, made at the first use and disposed of all together."""

    def __init__(self) -> None:
        self._by_address: dict[str, Engine] = {}
        self._lock = threading.Lock()

    def of(self, address: str) -> Engine:
        """Returns the engine of a file."""
        with self._lock:
            if address not in self._by_address:
                engine = create_engine(
                    address,
                    connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
                )
                event.listen(engine, "connect", _sync_at_checkpoints)
                self._by_address[address] = engine
            return self._by_address[address]

    def dispose(self) -> None:
        """Closes all connections."""
        with self._lock:
            for engine in self._by_address.values():
                engine.dispose()
            self._by_address.clear()


def _sync_at_checkpoints(connection: Any, _: Any) -> None:
    """A loss of power may lose the last events, never the file (write-ahead log)."""
    connection.execute("pragma synchronous = normal")


class _KeptRuns(SqliteRunStorage):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._engines = _KeptEngines()
        super().__init__(*arguments, **named)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        with self._engines.of(self._conn_string).begin() as connection:
            yield connection

    def dispose(self) -> None:
        super().dispose()
        self._engines.dispose()


class _KeptEvents(SqliteEventLogStorage):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._engines = _KeptEngines()
        super().__init__(*arguments, **named)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.of(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def dispose(self) -> None:
        super().dispose()
        self._engines.dispose()


class KeptSqliteStorage(DagsterSqliteStorage):
    """Dagster's storage in SQLite with connections to runs and events that stay open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Not that of DagsterSqliteStorage itself, which opens the same files in its own way.
        super(DagsterSqliteStorage, self).__init__()  # type: ignore[no-untyped-call]
        self.base_dir = base_dir
        history = Path(base_dir) / "history"
        self._run_storage = _KeptRuns.from_local(str(history))
        self._event_log_storage = _KeptEvents(str(history / "runs"))
        self._schedule_storage = SqliteScheduleStorage.from_local(str(Path(base_dir) / "schedules"))
        self._inst_data = inst_data

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptSqliteStorage:
        """Returns the storage in the folder that the configuration names."""
        return cls(inst_data=inst_data, **config_value)


def open_records(home: Path) -> dg.DagsterInstance:
    """Returns Dagster's instance of that home; where its records are in SQLite, they are written as told above.

    An office whose dagster.yaml keeps records elsewhere gets what it chose. Raises RecordsError where a server that keeps
    them can't be used.
    """
    reference = InstanceRef.from_dir(str(home))
    storage = reference.storage_data
    if storage is not None and storage.class_name == DagsterSqliteStorage.__name__:
        kept = ConfigurableClassData(__name__, KeptSqliteStorage.__name__, storage.config_yaml)
        reference = reference._replace(storage_data=kept)
    try:
        return dg.DagsterInstance.from_ref(reference)
    except Exception as error:
        if storage is None or storage.class_name != _POSTGRES:
            raise
        raise RecordsError(
            message(
                "Không mở được nơi Dagster ghi các lần chạy (MOTCUA_DAGSTER_URL): {reason} Hãy kiểm tra máy chủ và biến đó.",
                reason=" ".join(str(error.__cause__ or error).split()),
            )
        ) from error


def upgrade_records(home: Path) -> None:
    """Brings the records of an older version of Dagster to the form of this one; makes them where there are none."""
    with open_records(home) as instance:
        instance.upgrade()
