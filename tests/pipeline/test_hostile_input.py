"""Hostile files on the real way into the warehouse: each named or accounted for, the good file beside them is in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.run_log import Intake
from tests.fuzz.bases import packed, xlsx_parts
from tests.fuzz.mutate import make
from tests.unit import hostile
from tests.worlds import World, national, provincial

_GOOD = "000.26.33.H01-230717-0099"
_LIST = "angiang/Danh sách hồ sơ_2023_07_17_18_30"
_JSON = "dvcqg/DongBoHoSoMC_20230717T183000.json"
_MIB = 1024**2


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    made = World(warehouse, tmp_path)
    made.say_provincial("2023-07-17 18:30", provincial(_GOOD))
    return made


def _good_is_in(world: World) -> None:
    assert world.ask("select count(*) from core.fct_dossier where dossier_code = :code", code=_GOOD) == [(1,)]


def _accounts(world: World) -> list[tuple[object, ...]]:
    """Files of which not every row is counted once."""
    return world.ask(
        "select path from landing.export_file where status = 'loaded'"
        " and rows_read <> rows_loaded + rows_unchanged + rows_duplicate + rows_quarantined"
    )


def _printable(result: Intake) -> None:
    for line in result.errors + result.remarks:
        assert line.isprintable(), line


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        (_JSON + ".gz", hostile.gzip_bomb_once(80 * _MIB), "nén bất thường"),
        (_LIST + ".xlsx", hostile.bomb_workbook(80 * _MIB), "nén bất thường"),
        (_LIST + ".xlsx", hostile.bomb_workbook(20 * _MIB, stated=1000), "sai kích thước"),
        (_LIST + ".xlsx", hostile.zip_of(hostile.parts(sheet=b"<!DOCTYPE w []><worksheet/>")), "DTD"),
        (_JSON, b"[" * 100_000, "lồng nhau quá sâu"),
        (_JSON, b'[{"MaHoSo": "\xff"}]', "UTF-8"),
        (_LIST + ".csv", hostile.csv_of(hostile.rows({2: "x" * 2_000_000})), "dòng 2"),
        (_LIST + ".csv", hostile.csv_of(hostile.rows({2: '"x'}, {})), "ngoặc kép"),
    ],
)
def test_a_hostile_file_is_registered_with_its_error(
    world: World, path: str, content: bytes, words: str
) -> None:
    world.put(path, content)
    result = world.run()
    (error,) = result.errors
    assert error.startswith(path + ": ") and words in error and "hãy" in error
    _printable(result)
    assert world.ask(
        "select status, error like '%' || :words || '%' from landing.export_file where path = :path",
        words=words,
        path=path,
    ) == [("failed", True)]
    _good_is_in(world)


_TEXTS = [
    *(
        "a\x00b",
        "\x1b[31mđỏ",
        "\ud800",
        "'; drop table landing.export_file; --",
        "\\N",
        "\\.",
        "a\tb\nc",
        '"',
        "%s {0}",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "\u202eabc",
        "🏛️" * 400,
        "ký " * 100_000,
        "1e999",
        "NaN",
        "9999-12-31",
        "0000-00-00",
    ),
    *(
        "99999-01-01",
        "-45000",
        "../../etc/passwd",
        "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(3000)),
    ),
]
_FIELDS = [
    "MaHoSo",
    "MaTTHC",
    "TenTTHC",
    "MaLinhVuc",
    "TenLinhVuc",
    "DonViXuLy",
    "TrangThaiHoSo",
    "NgayTiepNhan",
]


def test_hostile_texts_in_every_field_are_stored_or_quarantined_and_all_are_counted(world: World) -> None:
    records = [
        national(**({"MaHoSo": f"000.26.33.H01-230717-{1000 + place:04}"} | {field: text}))
        for place, (field, text) in enumerate((field, text) for field in _FIELDS for text in _TEXTS)
    ]
    world.put(_JSON, json.dumps({"data": records}).encode())
    pages = [
        provincial(
            f"000.26.33.H01-230718-{place:04}", procedure_name=text, unit_name=text, procedure=text, desk=text
        )
        for place, text in enumerate(_TEXTS)
    ]
    world.put("igate/2023-07-18/dossiers.json", json.dumps({"content": pages}).encode())
    texts = [text for text in _TEXTS if text.isprintable()]
    listed = hostile.rows(*[{place: text} for place in (1, 2, 4, 5) for text in texts])
    world.put(_LIST + ".xlsx", packed(xlsx_parts(listed)))
    result = world.run()
    assert (result.files_failed, result.files_loaded, result.errors) == (0, 4, [])
    assert result.rows_read == 1 + len(records) + len(pages) + len(listed) - 1
    assert (
        result.rows_read
        == result.rows_loaded + result.rows_unchanged + result.rows_duplicate + result.rows_quarantined
    )
    _printable(result)
    assert _accounts(world) == []
    _good_is_in(world)


def test_a_number_of_four_hundred_digits_stops_no_run(world: World) -> None:
    text = json.dumps({"data": [national(TenTTHC="@"), national("000.26.33.H01-230717-0002")]})
    world.put(_JSON, text.replace('"@"', "4" * 400).encode())
    result = world.run()
    assert (result.files_failed, result.rows_read) == (0, 3)
    _good_is_in(world)


def test_odd_names_are_reported_on_one_line_and_their_files_are_in(world: World) -> None:
    content = json.dumps({"content": [provincial("000.26.33.H01-230717-0002")]}).encode()
    world.put("igate/2023-07-17/a\nLỖI: giả\x1b[31m.json", content)
    world.put("igate/2023-07-17/" + os.fsdecode(b"b\xff.json"), b"[")
    world.put("igate/2023-07-17/x..%2f..%2fetc.json", b"[")
    world.put("khac\x1b[2J/a.json", b"[]")
    result = world.run()
    assert (result.files_loaded, result.files_failed) == (2, 2)
    _printable(result)
    assert world.ask("select path from landing.export_file where path like '%giả%'") == [
        ("igate/2023-07-17/a\\x0aLỖI: giả\\x1b[31m.json",)
    ]
    assert world.run().files_loaded == 0
    _good_is_in(world)


def test_a_link_out_of_the_landing_zone_and_a_pipe_are_reported_and_not_read(
    world: World, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"content": [provincial("000.26.33.H01-230717-0666")]}))
    folder = world.landing / "igate"
    (folder / "out.json").symlink_to(secret)
    os.mkfifo(folder / "pipe.json")
    result = world.run()
    assert result.files_failed == 2
    assert any("igate/out.json" in line and "symlink" in line for line in result.errors)
    assert any("igate/pipe.json" in line and "tệp thường" in line for line in result.errors)
    assert world.ask("select count(*) from core.fct_dossier where dossier_code like '%0666'") == [(0,)]
    _good_is_in(world)


def test_a_text_that_is_a_code_in_one_row_and_a_name_in_another_stops_no_run(world: World) -> None:
    # A slipped column: both get a code of ours made from the same text.
    world.say_national(
        "2023-07-17 19:00",
        national("000.26.33.H01-230717-0001", MaTTHC="khai gì đó", TenTTHC="Khai một thứ khác"),
        national("000.26.33.H01-230717-0002", MaTTHC="", TenTTHC="khai gì đó"),
    )
    assert world.run().files_failed == 0
    assert world.ask(
        "select count(distinct procedure_code) from core.fct_dossier where procedure_code like 'x-%'"
    ) == [(1,)]
    _good_is_in(world)


@pytest.mark.parametrize("count", [100, pytest.param(500, marks=pytest.mark.long)])
def test_fuzzed_files_go_through_the_gate_and_no_run_fails(world: World, count: int) -> None:
    for number in range(count):
        given = make(5, number)
        world.put(f"{given.base.source}/{number}/{given.base.path}", given.content)
    result = world.run()
    assert result.files_loaded + result.files_failed == count + 1
    assert min(result.files_loaded, result.files_failed) > count // 5
    _printable(result)
    assert _accounts(world) == []
    assert world.ask("select count(*) from landing.export_file") == [(count + 1,)]
    again = world.run()
    assert (again.files_loaded, again.files_failed) == (0, 0)
