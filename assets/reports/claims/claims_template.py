"""An empty workbook for what a unit's own report claims, with an example row and the names that are understood."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import xlsxwriter

from assets.reports.claims.claim_words import OFFERED, OFFERED_HEADINGS, SCOPES, TEMPLATE

_WIDTHS = (34, 28, 13, 13, 14, 14)
_ROWS = 200
_NAMES = (*OFFERED, *(TEMPLATE["column"].format(number=number) for number in range(1, 12)))


def write_claims_template(path: Path, start: date | None = None, end: date | None = None) -> None:
    """Writes the workbook to `path`. Raises OSError where it can't be written."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
        head = book.add_format(base | {"bold": True, "border": 1, "bg_color": "#DDE6EF", "text_wrap": True})
        plain = book.add_format(base)
        text = book.add_format(base | {"num_format": "@"})
        sheet = book.add_worksheet(TEMPLATE["claims_sheet"])
        for column, (name, width) in enumerate(zip(OFFERED_HEADINGS, _WIDTHS, strict=True)):
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
                "source": f"='{TEMPLATE['names_sheet']}'!$A$2:$A${len(_NAMES) + 1}",
                "error_type": "information",
            },
        )
        sheet.data_validation(
            1, 5, _ROWS, 5, {"validate": "list", "source": list(SCOPES), "error_type": "information"}
        )
        for column, day in ((2, start), (3, end)):
            if day:
                sheet.write_string(1, column, f"{day:%d/%m/%Y}", text)
        names = book.add_worksheet(TEMPLATE["names_sheet"])
        names.set_column(0, 0, 40, plain)
        names.set_column(1, 1, 90, plain)
        names.write_string(0, 0, TEMPLATE["names_heading"], head)
        for place, name in enumerate(_NAMES, start=1):
            names.write_string(place, 0, name, plain)
        for place, note in enumerate(TEMPLATE["notes"]):
            names.write_string(place, 1, note, plain)
    finally:
        book.close()
