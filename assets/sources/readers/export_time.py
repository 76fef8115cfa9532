"""When a file was exported: by its envelope, a title cell, its name or its folder, as the source says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from assets.given.cleaning import NESTED, scalar
from assets.given.dates import Parser
from assets.given.texts import key, normalise
from assets.sources.source import ExportTimeWay, Source
from warehouse_sql.messages import message

Row = Sequence[str | None]
# A workbook may spell the carriage return of a cell out.
_LINE_ENDS = re.compile(r"_x000[dD]_|[\r\n]+")
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)|ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:[:hg]|giờ)\s?(\d{2})(?:\s?(?:[:m]|phút)\s?(\d{2})(?!\d))?", re.IGNORECASE
)


def export_time(
    source: Source,
    path: str,
    parse: Parser,
    fields: Mapping[str, object] | None = None,
    titles: Sequence[Row] = (),
    ways: Sequence[ExportTimeWay] | None = None,
) -> tuple[datetime | None, list[str]]:
    """Returns the naive local time of the first way that answers, and remarks on the ways that answer nonsense.

    `fields` is the JSON envelope, `titles` the rows above the headings of a list; `ways` narrows down the source's own.
    """
    remarks: list[str] = []
    for way in source.export_time if ways is None else ways:
        written = _written(way, path, fields or {}, titles)
        if written is None:
            continue
        instant = written if isinstance(written, datetime) else _parse_text(written, parse)
        if instant is None and way.kind == "cell" and (other := _rearranged(str(written))):
            instant = _parse_text(other, parse)
        if instant is not None:
            return instant, remarks
        remarks.append(
            message("Thời điểm xuất ở “{where}” không phải là ngày giờ, không dùng.", where=_where(way))
        )
    remarks.append(message("Tệp không cho biết thời điểm xuất."))
    return None, remarks


def _where(way: ExportTimeWay) -> str:
    return {"file_name": message("tên tệp"), "path": message("đường dẫn")}.get(way.kind, way.value)


def _written(
    way: ExportTimeWay, path: str, fields: Mapping[str, object], titles: Sequence[Row]
) -> datetime | str | None:
    """Returns the answer of a way: text still to be parsed, an instant, or None when it says nothing."""
    if way.kind == "field":
        return scalar(fields.get(way.value), NESTED) or None
    if way.kind == "cell":
        return _in_titles(way.value, titles)
    name = normalise(path if way.kind == "path" else path.replace("\\", "/").rsplit("/", 1)[-1])
    match = re.search(way.value, name, re.IGNORECASE)
    return _from_groups(match.groupdict()) if match else None


def _from_groups(groups: Mapping[str, str | None]) -> datetime | str:
    year, month, day = (int(groups[name] or 0) for name in "ymd")
    if not groups.get("H"):
        hour, minute, second = 23, 59, 59  # a name with a day alone: all of that day is in the file
    else:
        hour, minute, second = (int(groups.get(name) or 0) for name in "HMS")
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return "?"  # digits that are no date: the caller says so


def _in_titles(words: str, titles: Sequence[Row]) -> str | None:
    """Returns what follows the words in a line of a title cell, or stands in the next cell of the row that is not
    empty.

    A merged title cell has several lines. Words at the start of a line come before words within one.
    """
    wanted = re.escape(key(words))
    for pattern in (rf"^{wanted}", rf"(?<!\w){wanted}(?!\w)"):
        for row in titles:
            cells = [cell for cell in row if cell and cell.strip()]
            for place, cell in enumerate(cells):
                for line in map(normalise, _LINE_ENDS.split(cell)):
                    match = re.search(pattern, line.casefold())
                    if match and len(line) == len(line.casefold()):
                        rest = line[match.end() :].lstrip(" :")
                        return rest or (cells[place + 1] if place + 1 < len(cells) else None)
    return None


def _rearranged(text: str) -> str | None:
    """ "18:30 ngày 01/02/2023" with the day first, as dates are read; None unless there is one day and one clock time."""
    days, clocks = _DAY.findall(text), _CLOCK.findall(text)
    if len(days) != 1 or len(clocks) != 1:
        return None
    (day,), (clock,) = days, clocks
    hour, minute, second = (part or "00" for part in clock)
    return f"{'/'.join(part for part in day if part)} {hour}:{minute}:{second}"


def _parse_text(text: str, parse: Parser) -> datetime | None:
    instant: datetime | None = parse(pl.Series([normalise(text)], dtype=pl.String))[0]
    return instant
