"""The province's lists for people: Danh sách hồ sơ and Sổ theo dõi hồ sơ, as XLSX or CSV.

Title rows, headings of one or two rows, dossiers, then totals and signatures. Times are local
(Asia/Ho_Chi_Minh) as dd/MM/yyyy [HH:mm[:ss]], ISO or Excel dates. Columns about the citizen are never read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from assets.given.csv_records import Row
from assets.given.dates import day_first, parse_list
from assets.given.encodings import garbled
from assets.given.headings import (
    Headings,
    Vocabulary,
    find_headings,
    is_heading_row,
    read_vocabulary,
)
from assets.given.tables import Table, is_workbook, read_tables, tables_in_pieces
from assets.given.texts import key, normalise
from assets.given.unreadable import InDoubtError, UnreadableExportError
from assets.given.workbook_safety import not_a_workbook
from assets.sources.place import PlaceOf, places_in_sheets, row_alone
from assets.sources.readers.export_time import export_time
from assets.sources.readers.list_end import surely_ends
from assets.sources.readers.list_sheet import Sheet, frames, opened, remarks_on
from assets.sources.readers.tally import Tally
from assets.sources.reading import Reading, packed_rows
from assets.sources.shape import Shape
from assets.sources.source import NOT_READ, Source
from warehouse_sql.messages import message

#: The headings of a dossier list, as built in.
DOSSIER_LIST = read_vocabulary(Path(__file__).with_suffix(".yaml"), "dossier_code")
_NOT_SURELY_WHOLE = (
    "Dòng cuối của tệp không có dấu xuống dòng, có thể bị cắt: hồ sơ vắng mặt không bị coi là biến mất; hãy xuất lại"
    " nếu danh sách còn thiếu."
)
_TITLE_ROWS = 60
_ROWS_LOOKED_AT = 200
_PERIOD = re.compile(
    r"từ ngày\s*([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\s*(?:-|đến|tới)\s*(?:hết\s*)?(?:ngày\s*)?"
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"
)


def words_of(source: Source) -> Vocabulary:
    """Returns the headings of a dossier list with those that the list of sources adds for this source."""
    more = dict(source.headings)
    not_read = more.pop(NOT_READ, ())
    return DOSSIER_LIST.with_more(more, not_read) if source.headings else DOSSIER_LIST


def read(content: bytes, source: Source, path: str) -> Reading:
    """Returns the dossiers of all worksheets, or of the text file."""
    words = words_of(source)
    if key(path).endswith(".xlsx") and content and not content.isspace() and not is_workbook(content):
        raise not_a_workbook()

    def is_heading(row: Row) -> bool:
        return is_heading_row(row, words)

    # After the handler, for while it runs what was read so far is still in memory.
    with suppress(InDoubtError):
        sheets = [opened(pieces, words) for pieces in tables_in_pieces(content, is_heading)]
        return _read(sheets, source, path, words)
    sheets = [opened(iter([table]), words) for table in read_tables(content, is_heading)]
    return _read(sheets, source, path, words)


def _read(sheets: list[Sheet], source: Source, path: str, words: Vocabulary) -> Reading:
    """Returns the dossiers of tables, each in pieces."""
    if not any(sheet.headings for sheet in sheets):
        raise _without_headings(sheets)
    titles = [row for sheet in sheets for row in _titles(sheet.first, sheet.headings)]
    exported_at, remarks = export_time(source, path, parse_list, titles=titles)
    rows = packed_rows(frame for sheet in sheets for frame in frames(sheet, source, words))
    remarks += [remark for sheet in sheets for remark in remarks_on(sheet, source)]
    is_whole = all(surely_ends(sheet.end) for sheet in sheets if sheet.end)
    period, more = _period(source, titles, rows.height)
    remarks += more
    if not is_whole and source.coverage != "changes":
        remarks.append(_NOT_SURELY_WHOLE)
    shapes = Tally()
    for sheet in sheets:
        shapes.add_shapes(sheet.tally.shapes)
    return Reading(
        "dossiers",
        rows,
        exported_at=exported_at,
        columns=frozenset().union(*(sheet.given for sheet in sheets)),
        complete=period if is_whole else None,
        is_whole=is_whole,
        remarks=list(dict.fromkeys(remarks)),
        shapes=shapes.shapes,
    )


def _without_headings(sheets: Sequence[Sheet]) -> UnreadableExportError:
    """Returns the error for a list whose headings are not found; InDoubtError where other letters may show them."""
    if any(sheet.first.is_part for sheet in sheets):
        raise InDoubtError
    texts = [
        cell
        for sheet in sheets
        for row in sheet.first.cells.head(_ROWS_LOOKED_AT).rows()
        for cell in row
        if cell
    ]
    return UnreadableExportError(
        garbled(texts)
        or message(
            "Không tìm thấy hàng tiêu đề có cột “Mã hồ sơ”; hãy xuất lại danh sách có cột này rồi gửi lại."
        )
    )


def _places(content: bytes | None, source: Source, _: str | None) -> PlaceOf:
    """Returns the cells of a list; its rows alone where the bytes are gone or can't be read."""
    if content is None:
        return row_alone
    words = words_of(source)
    try:
        tables = _tops(content, words)
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


def _tops(content: bytes, words: Vocabulary) -> list[Table]:
    """Returns the tables of a list, of each at least its top rows."""

    def is_heading(row: Row) -> bool:
        return is_heading_row(row, words)

    try:
        return [next(pieces) for pieces in tables_in_pieces(content, is_heading)]
    except InDoubtError:
        return read_tables(content, is_heading)


def _period(source: Source, titles: list[Row], rows: int) -> tuple[tuple[date, date] | None, list[str]]:
    """Returns the days of reception of which the list is complete, and a remark where it should say them and does
    not.
    """
    if source.coverage != "period" or not rows:
        return None, []
    for cell in (cell for row in titles for cell in row if cell):
        match = _PERIOD.search(key(cell))
        if match is None:
            continue
        first, last = day_first(*match.group(3, 2, 1)), day_first(*match.group(6, 5, 4))
        if first is not None and last is not None and first <= last:
            return (first, last), []
    return None, [
        message(
            "Trên danh sách không thấy “Từ ngày … đến ngày …”: không biết danh sách đầy đủ cho kỳ nào, hồ sơ "
            "vắng mặt không bị coi là biến mất."
        )
    ]


def _titles(table: Table, headings: Headings | None) -> list[Row]:
    """Returns the rows above the headings: a place for the export time, and no row of a dossier."""
    return [] if headings is None else list(table.cells.head(min(headings.first_row, _TITLE_ROWS)).rows())


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
