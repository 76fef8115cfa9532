"""Whether all is well with a warehouse, for probes: its schema, its runs, its feeds. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from warehouse_sql.messages import Message, message
from warehouse_sql.migrate import is_up_to_date, revision_of
from warehouse_sql.sql_files import statements_of_file
from warehouse_sql.vietnam_time import VIETNAM


@dataclass(frozen=True)
class Health:
    """`troubles` is empty where all is well."""

    troubles: tuple[Message, ...]
    last_success_at: datetime | None = None
    covered_through: date | None = None


def read_health(engine: Engine, now: datetime, max_age: timedelta) -> Health:
    """Returns what is wrong with the warehouse now; a run that ended well so long ago is too old."""
    with engine.connect() as connection:
        is_empty = revision_of(connection) is None
    if is_empty:
        return Health(
            (
                message(
                    "kho còn trống (kho mới: motcua warehouse migrate; kho đã mất: motcua warehouse restore)"
                ),
            )
        )
    if not is_up_to_date(engine):
        return Health(
            (message("cấu trúc kho không phải của bản motcua này (hãy chạy motcua warehouse migrate)"),)
        )
    with engine.connect() as connection:
        runs, last, *_ = statements_of_file("ops/metrics.sql")
        known = connection.execute(text(runs)).one()
        ended = connection.execute(text(last)).one_or_none()
        troubles = [*_of_feeds(connection, now)]
    if ended is not None and ended.status == "failed":
        troubles.insert(0, message("lần chạy gần nhất thất bại ({at:instant})", at=ended.started_at))
    if known.last_success_at is None:
        troubles.insert(0, message("chưa có lần chạy nào kết thúc tốt"))
    elif now - known.last_success_at > max_age:
        troubles.insert(
            0, message("lần chạy tốt gần nhất đã kết thúc từ {at:instant}", at=known.last_success_at)
        )
    return Health(tuple(troubles), known.last_success_at, known.covered_through)


def _of_feeds(connection: Connection, now: datetime) -> Iterator[Message]:
    (statement,) = statements_of_file("ops/feed_overdue.sql")
    local = now.astimezone(VIETNAM).replace(tzinfo=None)
    for row in connection.execute(text(statement), {"now": local}):
        yield message(
            "nguồn {source} thiếu tệp {days:number} ngày, từ {since:day}",
            source=row.source,
            days=row.missing_days,
            since=row.first_missing,
        )
