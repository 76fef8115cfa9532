"""What is notified besides alerts: no run that ended well, a run that failed, a source that sends nothing.

Here: when, in which words, under which fingerprint. Not here: who looks at the clock (`pipelines/`), sending.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, text

from assets.alerts.outbox import Notice
from assets.alerts.text import fingerprint_line, fitted, foreign, subject
from assets.given.texts import shown
from assets.given.vietnamese import day as day_vi
from assets.given.vietnamese import instant, number
from assets.run_log import RUN_STATUSES
from warehouse_sql.sql_files import statements_of_file

#: A run that ended well in so many hours before the deadline will do.
_HOURS = 12
#: Reminders of a source that sends nothing, in expected days.
_REMIND_DAYS = 5


def missing_run(connection: Connection, now: datetime, by: time) -> Notice | None:
    """Returns a notice when it is past `by` (local) on a working day and no run ended well since the evening before."""
    if now.time() < by:
        return None
    deadline = now.replace(hour=by.hour, minute=by.minute, second=0, microsecond=0)
    (statement,) = statements_of_file("ops/run_that_ended_well.sql")
    row = connection.execute(
        text(statement), {"today": now.date(), "since": deadline - timedelta(hours=_HOURS)}
    ).one()
    if not row.is_working_day or row.has_ended_well:
        return None
    last = "Kho chưa có lần chạy nào."
    if row.started_at is not None:
        reason = f" ({shown(row.message)})" if row.message else ""
        last = f"Lần chạy gần nhất: {instant(row.started_at)}, {RUN_STATUSES[row.status]}{reason}."
    return dead_man_notice(now.date(), by, last)


def dead_man_notice(today: date, by: time, last: str) -> Notice:
    """That no run ended well that day; `last` says what is known of the last one. One fingerprint a day."""
    fingerprint = _digest("dead_man", today)
    head = [
        "KHÔNG CÓ LẦN CHẠY NÀO KẾT THÚC TỐT",
        f"Đến {by:%H:%M} ngày {day_vi(today)} kho chưa được cập nhật; số liệu và cảnh báo đang là của hôm trước.",
        last,
        "",
        "Việc cần làm:",
        "1. motcua status (lần chạy, nguồn, tệp không đọc được)",
        "2. motcua run (chạy lại bao nhiêu lần cũng không làm sai số liệu)",
        "3. Nếu vẫn lỗi: MOTCUA_DEBUG=1 motcua run, hoặc xem các trang của motcua ui",
        "",
        fingerprint_line(fingerprint),
    ]
    return Notice(
        fingerprint,
        "dead_man",
        "critical",
        subject(f"motcua: đến {by:%H:%M} ngày {day_vi(today)} chưa có lần chạy nào tốt"),
        fitted(head, [], []),
    )


def failure_notice(kind: str, error: str, now: datetime, is_stopped_by_gate: bool) -> Notice:
    """That a run failed: name of the error and its sentence. The same error has the same fingerprint for a day."""
    # Counts, rows and days differ from run to run though the trouble is the same.
    essence = re.sub(r"\d+", "#", error)
    fingerprint = _digest("run_failed", now.date(), kind, essence)
    line = " ".join(error.split())[:600]
    if is_stopped_by_gate:
        title = "motcua: cổng kiểm soát chất lượng chặn lần chạy"
        head = [
            "CỔNG KIỂM SOÁT CHẤT LƯỢNG CHẶN LẦN CHẠY",
            f"Lúc {instant(now)}: {line}",
            "Không có gì được công bố; số liệu vẫn là của lần chạy trước.",
            "",
            "Việc cần làm: xem các trang kiểm tra (motcua ui), sửa nguồn rồi chạy lại,",
            "hoặc cho qua một lần: motcua run --accept QUY_TẮC",
        ]
    else:
        title = f"motcua: lần chạy thất bại ({kind})"
        head = [
            "LẦN CHẠY THẤT BẠI",
            f"Lúc {instant(now)}: {line}",
            "",
            "Việc cần làm: motcua status, sửa theo câu trên, rồi motcua run (chạy lại không làm sai số liệu).",
        ]
    body = fitted(head, [], ["", fingerprint_line(fingerprint)])
    return Notice(fingerprint, "run_failed", "critical", subject(title), body)


def missing_feeds(connection: Connection, now: datetime) -> Notice | None:
    """Returns a notice of the sources whose last expected exports did not come; again after every five of them."""
    (statement,) = statements_of_file("ops/feed_overdue.sql")
    rows: Sequence[Any] = connection.execute(text(statement), {"now": now.replace(tzinfo=None)}).all()
    if not rows:
        return None
    parts = [f"{row.source} {row.first_missing} {(row.missing_days - 1) // _REMIND_DAYS}" for row in rows]
    fingerprint = _digest("feed", date.min, *parts)
    lines = [
        f"- {foreign(row.source)}: thiếu {number(row.missing_days)} ngày, từ {day_vi(row.first_missing)};"
        f" tệp gần nhất của ngày {day_vi(row.last_on)}"
        for row in rows
    ]
    head = [
        "NGUỒN CHƯA GỬI TỆP",
        "Số liệu và cảnh báo của các đơn vị dùng những nguồn này đang thiếu:",
    ]
    tail = [
        "",
        "Việc cần làm: hỏi bên gửi, kiểm tra nơi nhận tệp; xem motcua status và bảng ops.feed_day.",
        fingerprint_line(fingerprint),
    ]
    names = ", ".join(foreign(row.source) for row in rows)
    return Notice(
        fingerprint,
        "feed",
        "warning",
        subject(f"motcua: nguồn chưa gửi tệp: {names}"),
        fitted(head, lines, tail),
    )


def _digest(kind: str, day: date, *parts: str) -> str:
    return hashlib.sha256("\x1f".join((kind, day.isoformat(), *parts)).encode()).hexdigest()[:16]
