"""Dagster's queue, in which runs of single assets wait like those of jobs.

A run of assets that a person selects in Dagster's pages belongs to a job of Dagster's own, which has no tags of ours; such a run
writes to the warehouse all the same.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.definitions.assets.job.asset_job import is_reserved_asset_job_name
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext

#: What runs that write to the warehouse are tagged with: `dagster.yaml` lets one of them go at a time.
WRITES = {"motcua/warehouse": "writes"}


class WritingRunCoordinator(QueuedRunCoordinator):
    """Queues runs as Dagster does, those of selected assets as runs that write."""

    def submit_run(self, context: SubmitRunContext) -> dg.DagsterRun:
        """Returns the run, queued."""
        if is_reserved_asset_job_name(context.dagster_run.job_name):
            self._instance.add_run_tags(context.dagster_run.run_id, WRITES)
        return super().submit_run(context)
