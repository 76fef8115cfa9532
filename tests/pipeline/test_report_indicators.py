"""The indicators of QĐ 766 in a report: the same as the warehouse's own, of the report's units and of each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from docx import Document
from sqlalchemy import Engine, text

from assets.reports.document.document import write_document
from assets.reports.page.page import render_page
from assets.reports.reading.figures import Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.words.form_texts import FormWords, texts
from assets.reports.words.indicator_points import INDICATOR_COLUMNS, indicator_points
from assets.reports.workbook.workbook import write_workbook
from tests.worlds import World, national, provincial
from warehouse_sql.vietnam_time import VIETNAM

_JULY = Request(date(2023, 7, 1), date(2023, 7, 31))
_LINK = [{"TenGiayTo": "Trích lục", "DuongDanTepTinKetQua": "https://kho/1.pdf"}]
_NHA_BANG = "UBND phường Nhà Bàng"


def _code(n: int) -> str:
    return f"000.26.33.H01-230717-{n:04}"


def _dossier(n: int, paid: int = 0, is_digitised: bool = False, has_result: bool = False, **more: Any) -> Any:
    return national(_code(n), **more) | {
        "KenhThucHien": "2",
        "DuocThanhToanTrucTuyen": str(paid),
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": "10000"}],
        "HoSoCoThanhPhanSoHoa": "1" if is_digitised else "0",
        "DanhSachGiayToKetQua": _LINK if has_result else [],
    }


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Thới Sơn and Nhà Bàng: of dossier 6 the province says neither payment nor digitisation."""
    world = World(warehouse, tmp_path)
    ended = {"status": 9, "ended": "2023-07-18 08:00"}
    world.say_national(
        "2023-07-31 18:30",
        _dossier(1, 1, True, True, **ended),
        _dossier(2, 0, True, False, **ended),
        _dossier(3, 0, False, False, status=9, ended="2023-07-20 08:00"),
        _dossier(4, 1, True, True, DonViXuLy=_NHA_BANG, **ended),
        _dossier(5, 1, DonViXuLy=_NHA_BANG, due="2023-09-30 09:00"),
    )
    world.say_provincial(
        "2023-07-31 18:31", provincial(_code(6), unit_name=_NHA_BANG, due="2023-09-30 09:00")
    )
    world.run()
    return world


def _of_all(figures: Figures) -> dict[str, Any]:
    return {row["code"]: row for row in figures.indicators if row["is_all"]}


def test_a_report_has_the_indicators_of_all_its_units_as_the_warehouse_has_them(world: World) -> None:
    figures = read_figures(world.engine, _JULY)
    with world.engine.connect() as connection:
        rows = connection.execute(
            text("select * from mart.indicator_qd766('2023-07-01', '2023-07-31', of_all => true)")
        ).mappings()
        expected = {
            row["indicator"]: (
                row["numerator"],
                row["denominator"],
                row["unknown_count"],
                row["ratio"],
                row["score"],
            )
            for row in rows
        }
    assert {
        code: (row["numerator"], row["denominator"], row["unknown_count"], row["value"], row["score"])
        for code, row in _of_all(figures).items()
    } == expected
    assert _of_all(figures)["3.6"]["value"] == Decimal("0.6")


def test_each_unit_has_its_place_among_all_units_of_the_warehouse(world: World) -> None:
    """Also in a report of one unit alone."""
    alone = Request(date(2023, 7, 1), date(2023, 7, 31), units=("30502",))
    with world.engine.connect() as connection:
        ranks = {
            row.unit_code: row.rank
            for row in connection.execute(
                text("select * from mart.unit_ranking('2.1', '2023-07-01', '2023-07-31')")
            )
        }
    for request in (_JULY, alone):
        figures = read_figures(world.engine, request)
        rows = [row for row in figures.indicators if row["code"] == "2.1" and not row["is_all"]]
        codes = {row["unit_no"]: row["unit_code"] for row in figures.sections.units}
        assert rows
        for row in rows:
            assert row["unit_no"] is not None
            if row["value"] is not None:
                assert (row["rank"], row["ranked_count"]) == (ranks[codes[row["unit_no"]]], 2)


@pytest.mark.parametrize(
    ("code", "part", "whole"),
    [
        ("3.6", "paid_online", "payment_stated"),
        ("4.1", "electronic_result", "result_stated"),
        ("4.2", "digitised", "digitised_stated"),
    ],
)
def test_payment_digitisation_and_electronic_results_are_one_figure_everywhere(
    world: World, code: str, part: str, whole: str
) -> None:
    """What the page adds up by unit, sector and month is the indicator of the decision."""
    figures = read_figures(world.engine, _JULY)
    cells: Counter[tuple[int | None, str]] = Counter()
    for cell in figures.sections.received:
        for name in (part, whole):
            cells[cell["unit_no"], name] += cell[name]  # type: ignore[literal-required]
    rows = [row for row in figures.indicators if row["code"] == code and not row["is_all"]]
    assert len(rows) > 1
    for row in rows:
        counted = (cells[row["unit_no"], part], cells[row["unit_no"], whole])
        assert counted == (row["numerator"] or 0, row["denominator"] or 0)
    total = _of_all(figures)[code]
    assert sum(cells[row["unit_no"], part] for row in rows) == total["numerator"]


def test_every_rule_set_is_set_against_the_form(world: World) -> None:
    """As mart.definition_switch has it, for all units of the report together."""
    figures = read_figures(world.engine, _JULY)
    shares = {row["rule_set"]: row for row in figures.definitions}
    assert shares["ii06"]["moves"] == 0
    assert (shares["ii06"]["resolved_timed"], shares["ii06"]["resolved_late"]) == (4, 1)
    with world.engine.connect() as connection:
        known = connection.execute(text("select count(*) from core.rule_set")).scalar_one()
    assert len(shares) == known


def test_a_past_moment_has_the_indicators_known_then(world: World) -> None:
    """An export of the evening changes nothing of the afternoon."""
    world.say_national("2023-07-31 20:30", _dossier(3, 1, status=9, ended="2023-07-20 08:00"))
    world.run()
    past = replace(_JULY, known_at=datetime(2023, 7, 31, 19, tzinfo=VIETNAM))
    shares = [_of_all(read_figures(world.engine, request))["3.6"]["value"] for request in (past, _JULY)]
    assert shares == [Decimal("0.6"), Decimal("0.8")]


def test_every_file_states_the_same_points_and_ranks(world: World, tmp_path: Path) -> None:
    """Page, workbook and document; what can't be had is named with its reason."""
    figures = read_figures(world.engine, _JULY)
    words = FormWords("vi")
    points = indicator_points(figures, words)
    page = unescape(render_page(figures, "bieu-II-06.xlsx"))
    write_workbook(figures, tmp_path / "x.xlsx")
    write_document(figures, tmp_path / "x.docx")
    document = Document(str(tmp_path / "x.docx"))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    for name in ("indicators", "indicator_units", "indicator_gaps", "definitions"):
        expected = [[row[column] for column in INDICATOR_COLUMNS[name]] for row in points[name].rows]
        assert expected
        heads = [texts("vi")["point_columns"][column] for column in INDICATOR_COLUMNS[name]]
        (table,) = (table for table in tables if table[0] == heads)
        written = [[cell.replace("\xa0", " ") for cell in row] for row in table[1:]]
        assert written == [[cell.replace("\xa0", " ") for cell in row] for row in expected]
        assert all(f">{cell}<" in page for row in expected for cell in row)
    assert "3/5" in str(points["indicators"].rows), "three of five that had to be paid for"
    book = fastexcel.read_excel(tmp_path / "x.xlsx").load_sheet("Chỉ số 766", header_row=3).to_polars()
    of_all = {
        row["Chỉ số"]: row["Điểm"] for row in book.to_dicts() if row["Đơn vị"] == "Các đơn vị của báo cáo"
    }
    assert of_all == {row["indicator"]: row["score"] for row in points["indicators"].rows}
    assert len(points["indicator_gaps"].rows) >= 4


def test_a_report_in_english_has_no_vietnamese_in_the_section(world: World) -> None:
    points = indicator_points(read_figures(world.engine, replace(_JULY, lang="en")), FormWords("en"))
    written = str({name: point for name, point in points.items() if name != "indicator_units"})
    for word in ("hồ sơ", "chỉ số", "đơn vị", "Nguồn", "Tỷ lệ"):
        assert word not in written
