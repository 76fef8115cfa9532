"""Dagster: the dimensions. Names are resolved while files are taken in, so they come before the exports.

No `from __future__ import annotations`: Dagster reads the annotations of steps.
"""

from collections.abc import Iterator

import dagster as dg

from assets.code_version import code_version
from assets.dimensions.load import load_reference
from assets.given.office_file import OfficeFiles
from assets.run_log import RUN, RunLog
from assets.sources.sources import SourceList
from warehouse_sql.resources import Warehouse, tried_again, without_secrets

_DESCRIPTIONS = {
    "dim_date": "Days with public holidays, make-up Saturdays and the running count of working days.",
    "dim_unit": "Units of both lists, before and since 1/7/2025; those that no list knows are inferred.",
    "dim_procedure": "Procedures of the catalogue; those that it does not know are inferred.",
    "dim_channel": "Channels of submission.",
    "dim_status": "Dossier statuses of the national list.",
}


def _spec(name: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["core", name],
        description=description,
        group_name="dimensions",
        kinds={"python", "postgres"},
        owners=["team:data-engineers"],
        code_version=code_version("assets.dimensions.load"),
    )


@dg.multi_asset(
    name="load_dimensions",
    can_subset=True,
    description="Dates, units, procedures and sources, where their lists changed.",
    specs=[_spec(name, description) for name, description in _DESCRIPTIONS.items()],
)
@tried_again
@without_secrets
def load_dimensions(
    context: dg.AssetExecutionContext,
    warehouse: dg.ResourceParam[Warehouse],
    landing: dg.ResourceParam[SourceList],
    run: dg.ResourceParam[RunLog],
    office: dg.ResourceParam[OfficeFiles],
) -> Iterator[dg.MaterializeResult[None]]:
    """The first step of a run."""
    sources = landing.source_list()
    engine = warehouse.for_writing()
    # Dimensions that a person materialises alone, by hand, are no run of the day.
    if dg.AssetKey(RUN) in context.job_def.asset_layer.selected_asset_keys:
        run.begin(engine)
    with engine.begin() as connection:
        load_reference(connection, sources, office)
    yield from warehouse.results(context, [["core", name] for name in _DESCRIPTIONS])
