"""The resources of all steps and sensors, made from the settings.

Here: which object stands behind which key. Not here: what they do; each class lives next to what it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import dagster as dg

from assets.aggregates.refresh import sum_up
from assets.alerts.kept_signals import import_detector, judge_ahead
from assets.alerts.resources import Notifier
from assets.exports.clock_ahead import RULE as CLOCK_AHEAD
from assets.exports.reading import ReadFiles
from assets.exports.resources import Landing
from assets.facts.buckets import FoldBuckets
from assets.facts.resources import Folding
from assets.given.archive import Archive
from assets.given.office_file import OfficeFiles
from assets.run_log import PartsEnded, RunLog
from pipelines.settings import Settings
from quality.audit_process import AuditProcess
from quality.resources import Auditor
from warehouse_sql.resources import Warehouse

#: The daily job with workers: only there are files read and buckets folded elsewhere.
WIDE_RUN = "wide_run"


def resources_of(
    settings: Callable[[], Settings] = Settings,
    run: Callable[[], RunLog] = RunLog,
    landing: str | None = None,
    arrived_when_exported: bool = False,
    accepted: Sequence[str] = (),
    waiting: Callable[[str], None] | None = None,
    auditing: AuditProcess | None = None,
) -> dict[str, dg.ResourceDefinition]:
    """Returns the resources by key; without arguments those of the environment, as `dagster dev` has them.

    They are made for each run and tick, and start, connect or open nothing before a step asks. None has a
    configuration: Dagster keeps and shows configuration, and addresses hold passwords.
    """

    def warehouse() -> Warehouse:
        given = settings()
        return Warehouse(
            given.url,
            given.warehouse_role_prefix(),
            lock_wait_seconds=given.run_wait,
            pauses=given.pauses(),
            waiting=waiting,
        )

    def landing_zone(is_wide: bool) -> Landing:
        given = settings()
        address = landing or given.landing_url
        return Landing(
            address,
            Archive(given.archive),
            given.source_list,
            arrived_when_exported,
            accepts_clock_ahead=CLOCK_AHEAD in accepted,
            by_workers=partial(_read_by_workers, given, address) if is_wide else None,
        )

    def folding(is_wide: bool) -> Folding:
        by_workers = partial(_folded_by_workers, settings()) if is_wide else None
        return Folding(sum_up, by_workers, import_detector, judge_ahead)

    def auditor() -> Auditor:
        return Auditor(settings().data_docs, accepted, auditing or AuditProcess())

    def office() -> OfficeFiles:
        return settings().office_files()

    def notifier() -> Notifier:
        return settings().notifier()

    return {
        "warehouse": _made_by(warehouse, "The PostgreSQL of the run, and the lock that runs hold on it."),
        "landing": _made_for(landing_zone, "Where exports are put and kept, and the sources they are of."),
        "folding": _made_for(
            folding,
            "Where the buckets of a fold are worked on, and the sums that are published with their facts.",
        ),
        "audit": _made_by(auditor, "The audit of staged rows, and the folder of its pages."),
        "run": _made_by(run, "What came of the steps of this run, for ops.run."),
        "office": _made_by(office, "Files of the office's own on top of the built-in lists."),
        "notifier": _made_by(notifier, "Alerts and notices, with their channels."),
    }


def _made_by(make: Callable[[], Any], description: str) -> dg.ResourceDefinition:
    return dg.ResourceDefinition(lambda _: make(), config_schema={}, description=description)


def _made_for(make: Callable[[bool], Any], description: str) -> dg.ResourceDefinition:
    """The same for what a run with workers has otherwise."""

    def made(context: dg.InitResourceContext) -> Any:
        return make(context.run is not None and context.run.job_name == WIDE_RUN)

    return dg.ResourceDefinition(made, config_schema={}, description=description)


def _read_by_workers(settings: Settings, landing: str, ended: PartsEnded) -> ReadFiles:
    from pipelines.workers.handing_out import read_by_workers  # noqa: PLC0415

    return partial(read_by_workers, settings, landing, ended)


def _folded_by_workers(settings: Settings, ended: PartsEnded) -> FoldBuckets:
    from pipelines.workers.handing_out import folded_by_workers  # noqa: PLC0415

    return partial(folded_by_workers, settings, ended)
