"""What Prometheus may know of a warehouse: runs and their steps, sources, quarantine, alerts, stocks.

Here: reading it, names and meanings of metrics, both text formats. Not here: the command and its options (`cli/metrics.py`).
Nothing here changes the warehouse, nor brings its schema up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, text

from warehouse_sql.migrate import is_up_to_date
from warehouse_sql.sql_files import statements_of_file
from warehouse_sql.vietnam_time import VIETNAM

_Rows = Sequence[Mapping[str, Any]]
_OF_RUN = {
    "started_at": ("motcua_last_run_start_timestamp_seconds", "Start of the last run that is over."),
    "ended_at": (
        "motcua_last_run_end_timestamp_seconds",
        "End of the last run that is over; absent if killed.",
    ),
    "seconds": (
        "motcua_last_run_duration_seconds",
        "How long the last run that is over took; absent if killed.",
    ),
    "is_success": ("motcua_last_run_success", "1 if the last run that is over ended well, else 0."),
    "files_read": ("motcua_last_run_files_read", "Files that the last run that is over took in."),
    "files_failed": ("motcua_last_run_files_failed", "Files that the last run that is over could not read."),
    "rows_read": ("motcua_last_run_rows_read", "Rows that the last run that is over read."),
    "bytes_read": (
        "motcua_last_run_read_bytes",
        "Bytes of the files that the last run that is over took in.",
    ),
    "dossiers_derived": (
        "motcua_last_run_dossiers_derived",
        "Dossiers that the last run that is over derived.",
    ),
    "peak_memory_bytes": (
        "motcua_last_run_peak_memory_bytes",
        "The most memory that its Python process held.",
    ),
}
_OF_STEP = {
    "seconds": (
        "motcua_last_run_step_duration_seconds",
        "How long a step of the last run that is over took.",
    ),
    "row_count": (
        "motcua_last_run_step_rows",
        "Rows read or dossiers derived by a step, where it counts them.",
    ),
    "written_bytes": (
        "motcua_last_run_step_written_bytes",
        "Bytes that the server wrote to its WAL during a step.",
    ),
    "peak_memory_bytes": (
        "motcua_last_run_step_peak_memory_bytes",
        "The most memory of the process in a step.",
    ),
}
_OF_SOURCE = {
    "last_exported_at": ("motcua_source_last_export_timestamp_seconds", "Newest export of a source."),
    "last_received_at": (
        "motcua_source_last_received_timestamp_seconds",
        "Newest arrival of a file of a source.",
    ),
    "files_loaded": ("motcua_source_files_loaded", "Files of a source that were taken in."),
    "files_failed": ("motcua_source_files_failed", "Files of a source that could not be read."),
    "files_not_replaced": (
        "motcua_source_files_unreadable",
        "Files of a source that could not be read and were not replaced since.",
    ),
    "rows_read": ("motcua_source_rows_read", "Rows of all files of a source."),
    "missing_days": (
        "motcua_source_exports_missing",
        "Expected export days since the last list of a source, 0 if none.",
    ),
}


class WarehouseCollector(Collector):
    """Reads the warehouse each time it is asked; a warehouse that can't be read is `motcua_up 0`, and `error` says why."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self.error: Exception | None = None

    def collect(self) -> Iterator[Metric]:
        """Yields all that is known now."""
        self.error = None
        is_current, families = False, list[Metric]()
        try:
            engine = self._engine()
            if is_current := is_up_to_date(engine):
                with engine.connect() as connection:
                    families = list(_families(connection))
        except Exception as error:  # whatever it is, Prometheus has to see that nothing is seen
            self.error = error
        yield InfoMetricFamily("motcua_build", "Version of motcua.", {"version": version("motcua")})
        yield _gauge("motcua_up", "1 if the warehouse could be read, else 0.", int(self.error is None))
        yield _gauge(
            "motcua_schema_current", "1 if its schema is that of this version, else 0.", int(is_current)
        )
        yield from families

    def describe(self) -> list[Metric]:
        """Returns nothing: otherwise the registry would ask the warehouse for the names before it is used."""
        return []


def registry_of(collector: Collector) -> CollectorRegistry:
    """Returns a registry with these metrics alone: what the library knows of its own process is not motcua's."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return registry


def openmetrics(registry: CollectorRegistry) -> str:
    """Returns the metrics as OpenMetrics."""
    page: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return page.decode()


def write_textfile(registry: CollectorRegistry, file: Path) -> None:
    """Writes the metrics in the older format that node_exporter's textfile collector reads; whole or not at all."""
    write_to_textfile(str(file), registry)
    file.chmod(0o644)  # node_exporter is another user


def _families(connection: Connection) -> Iterator[Metric]:
    runs, last, steps, alerts, notices, stocks = (
        _rows(connection, statement) for statement in statements_of_file("ops/metrics.sql")
    )
    yield from _of_runs(runs[0])
    yield from _gauges(_OF_RUN, [_with_derived(row) for row in last])
    yield from _gauges(_OF_STEP, steps, step="step")
    yield from _of_sources(connection)
    (quarantine,) = statements_of_file("ops/open_quarantine.sql")
    yield _counts(
        ("motcua_quarantine_rows", "Rows in quarantine."),
        _rows(connection, quarantine),
        "row_count",
        source="source",
        rule="rule_id",
    )
    yield _counts(
        ("motcua_alerts", "Alerts that are open."), alerts, "alerts", state="state", severity="severity"
    )
    yield _gauge("motcua_notices_waiting", "Notices that no channel took yet.", notices[0]["waiting"])
    yield _gauge("motcua_notices_given_up", "Notices given up in the last 14 days.", notices[0]["given_up"])
    yield _counts(
        ("motcua_dossiers_open", "Open dossiers on the last day covered."),
        stocks,
        "pending",
        rule_set="rule_set",
    )
    yield _counts(
        ("motcua_dossiers_overdue", "Open and overdue dossiers on the last day covered."),
        stocks,
        "overdue",
        rule_set="rule_set",
    )


def _of_runs(row: Mapping[str, Any]) -> Iterator[Metric]:
    runs = CounterMetricFamily("motcua_runs", "Runs that are over, by how they ended.", labels=["status"])
    for status in ("success", "failed"):
        runs.add_metric([status], row[status])
    yield runs
    yield _gauge(
        "motcua_run_active",
        "1 while a run is on its way, or was killed and not marked yet.",
        row["running_since"] is not None,
    )
    yield from _gauges(
        {
            "running_since": (
                "motcua_run_active_start_timestamp_seconds",
                "Start of the run that is on its way.",
            ),
            "last_success_at": (
                "motcua_last_success_timestamp_seconds",
                "End of the last run that ended well.",
            ),
            "covered_through": (
                "motcua_covered_through_timestamp_seconds",
                "Start of the last day that figures cover.",
            ),
        },
        [row],
    )


def _of_sources(connection: Connection) -> Iterator[Metric]:
    (status,), (overdue,) = (
        statements_of_file(file) for file in ("ops/source_status.sql", "ops/feed_overdue.sql")
    )
    local = datetime.now(VIETNAM).replace(tzinfo=None)
    missing = {row["source"]: row["missing_days"] for row in _rows(connection, overdue, now=local)}
    rows = [row | {"missing_days": missing.get(row["source"], 0)} for row in _rows(connection, status)]
    yield from _gauges(_OF_SOURCE, rows, source="source")


def _with_derived(run: Mapping[str, Any]) -> dict[str, Any]:
    seconds = (run["ended_at"] - run["started_at"]).total_seconds() if run["ended_at"] else None
    return {**run, "seconds": seconds, "is_success": run["status"] == "success"}


def _gauges(names: Mapping[str, tuple[str, str]], rows: _Rows, **labels: str) -> Iterator[Metric]:
    """Yields one family for each column that has a name; `labels`: label -> its column. What is null is left out."""
    for column, name in names.items():
        yield _counts(name, rows, column, **labels)


def _counts(name: tuple[str, str], rows: _Rows, column: str, **labels: str) -> Metric:
    family = GaugeMetricFamily(*name, labels=list(labels))
    for row in rows:
        if row[column] is not None:
            family.add_metric([str(row[of]) for of in labels.values()], _value(row[column]))
    return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _value(value: Any) -> float:
    if isinstance(value, datetime):
        return value.astimezone(UTC).timestamp()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=VIETNAM).timestamp()
    return float(value)


def _rows(connection: Connection, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(statement), parameters).mappings()]
