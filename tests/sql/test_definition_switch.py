"""One period under every definition: what moves by the definition alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tests.worlds import World, provincial, step

pytestmark = pytest.mark.both_servers
_THOI_SON, _NHA_BANG = "30517", "30502"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _code(number: int) -> str:
    return f"000.26.33.H01-230717-{number:04}"


def _switch(world: World, unit: str, **options: Any) -> dict[str, tuple[Any, ...]]:
    """rule set -> timed, in time, share, pending, overdue, moves."""
    arguments = "".join(f", {name} => :{name}" for name in options)
    rows = world.ask(
        "select unit_code, rule_set, resolved_timed, resolved_in_time, on_time_share, pending, pending_overdue, moves"
        f" from mart.definition_switch('2023-07-01', '2023-07-31'{arguments})",
        **options,
    )
    return {row[1]: row[2:] for row in rows if row[0] == unit}


def _tell(world: World) -> None:
    """Thới Sơn, all received on 17/7 at 9:00 and due on 18/7 at 9:00:
    1 ended 17/7 16:00          early by all
    2 ended 18/7 16:00          on the due day, after the due time: on time by ii06, late by the others
    3 ended 19/7 08:00          late by all
    4 withdrawn 25/7 08:00      on time by ii06, late by qd766, not timed by opencps
    5 open, due on 31/7 16:00   ii06: in time on the due day; the others: overdue from that day on
    """
    lives: list[dict[str, Any]] = [
        {"status": 4, "ended": "2023-07-17 16:00"},
        {"status": 4, "ended": "2023-07-18 16:00"},
        {"status": 4, "ended": "2023-07-19 08:00"},
        {"status": 6, "ended": "2023-07-25 08:00"},
        {"due": "2023-07-31 16:00"},
    ]
    world.say_provincial(
        "2023-07-17 18:30", *(provincial(_code(n)) for n in (1, 2, 3, 4)), provincial(_code(5), **lives[4])
    )
    world.say_provincial(
        "2023-07-31 18:30",
        *(provincial(_code(n), **dict(life)) for n, life in enumerate(lives, start=1)),
        provincial(_code(6), unit_name="UBND phường Nhà Bàng", due="2023-09-30 09:00"),
    )
    world.run()


def test_the_share_on_time_moves_by_the_definition_alone(world: World) -> None:
    _tell(world)
    found = _switch(world, _THOI_SON)
    expected = {
        # 1, 2, 4 of 1 to 4
        "ii06": (4, 3, Decimal("0.75"), 1, 0, 0),
        # 1 of 1, 2, 3: 33,3333 % is 41,6667 points below 75 %
        "opencps": (3, 1, Decimal("0.333333"), 1, 1, Decimal("-41.67")),
        # 1 of 1 to 4: 25 % is 50 points below
        "qd766": (4, 1, Decimal("0.25"), 1, 1, -50),
        "opencps_v1": (3, 1, Decimal("0.333333"), 1, 1, Decimal("-41.67")),
        "opencps_v2": (3, 1, Decimal("0.333333"), 1, 1, Decimal("-41.67")),
    }
    # Others may be added; those that are stored come first.
    assert [(name, figures) for name, figures in found.items() if name in expected] == list(expected.items())


def test_nothing_timed_has_no_share_and_moves_nothing(world: World) -> None:
    _tell(world)
    assert set(_switch(world, _NHA_BANG).values()) == {(0, 0, None, 1, 0, None)}
    assert _switch(world, _NHA_BANG).keys() == _switch(world, _THOI_SON).keys()


def test_a_unit_whose_share_one_definition_lacks_has_no_move_there(world: World) -> None:
    """Withdrawn alone: timed by ii06, not by opencps."""
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-31 18:30", provincial(status=6, ended="2023-07-17 16:00"))
    world.run()
    found = _switch(world, _THOI_SON)
    assert found["ii06"] == (1, 1, 1, 0, 0, 0)
    assert found["qd766"] == (1, 1, 1, 0, 0, 0)
    assert found["opencps"] == found["opencps_v1"] == found["opencps_v2"] == (0, 0, None, 0, 0, None)


def test_the_figures_are_those_of_the_form(world: World) -> None:
    _tell(world)
    for rule_set, (timed, in_time, _, pending, overdue, _) in _switch(world, _THOI_SON).items():
        form = world.form("2023-07-01", "2023-07-31", rule_set=rule_set)[f"{_THOI_SON}@2024"]
        assert form["resolved_early"] + form["resolved_on_time"] == in_time
        assert form["resolved_late"] == timed - in_time
        assert (form["pending_total"], form["pending_overdue"]) == (pending, overdue)


def test_as_known_then(world: World) -> None:
    """On 20/7 all five of the 17th were open; counted up to the last export of then, 1 to 4 were overdue on the 19th."""
    _tell(world)
    world.say_steps("2023-07-19 18:30", step(_code(1)))
    world.run()
    known = _switch(world, _THOI_SON, known_at="2023-07-20 00:00+07")
    assert known["ii06"] == known["qd766"] == (0, 0, None, 5, 4, None)
    known = _switch(world, _THOI_SON, known_at="2023-07-18 00:00+07")
    assert known["ii06"] == known["qd766"] == (0, 0, None, 5, 0, None)
    assert _switch(world, _NHA_BANG, known_at="2023-07-20 00:00+07") == {}


def test_it_shows_what_the_form_of_each_rule_set_shows(world: World) -> None:
    _tell(world)
    world.run()
    for known_at in ("infinity", "2023-07-20 00:00+07"):
        for unit in (_THOI_SON, _NHA_BANG):
            for rule_set, (timed, in_time, _, pending, overdue, _) in _switch(
                world, unit, known_at=known_at
            ).items():
                forms = world.form("2023-07-01", "2023-07-31", rule_set=rule_set, known_at=known_at)
                form = forms[f"{unit}@2024"]
                in_form = form["resolved_early"] + form["resolved_on_time"]
                assert (timed, in_time) == (in_form + form["resolved_late"], in_form), rule_set
                assert (pending, overdue) == (form["pending_total"], form["pending_overdue"]), rule_set


def test_a_period_that_ends_before_it_begins_is_an_error(world: World) -> None:
    with pytest.raises(DBAPIError, match="ngày đầu phải trước hoặc bằng ngày cuối"):
        world.ask("select * from mart.definition_switch('2023-07-31', '2023-07-01')")
