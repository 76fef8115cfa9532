"""`motcua preview`: it says what a change of reference data would move, writes nothing, and what it says comes true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, text

from assets.given.archive import Archive
from assets.sources.sources import BUILT_IN
from tests.command_line import HOME, Motcua
from tests.worlds import CODE, World, provincial
from warehouse_sql.content import digest_of, table_contents

_UNIT = f"select unit_code from core.fct_dossier where dossier_code = '{CODE}'"
_WITHOUT_LIMIT = "000.26.33.H01-230717-0002"
_ALIASES = "aliases: [{name: TTHC Nhà Bàng, unit_code: 30502, valid_from: 1900-01-01, source: CV}]"
_WEIGHTS = """weights:
  - {old_code: 30334, new_code: 30316, weight: 0.75, source: CV}
  - {old_code: 30334, new_code: 30325, weight: 0.25, source: CV}
"""
_DAY_OFF = "- {date: 2023-07-18, kind: off, name: Nghỉ bù, source: CV}\n"
_CORRECTION = f"""\
- source: igate
  dossier_code: {CODE}
  field: due_at
  expect: "2023-07-18T02:00:00.000+0000"
  value: "2023-07-20T02:00:00.000+0000"
  reason: Gõ nhầm ngày
  by: Một cửa
  on: 2023-07-18
"""
_CATALOGUE = "Danh mục thủ tục\nMã TTHC;Tên TTHC;Thời hạn giải quyết\n1.001193.000.00.00.H01;Đăng ký khai sinh;02 Ngày làm việc\n"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """A dossier whose desk has a name that no list knows, and one whose export states no limit, taken in."""
    world = _at_home(warehouse, tmp_path)
    world.say_provincial(
        "2023-07-17 18:30", provincial(unit_name="TTHC Nhà Bàng"), provincial(_WITHOUT_LIMIT, limit=None)
    )
    world.run()
    return world


def _at_home(warehouse: Engine, root: Path) -> World:
    """Returns a world whose archive is that of the commands."""
    world = World(warehouse, root)
    world.archive = Archive(root / HOME / "archive")
    return world


def _digest(engine: Engine) -> str:
    with engine.connect() as connection:
        databases = connection.execute(
            text("select count(*) from pg_database where starts_with(datname, current_database())")
        ).scalar_one()
        return f"{databases} {digest_of(table_contents(connection))}"


def test_an_alias_says_which_dossiers_and_units_move_and_they_do(
    world: World, motcua: Motcua, tmp_path: Path
) -> None:
    units = tmp_path / "đơn vị.yaml"
    units.write_text(_ALIASES, encoding="utf-8")
    before = _digest(world.engine)
    (inferred,) = world.ask(_UNIT)[0]
    done = motcua("preview", "--units", str(units), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert _digest(world.engine) == before
    assert answer["dossiers"] == answer["changes"]["unit_code"] == 1
    assert answer["first"] == [{"dossier_code": CODE, "unit_code": [inferred, "30502"]}]
    assert answer["changes"]["due_at"] == 0
    moved = {unit["unit_code"]: unit["figures"]["received_total"] for unit in answer["units"]}
    assert moved == {inferred: [1, 0], "30502": [0, 1]}

    shown = motcua("preview", "--units", str(units))
    assert "1 hồ sơ sẽ đổi." in shown.stdout
    assert "có số liệu đổi." in shown.stdout
    run = motcua(
        *("run", "--landing", str(world.landing), "--arrived-when-exported"), MOTCUA_UNITS=str(units)
    )
    assert run.returncode == 0, run.stderr
    assert world.ask(_UNIT) == [("30502",)]
    again = motcua("preview", "--units", str(units), MOTCUA_UNITS=str(units))
    assert again.stdout == "Không hồ sơ hay số liệu nào đổi.\n"


def test_a_day_off_and_a_catalogue_say_which_computed_due_dates_move(
    world: World, motcua: Motcua, tmp_path: Path
) -> None:
    calendar, catalogue = tmp_path / "lịch.yaml", tmp_path / "danh mục.csv"
    calendar.write_text(_DAY_OFF, encoding="utf-8")
    catalogue.write_text(_CATALOGUE, encoding="utf-8-sig")
    before = _digest(world.engine)
    for arguments, count in (
        (("--calendar", str(calendar)), 2),
        (("--catalogue", str(catalogue), "--valid-from", "2023-07-01"), 1),
    ):
        done = motcua("preview", *arguments, "--json", "--first", "0")
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer["changes"]["computed_due_at"] == count, arguments
        assert answer["first"] == []
    assert _digest(world.engine) == before


def test_a_code_list_of_a_portal_says_which_dossiers_would_have_another_status(
    world: World, motcua: Motcua, tmp_path: Path
) -> None:
    sources, listed = tmp_path / "nguồn.yaml", yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    listed["igate"]["status_map"]["2"] = 8
    sources.write_text(yaml.safe_dump(listed, allow_unicode=True), encoding="utf-8")
    before = _digest(world.engine)
    done = motcua("preview", "--sources", str(sources), "--json", "--first", "1")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["dossiers"] == answer["changes"]["status"] == 2
    assert answer["first"] == [{"dossier_code": CODE, "status": [4, 8]}]
    assert _digest(world.engine) == before


def test_a_correction_says_which_due_date_would_be_another(
    world: World, motcua: Motcua, tmp_path: Path
) -> None:
    corrections = tmp_path / "đính chính.yaml"
    corrections.write_text(_CORRECTION, encoding="utf-8")
    before = _digest(world.engine)
    done = motcua("preview", "--corrections", str(corrections), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["first"] == [
        {"dossier_code": CODE, "due_at": ["2023-07-18 09:00:00", "2023-07-20 09:00:00"]}
    ]
    assert _digest(world.engine) == before


def test_weights_move_the_figures_of_the_units_of_today_alone(
    warehouse: Engine, motcua: Motcua, tmp_path: Path
) -> None:
    world, weights = _at_home(warehouse, tmp_path), tmp_path / "đơn vị.yaml"
    (name,) = world.ask("select unit_name from core.dim_unit where unit_code = '30334'")[0]
    world.say_provincial(
        "2023-07-17 18:30",
        *(provincial(f"000.26.33.H01-230717-000{n}", unit_name=name, desk=None) for n in range(1, 5)),
    )
    world.run()
    weights.write_text(_WEIGHTS, encoding="utf-8")
    answer = json.loads(motcua("preview", "--units", str(weights), "--json").stdout)
    assert (answer["dossiers"], answer["units"]) == (0, [])
    moved = {unit["unit_code"]: unit["figures"]["received_total"] for unit in answer["units_of_today"]}
    assert {code: would_be for code, (_, would_be) in moved.items()} == {"30316": 3, "30325": 1}
    assert "theo đơn vị hiện nay" in motcua("preview", "--units", str(weights)).stdout


def test_a_file_that_cannot_be_used_is_named_before_anything_is_replayed(
    world: World, motcua: Motcua, tmp_path: Path
) -> None:
    assert motcua("preview").returncode == 2
    units = tmp_path / "đơn vị.yaml"
    assert "không mở được tệp" in motcua("preview", "--units", str(units)).stderr
    units.write_text(
        "aliases: [{name: x, unit_code: 99999, valid_from: 1900-01-01, source: y}]", encoding="utf-8"
    )
    done = motcua("preview", "--units", str(units))
    assert done.returncode == 1
    assert "99999" in done.stderr
