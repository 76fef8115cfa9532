"""An empty workbook for what a unit's own report claims, with an example row and the names that are understood."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import xlsxwriter

from assets.reports.claims.claim_words import OFFERED, SCOPES

_HEADS = (
    ("Số liệu", 34),
    ("Đơn vị", 28),
    ("Từ ngày", 13),
    ("Đến ngày", 13),
    ("Giá trị", 14),
    ("Phạm vi", 14),
)
_ROWS = 200
_NAMES = (*OFFERED, *(f"cột {number}" for number in range(1, 12)))


def write_claims_template(path: Path, start: date | None = None, end: date | None = None) -> None:
    """Writes the workbook to `path`. Raises OSError where it can't be written."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
        head = book.add_format(base | {"bold": True, "border": 1, "bg_color": "#DDE6EF", "text_wrap": True})
        plain = book.add_format(base)
        text = book.add_format(base | {"num_format": "@"})
        sheet = book.add_worksheet("Số liệu đã nêu")
        for column, (name, width) in enumerate(_HEADS):
            # as text: 70.426 stays as it is typed
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, name, head)
        sheet.freeze_panes(1, 0)
        sheet.data_validation(
            1,
            0,
            _ROWS,
            0,
            {
                "validate": "list",
                "source": f"='Tên số liệu'!$A$2:$A${len(_NAMES) + 1}",
                "error_type": "information",
            },
        )
        sheet.data_validation(
            1, 5, _ROWS, 5, {"validate": "list", "source": list(SCOPES), "error_type": "information"}
        )
        for column, day in ((2, start), (3, end)):
            if day:
                sheet.write_string(1, column, f"{day:%d/%m/%Y}", text)
        names = book.add_worksheet("Tên số liệu")
        names.set_column(0, 0, 40, plain)
        names.set_column(1, 1, 90, plain)
        names.write_string(0, 0, "Tên", head)
        for place, name in enumerate(_NAMES, start=1):
            names.write_string(place, 0, name, plain)
        for place, note in enumerate(_NOTES):
            names.write_string(place, 1, note, plain)
    finally:
        book.close()


_NOTES = (
    "Cách điền",
    "Đơn vị: mã hoặc tên; để trống là các đơn vị của báo cáo (--unit).",
    "Từ ngày, Đến ngày: để trống là kỳ của báo cáo (--from, --to).",
    "Giá trị: 70.426 hoặc 70426; tỷ lệ ghi 96,2 %.",
    "Phạm vi: trực tiếp (mặc định: hồ sơ nhận trực tiếp trong kỳ), trực tuyến, hoặc biểu (mọi hồ sơ, như biểu II.06).",
)
