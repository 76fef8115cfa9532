"""Drift: what changed in the exports themselves, on the export day it first came, whatever was read first."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.exports.completeness import drift_sentence, refresh_feeds
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from assets.rebuild import rebuild
from tests.unit.test_readers_angiang import xlsx_of
from tests.worlds import World, at, national, provincial

_DAYS = [f"{at('2023-07-03') + timedelta(days=n):%Y-%m-%d}" for n in range(9)]


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def some(day: str, count: int = 10, **values: Any) -> list[dict[str, Any]]:
    return [
        national(
            f"000.26.33.H01-{at(day):%y%m%d}-{n:04d}", received=f"{day} 09:00", due=f"{day} 16:00", **values
        )
        for n in range(1, count + 1)
    ]


def drift(world: World) -> list[tuple[Any, ...]]:
    return world.ask(
        "select source, kind, name, example, first_seen_on::text, last_seen_on::text, files from ops.drift"
        " order by source, kind, name, example"
    )


def test_nothing_new_is_no_drift(world: World) -> None:
    for day in _DAYS:
        world.say_national(f"{day} 18:30", *some(day))
    world.run()
    assert drift(world) == []


def test_a_new_field_is_drift_from_its_first_export_day_on(world: World) -> None:
    for day in _DAYS[:4]:
        more = {"KhoaMoi": "x"} if day >= _DAYS[1] else {}
        world.say_national(f"{day} 18:30", *some(day, 1, **more))
    world.run()
    assert drift(world) == [("dvcqg", "heading", "KhoaMoi", None, _DAYS[1], _DAYS[3], 3)]
    assert world.ask("select first_file from ops.drift") == [("dvcqg/DongBoHoSoMC_20230704T183000.json",)]


def test_a_new_heading_of_a_list_is_drift(world: World) -> None:
    text = "Mã hồ sơ;Trạng thái;Ngày nhận;Mức độ\nH01.26-230703-0001;Đang xử lý;03/07/2023;4\n"
    world.put("angiang/Danh sách hồ sơ_2023_07_03_18_30.csv", text.encode())
    world.run()
    assert drift(world) == [("angiang", "heading", "Mức độ", None, _DAYS[0], _DAYS[0], 1)]


def test_codes_that_no_list_knows_are_drift_with_the_code(world: World) -> None:
    world.say_national(
        f"{_DAYS[0]} 18:30", national(status=77), national("000.26.33.H01-230717-0002", KenhThucHien="9")
    )
    odd = provincial()
    odd["procedureProcessDefinition"]["processDefinition"]["processingTimeUnit"] = "tuần"
    world.say_provincial(f"{_DAYS[0]} 18:30", odd)
    world.run()
    assert [row[:4] for row in drift(world)] == [
        ("dvcqg", "code", "KenhThucHien", "9"),
        ("dvcqg", "code", "status_raw", "77"),
        ("igate", "code", "processingTimeUnit / timesheet", "(chữ: 5 từ, 20 ký tự)"),
    ]


def test_a_name_of_a_citizen_never_shows(world: World) -> None:
    name = "Nguyễn Văn An"
    world.say_national(
        f"{_DAYS[0]} 18:30",
        national(TrangThaiHoSo=name),
        national("000.26.33.H01-230717-0002", KenhThucHien="0912345678", **{"Điện thoại 0912345678": "x"}),
    )
    world.run()
    shown = " ".join(str(row) for row in drift(world))
    assert "dãy 10 chữ số" in shown
    assert name not in shown and "0912345678" not in shown


def test_a_person_in_the_row_of_headings_is_in_no_table_of_the_warehouse(world: World) -> None:
    people = ("Nguyễn Văn Bí Mật", "0912 345 678", "Ấp Bí Mật, xã An Cư")
    text = ";".join(["Mã hồ sơ", "Trạng thái", "Ngày nhận", *people])
    text += "\nH01.26-230703-0001;Đang xử lý (Nguyễn Văn Bí Mật);03/07/2023;x;y;z\n"
    world.put("angiang/Danh sách hồ sơ_2023_07_03_18_30.csv", text.encode())
    odd = national(received="2023-07-03 09:00", due="2023-07-04 09:00") | dict.fromkeys(people, "x")
    world.say_national(f"{_DAYS[0]} 18:30", odd)
    intake = world.run()
    assert (intake.files_loaded, intake.rows_quarantined) == (2, 0)
    shown = [(name, example) for _, _, name, example, *_ in drift(world)]
    shapes = [("(10 chữ số)", None), ("(chữ, 4 từ)", None), ("(chữ, 6 từ)", None)]
    assert shown == [("Trạng thái", "Đang xử lý (…)"), *shapes, *shapes]
    tables = world.ask(
        "select format('%I.%I', schemaname, tablename) from pg_tables"
        " where schemaname in ('landing', 'history', 'core', 'mart', 'ops')"
    )
    for (table,) in tables:
        rows = world.ask(f"select to_jsonb(t)::text from {table} as t")
        assert not [row for row in rows if "Bí Mật" in row[0] or "345 678" in row[0]], table
    assert "Bí Mật" not in str(intake)


def test_dates_that_a_spreadsheet_may_have_turned_round_are_drift(world: World) -> None:
    rows = [
        ["Mã hồ sơ", "Trạng thái", "Ngày nhận", "Ngày hẹn trả"],
        ["H01.26-230703-0001", "Đang xử lý", "03/07/2023 09:00:00", datetime(2023, 5, 7, 9)],
        ["H01.26-230703-0002", "Đang xử lý", "03/07/2023 09:00:00", "17/07/2023 09:00:00"],
    ]
    world.put("angiang/Danh sách hồ sơ_2023_07_03_18_30.xlsx", xlsx_of(rows))
    world.run()
    assert [row[:4] for row in drift(world)] == [
        ("angiang", "type", "Ngày hẹn trả", "dd/MM/yyyy + Excel 1–12")
    ]


def test_a_date_in_another_style_and_a_number_for_a_text_are_drift(world: World) -> None:
    for day in _DAYS[:3]:
        world.say_national(f"{day} 18:30", *some(day, 2))
    first, two = some(_DAYS[3], 2)
    world.say_national(
        f"{_DAYS[3]} 18:30", first | {"NgayHenTra": "2023-07-06T16:00:00", "TrangThaiHoSo": 4}, two
    )
    world.run()
    assert drift(world) == [
        ("dvcqg", "type", "NgayHenTra", "ISO local", _DAYS[3], _DAYS[3], 1),
        ("dvcqg", "type", "TrangThaiHoSo", "number", _DAYS[3], _DAYS[3], 1),
    ]


def test_a_date_column_of_a_list_in_another_style_is_drift(world: World) -> None:
    for day, written in ((3, "03/07/2023"), (4, "2023-07-04")):
        text = f"Mã hồ sơ;Trạng thái;Ngày nhận\nH01.26-23070{day}-0001;Đang xử lý;{written}\n"
        world.put(f"angiang/Danh sách hồ sơ_2023_07_0{day}_18_30.csv", text.encode())
    world.run()
    assert drift(world) == [("angiang", "type", "Ngày nhận", "ISO day", _DAYS[1], _DAYS[1], 1)]


@pytest.mark.parametrize(("full_days", "rows", "expected"), [(5, 10, True), (4, 10, False), (5, 9, False)])
def test_a_field_that_goes_empty_is_drift(world: World, full_days: int, rows: int, expected: bool) -> None:
    for day in _DAYS[: full_days + 2]:
        shown = {"TenLinhVuc": ""} if day >= _DAYS[full_days] else {}
        world.say_national(f"{day} 18:30", *some(day, rows, **shown))
    world.run()
    entry = ("dvcqg", "empty_field", "field_name", None, _DAYS[full_days], _DAYS[full_days + 1], 2)
    assert drift(world) == ([entry] if expected else [])


def test_a_column_that_is_not_sent_any_more_is_drift(world: World) -> None:
    for place, day in enumerate(_DAYS[:7]):
        with_due = place < 5
        text = "Mã hồ sơ;Trạng thái;Ngày nhận" + ";Ngày hẹn trả" * with_due
        text += (
            f"\nH01.26-{at(day):%y%m%d}-0001;Đang xử lý;{at(day):%d/%m/%Y}"
            + f";{at(day):%d/%m/%Y}" * with_due
        )
        world.put(f"angiang/Danh sách hồ sơ_{at(day):%Y_%m_%d}_18_30.csv", text.encode())
    world.run()
    assert drift(world) == [("angiang", "vanished_heading", "due_at", None, _DAYS[5], _DAYS[6], 2)]


@pytest.mark.long
def test_the_earliest_export_day_wins_whatever_comes_first_and_after_a_rebuild(
    world: World, warehouse: Engine
) -> None:
    for day in reversed(_DAYS):
        more: dict[str, Any] = {"KhoaMoi": "x"} if day >= _DAYS[2] else {}
        if day >= _DAYS[6]:
            more |= {"TenLinhVuc": "", "KenhThucHien": 1}
        world.say_national(f"{day} 18:30", *some(day, 10, **more))
        world.run()
    expected = [
        ("dvcqg", "empty_field", "field_name", None, _DAYS[6], _DAYS[8], 3),
        ("dvcqg", "heading", "KhoaMoi", None, _DAYS[2], _DAYS[8], 7),
        ("dvcqg", "type", "KenhThucHien", "number", _DAYS[6], _DAYS[8], 3),
    ]
    assert drift(world) == expected
    before = world.ask("select * from ops.drift order by source, kind, name")
    rebuild(warehouse, world.archive, world.sources)
    assert world.ask("select * from ops.drift order by source, kind, name") == before


def test_only_what_was_not_known_before_is_new(world: World) -> None:
    def new_of_run() -> list[str]:
        take_in(world.engine, LandingZone(str(world.landing)), world.archive, world.sources)
        return [drift_sentence(actual._asdict()) for actual in refresh_feeds(world.engine)]

    world.say_national(f"{_DAYS[0]} 18:30", *some(_DAYS[0], 1, KhoaMoi="x"))
    assert new_of_run() == ["dvcqg: cột hoặc trường lạ “KhoaMoi”"]
    world.say_national(f"{_DAYS[1]} 18:30", *some(_DAYS[1], 1, KhoaMoi="x", KenhThucHien="9"))
    assert new_of_run() == ["dvcqg: mã lạ “KenhThucHien” (“9”)"]
    assert new_of_run() == []
