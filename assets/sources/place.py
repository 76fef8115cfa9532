"""Where a value of a read file stands, in words that its sender knows: a cell and a heading, or a path in the JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: A rule may name the code that was made of a text.
_AS_WRITTEN = {"status": "status_raw"}


@dataclass(frozen=True)
class CellPlace:
    """`cell` as F12 or data[11].NgayTra; `name` as the sender calls the field."""

    cell: str
    name: str


#: The place of a field, given by its canonical or by the sender's name: worksheet, row (from 1), field.
PlaceOf = Callable[[str | None, int, str], CellPlace]


def row_alone(_: str | None, row_number: int, field: str) -> CellPlace:
    """Returns the row where nothing is known of columns."""
    return CellPlace(f"dòng {row_number}", _AS_WRITTEN.get(field, field))


def places_in_json(list_name: str, names: Mapping[str, str]) -> PlaceOf:
    """Returns the places in a list of records; `names` are the sender's, by canonical column."""

    def place(_: str | None, row_number: int, field: str) -> CellPlace:
        field = _AS_WRITTEN.get(field, field)
        name = names.get(field, field)
        return CellPlace(f"{list_name}[{row_number - 1}].{name}", name)

    return place


def places_in_sheets(columns: Mapping[str | None, Mapping[str, tuple[int, str]]]) -> PlaceOf:
    """Returns the places in worksheets; `columns`: of each the 0-based column and heading of a canonical column."""

    def place(sheet: str | None, row_number: int, field: str) -> CellPlace:
        # Only a row that is refused needs it: no command waits for the import.
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

        field = _AS_WRITTEN.get(field, field)
        for canonical, (column, heading) in columns.get(sheet, {}).items():
            if field in (canonical, heading):
                return CellPlace(xl_rowcol_to_cell(row_number - 1, column), heading)
        return row_alone(sheet, row_number, field)

    return place
