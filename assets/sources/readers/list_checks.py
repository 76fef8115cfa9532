"""What a list shows of having been damaged on its way: cut off at its end, dates turned round by a spreadsheet.

Here: what the cells of a list tell of that. Not here: how bytes become cells (`given/tables.py`), the dossiers (`angiang.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from assets.given.dates import parse_list
from assets.given.encodings import TCVN3_SIGNS, from_tcvn3, lacks_in_tcvn3, looks_tcvn3, remark_on_font
from assets.given.headings import Headings, column_of
from assets.given.remarks import TYPE, Unknown
from assets.given.tables import Lines, Table
from assets.given.unreadable import UnreadableExportError
from assets.sources.canonical import DATE_COLUMNS
from warehouse_sql.messages import message

_AGAIN = message("hãy xuất lại từ hệ thống và gửi lại tệp")
_TOTAL = re.compile(r"(?:tổng cộng|tổng số)\b|(?:tổng|cộng)[\s:]*(?:$|[(\d])", re.IGNORECASE)
#: As many dates of Excel have to agree with the codes of their dossiers before they prove anything.
_PROOF = 3
_DATE_TEXT = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_DATE_CELL = r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{5}(?:\.[0-9]+)?$)"
_CODE_DAY = r"-(?:[0-9]{2})?([0-9]{6})-"


def surely_ends(table: Table, dossiers: pl.Series, headings: Headings) -> bool:
    """Returns whether nothing shows that a text file was cut within its last record; `dossiers` are the numbers of
    their lines.

    Raises UnreadableExportError where it surely was.
    Returns False where it may have been: then no dossier is gone because it is not there.
    """
    lines = table.lines
    if lines is None:
        return True
    is_dossier = table.numbers.is_in(dossiers.implode()).to_list()
    filled = table.cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_list()
    last = max(place for place, is_filled in enumerate(filled) if is_filled)
    if last < headings.data_from:
        return True
    others = [place for place in range(last) if is_dossier[place]]
    least = min((lines.widths[place] for place in others), default=len(headings.widest))
    is_short = lines.widths[last] < least
    if is_dossier[last]:
        # Some programs leave empty cells at the end of a line out.
        is_cut = is_short and (
            not lines.is_ended or _lacks_what_others_have(table, lines.widths[last], least, others)
        )
    else:
        follows = is_dossier[last - 1] or (last == headings.data_from and lines.widths[last] > 1)
        is_cut = follows and is_short and not lines.is_ended and not _has_total(table, is_dossier, headings)
    if is_cut or (is_dossier[last] and _ends_within_date(table, lines, last, headings)):
        raise UnreadableExportError(
            message(
                "Tệp CSV bị cắt cụt ở bản ghi cuối, dòng {row}: thiếu ô so với các dòng khác hoặc ngày viết "
                "dở; {again}.",
                row=table.numbers[last],
                again=_AGAIN,
            )
        )
    is_ended = lines.is_ended or lines.is_quoted or not is_dossier[last]
    return is_ended or _is_like_others(table, lines, last, is_dossier)


def _lacks_what_others_have(table: Table, width: int, least: int, others: list[int]) -> bool:
    missing = table.cells.select(str(place) for place in range(width, least))
    return bool(others) and 0 in missing[others].null_count().row(0)


def _has_total(table: Table, is_dossier: list[bool], headings: Headings) -> bool:
    below = table.cells.slice(headings.data_from).rows()
    kept = is_dossier[headings.data_from :]
    return any(
        cell and _TOTAL.match(cell)
        for row, is_like_it in zip(below, kept, strict=True)
        if not is_like_it
        for cell in row
    )


def _ends_within_date(table: Table, lines: Lines, last: int, headings: Headings) -> bool:
    """Returns whether the file ends, without a line end, in a date of which digits are missing."""
    if lines.is_ended:
        return False
    place = str(lines.widths[last] - 1)
    is_date = any(place == at for name in DATE_COLUMNS for _, at in headings.columns.get(name, []))
    written = table.cells[place][last]
    return is_date and written is not None and parse_list(pl.Series([written], dtype=pl.String))[0] is None


def _is_like_others(table: Table, lines: Lines, last: int, is_dossier: list[bool]) -> bool:
    """Returns whether the last cell is one that others have, too, or a date as long as theirs: then it is not half
    a one.
    """
    column = table.cells[str(lines.widths[last] - 1)]
    above = column.filter(pl.Series(is_dossier[:last] + [False] * (len(is_dossier) - last)))
    written = column[last]
    if written is None:
        return above.null_count() > 0
    dates = above.filter(above.str.contains(_DATE_TEXT))
    return bool((above == written).any()) or (
        re.match(_DATE_TEXT, written) is not None
        and bool((dates.str.len_chars() <= len(written)).all())
        and len(dates) > 0
    )


def in_unicode(columns: Mapping[str, pl.Series]) -> tuple[dict[str, pl.Series], list[str]]:
    """Returns the texts of a list in Unicode where, below headings that are, they stand in the letters of a TCVN3
    font.
    """
    if not any(column.str.contains(f"[{TCVN3_SIGNS}]").any() for column in columns.values()):
        return dict(columns), []
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
