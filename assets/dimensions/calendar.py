"""The calendar: working days of the public service, and the two ways of counting months side by side.

The reporting month runs from the 15th to the 14th: 15/12/2022 to 14/1/2023 is month 1 of 2023. The calendar
month is used by the dashboards. Holidays come from the package `holidays`; what it lacks stands, dated and
with its source, in `calendar_overrides.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, get_args

import holidays
import polars as pl

from assets.given.office_file import EntryPlace, list_entries, read_yaml
from warehouse_sql.messages import message

BUILT_IN_OVERRIDES = Path(__file__).with_name("calendar_overrides.yaml")

# All days that a reader lets through.
CALENDAR_FROM, CALENDAR_TO = date(1990, 1, 1), date(2100, 12, 31)

PeriodKind = Literal["month", "quarter", "half", "nine_months", "year"]
CalendarKind = Literal["reporting", "calendar"]

DATE_SCHEMA = {
    "date": pl.Date,
    "year": pl.Int32,
    "quarter": pl.Int32,
    "month": pl.Int32,
    "iso_weekday": pl.Int32,
    "weekday_name_vi": pl.String,
    "is_holiday": pl.Boolean,
    "holiday_name": pl.String,
    "is_makeup_workday": pl.Boolean,
    "is_working_day": pl.Boolean,
    "reporting_year": pl.Int32,
    "reporting_quarter": pl.Int32,
    "reporting_month": pl.Date,
    "calendar_month": pl.Date,
    "working_day_number": pl.Int32,
}

_WEEKDAYS = {1: "Thứ Hai", 2: "Thứ Ba", 3: "Thứ Tư", 4: "Thứ Năm", 5: "Thứ Sáu", 6: "Thứ Bảy", 7: "Chủ nhật"}
_REPORTING_FIRST_DAY = 15
# The months a period spans, and how many such periods a year has.
_MONTHS_AND_COUNT: dict[PeriodKind, tuple[int, int]] = {
    "month": (1, 12),
    "quarter": (3, 4),
    "half": (6, 2),
    "nine_months": (9, 1),
    "year": (12, 1),
}
PERIODS_OF_YEAR: dict[PeriodKind, int] = {kind: count for kind, (_, count) in _MONTHS_AND_COUNT.items()}
_OVERRIDE_KEYS = ("date", "kind", "name", "source")
_WHAT = message("lịch nghỉ")


@dataclass(frozen=True)
class Override:
    """One day that is off or worked, whatever the package says, and the document that says so."""

    day: date
    kind: Literal["off", "worked"]
    name: str
    source: str


def load_overrides(path: Path = BUILT_IN_OVERRIDES) -> list[Override]:
    """Returns the entries of an override file by date, each with date, kind (off or worked), name and source.

    OfficeFileError: one sentence that names the file, the entry and the value.
    """
    overrides: list[Override] = []
    for place, entry in list_entries(path, _WHAT, read_yaml(path, _WHAT)):
        override = _override(place, entry)
        if any(known.day == override.day for known in overrides):
            raise place.wrong("date", message("ngày {day} đã có ở mục khác", day=override.day))
        overrides.append(override)
    return sorted(overrides, key=lambda override: override.day)


def _override(place: EntryPlace, entry: object) -> Override:
    values = place.texts(entry, _OVERRIDE_KEYS)
    # Unquoted, off is YAML's word for false.
    kind = {"false": "off"}.get(values["kind"].lower(), values["kind"])
    if kind not in ("off", "worked"):
        raise place.wrong("kind", message("cần off hoặc worked, đang là “{kind}”", kind=values["kind"]))
    day = place.day("date", values["date"])
    if not CALENDAR_FROM <= day <= CALENDAR_TO:
        raise place.wrong(
            "date",
            message(
                "ngày {day} ngoài lịch ({first} đến {last})",
                day=day,
                first=CALENDAR_FROM,
                last=CALENDAR_TO,
            ),
        )
    return Override(day, "off" if kind == "off" else "worked", values["name"], values["source"])


def date_frame(start: date, end: date, overrides: Path | None = None) -> pl.DataFrame:
    """Returns one row per day from `start` to `end`, both included, shape `DATE_SCHEMA`.

    `overrides` is a file of an office's own days: it comes on top of the built-in one and wins over it.
    `working_day_number` counts the working days from `start` up to and including the day, so the working days
    after day a up to and including day b are number(b) - number(a), within one frame. `reporting_month` and
    `calendar_month` are the first day of the month that is meant, whatever days it covers.
    """
    if end < start:
        raise ValueError(f"The calendar cannot end ({end}) before it starts ({start}).")
    off, worked = _days_off_and_worked(start, end, overrides)
    day = pl.col("date")
    # Month arithmetic, not a shift by days: 14 February plus 17 days would be in March.
    month = day.dt.truncate("1mo")
    reporting_month = (
        pl.when(day.dt.day() >= _REPORTING_FIRST_DAY).then(month.dt.offset_by("1mo")).otherwise(month)
    )
    days = pl.DataFrame({"date": pl.date_range(start, end, eager=True)})
    return (
        days.join(_holiday_names(off), on="date", how="left", maintain_order="left")
        .with_columns(
            year=day.dt.year(),
            quarter=day.dt.quarter(),
            month=day.dt.month(),
            iso_weekday=day.dt.weekday(),
            is_holiday=pl.col("holiday_name").is_not_null(),
            is_makeup_workday=day.is_in(sorted(worked)),
            reporting_month=reporting_month,
            calendar_month=month,
        )
        .with_columns(
            weekday_name_vi=pl.col("iso_weekday").replace_strict(_WEEKDAYS, return_dtype=pl.String),
            is_working_day=pl.col("is_makeup_workday")
            | ((pl.col("iso_weekday") <= 5) & ~pl.col("is_holiday")),
            reporting_year=pl.col("reporting_month").dt.year(),
            reporting_quarter=pl.col("reporting_month").dt.quarter(),
        )
        .with_columns(working_day_number=pl.col("is_working_day").cast(pl.Int32).cum_sum())
        .select(pl.col(name).cast(kind) for name, kind in DATE_SCHEMA.items())
    )


def _days_off_and_worked(start: date, end: date, overrides: Path | None) -> tuple[dict[date, str], set[date]]:
    """Returns days off with their names, and weekend days worked in exchange; both may reach beyond the range."""
    # A swap may cross New Year: the day worked is listed under the year of the day off.
    years = range(start.year - 1, end.year + 2)
    vietnam = holidays.country_holidays("VN", years=years, language="vi")
    off: dict[date, str] = dict(vietnam.items())
    worked: set[date] = set(vietnam.weekend_workdays)
    for override in load_overrides() + (load_overrides(overrides) if overrides else []):
        off.pop(override.day, None)
        worked.discard(override.day)
        if override.kind == "off":
            off[override.day] = override.name
        else:
            worked.add(override.day)
    return off, worked


def _holiday_names(off: dict[date, str]) -> pl.DataFrame:
    """Returns date, holiday_name; one row per day off."""
    return pl.DataFrame(
        sorted(off.items()), schema={"date": pl.Date, "holiday_name": pl.String}, orient="row"
    )


def period_bounds(
    kind: PeriodKind, year: int, number: int = 1, calendar: CalendarKind = "reporting"
) -> tuple[date, date]:
    """Returns the first and the last day, both included, of a reporting period; `number` counts within the year from 1.

    In the reporting calendar quarter 1 of 2023 is 15/12/2022 to 14/3/2023, in the calendar one
    1/1/2023 to 31/3/2023.
    """
    if kind not in _MONTHS_AND_COUNT:
        raise ValueError(f"A period is one of {', '.join(get_args(PeriodKind))}, not {kind!r}.")
    if calendar not in get_args(CalendarKind):
        raise ValueError(f"A calendar is reporting or calendar, not {calendar!r}.")
    months, count = _MONTHS_AND_COUNT[kind]
    if not 1 <= number <= count:
        raise ValueError(f"A year has {count} of {kind}; there is no number {number}.")
    first_month = (number - 1) * months + 1
    if calendar == "calendar":
        return _day(year, first_month, 1), _day(year, first_month + months, 1) - timedelta(days=1)
    following = _day(year, first_month + months - 1, _REPORTING_FIRST_DAY)
    return _day(year, first_month - 1, _REPORTING_FIRST_DAY), following - timedelta(days=1)


def _day(year: int, month: int, day: int) -> date:
    """Returns the date, where month 0 is December of the year before and 13 is January of the year after."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, day)
