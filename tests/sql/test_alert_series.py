"""What the detector reads of the warehouse: which day a count is told with, what falls due, who is added up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from assets.alerts.detect import detect
from assets.alerts.series import Series, read_series
from tests.worlds import World, provincial

# Friday 14/7/2023 to Tuesday 18/7/2023; An Giang, thị xã Tịnh Biên: 890, its communes.
_THOI_SON, _TOWN = "30517", "890"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _code(number: int) -> str:
    return f"000.26.33.H01-230701-{number:04}"


def _read(world: World, through: str, days: int = 30) -> Series:
    with world.engine.connect() as connection:
        return read_series(connection, date.fromisoformat(through), days)


def _notified(series: Series, kind: str, unit: str = _THOI_SON, what: str = "newly") -> dict[str, int]:
    """Counts other than 0 by day, of the one series of that kind and unit."""
    (row,) = [place for place, key in enumerate(series.keys) if (key.kind, key.unit_code) == (kind, unit)]
    counts = getattr(series, what)[row]
    return {f"{day:%d/%m}": int(n) for day, n in zip(series.days.day, counts, strict=True) if n}


def _dossier(number: int, due: str, **life: Any) -> dict[str, Any]:
    life.setdefault("received", "2023-07-10 09:00")
    return provincial(_code(number), due=due, **life)


def test_what_was_due_on_a_friday_is_reported_with_monday(world: World) -> None:
    world.say_provincial(
        "2023-07-18 18:30",
        _dossier(1, "2023-07-13 09:00"),  # Thursday: overdue on Friday
        _dossier(2, "2023-07-14 09:00"),  # Friday: overdue on Saturday
        _dossier(3, "2023-07-15 09:00"),  # Saturday, a promise on a day off: overdue on Sunday
        _dossier(4, "2023-07-16 09:00"),  # Sunday: overdue on Monday
        _dossier(5, "2023-07-17 09:00"),  # Monday: overdue on Tuesday
    )
    world.run()
    series = _read(world, "2023-07-18")
    assert _notified(series, "unit") == {"14/07": 1, "17/07": 3, "18/07": 1}
    assert _notified(series, "unit", what="due") == {"14/07": 1, "17/07": 3, "18/07": 1}


def test_what_becomes_overdue_on_a_day_off_waits_for_the_working_day(world: World) -> None:
    world.say_provincial("2023-07-15 18:30", _dossier(1, "2023-07-14 09:00"))
    world.run()
    series = _read(world, "2023-07-15")
    assert series.days.day[-1] == date(2023, 7, 14)
    assert not series.newly.any()


def test_what_falls_due_does_not_depend_on_what_came_of_it(world: World) -> None:
    """Finished early, in time, late or never: each was promised for the day."""
    world.say_provincial(
        "2023-07-18 18:30",
        _dossier(1, "2023-07-13 09:00", status=4, ended="2023-07-11 10:00"),
        _dossier(2, "2023-07-13 09:00", status=4, ended="2023-07-13 16:00"),
        _dossier(3, "2023-07-13 09:00", status=4, ended="2023-07-17 10:00"),
        _dossier(4, "2023-07-13 09:00"),
        _dossier(5, "2023-07-13 17:00", received="2023-07-13 08:00"),  # for the same day
    )
    world.run()
    series = _read(world, "2023-07-18")
    assert _notified(series, "unit", what="due") == {"14/07": 5}
    assert _notified(series, "unit") == {"14/07": 3}


_MOVES = (
    ("2023-07-10 18:30", ((1, "2023-07-13 09:00"), (2, "2023-07-13 09:00"))),
    ("2023-07-12 18:30", ((1, "2023-07-17 09:00"),)),
    # Moved on the day itself: known too late to have changed what was expected of it.
    ("2023-07-13 18:30", ((2, "2023-07-17 09:00"),)),
    ("2023-07-18 18:30", ((3, "2023-07-28 09:00"),)),
)


@pytest.mark.both_servers
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_a_promise_that_was_moved_before_its_day_is_not_due_then(
    world: World, order: tuple[int, ...]
) -> None:
    """Whatever file came first."""
    for place in order:
        moment, shown = _MOVES[place]
        world.say_provincial(moment, *(_dossier(number, due) for number, due in shown))
        world.run()
    series = _read(world, "2023-07-18")
    assert _notified(series, "unit", what="due") == {"14/07": 1, "18/07": 2}
    # The second one was moved before its day was over.
    assert _notified(series, "unit") == {"18/07": 2}


def test_one_that_waits_for_papers_is_not_due(world: World) -> None:
    world.say_national("2023-07-18 18:30")
    world.say_provincial(
        "2023-07-12 18:30", _dossier(1, "2023-07-13 09:00", status=3, requested="2023-07-11 09:00")
    )
    world.say_provincial("2023-07-18 18:30", _dossier(2, "2023-07-13 09:00"))
    world.run()
    assert _notified(_read(world, "2023-07-18"), "unit", what="due") == {"14/07": 1}


def test_units_add_up_to_their_old_district_and_their_province(world: World) -> None:
    world.say_provincial(
        "2023-07-18 18:30",
        _dossier(1, "2023-07-13 09:00"),
        provincial(
            "000.24.33.H01-230701-0001",
            due="2023-07-13 09:00",
            received="2023-07-10 09:00",
            unit_name="UBND phường Nhơn Hưng",
            desk="000.24.33.H01",
        ),
        provincial(
            "000.00.33.H01-230701-0001",
            due="2023-07-13 09:00",
            received="2023-07-10 09:00",
            unit_name="UBND thị xã Tịnh Biên",
            desk="000.00.33.H01",
        ),
    )
    world.run()
    series = _read(world, "2023-07-18")
    assert [key.kind for key in series.keys] == [
        "district",
        "province",
        "unit",
        "unit",
        "unit",
        *["unit_field"] * 3,
    ]
    assert _notified(series, "district", _TOWN) == {"14/07": 3}
    assert _notified(series, "province", "89") == {"14/07": 3}
    assert _notified(series, "unit", _TOWN) == {"14/07": 1}
    assert {key.field_name for key in series.keys if key.kind == "unit_field"} == {"Hộ tịch"}


def test_the_list_of_today_has_no_district_and_starts_with_the_reform(world: World) -> None:
    carried_over = provincial(
        "000.26.33.H01-250620-0001", received="2025-06-20 09:00", due="2025-07-03 09:00"
    )
    world.say_provincial("2025-06-30 18:30", carried_over)
    world.say_provincial(
        "2025-07-08 18:30",
        provincial(
            "H01.128-250701-0001",
            received="2025-07-01 09:00",
            due="2025-07-04 09:00",
            unit_name="UBND phường Thới Sơn",
            desk="H01.128",
        ),
        provincial(
            "H01.129-250701-0001",
            received="2025-07-01 09:00",
            due="2025-07-04 09:00",
            unit_name="UBND phường Tịnh Biên",
            desk="H01.129",
        ),
        carried_over,
    )
    world.run()
    series = _read(world, "2025-07-08", 60)
    actual = {
        (key.kind, key.unit_code, key.unit_valid_from.year) for key in series.keys if key.kind != "unit_field"
    }
    assert actual == {
        ("unit", "30502", 2025),
        ("unit", "30520", 2025),
        ("unit", _THOI_SON, 1900),
        ("province", "91", 2025),
    }
    assert _notified(series, "unit", "30502") == {"07/07": 1}
    assert _notified(series, "unit", _THOI_SON) == {"04/07": 1}


def test_days_after_a_holiday_and_days_with_a_gap_are_marked(world: World) -> None:
    world.say_provincial("2023-09-08 18:30", _dossier(1, "2023-09-07 09:00"))
    world.run()
    with world.engine.begin() as connection:
        # A Sunday whose files never came, a day that was made good later, one that was only late.
        for day, status, healed in (
            ("2023-08-27", "missing", None),
            ("2023-08-30", "failed", "2023-08-31"),
            ("2023-08-29", "late", None),
        ):
            connection.execute(
                text(
                    "insert into ops.feed_day (source, day, expected, status, files, fill_problems, reason_vi, healed_on)"
                    " values ('igate', :day, true, :status, 0, '{}', '', :healed)"
                ),
                {"day": day, "status": status, "healed": healed},
            )
    series = _read(world, "2023-09-08")
    days = np.array(series.days.day)
    # 2/9 was a Saturday, with Friday and Monday off.
    assert list(days[series.days.is_after_holiday]) == [date(2023, 9, 5)]
    assert list(days[~series.days.is_whole]) == [date(2023, 8, 28)]


def test_a_spike_of_a_desk_is_a_signal_of_that_desk(world: World) -> None:
    """Three months of one overdue dossier a week at each of three desks, then eight in two days at one of them."""
    desks = {
        "UBND phường Thới Sơn": "000.26.33.H01",
        "UBND phường Nhơn Hưng": "000.24.33.H01",
        "UBND xã An Cư": "000.28.33.H01",
    }
    shown, start = [], datetime(2023, 4, 10, 9)
    for name, desk in desks.items():
        for week in range(13):
            for day in range(5):
                due = start + timedelta(days=7 * week + day)
                for number in range(4):
                    late = number == 0 and day == (week + len(name)) % 5
                    shown.append(_life(f"{desk}-{due:%y%m%d}-{number + 1:04}", name, desk, due, late))
    shown += [
        _life(
            f"000.26.33.H01-230701-{number + 1:04}",
            "UBND phường Thới Sơn",
            "000.26.33.H01",
            datetime(2023, 7, 12 + number % 2, 9),
            True,
        )
        for number in range(8)
    ]
    world.say_provincial("2023-07-14 18:30", *shown)
    world.run()
    with world.engine.connect() as connection:
        signals = detect(connection)
    actual = [(s.kind, s.unit_name, s.day, s.observed) for s in signals if s.kind.startswith("unit")]
    assert actual == [
        ("unit", "Phường Thới Sơn", date(2023, 7, 14), 8.0),
        ("unit_field", "Phường Thới Sơn", date(2023, 7, 14), 8.0),
    ]
    with world.engine.connect() as connection:
        assert detect(connection) == signals


def _life(code: str, name: str, desk: str, due: datetime, late: bool) -> dict[str, Any]:
    life = {"status": 2} if late else {"status": 4, "ended": f"{due - timedelta(hours=1):%Y-%m-%d %H:%M}"}
    return provincial(
        code,
        unit_name=name,
        desk=desk,
        received=f"{due - timedelta(days=3):%Y-%m-%d %H:%M}",
        due=f"{due:%Y-%m-%d %H:%M}",
        **life,
    )
