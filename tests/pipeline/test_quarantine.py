"""The life of quarantined rows: seen again, mended by a later file, sent back, taken in again, corrected."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import fastexcel
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from assets.dimensions.load import load_reference
from assets.exports.intake import now
from assets.exports.quarantine_book import placed, read_problems, write_book
from assets.exports.quarantine_replay import Replayed, replay_quarantine
from assets.given.texts import neutral
from assets.rebuild import COMPARED, compare_with_rebuilt, finish_waiting, table_digest
from assets.sources.corrections import with_corrections
from assets.sources.source import StatusMeaning
from pipelines.cli.app import app
from tests.worlds import CODE, World, national, provincial
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database

_OTHER = "000.26.33.H01-230717-0002"
_LIST = """Danh sách hồ sơ
Từ ngày 17/07/2023 đến ngày 17/07/2023
STT;Đơn vị tiếp nhận;Tên thủ tục hành chính;Mã hồ sơ;Trạng thái;Ngày nhận;Ngày hẹn trả;Ngày kết thúc xử lý
1;UBND phường Thới Sơn;Đăng ký khai sinh;000.26.33.H01-230717-0001;Đang xử lý;17/07/2023 09:00:00;18/07/2023 09:00:00;
2;UBND phường Thới Sơn;Đăng ký khai sinh;000.26.33.H01-230717-0002;Đang xử lý;17/07/2023 09:00:00;31/02/2023 09:00:00;
3;UBND phường Thới Sơn;Đăng ký khai sinh;-1+cmd;Đang xử lý;17/07/2023 09:00:00;18/07/2023 09:00:00;
"""


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _problems(world: World) -> list[tuple[object, ...]]:
    return world.ask(
        "select dossier_code, rule_id, value, seen_count, file_count, resolved_by from mart.quarantine_problem"
        " order by dossier_code, value"
    )


def _replay(world: World) -> Replayed:
    with world.engine.begin() as connection:
        load_reference(connection, world.sources, world.office)
    result = replay_quarantine(world.engine, world.archive, world.sources, now())
    finish_waiting(world.engine)
    return result


def _equals_rebuilt(world: World) -> bool:
    with side_database(world.engine, "check") as side:
        migrate(side)
        result = compare_with_rebuilt(world.engine, side, world.archive, world.sources)
    return all(item.is_equal for item in result)


def test_the_same_mistake_sent_every_day_is_one_problem(world: World) -> None:
    for day in (17, 18, 19):
        world.say_national(f"2023-07-{day} 18:30", national(status=99), national(_OTHER, status=98))
    world.say_national("2023-07-20 18:30", national(_OTHER, status=97))
    world.run()
    assert _problems(world) == [
        (CODE, "unknown_status", "99", 3, 3, None),
        (_OTHER, "unknown_status", "97", 1, 1, None),
        (_OTHER, "unknown_status", "98", 3, 3, None),
    ]
    assert world.ask(
        "select file, first_seen_at::date::text, last_seen_at::date::text from mart.quarantine_problem"
        " where value = '99'"
    ) == [("dvcqg/DongBoHoSoMC_20230719T183000.json", "2023-07-17", "2023-07-19")]


@pytest.mark.parametrize("good_first", [False, True])
def test_a_later_file_mends_it_whichever_comes_first(world: World, good_first: bool) -> None:
    def say(good: bool) -> None:
        if good:
            world.say_national("2023-07-18 18:30", national())
            world.say_national("2023-07-19 18:30", national())
        else:
            world.say_national("2023-07-17 18:30", national(status=99))
        world.run()

    say(good_first)
    say(not good_first)
    assert world.ask(
        "select q.resolved_by, q.resolved_at::date::text, f.path from landing.quarantine as q"
        " inner join landing.export_file as f on q.resolved_file_id = f.file_id"
    ) == [("later_file", "2023-07-18", "dvcqg/DongBoHoSoMC_20230718T183000.json")]


def test_an_earlier_file_mends_nothing(world: World) -> None:
    world.say_national("2023-07-16 18:30", national(received="2023-07-16 09:00"))
    world.say_national("2023-07-17 18:30", national(status=99))
    world.run()
    assert world.ask("select resolved_at from landing.quarantine") == [(None,)]


def _mend_map(world: World) -> None:
    source = world.sources["dvcqg"]
    known = {**source.status_map, "99": StatusMeaning(4, 4)}
    world.sources = world.sources | {"dvcqg": replace(source, status_map=known)}


@pytest.mark.both_servers
def test_rows_come_in_again_after_a_map_was_mended_as_a_rebuild_would_have_them(world: World) -> None:
    good = "000.26.33.H01-230717-0003"
    world.say_national("2023-07-17 18:30", national(status=99), national(_OTHER, status=98), national(good))
    # Meanwhile its source said something acceptable of it.
    world.say_national("2023-07-20 18:30", national(status=9, ended="2023-07-19 08:00"))
    world.run()
    before = world.ask(
        "select rows_read, rows_loaded, rows_quarantined from landing.export_file order by path"
    )
    assert before == [(3, 1, 2), (1, 1, 0)]
    assert _replay(world) == Replayed(1, 0, 2, [])

    _mend_map(world)
    assert _replay(world) == Replayed(1, 1, 1, [])
    assert world.ask(
        "select rows_read, rows_loaded, rows_quarantined from landing.export_file order by path"
    ) == [(3, 2, 1), (1, 1, 0)]
    assert world.ask("select dossier_code, resolved_by from landing.quarantine order by dossier_code") == [
        (CODE, "replay"),
        (_OTHER, None),
    ]
    assert world.spans()[0][:2] == ("processing", "17 09:00")
    assert _equals_rebuilt(world)
    with world.engine.connect() as connection:
        digests = {table: table_digest(connection, table) for table in COMPARED}
    assert _replay(world) == Replayed(1, 0, 1, [])
    with world.engine.connect() as connection:
        assert digests == {table: table_digest(connection, table) for table in COMPARED}


def test_a_row_that_comes_in_again_and_is_repeated_elsewhere_in_its_file_is_a_duplicate(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(status=99), national(status=9, ended="2023-07-17 15:00"))
    world.run()
    _mend_map(world)
    assert _replay(world).rows_taken_in == 1
    assert world.ask(
        "select rows_read, rows_loaded, rows_duplicate, rows_quarantined from landing.export_file"
    ) == [(2, 1, 1, 0)]
    assert _equals_rebuilt(world)


def test_what_is_refused_for_another_reason_says_so(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(status=99, received=""))
    world.run()
    _mend_map(world)
    assert _replay(world) == Replayed(1, 0, 1, [])
    assert world.ask("select rule_id, message_vi like '%ngày tiếp nhận%' from landing.quarantine") == [
        ("missing_received", True)
    ]


def _correct(world: World, tmp_path: Path, **values: str) -> None:
    entry = {
        "source": "dvcqg",
        "dossier_code": CODE,
        "field": "NgayHenTra",
        "expect": "20231345000000",
        "value": "20230718090000",
        "reason": "Gõ nhầm",
        "by": "Bộ phận Một cửa",
        "on": "2023-07-18",
    } | values
    file = tmp_path / "dinh-chinh.yaml"
    file.write_text(json.dumps([entry], ensure_ascii=False), encoding="utf-8")
    world.sources = with_corrections(world.sources, file)


def test_a_correction_mends_what_came_and_what_will_come(world: World, tmp_path: Path) -> None:
    world.say_national("2023-07-17 18:30", national(due="20231345000000"))
    world.run()
    _correct(world, tmp_path)
    assert _replay(world) == Replayed(1, 1, 0, [])
    assert world.ask("select resolved_by from landing.quarantine") == [("correction",)]
    assert world.ask("select due_at::text, flags from history.dossier_version") == [
        ("2023-07-18 09:00:00", ["corrected"])
    ]
    world.say_national("2023-07-18 18:30", national(due="20231345000000", status=9, ended="2023-07-18 08:00"))
    assert world.run().rows_quarantined == 0
    assert _equals_rebuilt(world)


@pytest.mark.parametrize(
    ("field", "expect", "value", "words", "shown"),
    [
        ("received_at", "20230717090000", "20230716090000", {}, "2023-07-16 09:00:00"),
        ("NgayHenTra", "(trống)", "20230718090000", {"due": ""}, "2023-07-18 09:00:00"),
        ("DonViXuLy", "UBND phường Thới Sơn", "UBND phường Nhà Bàng", {}, "UBND phường Nhà Bàng"),
        ("TrangThaiHoSo", "99", "4", {"status": 99}, "4"),
    ],
)
def test_dates_texts_and_codes_can_be_corrected(
    world: World, tmp_path: Path, field: str, expect: str, value: str, words: dict[str, str], shown: str
) -> None:
    _correct(world, tmp_path, field=field, expect=expect, value=value)
    world.say_national("2023-07-17 18:30", national(**words), national(_OTHER))
    world.run()
    column = {"NgayHenTra": "due_at", "DonViXuLy": "unit_name", "TrangThaiHoSo": "status"}.get(field, field)
    assert world.ask(
        f"select {column}::text, flags @> '{{corrected}}' from history.dossier_version order by dossier_code"
    )[0] == (shown, True)


@pytest.mark.parametrize(
    ("value", "has_clock"), [("20230718090000", True), ("20230718", False), ("2023-07-18", False)]
)
def test_a_corrected_date_has_the_clock_of_its_correction(
    world: World, tmp_path: Path, value: str, has_clock: bool
) -> None:
    _correct(world, tmp_path, value=value)
    world.say_national("2023-07-17 18:30", national(due="20231345000000"))
    world.run()
    assert world.ask("select due_has_clock from history.dossier_version") == [(has_clock,)]


@pytest.mark.parametrize(
    ("due", "words"),
    [("2023-07-18 09:00", "nguồn đã tự sửa"), ("2023-07-25 09:00", "không áp dụng")],
)
def test_a_correction_that_is_no_longer_due_says_so(
    world: World, tmp_path: Path, due: str, words: str
) -> None:
    _correct(world, tmp_path)
    world.say_national("2023-07-17 18:30", national(due=due))
    assert world.run().remarks == []
    world.say_national("2023-07-18 18:30", national(due=due, status=9, ended="2023-07-18 08:00"))
    (remark,) = world.run().remarks
    assert words in remark and "mục 1" in remark and CODE in remark
    assert world.ask("select remarks from landing.export_file order by path desc limit 1")[0][0]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ({"source": "la"}, "khóa “source”: nguồn “la” không có"),
        ({"value": "20231399000000"}, "không phải ngày"),
        ({"field": "TrangThaiHoSo", "value": "77"}, "trạng thái “77”"),
        ({"field": "ChuHoSo"}, "không đính chính được trường “ChuHoSo”"),
        ({"on": "2023-02-30"}, "không có ngày “2023-02-30”"),
        ({"expect": "20230718090000"}, "giống hệt expect"),
        ({"by": ""}, "khóa “by”"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    world: World, tmp_path: Path, sentence: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=r"dinh-chinh\.yaml, mục 1") as raised:
        _correct(world, tmp_path, **sentence)
    assert words in str(raised.value)


def test_the_workbook_names_cells_and_headings_as_the_sender_knows_them(world: World, tmp_path: Path) -> None:
    world.put("angiang/Danh sách hồ sơ_2023_07_17_18_30.csv", _LIST.encode())
    world.run()
    with world.engine.connect() as connection:
        problems = placed(connection, read_problems(connection), world.archive, world.sources)
    assert {(problem.row["rule_id"], problem.place.cell, problem.place.name) for problem in problems} == {
        ("unreadable_date", "G5", "Ngày hẹn trả"),
        ("malformed_code", "D6", "Mã hồ sơ"),
    }
    book = tmp_path / "gui-lai.xlsx"
    write_book(book, problems, "Hệ thống một cửa", datetime(2023, 7, 18, 8))
    rows = fastexcel.read_excel(book).load_sheet(0, header_row=3).to_polars()
    assert rows["Ô"].to_list() == ["G5", "D6"]
    assert rows["Giá trị"].to_list() == ["31/02/2023 09:00:00", "'-1+cmd"]
    assert all("hãy" in words for words in rows["Sai ở đâu, cần làm gì"])
    assert all(rows["Giá trị cần có"])
    with zipfile.ZipFile(book) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"<pane" in sheet


def test_json_is_reported_by_its_path(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(), national(_OTHER, status=99))
    world.say_provincial("2023-07-17 18:30", provincial(), provincial(_OTHER, status=42))
    world.run()
    with world.engine.connect() as connection:
        problems = placed(connection, read_problems(connection), world.archive, world.sources)
    assert {problem.place.cell for problem in problems} == {
        "data[1].TrangThaiHoSo",
        "content[1].dossierStatus",
    }


@pytest.mark.parametrize("value", ["=1+1", "+84", "-2", "@x", " =1", "\t=1", "\u00a0=1"])
def test_nothing_begins_as_a_formula(value: str) -> None:
    assert neutral(value).startswith("'")
    assert neutral("Đang xử lý") == "Đang xử lý"


def test_the_commands(
    world: World, warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse_url)
    monkeypatch.setenv("MOTCUA_LANDING", str(world.landing))
    world.say_national("2023-07-17 18:30", national(status=99), national(_OTHER))
    run = CliRunner().invoke
    assert run(app, ["run"]).exit_code == 0
    (row,) = json.loads(run(app, ["quarantine", "list", "--json"]).stdout)
    assert (row["dossier_code"], row["rule_id"], row["seen_count"]) == (CODE, "unknown_status", 1)
    assert "unknown_status" in run(app, ["quarantine", "list"]).stdout
    assert "Không có dòng nào" in run(app, ["quarantine", "list", "--source", "igate"]).stdout
    book = tmp_path / "x" / "loi.xlsx"
    shown = run(app, ["quarantine", "export", "--source", "dvcqg", "--out", str(book)])
    assert shown.exit_code == 0 and "1 lỗi" in shown.stdout and book.is_file()
    assert run(app, ["quarantine", "export", "--source", "la", "--out", str(book)]).exit_code == 2
    assert run(app, ["quarantine", "export", "--source", "dvcqg", "--out", "a.csv"]).exit_code == 2
    assert "còn cách ly 1 dòng" in run(app, ["quarantine", "replay"]).stdout
    own = tmp_path / "dinh-chinh.yaml"
    own.write_text(
        f"- {{source: dvcqg, dossier_code: {CODE}, field: TrangThaiHoSo, expect: '99', value: '4',"
        " reason: nhầm, by: Một cửa, on: 2023-07-18}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("MOTCUA_CORRECTIONS", str(own))
    assert json.loads(run(app, ["quarantine", "replay", "--json"]).stdout)["rows_taken_in"] == 1
    assert world.ask("select count(*) from core.fct_dossier") == [(2,)]
    assert run(app, ["warehouse", "check"]).exit_code == 0
