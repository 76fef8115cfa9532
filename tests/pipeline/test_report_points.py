"""Every point of an inspection has its list in the report: small worlds whose dossiers can be counted by hand."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fastexcel
import pytest
import xlsxwriter
from docx import Document
from sqlalchemy import Engine

from assets.dimensions.catalogue_import import plan_import, take_over
from assets.dimensions.load import load_reference
from assets.reports.document.document import write_document
from assets.reports.page.lists import listings
from assets.reports.page.page import render_page
from assets.reports.reading import sections
from assets.reports.reading.figures import Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.sealed.pdf import render_pdf
from assets.reports.words.annexes import MOST_PRINTED, annexes
from assets.reports.words.checklist_points import CHECKLIST_COLUMNS
from assets.reports.words.form_texts import FormWords, texts
from assets.reports.words.indicator_points import INDICATOR_COLUMNS
from assets.reports.words.points import POINT_COLUMNS, form_lines, point_texts
from assets.reports.words.shortcomings import shortcomings
from assets.reports.workbook import list_sheets
from assets.reports.workbook.cell_formats import formats_of
from assets.reports.workbook.list_sheets import lists, write_list
from assets.reports.workbook.workbook import write_workbook
from tests.worlds import World, national, provincial

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_FEBRUARY = Request(date(2023, 2, 1), date(2023, 2, 17), ("890",))
_JULY = Request(date(2023, 7, 1), date(2023, 7, 31))
_TITLES = "Mã TTHC;Tên TTHC;Lĩnh vực;Thời hạn giải quyết;Phí"
_BIRTH = "1.001193;Đăng ký khai sinh;Hộ tịch;Ngay trong ngày;Không"


def _code(n: int) -> str:
    return f"000.26.33.H01-230703-{n:04}"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _codes(rows: Any) -> list[str]:
    return [row["dossier_code"] for row in rows]


def _waiting(n: int, since: str, status: int = 5, **more: Any) -> dict[str, Any]:
    return national(
        _code(n),
        received="2023-07-03 08:00",
        due="2023-07-20 17:00",
        status=status,
        supplements=[(since, "", "2023-07-20 17:00", "")] if status == 5 else [],
        **more,
    )


def test_stopped_and_waiting_dossiers_are_listed_with_since_when_and_for_whom(world: World) -> None:
    """They are in the form as open and in time; the list tells which of these are nobody's turn at the desk."""
    first = {"received": "2023-07-03 08:00", "due": "2023-07-20 17:00"}
    world.say_national("2023-07-03 18:30", *(national(_code(n), **first) for n in range(1, 5)))
    world.say_national(
        "2023-07-12 18:30",
        _waiting(1, "2023-07-10 09:00"),
        _waiting(2, "", status=6),
        _waiting(3, "", status=8),
        national(_code(4), **first),
    )
    world.say_national("2023-07-31 18:30")
    world.run()
    figures = read_figures(world.engine, _JULY)
    (row,) = figures.form
    assert row["pending_total"] == 4
    assert {r["dossier_code"]: r["status"] for r in figures.stopped} == {
        _code(1): 5,
        _code(2): 6,
        _code(3): 8,
    }
    waiting = figures.stopped[0]
    assert waiting["dossier_code"] == _code(1)
    assert waiting["stopped_at"] == datetime(2023, 7, 10, 9)
    # from Monday 10 to Monday 31 July
    assert waiting["working_days_stopped"] == 15
    assert not any(r["is_overdue"] for r in figures.stopped)
    assert (waiting["procedure_code"], waiting["procedure_name"]) == ("1.001193", "Đăng ký khai sinh")
    assert (waiting["field_name"], waiting["unit_name"]) == ("Hộ tịch", "Phường Thới Sơn")

    # Before they stopped they had not stopped, and before it was known it was not known.
    assert not read_figures(world.engine, replace(_JULY, date_to=date(2023, 7, 7))).stopped
    then = replace(_JULY, known_at=datetime(2023, 7, 4, tzinfo=_HERE))
    assert not read_figures(world.engine, then).stopped


def test_what_is_finished_and_not_handed_over_is_listed_by_whether_it_is_of_the_period(world: World) -> None:
    ended = {"status": 9, "received": "2023-06-01 08:00", "due": "2023-07-20 17:00"}
    world.say_national(
        "2023-07-31 18:30",
        national(_code(1), ended="2023-06-15 09:00", **ended),
        national(_code(2), ended="2023-07-10 09:00", **ended),
        national(_code(3), ended="2023-07-10 09:00", returned="2023-07-28 09:00", **ended | {"status": 10}),
        national(_code(4), received="2023-07-03 08:00", due="2023-07-20 17:00"),
    )
    world.run()
    figures = read_figures(world.engine, _JULY)
    assert [(r["dossier_code"], r["is_of_period"]) for r in figures.hand_over] == [
        (_code(1), False),
        (_code(2), True),
    ]
    assert figures.hand_over[1]["finished_at"] == datetime(2023, 7, 10, 9)
    assert figures.hand_over[1]["working_days_waiting"] == 15
    assert _codes(figures.hand_over) == sorted(
        code for (code,) in world.ask(
            "select dossier_code from mart.dossier where waiting_for_hand_over_since is not null"
        )
    )  # fmt: skip


def test_the_list_of_both_portals_has_what_each_states(world: World) -> None:
    first = {"received": "2023-07-03 08:00"}
    world.say_national(
        "2023-07-07 18:30",
        national(_code(1), due="2023-07-20 17:00", **first),
        national(_code(2), due="2023-07-20 17:00", **first),
    )
    world.say_provincial(
        "2023-07-07 18:00",
        provincial(_code(1), due="2023-07-21 17:00", **first),
        provincial(_code(3), due="2023-07-21 17:00", **first),
    )
    world.run()
    figures = read_figures(world.engine, _JULY)
    listed = {(row["dossier_code"], row["kind"]) for row in figures.portal}
    assert listed == set(world.ask("select dossier_code, kind from mart.portal_disagreement"))
    (due,) = (row for row in figures.portal if row["kind"] == "due_date")
    assert (due["province_due_at"], due["national_due_at"]) == (
        datetime(2023, 7, 21, 17),
        datetime(2023, 7, 20, 17),
    )
    kinds = ("missing_national", "missing_provincial", "status", "due_date")
    cells = {kind: sum(row[kind] for row in figures.sections.portal_cells) for kind in kinds}
    assert cells == {kind: sum(row["kind"] == kind for row in figures.portal) for kind in kinds}


def _take_catalogue(world: World, valid_from: str, *lines: str) -> None:
    with world.engine.begin() as connection:
        load_reference(connection, world.sources)
        content = "\n".join([_TITLES, *lines]).encode("utf-8-sig")
        plan = plan_import(connection, content, "danh mục.csv", date.fromisoformat(valid_from))
    take_over(world.engine, world.archive, plan, datetime(2026, 1, 1, tzinfo=_HERE))


def test_dossiers_under_ended_unknown_or_renamed_procedures_are_listed(world: World) -> None:
    lantern = {"received": "2023-07-12 09:00", "due": "2023-07-20 17:00", "MaTTHC": "7.700001"}
    world.say_national(
        "2023-07-31 18:30",
        national(_code(1), received="2023-07-12 09:00", due="2023-07-20 17:00"),
        # received while it was in force, and after it ended
        national(_code(2), TenTTHC="Thả đèn trời", **lantern | {"received": "2023-07-05 09:00"}),
        national(_code(3), TenTTHC="Thả đèn trời", **lantern),
        national(_code(4), TenTTHC="Không có ở đâu", **lantern | {"MaTTHC": "7.700009"}),
        # the source still writes the name that it had before
        national(_code(5), TenTTHC="Xe ba bánh cũ", **lantern | {"MaTTHC": "7.700002"}),
        national(_code(6), TenTTHC="Xe ba bánh mới", **lantern | {"MaTTHC": "7.700002"}),
    )
    world.run()
    _take_catalogue(
        world, "2023-01-01", _BIRTH, "7.700001;Thả đèn trời;A;1 ngày;", "7.700002;Xe ba bánh cũ;A;1 ngày;"
    )
    _take_catalogue(world, "2023-07-10", _BIRTH, "7.700002;Xe ba bánh mới;A;1 ngày;")
    figures = read_figures(world.engine, _JULY)
    assert {row["dossier_code"]: row["reason"] for row in figures.catalogue} == {
        _code(3): "ended",
        _code(4): "unknown",
        _code(5): "former_name",
    }
    assert {row["dossier_code"]: row["ended_on"] for row in figures.catalogue}[_code(3)] == date(2023, 7, 10)
    assert set(_codes(row for row in figures.catalogue if row["reason"] != "former_name")) == {
        code for (code,) in world.ask("select dossier_code from mart.dossier_of_unknown_procedure")
    }


def test_papers_kept_are_listed_with_their_procedure(world: World) -> None:
    world.say_national(
        "2023-07-31 18:30",
        national(_code(1), received="2023-07-03 08:00", TaiLieuNop=[{"TenTepDinhKem": "Sổ hộ khẩu"}]),
        national(_code(2), received="2023-07-04 08:00", TaiLieuNop=[{"TenTepDinhKem": "photo CMND"}]),
        national(_code(3), received="2023-07-05 08:00", TaiLieuNop=[{"TenTepDinhKem": "Tờ khai"}]),
        national(_code(4), received="2023-06-05 08:00", TaiLieuNop=[{"TenTepDinhKem": "photo CMND"}]),
    )
    world.run()
    figures: Figures = read_figures(world.engine, _JULY)
    assert [
        (row["dossier_code"], row["has_household_book"], row["has_identity_copy"]) for row in figures.papers
    ] == [
        (_code(2), False, True),
        (_code(1), True, False),
    ]
    assert {row["procedure_name"] for row in figures.papers} == {"Đăng ký khai sinh"}


def _sheet(path: Path, name: str) -> list[dict[str, Any]]:
    return fastexcel.read_excel(path).load_sheet(name, header_row=3).to_polars().to_dicts()


def test_the_workbook_lists_every_point_with_procedure_sector_and_days_as_a_number(
    sample: World, tmp_path: Path
) -> None:
    figures = read_figures(sample.engine, Request(date(2023, 2, 1), date(2023, 2, 17), ("890",)))
    path = tmp_path / "x.xlsx"
    write_workbook(figures, path)
    for sheet, rows, days in (
        ("Dừng, chờ", figures.stopped, "Số ngày làm việc"),
        ("Chưa trả kết quả", figures.hand_over, "Số ngày làm việc"),
        ("Phụ lục I", figures.late, "Số ngày làm việc quá hạn"),
        ("Phụ lục II", figures.overdue, "Số ngày làm việc quá hạn"),
        ("Giấy tờ", figures.papers, None),
        ("Hai cổng", figures.portal, None),
        ("Danh mục", figures.catalogue, None),
    ):
        written = _sheet(path, sheet)
        assert [row["Mã hồ sơ"] for row in written] == _codes(rows), sheet
        assert [row["Thủ tục"] for row in written] == [row["procedure_name"] for row in rows], sheet
        assert {"Mã TTHC", "Lĩnh vực"} <= set(written[0] if written else {"Mã TTHC", "Lĩnh vực"}), sheet
        if days and written:
            assert all(isinstance(row[days], float | int) for row in written), sheet
    assert figures.stopped and figures.hand_over and figures.papers and figures.portal
    by_procedure = _sheet(path, "Giấy tờ theo thủ tục")
    assert sum(row["Số hồ sơ"] for row in by_procedure) == len(figures.papers)
    served = _sheet(path, "Trực tuyến, số hóa")
    assert sum(row["Tiếp nhận trong kỳ"] for row in served) == sum(
        row["received"] for row in figures.sections.received
    )


def test_what_is_stopped_or_not_handed_over_is_a_line_of_the_form(sample: World, tmp_path: Path) -> None:
    request = Request(date(2023, 2, 1), date(2023, 2, 17), ("890",))
    figures = read_figures(sample.engine, request)
    write_workbook(figures, tmp_path / "x.xlsx")
    sheet = fastexcel.read_excel(tmp_path / "x.xlsx").load_sheet("Biểu II.06a", header_row=None)
    lines = [str(row[0]) for row in sheet.to_polars().iter_rows() if str(row[0]).startswith("Trong đó")]
    assert lines == form_lines(figures, FormWords("vi"))
    (stopped,) = (line for line in lines if "cột (10)" in line)
    (count,) = sample.ask(
        "select count(*) from mart.form_dossier('pending_in_time', :start, :end) where state = 'suspended'",
        start=request.date_from,
        end=request.date_to,
    )
    assert f": {count[0]} hồ sơ đang dừng hoặc chờ" in stopped


def test_a_list_with_more_rows_than_a_sheet_is_given_says_so(
    sample: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = read_figures(sample.engine, Request(date(2023, 2, 1), date(2023, 2, 17), ("890",)))
    monkeypatch.setattr(list_sheets, "MOST_LISTED", 2)
    words = FormWords("vi")
    (listing,) = (each for each in lists(figures, words) if each.sheet == "lists.papers_sheet")
    assert len(listing.rows) > 2
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet("Giấy tờ")
        write_list(sheet, formats_of(book, words), figures, listing, words)
    assert len(_sheet(tmp_path / "x.xlsx", "Giấy tờ")) == 2
    head = fastexcel.read_excel(tmp_path / "x.xlsx").load_sheet("Giấy tờ", header_row=None).to_polars()
    assert str(head.row(2)[0]).startswith(f"Chỉ có 2 dòng đầu trong tổng số {len(listing.rows)} dòng")


def test_how_many_rows_of_lists_are_read_changes_no_figure(
    sample: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = FormWords("vi")
    whole = read_figures(sample.engine, _FEBRUARY)
    for name, most in (("MOST_LISTED", 1), ("_OF_SINGLE", (0, 0)), ("_OF_CELL", (0, 0))):
        monkeypatch.setattr(sections, name, most)
    cut = read_figures(sample.engine, _FEBRUARY)
    assert 0 < len(cut.papers) < len(whole.papers) and 0 < len(cut.late) < len(whole.late)
    assert cut.papers[0] == whole.papers[0] and cut.late[0] == whole.late[0]
    assert cut.list_counts == whole.list_counts
    assert point_texts(cut, words) == point_texts(whole, words)
    assert shortcomings(cut, words) == shortcomings(whole, words)
    assert form_lines(cut, words) == form_lines(whole, words)
    assert [(a.title, a.count) for a in annexes(cut, words, 3)] == [
        (a.title, a.count) for a in annexes(whole, words, 3)
    ]
    assert {name: sum(listing.totals.values()) for name, listing in listings(cut).items()} == {
        name: sum(listing.totals.values()) for name, listing in listings(whole).items()
    }


def test_counts_of_a_list_are_those_of_its_rows(sample: World) -> None:
    figures = read_figures(sample.engine, _FEBRUARY)
    for name in ("late", "overdue", "stopped", "hand_over", "papers", "portal", "catalogue", "edited"):
        rows, counts = getattr(figures, name), figures.counts_of(name)
        assert figures.listed(name) == len(rows), name
        assert sum(row["dossiers"] for row in counts) == len(set(_codes(rows))) or name == "edited", name


def _tables(path: Path) -> list[list[list[str]]]:
    tables = Document(str(path)).tables
    return [
        [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in table.rows] for table in tables
    ]


def test_the_document_answers_every_point_in_the_order_of_the_report(sample: World, tmp_path: Path) -> None:
    figures, words = read_figures(sample.engine, _FEBRUARY), FormWords("vi")
    write_document(figures, tmp_path / "x.docx")
    shown = [p.text.replace("\u00a0", " ") for p in Document(str(tmp_path / "x.docx")).paragraphs]
    headings = [text for text in shown if re.match(r"[IVX]+\. ", text)]
    assert [text.split(". ")[1] for text in headings] == [
        name.upper() for name in texts("vi")["headings"].values()
    ]
    # The figures of the tables are those of SQL: the sum of each point's table, read out of the document again.
    tables = _tables(tmp_path / "x.docx")
    for name, point in point_texts(figures, words).items():
        if point.text:
            assert point.text in shown, name
        if point.rows:
            heads = [texts("vi")["point_columns"][column] for column in POINT_COLUMNS[name]]
            (table,) = (table for table in tables if table[0] == heads)
            assert table[1:] == [
                [row[column].replace("\u00a0", " ") for column in POINT_COLUMNS[name]] for row in point.rows
            ], name
    for line in form_lines(figures, words):
        assert line in shown
    # How the figures were made comes after all of them.
    assert shown.index("Phạm vi và cách tính") > max(shown.index(head) for head in headings)


def test_numbers_of_points_stand_right_and_kinds_are_written_as_within_a_sentence(sample: World) -> None:
    page = render_page(read_figures(sample.engine, _FEBRUARY), "x.xlsx")
    assert "=&#34;" not in page
    assert page.count("<div class=bad>") == 4  # late and overdue, of the desk and of all
    table = page.split("theo đơn vị.</span></caption>", 1)[1].split("</tbody>", 1)[0]
    assert re.search(r"<td class=n>\d", table)
    assert re.search(r"Có sổ hộ khẩu: <strong[^>]*>\d+</strong>; có bản sao CCCD/CMND: ", page)
    assert re.search(r"Cổng quốc gia không có: <strong[^>]*>\d+</strong>; hệ thống tỉnh không có: ", page)


def test_who_is_to_do_something_is_named_where_there_is_one_unit(sample: World) -> None:
    ((code, name),) = sample.ask(
        "select unit_code, unit_name from mart.form_ii06('2023-02-01', '2023-02-17') where unit_code <> '890'"
        " order by received_total desc limit 1"
    )
    of_commune = shortcomings(read_figures(sample.engine, replace(_FEBRUARY, units=(code,))), FormWords("vi"))
    whole = shortcomings(read_figures(sample.engine, _FEBRUARY), FormWords("vi"))
    assert "Các đơn vị giải quyết" in {point["who"] for point in whole}
    assert {point["who"] for point in of_commune} <= {name, "Cơ quan quản lý hai cổng", "Nơi xuất tệp"}


def test_points_count_what_sql_counts(sample: World) -> None:
    figures, words = read_figures(sample.engine, _FEBRUARY), FormWords("vi")
    sentences = point_texts(figures, words)
    units = [code for (code,) in sample.ask("select unit_code from core.dim_unit where parent_code = '890'")]

    def ask(sql: str) -> int:
        ((count,),) = sample.ask(
            f"select count(*)::int from mart.dossier where unit_code = any(:units) and is_counted and {sql}",
            units=[*units, "890"],
        )
        return int(count)

    for name, sql in (
        ("stopped", "state = 'suspended'"),
        ("hand_over", "waiting_for_hand_over_since is not null"),
        ("papers", "(has_household_book or has_identity_copy) and received_at >= '2023-02-01'"),
        ("portal", "portal_disagreements <> '{}'"),
    ):
        assert sentences[name].rows[-1]["dossiers"] == words.number(ask(sql)), name
    received = ask("received_at >= '2023-02-01'")
    online = ask("received_at >= '2023-02-01' and is_online")
    paid, asked = (
        ask(f"received_at >= '2023-02-01' and is_paid_online {is_asked}") for is_asked in ("", "is not null")
    )
    assert sentences["served"].rows[-1]["received"] == words.number(received)
    assert sentences["served"].rows[-1]["online"] == words.percent(online, received)
    assert sentences["served"].rows[-1]["paid"] == words.percent(paid, asked)
    assert sentences["late"].rows[-1]["late"] == words.number(len(figures.late))
    assert sentences["late"].rows[-1]["overdue"] == words.number(len(figures.overdue))


def test_a_long_list_is_printed_in_part_and_says_where_the_rest_is(sample: World) -> None:
    figures, words = read_figures(sample.engine, _FEBRUARY), FormWords("vi")
    papers = {annex.name: annex for annex in annexes(figures, words, 3)}["papers"]
    assert [row["code"] for row in papers.rows] == _codes(figures.papers[:3])
    assert papers.note == f"còn {len(figures.papers) - 3} dòng trong tệp bieu-II-06.xlsx, trang “Giấy tờ”"
    assert all("Lĩnh vực" not in row["procedure"] and "(" in row["procedure"] for row in papers.rows)
    whole = {annex.name: annex for annex in annexes(figures, words, 10_000)}["papers"]
    assert (len(whole.rows), whole.note) == (len(figures.papers), "")


def _printed(path: Path) -> str:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not on this machine")
    read = subprocess.run([reader, "-layout", str(path), "-"], capture_output=True, check=True)
    return read.stdout.decode()


def test_the_sealed_issue_has_the_same_figures_and_at_most_twelve_pages_before_its_annexes(
    sample: World, tmp_path: Path
) -> None:
    figures, words = read_figures(sample.engine, _FEBRUARY), FormWords("vi")
    (tmp_path / "x.pdf").write_bytes(render_pdf(figures))
    pages = _printed(tmp_path / "x.pdf").split("\f")
    before = next(n for n, page in enumerate(pages) if "PHỤ LỤC" in page)
    assert before <= 12
    body = " ".join(" ".join(pages[:before]).split())
    for name, point in point_texts(figures, words).items():
        for row in point.rows[-1:]:
            cells = [row[column] for column in POINT_COLUMNS[name] if row[column]]
            if name in {*INDICATOR_COLUMNS, *CHECKLIST_COLUMNS}:  # cells of several lines
                assert all(word in body for cell in cells for word in cell.split()), name
            else:
                assert " ".join(cells) in body, name
    titles = texts("vi")["headings"]
    places = [body.find(f". {titles[name]}") for name in titles if f". {titles[name]}" in body]
    assert places == sorted(places) and len(places) == len(titles)
    annexed = " ".join(" ".join(pages[before:]).split())
    for annex in annexes(figures, words, MOST_PRINTED):
        assert annex.title in annexed
        assert annex.note in annexed


def test_without_a_catalogue_and_with_one_portal_nothing_is_missing_in_the_other(world: World) -> None:
    """A report of an office without a catalogue, or with the exports of one portal alone, does not call everything wrong."""
    world.say_national(
        "2023-07-31 18:30",
        national(_code(1), received="2023-07-12 09:00", MaTTHC="7.700009", TenTTHC="Không có ở đâu"),
    )
    world.run()
    figures = read_figures(world.engine, _JULY)
    assert (figures.catalogue, figures.portal, figures.catalogue_from) == ([], [], None)
    assert not any(row["missing_provincial"] for row in figures.sections.portal_cells)
    assert "chưa nhập danh mục" in point_texts(figures, FormWords("vi"))["catalogue"].text
    world.say_provincial("2023-07-31 18:40", provincial(_code(2), received="2023-07-12 09:00"))
    world.run()
    kinds = {row["dossier_code"]: row["kind"] for row in read_figures(world.engine, _JULY).portal}
    assert kinds == {_code(1): "missing_provincial", _code(2): "missing_national"}
