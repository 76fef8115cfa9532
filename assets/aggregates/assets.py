"""Dagster: stocks out of flows, and what analysts read first.

No `from __future__ import annotations`: Dagster reads the annotations of steps.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import date

import dagster as dg
from sqlalchemy import Engine

from assets.aggregates.flow_plot import flow_plot
from assets.aggregates.refresh import refresh_aggregates
from assets.code_version import code_version
from assets.run_log import RunLog
from warehouse_sql.resources import EVERY_MORNING, Warehouse, tried_again, without_secrets

OVERDUE_DAILY, TIMELINESS_MONTH, OPEN_DOSSIER = (
    ["mart", name] for name in ("overdue_daily", "timeliness_month", "open_dossier")
)
_REFRESH = "assets.aggregates.refresh"
_FLOW = [["mart", "daily_flow"]]
_BALANCE = "received_is_resolved_and_pending"
_PLOT, _THROUGH = "daily_flow", "covered_through"


def _spec(key: list[str], description: str, deps: list[list[str]], *made_by: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        description=description,
        deps=deps,
        group_name="aggregates",
        kinds={"postgres", "sql"},
        owners=["team:analysts", "team:data-engineers"],
        code_version=code_version(*made_by, ".".join(key)),
        freshness_policy=EVERY_MORNING,
    )


@dg.multi_asset(
    name="refresh_aggregates",
    can_subset=True,
    description="Stocks summed again from the first day that changed, up to the last export.",
    specs=[
        _spec(
            OVERDUE_DAILY,
            "Newly overdue, cleared, open overdue, pending: by day, unit and rule set.",
            _FLOW,
            _REFRESH,
        ),
        _spec(
            TIMELINESS_MONTH,
            "The counts of form II.06 by month, unit, procedure, channel, rule set.",
            _FLOW,
            _REFRESH,
        ),
        _spec(
            OPEN_DOSSIER,
            "A view: open dossiers over both portals as of the last export.",
            [["core", "fct_dossier"]],
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            _BALANCE,
            asset=TIMELINESS_MONTH,
            description="Form columns 1 = 5 + 9: received is resolved and pending.",
        )
    ],
)
@tried_again
@without_secrets
def refresh_aggregates_step(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse], run: dg.ResourceParam[RunLog]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """With it the figures of a run are published; alerts and what is due soon come after it."""
    engine = warehouse.for_writing()
    through = refresh_aggregates(engine)
    run.published(through)
    metadata = {_THROUGH: str(through)} | _picture(context, engine, run, through)
    yield from warehouse.results(
        context, [OVERDUE_DAILY, TIMELINESS_MONTH, OPEN_DOSSIER], {"mart.overdue_daily": metadata}
    )
    yield from warehouse.check(context, _BALANCE, TIMELINESS_MONTH, "mart/unbalanced_month.sql")


def _picture(
    context: dg.AssetExecutionContext, engine: Engine, run: RunLog, through: date | None
) -> dict[str, dg.MetadataValue]:
    """Returns the chart of the daily flow. It is drawn again only where it may look different: drawing takes a second."""
    if through is None:
        return {}
    before = context.instance.get_latest_materialization_event(dg.AssetKey(OVERDUE_DAILY))
    known = before.asset_materialization.metadata if before and before.asset_materialization else {}
    if run.dossiers_derived == 0 and _PLOT in known and known[_THROUGH].value == str(through):
        return {_PLOT: known[_PLOT]}
    with engine.connect() as connection:
        picture = b64encode(flow_plot(connection, through).encode()).decode()
    return {
        _PLOT: dg.MetadataValue.md(
            f"![received, resolved, newly overdue](data:image/svg+xml;base64,{picture})"
        )
    }
