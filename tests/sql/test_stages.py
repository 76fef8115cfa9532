"""How long a dossier lay in what status at which office: core.fct_stage, from its steps and the end of processing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.worlds import CODE, World, national, provincial, step
from warehouse_sql.sql_files import run_file

pytestmark = pytest.mark.both_servers
_STAGES = """
select status, to_char(began_at, 'DD HH24:MI'), to_char(until_at, 'DD HH24:MI'), is_ended, working_minutes
from core.fct_stage order by dossier_code, stage_number
"""


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """An empty one."""
    return World(warehouse, tmp_path)


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
    before = world.ask("table core.fct_stage")
    world.say_steps("2023-07-24 18:30", step(status=4, processed="2023-07-17 10:00"))
    world.say_national(
        "2023-07-25 18:30", national(status=9, due="2023-07-25 09:00", ended="2023-07-25 08:00")
    )
    world.run()
    now = world.ask("table core.fct_stage")
    assert len(before) == 1 and len(now) == 2

    def derived(known_at: str) -> list[Any]:
        with world.engine.connect() as connection:
            connection.execute(
                text(
                    "create temporary table derived_dossier on commit drop as"
                    " select * from core.dossier_as_known(cast(:known_at as timestamptz))"
                ),
                {"known_at": known_at},
            )
            run_file(connection, "core/derive_stages.sql", codes=None, known_at=known_at)
            rows = connection.execute(text("select * from derived_stage order by dossier_code, stage_number"))
            return [tuple(row) for row in rows]

    columns = "dossier_code, unit_code, unit_valid_from, procedure_code, received_on, stage_number, status, department"
    of_fact = f"select {columns}, began_at, until_at, is_ended, working_minutes, began_working_minute from core.fct_stage"
    assert derived("infinity") == world.ask(f"{of_fact} order by dossier_code, stage_number")
    assert [row[6] for row in derived("2023-07-22 00:00+07")] == [2]
    assert all(row[0] == CODE for row in now)


def test_the_batches_of_a_long_derivation_are_planned_for_the_dossiers_at_hand(world: World) -> None:
    # of what has no parameter there is but one plan
    plans = (
        "select sum(custom_plans), sum(generic_plans) from pg_prepared_statements"
        " where statement like 'select cast(%%as integer)'"
    )
    with world.engine.begin() as connection:
        for number in range(20):
            run_file(connection, "core/derive_dossiers.sql", codes=[str(number)], known_at="infinity")
            connection.execute(text("select cast(:number as integer)"), {"number": number})
            connection.execute(text("drop table derived_dossier"))
        custom, generic = connection.exec_driver_sql(plans).one()
    assert custom > 10 and generic == 0
