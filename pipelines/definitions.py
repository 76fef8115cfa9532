"""Everything Dagster shows, put together: `dagster dev` in the project folder finds `defs` here.

Here: which assets, jobs, schedules and resources there are. Nothing is connected or started while this is loaded.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.aggregates.assets import refresh_aggregates_step
from assets.alerts.assets import due_soon_step, end_run_step, overdue_alerts_step
from assets.dimensions.assets import load_dimensions
from assets.exports.assets import audit_checks_step, exports_assets, portal_specs
from assets.facts.assets import derive_facts_step
from assets.sources.source import Source
from pipelines.jobs import daily_run, export_day, wide_run
from pipelines.landing_sensor import new_exports
from pipelines.partitions import export_days
from pipelines.resources import resources_of
from pipelines.run_logger import NAME, console
from pipelines.schedules import every_morning
from pipelines.sensors import dead_man, killed_runs, old_runs, run_failed, send_notices
from pipelines.settings import Settings, mask_environment


def build_definitions(
    resources: Mapping[str, Any] | None = None, sources: Mapping[str, Source] | None = None
) -> dg.Definitions:
    """Returns all definitions. `resources` stand in for those of the same key, `sources` for the list of the
    settings.
    """
    mask_environment()
    listed = Settings().source_list() if sources is None else sources
    with warnings.catch_warnings():
        # Backfill policies are still called beta; Dagster's version is pinned.
        warnings.simplefilter("ignore", dg.BetaWarning)
        exports = exports_assets(listed, export_days)
    return dg.Definitions(
        assets=[
            *portal_specs(listed),
            load_dimensions,
            *exports,
            derive_facts_step,
            refresh_aggregates_step,
            due_soon_step,
            overdue_alerts_step,
            end_run_step,
        ],
        asset_checks=[audit_checks_step()],
        jobs=[daily_run, wide_run, export_day],
        schedules=[every_morning],
        sensors=[new_exports, send_notices, dead_man, run_failed, killed_runs, old_runs],
        resources=resources_of() | dict(resources or {}),
        loggers={NAME: console},
        executor=dg.in_process_executor,
    )


defs = build_definitions()
