"""Rows that motcua defines: rule sets, indicators, statuses and channels are what their files have, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from assets.facts.rule_sets import RULE_SETS
from tests.worlds import World, provincial
from warehouse_sql.definitions import definition_files, definitions, load_definitions
from warehouse_sql.migrate import migrate

_TABLES = [Path(file).stem for file in definition_files()]
_LANGUAGES = ("_vi", "_en")


def _rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [
            dict(row) for row in connection.execute(text(f"select * from core.{table} order by 1")).mappings()
        ]


def _changed(table: str, key: str, **values: Any) -> list[dict[str, Any]]:
    """Returns the rows of a table with other values in the row that has this key."""
    return [{**row, **(values if key in row.values() else {})} for row in definitions(table)]


@pytest.mark.parametrize("table", _TABLES)
def test_a_migrated_warehouse_has_the_rows_of_the_files(warehouse: Engine, table: str) -> None:
    rows = _rows(warehouse, table)
    assert len(rows) == len(definitions(table)) > 2
    columns = set(rows[0])
    for row in definitions(table):
        assert row.keys() <= columns
    by_key = {next(iter(row.values())): row for row in rows}
    for row in definitions(table):
        stored = by_key[next(iter(row.values()))]
        assert {name: float(v) if name == "default_target" else v for name, v in row.items()} == {
            name: float(stored[name]) if name == "default_target" else stored[name] for name in row
        }


@pytest.mark.parametrize("table", _TABLES)
def test_what_is_worded_is_worded_in_both_languages(table: str) -> None:
    for row in definitions(table):
        vietnamese, english = ({name[:-3] for name in row if name.endswith(of)} for of in _LANGUAGES)
        assert vietnamese - english == set(), row
        assert english - vietnamese <= {"source"}, row
        assert all(str(value).strip() for value in row.values())


def test_every_rule_set_has_its_function_and_a_bit_of_its_own() -> None:
    rows = definitions("rule_set")
    assert sorted(RULE_SETS) == sorted(row["rule_set"] for row in rows)
    assert sorted(row["bit"] for row in rows) == [1 << place for place in range(len(rows))]


def test_the_bit_of_a_rule_set_is_for_ever() -> None:
    # Events and flows of every warehouse name their rule sets by these numbers.
    bits = {row["rule_set"]: row["bit"] for row in definitions("rule_set")}
    assert bits.items() >= {"ii06": 1, "qd766": 2, "opencps": 4, "opencps_v1": 8, "opencps_v2": 16}.items()


def test_a_warehouse_whose_rows_are_of_another_version_gets_those_of_this_one(warehouse: Engine) -> None:
    before = _rows(warehouse, "rule_set")
    with warehouse.begin() as connection:
        connection.execute(text("update core.rule_set set title_vi = 'cũ' where rule_set = 'ii06'"))
        connection.execute(text("delete from core.rule_set where rule_set = 'opencps_v1'"))
        connection.execute(
            text(
                'insert into core.rule_set select (jsonb_populate_record(r, \'{"rule_set": "gone", "bit": 64}\')).*'
                " from core.rule_set as r where rule_set = 'ii06'"
            )
        )
        connection.execute(text("update ops.setting set value = 'older' where name = 'objects_digest'"))
    assert migrate(warehouse) == ["views and functions"]
    assert _rows(warehouse, "rule_set") == before


def test_a_rule_set_that_is_stored_from_now_on_is_in_the_marts_after_the_next_run(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-18 09:00"))
    world.say_provincial("2023-07-20 18:30", provincial(due="2023-07-18 09:00"))
    world.run()
    stored = "select distinct rule_set from mart.timeliness_month order by 1"
    before = world.ask(stored)
    computed = world.form("2023-07-01", "2023-07-31", rule_set="opencps_v1")

    with warehouse.begin() as connection:
        load_definitions(connection, {"rule_set": _changed("rule_set", "opencps_v1", is_stored=True)})
    world.run()
    assert world.ask(stored) == sorted([*before, ("opencps_v1",)])
    assert world.form("2023-07-01", "2023-07-31", rule_set="opencps_v1") == computed

    with warehouse.begin() as connection:
        load_definitions(connection)
    world.run()
    assert world.ask(stored) == before


def test_loading_the_same_definitions_again_derives_nothing(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    with warehouse.begin() as connection:
        load_definitions(connection)
    assert world.ask("select count(*) from history.touched_dossier") == [(0,)]
