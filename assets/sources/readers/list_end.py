"""Whether a list in a text file was cut off within its last record.

Here: what its last rows tell, held against the rows of all pieces before. Not here: how bytes become cells (`given/tables.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from assets.given.dates import parse_list
from assets.given.headings import Headings
from assets.given.tables import Lines, Table
from assets.given.unreadable import InDoubtError, UnreadableExportError
from assets.sources.canonical import DATE_COLUMNS
from warehouse_sql.messages import message

_AGAIN = message("hãy xuất lại từ hệ thống và gửi lại tệp")
_TOTAL = re.compile(r"(?:tổng cộng|tổng số)\b|(?:tổng|cộng)[\s:]*(?:$|[(\d])", re.IGNORECASE)
_DATE_TEXT = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"


@dataclass(frozen=True)
class _Piece:
    """Rows of a list: which of them are dossiers; titles and headings stand above `data_from`."""

    table: Table
    lines: Lines
    is_dossier: pl.Series
    data_from: int


@dataclass
class ListEnd:
    """The piece with the last filled row, and what all pieces before it tell of dossiers.

    `least`: the fewest cells of a dossier; `empty`: columns of which some dossier has nothing; `longest`: the length of the
    longest date as text, by column.
    """

    headings: Headings
    last: _Piece | None = None
    least: int | None = None
    empty: set[str] = field(default_factory=set)
    longest: dict[str, int] = field(default_factory=dict)
    has_total: bool = False
    ends_with_dossier: bool = False
    is_blank_since: bool = False

    def add(self, table: Table, dossiers: pl.Series, data_from: int) -> None:
        """Adds a piece; `dossiers` are the numbers of the lines of its dossiers. A worksheet has no lines."""
        if table.lines is None:
            return
        piece = _Piece(table, table.lines, table.numbers.is_in(dossiers.implode()), data_from)
        if _filled(table).any():
            if self.last is not None:
                self._fold(self.last)
            self.last, self.is_blank_since = piece, False
        else:
            self.is_blank_since = True

    def _fold(self, piece: _Piece) -> None:
        cells = piece.table.cells.filter(piece.is_dossier)
        if cells.height:
            fewest = int(piece.lines.widths.filter(piece.is_dossier).min())  # type: ignore[arg-type]
            self.least = fewest if self.least is None else min(self.least, fewest)
        self.empty |= {name for name in cells.columns if cells[name].null_count()}
        if not piece.lines.is_ended:
            for place in _date_places(self.headings) & set(cells.columns):
                lengths = _dates(cells[place]).str.len_chars()
                if len(lengths):
                    self.longest[place] = max(self.longest.get(place, 0), int(lengths.max()))  # type: ignore[arg-type]
        self.has_total |= _has_total(piece)
        self.ends_with_dossier = bool(piece.is_dossier[-1]) and not self.is_blank_since


def surely_ends(end: ListEnd) -> bool:
    """Returns whether nothing shows that a text file was cut within its last record.

    Raises UnreadableExportError where it surely was. Returns False where it may have been: then no dossier is gone because
    it is not there.
    """
    piece = end.last
    if piece is None:
        return True
    table, lines, is_dossier = piece.table, piece.lines, piece.is_dossier
    last = int(_filled(table).arg_true()[-1])
    if last < piece.data_from:
        return True
    others = is_dossier.head(last).arg_true()
    leasts = [] if end.least is None else [end.least]
    leasts += lines.widths[others].to_list()
    least = min(leasts, default=len(end.headings.widest))
    is_short = lines.widths[last] < least
    if is_dossier[last]:
        # Some programs leave empty cells at the end of a line out.
        is_cut = is_short and (
            not lines.is_ended or _lacks_what_others_have(end, piece, lines.widths[last], least, others)
        )
    else:
        follows = _follows_dossier(end, piece, last)
        is_cut = follows and is_short and not lines.is_ended and not (end.has_total or _has_total(piece))
    if is_cut or (is_dossier[last] and _ends_within_date(piece, last, end.headings)):
        raise UnreadableExportError(
            message(
                "Tệp CSV bị cắt cụt ở bản ghi cuối, dòng {row}: thiếu ô so với các dòng khác hoặc ngày viết "
                "dở; {again}.",
                row=table.numbers[last],
                again=_AGAIN,
            )
        )
    is_ended = lines.is_ended or lines.is_quoted or not is_dossier[last]
    return is_ended or _is_like_others(end, piece, last, others)


def _filled(table: Table) -> pl.Series:
    return table.cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()


def _follows_dossier(end: ListEnd, piece: _Piece, last: int) -> bool:
    if last == piece.data_from and piece.data_from:  # right below the headings
        return bool(piece.lines.widths[last] > 1) or bool(piece.is_dossier[last - 1])
    return bool(piece.is_dossier[last - 1]) if last else end.ends_with_dossier


def _lacks_what_others_have(end: ListEnd, piece: _Piece, width: int, least: int, others: pl.Series) -> bool:
    missing = [str(place) for place in range(width, least)]
    rows = piece.table.cells[others]
    # A piece is as wide as the widest of its own lines.
    empty = end.empty | {name for name in missing if name not in rows.columns and rows.height}
    empty |= {name for name in rows.columns if rows[name].null_count()}
    has_others = rows.height > 0 or end.least is not None
    return has_others and any(name not in empty for name in missing)


def _has_total(piece: _Piece) -> bool:
    below = piece.table.cells.slice(piece.data_from).filter(~piece.is_dossier.slice(piece.data_from))
    return any(cell and _TOTAL.match(cell) for row in below.rows() for cell in row)


def _date_places(headings: Headings) -> set[str]:
    return {at for name in DATE_COLUMNS for _, at in headings.columns.get(name, [])}


def _dates(texts: pl.Series) -> pl.Series:
    return texts.filter(texts.str.contains(_DATE_TEXT))


def _ends_within_date(piece: _Piece, last: int, headings: Headings) -> bool:
    """Returns whether the file ends, without a line end, in a date of which digits are missing."""
    if piece.lines.is_ended:
        return False
    place = str(piece.lines.widths[last] - 1)
    written = piece.table.cells[place][last]
    is_date = place in _date_places(headings)
    return is_date and written is not None and parse_list(pl.Series([written], dtype=pl.String))[0] is None


def _is_like_others(end: ListEnd, piece: _Piece, last: int, others: pl.Series) -> bool:
    """Returns whether the last cell is one that others have, too, or a date as long as theirs: then it is not half
    a one.
    """
    width = piece.lines.widths[last]
    place = str(width - 1)
    above, written = piece.table.cells[place][others], piece.table.cells[place][last]
    if written is None:
        return above.null_count() > 0 or place in end.empty or (end.least or width) < width
    if bool((above == written).any()):
        return True
    is_date = re.match(_DATE_TEXT, written) is not None
    if end.least is not None and not (is_date and place in _date_places(end.headings)):
        raise InDoubtError  # the same may stand in a piece before
    lengths = _dates(above).str.len_chars().to_list() + ([end.longest[place]] if place in end.longest else [])
    return is_date and bool(lengths) and max(lengths) <= len(written)
