"""Quarantined rows on their way back to the sender: one workbook, one row per problem, in words the sender knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Connection, text

from assets.given.archive import Archive
from assets.given.texts import neutral
from assets.sources.place import CellPlace, PlaceOf, row_alone
from assets.sources.shapes import places
from assets.sources.source import Source
from quality.catalogue import load_rules

Row = Mapping[str, Any]
_LINE_LETTERS, _LINE_POINTS = 46, 15.0
_COLUMNS = (
    *(("STT", 5), ("Tệp", 34), ("Trang tính", 14), ("Ô", 22), ("Dòng", 7), ("Mã hồ sơ", 27)),
    *(("Trường", 20), ("Giá trị", 24), ("Sai ở đâu, cần làm gì", 48), ("Giá trị cần có", 40)),
    *(("Thấy lần đầu", 16), ("Thấy lần cuối", 16), ("Số lần", 7), ("Tình trạng", 22)),
)
_STATES = {
    None: "Chưa sửa",
    "later_file": "Đã sửa ở tệp sau",
    "replay": "Đã nhận lại",
    "correction": "Đã đính chính",
}


@dataclass(frozen=True)
class Problem:
    """A row of mart.quarantine_problem and the place of its value in the file."""

    row: Row
    place: CellPlace


def read_problems(
    connection: Connection, *, source: str | None = None, rule: str | None = None, with_resolved: bool = False
) -> list[Row]:
    """Problems, the latest first; open ones only unless `with_resolved`."""
    return [
        dict(row)
        for row in connection.execute(
            text(
                "select * from mart.quarantine_problem"
                " where (cast(:source as text) is null or source = :source)"
                " and (cast(:rule as text) is null or rule_id = :rule) and (:all or resolved_at is null)"
                " order by last_seen_at desc, source asc, file asc, sheet asc nulls first, row_number asc, rule_id asc,"
                " field asc, value asc nulls first"
            ),
            {"source": source, "rule": rule, "all": with_resolved},
        ).mappings()
    ]


def placed(
    connection: Connection, rows: Sequence[Row], archive: Archive, sources: Mapping[str, Source]
) -> list[Problem]:
    """Returns the problems with their places; a file that is no longer archived gives rows only."""
    files = {
        row.file_id: row
        for row in connection.execute(
            text("select file_id, sha256, kind from landing.export_file where file_id = any(:ids)"),
            {"ids": list({row["file_id"] for row in rows})},
        )
    }
    known: dict[int, PlaceOf] = {}
    problems = []
    for row in rows:
        file_id = row["file_id"]
        if file_id not in known:
            source, content = sources.get(row["source"]), _bytes(archive, files[file_id].sha256)
            known[file_id] = places(content, source, files[file_id].kind) if source else row_alone
        problems.append(Problem(row, known[file_id](row["sheet"], row["row_number"], row["field"])))
    return problems


def _bytes(archive: Archive, sha256: str) -> bytes | None:
    try:
        return archive.read(sha256)
    except OSError:
        return None


def write_book(file: Path, problems: Sequence[Problem], title: str, at: datetime) -> None:
    """Writes the workbook, whole or not at all. `title` names the source; `at` is local time of Vietnam."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        with xlsxwriter.Workbook(str(part), {"in_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"title": f"Dòng cần sửa – {title}", "created": at.replace(tzinfo=None)})
            _write_sheet(book, problems, title, at)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _write_sheet(book: Any, problems: Sequence[Problem], title: str, at: datetime) -> None:
    sheet = book.add_worksheet("Dòng cần sửa")
    head = book.add_format(
        {
            "bold": True,
            "bg_color": "#E8EEF4",
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
        }
    )
    plain = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    sheet.write_string(0, 0, f"Dòng cần sửa – {title}", book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(
        1,
        0,
        f"Lập lúc {at:%H:%M ngày %d/%m/%Y}. {len(problems)} lỗi. Hãy sửa ở hệ thống gốc rồi xuất lại; dòng đã sửa"
        " được nhận ở lần chạy sau.",
    )
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, name, head)
    sheet.set_row(3, 32)
    expected = {rule.id: rule.expected_vi for rule in load_rules()}
    for place, problem in enumerate(problems):
        at_row = 4 + place
        values = _values(problem, expected.get(problem.row["rule_id"]) or "")
        sheet.write_number(at_row, 0, place + 1, plain)
        for column, value in enumerate(values, start=1):
            if isinstance(value, int):
                sheet.write_number(at_row, column, value, plain)
            else:
                sheet.write_string(at_row, column, neutral(value), plain)
        lines = max(-(-len(str(value)) // int(_COLUMNS[n][1])) for n, value in enumerate(values, start=1))
        sheet.set_row(at_row, _LINE_POINTS * max(1, lines))
    sheet.freeze_panes(4, 2)
    sheet.autofilter(3, 0, 3 + max(len(problems), 1), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def _values(problem: Problem, expected: str) -> list[str | int]:
    row, place = problem.row, problem.place
    return [
        row["file"],
        row["sheet"] or "",
        place.cell,
        row["row_number"],
        row["dossier_code"] or "",
        place.name,
        row["value"] or "(để trống)",
        row["message_vi"],
        expected,
        f"{row['first_seen_at']:%d/%m/%Y %H:%M}",
        f"{row['last_seen_at']:%d/%m/%Y %H:%M}",
        row["seen_count"],
        _STATES[row["resolved_by"]],
    ]
