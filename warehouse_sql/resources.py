"""The warehouse as a Dagster resource: one engine a run, and the lock that keeps runs from each other.

No `from __future__ import annotations` here: Dagster reads the annotations of fields.
"""

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, ParamSpec, TypeVar, cast

import dagster as dg
from pydantic import Field, PrivateAttr
from sqlalchemy import Engine

from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.masking import masked
from warehouse_sql.messages import message
from warehouse_sql.migrate import migrate
from warehouse_sql.run_lock import run_lock
from warehouse_sql.tables import Column, TableNote, failing_rows, read_tables

_SHOWN_ROWS = 20
_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class MaskedError(RuntimeError):
    """Stands for an error in whose text, causes or stack a secret stood; `original` is kept in memory only."""

    def __init__(self, original: Exception) -> None:
        super().__init__(masked(f"{type(original).__name__}: {original}"))
        self.original = original
        self.add_note(masked("".join(traceback.format_exception(original))))


def original_of(error: BaseException) -> BaseException:
    """The error as it was raised, before it was masked for Dagster."""
    return error.original if isinstance(error, MaskedError) else error


def without_secrets(step: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """What a step or a sensor raises without secrets: Dagster keeps message, stack and causes in its records.

    An error in which nothing is masked passes unchanged. For functions that return and for generators.
    """
    if inspect.isgeneratorfunction(step):

        @functools.wraps(step)
        def generator(*arguments: Any, **named: Any) -> Iterator[Any]:
            try:
                yield from step(*arguments, **named)
                return
            except Exception as error:
                replaced = _replaced(error)
                if replaced is None:
                    raise
            # Outside of the handler, so that the original is no context of it.
            raise replaced

        return generator  # type: ignore[return-value]

    @functools.wraps(step)
    def function(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> _Result:
        try:
            return step(*arguments, **named)
        except Exception as error:
            replaced = _replaced(error)
            if replaced is None:
                raise
        raise replaced

    return function


def _replaced(error: Exception) -> Exception | None:
    """What is raised in place of the error; None where nothing in it has to be masked."""
    trace = "".join(traceback.format_exception(error))
    if masked(trace) == trace:
        return None
    if isinstance(error, dg.Failure):
        return dg.Failure(masked(error.description or ""), allow_retries=error.allow_retries)
    return MaskedError(error)


class WarehouseResource(dg.ConfigurableResource[Any]):
    """The PostgreSQL of a run. Nothing is connected until a step asks for it."""

    # Not configuration, which Dagster would keep and show: it holds a password.
    url: dg.ResourceDependency[str | None] = Field(default=cast(Any, None), repr=False)
    role_prefix: str | None = Field(
        default=None, description="How the names of the roles on its server begin."
    )
    lock_wait_seconds: float = Field(default=5, description="How long to wait for another run to end.")

    _engine: Engine | None = PrivateAttr(default=None)
    _is_locked: bool = PrivateAttr(default=False)
    _until_the_end: ExitStack = PrivateAttr(default_factory=ExitStack)

    def address(self) -> str:
        """Where it is. WarehouseError when nobody said it."""
        if self.url is None:
            raise WarehouseError(message("Chưa có địa chỉ kho; hãy đặt MOTCUA_WAREHOUSE_URL."))
        return self.url

    def prefix(self) -> str | None:
        """How the names of its roles begin; None leaves it to the warehouse."""
        return self.role_prefix

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
            migrate(engine, self.prefix())
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
