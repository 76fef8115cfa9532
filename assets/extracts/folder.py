"""Core and marts as a folder of Parquet files by year, with what describes and proves them; written whole or not at all.

All of it is read in one snapshot, by a login that can only read. Not here: the contract's form (`contract.py`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml
from psycopg.rows import dict_row

from assets.extracts.answer_files import write_parquet
from assets.extracts.contract import CONTRACT, Table, contract_of
from assets.extracts.readme import README, readme_of
from warehouse_sql.analyst import reading
from warehouse_sql.errors import WarehouseError
from warehouse_sql.frame_stream import stream_frames
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file

CHECKSUMS = "SHA256SUMS"
# A table with many rows is cut by the year of the first of these that it has; lists and dimensions are one file.
_YEAR_OF = ("event_on", "date", "month", "received_on", "received_at", "valid_from", "first_seen_at")


@dataclass(frozen=True)
class Exported:
    """What was written."""

    tables: int
    rows: int
    files: int


def write_folder(url: str, folder: Path, timeout_seconds: float) -> Exported:
    """Writes the tables that the login of the address may read into a new folder.

    Raises WarehouseError when the folder has something in it or can't be written; psycopg.Error when the server refuses.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise WarehouseError(
                message("{folder} đã có dữ liệu; hãy chọn một thư mục mới hoặc trống.", folder=folder)
            )
        part = folder.absolute().with_name(f".{folder.absolute().name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            with reading(url, timeout_seconds) as connection:
                exported = _write(connection, part)
            part.replace(folder.absolute())
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise WarehouseError(
            message(
                "{file}: không ghi được tệp ({reason}); hãy kiểm tra thư mục, quyền ghi và chỗ trống.",
                file=folder,
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    return exported


def _write(connection: psycopg.Connection[Any], part: Path) -> Exported:
    connection.rollback()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    tables, rows = _tables(connection), 0
    at: datetime = connection.execute("select localtimestamp").fetchone()[0]  # type: ignore[index]
    for table in tables:
        (part / table.folder).mkdir()
        for name, query in _pieces(connection, table):
            columns, frames = stream_frames(connection, query)
            with closing(frames):
                rows += write_parquet(part / table.folder / f"{name}.parquet", columns, frames)
    contract = yaml.safe_dump(contract_of(tables), allow_unicode=True, sort_keys=False, width=120)
    (part / CONTRACT).write_text(contract, encoding="utf-8")
    (part / README).write_text(readme_of(tables, at), encoding="utf-8")
    files = sorted(file for file in part.rglob("*") if file.is_file())
    lines = [f"{_digest(file)}  {file.relative_to(part).as_posix()}\n" for file in files]
    (part / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return Exported(len(tables), rows, len(files) + 1)


def _tables(connection: psycopg.Connection[Any]) -> list[Table]:
    (statement,) = statements_of_file("ops/exported_table.sql")
    with connection.cursor(row_factory=dict_row) as cursor:
        return [Table(**row) for row in cursor.execute(statement.encode())]


def _pieces(connection: psycopg.Connection[Any], table: Table) -> Iterator[tuple[str, str]]:
    """Yields the name of each file of a table, and the query of its rows."""
    column = _year_column(table)
    source = psycopg.sql.Identifier(*table.name.split(".")).as_string(connection)
    if column is None:
        yield "all", f"select * from {source}"
        return
    asked = f"select distinct date_part('year', {column})::integer from {source} order by 1"
    years = [row[0] for row in connection.execute(asked.encode())]
    for year in years or [None]:
        where = "is null" if year is None else f"= {int(year)}"
        yield (
            "without-year" if year is None else str(year),
            f"select * from {source} where date_part('year', {column}) {where}",
        )


def _year_column(table: Table) -> str | None:
    is_large = table.name.startswith(("core.fct_", "mart."))
    names: Sequence[str] = [column["name"] for column in table.columns]
    return next((name for name in _YEAR_OF if name in names), None) if is_large else None


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
