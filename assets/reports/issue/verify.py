"""Whether a file is one of ours: issued from this warehouse and whole, altered since, or from elsewhere.

Here: bytes against the register of issues, and an issue made again. Not here: how the result is printed (`pipelines/cli`).
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine

from assets.reports.claims.claims_file import ClaimFile
from assets.reports.issue.issues import IssueRow, files_of_issue, issue_of_bytes, issue_of_id, sha256_of
from assets.reports.issue.parts import Part, UnreadableError, missing_parts
from assets.reports.issue.write import PDF
from assets.reports.reading.figures import Request
from assets.reports.reading.read import read_figures
from assets.reports.reading.seal import MARK, Seal, read_seal
from warehouse_sql.messages import message

#: ours: these very bytes were issued; completed: a document of which all that was computed stands as issued, whatever was
#: filled in; altered: carries the id of an issue, other bytes; unknown: carries an id that this
#: warehouse has not issued; foreign: carries none.
OURS, COMPLETED, ALTERED, UNKNOWN, FOREIGN = STATES = (
    *("ours", "completed", "altered", "unknown", "foreign"),
)
_CHUNK = 1 << 20
#: A report of a million dossiers unpacks to a fraction of it.
_LARGEST_PART = 256 << 20
# LibreOffice writes a space for a colon among the keywords.
_MARK = re.compile(re.escape(MARK.removesuffix(":").encode()) + rb"[: ]([0-9a-f]{64})")
_MARK_LENGTH = len(MARK) + 64
#: What of a seal may differ, by the columns of ops.report_issue.
INGREDIENTS = {
    "input_digest": message("tệp đầu vào"),
    "rules_version": message("quy tắc"),
    "calendar_version": message("lịch làm việc"),
    "units_version": message("danh sách đơn vị"),
    "procedures_version": message("danh mục TTHC"),
    "code_version": message("chương trình"),
    "content_digest": message("số liệu đã nêu, kết luận kiểm tra hoặc chỉ tiêu"),
}


@dataclass(frozen=True)
class Verdict:
    """What a file is. `issue` is its row of ops.report_issue (with the columns of the file for ours), None if unknown."""

    state: str
    sha256: str
    report_id: str | None = None
    issue: IssueRow | None = None
    #: Of a document: how many computed parts stand as issued, and section and first words of those that do not.
    unchanged: int = 0
    changed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Again:
    """An issue made again. `is_same`: the same bytes of the PDF; else `differs` names the ingredients that changed."""

    is_same: bool
    differs: tuple[str, ...] = ()


def verify(engine: Engine, file: Path) -> Verdict:
    """Returns what a file is to this warehouse. Raises OSError when it can't be read."""
    sha256 = sha256_of(file)
    if issue := issue_of_bytes(engine, sha256):
        return Verdict(OURS, sha256, str(issue["report_id"]), issue)
    carried = list(dict.fromkeys(_ids(file)))
    for report_id in carried:
        if issue := issue_of_id(engine, report_id):
            return _against_parts(engine, file, Verdict(ALTERED, sha256, report_id, issue))
    return Verdict(UNKNOWN, sha256, carried[0]) if carried else Verdict(FOREIGN, sha256)


def _against_parts(engine: Engine, file: Path, altered: Verdict) -> Verdict:
    """Returns whether a document with other bytes is completed, or altered and where, against the nearest one issued."""
    compared = []
    for row in files_of_issue(engine, altered.report_id or ""):
        parts: list[Part] = [(part[0], part[1], part[2]) for part in row["parts"] or ()]
        if not parts:
            continue
        try:
            missing = missing_parts(file, parts)
        except UnreadableError:
            return altered
        compared.append((len(missing), len(parts), missing))
    if not compared:
        return altered
    count, of, missing = min(compared, key=lambda item: item[0])
    if count == of:
        return altered
    state = ALTERED if missing else COMPLETED
    changed = tuple((section, words) for section, _, words in missing)
    return replace(altered, state=state, unchanged=of - count, changed=changed)


def _ids(file: Path) -> Iterator[str]:
    """Yields ids of reports that a file carries: in its own bytes, or in the parts of a document or workbook."""
    if zipfile.is_zipfile(file):
        try:
            with zipfile.ZipFile(file) as parts:
                # the mark stands among the properties
                for part in sorted(
                    parts.infolist(), key=lambda entry: not entry.filename.startswith("docProps/")
                ):
                    if part.file_size <= _LARGEST_PART:
                        with parts.open(part) as opened:
                            yield from _search(opened)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
            return  # whatever it is, it is not what we wrote
    with file.open("rb") as opened:
        yield from _search(opened)


def _search(opened: Any) -> Iterator[str]:
    kept, read = b"", 0
    while (part := opened.read(_CHUNK)) and read <= _LARGEST_PART:
        read += len(part)
        for match in _MARK.finditer(kept + part):
            yield match[1].decode()
        kept = part[-_MARK_LENGTH:]


def make_again(engine: Engine, issue: IssueRow, claims: ClaimFile | None = None) -> Again:
    """Makes the PDF of an issue again, from the files that had arrived when it was issued, and compares its bytes.

    Raises ReportError when the figures can't be had any more.
    """
    from assets.reports.sealed.pdf import render_pdf  # noqa: PLC0415 - the compiler, paid only by who asks

    request = _request(issue)
    through = None if _has_nothing_new(engine, request, issue) else issue["known_through"]
    figures = read_figures(engine, request, claims, through)
    if figures.seal is None or figures.seal.report_id != issue["report_id"]:
        return Again(False, _differing(figures.seal, issue))
    made = hashlib.sha256(render_pdf(figures)).hexdigest()
    noted = {row["sha256"] for row in files_of_issue(engine, issue["report_id"]) if row["file_name"] == PDF}
    return Again(made in noted)


def _has_nothing_new(engine: Engine, request: Request, issue: IssueRow) -> bool:
    with engine.connect() as connection:
        seal = read_seal(connection, issue["parameters"], request.known_at)
        connection.rollback()
    return bool(seal.input_digest == issue["input_digest"])


def _request(issue: IssueRow) -> Request:
    asked = issue["parameters"]
    known_at = issue["known_at"]
    return Request(
        date.fromisoformat(asked["from"]),
        date.fromisoformat(asked["to"]),
        tuple(asked["units"] or ()),
        asked["rule_set"],
        known_at if isinstance(known_at, datetime) else None,
        asked["unit_view"],
        asked["lang"],
    )


def _differing(seal: Seal | None, issue: IssueRow) -> tuple[str, ...]:
    return tuple(
        name
        for column, name in INGREDIENTS.items()
        if getattr(seal, column, None) != cast(Mapping[str, object], issue)[column]
    )
