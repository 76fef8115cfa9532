"""Facts refer to members of their dimensions: what would break that writes nothing, whether the server checks keys or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from assets.aggregates.refresh import sum_up
from assets.dimensions import load_units
from assets.dimensions.load import load_reference
from assets.dimensions.members import keys_without_member
from assets.facts.buckets import fold_in_threads
from assets.facts.derive import derive_facts
from pipelines.cli.app import app
from tests.worlds import World, provincial
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import migrate

pytestmark = pytest.mark.both_servers(in_every_run=True)
_FACTS = "select dossier_code, status from core.fct_dossier inner join core.dim_unit using (unit_key)"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """One dossier of a ward's desk, taken in and published."""
    made = World(warehouse, tmp_path)
    made.say_provincial("2023-07-17 18:30", provincial())
    made.run()
    return made


def test_what_the_fold_refers_to_is_there_when_it_is_published(world: World) -> None:
    before = world.ask(_FACTS)
    assert len(before) == 1
    world.say_provincial("2023-07-18 18:30", provincial(status=4, ended="2023-07-18 08:00"))
    world.take_in()

    def without_the_unit(engine: Engine, run_no: int, buckets: int) -> Iterator[int]:
        yield from fold_in_threads(engine, run_no, buckets)
        with engine.begin() as connection:
            connection.execute(text("alter table core.dim_unit disable trigger all"))
            connection.execute(
                text("delete from core.dim_unit where unit_key = (select unit_key from core.fct_dossier)")
            )
            connection.execute(text("alter table core.dim_unit enable trigger all"))

    with pytest.raises(WarehouseError, match=r"unit_key = -?\d+ .* core\.dim_unit"):
        derive_facts(world.engine, sum_up, fold_buckets=without_the_unit)
    # Nothing of it is published, and the dossier waits for the next run.
    assert world.ask("select dossier_code, status from core.fct_dossier") == before
    assert len(world.ask("select dossier_code from history.touched_dossier")) == 1


def test_a_list_of_units_that_lacks_one_of_dossiers_is_not_loaded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.ask("select unit_code, valid_from, unit_name from core.dim_unit order by 1, 2")
    ((unit,),) = world.ask("select unit_code from core.fct_dossier")
    whole: pl.DataFrame = load_units.unit_frame()
    monkeypatch.setattr(load_units, "unit_frame", lambda: whole.filter(pl.col("unit_code") != unit))
    with world.engine.begin() as connection:
        connection.execute(text("delete from ops.setting where name = 'reference_digest'"))
    with (
        pytest.raises(WarehouseError, match=r"unit_key = -?\d+ .* core\.dim_unit"),
        world.engine.begin() as connection,
    ):
        load_reference(connection, world.sources, world.office)
    assert world.ask("select unit_code, valid_from, unit_name from core.dim_unit order by 1, 2") == before


def test_no_key_of_a_dossiers_row_is_checked_row_by_row_where_it_can_be_stated(
    warehouse: Engine, server: str
) -> None:
    migrate(warehouse)
    enforced = "select conrelid\\:\\:regclass\\:\\:text from pg_constraint where contype = 'f'"
    if server != "15":
        enforced += " and conenforced"
    with warehouse.connect() as connection:
        tables = set(connection.execute(text(enforced)).scalars())
    of_dossiers = {"core.fct_dossier", "core.fct_dossier_past", "history.dossier_version", "mart.daily_flow"}
    assert tables & of_dossiers == (of_dossiers if server == "15" else set())


def test_keys_whose_member_is_gone_are_counted_where_the_server_does_not_check_them(world: World) -> None:
    with world.engine.connect() as connection:
        assert keys_without_member(connection) == []
        connection.execute(text("alter table core.dim_unit disable trigger all"))
        connection.execute(
            text("delete from core.dim_unit where unit_key = (select unit_key from core.fct_dossier)")
        )
        connection.execute(text("alter table landing.export_file disable trigger all"))
        connection.execute(text("delete from landing.export_file"))
        (version,) = connection.execute(
            text("select current_setting('server_version_num')::integer / 10000".replace("::", r"\:\:"))
        ).one()
        missing = {(each.table, each.dimension): each.rows for each in keys_without_member(connection)}
    if version < 18:
        assert missing == {}  # the server refuses such rows itself, unless its checks are switched off
        return
    assert missing[("core.fct_dossier", "core.dim_unit")] == 1
    assert missing[("history.dossier_version", "landing.export_file")] == 1
    assert ("core.fct_dossier", "core.dim_procedure") not in missing


def test_the_check_of_a_warehouse_tells_of_keys_whose_member_is_gone(
    world: World, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", world.engine.url.render_as_string(hide_password=False))
    lose = "update core.fct_dossier set unit_key = -1"
    with world.engine.connect() as connection:
        if server == "15":
            with pytest.raises(IntegrityError):
                connection.execute(text(lose))
                connection.commit()
            return
        connection.execute(text(lose))
        connection.commit()
    checked = CliRunner().invoke(app, ["warehouse", "check"])
    assert checked.exit_code == 1
    remedy = "core.fct_dossier: 1 dòng mang khóa không có trong core.dim_unit; hãy dựng lại kho bằng “motcua warehouse rebuild”."
    assert remedy in checked.stdout.replace("\n", " ")
