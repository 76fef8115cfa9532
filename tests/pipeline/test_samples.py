"""Every figure of the samples' expected.json, on both servers; and that a second run changes nothing."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.rebuild import COMPARED, compare_with_rebuilt, rebuild, table_digest
from tests.worlds import SAMPLES, World
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database

_NAMES = ["tinh_bien_2023_07", "tinh_bien_2023_02_csv"]


def _expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / name / "expected.json").read_text(encoding="utf-8"))
    return found


def _world(name: str, engine: Engine, root: Path) -> World:
    world = World(engine, root)
    shutil.copytree(SAMPLES / name / "landing", world.landing, dirs_exist_ok=True)
    return world


def _digests(engine: Engine) -> dict[str, tuple[int, int]]:
    tables = (
        *COMPARED,
        "landing.quarantine",
        "landing.export_file",
        "history.dossier_version",
        "history.process_step",
    )
    with engine.connect() as connection:
        return {table: table_digest(connection, table) for table in tables}


@pytest.mark.both_servers
@pytest.mark.parametrize("name", _NAMES)
def test_every_figure_of_the_sample(name: str, warehouse: Engine, tmp_path: Path) -> None:
    expected = _expected(name)
    world = _world(name, warehouse, tmp_path)
    world.run()
    start, end = expected["period"]
    after_mid = (date.fromisoformat(expected["mid"]) + timedelta(days=1)).isoformat()

    whole = world.form(start, end)
    assert whole == expected["ii06"]
    assert {key: sum(row[key] for row in whole.values()) for key in expected["ii06_total"]} == expected[
        "ii06_total"
    ]
    assert world.form(start, expected["mid"]) == expected["ii06_first_half"]
    assert world.form(after_mid, end) == expected["ii06_second_half"]

    overdue = world.ask(
        "select date::text, sum(overdue_open)::int from mart.overdue_daily"
        " where rule_set = 'ii06' group by 1 order by 1"
    )
    assert {day: count for day, count in overdue if start <= day <= end} == expected["overdue_daily"]

    files = world.ask("select path, rows_read, rows_quarantined, rows_duplicate from landing.export_file")
    by_path = {"landing/" + path: counts for path, *counts in files}
    for file in expected["files"]:
        assert by_path[file["path"]] == [file["rows"], file["quarantined"], file["duplicates"]], file["path"]

    refused = world.ask(
        "select 'landing/' || file, rule_id, coalesce(dossier_code, '') from landing.quarantine"
    )
    defects = [(d["path"], d["kind"], d["code"]) for d in expected["defects"] if d["kind"] != "duplicate"]
    assert sorted(refused) == sorted(defects)
    assert world.ask("select count(*) from core.fct_dossier") == [(expected["dossiers"],)]
    assert world.ask("select count(*) from core.fct_dossier where has_household_book") == [
        (expected["household_book"],)
    ]


def test_a_second_run_changes_no_row(july: World, warehouse: Engine) -> None:
    before = _digests(warehouse)
    again = july.run()
    assert (again.files_loaded, again.files_failed, again.rows_read) == (0, 0, 0)
    assert _digests(warehouse) == before


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_order_grouping_and_repetition_of_files_do_not_matter(
    seed: int, warehouse: Engine, tmp_path: Path
) -> None:
    name = _NAMES[0]
    source = SAMPLES / name / "landing"
    files = sorted(path for path in source.rglob("*") if path.is_file())
    chance = random.Random(seed)
    chance.shuffle(files)
    world = World(warehouse, tmp_path / "shuffled")
    while files:
        for _ in range(min(len(files), chance.randint(5, 20))):
            file = files.pop()
            path = file.relative_to(source)
            world.put(str(path), file.read_bytes())
            if chance.random() < 0.2:
                world.put(str(path.with_name("lần nữa " + path.name)), file.read_bytes())
        world.run()
    # All three again in the order of their export, from the archive.
    with side_database(warehouse, "order") as beside:
        migrate(beside)
        straight = World(beside, tmp_path / "straight")
        shutil.copytree(source, straight.landing, dirs_exist_ok=True)
        straight.run()
        with warehouse.connect() as one, beside.connect() as other:
            for table in COMPARED:
                assert table_digest(one, table) == table_digest(other, table), table


def test_rebuilt_from_the_archive_is_the_same(sample: World, warehouse: Engine) -> None:
    before = _digests(warehouse)
    with side_database(warehouse, "check") as beside:
        migrate(beside)
        compared = compare_with_rebuilt(warehouse, beside, sample.archive, sample.sources)
    assert [one.table for one in compared if not one.is_equal] == []
    # The samples hold no edit; worlds that do are in tests/sql/test_order_properties.py.
    empty = [f"core.fct_{name}{past}" for name in ("dossier_edit", "portal_delay") for past in ("", "_past")]
    assert [one.table for one in compared if not one.live_rows] == empty
    rebuild(warehouse, sample.archive, sample.sources)
    after = _digests(warehouse)
    for table in COMPARED:
        assert after[table] == before[table], table
    assert sample.ask("select count(*) from landing.export_file where loaded_at is null") == [(0,)]


def test_the_difference_is_found_when_a_row_of_the_live_warehouse_was_changed(
    sample: World, warehouse: Engine
) -> None:
    with warehouse.begin() as connection:
        connection.exec_driver_sql(
            "update mart.daily_flow set resolved_late = resolved_late + 1"
            " where ctid = (select ctid from mart.daily_flow limit 1)"
        )
    with side_database(warehouse, "check") as beside:
        migrate(beside)
        compared = compare_with_rebuilt(warehouse, beside, sample.archive, sample.sources)
    assert [one.table for one in compared if not one.is_equal] == ["mart.daily_flow"]


def test_a_form_as_known_then_equals_the_form_of_a_warehouse_that_had_only_the_files_of_then(
    july: World, warehouse: Engine, tmp_path: Path
) -> None:
    known_at = "2023-07-26 20:00:00+07"
    with side_database(warehouse, "then") as beside:
        migrate(beside)
        then = World(beside, tmp_path / "then")
        exported = july.ask(
            "select path from landing.export_file where received_at <= cast(:known_at as timestamptz)",
            known_at=known_at,
        )
        for (path,) in exported:
            then.put(path, (july.landing / path).read_bytes())
        then.run()
        for start, end in (
            ("2023-07-17", "2023-07-26"),
            ("2023-07-17", "2023-07-21"),
            ("2023-07-20", "2023-08-04"),
        ):
            assert july.form(start, end, known_at=known_at) == then.form(start, end)
        assert then.form("2023-07-17", "2023-07-26") != july.form("2023-07-17", "2023-07-26")


def test_months_say_what_the_form_says(july: World) -> None:
    months = july.ask(
        "select calendar, month, sum(received_total)::int, sum(carried_over)::int, sum(resolved_late)::int,"
        " sum(pending_total)::int, sum(pending_overdue)::int from mart.timeliness_month"
        " where rule_set = 'ii06' group by 1, 2 order by 1, 2"
    )
    assert [(calendar, f"{month:%m/%Y}") for calendar, month, *_ in months] == [
        ("calendar", "07/2023"),
        ("calendar", "08/2023"),
        ("reporting", "08/2023"),
    ]
    periods = [("2023-07-01", "2023-07-31"), ("2023-08-01", "2023-08-04"), ("2023-07-15", "2023-08-04")]
    for (_, _, *counts), period in zip(months, periods, strict=True):
        form = july.form(*period).values()
        names = ("received_total", "carried_over", "resolved_late", "pending_total", "pending_overdue")
        assert counts == [sum(row[column] for row in form) for column in names]
