"""What Dagster's pages show of assets besides their tables: code versions, freshness, the newest export of a portal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from assets.code_version import code_version, digest_of, made_of
from assets.exports.assets import freshness_of
from assets.exports.resources import Landing
from assets.given.archive import Archive
from assets.sources.feed import Feed
from pipelines.definitions import build_definitions
from pipelines.settings import Settings
from tests.worlds import World, provincial
from warehouse_sql.resources import Warehouse

_ROOT = Path(__file__).parents[2]
_TODAY = date(2026, 11, 27)
_PORTAL = dg.AssetKey(["portal", "igate"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources of the packages, to be changed."""
    for package in ("assets", "quality", "warehouse_sql"):
        shutil.copytree(_ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "changes"),
    [
        ("assets/facts/fold.py", {"facts"}),
        ("assets/sources/canonical.py", {"facts", "dimensions", "exports"}),
        ("assets/sources/sources.yaml", {"facts", "dimensions", "exports"}),
        ("warehouse_sql/core/publish_facts.sql", {"facts"}),
        ("warehouse_sql/history/views/dossier_repeat.sql", {"facts", "exports"}),
        ("warehouse_sql/mart/views/open_dossier.sql", {"open"}),
        ("assets/reports/issue/write.py", set()),
        ("warehouse_sql/messages/intake.yaml", set()),
    ],
)
def test_an_asset_has_another_version_when_anything_that_makes_it_changes(
    copy: Path, changed: str, changes: set[str]
) -> None:
    roots = {
        "facts": "assets.facts.derive",
        "dimensions": "assets.dimensions.load",
        "exports": "assets.exports.intake",
        "open": "mart.open_dossier",
    }
    with (copy / changed).open("a", encoding="utf-8") as file:
        file.write("\n")
    actual = {name for name, root in roots.items() if digest_of(made_of((root,), copy)) != code_version(root)}
    assert actual >= changes
    assert not (actual - changes) & {"open"} and (changes or not actual)


def test_a_name_that_nothing_stands_behind_is_refused() -> None:
    with pytest.raises(ValueError, match="no module"):
        made_of(("assets.facts.nothing",))


def test_all_that_a_step_makes_has_a_version_and_marts_and_portals_a_freshness() -> None:
    graph = build_definitions().resolve_asset_graph()
    for node in graph.asset_nodes:
        assert bool(node.code_version) == (not node.is_external), node.key
        is_shown = node.key.path[0] in ("mart", "portal") or node.key.path == ["ops", "alert"]
        assert bool(node.freshness_policy) == is_shown, node.key


@pytest.mark.parametrize(
    ("feed", "cron"),
    [
        (Feed("day", due_by=time(7, 30)), "30 7 * * 0,1,2,3,4,5,6"),
        (Feed("working_day", due_by=time(7, 30)), "30 7 * * 2,3,4,5,6"),
        (Feed("weekday", weekdays=(1, 7), due_by=time(18, 0), is_due_next_day=False), "0 18 * * 0,1"),
        (Feed("weekday", weekdays=(7,)), "59 23 * * 1"),
    ],
)
def test_a_portal_is_fresh_by_what_it_promises(feed: Feed, cron: str) -> None:
    assert freshness_of(feed, _TODAY) == dg.FreshnessPolicy.cron(cron, timedelta(days=1), "Asia/Ho_Chi_Minh")


def test_a_portal_that_promises_nothing_has_no_freshness() -> None:
    assert freshness_of(None, _TODAY) is None
    assert freshness_of(Feed("day", until=date(2026, 11, 26)), _TODAY) is None
    assert freshness_of(Feed("usual"), _TODAY) is not None


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def test_a_portal_shows_its_newest_export_as_an_update_when_files_came_and_else_as_an_observation(
    world: World, warehouse_url: str, instance: dg.DagsterInstance
) -> None:
    settings = Settings(
        home=world.landing.parent / "home", warehouse_url=warehouse_url, landing=str(world.landing)
    )
    definitions = build_definitions(
        {
            "warehouse": Warehouse(settings.url, lock_wait_seconds=0),
            "landing": Landing(settings.landing_url, Archive(settings.archive), arrived_when_exported=True),
        }
    )
    job = definitions.resolve_job_def("daily_run")
    results = [job.execute_in_process(instance=instance) for _ in range(2)]
    assert [result.success for result in results] == [True, True]

    (update,) = instance.fetch_materializations(_PORTAL, limit=10).records
    assert update.run_id == results[0].run_id and update.asset_materialization
    shown = update.asset_materialization.metadata
    assert (shown["files"].value, shown["rows_read"].value) == (1, 1)
    assert shown["path"].value == "igate/2023-07-17/183000.json"
    (seen,) = instance.fetch_observations(_PORTAL, limit=10).records
    assert seen.run_id == results[1].run_id
    counts = [len(instance.all_logs(result.run_id)) for result in results]
    print("events", counts)
    assert counts[1] <= counts[0]


def _materialised(warehouse_url: str, instance: dg.DagsterInstance, *name: str) -> dg.AssetMaterialization:
    """Materialises one asset and returns what Dagster shows of it."""
    definitions = build_definitions({"warehouse": Warehouse(lambda: warehouse_url, lock_wait_seconds=0)})
    key = dg.AssetKey(list(name))
    job = definitions.resolve_implicit_global_asset_job_def()
    job.get_subset(asset_selection={key}).execute_in_process(instance=instance)
    (record,) = instance.fetch_materializations(key, limit=1).records
    assert record.asset_materialization
    return record.asset_materialization


def test_columns_have_their_lineage_and_the_texts_of_the_dictionary(
    world: World, warehouse_url: str, instance: dg.DagsterInstance
) -> None:
    world.run()
    shown = _materialised(warehouse_url, instance, "mart", "open_dossier").metadata
    lineage = shown["dagster/column_lineage"].value
    assert isinstance(lineage, dg.TableColumnLineage)
    schema = shown["dagster/column_schema"].value
    assert isinstance(schema, dg.TableSchema)
    due = next(column for column in schema.columns if column.name == "due_at")
    assert due.description == "Due date as it stands, local time.\nHẹn trả hiện hành, giờ Việt Nam."
    assert lineage.deps_by_column["due_at"] == [dg.TableColumnDep(["core", "fct_dossier"], "due_at")]


def test_columns_of_facts_come_from_what_was_stated(
    world: World, warehouse_url: str, instance: dg.DagsterInstance
) -> None:
    world.run()
    shown = _materialised(warehouse_url, instance, "core", "fct_dossier").metadata
    lineage = shown["dagster/column_lineage"].value
    assert isinstance(lineage, dg.TableColumnLineage)
    stated = ["history", "dossier_version"]
    assert lineage.deps_by_column["fee_amount"] == [dg.TableColumnDep(stated, "fee_amount")]
    assert dg.TableColumnDep(stated, "ended_at") in lineage.deps_by_column["state"]
    assert dg.TableColumnDep(["core", "dim_unit"], "unit_key") in lineage.deps_by_column["unit_key"]
    assert dg.TableColumnDep(stated, "unit_name") in lineage.deps_by_column["unit_key"]
