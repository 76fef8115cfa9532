"""Dagster: the jobs whose steps run in workers, one step a part.

No `from __future__ import annotations`: Dagster reads the annotations of steps.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from time import monotonic

import dagster as dg
from sqlalchemy import Engine

from assets.facts.buckets import fold_bucket
from assets.facts.fold import Reference
from assets.facts.read import read_reference
from pipelines.settings import Settings
from pipelines.step_measures import peak_memory_bytes
from pipelines.workers.executor import workers_executor
from pipelines.workers.spool import read_part
from warehouse_sql.engine import open_engine
from warehouse_sql.resources import without_secrets

#: What a worker measures of each part goes back to the run as metadata of its output, and is seen in Dagster's pages.
SECONDS, ROWS, PEAK_MEMORY = "seconds", "rows", "peak_memory_bytes"
MEASURED = frozenset((SECONDS, ROWS, PEAK_MEMORY))


class _ByName(dg.IOManager):
    """Which part a step is to do stands in its name, so that workers need no folder in common for it."""

    def handle_output(self, context: dg.OutputContext, obj: object) -> None:
        """Keeps nothing."""

    def load_input(self, context: dg.InputContext) -> int:
        """Returns the number of the part."""
        upstream = context.upstream_output
        assert upstream is not None
        return int(str(upstream.mapping_key))


_BY_NAME = {"io_manager": dg.IOManagerDefinition.hardcoded_io_manager(_ByName())}


@dg.op(config_schema={"count": int}, out=dg.DynamicOut(int))
def parts(context: dg.OpExecutionContext) -> Iterator[dg.DynamicOutput[int]]:
    """The parts of the work, by number."""
    for number in range(context.op_config["count"]):
        yield dg.DynamicOutput(number, mapping_key=str(number))


@dg.op(config_schema={"run_no": int})
@without_secrets
def fold_part(context: dg.OpExecutionContext, part: int) -> None:
    """Folds one bucket into staging."""
    run_no = context.op_config["run_no"]
    _measured(context, partial(fold_bucket, _warehouse(), run_no, part, _reference(run_no)))


@dg.op(config_schema={"folder": str})
@without_secrets
def read_file_part(context: dg.OpExecutionContext, part: int) -> None:
    """Archives and reads one file, and puts down what was in it."""
    _measured(context, partial(read_part, Settings(), context.op_config["folder"], part))


def _measured(context: dg.OpExecutionContext, work: Callable[[], int]) -> None:
    """Does a part that returns the number of its rows."""
    peak_memory_bytes()  # the peak begins again
    begun = monotonic()
    rows = work()
    context.add_output_metadata({SECONDS: monotonic() - begun, ROWS: rows, PEAK_MEMORY: peak_memory_bytes()})


@dg.job(executor_def=workers_executor, resource_defs=_BY_NAME)
def fold_buckets() -> None:
    """The buckets of one fold, by workers."""
    parts().map(fold_part)


@dg.job(executor_def=workers_executor, resource_defs=_BY_NAME)
def read_files() -> None:
    """New files of one run, by workers."""
    parts().map(read_file_part)


@lru_cache(maxsize=1)
def _warehouse() -> Engine:
    return open_engine(Settings().url())


@lru_cache(maxsize=1)
def _reference(run_no: int) -> Reference:
    """Returns the readings of a fold, read once by each worker; nobody changes them while it goes on."""
    with _warehouse().connect() as connection:
        return read_reference(connection)
