"""Dagster: alerts on overdue spikes, after the aggregates.

Here: the asset, its check, what Dagster shows. Not here: what is unusual, how alerts live, what notices say.
No `from __future__ import annotations`: Dagster reads the annotations of steps.
"""

from collections.abc import Iterator

import dagster as dg
from sqlalchemy import Engine, text

from assets.alerts.due_soon_data import is_up_to_date, refresh_due_soon
from assets.alerts.resources import Notifier
from assets.code_version import code_version
from assets.run_log import RUN, RunLog
from warehouse_sql.dead_rows import vacuum_where_due
from warehouse_sql.resources import EVERY_MORNING, Warehouse, is_selected, tried_again, without_secrets

ALERT = ["ops", "alert"]
DUE_SOON = ["mart", "due_soon"]
_USUAL = "overdue_is_usual"
_SECONDS = 30
_SHOWN = 20


@dg.multi_asset(
    name="overdue_alerts",
    can_subset=True,
    description="Series judged by the detector, alerts moved on, notices written to the outbox and sent as far as possible.",
    specs=[
        dg.AssetSpec(
            ALERT,
            description="Alerts on overdue spikes: pending, firing, silenced, resolved.",
            deps=[["mart", "overdue_daily"], ["mart", "open_dossier"]],
            group_name="alerts",
            kinds={"postgres", "python"},
            owners=["team:analysts", "team:data-engineers"],
            code_version=code_version("assets.alerts.resources"),
            freshness_policy=EVERY_MORNING,
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            _USUAL,
            asset=ALERT,
            description="No alert is firing. WARN while only warnings are, ERROR for a critical one; stops nothing.",
        )
    ],
)
@tried_again
@without_secrets
def overdue_alerts_step(
    context: dg.AssetExecutionContext,
    warehouse: dg.ResourceParam[Warehouse],
    notifier: dg.ResourceParam[Notifier],
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """A channel that fails fails nothing here: what is left in the outbox is sent later."""
    engine = warehouse.for_writing()
    judged = notifier.judge(engine)
    notifier.watch_feeds(engine)
    sent = notifier.send(engine, seconds=_SECONDS)
    counts = {
        **{name: getattr(judged, name) for name in ("signals", "fired", "resolved", "inhibited", "notices")},
        **{"judged_day": str(judged.day), "messages_sent": sent.sent, "messages_waiting": sent.waiting},
    }
    yield from warehouse.results(context, [ALERT], {"ops.alert": counts})
    if is_selected(context, _USUAL, ALERT):
        yield _check(engine)


@dg.multi_asset(
    name="due_soon",
    description="Dossiers due within three working days, per unit in the order in which to look at them.",
    specs=[
        dg.AssetSpec(
            DUE_SOON,
            description="By the estimated probability of going overdue where that beats the order by days left.",
            deps=[["mart", "open_dossier"], ["mart", "overdue_daily"]],
            group_name="alerts",
            kinds={"postgres", "python"},
            owners=["team:analysts", "team:data-engineers"],
            code_version=code_version("assets.alerts.due_soon_data"),
            freshness_policy=EVERY_MORNING,
        )
    ],
)
@tried_again
@without_secrets
def due_soon_step(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult[None]]:
    """Left as it is where no dossier and no day changed."""
    engine = warehouse.for_writing()
    metadata: dict[str, object] = {}
    if not is_up_to_date(engine):
        proof = refresh_due_soon(engine)
        metadata = {"ordered_by": proof.reason_vi} if proof else {}
    yield from warehouse.results(context, [DUE_SOON], {"mart.due_soon": metadata})


@dg.multi_asset(
    name="end_run",
    description="The end of a run: all steps before it ended well, and ops.run says so.",
    specs=[
        dg.AssetSpec(
            RUN,
            description="Runs of the daily job and how they ended.",
            deps=[ALERT, DUE_SOON],
            group_name="alerts",
            kinds={"postgres"},
            owners=["team:data-engineers"],
            code_version=code_version("assets.run_log"),
        )
    ],
)
@tried_again
@without_secrets
def end_run_step(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse], run: dg.ResourceParam[RunLog]
) -> Iterator[dg.MaterializeResult[None]]:
    """Dagster skips it when a step before it failed. Materialised alone, by hand, it ends nothing."""
    engine = warehouse.for_writing()
    run.complete()
    vacuum_where_due(engine)
    yield from warehouse.results(context, [RUN])


def _check(engine: Engine) -> dg.AssetCheckResult:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select alert_id, severity, message_vi from ops.alert where state = 'firing'"
                " order by severity, opened_at, alert_id"
            )
        ).all()
    is_critical = any(row.severity == "critical" for row in rows)
    shown = [{"alert_id": row.alert_id, "message": row.message_vi} for row in rows[:_SHOWN]]
    return dg.AssetCheckResult(
        check_name=_USUAL,
        asset_key=ALERT,
        passed=not rows,
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        metadata={"firing": len(rows)} | ({"alerts": dg.MetadataValue.json(shown)} if rows else {}),
    )
