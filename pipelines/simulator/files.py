"""The files of exports, where the landing zone expects them.

Here: paths, packing, letters taken apart, bad rows on request. Not here: what the rows say.
"""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl
from numpy.random import Generator

from pipelines.simulator import angiang, igate, national
from pipelines.simulator.defects import bad_row
from pipelines.simulator.statements import Export, Statements, by_export

#: A list with more rows is exported as CSV.
_XLSX_ROWS = 3_000
#: Lists whose Vietnamese letters come taken apart, as macOS writes them.
_NFD_SHARE = 0.12
# Where code, status, reception and end of processing stand.
_NATIONAL_FIELDS = {
    "code": "MaHoSo",
    "status": "TrangThaiHoSo",
    "received": "NgayTiepNhan",
    "ended": "NgayKetThucXuLy",
}
_IGATE_FIELDS = {
    "code": "code",
    "status": "dossierStatus",
    "received": "acceptedDate",
    "ended": "completedDate",
}
_LIST_FIELDS = {"code": "E", "received": "J", "status": "F", "ended": "L"}


@dataclass
class Writer:
    """Writes below `out` and counts the files; the bytes depend on the arguments alone.

    `start` is the first day of the period, `switch` the first one with iGate, `steps_from` the first one with steps,
    `defects` the share of files with one bad row.
    """

    out: Path
    start: date
    switch: date
    rng: Generator
    defects: float = 0.0
    steps_from: date = date.min
    files: int = 0

    def write_exports(self, statements: Statements, exports: Sequence[Export]) -> None:
        """All files of these exports, which follow each other; no file where nothing has changed."""
        self._write_national(statements, exports)
        self._write_steps(statements, exports)
        rows = statements.provincial(exports[0].number, exports[-1].number)
        from_igate = [export.number for export in exports if export.day >= self.switch]
        self._write_lists(rows.filter(~pl.col("export").is_in(from_igate)), exports)
        self._write_pages(rows.filter(pl.col("export").is_in(from_igate)), exports)

    def _write_national(self, statements: Statements, exports: Sequence[Export]) -> None:
        rows = statements.national(exports[0].number, exports[-1].number)
        texts = national.dossier_rows(rows)
        for number, start, length in by_export(rows):
            listed = self._with_defect(texts.slice(start, length).to_list(), _NATIONAL_FIELDS)
            self._write_packed(
                "DongBoHoSoMC", exports[number - exports[0].number], national.dossier_file(listed)
            )

    def _write_steps(self, statements: Statements, exports: Sequence[Export]) -> None:
        with_steps = [export.number for export in exports if export.day >= self.steps_from]
        steps = statements.steps(exports[0].number, exports[-1].number).filter(
            pl.col("export").is_in(with_steps)
        )
        texts = national.step_rows(steps)
        for number, start, length in by_export(steps):
            content = national.step_file(texts.slice(start, length).to_list())
            self._write_packed("CapNhatTienDoHoSoMC", exports[number - exports[0].number], content)

    def _write_lists(self, rows: pl.DataFrame, exports: Sequence[Export]) -> None:
        cells = angiang.list_rows(rows)
        for number, start, length in by_export(rows):
            listed = self._with_bad_cells(cells.slice(start, length))
            moment = exports[number - exports[0].number].moment
            path = f"angiang/{moment:%Y}/Danh sách hồ sơ_{moment:%Y_%m_%d_%H_%M}"
            form: Literal["NFC", "NFD"] = "NFD" if self.rng.random() < _NFD_SHARE else "NFC"
            if listed.height > _XLSX_ROWS:
                text = unicodedata.normalize(form, angiang.csv_file(listed, moment))
                self._write(f"{path}.csv", text.encode())
            else:
                text = unicodedata.normalize(form, angiang.sheet_xml(listed, self.start, moment))
                self._write(f"{path}.xlsx", angiang.workbook(text))

    def _write_pages(self, rows: pl.DataFrame, exports: Sequence[Export]) -> None:
        texts = igate.dossier_rows(rows)
        for number, start, length in by_export(rows):
            export = exports[number - exports[0].number]
            listed = self._with_defect(texts.slice(start, length).to_list(), _IGATE_FIELDS)
            self._write(f"igate/{export.day}/dossiers.json", igate.page(listed, export.moment).encode())

    def _write_packed(self, service: str, export: Export, content: str) -> None:
        path = f"dvcqg/{export.day:%Y/%m}/{service}_{export.moment:%Y%m%dT%H%M%S}.json.gz"
        self._write(path, gzip.compress(content.encode(), 1, mtime=0))

    def _write(self, path: str, content: bytes) -> None:
        target = self.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files += 1

    def _with_defect(self, rows: list[str], fields: dict[str, str]) -> list[str]:
        """Returns the JSON rows, and for a share of files a bad copy of one of them at the end."""
        if self.rng.random() >= self.defects:
            return rows
        record = json.loads(rows[int(self.rng.integers(len(rows)))])
        changes = bad_row(self.rng, record[fields["received"]] or "")
        for name, value in changes.items():
            is_object = isinstance(record[fields[name]], dict)
            record[fields[name]] = {"id": value} if is_object else value
        return [*rows, json.dumps(record, ensure_ascii=False, separators=(",", ":"))]

    def _with_bad_cells(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Returns the same for the cells of a list."""
        if self.rng.random() >= self.defects:
            return cells
        copied = cells[int(self.rng.integers(cells.height))]
        changes = bad_row(self.rng, copied.item(0, _LIST_FIELDS["received"]))
        changed = [pl.lit(value).alias(_LIST_FIELDS[name]) for name, value in changes.items()]
        return pl.concat([cells, copied.with_columns(changed)])
