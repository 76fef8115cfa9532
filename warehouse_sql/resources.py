"""The warehouse as steps have it: one engine a run, and the lock that keeps runs from each other.

Not a configurable resource: Dagster keeps configuration with the run, and the address holds a password.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ContextDecorator, ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

import dagster as dg
from sqlalchemy import Engine

from warehouse_sql.engine import open_engine
from warehouse_sql.errors import OutOfReachError, is_connection_lost
from warehouse_sql.lineage import Origin, column_origins
from warehouse_sql.masking import masked
from warehouse_sql.messages import message, message_of
from warehouse_sql.migrate import migrate
from warehouse_sql.run_lock import run_lock
from warehouse_sql.tables import Column, TableNote, failing_rows, read_tables
from warehouse_sql.vietnam_time import TIME_ZONE

_SHOWN_ROWS = 20
#: By 7:30, when offices open: what Dagster's pages show of marts. People are notified by the sensor dead_man.
EVERY_MORNING = dg.FreshnessPolicy.cron("30 7 * * *", timedelta(hours=12), TIME_ZONE)
_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class MaskedError(RuntimeError):
    """Stands for an error in whose text, causes or stack a secret stood; `original` is kept in memory only."""

    def __init__(self, original: Exception) -> None:
        super().__init__(masked(f"{type(original).__name__}: {original}"))
        self.original = original
        self.add_note(masked("".join(traceback.format_exception(original))))


def original_of(error: BaseException) -> BaseException:
    """Returns the error as it was raised, before it was masked for Dagster."""
    return error.original if isinstance(error, MaskedError) else error


def without_secrets(step: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Returns what a step or a sensor raises without secrets: Dagster keeps message, stack and causes in its records.

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


def tried_again(step: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Returns a step that Dagster tries again, after a pause, when a server was out of reach: the only retries there are.

    For generators that have the resource `warehouse`, which counts the tries of the run. A run that lost its server gets
    the run lock again, or ends as one that does not get it.
    """

    @functools.wraps(step)
    def generator(*arguments: Any, **named: Any) -> Iterator[Any]:
        try:
            yield from step(*arguments, **named)  # type: ignore[misc]
        except Exception as error:
            warehouse: Warehouse = named["warehouse"]
            pause = warehouse.next_pause() if is_out_of_reach(original_of(error)) else None
            if pause is None:
                raise
            warehouse.close()
            if warehouse.waiting:
                warehouse.waiting(_try_again(original_of(error), pause))
            raise dg.RetryRequested(len(warehouse.pauses), pause) from error

    return generator  # type: ignore[return-value]


def _try_again(error: BaseException, pause: float) -> str:
    # What a driver says of a lost connection is no sentence.
    reason = message_of(error) if isinstance(error, OutOfReachError) else message("Mất kết nối với kho.")
    return message("{reason} Tự thử lại sau {seconds:number} giây.", reason=reason, seconds=round(pause))


def is_out_of_reach(error: BaseException) -> bool:
    """Returns True if a server did not answer: what a later try may mend."""
    return isinstance(error, OutOfReachError) or is_connection_lost(error)


def _replaced(error: Exception) -> Exception | None:
    """Returns what is raised in place of the error, or None where nothing in it has to be masked."""
    trace = "".join(traceback.format_exception(error))
    if masked(trace) == trace:
        return None
    if isinstance(error, dg.Failure):
        return dg.Failure(masked(error.description or ""), allow_retries=error.allow_retries)
    return MaskedError(error)


@dataclass
class Warehouse(ContextDecorator):
    """The PostgreSQL of a run. Nothing is started or connected until a step asks for it.

    `address` is asked for then, and only once; `role_prefix` is how the names of the roles on its server begin, None
    leaves it to the warehouse. `pauses` are the seconds before each further try of what was out of reach; `waiting` is
    called with a sentence whenever the run waits. As a context manager of this kind Dagster enters it before the first
    step and leaves it after the last one, which frees the run lock and the connections.
    """

    address: Callable[[], str] = field(repr=False)
    role_prefix: str | None = None
    lock_wait_seconds: float = 5
    pauses: Sequence[float] = ()
    waiting: Callable[[str], None] | None = field(default=None, repr=False)

    _engine: Engine | None = field(default=None, init=False, repr=False)
    _is_locked: bool = field(default=False, init=False, repr=False)
    _tries: int = field(default=0, init=False, repr=False)
    _until_the_end: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the lock and the connections; the next step that asks gets new ones."""
        self._engine, self._is_locked = None, False
        self._until_the_end.close()

    def next_pause(self) -> float | None:
        """Returns the seconds to wait before another try, or None when this run has had all its tries."""
        if self._tries == len(self.pauses):
            return None
        self._tries += 1
        return self.pauses[self._tries - 1]

    def for_reading(self) -> Engine:
        """Returns the engine, of a warehouse that is up to date."""
        if self._engine is None:
            engine = open_engine(self.address())
            self._until_the_end.callback(engine.dispose)
            migrate(engine, self.role_prefix)
            self._engine = engine
        return self._engine

    def for_writing(self) -> Engine:
        """Returns the engine, with the run lock held until the run ends. Raises WarehouseError, which names who else holds it."""
        engine = self.for_reading()
        if not self._is_locked:
            self._until_the_end.enter_context(run_lock(engine, self.lock_wait_seconds, self.waiting))
            self._is_locked = True
        return engine

    def results(
        self,
        context: dg.AssetExecutionContext,
        keys: Sequence[Sequence[str]],
        more: Mapping[str, Mapping[str, Any]] | None = None,
        origins: Sequence[Origin] = (),
    ) -> Iterator[dg.MaterializeResult[Any]]:
        """Yields what Dagster shows of tables (schema, table): rows, columns, and `more` by schema.table.

        Of those alone that the run selected. `origins` are of columns that no query makes.
        """
        keys = [key for key in keys if dg.AssetKey(list(key)) in context.selected_asset_keys]
        names = [".".join(key) for key in keys]
        with self.for_reading().connect() as connection:
            notes = read_tables(connection, names)
            known = column_origins(connection, names)
        of_them = dict.fromkeys([*known, *(origin for origin in origins if origin[0] in names)])
        lineage = _lineage(list(of_them), context.job_def.asset_layer.asset_graph.has)
        for key, name in zip(keys, names, strict=True):
            yield dg.MaterializeResult(
                asset_key=key,
                metadata=_metadata(notes[name]) | lineage.get(name, {}) | {**(more or {}).get(name, {})},
            )

    def check(
        self, context: dg.AssetExecutionContext, name: str, key: Sequence[str], file: str
    ) -> Iterator[dg.AssetCheckResult]:
        """Yields the check `name`: passed when warehouse_sql/`file` selects nothing; else its rows are shown.

        Nothing where the run did not select it.
        """
        if not is_selected(context, name, key):
            return
        with self.for_reading().connect() as connection:
            rows = failing_rows(connection, file)
        shown = [{column: str(value) for column, value in row.items()} for row in rows[:_SHOWN_ROWS]]
        yield dg.AssetCheckResult(
            check_name=name,
            asset_key=key,
            passed=not rows,
            metadata={"failing_rows": len(rows)}
            | ({"first_rows": dg.MetadataValue.json(shown)} if rows else {}),
        )


def is_selected(context: dg.AssetExecutionContext, check: str, key: Sequence[str]) -> bool:
    """Returns True if the run selected that check of the asset."""
    return dg.AssetCheckKey(dg.AssetKey(list(key)), check) in context.selected_asset_check_keys


def _lineage(
    origins: Sequence[Origin], is_asset: Callable[[dg.AssetKey], bool]
) -> dict[str, dict[str, dg.TableColumnLineage]]:
    """Returns what Dagster shows of the origins of columns, by schema.table; of origins in assets alone."""
    by_table: dict[str, dict[str, list[dg.TableColumnDep]]] = {}
    for table, column, origin, origin_column in origins:
        key = dg.AssetKey(origin.split("."))
        if is_asset(key):
            deps = by_table.setdefault(table, {}).setdefault(column, [])
            deps.append(dg.TableColumnDep(key, origin_column))
    return {
        table: {"dagster/column_lineage": dg.TableColumnLineage(deps)} for table, deps in by_table.items()
    }


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
