"""Dagster: facts of the dossiers that something new was said of, and the daily flow.

No `from __future__ import annotations`: Dagster reads the annotations of steps.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import dagster as dg

from assets.code_version import code_version
from assets.facts.changes import note_checked_sums, sums_are_checked
from assets.facts.derive import derive_facts
from assets.facts.lineage import FOLD_ORIGINS
from assets.facts.resources import Folding
from assets.run_log import RunLog
from quality.resources import published_check_results, published_check_specs
from warehouse_sql.resources import EVERY_MORNING, Warehouse, is_selected, tried_again, without_secrets

DAILY_FLOW = ["mart", "daily_flow"]
_DOSSIER, _SPAN, _EVENT, _STAGE, _EDIT = (
    ["core", name]
    for name in ("fct_dossier", "fct_dossier_span", "fct_dossier_event", "fct_stage", "fct_dossier_edit")
)
_STATEMENTS = [["history", "dossier_version"], ["history", "process_step"]]
_DIMENSIONS = [
    ["core", name] for name in ("dim_date", "dim_unit", "dim_procedure", "dim_channel", "dim_status")
]
_SUMS = "sums_equal_facts"


def _spec(key: list[str], group: str, description: str, deps: list[list[str]]) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        description=description,
        deps=deps,
        group_name=group,
        kinds={"postgres", "sql"},
        owners=["team:data-engineers"],
        code_version=code_version("assets.facts.derive"),
        freshness_policy=EVERY_MORNING if key == DAILY_FLOW else None,
    )


@dg.multi_asset(
    name="derive_facts",
    can_subset=True,
    description="Touched dossiers: their facts anew, and the difference that makes to the daily flow.",
    specs=[
        _spec(_DOSSIER, "facts", "One dossier over both portals, as known now.", _STATEMENTS + _DIMENSIONS),
        _spec(_SPAN, "facts", "What state and due date a dossier had from when to when.", _STATEMENTS),
        _spec(_EVENT, "facts", "What each dossier adds to the daily flow, by rule set.", [_DOSSIER, _SPAN]),
        _spec(
            _STAGE,
            "facts",
            "How long a dossier lay in what status at which office.",
            [_DOSSIER, *_STATEMENTS],
        ),
        _spec(_EDIT, "facts", "Changes in a source's own statements that need a look.", _STATEMENTS),
        _spec(DAILY_FLOW, "aggregates", "Daily flows by unit, procedure, channel and rule set.", [_EVENT]),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            _SUMS,
            asset=DAILY_FLOW,
            description="By unit: flows sum up to the dossiers received and resolved (ii06).",
        ),
        *published_check_specs(_DOSSIER),
    ],
)
@tried_again
@without_secrets
def derive_facts_step(
    context: dg.AssetExecutionContext,
    warehouse: dg.ResourceParam[Warehouse],
    folding: dg.ResourceParam[Folding],
    run: dg.ResourceParam[RunLog],
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Dossiers touched by the intake, or left by a run that was cut off."""
    engine = warehouse.for_writing()
    derived = derive_facts(
        engine,
        folding.sum_up,
        progress=run.progress("dossiers"),
        fold_buckets=folding.fold_buckets(run.parts_ended),
    )
    run.dossiers_derived = derived.dossiers
    if derived.dossiers:
        folding.published(engine)
    counts = {"dossiers_derived": derived.dossiers}
    yield from warehouse.results(
        context,
        [_DOSSIER, _SPAN, _EVENT, _STAGE, _EDIT, DAILY_FLOW],
        {"core.fct_dossier": counts},
        FOLD_ORIGINS,
    )
    # Both only read the published facts, so they can be evaluated at the same time in two sessions.
    with ThreadPoolExecutor(1) as pool:
        sums = pool.submit(lambda: list(_sums_check(context, warehouse)))
        published = list(published_check_results(context, warehouse.for_reading(), _DOSSIER))
    yield from (*sums.result(), *published)


def _sums_check(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Yields the check; all dossiers are read for it, unless those that changed show that flows still sum up to the facts."""
    with warehouse.for_reading().connect() as connection:
        if is_selected(context, _SUMS, DAILY_FLOW) and sums_are_checked(connection):
            yield dg.AssetCheckResult(
                check_name=_SUMS, asset_key=DAILY_FLOW, passed=True, metadata={"failing_rows": 0}
            )
            return
    for result in warehouse.check(context, _SUMS, DAILY_FLOW, "mart/flow_difference.sql"):
        if result.passed:
            with warehouse.for_writing().begin() as connection:
                note_checked_sums(connection)
        yield result
