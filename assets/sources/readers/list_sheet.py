"""The dossiers of one table of a list: a worksheet, or the table of a text file, piece by piece.

Here: which rows are dossiers, and their columns. Not here: the file as a whole (`angiang.py`), how bytes become cells
(`given/tables.py`). Columns about the citizen are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import polars as pl

from assets.given.dates import parse_list
from assets.given.headings import Headings, Vocabulary, column_of, find_headings, is_code_heading
from assets.given.tables import Table
from assets.given.texts import normalise, shown
from assets.sources.canonical import DATE_COLUMNS, DOSSIER_SCHEMA
from assets.sources.readers.columns import (
    DateField,
    assemble,
    clocks,
    date_fields,
    first_unreadable,
    mapped,
    other_codes,
    statuses,
    unreadable_columns,
)
from assets.sources.readers.field_shapes import Shapes, date_styles, text_shapes
from assets.sources.readers.list_checks import in_unicode, turned_dates
from assets.sources.readers.list_end import ListEnd
from assets.sources.readers.tally import Tally, odd_statuses, unknown_codes
from assets.sources.source import Source
from warehouse_sql.messages import message

_TEXTS = (
    *("dossier_code", "status_raw", "procedure_code", "procedure_name"),
    *("field_code", "field_name", "unit_name", "other_code"),
)
_CODED = ("status_raw", "channel", "procedure_code", "field_code")
# A row without code and with fewer filled cells is a title, a signature or a row of the empty form.
_FEWEST_CELLS = 3
# "Cộng" and "Tổng" only when nothing but a number follows: "Tổng hợp ..." is the name of a procedure.
_TOTAL = r"^(?:tổng cộng|tổng số)\b|^(?:tổng|cộng)[\s:]*(?:$|[(\d])"
_A_NUMBER = r"^[\d.,\s]+$"
_LONGEST_ORDINAL = 12
_RETURNED, _PROCESSING = 10, 4


@dataclass
class Sheet:
    """A worksheet, or the table of a text file, and what its pieces told so far."""

    first: Table
    pieces: Iterator[Table]
    headings: Headings | None
    tally: Tally = field(default_factory=Tally)
    end: ListEnd | None = None
    given: frozenset[str] = frozenset()
    remarks: list[str] = field(default_factory=list)
    is_after_total: bool = False


def opened(pieces: Iterator[Table], words: Vocabulary) -> Sheet:
    first = next(pieces)
    headings = find_headings(first, words)
    end = ListEnd(headings) if headings else None
    return Sheet(first, chain([first], pieces), headings, end=end)


def frames(sheet: Sheet, source: Source, words: Vocabulary) -> Iterator[pl.DataFrame]:
    """Yields the dossiers of each piece in the canonical shape, and gathers what is to be said of them."""
    if sheet.headings is None or sheet.end is None:
        return
    data_from, width = sheet.headings.data_from, sheet.first.cells.width
    for table in sheet.pieces:
        cells, numbers = _rows(_widened(table, width), data_from, sheet, words)
        sheet.end.add(table, numbers, data_from)
        if table.sheet is not None:
            sheet.remarks += turned_dates(cells, numbers, sheet.headings)
        yield _dossiers(table, cells, numbers, sheet, sheet.headings, source)
        data_from = 0


def _widened(table: Table, width: int) -> Table:
    """Returns a piece with as many columns as the first one, in which the headings stand."""
    missing = [pl.lit(None, pl.String).alias(str(place)) for place in range(table.cells.width, width)]
    return replace(table, cells=table.cells.with_columns(missing)) if missing else table


def remarks_on(sheet: Sheet, source: Source) -> list[str]:
    """Returns the remarks on a table of which all rows are read."""
    if sheet.headings is None:
        return _remark_on_other_sheet(sheet.first)
    columns, tally = sheet.headings.columns, sheet.tally
    remarks = [*sheet.first.remarks, *sheet.remarks, *sheet.headings.remarks]
    if "status_raw" in columns:
        remarks += odd_statuses(tally, columns["status_raw"][0][0], source)
    elif "returned_at" not in columns:
        remarks.append(
            message(
                "Danh sách không có cột “Trạng thái” và cũng không có “Ngày trả”: không rõ trạng thái hồ sơ."
            )
        )
    return remarks + (unknown_codes(tally, columns["channel"][0][0]) if "channel" in columns else [])


def _remark_on_other_sheet(table: Table) -> list[str]:
    filled = table.cells.height and table.cells.width
    return (
        [message("Trang tính “{sheet}” không có cột “Mã hồ sơ”, không đọc.", sheet=shown(table.sheet or ""))]
        if filled
        else []
    )


def _dossiers(
    table: Table, cells: pl.DataFrame, numbers: pl.Series, sheet: Sheet, headings: Headings, source: Source
) -> pl.DataFrame:
    """Returns the dossiers of a piece."""
    texts = {name: column_of(cells, headings.columns[name]) for name in _TEXTS if name in headings.columns}
    columns, font_remarks = in_unicode(texts, is_part=table.is_part)
    sheet.remarks += font_remarks
    columns |= {"row_number": numbers}
    dates = _date_fields(cells, headings)
    columns |= {name: field.instants for name, field in dates.items()} | clocks(dates)
    if "other_code" in columns:
        columns["other_code"] = other_codes(columns["other_code"])
    columns |= _status(columns, dates, source, cells.height)
    if "status_raw" in columns:
        sheet.tally.add_statuses(columns["status_raw"])
    if "channel" in headings.columns:
        raw = column_of(cells, headings.columns["channel"])
        columns["channel"] = mapped(raw, source.channel, pl.Int16)
        sheet.tally.add_unread(headings.columns["channel"][0][0], raw, columns["channel"])
    sheet.given = frozenset(columns) - {"row_number", "dossier_code"}
    sheet.tally.add_shapes(_shapes(cells, headings))
    columns |= unreadable_columns(first_unreadable(dates.values()), cells.height)
    if table.sheet is not None:
        name = normalise(table.sheet)
        columns["sheet"] = pl.Series([name], dtype=pl.String).new_from_index(0, cells.height)
    return assemble(DOSSIER_SCHEMA, columns, cells.height)


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


def _status(
    columns: Mapping[str, pl.Series], dates: Mapping[str, DateField], source: Source, height: int
) -> dict[str, pl.Series]:
    """Returns `status` where the list says it: by its own column, or by the hand-over in a register."""
    if "status_raw" in columns:
        received = dates.get("received_at")
        accepted = (
            pl.Series([True], dtype=pl.Boolean).new_from_index(0, height)
            if received is None
            else received.texts.is_not_null()
        )
        return {"status": statuses(columns["status_raw"], accepted, source)}
    if "returned_at" in dates:
        # The register (Sổ theo dõi) has no status: handed over, or still in hand.
        handed_over = dates["returned_at"].texts.is_not_null().cast(pl.Int16)
        return {"status": (handed_over * (_RETURNED - _PROCESSING) + _PROCESSING).cast(pl.Int16)}
    return {}


def _rows(table: Table, data_from: int, sheet: Sheet, words: Vocabulary) -> tuple[pl.DataFrame, pl.Series]:
    """Returns the cells of the dossiers alone, and their row numbers in the file."""
    data = table.cells.slice(data_from)
    numbers = table.numbers.slice(data_from)
    if data.is_empty():
        return data, numbers
    keep = _is_dossier(data, sheet, words)
    return data.filter(keep), numbers.filter(keep)


def _is_dossier(data: pl.DataFrame, sheet: Sheet, words: Vocabulary) -> pl.Series:
    """Returns which rows are dossiers: not blank, not a repeated heading, not a total, not what follows one."""
    assert sheet.headings is not None
    headings = sheet.headings
    rows = data.select(
        filled=pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int64)),
        code=column_of(data, headings.columns["dossier_code"]),
    )
    code, filled = pl.col("code"), pl.col("filled")
    no_digit = ~_matches(code, r"\d")
    # The count of a total may stand in the column of codes. Of all other rows no more is asked.
    odd = rows.select((no_digit | _matches(code, _A_NUMBER)).arg_true()).to_series()
    rows = rows.with_columns(_of_odd_rows(data[odd], rows["code"][odd], headings, odd, data.height))
    is_total = pl.col("is_total")
    after_total = (is_total.cast(pl.Int64).cum_sum() > 0) | pl.lit(sheet.is_after_total)
    sheet.is_after_total |= bool(rows["is_total"].any())
    # A signature has no code, few cells and no date; a name under it may stand in the column of codes.
    is_loose = (no_digit & (filled < _FEWEST_CELLS)) | (after_total & no_digit & ~pl.col("has_date"))
    is_heading = _are_code_headings(rows["code"], words) | _is_repeated(data, rows["code"], headings)
    return rows.select(keep=~(is_total | is_loose | is_heading | (filled == 0)))["keep"]


def _of_odd_rows(
    rows: pl.DataFrame, codes: pl.Series, headings: Headings, places: pl.Series, height: int
) -> list[pl.Series]:
    """Returns `is_total` and `has_date` of a table of that height, of which these rows stand at `places`: no other is a total."""
    date_places = [place for name in DATE_COLUMNS for _, place in headings.columns.get(name, [])]
    marks = rows.select(
        is_total=pl.any_horizontal(
            _matches(pl.col(place).str.to_lowercase(), _TOTAL) for place in rows.columns
        )
        & (pl.lit(codes).is_null() | _matches(pl.lit(codes), _A_NUMBER)),
        has_date=pl.any_horizontal(pl.lit(False), *(_matches(pl.col(place), r"\d") for place in date_places)),
    )
    nothing = pl.Series([False], dtype=pl.Boolean).new_from_index(0, height)
    return [nothing.scatter(places, column).alias(column.name) for column in marks]


def _are_code_headings(codes: pl.Series, words: Vocabulary) -> pl.Series:
    # None of the headings has a digit, nearly all codes have.
    texts = codes.filter(~codes.str.contains(r"\d")).drop_nulls().unique().to_list()
    return codes.is_in([text for text in texts if is_code_heading(text, words)]).fill_null(False)


def _is_repeated(data: pl.DataFrame, codes: pl.Series, headings: Headings) -> pl.Series:
    """Returns which rows are headings or their ordinals once more; only rows with no code or a very short one are
    looked at.
    """
    places = (codes.is_null() | (codes.str.len_chars() <= _LONGEST_ORDINAL)).arg_true()
    repeats = [headings.repeats(row) for row in data[places].rows()]
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, data.height).scatter(places, repeats)


def _matches(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.contains(pattern).fill_null(False)
