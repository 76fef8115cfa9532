"""The periods that reports are made for, with their days and the line that a form prints of them.

The days are those of `calendar.period_bounds`; here they get names and a table.
"""

from __future__ import annotations

from datetime import date
from typing import get_args

import polars as pl
from sqlalchemy import Connection, text

from assets.dimensions.calendar import PERIODS_OF_YEAR, CalendarKind, PeriodKind, period_bounds
from warehouse_sql.frames import copy_frame
from warehouse_sql.laid_out import analyze

PERIOD_SCHEMA = {
    "calendar": pl.String,
    "kind": pl.String,
    "year": pl.Int32,
    "number": pl.Int32,
    "date_from": pl.Date,
    "date_to": pl.Date,
    "label_vi": pl.String,
}
_ROMAN = ("I", "II", "III", "IV")


def period_frame(first_year: int, last_year: int) -> pl.DataFrame:
    """Returns every period of both calendars in these years, shape `PERIOD_SCHEMA`."""
    rows = []
    for calendar in get_args(CalendarKind):
        for kind in get_args(PeriodKind):
            for year in range(first_year, last_year + 1):
                for number in range(1, PERIODS_OF_YEAR[kind] + 1):
                    start, end = period_bounds(kind, year, number, calendar)
                    label = period_label(kind, year, number, start, end)
                    rows.append((calendar, kind, year, number, start, end, label))
    return pl.DataFrame(rows, schema=PERIOD_SCHEMA, orient="row")


def period_label(kind: PeriodKind, year: int, number: int, start: date, end: date) -> str:
    """Kỳ báo cáo: Quý I/2023 (Từ ngày 15/12/2022 đến ngày 14/03/2023)."""
    names: dict[PeriodKind, str] = {
        "month": f"Tháng {number:02} năm {year}",
        "quarter": f"Quý {_ROMAN[(number - 1) % 4]}/{year}",
        "half": f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}",
        "nine_months": f"9 tháng năm {year}",
        "year": f"Năm {year}",
    }
    return f"Kỳ báo cáo: {names[kind]} (Từ ngày {start:%d/%m/%Y} đến ngày {end:%d/%m/%Y})"


def load_periods(connection: Connection, first_day: date, last_day: date) -> None:
    """Writes mart.period again, for the years of these days."""
    frame = period_frame(first_day.year, last_day.year)
    connection.execute(text("delete from mart.period"))
    copy_frame(connection, frame, "mart.period", frame.columns)
    # Else the planner expects a single quarter in a calendar.
    analyze(connection, "mart.period")
