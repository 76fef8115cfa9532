"""A catalogue taken over: what it would change, the writing of it, and reading all of them again from the archive.

Here: the catalogue's way into the warehouse. Not here: what a file says (`catalogue_file.py`), and versions
(`catalogue.py`, `load_procedures.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, text

from assets.dimensions.catalogue import FIELDS, Change, Statement, changes, on_day, versions
from assets.dimensions.catalogue_file import CatalogueFile, read_catalogue
from assets.dimensions.load_procedures import FIELD_SCHEMA, load_procedures, statements
from assets.dimensions.procedures import CatalogueError
from assets.given.archive import Archive
from assets.given.manifest import Catalogue, Origin, note_taken_in
from assets.given.texts import normalise
from warehouse_sql.frames import copy_frame
from warehouse_sql.messages import message, message_of

_Periods = list[tuple[date, date, Any]]


@dataclass(frozen=True)
class Plan:
    """What taking over a file would do. `known_since`: the same bytes were taken over then."""

    file_name: str
    content: bytes
    valid_from: date
    file: CatalogueFile
    changes: list[Change]
    is_change: bool
    known_since: datetime | None
    followed_on: date | None  # a catalogue that is already there holds from this later day on

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to write at all."""
        return not self.is_change and self.known_since is not None


def plan_import(connection: Connection, content: bytes, path: str, valid_from: date) -> Plan:
    """Reads the file and compares it with the catalogue of that day; nothing is written.

    Raises CatalogueError when the file can't be used.
    """
    file = read_catalogue(content, path)
    stated = statements(connection)
    known = versions(stated)
    number = max((statement.import_id or 0 for statement in stated), default=0) + 1
    then = versions([*stated, Statement(valid_from, number, file.columns, file.procedures)])
    earlier = connection.execute(
        text("select max(imported_at) from core.catalogue_import where sha256 = :sha256"),
        {"sha256": hashlib.sha256(content).hexdigest()},
    ).scalar_one()
    return Plan(
        file_name=normalise(PurePath(path).name),
        content=content,
        valid_from=valid_from,
        file=file,
        changes=changes(on_day(known, valid_from), on_day(then, valid_from)),
        is_change={code: _periods(listed) for code, listed in known.items()}
        != {code: _periods(listed) for code, listed in then.items()},
        known_since=earlier,
        followed_on=min(
            (statement.valid_from for statement in stated if statement.valid_from > valid_from), default=None
        ),
    )


def _periods(known: list[Any]) -> _Periods:
    return [(version.valid_from, version.valid_to, version.procedure) for version in known]


def take_over(engine: Engine, archive: Archive, plan: Plan, at: datetime) -> int:
    """Archives the file and writes what the plan says, in one transaction.

    Returns how many dossiers are to be derived again.

    Raises CatalogueError when the catalogue has changed since the plan was made. The caller holds the run lock.
    """
    sha256 = archive.keep(plan.content, Origin(plan.file_name))
    with engine.begin() as connection:
        now = plan_import(connection, plan.content, plan.file_name, plan.valid_from)
        if (now.changes, now.is_change, now.is_nothing) != (plan.changes, plan.is_change, plan.is_nothing):
            raise CatalogueError(
                message(
                    "{file_name}: danh mục trong kho vừa thay đổi trong lúc hỏi; hãy nhập lại để xem thay đổi mới.",
                    file_name=plan.file_name,
                )
            )
        if plan.is_nothing:
            return 0
        import_id: int = connection.execute(
            text(
                "insert into core.catalogue_import (import_id, file_name, sha256, imported_at, valid_from, columns,"
                " row_count, unparsed_count) select coalesce(max(import_id), 0) + 1, :name, :sha256, :at,"
                " :valid_from, '{}', 0, 0 from core.catalogue_import returning import_id"
            ),
            {"name": plan.file_name, "sha256": sha256, "at": at, "valid_from": plan.valid_from},
        ).scalar_one()
        _write_entries(connection, import_id, plan.file)
        load_procedures(connection)
        touched: int = connection.execute(text("select count(*) from history.touched_dossier")).scalar_one()
    # After the commit; where a kill comes between the two, the next run does it.
    note_taken_in(archive.root, [], [Catalogue(sha256, plan.file_name, at.astimezone(UTC), plan.valid_from)])
    return touched


def _write_entries(connection: Connection, import_id: int, file: CatalogueFile) -> None:
    """What the file says, in place of what was read from it before."""
    connection.execute(
        text("delete from core.catalogue_entry where import_id = :import_id"), {"import_id": import_id}
    )
    rows = [
        (
            import_id,
            code,
            *(_plain(getattr(procedure, name)) for name in FIELDS),
            file.limit_written.get(code),
        )
        for code, procedure in sorted(file.procedures.items())
    ]
    schema = {"import_id": pl.Int32, "procedure_code": pl.String, **FIELD_SCHEMA, "limit_said": pl.String}
    copy_frame(connection, pl.DataFrame(rows, schema=schema, orient="row"), "core.catalogue_entry")
    connection.execute(
        text(
            "update core.catalogue_import set columns = :columns, row_count = :rows, unparsed_count = :unparsed"
            " where import_id = :import_id"
        ),
        {
            "import_id": import_id,
            "columns": sorted(file.columns),
            "rows": len(file.procedures),
            "unparsed": len(file.unparsed),
        },
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def reread_catalogues(connection: Connection, archive: Archive) -> list[str]:
    """Reads every catalogue that was taken over from the archive again; sentences on those that it can't.

    What was read from those before stays.
    """
    problems: list[str] = []
    rows = connection.execute(
        text("select import_id, file_name, sha256 from core.catalogue_import order by import_id")
    ).all()
    for row in rows:
        try:
            _write_entries(connection, row.import_id, read_catalogue(archive.read(row.sha256), row.file_name))
        except OSError:
            problems.append(
                message(
                    "{file_name}: danh mục không còn trong kho lưu; nội dung đã đọc trước đây được giữ nguyên, hãy "
                    "nhập lại tệp này.",
                    file_name=row.file_name,
                )
            )
        except CatalogueError as error:
            problems.append(
                message("{error} Nội dung đã đọc trước đây được giữ nguyên.", error=message_of(error))
            )
    if rows:
        load_procedures(connection)
    return problems
