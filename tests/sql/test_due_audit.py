"""Due dates computed by the rules beside those that the portals promised."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.given.office_file import OfficeFileError, OfficeFiles
from tests.worlds import CODE, SAMPLES, World, national, provincial

pytestmark = pytest.mark.both_servers


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _audit(world: World) -> tuple[Any, ...]:
    """differs, reason, working days, since, of the one dossier."""
    (row,) = world.ask(
        "select differs, reason_code, difference_working_days, differs_since::text from mart.due_audit"
    )
    return row


@pytest.mark.both_servers
@pytest.mark.parametrize("name", ["tinh_bien_2023_02_csv", "tinh_bien_2023_07"])
def test_the_due_dates_of_the_samples_to_the_second(world: World, name: str) -> None:
    folder = SAMPLES / name
    for file in (folder / "landing").rglob("*.*"):
        world.put(str(file.relative_to(folder / "landing")), file.read_bytes())
    world.run()
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["due_audit"]
    actual = dict(world.ask("select dossier_code, computed_due_at from mart.due_audit"))
    assert len(expected) > 200
    assert {code: actual.get(code) for code in expected} == {
        code: datetime.fromisoformat(due) for code, due in expected.items()
    }


def test_a_promise_by_the_rules_is_no_difference(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    assert _audit(world) == (False, None, 0, None)
    assert world.ask("select limit_value, limit_unit, limit_source from mart.due_audit") == [
        (1, "working_day", "export")
    ]


def test_a_promise_that_knows_no_holidays(world: World) -> None:
    """Received Thursday 31/8/2023 with 2 working days: 1/9 and 4/9 are off, so Wednesday 6/9, not Monday 4/9."""
    received = {"received": "2023-08-31 09:00", "due": "2023-09-04 09:00", "limit": 2}
    world.say_provincial("2023-08-31 18:30", provincial(**received))
    world.run()
    assert _audit(world)[:2] == (True, "calendar")
    assert world.ask("select computed_due_at::text, difference::text from mart.due_audit") == [
        ("2023-09-06 09:00:00", "-2 days")
    ]


def test_a_promise_by_another_limit(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-21 09:00"))
    world.run()
    assert _audit(world) == (True, "other_limit", 3, "2023-07-17 09:00:00")


def test_no_limit_is_known(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(MaTTHC="9.000001.000.00.00.H01", TenTTHC="Lạ"))
    world.run()
    assert _audit(world)[:2] == (True, "no_limit")


def test_no_promise(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(due=""))
    world.run()
    assert _audit(world)[:2] == (True, "no_promise")
    assert world.ask("select limit_source from mart.due_audit") == [("catalogue",)]


def test_an_extension_differs_from_the_day_of_the_move(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(due="2023-07-20 09:00"))
    world.run()
    assert _audit(world) == (True, "extension", 2, "2023-07-18 18:30:00")


def test_a_due_date_that_was_set_back_was_edited(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(limit=3, due="2023-07-20 09:00"))
    world.say_provincial("2023-07-18 18:30", provincial(limit=3, due="2023-07-19 09:00"))
    world.run()
    assert _audit(world) == (True, "edited", -1, "2023-07-18 18:30:00")


def test_the_time_waited_for_the_applicant(world: World) -> None:
    """Asked on Tuesday 18/7 8:00, answered on Thursday 20/7 8:00: two days are added to 18/7 9:00."""
    window = ("2023-07-18 08:00", "2023-07-20 08:00", "2023-07-18 09:00", "2023-07-20 09:00")
    world.say_national("2023-07-17 18:30", national())
    world.say_national("2023-07-20 18:30", national(due="2023-07-20 09:00", supplements=[window]))
    world.run()
    assert _audit(world)[:2] == (False, None)
    assert world.ask("select computed_due_at::text, computed_current_due_at::text from mart.due_audit") == [
        ("2023-07-18 09:00:00", "2023-07-20 09:00:00")
    ]


def test_another_due_date_after_the_wait_than_the_time_waited_gives(world: World) -> None:
    window = ("2023-07-18 08:00", "2023-07-20 08:00", "2023-07-18 09:00", "2023-07-25 09:00")
    world.say_national("2023-07-17 18:30", national())
    world.say_national("2023-07-20 18:30", national(due="2023-07-25 09:00", supplements=[window]))
    world.run()
    assert _audit(world) == (True, "pause", 3, "2023-07-20 08:00:00")


def test_a_dossier_that_was_not_accepted_is_not_audited(world: World) -> None:
    world.say_national("2023-07-17 18:30", national(CODE, status=1, received=""))
    world.run()
    assert world.ask("select * from mart.due_audit") == []


def test_other_days_off_and_other_hours_are_counted_from_the_next_run_on(
    world: World, tmp_path: Path
) -> None:
    """Monday 17/7 16:45 and one working day: Tuesday 16:45; closing at 16:30, from Tuesday 7:00, and with Wednesday
    off Thursday.
    """
    world.say_provincial("2023-07-17 18:30", provincial(received="2023-07-17 16:45", due="2023-07-18 16:45"))
    world.run()
    assert _audit(world)[:2] == (False, None)
    days = tmp_path / "ngay-nghi.yaml"
    days.write_text("- {date: 2023-07-19, kind: off, name: Nghỉ, source: Quyết định 1}\n", encoding="utf-8")
    world.office = OfficeFiles(calendar=days, hours="07:00-11:30, 13:00-16:30")
    world.run()
    assert world.ask("select computed_due_at::text, reason_code from mart.due_audit") == [
        ("2023-07-20 07:00:00", "other_limit")
    ]
    world.office = OfficeFiles(hours="07:00-25:00")
    with pytest.raises(OfficeFileError, match="MOTCUA_OFFICE_HOURS “07:00-25:00” không phải giờ làm việc"):
        world.run()
    assert _audit(world)[1] == "other_limit"
