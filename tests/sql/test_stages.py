"""How long a dossier lay in what status at which office: core.fct_stage, from its steps and the end of processing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine

from assets.facts.read import read_reference
from tests.worlds import CODE, World, national, provincial, step
from warehouse_sql.frames import copy_out

pytestmark = pytest.mark.both_servers
_STAGES = """
select status, to_char(began_at, 'DD HH24:MI'), to_char(until_at, 'DD HH24:MI'), is_ended, working_minutes
from core.fct_stage order by dossier_code, stage_number
"""


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """An empty one."""
    return World(warehouse, tmp_path)


def test_facts_are_derived_by_the_clock_of_the_warehouse(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        for change in ("select", "delete from core.office_session where from_time > '12:00'"):
            connection.exec_driver_sql(change)
            clock = copy_out(
                connection, "select date, is_working_day, worked_before from core.work_clock order by date"
            )
            assert_frame_equal(read_reference(connection).days, clock)


def _life(world: World, **said: Any) -> None:
    world.say_national("2023-07-21 18:30", national(due="2023-07-25 09:00", **said))


def test_a_stage_lasts_in_office_hours_from_its_step_to_the_next_one_and_to_the_end(world: World) -> None:
    _life(world, status=9, ended="2023-07-20 09:30")
    world.say_steps(
        "2023-07-21 18:30",
        step(status=2, processed="2023-07-17 09:00"),
        # the noon break of two hours does not count
        step(status=4, processed="2023-07-17 14:00"),
    )
    world.run()
    # a day has 480 minutes: 270 in the morning from 7:00, 210 in the afternoon from 13:30
    assert world.ask(_STAGES) == [
        (2, "17 09:00", "17 14:00", True, 150 + 30),
        (4, "17 14:00", "20 09:30", True, 180 + 2 * 480 + 150),
    ]
    (began,) = world.ask("select distinct received_on::text, department from core.fct_stage")
    assert began == ("2023-07-17", "Bộ phận Một cửa")


def test_it_lasts_while_nothing_follows_and_a_weekend_takes_no_time(world: World) -> None:
    _life(world)
    world.say_steps("2023-07-21 18:30", step(status=4, processed="2023-07-21 16:00"))
    world.run()
    assert world.ask(_STAGES) == [(4, "21 16:00", None, False, None)]
    # told later, over Saturday and Sunday
    world.say_steps("2023-07-24 18:30", step(status=6, processed="2023-07-24 08:00"))
    world.run()
    assert world.ask(_STAGES) == [
        (4, "21 16:00", "24 08:00", True, 60 + 60),
        (6, "24 08:00", None, False, None),
    ]


def test_of_one_instant_the_later_state_stands_and_after_the_end_there_is_none(world: World) -> None:
    _life(world, status=9, ended="2023-07-18 09:00")
    world.say_steps(
        "2023-07-21 18:30",
        step(status=4, processed="2023-07-17 09:05"),
        step(status=2, processed="2023-07-17 09:05"),
        # a made-up "finished" is no stage, nor is what is told after the end
        step(status=9, processed="2023-07-17 10:00"),
        step(status=4, processed="2023-07-19 10:00"),
    )
    world.run()
    assert world.ask(_STAGES) == [(4, "17 09:05", "18 09:00", True, 145 + 210 + 120)]


def test_one_that_vanished_is_seen_until_then_and_not_ended(world: World) -> None:
    world.sources["dvcqg"] = replace(world.sources["dvcqg"], coverage="full")
    other = "000.26.33.H01-230717-0002"
    world.say_national("2023-07-17 18:30", national(due="2023-07-25 09:00"), national(other))
    world.say_steps("2023-07-17 18:30", step(status=4, processed="2023-07-17 16:30"))
    world.say_national("2023-07-18 18:30", national(other))
    world.run()
    assert world.ask(_STAGES) == [(4, "17 16:30", "18 18:30", False, 30 + 480)]


def test_as_known_then_they_are_those_of_the_files_of_then(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    _life(world)
    world.say_steps("2023-07-17 18:30", step(status=2, processed="2023-07-17 09:00"))
    world.run()
    before = world.ask("select 1 from core.fct_stage")
    world.say_steps("2023-07-24 18:30", step(status=4, processed="2023-07-17 10:00"))
    world.say_national(
        "2023-07-25 18:30", national(status=9, due="2023-07-25 09:00", ended="2023-07-25 08:00")
    )
    world.run()
    now = world.ask("select to_jsonb(s)::text from core.fct_stage as s order by stage_number")
    assert len(before) == 1 and len(now) == 2

    def known(moment: str) -> list[Any]:
        return world.ask(
            "select to_jsonb(s)::text from core.stage_as_known(cast(:moment as timestamptz)) as s"
            " order by stage_number",
            moment=moment,
        )

    assert known("infinity") == now
    columns = "dossier_code, stage_number, status, to_char(began_at, 'DD HH24:MI'), is_ended"
    then = world.ask(f"select {columns} from core.stage_as_known('2023-07-22 00:00+07')")
    assert then == [(CODE, 1, 2, "17 09:00", False)]
