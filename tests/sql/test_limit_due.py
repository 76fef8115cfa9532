"""The limit of a procedure counted in SQL, where the portal promised no due date, is that of the deadline engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from assets.dimensions.work_calendar import work_calendar, working_hours
from assets.facts.deadline import Case, Office, find_due
from assets.given.office_file import OfficeFiles
from tests.worlds import World, national

pytestmark = pytest.mark.both_servers(second_is_long=True)
_OFFICE = Office(work_calendar(date(2022, 1, 1), date(2028, 12, 31)))
# The hours at which something changes, a second around them, and any other.
_CLOCKS = st.sampled_from(
    [
        timedelta(hours=h, seconds=s)
        for h in (0, 7, 11.5, 12, 13.5, 16, 17, 23)
        for s in (-1, 0, 1)
        if (h, s) != (0, -1)
    ]
) | st.integers(0, 86_399).map(lambda second: timedelta(seconds=second))
_DAYS = st.integers(0, 1_400).map(lambda n: datetime(2023, 1, 1) + timedelta(days=n))
_LIMITS = st.one_of(
    st.tuples(st.integers(0, 60), st.sampled_from(("working_day", "day", "hour"))),
    st.tuples(st.sampled_from((0.5, 1.5, 2.25, 0.125)), st.sampled_from(("working_day", "day", "hour"))),
)


@pytest.mark.parametrize("hours", ["07:00-11:30, 13:30-17:00", "07:30-12:00,13:00-16:30", "08:00-14:00"])
def test_limits_are_counted_as_by_the_engine(warehouse: Engine, tmp_path: Path, hours: str) -> None:
    world = World(warehouse, tmp_path)
    world.office = OfficeFiles(hours=hours)
    world.run()
    office = replace(_OFFICE, hours=working_hours(hours))
    with warehouse.connect() as connection:

        @settings(max_examples=6, derandomize=True, database=None, deadline=None, phases=(Phase.generate,))
        @given(st.lists(st.tuples(_DAYS, _CLOCKS, _LIMITS), min_size=100, max_size=100))
        def law(drawn: list[tuple[datetime, timedelta, tuple[float, str]]]) -> None:
            cases = [(day + clock, float(value), unit) for day, clock, (value, unit) in drawn]
            actual = connection.execute(
                text(
                    "select core.limit_due_at(c.received_at, c.value, c.unit) from unnest(cast(:at as timestamp[]),"
                    " cast(:value as double precision[]), cast(:unit as text[])) with ordinality"
                    " as c (received_at, value, unit, n) order by n"
                ),
                dict(zip(("at", "value", "unit"), map(list, zip(*cases, strict=True)), strict=True)),
            ).scalars()
            assert list(actual) == [find_due(Case(*case), office).due_at for case in cases]

        law()


def test_without_a_promise_qd766_counts_by_the_limit(warehouse: Engine, tmp_path: Path) -> None:
    """1.001193: one working day; Monday 17/7 9:00 is due on Tuesday 9:00, and a supplement takes its time."""
    world = World(warehouse, tmp_path)
    second, third = "000.26.33.H01-230717-0002", "000.26.33.H01-230717-0003"
    window = ("2023-07-17 10:00", "2023-07-19 10:00", "", "")
    for moment, status, ended in (("2023-07-17 18:30", 4, ""), ("2023-07-31 18:30", 9, "2023-07-18 16:00")):
        world.say_national(
            moment,
            national(due="", status=status, ended=ended),
            national(second, due="", status=status, ended=ended.replace("16:00", "08:00")),
            national(third, due="", status=status, ended=ended.replace("-18", "-20"), supplements=[window]),
        )
    world.run()
    for known_at in ("infinity", "2023-08-01 00:00+07"):
        (form,) = world.form("2023-07-01", "2023-07-31", rule_set="qd766", known_at=known_at).values()
        assert (form["resolved_early"], form["resolved_on_time"], form["resolved_late"]) == (0, 1, 2), (
            known_at
        )
    assert world.events(rule_set="qd766")[1] == ("18/07", "resolved_late", 1)
    assert ("18/07", "resolved_on_time", 1) in world.events(second, "qd766")
    (form,) = world.form("2023-07-01", "2023-07-31").values()
    assert form["resolved_on_time"] == 3
