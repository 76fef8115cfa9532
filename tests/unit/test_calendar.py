"""Working days, holidays with their swaps, and the two ways of counting months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import polars as pl
import pytest

from assets.dimensions.calendar import (
    DATE_SCHEMA,
    date_frame,
    load_overrides,
    period_bounds,
)
from assets.given.office_file import OfficeFileError

# Days off as they were announced, (month, day) or (month, day) to (month, day).
DAYS_OFF: dict[int, list[tuple[int, ...]]] = {
    2023: [(1, 1, 1, 2), (1, 20, 1, 26), (4, 29, 5, 3), (9, 1, 9, 2), (9, 4)],
    2024: [(1, 1), (2, 8, 2, 14), (4, 18), (4, 29), (4, 30), (5, 1), (9, 2, 9, 3)],
    2025: [(1, 1), (1, 27, 2, 1), (4, 7), (4, 30), (5, 1), (5, 2), (9, 1, 9, 2)],
    2026: [
        (1, 1, 1, 2),
        (2, 16, 2, 20),
        (4, 26, 4, 27),
        (4, 30),
        (5, 1),
        (8, 31),
        (9, 1, 9, 2),
        (11, 24),
    ],
}
SWAPS = [
    (date(2024, 4, 29), date(2024, 5, 4)),
    (date(2025, 5, 2), date(2025, 4, 26)),
    (date(2026, 1, 2), date(2026, 1, 10)),
    (date(2026, 8, 31), date(2026, 8, 22)),
]


@cache
def calendar() -> pl.DataFrame:
    return date_frame(date(2022, 1, 1), date(2026, 12, 31))


def on(day: date) -> dict[str, Any]:
    return calendar().row(by_predicate=pl.col("date") == day, named=True)


def announced(year: int) -> Iterator[date]:
    for span in DAYS_OFF[year]:
        first, last = date(year, *span[:2]), date(year, *span[-2:])
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def test_the_frame_has_one_row_per_day_of_the_declared_shape() -> None:
    assert dict(calendar().schema) == DATE_SCHEMA
    assert calendar()["date"].to_list() == [date(2022, 1, 1) + timedelta(days=n) for n in range(5 * 365 + 1)]
    assert calendar().drop("holiday_name").null_count().row(0) == (0,) * (len(DATE_SCHEMA) - 1)


@pytest.mark.parametrize("year", DAYS_OFF)
def test_the_holidays_of_a_year_are_those_that_were_announced(year: int) -> None:
    actual = calendar().filter("is_holiday", pl.col("year") == year)["date"].to_list()
    assert actual == sorted(announced(year))


@pytest.mark.parametrize(("off", "worked"), SWAPS)
def test_a_day_off_in_exchange_is_worked_on_a_saturday(off: date, worked: date) -> None:
    assert on(off)["is_holiday"]
    assert not on(off)["is_working_day"]
    assert on(worked)["weekday_name_vi"] == "Thứ Bảy"
    assert on(worked)["is_makeup_workday"]
    assert on(worked)["is_working_day"]
    assert not on(worked)["is_holiday"]


def test_no_other_saturday_is_worked() -> None:
    worked = calendar().filter("is_makeup_workday")["date"].to_list()
    assert worked == sorted(day for _, day in SWAPS)


def test_a_swap_across_new_year_is_seen_from_either_year() -> None:
    december, january = date(2018, 12, 31), date(2019, 1, 5)
    assert not date_frame(december, december)["is_working_day"].item()
    assert date_frame(january, january)["is_working_day"].item()


def test_every_day_off_has_a_name_and_no_other_day() -> None:
    assert (calendar()["holiday_name"].is_not_null() == calendar()["is_holiday"]).all()
    assert on(date(2023, 9, 2))["holiday_name"] == "Quốc khánh"
    assert on(date(2026, 11, 24))["holiday_name"] == "Ngày Văn hóa Việt Nam"


def test_weekdays_are_named_in_vietnamese() -> None:
    week = [on(date(2023, 8, 28) + timedelta(days=n)) for n in range(7)]
    assert [day["iso_weekday"] for day in week] == [1, 2, 3, 4, 5, 6, 7]
    assert [day["weekday_name_vi"] for day in week] == [
        "Thứ Hai",
        "Thứ Ba",
        "Thứ Tư",
        "Thứ Năm",
        "Thứ Sáu",
        "Thứ Bảy",
        "Chủ nhật",
    ]


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2023, 7, 17), date(2023, 7, 20), 3),
        (date(2023, 7, 21), date(2023, 7, 24), 1),
        (date(2023, 7, 21), date(2023, 7, 23), 0),
        # Over Tết: 20 to 26 January are off.
        (date(2023, 1, 19), date(2023, 1, 27), 1),
        # Friday 2 January is off, Saturday 10 January is worked.
        (date(2026, 1, 1), date(2026, 1, 5), 1),
        (date(2026, 1, 9), date(2026, 1, 12), 2),
    ],
)
def test_working_days_between_two_days_are_a_difference(after: date, until: date, days: int) -> None:
    assert on(until)["working_day_number"] - on(after)["working_day_number"] == days


@pytest.mark.parametrize(
    ("day", "reporting", "year", "quarter", "calendar_month"),
    [
        (date(2022, 12, 14), date(2022, 12, 1), 2022, 4, date(2022, 12, 1)),
        (date(2022, 12, 15), date(2023, 1, 1), 2023, 1, date(2022, 12, 1)),
        (date(2023, 1, 14), date(2023, 1, 1), 2023, 1, date(2023, 1, 1)),
        (date(2023, 1, 15), date(2023, 2, 1), 2023, 1, date(2023, 1, 1)),
        (date(2023, 1, 31), date(2023, 2, 1), 2023, 1, date(2023, 1, 1)),
        (date(2023, 2, 14), date(2023, 2, 1), 2023, 1, date(2023, 2, 1)),
        (date(2024, 2, 29), date(2024, 3, 1), 2024, 1, date(2024, 2, 1)),
        (date(2023, 3, 15), date(2023, 4, 1), 2023, 2, date(2023, 3, 1)),
    ],
)
def test_a_reporting_month_runs_from_the_15th_to_the_14th(
    day: date, reporting: date, year: int, quarter: int, calendar_month: date
) -> None:
    row = on(day)
    assert (row["reporting_month"], row["reporting_year"], row["reporting_quarter"]) == (
        reporting,
        year,
        quarter,
    )
    assert row["calendar_month"] == calendar_month


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [
        ("month", 1, date(2022, 12, 15), date(2023, 1, 14)),
        ("month", 12, date(2023, 11, 15), date(2023, 12, 14)),
        ("quarter", 1, date(2022, 12, 15), date(2023, 3, 14)),
        ("quarter", 4, date(2023, 9, 15), date(2023, 12, 14)),
        ("half", 1, date(2022, 12, 15), date(2023, 6, 14)),
        ("half", 2, date(2023, 6, 15), date(2023, 12, 14)),
        ("nine_months", 1, date(2022, 12, 15), date(2023, 9, 14)),
        ("year", 1, date(2022, 12, 15), date(2023, 12, 14)),
    ],
)
def test_reporting_periods_end_on_the_14th(kind: Any, number: int, first: date, last: date) -> None:
    assert period_bounds(kind, 2023, number) == (first, last)


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [
        ("month", 2, date(2024, 2, 1), date(2024, 2, 29)),
        ("month", 12, date(2024, 12, 1), date(2024, 12, 31)),
        ("quarter", 2, date(2024, 4, 1), date(2024, 6, 30)),
        ("half", 2, date(2024, 7, 1), date(2024, 12, 31)),
        ("nine_months", 1, date(2024, 1, 1), date(2024, 9, 30)),
        ("year", 1, date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_calendar_periods_end_with_the_month(kind: Any, number: int, first: date, last: date) -> None:
    assert period_bounds(kind, 2024, number, "calendar") == (first, last)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_bounds_of_a_month_are_the_days_the_calendar_gives_it(month: int) -> None:
    for kind, column in (("reporting", "reporting_month"), ("calendar", "calendar_month")):
        days = calendar().filter(pl.col(column) == date(2024, month, 1))["date"]
        assert period_bounds("month", 2024, month, kind) == (days.min(), days.max())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "number", "kind_of_calendar"),
    [
        ("month", 13, "reporting"),
        ("quarter", 0, "reporting"),
        ("year", 2, "reporting"),
        ("week", 1, "reporting"),
    ],
)
def test_a_period_that_does_not_exist_is_refused(kind: Any, number: int, kind_of_calendar: Any) -> None:
    with pytest.raises(ValueError, match=r"no number|is one of"):
        period_bounds(kind, 2023, number, kind_of_calendar)


def test_an_unknown_calendar_and_a_backward_range_are_refused() -> None:
    unknown: Any = "lunar"
    with pytest.raises(ValueError, match="lunar"):
        period_bounds("month", 2023, 1, unknown)
    with pytest.raises(ValueError, match="cannot end"):
        date_frame(date(2023, 1, 2), date(2023, 1, 1))


def test_an_offices_own_days_come_on_top_and_win(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "- {date: 2026-01-10, kind: off, name: Nghỉ bão, source: Công điện}\n"
        "- {date: 2026-01-12, kind: off, name: Nghỉ bão, source: Công điện}\n"
        "- {date: 2026-11-24, kind: worked, name: Làm việc, source: Công văn}\n",
        encoding="utf-8",
    )
    working = date_frame(date(2026, 1, 1), date(2026, 12, 31), own).filter("is_working_day")["date"]
    plain = calendar().filter("is_working_day", pl.col("year") == 2026)["date"]
    assert set(plain) - set(working) == {date(2026, 1, 10), date(2026, 1, 12)}
    assert set(working) - set(plain) == {date(2026, 11, 24)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {date: 2026-01-02, kind: off, name: x}", "mục 1, khóa “source”: còn thiếu."),
        (
            "- {date: 2026-01-02, kind: off, name: ' ', source: y}",
            "mục 1, khóa “name”: cần một giá trị, đang là “ ”.",
        ),
        (
            "- {date: 2026-01-02, kind: off, name: x, source: y, by: z}",
            "mục 1, khóa “by”: khóa không có trong danh mục, hãy xóa hoặc sửa tên.",
        ),
        (
            "- {date: 02/01/2026, kind: off, name: x, source: y}",
            "mục 1, khóa “date”: cần ngày dạng 2026-01-02, đang là “02/01/2026”.",
        ),
        (
            "- {date: 2026-01-02 00:00:00, kind: off, name: x, source: y}",
            "mục 1, khóa “date”: cần ngày dạng 2026-01-02, đang là “2026-01-02 00:00:00”.",
        ),
        (
            "- {date: 2026-01-02, kind: off, name: x, source: y}\n- {date: 2026-02-30, kind: off, name: x, source: y}",
            "mục 2, khóa “date”: không có ngày “2026-02-30”.",
        ),
        (
            "- {date: 2206-01-02, kind: off, name: x, source: y}",
            "mục 1, khóa “date”: ngày 2206-01-02 ngoài lịch (1990-01-01 đến 2100-12-31).",
        ),
        (
            "- {date: 2026-01-02, kind: closed, name: x, source: y}",
            "mục 1, khóa “kind”: cần off hoặc worked, đang là “closed”.",
        ),
        (
            "- {date: 2026-01-02, kind: on, name: x, source: y}",
            "mục 1, khóa “kind”: cần off hoặc worked, đang là “on”.",
        ),
        (
            "- {date: 2026-01-02, kind: off, name: x, source: y}\n" * 2,
            "mục 2, khóa “date”: ngày 2026-01-02 đã có ở mục khác.",
        ),
        ("- nghỉ", "mục 1: cần các khóa date, kind, name, source."),
    ],
)
def test_a_faulty_override_is_refused_with_file_entry_and_value(
    tmp_path: Path, text: str, message: str
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(OfficeFileError) as refused:
        load_overrides(own)
    assert str(refused.value) == f"{own}, {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("date: 2026-01-02", "Tệp lịch nghỉ {} phải là một danh sách các mục."),
        ("- {date: 2026-01-02\n- x", "Tệp lịch nghỉ {} không phải YAML hợp lệ (UTF-8) ở dòng 2."),
        (None, "Không đọc được tệp lịch nghỉ {}: không có tệp hoặc thư mục này."),
    ],
)
def test_a_file_that_is_no_list_of_days_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    own = tmp_path / "own.yaml"
    if content:
        own.write_text(content, encoding="utf-8")
    with pytest.raises(OfficeFileError) as refused:
        load_overrides(own)
    assert str(refused.value) == message.format(own)


def test_an_empty_override_file_adds_nothing(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("# none\n", encoding="utf-8")
    assert load_overrides(own) == []


def test_the_package_still_lacks_every_built_in_override() -> None:
    """When this fails the package has learned the day: take the entry out of the file."""
    for override in load_overrides():
        assert override.name
        assert override.source
        package = holidays.country_holidays("VN", years=override.day.year)
        works = package.is_working_day(override.day)
        assert works == (override.kind == "off"), override
