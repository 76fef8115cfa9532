"""The province's lists for people: Danh sách hồ sơ and Sổ theo dõi hồ sơ, as XLSX or CSV.

Title rows, headings of one or two rows, dossiers, then totals and signatures. Times are local
(Asia/Ho_Chi_Minh) as dd/MM/yyyy [HH:mm[:ss]], ISO or Excel dates. Columns about the citizen are never read.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from assets.given.dates import parse_list
from assets.given.encodings import garbled
from assets.given.headings import (
    Headings,
    Vocabulary,
    column_of,
    find_headings,
    is_code_heading,
    is_heading_row,
    read_vocabulary,
)
from assets.given.tables import Table, is_workbook, read_tables
from assets.given.texts import key, normalise, shown
from assets.given.unreadable import UnreadableExportError
from assets.given.workbook_safety import not_a_workbook
from assets.sources.canonical import DATE_COLUMNS, DOSSIER_SCHEMA, Reading
from assets.sources.place import PlaceOf, places_in_sheets, row_alone
from assets.sources.readers.columns import (
    DateField,
    assemble,
    clocks,
    date_fields,
    first_unreadable,
    mapped,
    odd_statuses,
    other_codes,
    statuses,
    unknown_codes,
    unreadable_columns,
)
from assets.sources.readers.export_time import Row, export_time
from assets.sources.readers.field_shapes import Shapes, date_styles, text_shapes
from assets.sources.readers.list_checks import in_unicode, surely_ends, turned_dates
from assets.sources.shape import Shape
from assets.sources.source import NOT_READ, Source
from warehouse_sql.messages import message

#: The headings of a dossier list, as built in.
DOSSIER_LIST = read_vocabulary(Path(__file__).with_suffix(".yaml"), "dossier_code")
_TEXTS = (
    *("dossier_code", "status_raw", "procedure_code", "procedure_name"),
    *("field_code", "field_name", "unit_name", "other_code"),
)
_CODED = ("status_raw", "channel", "procedure_code", "field_code")
_NOT_SURELY_WHOLE = (
    "Dòng cuối của tệp không có dấu xuống dòng, có thể bị cắt: hồ sơ vắng mặt không bị coi là biến mất; hãy xuất lại"
    " nếu danh sách còn thiếu."
)
_TITLE_ROWS = 60
_ROWS_LOOKED_AT = 200
# A row without code and with fewer filled cells is a title, a signature or a row of the empty form.
_FEWEST_CELLS = 3
# "Cộng" and "Tổng" only when nothing but a number follows: "Tổng hợp ..." is the name of a procedure.
_TOTAL = r"^(?:tổng cộng|tổng số)\b|^(?:tổng|cộng)[\s:]*(?:$|[(\d])"
_A_NUMBER = r"^[\d.,\s]+$"
_LONGEST_ORDINAL = 12
_RETURNED, _PROCESSING = 10, 4
_PERIOD = re.compile(
    r"từ ngày\s*(\d{1,2}/\d{1,2}/\d{4})\s*(?:-|đến|tới)\s*(?:hết\s*)?(?:ngày\s*)?(\d{1,2}/\d{1,2}/\d{4})"
)


def words_of(source: Source) -> Vocabulary:
    """Returns the headings of a dossier list with those that the list of sources adds for this source."""
    more = dict(source.headings)
    not_read = more.pop(NOT_READ, ())
    return DOSSIER_LIST.with_more(more, not_read) if source.headings else DOSSIER_LIST


def read(content: bytes, source: Source, path: str) -> Reading:
    """Returns the dossiers of all worksheets, or of the text file."""
    words = words_of(source)
    if key(path).endswith(".xlsx") and content.strip() and not is_workbook(content):
        raise not_a_workbook()
    tables = read_tables(content, lambda row: is_heading_row(row, words))
    lists = [(table, find_headings(table, words)) for table in tables]
    if not any(headings for _, headings in lists):
        texts = [
            cell
            for table in tables
            for row in table.cells.head(_ROWS_LOOKED_AT).rows()
            for cell in row
            if cell
        ]
        raise UnreadableExportError(
            garbled(texts)
            or message(
                "Không tìm thấy hàng tiêu đề có cột “Mã hồ sơ”; hãy xuất lại danh sách có cột này rồi gửi lại."
            )
        )
    titles = [row for table, headings in lists for row in _titles(table, headings)]
    exported_at, remarks = export_time(source, path, parse_list, titles=titles)
    frames, columns, is_whole = [], frozenset[str](), True
    shapes: dict[str, frozenset[str]] = {}
    for table, headings in lists:
        if headings is None:
            remarks += _remark_on_other_sheet(table)
            continue
        cells, numbers = _rows(table, headings, words)
        is_whole &= surely_ends(table, numbers, headings)
        remarks += table.remarks
        if table.sheet is not None:
            remarks += turned_dates(cells, numbers, headings)
        frame, columns_given, more = _dossiers(table, cells, numbers, headings, source)
        for name, met in _shapes(cells, headings).items():
            shapes[name] = shapes.get(name, frozenset()) | met
        frames.append(frame)
        columns |= columns_given
        remarks += headings.remarks + more
    period, more = _period(source, titles, sum(frame.height for frame in frames))
    remarks += more
    if not is_whole and source.coverage != "changes":
        remarks.append(_NOT_SURELY_WHOLE)
    return Reading(
        dossiers=pl.concat(frames),
        exported_at=exported_at,
        columns=columns,
        complete=period if is_whole else None,
        is_whole=is_whole,
        remarks=list(dict.fromkeys(remarks)),
        shapes=shapes,
    )


def _places(content: bytes | None, source: Source, _: str | None) -> PlaceOf:
    """Returns the cells of a list; its rows alone where the bytes are gone or can't be read."""
    if content is None:
        return row_alone
    words = words_of(source)
    try:
        tables = read_tables(content, lambda row: is_heading_row(row, words))
    except UnreadableExportError:
        return row_alone
    columns: dict[str | None, dict[str, tuple[int, str]]] = {}
    for table in tables:
        headings = find_headings(table, words)
        if headings is not None:
            sheet = None if table.sheet is None else normalise(table.sheet)
            columns[sheet] = {
                name: (int(named[0][1]), named[0][0]) for name, named in headings.columns.items()
            }
    return places_in_sheets(columns)


def _period(source: Source, titles: list[Row], rows: int) -> tuple[tuple[date, date] | None, list[str]]:
    """Returns the days of reception of which the list is complete, and a remark where it should say them and does
    not.
    """
    if source.coverage != "period" or not rows:
        return None, []
    for cell in (cell for row in titles for cell in row if cell):
        match = _PERIOD.search(key(cell))
        days = parse_list(pl.Series(match.groups(), dtype=pl.String)) if match else None
        if days is not None and days.null_count() == 0 and days[0] <= days[1]:
            return (days[0].date(), days[1].date()), []
    return None, [
        message(
            "Trên danh sách không thấy “Từ ngày … đến ngày …”: không biết danh sách đầy đủ cho kỳ nào, hồ sơ "
            "vắng mặt không bị coi là biến mất."
        )
    ]


def _titles(table: Table, headings: Headings | None) -> list[Row]:
    """Returns the rows above the headings: a place for the export time, and no row of a dossier."""
    return [] if headings is None else list(table.cells.head(min(headings.first_row, _TITLE_ROWS)).rows())


def _remark_on_other_sheet(table: Table) -> list[str]:
    filled = table.cells.height and table.cells.width
    return (
        [message("Trang tính “{sheet}” không có cột “Mã hồ sơ”, không đọc.", sheet=shown(table.sheet or ""))]
        if filled
        else []
    )


def _dossiers(
    table: Table, cells: pl.DataFrame, numbers: pl.Series, headings: Headings, source: Source
) -> tuple[pl.DataFrame, frozenset[str], list[str]]:
    texts = {name: column_of(cells, headings.columns[name]) for name in _TEXTS if name in headings.columns}
    columns, font_remarks = in_unicode(texts)
    columns |= {"row_number": numbers}
    dates = _date_fields(cells, headings)
    columns |= {name: field.instants for name, field in dates.items()} | clocks(dates)
    if "other_code" in columns:
        columns["other_code"] = other_codes(columns["other_code"])
    remarks = font_remarks + _add_status(columns, dates, headings, source, cells.height)
    if "channel" in headings.columns:
        raw = column_of(cells, headings.columns["channel"])
        columns["channel"] = mapped(raw, source.channel, pl.Int16)
        remarks += unknown_codes(headings.columns["channel"][0][0], raw, columns["channel"])
    given = frozenset(columns) - {"row_number", "dossier_code"}
    columns |= unreadable_columns(first_unreadable(dates.values()), cells.height)
    if table.sheet is not None:
        sheet = normalise(table.sheet)
        columns["sheet"] = pl.Series([sheet], dtype=pl.String).new_from_index(0, cells.height)
    return assemble(DOSSIER_SCHEMA, columns, cells.height), given, remarks


def _shapes(cells: pl.DataFrame, headings: Headings) -> Shapes:
    """By heading: styles of dates, and whether codes are numbers or words."""
    by_column = {}
    for name, places in headings.columns.items():
        if name in DATE_COLUMNS:
            by_column[places[0][0]] = date_styles(column_of(cells, places))
        elif name in _CODED:
            by_column[places[0][0]] = text_shapes(column_of(cells, places))
    return {name: met for name, met in by_column.items() if met}


def _date_fields(cells: pl.DataFrame, headings: Headings) -> dict[str, DateField]:
    named = {name: headings.columns[name] for name in DATE_COLUMNS if name in headings.columns}
    texts = {name: column_of(cells, places) for name, places in named.items()}
    return date_fields(texts, {name: places[0][0] for name, places in named.items()}, parse_list)


def _add_status(
    columns: dict[str, pl.Series],
    dates: dict[str, DateField],
    headings: Headings,
    source: Source,
    height: int,
) -> list[str]:
    """Adds `status` where the list says it: by its own column, or by the hand-over in a register."""
    if "status_raw" in columns:
        raw = columns["status_raw"]
        received = dates.get("received_at")
        accepted = (
            pl.Series([True], dtype=pl.Boolean).new_from_index(0, height)
            if received is None
            else received.texts.is_not_null()
        )
        columns["status"] = statuses(raw, accepted, source)
        return odd_statuses(headings.columns["status_raw"][0][0], raw, source)
    if "returned_at" in dates:
        # The register (Sổ theo dõi) has no status: handed over, or still in hand.
        handed_over = dates["returned_at"].texts.is_not_null()
        columns["status"] = (handed_over.cast(pl.Int16) * (_RETURNED - _PROCESSING) + _PROCESSING).cast(
            pl.Int16
        )
        return []
    return [
        message("Danh sách không có cột “Trạng thái” và cũng không có “Ngày trả”: không rõ trạng thái hồ sơ.")
    ]


def _rows(table: Table, headings: Headings, words: Vocabulary) -> tuple[pl.DataFrame, pl.Series]:
    """Returns the cells of the dossiers alone, and their row numbers in the file."""
    data = table.cells.slice(headings.data_from)
    numbers = table.numbers.slice(headings.data_from)
    if data.is_empty():
        return data, numbers
    keep = _is_dossier(data, headings, words)
    return data.filter(keep), numbers.filter(keep)


def _is_dossier(data: pl.DataFrame, headings: Headings, words: Vocabulary) -> pl.Series:
    """Returns which rows are dossiers: not blank, not a repeated heading, not a total, not what follows one."""
    total_words = [_matches(pl.col(place).str.to_lowercase(), _TOTAL) for place in data.columns]
    date_places = [place for name in DATE_COLUMNS for _, place in headings.columns.get(name, [])]
    rows = data.select(
        filled=pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int64)),
        has_total=pl.any_horizontal(total_words),
        has_date=pl.any_horizontal(pl.lit(False), *(_matches(pl.col(place), r"\d") for place in date_places)),
        code=column_of(data, headings.columns["dossier_code"]),
    )
    code, filled = pl.col("code"), pl.col("filled")
    # The count of a total may stand in the column of codes.
    is_total = pl.col("has_total") & (code.is_null() | _matches(code, _A_NUMBER))
    after_total = is_total.cast(pl.Int64).cum_sum() > 0
    no_digit = ~_matches(code, r"\d")
    # A signature has no code, few cells and no date; a name under it may stand in the column of codes.
    is_loose = (no_digit & (filled < _FEWEST_CELLS)) | (after_total & no_digit & ~pl.col("has_date"))
    is_heading = pl.Series(
        [is_code_heading(text, words) for text in rows["code"].to_list()], dtype=pl.Boolean
    )
    is_heading |= _is_repeated(data, rows["code"], headings)
    return rows.select(keep=~(is_total | is_loose | is_heading | (filled == 0)))["keep"]


def _is_repeated(data: pl.DataFrame, codes: pl.Series, headings: Headings) -> pl.Series:
    """Returns which rows are headings or their ordinals once more; only rows with no code or a very short one are
    looked at.
    """
    places = (codes.is_null() | (codes.str.len_chars() <= _LONGEST_ORDINAL)).arg_true()
    repeats = [headings.repeats(row) for row in data[places].rows()]
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, data.height).scatter(places, repeats)


def _matches(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.contains(pattern).fill_null(False)


SHAPE = Shape(
    name="angiang",
    suffixes=(".xlsx", ".csv", ".tsv", ".txt"),
    kinds=frozenset({"excel", "csv"}),
    read=read,
    parse_dates=parse_list,
    columns=lambda source: words_of(source).column_of,
    places=_places,
    vocabulary=DOSSIER_LIST,
    may_be_period=True,
)
