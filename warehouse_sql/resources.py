"""The warehouse as a Dagster resource: one engine a run, and the lock that keeps runs from each other.

No `from __future__ import annotations` here: Dagster reads the annotations of fields.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import dagster as dg
from pydantic import Field, PrivateAttr
from sqlalchemy import Engine

from warehouse_sql.migrate import migrate
from warehouse_sql.tables import Column, TableNote, failing_rows, read_tables
from warehouse_sql.warehouse import WarehouseError, open_engine, run_lock

_SHOWN_ROWS = 20


class WarehouseResource(dg.ConfigurableResource[Any]):
    """The PostgreSQL of a run. Nothing is connected until a step asks for it."""

    url: str | None = Field(default=None, description="Address of the PostgreSQL.")
    lock_wait_seconds: float = Field(default=5, description="How long to wait for another run to end.")

    _engine: Engine | None = PrivateAttr(default=None)
    _is_locked: bool = PrivateAttr(default=False)
    _until_the_end: ExitStack = PrivateAttr(default_factory=ExitStack)

    def address(self) -> str:
        """Where it is. WarehouseError when nobody said it."""
        if self.url is None:
            raise WarehouseError("Chưa có địa chỉ kho; hãy đặt MOTCUA_WAREHOUSE_URL.")
        return self.url

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WarehouseResource"]:
        """Dagster: for as long as the run lasts in this process."""
        with self.until_the_end() as opened:
            yield opened

    @contextmanager
    def until_the_end(self) -> Iterator["WarehouseResource"]:
        """Frees the lock and the connections in the end."""
        with self._until_the_end:
            yield self

    def for_reading(self) -> Engine:
        """The engine, of a warehouse that is up to date."""
        if self._engine is None:
            engine = open_engine(self.address())
            self._until_the_end.callback(engine.dispose)
            migrate(engine)
            self._engine = engine
        return self._engine

    def for_writing(self) -> Engine:
        """The engine, with the run lock held until the run ends. WarehouseError names who else holds it."""
        engine = self.for_reading()
        if not self._is_locked:
            self._until_the_end.enter_context(run_lock(engine, self.lock_wait_seconds))
            self._is_locked = True
        return engine

    def results(
        self, keys: Sequence[Sequence[str]], more: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Iterator[dg.MaterializeResult[Any]]:
        """What Dagster is told of tables (schema, table): rows, columns, and `more` by schema.table."""
        names = [".".join(key) for key in keys]
        with self.for_reading().connect() as connection:
            notes = read_tables(connection, names)
        for key, name in zip(keys, names, strict=True):
            yield dg.MaterializeResult(
                asset_key=key, metadata=_metadata(notes[name]) | {**(more or {}).get(name, {})}
            )

    def check(self, name: str, key: Sequence[str], file: str) -> dg.AssetCheckResult:
        """The check `name`: passed when warehouse_sql/`file` selects nothing; else its rows are shown."""
        with self.for_reading().connect() as connection:
            rows = failing_rows(connection, file)
        shown = [{column: str(value) for column, value in row.items()} for row in rows[:_SHOWN_ROWS]]
        return dg.AssetCheckResult(
            check_name=name,
            asset_key=key,
            passed=not rows,
            metadata={"failing_rows": len(rows)}
            | ({"first_rows": dg.MetadataValue.json(shown)} if rows else {}),
        )


def _metadata(note: TableNote) -> dict[str, Any]:
    return {
        "dagster/row_count": note.row_count,
        "dagster/column_schema": dg.TableSchema(columns=[_column(column) for column in note.columns]),
        "description": note.description or "",
    }


def _column(column: Column) -> dg.TableColumn:
    return dg.TableColumn(
        name=column.name,
        type=column.type,
        description=column.description,
        constraints=dg.TableColumnConstraints(nullable=column.is_nullable),
    )
