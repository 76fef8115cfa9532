"""Form II.06a as a workbook, with the lists behind it on further sheets; the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from assets.exports.texts import FORMULA_MARKS
from assets.reports import wording
from assets.reports.figures import Figures, Row
from assets.reports.vietnamese import day, instant, number

# Dots between thousands whatever the language of the machine.
_COUNT = r"[>=1000000]#\.###\.##0;[>=1000]#\.##0;0"
_A4 = 9
_FIRST = 2  # column of figure 1, after STT and Đơn vị
_NAMES = tuple(name for name, _ in wording.FORM_COLUMNS)
_LAST = _FIRST + len(_NAMES) - 1
_HEAD = 5  # first row of the headings
_DATA = _HEAD + 3
_LINE_POINTS, _LINE_LETTERS = 16, 105  # of the widest column of "Cơ sở số liệu"
_UNKNOWN_MOMENT = datetime(2000, 1, 1)

Formats = dict[str, Any]
Cells = Sequence[tuple[str, int, Callable[[Row], Any]]]


def write_workbook(figures: Figures, path: Path) -> None:
    """Writes the workbook to `path`."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        book.set_properties(
            {
                "title": f"{wording.STAMP} – {wording.period(figures)}",
                "author": "motcua",
                "keywords": figures.seal.mark if figures.seal else "",
                "created": _moment(figures),
            }
        )
        formats = _formats(book)
        _write_form(book.add_worksheet("Biểu II.06a"), formats, figures)
        for name, title, cells, rows in _lists(figures):
            _write_list(book.add_worksheet(name), formats, title, figures, cells, rows)
        _write_basis(book.add_worksheet("Cơ sở số liệu"), formats, figures)
    finally:
        book.close()


def _moment(figures: Figures) -> datetime:
    moment = figures.request.known_at or figures.last_exported_at or _UNKNOWN_MOMENT
    return moment.replace(tzinfo=None, microsecond=0)


def _formats(book: Any) -> Formats:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    framed = base | {"border": 1}
    return {
        name: book.add_format(definition)
        for name, definition in {
            "text": framed | {"text_wrap": True, "indent": 1},
            # An apostrophe before it in the eyes of a spreadsheet: text, however it begins.
            "risky": framed | {"text_wrap": True, "indent": 1, "quote_prefix": True},
            "plain": base,
            "plain_risky": base | {"quote_prefix": True},
            "wrapped": base | {"text_wrap": True, "valign": "top"},
            "place": framed | {"num_format": _COUNT, "align": "center"},
            "count": framed | {"num_format": _COUNT},
            "total": framed | {"num_format": _COUNT, "bold": True, "bg_color": "#F2F2F2"},
            "total_text": framed | {"bold": True, "indent": 1, "bg_color": "#F2F2F2"},
            "check": framed | {"num_format": _COUNT, "italic": True},
            "check_text": framed | {"italic": True, "indent": 1, "text_wrap": True},
            "head": framed | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"},
            "index": framed | {"align": "center", "italic": True, "font_size": 9},
            "stamp": base | {"bold": True},
            "title": base | {"bold": True, "font_size": 14, "align": "center", "text_wrap": True},
            "line": base | {"align": "center", "text_wrap": True},
            "unit": base | {"align": "right", "italic": True},
        }.items()
    }


def _write_text(sheet: Any, row: int, column: int, value: str, formats: Formats, plain: bool = False) -> None:
    kind = (
        ("plain_risky" if plain else "risky")
        if value.startswith(FORMULA_MARKS)
        else "plain"
        if plain
        else "text"
    )
    sheet.write_string(row, column, value, formats[kind])


def _write_form(sheet: Any, formats: Formats, figures: Figures) -> None:
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 26)
    sheet.set_column(_FIRST, _LAST, 10)
    sheet.write_string(0, 0, wording.STAMP, formats["stamp"])
    lines = (
        (wording.TITLE.upper(), "title"),
        (f"Kỳ báo cáo: {_lower(wording.period(figures))}", "line"),
        (f"Bộ quy tắc {figures.request.rule_set}. {wording.known(figures)}.{_by_successor(figures)}", "line"),
    )
    for at, (written, name) in enumerate(lines, start=1):
        sheet.merge_range(at, 0, at, _LAST, "", formats[name])
        sheet.write_string(at, 0, written, formats[name])
    sheet.set_row(1, 22)
    sheet.write_string(4, _LAST, "Đơn vị tính: hồ sơ", formats["unit"])
    _write_headings(sheet, formats)
    for place, row in enumerate(figures.form):
        at = _DATA + place
        sheet.write_number(at, 0, place + 1, formats["place"])
        _write_text(sheet, at, 1, row["unit_name"], formats)
        for column, name in enumerate(_NAMES, start=_FIRST):
            sheet.write_number(at, column, row[name], formats["count"])
    last = _write_sums(sheet, formats, figures)
    sheet.freeze_panes(_DATA, _FIRST)
    _set_up_print(sheet, (_HEAD, _DATA - 1), (last, _LAST))


def _by_successor(figures: Figures) -> str:
    return " Quy về đơn vị hành chính hiện nay." if wording.unit_view(figures) else ""


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _write_headings(sheet: Any, formats: Formats) -> None:
    sheet.merge_range(_HEAD, 0, _HEAD + 1, 0, "STT", formats["head"])
    sheet.merge_range(_HEAD, 1, _HEAD + 1, 1, "Đơn vị", formats["head"])
    column = _FIRST
    for group, columns in wording.FORM_GROUPS:
        sheet.merge_range(_HEAD, column, _HEAD, column + len(columns) - 1, group, formats["head"])
        for _, heading in columns:
            sheet.write_string(_HEAD + 1, column, heading, formats["head"])
            column += 1
    sheet.set_row(_HEAD + 1, 62)
    for column in range(_FIRST):
        sheet.write_blank(_DATA - 1, column, None, formats["index"])
    for index in range(len(_NAMES)):
        sheet.write_number(_DATA - 1, _FIRST + index, index + 1, formats["index"])


def _write_sums(sheet: Any, formats: Formats, figures: Figures) -> int:
    """The total row and the rows that check it, as formulas with their values; the last row."""
    form = figures.form
    total = _DATA + len(form)
    sums = {name: sum(row[name] for row in form) for name in _NAMES}
    sheet.write_blank(total, 0, None, formats["total_text"])
    sheet.write_string(total, 1, "Tổng số", formats["total_text"])
    for column, name in enumerate(_NAMES, start=_FIRST):
        if form:
            formula = f"=SUM({xl_range(_DATA, column, total - 1, column)})"
            sheet.write_formula(total, column, formula, formats["total"], sums[name])
        else:
            sheet.write_number(total, column, 0, formats["total"])
    checks = (
        ("Kiểm tra 1 = 5 + 9 (chênh lệch)", (wording.FORM_BALANCE,)),
        (f"Kiểm tra {wording.form_checks(figures)} (chênh lệch)", wording.form_sums(figures)),
    )
    for at, (label, parts) in enumerate(checks, start=total + 1):
        sheet.write_blank(at, 0, None, formats["check_text"])
        sheet.write_string(at, 1, label, formats["check_text"])
        for column in range(_FIRST, _LAST + 1):
            sheet.write_blank(at, column, None, formats["check"])
        for whole, of in parts:
            cells = [xl_rowcol_to_cell(total, _FIRST + _NAMES.index(name)) for name in (whole, *of)]
            formula = f"={cells[0]}-({'+'.join(cells[1:])})"
            value = wording.difference(sums, whole, of)
            sheet.write_formula(at, _FIRST + _NAMES.index(whole), formula, formats["check"], value)
    sheet.set_row(total + 1, 30)
    sheet.set_row(total + 2, 75)
    return total + len(checks)


def _set_up_print(sheet: Any, repeated: tuple[int, int], last: tuple[int, int]) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.repeat_rows(*repeated)
    sheet.print_area(0, 0, *last)
    sheet.set_footer("&L&A&RTrang &P/&N")


def _lists(figures: Figures) -> list[tuple[str, str, Cells, Sequence[Row]]]:
    """Name of the sheet, title, columns (heading, width, value) and rows of each list."""
    code: Cells = (("Mã hồ sơ", 27, lambda row: row["dossier_code"]),)
    dates: Cells = (
        ("Ngày tiếp nhận", 14, lambda row: day(row["received_at"])),
        ("Ngày hẹn trả", 14, lambda row: day(row["due_at"])),
    )
    unit: Cells = (("Đơn vị giải quyết", 28, lambda row: row["unit_name"]),)
    note: Cells = (("Ghi chú", 30, wording.lateness),)
    ended: Cells = (("Ngày có kết quả", 14, lambda row: day(row["ended_at"])),)
    desk: Cells = (("Bộ phận, chức danh đang xử lý", 32, wording.last_desk),)
    changes: Cells = (
        ("Đơn vị", 26, lambda row: row["unit_name"]),
        ("Việc cần kiểm tra", 52, lambda row: wording.EDITED_KINDS[row["kind"]]),
        ("Trước", 17, wording.edited_before),
        ("Sau", 17, wording.edited_after),
        ("Lần xuất cuối còn ghi cũ", 17, lambda row: instant(row["last_seen_before"])),
        ("Lần xuất đầu ghi mới", 17, lambda row: instant(row["first_seen_at"])),
        ("Nguồn", 10, lambda row: row["source"]),
        ("Tệp", 58, lambda row: row["file"]),
        ("Dòng", 8, lambda row: row["row_number"]),
    )
    end = day(figures.request.date_to)
    return [
        ("Phụ lục I", "PHỤ LỤC I. HỒ SƠ ĐÃ GIẢI QUYẾT QUÁ HẠN TRONG KỲ", (*code, *dates, *ended, *unit, *note), figures.late),
        ("Phụ lục II", f"PHỤ LỤC II. HỒ SƠ ĐANG GIẢI QUYẾT QUÁ HẠN CUỐI NGÀY {end}", (*code, *dates, *unit, *desk, *note), figures.overdue),
        ("Cần kiểm tra", "SỬA SAU KHI ĐÃ QUA — CẦN KIỂM TRA", (*code, *changes), figures.edited),
    ]  # fmt: skip


def _write_list(
    sheet: Any, formats: Formats, title: str, figures: Figures, cells: Cells, rows: Sequence[Row]
) -> None:
    head = 3
    sheet.write_string(0, 0, title, formats["stamp"])
    sheet.write_string(
        1,
        0,
        f"{wording.period(figures)}. {wording.known(figures)}. Tổng số: {number(len(rows))}.",
        formats["plain"],
    )
    sheet.set_column(0, 0, 7)
    sheet.set_row(head, 2 * _LINE_POINTS)
    sheet.write_string(head, 0, "STT", formats["head"])
    for column, (heading, width, _) in enumerate(cells, start=1):
        sheet.set_column(column, column, width)
        sheet.write_string(head, column, heading, formats["head"])
    for place, row in enumerate(rows, start=1):
        sheet.write_number(head + place, 0, place, formats["place"])
        for column, (_, _, value) in enumerate(cells, start=1):
            found = value(row)
            if isinstance(found, int):
                sheet.write_number(head + place, column, found, formats["count"])
            else:
                _write_text(sheet, head + place, column, str(found or ""), formats)
    sheet.freeze_panes(head + 1, 2)
    sheet.autofilter(head, 0, head + max(len(rows), 1), len(cells))
    _set_up_print(sheet, (head, head), (head + max(len(rows), 1), len(cells)))


def _write_basis(sheet: Any, formats: Formats, figures: Figures) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    asked = ", ".join(f"{row['unit_name']} ({row['unit_code']})" for row in figures.asked_units)
    pairs = [
        ("Kỳ báo cáo", wording.period(figures)),
        ("Đơn vị", asked + wording.with_parts(figures) if asked else "Tất cả đơn vị trong kho số liệu"),
        ("Câu của báo cáo kiểm tra", wording.inspection_sentence(figures)),
        *(("Danh mục đơn vị", said) for said in [wording.unit_view(figures)] if said),
        ("Thời điểm chốt số liệu", wording.known(figures)),
        ("Số liệu đến hết ngày", day(figures.covered_through)),
        *(("Nguồn chưa đủ", said) for said in [wording.incomplete_feeds(figures)] if said),
        (f"Bộ quy tắc {figures.request.rule_set}", wording.rules(figures)),
        *(
            (
                f"Nguồn {row['source']}",
                f"{row['title_vi']}: {number(row['files_loaded'])} tệp, {number(row['rows_read'])} dòng, lần xuất gần nhất"
                f" {instant(row['last_exported_at'])}",
            )
            for row in figures.sources
        ),
        ("Dòng đang cách ly", number(sum(row["row_count"] for row in figures.quarantine))),
    ]
    for at, (name, said) in enumerate(pairs):
        _write_text(sheet, at, 0, name, formats, plain=True)
        # A wrapped row is as high as it says: not every program works it out.
        sheet.set_row(at, _LINE_POINTS * -(-len(said) // _LINE_LETTERS))
        kind = "plain_risky" if said.startswith(FORMULA_MARKS) else "wrapped"
        sheet.write_string(at, 1, said, formats[kind])
    _set_up_print(sheet, (0, 0), (len(pairs) - 1, 1))
