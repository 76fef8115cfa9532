"""Bad files and rows: each named with a clear error or counted, nothing else lost, the good files in."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.exports.landed import LandedFile
from assets.exports.landing import LandingZone
from tests.worlds import CODE, SAMPLES, World, national, provincial


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _good(world: World) -> str:
    return world.say_provincial("2023-07-17 18:30", provincial())


_WORKBOOK = next((SAMPLES / "tinh_bien_2023_07/landing/angiang/2023").glob("*17_18_30.xlsx"))


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("dvcqg/DongBoHoSoMC_20230717T183000.json", b'{"data": [{"MaHoSo": "000.2', "JSON bị cắt cụt"),
        ("dvcqg/DongBoHoSoMC_20230717T183000.json.gz", b"\x1f\x8b\x08\x00abc", "gzip"),
        ("angiang/Danh sách hồ sơ_2023_07_17_18_30.xlsx", b"not a workbook", "sổ tính"),
        ("angiang/Danh sách hồ sơ_2023_07_18_18_30.xlsx", _WORKBOOK.read_bytes()[:4000], "sổ tính"),
        ("angiang/Danh sách hồ sơ_2023_07_17_18_30.csv", b"", "rỗng"),
        ("igate/2023-07-17/dossiers.json", b"", "rỗng"),
        (
            "angiang/Danh sách hồ sơ_2023_07_19_18_30.csv",
            "STT;Ngày nhận\n1;17/07/2023\n".encode(),
            "“Mã hồ sơ”",
        ),
        ("igate/2023-07-17/anh.png", b"\x89PNG", "Đuôi tệp"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_in(
    world: World, path: str, content: bytes, words: str
) -> None:
    good = _good(world)
    world.put(path, content)
    result = world.run()
    assert (result.files_loaded, result.files_failed) == (1, 1)
    (error,) = result.errors
    assert error.startswith(path + ": ") and words in error
    assert world.ask("select path, status from landing.export_file order by status") == [
        (path, "failed"),
        (good, "loaded"),
    ]
    assert world.ask("select count(*) from core.fct_dossier") == [(1,)]
    # It is not tried again until it changes.
    assert world.run().files_failed == 0


def test_a_file_that_cannot_be_opened_is_reported_and_the_others_are_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _good(world)
    locked = world.put("igate/2023-07-18/dossiers.json", b"{}")
    zone_read = LandingZone.read

    # root may read everything, so the refusal is made here
    def read(zone: LandingZone, file: LandedFile) -> bytes | None:
        if zone.url and file.path.startswith("igate/2023-07-18"):
            raise PermissionError(13, "Permission denied", str(locked))
        return zone_read(zone, file)

    monkeypatch.setattr(LandingZone, "read", read)
    result = world.run()
    assert (result.files_loaded, result.files_failed) == (1, 1)
    assert "igate/2023-07-18/dossiers.json" in result.errors[0] and "quyền đọc" in result.errors[0]


def test_a_mended_file_under_the_same_name_is_taken_in(world: World) -> None:
    path = "igate/2023-07-17/dossiers.json"
    world.put(path, b'{"content": [')
    assert world.run().files_failed == 1
    world.put(path, json.dumps({"content": [provincial()]}).encode())
    assert world.run().files_loaded == 1
    assert world.ask("select status, rows_loaded from landing.export_file order by file_id") == [
        ("failed", 0),
        ("loaded", 1),
    ]


def test_a_row_with_an_unreadable_date_waits_in_quarantine_and_the_rest_is_in(world: World) -> None:
    other = "000.26.33.H01-230717-0002"
    path = world.say_national("2023-07-17 18:30", national(NgayTiepNhan="2023-13-45"), national(other))
    world.run()
    rows = world.ask(
        "select file, sheet, row_number, dossier_code, rule_id, field, value, message_vi, payload ->> 'dossier_code'"
        " from landing.quarantine"
    )
    message = "Giá trị “2023-13-45” không phải là ngày; hãy sửa theo kiểu ngày của cổng rồi gửi lại."
    assert rows == [(path, None, 1, CODE, "unreadable_date", "NgayTiepNhan", "2023-13-45", message, CODE)]
    assert world.ask("select dossier_code from core.fct_dossier") == [(other,)]


def test_a_refused_row_is_resolved_when_its_source_says_something_readable_later(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(NgayTiepNhan="2023-13-45"))
    world.run()
    assert world.ask("select resolved_at from landing.quarantine") == [(None,)]
    world.say_national("2023-07-18 18:30", national())
    world.run()
    assert world.ask("select resolved_at is not null from landing.quarantine") == [(True,)]


def test_no_citizen_reaches_the_warehouse(world: World) -> None:
    person = {"ChuHoSo": "Néang Sóc Mỹ", "SoDienThoai": "0900000001", "SoGiayToChuHoSo": "089000000001"}
    slipped = national("Trần Thị Bưởng", **person)
    world.say_national(
        "2023-07-17 18:30",
        national(**person),
        slipped,
        national("000.26.33.H01-230717-0003", status="0900000002"),
    )
    world.run()
    tables = world.ask(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema in ('landing', 'history', 'core', 'mart', 'ops') and table_type = 'BASE TABLE'"
    )
    for (table,) in tables:
        for (row,) in world.ask(f"select t::text from {table} as t"):
            for secret in ("Néang", "Bưởng", "0900000001", "0900000002", "089000000001"):
                assert secret not in row, table


def test_two_files_with_one_name_and_other_content_are_two_files(world: World) -> None:
    path = _good(world)
    world.run()
    world.put(path, json.dumps({"content": [provincial("000.26.33.H01-230717-0002")]}).encode())
    world.run()
    assert world.ask(
        "select count(*), count(distinct sha256) from landing.export_file where path = :path", path=path
    ) == [(2, 2)]
    assert world.ask("select count(*) from core.fct_dossier") == [(2,)]


def test_the_same_content_under_another_name_is_counted_as_unchanged_and_archived_once(world: World) -> None:
    path = _good(world)
    world.put("igate/copy/again.json", (world.landing / path).read_bytes())
    world.run()
    assert world.ask("select sum(rows_loaded)::int, sum(rows_unchanged)::int from landing.export_file") == [
        (1, 1)
    ]
    archived = [file for file in world.archive.root.glob("??/*") if file.is_file()]
    assert len(archived) == 1
    assert archived[0].read_bytes() == (world.landing / path).read_bytes()
    assert archived[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["dossiers.json.part", "dossiers.json.tmp"])
def test_an_unfinished_name_is_left_for_the_next_run(world: World, name: str) -> None:
    file = world.put(f"igate/2023-07-17/{name}", json.dumps({"content": [provincial()]}).encode())
    result = world.run()
    assert result.left_for_next_run == [f"igate/2023-07-17/{name}"]
    assert world.ask("select count(*) from landing.export_file") == [(0,)]
    file.rename(file.with_name("dossiers.json"))
    assert world.run().files_loaded == 1


def test_a_growing_file_is_left_for_the_next_run(world: World) -> None:
    content = json.dumps({"content": [provincial()]}).encode()
    file = world.landing / "igate/2023-07-17/dossiers.json"
    file.parent.mkdir(parents=True)
    done = threading.Event()

    def write_slowly() -> None:
        with file.open("wb") as stream:
            for start in range(0, len(content), 20):
                stream.write(content[start : start + 20])
                stream.flush()
                if not done.is_set():
                    time.sleep(0.2)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    while not file.exists() or not file.stat().st_size:
        time.sleep(0.01)
    result = world.run()
    done.set()
    writer.join()
    assert result.left_for_next_run == ["igate/2023-07-17/dossiers.json"]
    assert (result.files_loaded, result.files_failed) == (0, 0)
    assert world.run().files_loaded == 1


def test_a_folder_of_no_source_is_stated_and_left_alone(world: World) -> None:
    _good(world)
    world.put("khac/tep.json", b"{}")
    result = world.run()
    assert result.files_loaded == 1
    assert [line for line in result.remarks if "“khac”" in line]


def test_unknown_names_never_lose_a_dossier_and_stand_in_the_worklists(world: World) -> None:
    world.say_provincial(
        "2023-07-17 18:30",
        provincial(unit_name="UBND xã Không Có Thật", procedure="9.999999", procedure_name="Thủ tục lạ"),
        provincial("000.26.33.H01-230717-0002", unit_name="UBND xã An Phú"),
    )
    world.run()
    assert world.ask("select unit_name, candidates, dossier_count from mart.unknown_unit order by 1") == [
        ("UBND xã An Phú", ["30337", "30514"], 1),
        ("UBND xã Không Có Thật", [], 1),
    ]
    assert world.ask("select procedure_code, procedure_name, dossier_count from mart.unknown_procedure") == [
        ("9.999999", "Thủ tục lạ", 1)
    ]
    assert world.ask("select flags from core.fct_dossier order by dossier_code") == [
        (["unknown_unit", "unknown_procedure"],),
        (["unknown_unit"],),
    ]
    assert sum(row["received_total"] for row in world.form("2023-07-17", "2023-07-17").values()) == 2


def test_a_list_without_codes_finds_its_procedure_by_what_the_other_portal_says(world: World) -> None:
    listed = (
        "STT;Đơn vị tiếp nhận;Tên thủ tục hành chính;Mã hồ sơ;Trạng thái;Ngày nhận;Ngày hẹn trả\n"
        "1;UBND phường Thới Sơn;Thủ tục LẠ ;{};Đang xử lý;17/07/2023 09:00:00;18/07/2023 09:00:00\n"
    )
    world.put("angiang/Danh sách hồ sơ_2023_07_17_18_30.csv", listed.format(CODE).encode("utf-8-sig"))
    world.run()
    ((before,),) = world.ask("select procedure_code from core.fct_dossier")
    assert before.startswith("x-")
    other = "000.26.33.H01-230718-0001"
    world.say_national(
        "2023-07-18 18:30", national(other, MaTTHC="1.234567.000.00.00.H01", TenTTHC="Thủ tục lạ")
    )
    world.run()
    assert world.ask("select distinct procedure_code from core.fct_dossier") == [("1.234567",)]


def test_what_each_file_says_is_fully_accounted(world: World) -> None:
    other = "000.26.33.H01-230717-0002"
    world.say_national(
        "2023-07-17 18:30",
        national(),
        national(),
        national(other),
        national(other, status=10, ended="2023-07-17 10:00"),
        national(""),
        national("HS/1"),
    )
    world.say_national("2023-07-18 18:30", national())
    result = world.run()
    assert world.ask(
        "select rows_read, rows_loaded, rows_unchanged, rows_duplicate, rows_quarantined from landing.export_file order by path"
    ) == [(6, 2, 0, 2, 2), (1, 0, 1, 0, 0)]
    assert (result.rows_read, result.rows_loaded, result.rows_unchanged) == (7, 2, 1)
    assert world.ask("select state from core.fct_dossier where dossier_code = :code", code=other) == [
        ("resolved",)
    ]
