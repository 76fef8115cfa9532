"""What a source promises to send: its calendar of files, and the envelope in which a file is believed whole.

Here: reading and checking the key `feed` of an entry of the list of sources. Not here: what came of the promise
(`warehouse_sql/ops/refresh_feed_day.sql`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NoReturn

from assets.sources.canonical import CONTENT_COLUMNS
from warehouse_sql.messages import message

EVERY_DAY, WORKING_DAY, USUAL = "day", "working_day", "usual"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SAME_DAY, NEXT_DAY = "same_day", "next_day"
_KEYS = ("every", "from", "until", "due_by", "due_on", "rows", "fill", "largest_drop", "weeks")
_FIELDS = ("dossier_code", *CONTENT_COLUMNS)
_MOST_WEEKS = 52
#: Says what is wrong with one key (dotted below `feed`) by raising.
Wrong = Callable[[str, str], Exception]


@dataclass(frozen=True)
class Feed:
    """Days are export days in Vietnam. `every` "usual" promises no calendar but the rhythm kept so far.

    `weekdays` are ISO numbers, 1 Monday, used where `every` is "weekday".
    `due_by` is local time of the export day itself or of the next one. `fill` holds least shares 0..1 by canonical
    column; `largest_drop` (share 0..1 of the median of the same weekday of the last `weeks` weeks).
    """

    every: str
    weekdays: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    due_by: time | None = None
    is_due_next_day: bool = True
    rows_least: int | None = None
    rows_most: int | None = None
    fill: Mapping[str, float] = field(default_factory=dict)
    largest_drop: float | None = None
    weeks: int = 8


def read_feed(value: object, wrong: Wrong) -> Feed | None:
    """Returns the promise, or None where the source makes none.

    Raises what `wrong(key, need)` makes for a faulty key or value.
    """
    if value is None:
        return None

    def refuse(name: str, need: str) -> NoReturn:
        raise wrong(f"feed.{name}" if name else "feed", need)

    if not isinstance(value, dict):
        refuse("", message("cần các khóa {keys}, đang là “{value}”", keys=", ".join(_KEYS), value=value))
    for unknown in sorted(str(name) for name in value if name not in _KEYS):
        refuse(unknown, message("khóa không có trong danh mục, hãy xóa hoặc sửa tên"))
    if "every" not in value:
        refuse(
            "every",
            message("còn thiếu; cần day, working_day, usual hoặc danh sách thứ trong tuần như [mon, wed]"),
        )
    every, weekdays = _every(value["every"], refuse)
    since, until = (_day(value, name, refuse) for name in ("from", "until"))
    if since and until and since > until:
        refuse(
            "until",
            message("phải từ ngày from ({since}) trở đi, đang là “{until}”", since=since, until=until),
        )
    if "due_on" in value and "due_by" not in value:
        refuse("due_on", message("chỉ dùng cùng với due_by"))
    if value.get("due_on", NEXT_DAY) not in (SAME_DAY, NEXT_DAY):
        refuse(
            "due_on",
            message(
                "cần {same_day} hoặc {next_day}, đang là “{due_on}”",
                same_day=SAME_DAY,
                next_day=NEXT_DAY,
                due_on=value["due_on"],
            ),
        )
    least, most = _rows(value.get("rows"), refuse)
    return Feed(
        every=every,
        weekdays=weekdays,
        since=since,
        until=until,
        due_by=_clock(value.get("due_by"), refuse),
        is_due_next_day=value.get("due_on", NEXT_DAY) == NEXT_DAY,
        rows_least=least,
        rows_most=most,
        fill=_fill(value.get("fill"), refuse),
        largest_drop=_drop(value.get("largest_drop"), refuse),
        weeks=_weeks(value.get("weeks", 8), refuse),
    )


Refuse = Callable[[str, str], Any]


def _every(value: object, refuse: Refuse) -> tuple[str, tuple[int, ...]]:
    if value in (EVERY_DAY, WORKING_DAY, USUAL):
        return str(value), ()
    if not isinstance(value, list) or not value or any(day not in WEEKDAYS for day in value):
        refuse(
            "every",
            message(
                "cần day, working_day, usual hoặc danh sách trong {weekdays}, đang là “{value}”",
                weekdays=", ".join(WEEKDAYS),
                value=value,
            ),
        )
    assert isinstance(value, list)
    return "weekday", tuple(sorted({WEEKDAYS.index(day) + 1 for day in value}))


def _day(holder: Mapping[str, Any], name: str, refuse: Refuse) -> date | None:
    value = holder.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        refuse(name, message("cần ngày dạng YYYY-MM-DD, đang là “{value}”", value=value))
        raise


def _clock(value: object, refuse: Refuse) -> time | None:
    if value is None:
        return None
    # YAML 1.1 reads 17:30 without quotes as the number 1050.
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if match is None:
        refuse("due_by", message("cần giờ dạng HH:MM đặt trong ngoặc kép, đang là “{value}”", value=value))
    assert match is not None
    return time(int(match[1]), int(match[2]))


def _rows(value: object, refuse: Refuse) -> tuple[int | None, int | None]:
    if value is None:
        return None, None
    if not isinstance(value, dict) or not value or not value.keys() <= {"least", "most"}:
        refuse("rows", message("cần least và/hoặc most, đang là “{value}”", value=value))
    assert isinstance(value, dict)
    for name, count in value.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            refuse(f"rows.{name}", message("cần số nguyên từ 0, đang là “{count}”", count=count))
    least, most = value.get("least"), value.get("most")
    if least is not None and most is not None and least > most:
        refuse(
            "rows.most", message("phải từ least ({least}) trở lên, đang là “{most}”", least=least, most=most)
        )
    return least, most


def _fill(value: object, refuse: Refuse) -> Mapping[str, float]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        refuse("fill", message("cần các cặp “trường: tỷ lệ ít nhất”, đang là “{value}”", value=value))
    assert isinstance(value, dict)
    for name, share in value.items():
        if name not in _FIELDS:
            refuse(
                f"fill.{name}",
                message("không phải trường của hồ sơ; cần một trong {fields}", fields=", ".join(_FIELDS)),
            )
        if not _is_share(share):
            refuse(f"fill.{name}", message("cần tỷ lệ từ 0 đến 1, đang là “{share}”", share=share))
    return {str(name): float(share) for name, share in value.items()}


def _drop(value: object, refuse: Refuse) -> float | None:
    if value is not None and not (_is_share(value) and value):
        refuse("largest_drop", message("cần tỷ lệ lớn hơn 0, đến 1, đang là “{value}”", value=value))
    return None if value is None else float(str(value))


def _weeks(value: object, refuse: Refuse) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 4 <= value <= _MOST_WEEKS:
        refuse(
            "weeks",
            message(
                "cần số tuần từ 4 đến {most_weeks}, đang là “{value}”", most_weeks=_MOST_WEEKS, value=value
            ),
        )
    assert isinstance(value, int)
    return value


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
