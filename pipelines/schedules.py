"""Schedules: when jobs run."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import daily_run
from warehouse_sql.vietnam_time import TIME_ZONE

every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=daily_run,
    cron_schedule="30 5 * * *",
    execution_timezone=TIME_ZONE,
    # Wherever Dagster runs, it runs every night; the run lock keeps it from a run started by hand.
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="05:30 in Vietnam: after the portals' nightly exports, before the offices open.",
)
