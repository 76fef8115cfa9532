"""Files whose export time lies after their arrival: the clock of the exporting computer ran ahead.

Here: which files these are, what becomes of them, and the decision of a person to let them in. Not here: how a file gets
into the warehouse (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from assets.sources.reading import Reading
from warehouse_sql.messages import Message, joined, message

#: The rule of the catalogue, and what a person names to let such files in.
RULE = "clock_ahead"
#: What landing.export_file.clock_ahead says of a file.
REFUSED, ACCEPTED, COUNTED = "refused", "accepted", "counted"
#: Computers without a time service differ by minutes.
TOLERANCE = timedelta(minutes=10)
# How readers write a day without a clock: all of that day is in the file.
_WHOLE_DAY = time(23, 59, 59)
_SHOWN_FILES = 5


def is_ahead(exported_at: datetime, arrived_at: datetime) -> bool:
    """Returns True if a file can't have been exported then, since it had arrived before. Both with a time zone.

    A day without a clock means its whole day: only a later day is ahead.
    """
    begins_at = exported_at
    if exported_at.time() == _WHOLE_DAY:
        begins_at = exported_at.replace(hour=0, minute=0, second=0)
    return begins_at > arrived_at + TOLERANCE


def refusal(exported_at: datetime, arrived_at: datetime) -> Message:
    """Why the file is refused and what to do: the rule of the catalogue, with both times."""
    return message(
        "Thời điểm xuất ghi trong tệp muộn hơn lúc tệp đến quá 10 phút (xuất {exported_at:instant}, đến"
        " {arrived_at:instant}); hãy chỉnh đồng hồ của máy xuất rồi xuất và gửi lại, hoặc khi đã xem tệp thì cho qua"
        " bằng “motcua run --accept clock_ahead”, lấy lúc đến làm thời điểm xuất.",
        exported_at=exported_at,
        arrived_at=arrived_at,
    )


def as_arrived(reading: Reading, arrived_at: datetime) -> Reading:
    """The reading with its arrival as export time.

    It claims no complete list any more: pages of one export share an export time, but not an arrival.
    """
    assert reading.exported_at is not None
    local = arrived_at.replace(tzinfo=None)
    remark = message(
        "Đồng hồ máy xuất chạy nhanh (xuất {exported_at:instant}, đến {arrived_at:instant}); đã cho qua, lấy lúc đến làm"
        " thời điểm xuất.",
        exported_at=reading.exported_at,
        arrived_at=local,
    )
    return replace(reading, exported_at=local, complete=None, remarks=[*reading.remarks, remark])


def refused_files(connection: Connection) -> Sequence[Row[tuple[int, str, str, str, int, int, datetime]]]:
    """Returns the registered files that were refused for their clock.

    Without those whose sender has sent another under their name: as of their arrival they would be newer than what is right.
    """
    return connection.execute(
        text(
            "select f.file_id, f.source, f.path, f.sha256, f.size_bytes, f.modified_ns, f.received_at, f.clock_ahead"
            " from landing.export_file as f where f.clock_ahead = :refused and f.loaded_at is not null and not exists"
            " (select 1 from landing.export_file as l where l.source = f.source and l.path = f.path"
            " and l.file_id > f.file_id and (l.status = 'loaded' or l.clock_ahead = :refused))"
            " order by f.received_at, f.file_id"
        ),
        {"refused": REFUSED},
    ).all()


def accept_counted(connection: Connection) -> None:
    """Notes the decision on files that an older version took in: the next rebuild lets them in by their arrival."""
    connection.execute(
        text("update landing.export_file set clock_ahead = :accepted where clock_ahead = :counted"),
        {"accepted": ACCEPTED, "counted": COUNTED},
    )


def refused_sentence(connection: Connection, paths: Collection[str]) -> Message | None:
    """Returns what to do about refused files that lie at these paths; None where there are none.

    What came later under a path stands for it.
    """
    refused = connection.execute(
        text(
            "select f.path, f.exported_at at time zone 'Asia/Ho_Chi_Minh' as exported_at,"
            " f.received_at at time zone 'Asia/Ho_Chi_Minh' as received_at from landing.export_file as f"
            " where f.clock_ahead = :refused and f.loaded_at is not null and not exists"
            " (select 1 from landing.export_file as l where l.path = f.path and l.file_id > f.file_id)"
            " order by f.received_at, f.file_id"
        ),
        {"refused": REFUSED},
    ).all()
    rows = [row for row in refused if row.path in paths]
    if not rows:
        return None
    return message(
        "{count:number} tệp vẫn chưa nhận vì thời điểm xuất muộn hơn lúc đến quá 10 phút ({files}); hãy xuất và gửi lại,"
        " hoặc khi đã xem tệp thì cho qua bằng “motcua run --accept clock_ahead”.",
        count=len(rows),
        files=_named(rows),
    )


def counted_sentence(connection: Connection) -> Message | None:
    """Returns what to do about files that count with an export time after their arrival; None where there are none."""
    rows = connection.execute(
        text(
            "select path, exported_at at time zone 'Asia/Ho_Chi_Minh' as exported_at,"
            " received_at at time zone 'Asia/Ho_Chi_Minh' as received_at, clock_ahead from landing.export_file"
            " where status = 'loaded' and loaded_at is not null"
            " and (clock_ahead = :counted or (clock_ahead = :accepted and exported_at > received_at))"
            " order by received_at, file_id"
        ),
        {"counted": COUNTED, "accepted": ACCEPTED},
    ).all()
    if not rows:
        return None
    if all(row.clock_ahead == ACCEPTED for row in rows):
        return message(
            "{count:number} tệp do bản motcua cũ nhận vẫn được tính theo thời điểm xuất muộn hơn lúc đến quá 10 phút"
            " ({files}); các tệp này đã được cho qua, hãy chạy “motcua warehouse rebuild” để tính theo lúc đến.",
            count=len(rows),
            files=_named(rows),
        )
    return message(
        "{count:number} tệp do bản motcua cũ nhận vẫn được tính theo thời điểm xuất muộn hơn lúc đến quá 10 phút"
        " ({files}); hãy xem các tệp này, chạy “motcua run --accept clock_ahead” nếu cho qua với lúc đến làm thời điểm"
        " xuất, rồi chạy “motcua warehouse rebuild”: tệp không được cho qua sẽ thôi được tính.",
        count=len(rows),
        files=_named(rows),
    )


def _named(rows: Sequence[Row[Any]]) -> Message:
    """Returns the first of the files with their two times, and how many more there are."""
    files = joined("; ", [_file(row.path, row.exported_at, row.received_at) for row in rows[:_SHOWN_FILES]])
    if len(rows) <= _SHOWN_FILES:
        return files
    return message("{files}; và {count:number} tệp khác", files=files, count=len(rows) - _SHOWN_FILES)


def _file(path: str, exported_at: datetime, arrived_at: datetime) -> Message:
    return message(
        "{path}: xuất {exported_at:instant}, đến {arrived_at:instant}",
        path=path,
        exported_at=exported_at,
        arrived_at=arrived_at,
    )
