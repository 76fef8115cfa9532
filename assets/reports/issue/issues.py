"""The register of issued reports: what was written, and whether a file is one of it.

Here: ops.report_issue and ops.report_file. Not here: what a report is made from (`seal.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

from sqlalchemy import Connection, Engine, text

from assets.reports.issue.parts import Part
from assets.reports.reading.seal import Seal
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file


class IssueRow(TypedDict):
    """A row of ops.report_issue."""

    report_id: str
    parameters: dict[str, Any]
    date_from: date
    date_to: date
    rule_set: str
    known_at: datetime | None
    known_through: datetime | None
    input_files: int
    input_digest: str
    rules_version: str
    calendar_version: str
    units_version: str
    procedures_version: str
    code_version: str
    content_digest: str
    first_issued_at: datetime
    last_issued_at: datetime
    issued_count: int
    #: Where it was found by one of its files.
    file_name: NotRequired[str]


class FileRow(TypedDict):
    """A row of ops.report_file: a file that was written of an issue."""

    report_id: str
    file_name: str
    sha256: str
    size_bytes: int
    is_sealed: bool
    first_written_at: datetime
    last_written_at: datetime
    written_count: int
    parts: list[list[str]] | None


_CHUNK = 1 << 20


class IssueError(RuntimeError):
    """A report can't be issued. The message is one Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class IssuedFile:
    """A file of a report as it was written; `sha256` in hexadecimal digits, sealed: the same bytes at every issue."""

    name: str
    sha256: str
    size_bytes: int
    is_sealed: bool
    #: Of the document: what of it motcua wrote.
    parts: Sequence[Part] | None = None


def sha256_of(path: Path) -> str:
    """Returns SHA-256 of a file of any size. Raises OSError when it can't be read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            digest.update(part)
    return digest.hexdigest()


def issued_file(
    name: str, path: Path, is_sealed: bool = False, parts: Sequence[Part] | None = None
) -> IssuedFile:
    """Returns what the register keeps of a file that stands at `path`."""
    return IssuedFile(name, sha256_of(path), path.stat().st_size, is_sealed, parts)


def register_issue(connection: Connection, seal: Seal, files: Sequence[IssuedFile]) -> None:
    """Notes the issue and its files, in the caller's transaction; the same report again is counted, not noted again.

    Raises IssueError when a sealed file has other bytes than the same report had before.
    """
    for file in files:
        if file.is_sealed:
            _must_be_what_it_was(connection, seal, file)
    run_file(
        connection,
        "ops/register_issue.sql",
        report_id=seal.report_id,
        parameters=_json(seal.parameters),
        date_from=seal.parameters["from"],
        date_to=seal.parameters["to"],
        rule_set=seal.parameters["rule_set"],
        known_at=seal.known_at,
        known_through=seal.known_through,
        input_files=seal.input_files,
        input_digest=seal.input_digest,
        rules_version=seal.rules_version,
        calendar_version=seal.calendar_version,
        units_version=seal.units_version,
        procedures_version=seal.procedures_version,
        code_version=seal.code_version,
        content_digest=seal.content_digest,
    )
    run_file(connection, "ops/keep_issued_form.sql", report_id=seal.report_id)
    for file in files:
        run_file(
            connection,
            "ops/register_file.sql",
            report_id=seal.report_id,
            file_name=file.name,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            is_sealed=file.is_sealed,
            parts=None if file.parts is None else _json(file.parts),
        )


def _must_be_what_it_was(connection: Connection, seal: Seal, file: IssuedFile) -> None:
    noted = connection.execute(
        text(
            "select sha256, first_written_at from ops.report_file"
            " where report_id = :report_id and file_name = :name and is_sealed and sha256 <> :sha256"
        ),
        {"report_id": seal.report_id, "name": file.name, "sha256": file.sha256},
    ).one_or_none()
    if noted:
        raise IssueError(
            message(
                "Báo cáo {short_id} đã phát hành lúc {first_written_at:instant} với nội dung khác ({name}: "
                "SHA-256 {sha256}…, nay {now}…) dù cùng tệp đầu vào, quy tắc, lịch và chương trình: số liệu "
                "trong kho đã bị sửa ngoài motcua, hoặc tệp sửa giá trị (MOTCUA_CORRECTIONS) đã đổi; hãy chạy "
                "“motcua warehouse check” để tìm chỗ khác, chưa ghi tệp nào.",
                short_id=seal.short_id,
                first_written_at=noted.first_written_at,
                name=file.name,
                sha256=noted.sha256[:16],
                now=file.sha256[:16],
            )
        )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def issue_of_bytes(engine: Engine, sha256: str) -> IssueRow | None:
    """Returns the latest issue that has a file of exactly these bytes, None when none has."""
    return _issue(
        engine,
        "select i.*, f.file_name"
        " from ops.report_file as f inner join ops.report_issue as i on f.report_id = i.report_id"
        " where f.sha256 = :sha256 order by f.first_written_at desc, f.report_id, f.file_name limit 1",
        sha256=sha256,
    )


def issue_of_id(engine: Engine, report_id: str) -> IssueRow | None:
    """Returns the issue of an id, or None when it is not in the register."""
    return _issue(
        engine, "select i.* from ops.report_issue as i where i.report_id = :report_id", report_id=report_id
    )


def files_of_issue(engine: Engine, report_id: str) -> list[FileRow]:
    """Returns the files that were written of an issue."""
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select f.* from ops.report_file as f where f.report_id = :report_id"
                " order by f.file_name, f.first_written_at, f.sha256"
            ),
            {"report_id": report_id},
        ).mappings()
        return [cast(FileRow, dict(row)) for row in rows]


def _issue(engine: Engine, query: str, **parameters: Any) -> IssueRow | None:
    with engine.connect() as connection:
        row = connection.execute(text(query), parameters).mappings().one_or_none()
        return cast(IssueRow, dict(row)) if row else None


def known_through(row: IssueRow) -> datetime | None:
    """Up to when files have to be known to make an issue again."""
    return row["known_at"] or row["known_through"]
