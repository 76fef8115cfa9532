"""What is counted of a file when it is taken in: fill, shapes and what no list knows, for feeds and drift.

Here: one file looked at by itself, and its row in ops.file_content. Not here: files compared with each other
(`completeness.py`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl
from sqlalchemy import Connection, text

from assets.exports.misplaced import safe_status
from assets.given.dates import parse_national
from assets.given.remarks import Unknown
from assets.sources.canonical import CLOCKS
from assets.sources.readers.export_time import export_time
from assets.sources.reading import Reading
from assets.sources.source import Source


@dataclass(frozen=True)
class FileContent:
    """`export_on` is the export day in Vietnam, None where nothing but the arrival tells it.

    `fill`: rows with something in it by canonical column; `shapes`: shapes met by the source's own name of a field;
    `strange`: (kind, name, example) of headings and codes that no list knows, and of a page
    whose list goes on. No value that may be about a citizen.
    """

    export_on: date | None = None
    fill: Mapping[str, int] = field(default_factory=dict)
    shapes: Mapping[str, list[str]] = field(default_factory=dict)
    strange: tuple[tuple[str, str, str | None], ...] = ()


def look_at(reading: Reading | None, source: Source | None, path: str) -> FileContent:
    """Returns the content of one file; of one that can't be read, the export day of its path, if that has one."""
    if source is None:
        return FileContent()
    if reading is None:
        ways = [way for way in source.export_time if way.kind in ("file_name", "path")]
        return FileContent(export_on=_day(export_time(source, path, parse_national, ways=ways)[0]))
    strange = {
        (remark.kind, remark.name, remark.example)
        for remark in reading.remarks
        if isinstance(remark, Unknown)
    }
    fill: Counter[str] = Counter()
    for frame in reading.rows.pieces():
        fill.update(_fill(frame, reading) if reading.kind == "dossiers" else {})
        strange |= _unknown_statuses(frame, source)
    return FileContent(
        export_on=_day(reading.exported_at),
        fill=dict(fill),
        shapes={name: sorted(shapes) for name, shapes in sorted(reading.shapes.items())},
        strange=tuple(sorted(strange, key=str)),
    )


def note_contents(connection: Connection, contents: Mapping[int, FileContent]) -> None:
    """Writes the rows of registered files, by file_id; its arrival stands for an export day that is not known."""
    if not contents:
        return
    connection.execute(
        text(
            "insert into ops.file_content (file_id, export_on, fill, shapes, strange)"
            " select file_id, coalesce(cast(:export_on as date), cast(effective_at as date)), cast(:fill as jsonb),"
            " cast(:shapes as jsonb), cast(:strange as jsonb) from landing.export_file where file_id = :file_id"
        ),
        [
            {
                "file_id": file_id,
                "export_on": content.export_on,
                "fill": json.dumps(content.fill),
                "shapes": json.dumps(content.shapes, ensure_ascii=False),
                "strange": json.dumps(
                    [
                        {"kind": kind, "name": name, "example": example}
                        for kind, name, example in content.strange
                    ],
                    ensure_ascii=False,
                ),
            }
            for file_id, content in contents.items()
        ],
    )


def note_content_again(connection: Connection, content: FileContent, file_id: int) -> None:
    """The row of a file that is looked at again: what no list knew may be known now."""
    connection.execute(text("delete from ops.file_content where file_id = :file_id"), {"file_id": file_id})
    note_contents(connection, {file_id: content})


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _fill(frame: pl.DataFrame, reading: Reading) -> dict[str, int]:
    # Clock times come and go with their dates, of which it is counted.
    names = ["dossier_code", *sorted(reading.columns - set(CLOCKS.values()))]
    empty = frame.select(names).null_count()
    # The list of requests is never null where the portal has one.
    filled = {name: frame.height - empty[name][0] for name in names}
    if "supplements" in filled:
        filled["supplements"] -= int((frame["supplements"] == "[]").sum())
    return filled


def _unknown_statuses(frame: pl.DataFrame, source: Source) -> set[tuple[str, str, str | None]]:
    unread = frame.filter(pl.col("status").is_null() & pl.col("status_raw").is_not_null())
    return {
        ("code", "status_raw", safe_status(raw))
        for raw in unread["status_raw"].unique().to_list()
        if not source.ignores(raw)
    }
