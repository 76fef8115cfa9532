"""Forms II.06a, b and c as a workbook: figures by sector, formulas with the values they have, and the print set-up."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from assets.reports.reading.by_sector import (
    COUNTS,
    ESTIMATED,
    disagreeing_units,
    level_sectors,
    total,
    unit_sectors,
)
from assets.reports.reading.figures import CURRENT, ENGLISH, Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords, texts
from assets.reports.workbook.list_sheets import claims_list, findings_list
from assets.reports.workbook.workbook import write_workbook
from tests.sql.test_units_reform import PARTS, PERIOD
from tests.worlds import World, national

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_WHOLE = Request(date(2023, 7, 17), date(2023, 8, 4), ("890",))
_FIRST = 11  # row of the first unit or sector


@dataclass
class Sheet:
    """Values and formulas by cell ("C11"), and the sheet's own XML."""

    values: dict[str, Any]
    formulas: dict[str, str]
    xml: str

    def row(self, number: int) -> list[Any]:
        """Columns 1 to 11 of the form."""
        return [self.values.get(f"{column}{number}") for column in "CDEFGHIJKLM"]

    def named(self) -> dict[str, list[Any]]:
        """Those of every row from the first on, by the name beside them; sums and checks too."""
        found = {}
        for number in range(_FIRST, 5000):
            name = self.values.get(f"B{number}") or self.values.get(f"A{number}")
            if name is None or name.startswith("Trong đó"):
                return found
            found[name] = self.row(number)
        raise AssertionError("the form does not end")


def _book(figures: Figures, path: Path) -> dict[str, Sheet]:
    write_workbook(figures, path)
    with zipfile.ZipFile(path) as parts:
        shared = [
            "".join(text.text or "" for text in item.iter(f"{{{_NS['m']}}}t"))
            for item in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        ]
        names = [
            sheet.get("name", "")
            for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iterfind(
                "m:sheets/m:sheet", _NS
            )
        ]
        return {
            name: _sheet(parts.read(f"xl/worksheets/sheet{n}.xml").decode(), shared)
            for n, name in enumerate(names, start=1)
        }


def _sheet(xml: str, shared: list[str]) -> Sheet:
    values: dict[str, Any] = {}
    formulas: dict[str, str] = {}
    for cell in ElementTree.fromstring(xml).iterfind("m:sheetData/m:row/m:c", _NS):
        place, value, formula = cell.get("r", ""), cell.find("m:v", _NS), cell.find("m:f", _NS)
        if formula is not None:
            formulas[place] = formula.text or ""
        if value is not None and value.text is not None:
            values[place] = shared[int(value.text)] if cell.get("t") == "s" else float(value.text)
    return Sheet(values, formulas, xml)


def _calculated(book: dict[str, Sheet], sheet: Sheet, formula: str) -> float:
    """What a spreadsheet makes of a formula; SUBTOTAL leaves out other subtotals."""

    def cells(first: str, last: str) -> list[str]:
        column, start, end = first[0], int(first[1:]), int(last[1:])
        return [f"{column}{row}" for row in range(start, end + 1)]

    if found := re.fullmatch(r"(SUM\(|SUBTOTAL\(9,)([A-Z]\d+)(?::([A-Z]\d+))?\)", formula):
        whole = cells(found[2], found[3] or found[2])
        if found[1].startswith("SUBTOTAL"):
            whole = [cell for cell in whole if not sheet.formulas.get(cell, "").startswith("SUBTOTAL")]
        return sum(sheet.values[cell] for cell in whole)
    expression = re.sub(r"'([^']+)'!([A-Z]\d+)", lambda f: str(book[f[1]].values[f[2]]), formula)
    expression = re.sub(r"\b([A-Z]\d+)\b", lambda f: str(sheet.values[f[1]]), expression).replace(
        "ABS", "abs"
    )
    assert re.fullmatch(r"[\d.+\-() abs]+", expression), expression
    return float(eval(expression))


def _by_hand(world: World, request: Request) -> dict[str, dict[str, int]]:
    """The columns of the form by sector, counted one event after the other."""
    rows = world.ask(
        "select coalesce(p.field_name, ''), c.is_online, e.event_on, e.kind, e.quantity from core.fct_dossier_event as e"
        " join core.dossier_procedure as p on e.dossier_code = p.dossier_code"
        " join core.dim_channel as c on e.channel = c.channel"
        " join core.dim_unit as u on e.unit_key = u.unit_key"
        " where e.rule_sets & core.rule_set_bit('ii06') <> 0 and e.event_on <= :until"
        " and (u.unit_code = '890' or u.parent_code = '890')",
        until=request.date_to,
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for sector, is_online, day, kind, quantity in rows:
        counts = found[sector]
        is_new = day >= request.date_from
        if kind == "received":
            if is_new:
                counts["received_online" if is_online else "received_direct_postal"] += quantity
            else:
                counts["carried_over"] += quantity
            counts["received_total"] += quantity
            counts["pending_total"] += quantity
            counts["pending_in_time"] += quantity
        elif kind.startswith("resolved"):
            if is_new:
                counts[kind] += quantity
                counts["resolved_total"] += quantity
            else:
                counts["carried_over"] -= quantity
                counts["received_total"] -= quantity
            counts["pending_total"] -= quantity
            counts["pending_in_time"] -= quantity
        else:
            sign = 1 if kind == "became_overdue" else -1
            counts["pending_overdue"] += sign * quantity
            counts["pending_in_time"] -= sign * quantity
    return {sector: counts for sector, counts in found.items() if any(counts.values())}


@pytest.mark.both_servers
@pytest.mark.parametrize("start", [date(2023, 7, 17), date(2023, 7, 26)])
def test_fields_are_counted_right_and_add_up_to_the_units(july: World, tmp_path: Path, start: date) -> None:
    request = replace(_WHOLE, date_from=start)
    figures = read_figures(july.engine, request)
    rows = unit_sectors(figures)
    counted = {
        row["field_name"]: {name: row[name] for name in COUNTS}
        for row in level_sectors({**row, "level": "unknown"} for row in rows)
    }
    assert counted == _by_hand(july, request)
    assert len(counted) > 3
    assert disagreeing_units(figures, rows) == []
    assert (figures.form[0]["carried_over"] > 0) == (start > date(2023, 7, 17))

    book = _book(figures, tmp_path / "x.xlsx")
    expected = {row["unit_name"]: [row[name] for name in COUNTS] for row in figures.form}
    sums = total(figures.form)
    whole = {"TỔNG SỐ": [sums[name] for name in COUNTS]}
    by_unit = book["Biểu II.06a"].named()
    assert {name: row for name, row in by_unit.items() if "Kiểm tra" not in name} == expected | whole
    by_level = book["Biểu II.06b"].named()
    assert by_level["TỔNG SỐ"] == whole["TỔNG SỐ"]
    assert by_level["Cấp xã"] == whole["TỔNG SỐ"]
    under_units = book["Biểu II.06c"].named()
    assert {name: under_units[name] for name in expected} == expected


@pytest.mark.parametrize("rule_set", ["ii06", "opencps"])
def test_formulas_have_the_values_that_a_spreadsheet_gives_them(
    july: World, tmp_path: Path, rule_set: str
) -> None:
    figures = read_figures(july.engine, replace(_WHOLE, rule_set=rule_set))
    book = _book(figures, tmp_path / "x.xlsx")
    for name, least in (("Biểu II.06a", 25), ("Biểu II.06b", 40), ("Biểu II.06c", 200)):
        sheet = book[name]
        assert len(sheet.formulas) >= least
        for place, formula in sheet.formulas.items():
            assert sheet.values[place] == _calculated(book, sheet, formula), (name, place, formula)
        checks = [row for label, row in sheet.named().items() if label.startswith("Kiểm tra")]
        values = [[value for value in row if value is not None] for row in checks]
        # Under some rule sets what is withdrawn is resolved and not timed: that sum is none.
        sums = [0, 0, 0] if rule_set == "ii06" else [0, 0]
        assert values == [sums, [0], *([[0] * 11] if name != "Biểu II.06a" else [])]
    assert book["Biểu II.06a"].values["C10"] == "(1)\n=(2)+(3)+(4)"
    assert book["Biểu II.06a"].values["G10"] == (
        "(5)\n=(6)+(7)+(8)" if rule_set == "ii06" else "(5)\n=(1)−(9)"
    )


@pytest.mark.parametrize("rule_set", ["ii06", "qd766", "opencps_v2"])
def test_fields_add_up_under_every_rule_set_and_at_a_past_moment(
    july: World, tmp_path: Path, rule_set: str
) -> None:
    for known_at in (None, datetime(2023, 7, 26, 20, tzinfo=_HERE)):
        figures = read_figures(july.engine, Request(_WHOLE.date_from, _WHOLE.date_to, (), rule_set, known_at))
        rows = unit_sectors(figures)
        assert figures.form and disagreeing_units(figures, rows) == []
        assert total(rows) == total(figures.form)


@pytest.mark.parametrize("units", [(), ("30502",), (PARTS[0],), ("91",)])
def test_in_todays_units_fields_add_up_too_and_estimates_have_none(
    divided: World, units: tuple[str, ...]
) -> None:
    start, end = (date.fromisoformat(day) for day in PERIOD)
    figures = read_figures(divided.engine, Request(start, end, units, unit_view=CURRENT))
    rows = unit_sectors(figures)
    assert figures.form and disagreeing_units(figures, rows) == []
    assert total(rows) == total(figures.form)
    estimated = {row["unit_code"] for row in rows if row["field_name"] == ESTIMATED}
    assert estimated == {row["unit_code"] for row in figures.form if row["is_estimate"]}
    assert bool(estimated) == (units != ("30502",))
    assert wording.check_warnings(figures) == []


def test_what_does_not_add_up_is_told_and_shown(july: World, tmp_path: Path) -> None:
    figures = read_figures(july.engine, _WHOLE)
    first, *rest = figures.form
    broken = replace(figures, form=[{**first, "resolved_late": first["resolved_late"] + 7}, *rest])
    name = first["unit_name"]
    told = [
        f"Biểu II.06a không cân (5 = 6 + 7 + 8) ở {name}; cần kiểm tra.",
        f"Số theo lĩnh vực cộng lại khác số theo đơn vị ở {name}; cần kiểm tra.",
    ]
    assert list(wording.warnings(broken))[-2:] == told
    book = _book(broken, tmp_path / "x.xlsx")
    sheet = book["Biểu II.06a"]
    assert sheet.values[f"O{_FIRST}"] == 7 == _calculated(book, sheet, sheet.formulas[f"O{_FIRST}"])
    (checked,) = [row for label, row in sheet.named().items() if "(5) −" in label]
    assert checked[4] == -7
    assert book["Biểu II.06b"].named()["Kiểm tra (0 là đúng): biểu này − biểu II.06a"][7] == -7
    # A sign is seen: formats with conditions have no room for one.
    negative = replace(figures, form=[{**first, "resolved_late": -1234}, *rest])
    sheet = _book(negative, tmp_path / "y.xlsx")["Biểu II.06a"]
    with zipfile.ZipFile(tmp_path / "y.xlsx") as parts:
        styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
    formats = {
        one.get("numFmtId"): one.get("formatCode") for one in styles.iterfind("m:numFmts/m:numFmt", _NS)
    }
    cells = list(styles.iterfind("m:cellXfs/m:xf", _NS))
    (style,) = re.findall(rf'<c r="J{_FIRST}" s="(\d+)"', sheet.xml)
    assert formats[cells[int(style)].get("numFmtId")] == r"0;\-#\.##0"
    assert " ".join(told) in book["Cơ sở số liệu"].values.values()


#: What the ministry's tables have not: as numbers and words that can be filtered.
_BESIDE = ("Số ngày làm việc quá hạn", "Mã TTHC", "Thủ tục", "Lĩnh vực")


def test_appendices_have_the_columns_of_the_ministry(sample: World, tmp_path: Path) -> None:
    figures = read_figures(sample.engine, Request(date(2023, 2, 1), date(2023, 2, 17), ("890",)))
    assert figures.late and figures.overdue
    book = _book(figures, tmp_path / "x.xlsx")

    def heads(sheet: Sheet) -> list[str]:
        return [str(sheet.values[f"{column}4"]) for column in "ABCDEFGHIJKL" if f"{column}4" in sheet.values]

    first, second = book["Phụ lục I"], book["Phụ lục II"]
    assert heads(first) == [
        *("STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả"),
        *("Ngày có kết quả", "Đơn vị giải quyết", "Ghi chú"),
        *_BESIDE,
    ]
    assert heads(second) == [
        *("STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả"),
        *("Đơn vị giải quyết", "Cán bộ đang xử lý", "Ghi chú"),
        *_BESIDE,
    ]
    assert "họ tên không vào kho" in str(second.values["A3"])
    # Days are days to a spreadsheet, so that they sort and filter.
    epoch = date(1899, 12, 30)
    assert [first.values[f"{column}5"] for column in "CDE"] == [
        (figures.late[0][name].date() - epoch).days for name in ("received_at", "due_at", "ended_at")
    ]
    assert len([place for place in second.values if place.startswith("B")]) == len(figures.overdue) + 1


def test_every_sheet_prints_on_a4_across_with_its_headings(july: World, tmp_path: Path) -> None:
    book = _book(read_figures(july.engine, _WHOLE), tmp_path / "x.xlsx")
    assert list(book) == [
        *("Biểu II.06a", "Biểu II.06b", "Biểu II.06c", "Dừng, chờ", "Chưa trả kết quả"),
        *("Phụ lục I", "Phụ lục II", "Trực tuyến, số hóa", "Giấy tờ theo thủ tục", "Giấy tờ", "Hai cổng"),
        *(
            "Danh mục",
            "Chỉ số 766",
            "Cách tính",
            "Kiểm tra tại chỗ",
            "Cần kiểm tra",
            "Nguồn chưa đủ",
            "Cơ sở số liệu",
        ),
    ]
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        names = parts.read("xl/workbook.xml").decode()
    for n, (name, sheet) in enumerate(book.items()):
        (set_up,) = re.findall(r'<pageSetup paperSize="9"[^>]* orientation="landscape"', sheet.xml)
        # A form of few lines stands on one page with its signatures; of others only the width is that of a page.
        assert ('fitToHeight="0"' in set_up) == (name not in ("Biểu II.06a", "Biểu II.06b")), name
        assert "Trang &amp;P/&amp;N" in sheet.xml
        for kind in ("Print_Area", "Print_Titles"):
            assert f'name="_xlnm.{kind}" localSheetId="{n}"' in names, (name, kind)
        assert ("<pane " in sheet.xml) == (name != "Cơ sở số liệu")
    # What is beside the form, to check each row, is not printed.
    assert re.search(r"'Biểu II\.06a'!\$A\$1:\$M\$\d+<", names)


def test_a_period_without_dossiers_and_an_english_workbook(july: World, tmp_path: Path) -> None:
    nothing = read_figures(july.engine, Request(date(2021, 1, 15), date(2021, 2, 14), ("890",)))
    book = _book(nothing, tmp_path / "none.xlsx")
    assert book["Biểu II.06a"].named()["TỔNG SỐ"] == [0] * 11
    assert book["Biểu II.06c"].named()["TỔNG SỐ"] == [0] * 11
    period = "Kỳ báo cáo: Tháng 02 năm 2021 (Từ ngày 15/01/2021 đến ngày 14/02/2021)"
    assert period in book["Biểu II.06a"].values.values()

    english = read_figures(july.engine, replace(_WHOLE, lang=ENGLISH))
    book = _book(english, tmp_path / "en.xlsx")
    values = set(book["Biểu II.06b"].values.values())
    assert {"Trước hạn\nEarly", "Cấp xã\nCommune", "Số hồ sơ đã giải quyết\nDossiers resolved"} <= values
    assert book["Biểu II.06b"].named()["TỔNG SỐ / TOTAL"] == [total(english.form)[name] for name in COUNTS]
    received = english.line["received"]
    assert any(f": {received:,}; resolved:" in str(v) for v in book["Basis"].values.values())


def test_both_languages_say_the_same_things() -> None:
    vietnamese, english = texts("vi"), texts("en")
    for topic, said in vietnamese.items():
        missing = set(said) ^ set(english[topic])
        assert not missing, (topic, missing)
        for name, text in said.items():
            if isinstance(text, str):
                assert set(re.findall(r"\{(\w+)", text)) == set(
                    re.findall(r"\{(\w+)", english[topic][name])
                ), name
    assert set(english) == set(vietnamese)
    assert tuple(name for name, _ in wording.FORM_COLUMNS) == COUNTS


def test_claims_and_findings_are_lists_where_there_are_any() -> None:
    words = FormWords("vi")
    assert claims_list((), words) == findings_list((), words) == []
    claim = {
        **{"claim": "quá hạn", "unit_name": "Thị xã Tịnh Biên", "period": "9 tháng", "claimed": 448},
        **{"recomputed": 484, "difference": 36, "definition_vi": "đang giải quyết quá hạn"},
    }
    (found,) = claims_list([claim], words, ["67.753 − 67.269 = 484."])
    assert found.note.endswith(" 67.753 − 67.269 = 484.")
    assert [value(claim) for _, _, value in found.columns] == list(claim.values())
    names = "finding_id inspection unit_code unit_name finding measure due_on indicator before_value after_value closed_on state"
    finding: dict[str, Any] = dict.fromkeys(names.split())
    (found,) = findings_list([finding], words)
    assert len(found.columns) == len(finding) - 2  # neither the number nor the code of the unit


def test_a_hostile_field_stays_text(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    for n, sector in enumerate(("=1+1", "@x", "")):
        code = f"000.26.33.H01-230717-000{n}"
        world.say_national(
            f"2023-07-17 18:3{n}", national(code, TenLinhVuc=sector, MaTTHC=f"9.00000{n}", TenTTHC=f"T{n}")
        )
    world.run()
    figures = read_figures(world.engine, Request(date(2023, 7, 1), date(2023, 7, 20)))
    book = _book(figures, tmp_path / "x.xlsx")
    names = book["Biểu II.06b"].named()
    assert {"=1+1", "@x", "Không rõ lĩnh vực"} <= set(names)
    assert names["TỔNG SỐ"][0] == 3
    assert not any("1+1" in formula for sheet in book.values() for formula in sheet.formulas.values())


def test_english_days_name_their_month(july: World, tmp_path: Path) -> None:
    """03/08/2023 is the eighth of March to many who read English."""
    write_workbook(read_figures(july.engine, replace(_WHOLE, lang=ENGLISH)), tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        styles = parts.read("xl/styles.xml").decode()
    assert "dd mmm yyyy" in styles and "dd/mm/yyyy" not in styles


@pytest.mark.both_servers
@pytest.mark.parametrize(
    "asked",
    [_WHOLE, replace(_WHOLE, units=(), lang=ENGLISH), replace(_WHOLE, units=("30511",), unit_view=CURRENT)],
    ids=["district", "all, English", "today's units"],
)
def test_it_is_written_before_what_stands_on_the_page_alone_is_read(
    july: World, asked: Request, tmp_path: Path
) -> None:
    """The same bytes, so that nothing in it may come from what is read later."""
    early = tmp_path / "early.xlsx"
    whole = read_figures(july.engine, asked, when_listed=lambda listed: write_workbook(listed, early))
    write_workbook(whole, tmp_path / "late.xlsx")
    assert whole.days and whole.sections.overdue_cells, "there is something on the page alone"
    assert early.read_bytes() == (tmp_path / "late.xlsx").read_bytes()
