"""Where a value of a read file stands, in words that its sender knows: a cell and a heading, or a path in the JSON."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from assets.given.unreadable import UnreadableExportError
from assets.sources.readers import angiang, dvcqg, igate
from assets.sources.source import Source

_LISTS = {"dvcqg": "data", "igate": "content"}
#: A rule may name the code that was made of a text.
_AS_WRITTEN = {"status": "status_raw"}


@dataclass(frozen=True)
class Place:
    """`cell` as F12 or data[11].NgayTra; `name` as the sender calls the field."""

    cell: str
    name: str


class Places:
    """The places of one file."""

    def __init__(self, content: bytes | None, source: Source | None, kind: str | None) -> None:
        """Without the bytes or the source only rows are known. `kind` is dossiers or steps."""
        self._columns: dict[str | None, dict[str, tuple[int, str]]] = {}
        self._names: dict[str, str] = {}
        self._list = _LISTS.get(source.shape, "") if source else ""
        if source is None:
            return
        if source.shape == "dvcqg":
            self._names = dvcqg.SENDER_NAMES_OF_STEPS if kind == "steps" else dvcqg.SENDER_NAMES
        elif source.shape == "igate":
            self._names = igate.SENDER_NAMES
        elif content is not None:
            try:
                self._columns = angiang.places(content)
            except UnreadableExportError:
                self._columns = {}

    def of(self, sheet: str | None, row_number: int, field: str) -> Place:
        """The place of a field, given by its canonical or by the sender's name, in a row (from 1)."""
        field = _AS_WRITTEN.get(field, field)
        if self._list:
            name = self._names.get(field, field)
            return Place(f"{self._list}[{row_number - 1}].{name}", name)
        columns = self._columns.get(sheet, {})
        for canonical, (column, heading) in columns.items():
            if field in (canonical, heading):
                return Place(xl_rowcol_to_cell(row_number - 1, column), heading)
        return Place(f"dòng {row_number}", field)
