"""Targets: files read and refused, changes written once, kept through a rebuild, progress against them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from assets.dimensions.load import load_reference
from assets.dimensions.targets import changes, read_targets, write_targets
from assets.dimensions.targets_file import TargetError
from assets.given.office_file import OfficeFiles
from assets.rebuild import rebuild
from tests.worlds import World, national

pytestmark = pytest.mark.both_servers
_HEAD = "Đơn vị;Chỉ tiêu;Năm;Mức\n"
_OLD, _NEW = date(1900, 1, 1), date(2025, 7, 1)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    made = World(warehouse, tmp_path)
    with warehouse.begin() as connection:
        load_reference(connection, made.sources)
    return made


def _read(world: World, content: str | bytes, name: str = "chỉ tiêu.csv") -> list[tuple[Any, ...]]:
    with world.engine.connect() as connection:
        result = read_targets(connection, content.encode() if isinstance(content, str) else content, name)
    return [(item.unit_code, item.unit_valid_from, item.indicator, item.year, item.target) for item in result]


def _import(world: World, content: str, name: str = "chỉ tiêu.csv") -> int:
    """How many targets it writes."""
    with world.engine.begin() as connection:
        result = read_targets(connection, content.encode(), name)
        planned = changes(connection, result)
        written = write_targets(connection, result, name)
        assert written == len(planned)
        assert changes(connection, result) == []
        return written


def _stored(world: World) -> list[tuple[Any, ...]]:
    return world.ask("select * from mart.target order by unit_code, unit_valid_from, indicator, year")


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet, percent = book.add_worksheet("Giao"), book.add_format({"num_format": "0%"})
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
            if isinstance(row[-1], float):
                sheet.write_number(at, len(row) - 1, row[-1], percent)
    return written.getvalue()


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("95 %", "0.95"), ("95%", "0.95"), ("95", "0.95"), ("0,95", "0.95"), ("0.955", "0.955"), ("95,5 %", "0.955"),
        ("1", "1"), ("1 %", "0.01"), ("0", "0"), ("100 %", "1"),
    ],
)  # fmt: skip
def test_a_share_as_people_write_it(world: World, written: str, share: str) -> None:
    ((*_, actual),) = _read(world, f"{_HEAD}Phường Thới Sơn;3.3;2023;{written}\n")
    assert actual == Decimal(share)


def test_under_a_heading_in_percent_every_number_is_one(world: World) -> None:
    ((*_, actual),) = _read(world, "Đơn vị;Chỉ tiêu;Năm;Mức (%)\nPhường Thới Sơn;3.3;2023;0,5\n")
    assert actual == Decimal("0.005")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3.3", "3.3"),
        ("3,3", "3.3"),
        ("Chỉ tiêu 3.3", "3.3"),
        ("hồ sơ nộp TRỰC TUYẾN", "3.3"),
        ("4.5b", "4.5b"),
        ("4.3 Tái sử dụng", "4.3"),
        ("REUSED_DIGITIZED_DATA", "4.3"),
        ("on_time:ii06", "on_time:ii06"),
    ],
)
def test_an_indicator_as_people_write_it(world: World, written: str, code: str) -> None:
    assert _read(world, f"{_HEAD}Phường Thới Sơn;{written};2023;95 %\n")[0][2] == code


@pytest.mark.parametrize(
    ("unit", "year", "expected"),
    [
        ("UBND phường Thới Sơn", 2023, ("30517", _OLD)),
        ("phuong thoi son", 2023, ("30517", _OLD)),
        ("Phường Thới Sơn", 2026, ("30502", _NEW)),
        # both lists hold in 2025: the later one, unless only the earlier knows the name
        ("Phường Thới Sơn", 2025, ("30502", _NEW)),
        ("Phường Nhà Bàng", 2025, ("30502", _OLD)),
        ("Toàn bộ", 2023, ("all", _OLD)),
    ],
)
def test_a_unit_by_its_name_in_the_list_of_the_year(
    world: World, unit: str, year: int, expected: tuple[str, date]
) -> None:
    assert _read(world, f"{_HEAD}{unit};3.3;{year};95 %\n")[0][:2] == expected


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [("30502", 2023, ("30502", _OLD)), ("30502", 2026, ("30502", _NEW)), ("H01.128", 2026, ("30502", _NEW))],
)
def test_a_unit_by_its_code(world: World, code: str, year: int, expected: tuple[str, date]) -> None:
    assert _read(world, f"Mã đơn vị;Chỉ tiêu;Năm;Mức\n{code};3.3;{year};95 %\n")[0][:2] == expected


def test_a_unit_by_the_name_that_the_office_gives_it(world: World, tmp_path: Path) -> None:
    own = tmp_path / "don-vi.yaml"
    own.write_text(
        "aliases: [{name: Một cửa chợ, unit_code: 30502, valid_from: 1900-01-01, source: CV}]",
        encoding="utf-8",
    )
    with world.engine.begin() as connection:
        load_reference(connection, world.sources, OfficeFiles(units=own))
    assert _read(world, f"{_HEAD}MỘT CỬA CHỢ;3.3;2023;95 %\n")[0][:2] == ("30502", _OLD)


def test_a_workbook_with_titles_and_blank_rows(world: World) -> None:
    content = _workbook(
        [
            ["GIAO CHỈ TIÊU CẢI CÁCH HÀNH CHÍNH"],
            [""],
            ["STT", "Mã đơn vị", "Đơn vị", "Chỉ tiêu", "Năm", "Mức"],
            [1, 30517, "Phường Thới Sơn", 3.3, 2023, 0.6],
            ["", "", "", "", "", ""],
            [2, "", "Phường Nhà Bàng", "4.1", "Năm 2023", 1.0],
        ]
    )
    assert _read(world, content, "giao.xlsx") == [
        ("30517", _OLD, "3.3", 2023, Decimal("0.6")),
        ("30502", _OLD, "4.1", 2023, Decimal("1")),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("Phường Trên Trời;3.3;2023;95 %", r"hàng 2, đơn vị “Phường Trên Trời” không có .* năm 2023.*hãy ghi mã"),
        # the old unit's name in a year in which it was no more: its successor is another unit
        ("Phường Nhà Bàng;3.3;2026;95 %", r"hàng 2, đơn vị “Phường Nhà Bàng” không có .* năm 2026"),
        ("Phường Thới Sơn;9.9;2023;95 %", r"hàng 2, chỉ tiêu “9.9” không có; hãy dùng một trong: 2.1, 3.3, .*on_time:ii06"),
        ("Phường Thới Sơn;2.2;2023;95 %", r"hàng 2, chỉ tiêu “2.2” không phải tỷ lệ.*hãy xóa"),
        ("Phường Thới Sơn;3.3;23;95 %", r"hàng 2, năm “23” không đọc được; hãy ghi năm bốn chữ số"),
        ("Phường Thới Sơn;3.3;2023;120 %", r"hàng 2, mức “120 %” ngoài khoảng 0 đến 100%; hãy sửa"),
        ("Phường Thới Sơn;3.3;2023;-5 %", r"hàng 2, mức “-5 %” không phải tỷ lệ; hãy ghi từ 0 đến 100%"),
        ("Phường Thới Sơn;3.3;2023;cao", r"hàng 2, mức “cao” không phải tỷ lệ; hãy ghi từ 0 đến 100%"),
        ("Phường Thới Sơn;3.3;2023;", r"hàng 2 \(“Phường Thới Sơn, 3.3, 2023”\) để trống cột Mức; hãy điền hoặc xóa"),
        (
            "Phường Thới Sơn;3.3;2023;95 %\nUBND phường Thới Sơn;3,3;2023;95 %",
            r"hàng 3, chỉ tiêu “3,3” năm 2023 của Phường Thới Sơn đã có ở hàng 2; hãy giữ lại một hàng",
        ),
    ],
)  # fmt: skip
def test_a_wrong_row_is_reported_in_one_sentence_and_changes_nothing(
    world: World, rows: str, words: str
) -> None:
    _import(world, f"{_HEAD}Phường Thới Sơn;3.3;2023;50 %\n")
    before = _stored(world)
    with pytest.raises(TargetError, match=rf"^chỉ tiêu.csv: {words}") as error:
        _import(world, f"{_HEAD}{rows}\n")
    assert "\n" not in str(error.value)
    assert _stored(world) == before


def test_a_code_that_stands_for_another_unit_than_the_name(world: World) -> None:
    """30502 was Nhà Bàng and is Thới Sơn."""
    head = "Mã đơn vị;Đơn vị;Chỉ tiêu;Năm;Mức\n"
    assert _read(world, f"{head}30502;Phường Thới Sơn;3.3;2026;95 %\n")
    with pytest.raises(
        TargetError, match="“30502” năm 2023 là Phường Nhà Bàng, không phải “Phường Thới Sơn”"
    ):
        _read(world, f"{head}30502;Phường Thới Sơn;3.3;2023;95 %\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp rỗng"),
        (b"PK\x03\x04 broken", "hỏng"),
        ("Đơn vị;Chỉ tiêu;Mức\nx;3.3;95 %\n".encode(), "không tìm thấy hàng tiêu đề"),
        (_HEAD.encode(), "không có mức nào"),
    ],
)
def test_a_file_that_is_none(world: World, content: bytes, words: str) -> None:
    with pytest.raises(TargetError, match=f"^giao.xlsx: .*{words}|^giao.csv: .*{words}"):
        _read(world, content, "giao.xlsx" if content.startswith(b"PK") else "giao.csv")


def test_again_changes_nothing_and_another_file_only_what_it_says(world: World) -> None:
    first = f"{_HEAD}Phường Thới Sơn;3.3;2023;50 %\nPhường Nhà Bàng;3.3;2023;60 %\n"
    assert _import(world, first) == 2
    before = _stored(world)
    assert _import(world, first, "lần hai.csv") == 0
    assert _stored(world) == before
    assert _import(world, f"{_HEAD}Phường Thới Sơn;3.3;2023;55 %\n", "sửa.csv") == 1
    assert [(row[0], row[4], row[5]) for row in _stored(world)] == [
        ("30502", Decimal("0.6"), "chỉ tiêu.csv"),
        ("30517", Decimal("0.55"), "sửa.csv"),
    ]


def test_a_rebuild_keeps_them(world: World) -> None:
    world.say_national("2023-07-31 18:30", national())
    world.run()
    _import(world, f"{_HEAD}Phường Thới Sơn;3.3;2023;50 %\nToàn bộ;on_time:ii06;2023;95 %\n")
    before = _stored(world)
    rebuild(world.engine, world.archive, world.sources)
    assert len(before) == 2
    assert _stored(world) == before


# Progress


def _dossier(
    number: int, online: bool, ended: str = "", received: str = "2023-07-17 09:00"
) -> dict[str, Any]:
    return national(
        f"000.26.33.H01-230717-{number:04}",
        status=9 if ended else 4,
        ended=ended,
        received=received,
        KenhThucHien="2" if online else "1",
    )


def _progress(
    world: World, day: str = "2023-07-31", year: int = 2023
) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = world.ask(
        "select unit_code, indicator, target, reached, gap, is_on_course, numerator, denominator"
        " from mart.target_progress(:year, :day)",
        year=year,
        day=day,
    )
    return {row[:2]: row[2:] for row in rows}


def test_progress_from_the_start_of_the_reporting_year(world: World) -> None:
    """Online 1 and 3 of 1, 2, 3 (1 was received on 15/12/2022, 0 on the 14th: last year's). Ended in 2023's report:
    1 in time, 2 late."""
    world.say_national(
        "2023-07-31 18:30",
        _dossier(0, True, received="2022-12-14 09:00"),
        _dossier(1, True, "2022-12-15 10:00", received="2022-12-15 09:00"),
        _dossier(2, False, "2023-07-20 09:00"),
        _dossier(3, True),
    )
    world.run()
    _import(
        world,
        f"{_HEAD}Phường Thới Sơn;3.3;2023;70 %\nPhường Thới Sơn;on_time:ii06;2023;50 %\nPhường Nhà Bàng;3.3;2023;80 %\n"
        "Toàn bộ;3.3;2023;60 %\nPhường Thới Sơn;3.3;2024;90 %\n",
    )
    d = Decimal
    assert _progress(world) == {
        ("30517", "3.3"): (d("0.7"), d("0.666667"), d("-0.033333"), False, 2, 3),
        # reached to the point is on course
        ("30517", "on_time:ii06"): (d("0.5"), d("0.5"), 0, True, 1, 2),
        # no dossiers, nothing to say
        ("30502", "3.3"): (d("0.8"), None, None, None, None, None),
        ("all", "3.3"): (d("0.6"), d("0.666667"), d("0.066667"), True, 2, 3),
    }
    # before the 17th: 1 alone
    assert _progress(world, "2023-01-31")["30517", "3.3"] == (d("0.7"), 1, d("0.3"), True, 1, 1)
    assert list(_progress(world, "2024-01-31", 2024)) == [("30517", "3.3")]
    assert _progress(world, "2022-01-31", 2022) == {}


@pytest.mark.parametrize("day", ["2022-12-14", "2023-12-15", None])
def test_a_day_of_another_year_is_refused(world: World, day: str | None) -> None:
    with pytest.raises(DBAPIError, match=r"không thuộc năm báo cáo 2023 \(2022-12-15 đến 2023-12-14\)"):
        world.ask("select * from mart.target_progress(2023, cast(:day as date))", day=day)
