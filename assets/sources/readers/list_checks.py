"""What a list shows of having been damaged on its way: letters of old fonts, dates turned round by a spreadsheet.

Here: what the cells of a list tell of that. Not here: how bytes become cells (`given/tables.py`), the dossiers (`angiang.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from assets.given.dates import parse_list
from assets.given.encodings import TCVN3_SIGNS, from_tcvn3, lacks_in_tcvn3, looks_tcvn3, remark_on_font
from assets.given.headings import Headings, column_of
from assets.given.remarks import TYPE, Unknown
from assets.given.unreadable import InDoubtError, UnreadableExportError
from assets.sources.canonical import DATE_COLUMNS
from warehouse_sql.messages import message

_AGAIN = message("hãy xuất lại từ hệ thống và gửi lại tệp")
#: As many dates of Excel have to agree with the codes of their dossiers before they prove anything.
_PROOF = 3
_DATE_TEXT = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_DATE_CELL = r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{5}(?:\.[0-9]+)?$)"
_CODE_DAY = r"-(?:[0-9]{2})?([0-9]{6})-"


def in_unicode(columns: Mapping[str, pl.Series], *, is_part: bool) -> tuple[dict[str, pl.Series], list[str]]:
    """Returns the texts of a list in Unicode where, below headings that are, they stand in the letters of a TCVN3
    font.

    Raises InDoubtError where they may, but are a part of the list: its other words decide, too.
    """
    texts = pl.DataFrame([column.alias(name) for name, column in columns.items()])
    if not texts.select(pl.any_horizontal(pl.all().str.contains(f"[{TCVN3_SIGNS}]").any())).item():
        return dict(columns), []
    if is_part:
        raise InDoubtError
    words = {
        word
        for column in columns.values()
        for word in column.unique().to_list()
        if word and not word.isascii()
    }
    old = sum(map(looks_tcvn3, words))
    if 2 * old < len(words) or any(map(lacks_in_tcvn3, words)):
        return dict(columns), []
    converted = {
        name: column.map_elements(from_tcvn3, return_dtype=pl.String) for name, column in columns.items()
    }
    return converted, [remark_on_font("TCVN3 (ABC, .VnTime)")]


def turned_dates(cells: pl.DataFrame, numbers: pl.Series, headings: Headings) -> list[str]:
    """Returns remarks on the columns of a worksheet in which an American Excel may have turned day and month.

    It makes a date of "05/07/2023", the fifth month's, and leaves "17/07/2023" a text.
    Raises UnreadableExportError where the
    codes of the dossiers prove it; no date is ever turned back.
    """
    codes = column_of(cells, headings.columns["dossier_code"]).str.extract(_CODE_DAY)
    remarks = []
    for name in DATE_COLUMNS:
        if name not in headings.columns:
            continue
        heading = headings.columns[name][0][0]
        texts = column_of(cells, headings.columns[name])
        places = _suspect_places(texts)
        if not len(places):
            continue
        days, of_codes = parse_list(texts[places]), codes[places]
        turned = int((days.dt.strftime("%y%d%m") == of_codes).sum())
        straight = int((days.dt.strftime("%y%m%d") == of_codes).sum())
        first = numbers[int(places[0])]
        if name == "received_at" and turned >= _PROOF and turned > straight:
            raise UnreadableExportError(
                message(
                    "Cột “{heading}”: {count} ô (từ dòng {first}) là ngày của Excel, chỉ khớp mã hồ sơ khi đổi chỗ "
                    "ngày và tháng, vì bảng tính kiểu Mỹ đã đổi; hãy xuất lại từ hệ thống và gửi lại tệp, không mở "
                    "rồi lưu bằng bảng tính.",
                    heading=heading,
                    count=len(places),
                    first=first,
                )
            )
        if name != "received_at" or straight < _PROOF or turned:
            remarks.append(_remark(heading, len(places), first))
    return remarks


def _suspect_places(texts: pl.Series) -> pl.Series:
    """Returns where the dates of Excel stand, if all of them are up to a 12th and all dates written as text are
    after it.
    """
    none = pl.Series([], dtype=pl.UInt32)
    as_text = texts.str.contains(_DATE_TEXT).fill_null(False)
    as_date = texts.str.contains(_DATE_CELL).fill_null(False)
    if not (as_text.any() and as_date.any()):
        return none
    written = parse_list(texts.filter(as_text)).dt.day().drop_nulls()
    dates = parse_list(texts.filter(as_date)).drop_nulls()
    is_suspect = (
        len(written) > 0
        and bool((written > 12).all())
        and bool((dates.dt.day() <= 12).all())
        and bool((dates.dt.day() != dates.dt.month()).any())
    )
    return as_date.arg_true() if is_suspect else none


def _remark(heading: str, count: int, first: int) -> str:
    return Unknown(
        message(
            "Cột “{heading}” lẫn ngày dạng chữ (đều sau ngày 12) và ngày của Excel (đều đến ngày 12; {count} "
            "ô, từ dòng {first}): bảng tính kiểu Mỹ có thể đã đổi chỗ ngày và tháng; hãy xuất lại từ hệ "
            "thống, không lưu qua bảng tính.",
            heading=heading,
            count=count,
            first=first,
        ),
        TYPE,
        heading,
        "dd/MM/yyyy + Excel 1–12",
    )
