"""Numbers, days and instants as Vietnam writes them."""

from __future__ import annotations

from datetime import date, datetime

from warehouse_sql.messages import writing


def number(value: int) -> str:
    """70426 -> 70.426."""
    return f"{value:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """Returns one decimal, 96,2%; a dash when there is no whole. Only all of it is 100,0%, and only nothing 0,0%."""
    return writing.percent(part, whole, ",", "%")


def day(value: date | None) -> str:
    """30/08/2023; a dash for none."""
    return f"{value:%d/%m/%Y}" if value else "–"


def instant(value: datetime | None) -> str:
    """30/08/2023 17:00; a dash for none."""
    return f"{value:%d/%m/%Y %H:%M}" if value else "–"


def exact_instant(value: datetime) -> str:
    """17:00:00 ngày 30/08/2023, to the second; "hết ngày 30/08/2023" for its last moment."""
    if (value.hour, value.minute, value.second, value.microsecond) == (23, 59, 59, 999999):
        return f"hết ngày {value:%d/%m/%Y}"
    return f"{value:%H:%M:%S} ngày {value:%d/%m/%Y}"
