"""Completeness and drift of feeds, judged over all files: ops.feed_day and ops.drift.

Here: making both again when files came or promises changed, and reading them in words. Not here: what is counted of one
file (`content.py`), what a source promises (`feed.py`), the judging itself (`warehouse_sql/ops/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from warehouse_sql.boundaries import reached
from warehouse_sql.messages import Message, message
from warehouse_sql.sql_files import run_file

#: The words for a status of ops.feed_day that needs a look.
FEED_STATUSES = {
    "missing": message("thiếu tệp"),
    "failed": message("tệp hỏng"),
    "thin": message("tệp bất thường"),
    "late": message("đến trễ"),
}
_KINDS = {
    "heading": message("cột hoặc trường lạ"),
    "code": message("mã lạ"),
    "type": message("trường đổi kiểu"),
    "empty_field": message("trường không còn dữ liệu"),
    "vanished_heading": message("cột không còn gửi"),
}


class Drift(NamedTuple):
    """One thing of a source that was not so before: a row of ops.drift by its key."""

    source: str
    kind: str
    name: str
    example: str | None


def refresh_feeds(engine: Engine) -> Sequence[Drift]:
    """Judges all export days again where a file came or a promise changed since. Returns drift not known before.

    In a transaction of its own: a crash before its end leaves it to the next run.
    """
    with engine.begin() as connection:
        if not connection.execute(
            text("select exists (select 1 from ops.file_content where not is_accounted)")
        ).scalar_one():
            return []
        before = _drift(connection)
        run_file(connection, "ops/refresh_feed_day.sql")
        run_file(connection, "ops/refresh_drift.sql")
        connection.execute(text("update ops.file_content set is_accounted = true where not is_accounted"))
        new = sorted(_drift(connection) - before, key=str)
        reached("feeds.before_commit")
    return new


def drift_sentence(row: Mapping[str, Any]) -> Message:
    """Returns a row of ops.drift (or its key) for a person."""
    return message(
        "{source}: {kind} “{name}”{example}",
        source=row["source"],
        kind=_KINDS[row["kind"]],
        name=row["name"],
        example=f" (“{row['example']}”)" if row["example"] is not None else "",
    )


def _drift(connection: Connection) -> set[Drift]:
    rows = connection.execute(text("select source, kind, name, example from ops.drift"))
    return {Drift(*row) for row in rows}
