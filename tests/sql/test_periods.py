"""Periods as a table: the days of the calendar module, and the line that forms print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Engine

from assets.dimensions.calendar import PERIODS_OF_YEAR, CalendarKind, PeriodKind, period_bounds
from assets.dimensions.load import load_reference
from tests.worlds import World, national, provincial

pytestmark = pytest.mark.both_servers


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    made = World(warehouse, tmp_path)
    with warehouse.begin() as connection:
        load_reference(connection, made.sources)
    return made


def test_the_days_are_those_of_the_calendar_module(world: World) -> None:
    actual = {
        row[:4]: row[4:]
        for row in world.ask(
            "select calendar, kind, year, number, date_from, date_to from mart.period where year between 2020 and 2030"
        )
    }
    expected = {
        (calendar, kind, year, number): period_bounds(kind, year, number, calendar)
        for calendar in get_args(CalendarKind)
        for kind in get_args(PeriodKind)
        for year in range(2020, 2031)
        for number in range(1, PERIODS_OF_YEAR[kind] + 1)
    }
    assert actual == expected
    assert len(actual) == 2 * 20 * 11  # 12 months, 4 quarters, 2 halves, 9 months, the year


@pytest.mark.parametrize(
    ("calendar", "kind", "number", "label"),
    [
        ("reporting", "month", 1, "Tháng 01 năm 2023 (Từ ngày 15/12/2022 đến ngày 14/01/2023)"),
        ("reporting", "month", 12, "Tháng 12 năm 2023 (Từ ngày 15/11/2023 đến ngày 14/12/2023)"),
        ("reporting", "quarter", 1, "Quý I/2023 (Từ ngày 15/12/2022 đến ngày 14/03/2023)"),
        ("reporting", "quarter", 4, "Quý IV/2023 (Từ ngày 15/09/2023 đến ngày 14/12/2023)"),
        ("reporting", "half", 1, "6 tháng đầu năm 2023 (Từ ngày 15/12/2022 đến ngày 14/06/2023)"),
        ("reporting", "half", 2, "6 tháng cuối năm 2023 (Từ ngày 15/06/2023 đến ngày 14/12/2023)"),
        ("reporting", "nine_months", 1, "9 tháng năm 2023 (Từ ngày 15/12/2022 đến ngày 14/09/2023)"),
        ("reporting", "year", 1, "Năm 2023 (Từ ngày 15/12/2022 đến ngày 14/12/2023)"),
        ("calendar", "month", 2, "Tháng 02 năm 2023 (Từ ngày 01/02/2023 đến ngày 28/02/2023)"),
        ("calendar", "year", 1, "Năm 2023 (Từ ngày 01/01/2023 đến ngày 31/12/2023)"),
    ],
)
def test_the_line_that_a_form_prints(world: World, calendar: str, kind: str, number: int, label: str) -> None:
    assert world.ask(
        "select label_vi from mart.period where (calendar, kind, year, number) = (:calendar, :kind, 2023, :number)",
        calendar=calendar,
        kind=kind,
        number=number,
    ) == [(f"Kỳ báo cáo: {label}",)]


def test_reporting_months_are_those_of_the_days(world: World) -> None:
    """core.dim_date says of each day in which month's report it is counted."""
    assert (
        world.ask(
            "select p.year, p.number from mart.period as p inner join core.dim_date as d"
            " on d.date between p.date_from and p.date_to"
            " where p.kind = 'month' and p.year between 2020 and 2030"
            " and case p.calendar when 'reporting' then d.reporting_month else d.calendar_month end"
            " <> make_date(p.year, p.number, 1)"
        )
        == []
    )


def test_a_form_for_each_period(world: World) -> None:
    """Received on the 14th and the 15th of July: reports of July and of August."""
    other = "000.26.33.H01-230714-0002"
    world.say_provincial(
        "2023-07-14 18:30", provincial(other, received="2023-07-14 16:59", due="2023-09-30 09:00")
    )
    world.say_national("2023-07-15 18:30", national(received="2023-07-15 07:00", due="2023-09-30 09:00"))
    world.run()
    rows = world.ask(
        "select p.number, f.received_online + f.received_direct_postal, f.carried_over from mart.period as p,"
        " mart.form_ii06(p.date_from, p.date_to) as f"
        " where p.calendar = 'reporting' and p.kind = 'month' and p.year = 2023 and p.number between 6 and 9 order by 1"
    )
    assert rows == [(7, 1, 0), (8, 1, 1), (9, 0, 2)]


def test_loading_again_changes_nothing(world: World) -> None:
    with world.engine.begin() as connection:
        assert not load_reference(connection, world.sources)
    ((first, last),) = world.ask("select min(year), max(year) from mart.period")
    assert (first, last) == (1990, 2100)
    assert world.ask(
        "select date_from from mart.period where calendar = 'reporting' and kind = 'year' and year = 2023"
    ) == [(date(2022, 12, 15),)]
