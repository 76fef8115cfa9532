"""Dagster: export files taken in, what their rows state, and the account of each export day.

Here: assets, what they depend on, what Dagster knows of them. Not here: how a file is taken in (`intake.py`).
No `from __future__ import annotations`: Dagster reads the annotations of steps.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from time import monotonic
from typing import Any

import dagster as dg
from sqlalchemy import Connection, Engine, Row, text

from assets.code_version import code_version
from assets.exports.backfill import read_days_again
from assets.exports.completeness import drift_sentence, refresh_feeds
from assets.exports.intake import now, take_in
from assets.exports.resources import Landing
from assets.run_log import Intake, RunLog
from assets.sources.feed import EVERY_DAY, USUAL, WORKING_DAY, Feed
from assets.sources.shapes import shape_of
from assets.sources.source import Source
from quality.audit import Audit, AuditFailedError
from quality.resources import Auditor, audit_checks, check_evaluations
from warehouse_sql.masking import masked
from warehouse_sql.messages import message
from warehouse_sql.resources import Warehouse, is_selected, tried_again, without_secrets
from warehouse_sql.sql_files import statements_of_file
from warehouse_sql.vietnam_time import TIME_ZONE

_ENGINEERS = ["team:data-engineers"]
EXPORT_FILE = ["landing", "export_file"]
QUARANTINE = ["landing", "quarantine"]
DOSSIER_VERSION = ["history", "dossier_version"]
PROCESS_STEP = ["history", "process_step"]
EXPORT_DAY = ["landing", "export_day"]
_TAKEN_IN = [EXPORT_FILE, QUARANTINE, DOSSIER_VERSION, PROCESS_STEP]
_ACCOUNTED = "every_row_accounted"
_DRIFT = "nothing_new_in_exports"
_LOG_EVERY_SECONDS = 10
# Where only the rhythm so far is promised: from Friday's export to that after a holiday on Monday, and over Tết.
_LONG_WEEKEND, _LONGEST_HOLIDAY = timedelta(days=4), timedelta(days=10)
_UNACCOUNTED = message(
    "Có tệp mà số dòng đọc được khác tổng số dòng đã nhận, không đổi, trùng và bị giữ lại; chưa tính số liệu. "
    "Hãy xem kiểm tra every_row_accounted trong các trang của Dagster (motcua ui)."
)
_DIMENSIONS = [
    ["core", name] for name in ("dim_date", "dim_unit", "dim_procedure", "dim_channel", "dim_status")
]
_COUNTS = ("rows_read", "rows_loaded", "rows_unchanged", "rows_duplicate", "rows_quarantined")


def portal_specs(sources: Mapping[str, Source]) -> list[dg.AssetSpec]:
    """Returns the portals' exports, which come from outside."""
    return [
        dg.AssetSpec(
            ["portal", name],
            description=f"{source.title}: exports as they lie in <landing>/{name}/.",
            group_name="exports",
            kinds=set(shape_of(source).kinds),
            owners=_ENGINEERS,
            freshness_policy=freshness_of(source.feed, now().date()),
        )
        for name, source in sources.items()
    ]


def freshness_of(feed: Feed | None, today: date) -> dg.FreshnessPolicy | None:
    """Returns until when Dagster's pages call a portal fresh, by what it promises; None where nothing is promised (any more).

    They know no holidays: whether what came is all is judged day by day in ops.feed_day.
    """
    if feed is None or (feed.until is not None and feed.until < today):
        return None
    if feed.every == USUAL:
        return dg.FreshnessPolicy.time_window(_LONGEST_HOLIDAY, _LONG_WEEKEND)
    days = {EVERY_DAY: range(1, 8), WORKING_DAY: range(1, 6)}.get(feed.every, feed.weekdays)
    due_by = feed.due_by or time(23, 59)
    due_on = ",".join(str(day) for day in sorted((day + feed.is_due_next_day) % 7 for day in days))
    return dg.FreshnessPolicy.cron(
        f"{due_by.minute} {due_by.hour} * * {due_on}", timedelta(days=1), TIME_ZONE
    )


def exports_assets(
    sources: Mapping[str, Source], export_days: dg.TimeWindowPartitionsDefinition
) -> list[dg.AssetsDefinition]:
    """Returns the intake of all sources, and the account of a day."""

    @dg.multi_asset(
        name="take_in_exports",
        can_subset=True,
        description="All new files archived, read, staged and judged; audited; then each put into the history.",
        specs=_intake_specs(sources),
        check_specs=[
            dg.AssetCheckSpec(
                _ACCOUNTED,
                asset=EXPORT_FILE,
                description="For every file: rows read = loaded + unchanged + duplicate + quarantined.",
                blocking=True,
            ),
            dg.AssetCheckSpec(
                _DRIFT,
                asset=EXPORT_FILE,
                description="No heading, code, type or gap of a field in the exports that was not there before.",
            ),
        ],
    )
    @tried_again
    @without_secrets
    def take_in_exports(
        context: dg.AssetExecutionContext,
        warehouse: dg.ResourceParam[Warehouse],
        landing: dg.ResourceParam[Landing],
        audit: dg.ResourceParam[Auditor],
        run: dg.ResourceParam[RunLog],
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult | dg.AssetCheckEvaluation]:
        engine = warehouse.for_writing()
        audits: list[Audit] = []
        try:
            run.intake = take_in(
                engine,
                landing.zone(),
                landing.archive,
                landing.source_list(),
                arrived_when_exported=landing.arrived_when_exported,
                accepts_clock_ahead=landing.accepts_clock_ahead,
                read_files=landing.read_files(run.parts_ended),
                audit=lambda files: audits.append(audit.audit(engine, files, now())),
                prepare_audit=audit.process.start,
                progress=run.progress("files"),
            )
        except AuditFailedError as error:
            # Red on the asset, and nothing published: the files stay new, so the next run audits them again.
            yield from check_evaluations(error.audit, DOSSIER_VERSION, audit.pages, context.instance)
            run.fail(error, str(error))
            raise dg.Failure(str(error), allow_retries=False) from error
        with engine.connect() as connection:
            _report_days(context, connection, export_days)
            _report_portals(context, connection, sources)
        yield from warehouse.results(context, _TAKEN_IN, {"landing.export_file": _account(run.intake)})
        for check in warehouse.check(context, _ACCOUNTED, EXPORT_FILE, "landing/unaccounted_file.sql"):
            yield check
            if not check.passed:
                failure = dg.Failure(str(_UNACCOUNTED), allow_retries=False)
                run.fail(failure, _UNACCOUNTED)
                raise failure
        for each in audits:
            yield from check_evaluations(each, DOSSIER_VERSION, audit.pages, context.instance)
        news = refresh_feeds(engine)
        if is_selected(context, _DRIFT, EXPORT_FILE):
            yield _drift_check([drift_sentence(row._asdict()) for row in news])

    @dg.asset(
        key=EXPORT_DAY,
        description=(
            "The account of one export day: files and rows by source, and what came of the rows. Materialised, files that could"
            " not be read or that an older version read are read again from the archive; what is right stays. The next run"
            " derives the dossiers that this touches."
        ),
        partitions_def=export_days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        deps=[EXPORT_FILE],
        group_name="exports",
        kinds={"postgres", "sql"},
        owners=_ENGINEERS,
        code_version=code_version("assets.exports.backfill", "landing/export_day.sql"),
    )
    @without_secrets
    def export_day(
        context: dg.AssetExecutionContext,
        warehouse: dg.ResourceParam[Warehouse],
        landing: dg.ResourceParam[Landing],
        audit: dg.ResourceParam[Auditor],
    ) -> None:
        days = [date.fromisoformat(key) for key in context.partition_keys]
        engine = warehouse.for_writing()
        try:
            again = read_days_again(
                engine,
                landing.archive,
                landing.source_list(),
                days,
                audit=lambda files: _audited(audit, engine, files),
                progress=_logged(context),
            )
        except AuditFailedError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        for remark in again.remarks:
            context.log.warning(masked(remark))
        with engine.connect() as connection:
            accounts = _day_accounts(connection, days)
        for key in context.partition_keys:
            of_day = accounts[date.fromisoformat(key)] | {"dossiers_waiting": again.dossiers_waiting}
            context.add_asset_metadata(of_day, partition_key=key)

    return [take_in_exports, export_day]


def audit_checks_step() -> dg.AssetChecksDefinition:
    """Returns the checks that the intake evaluates when files came."""
    return audit_checks(DOSSIER_VERSION)


def _intake_specs(sources: Mapping[str, Source]) -> list[dg.AssetSpec]:
    portals = [dg.AssetKey(["portal", name]) for name in sources]
    upstream = [EXPORT_FILE, *_DIMENSIONS]
    return [
        _spec(EXPORT_FILE, "exports", "Every file that came, and what came of its rows.", portals),
        _spec(
            QUARANTINE, "exports", "Rows refused by the gate, each under the first rule that held.", upstream
        ),
        _spec(
            DOSSIER_VERSION,
            "history",
            "What each source stated of each dossier, and when we learned it.",
            upstream,
        ),
        _spec(
            PROCESS_STEP, "history", "Processing steps of dossiers, as the national portal says.", upstream
        ),
    ]


def _spec(
    key: list[str], group: str, description: str, deps: list[list[str]] | list[dg.AssetKey]
) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        description=description,
        deps=deps,
        group_name=group,
        kinds={"polars", "postgres", "sql"},
        owners=_ENGINEERS,
        code_version=code_version("assets.exports.intake", "quality.audit"),
    )


def _account(intake: Intake) -> dict[str, object]:
    counts = {name: value for name, value in vars(intake).items() if isinstance(value, int)}
    lists = {name: value for name, value in vars(intake).items() if isinstance(value, list) and value}
    return counts | {name: dg.MetadataValue.json(lines) for name, lines in lists.items()}


def _drift_check(lines: list[str]) -> dg.AssetCheckResult:
    """Returns a warning: what is new is left out or let in as ever, somebody has only to look."""
    return dg.AssetCheckResult(
        check_name=_DRIFT,
        asset_key=EXPORT_FILE,
        passed=not lines,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"new": len(lines)} | ({"first": dg.MetadataValue.json(lines[:20])} if lines else {}),
    )


def _audited(audit: Auditor, engine: Engine, files: Mapping[int, str]) -> None:
    audit.audit(engine, files, now())


def _logged(context: dg.AssetExecutionContext) -> Callable[[str, int, int], None]:
    """Returns what writes progress into the log of the run, at most every few seconds and at the end: a line is an event."""
    last = monotonic()

    def log(what: str, done: int, total: int) -> None:
        nonlocal last
        if done == total or monotonic() - last >= _LOG_EVERY_SECONDS:
            last = monotonic()
            context.log.info(f"{done} of {total} files done that were {what}")

    return log


def _report_days(
    context: dg.AssetExecutionContext,
    connection: Connection,
    export_days: dg.TimeWindowPartitionsDefinition,
) -> None:
    """The calendar of export days shows which are in, though this step has no partitions."""
    (statement,) = statements_of_file("landing/touched_export_day.sql")
    days = list(connection.execute(text(statement)).scalars())
    for day, account in _day_accounts(connection, days).items():
        if export_days.has_partition_key(day.isoformat()):
            context.instance.report_runless_asset_event(
                dg.AssetMaterialization(EXPORT_DAY, partition=day.isoformat(), metadata=account)
            )


def _report_portals(
    context: dg.AssetExecutionContext, connection: Connection, sources: Mapping[str, Source]
) -> None:
    """Says of each portal what its newest export is: a materialisation where a file came, which is what freshness counts,
    else an observation. One event a portal.
    """
    (statement,) = statements_of_file("landing/newest_export.sql")
    newest = {row.source: row for row in connection.execute(text(statement))}
    for name in sources:
        row = newest.get(name)
        metadata = {"files": row.files if row else 0} | (_newest(row) if row else {})
        event = dg.AssetMaterialization if row and row.is_new else dg.AssetObservation
        context.log_event(event(asset_key=["portal", name], metadata=metadata))


def _newest(row: Row[Any]) -> dict[str, dg.MetadataValue | int | str]:
    at = row.exported_at or row.received_at
    return {
        "newest_export": dg.MetadataValue.timestamp(at),
        "arrived": dg.MetadataValue.timestamp(row.received_at),
        "path": row.path,
        "rows_read": row.rows_read,
    }


def _day_accounts(connection: Connection, days: list[date]) -> dict[date, dict[str, dg.MetadataValue | int]]:
    (statement,) = statements_of_file("landing/export_day.sql")
    rows = connection.execute(text(statement), {"days": days}).mappings().all()
    by_day: dict[date, list[Mapping[Any, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    accounts: dict[date, dict[str, dg.MetadataValue | int]] = {}
    for day in days:
        here = by_day.get(day, [])
        sums = {
            name: sum(int(row[name]) for row in here) for name in ("files_loaded", "files_failed", *_COUNTS)
        }
        accounts[day] = {"dagster/partition_row_count": sums["rows_read"], **sums}
        if here:
            accounts[day]["by_source"] = _table(here)
    return accounts


def _table(rows: Sequence[Mapping[Any, Any]]) -> dg.MetadataValue:
    names = ["source", "files_loaded", "files_failed", *_COUNTS]
    lines = ["| " + " | ".join(str(row[name]) for name in names) + " |" for row in rows]
    return dg.MetadataValue.md(
        "\n".join(["| " + " | ".join(names) + " |", "|---" * len(names) + "|", *lines])
    )
