"""Rules on what is published: two small worlds, and exactly which dossiers fail which rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from quality.published import (
    SHOWN,
    Example,
    Findings,
    check_all_published,
    failing_published,
    findings_as_published,
    published_rules,
)
from tests.worlds import World, national, provincial, step

_EARLY, _LAST = "2023-07-31 18:30", "2023-08-31 18:30"

#: A rule -> the dossiers of `_recent` (by number) that fail it.
ALL_RECENT: dict[str, list[int]] = {
    "step_before_reception": [1],
    "step_after_end": [11],
    "step_says_finished": [21],
    "finished_without_step": [31],
    "portal_status_differs": [41],
    "portal_due_differs": [51, 54],
    "missing_on_national_portal": [61],
    "promise_beyond_limit": [81],
    "ended_in_one_second": [*range(100, 110)],
}
#: The same of `_years_ago`.
ALL_AGO: dict[str, list[int]] = {
    "waiting_for_long": [1],
    "open_for_a_year_too_long": [11],
    "code_of_other_unit": [21],
}


def _code(number: int) -> str:
    return f"000.26.33.H01-230717-{number:04}"


def _finished(number: int, **said: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A dossier as both portals say it; no two of one second."""
    ended = f"2023-07-17 15:{number % 60:02}:{number // 60:02}"
    dates = {"ended": ended, "returned": "2023-07-18 08:00"} | said
    return national(_code(number), status=10, **dates), provincial(_code(number), status=5, **dates)


def _open(number: int, **said: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return national(_code(number), **said), provincial(_code(number), **said)


def _say(world: World, moment: str, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    world.say_national(moment, *(pair[0] for pair in pairs))
    world.say_provincial(moment, *(pair[1] for pair in pairs))


def _recent(world: World) -> None:
    world.say_national(
        "2023-07-01 18:30", _finished(0, received="2023-06-30 09:00", due="2023-07-03 09:00")[0]
    )
    finished = [_finished(n) for n in (0, 1, 2, 3, 4, 11, 12, 13, 31, 32)]
    batches = [
        *(_finished(n, ended="2023-07-19 10:00:07", returned="") for n in range(100, 110)),
        *(_finished(n, ended="2023-07-19 10:00:08", returned="") for n in range(110, 119)),
        *(_finished(n, ended="2023-07-20", returned="") for n in range(120, 130)),
    ]
    limits = [
        _open(81, due="2023-07-20 09:00"),
        _open(82, due="2023-07-18 17:00"),
        _open(83, due=""),
        _open(84, due="2023-07-17 16:00"),
    ]
    opened = [_open(21), _open(22, due=""), _open(23)]
    differing = [
        (national(_code(41)), _finished(41)[1]),
        (national(_code(51), due="2023-07-19 09:00"), provincial(_code(51))),
        (_finished(52, due="2023-07-19 09:00")[0], _finished(52)[1]),
        (national(_code(54), due=""), provincial(_code(54))),
    ]
    _say(world, _EARLY, [*finished, *batches, *limits, *opened, *differing])
    late = {"received": "2023-08-29 09:00", "due": "2023-08-30 09:00"}
    _say(
        world,
        _LAST,
        [
            _finished(33, **late, ended="2023-08-30 08:00", returned=""),
            (national(_code(42)), _finished(42)[1]),
            (national(_code(53), due="2023-07-19 09:00"), provincial(_code(53))),
        ],
    )
    world.say_provincial(
        "2023-08-31 18:31",
        _finished(61)[1],
        provincial(_code(62), **late),
        provincial(_code(63), received="2023-06-20 09:00", due="2023-06-21 09:00"),
        provincial(_code(64), status=0, received="", due=""),
    )
    _say_steps(world)


def _say_steps(world: World) -> None:
    handed_over = [
        step(_code(n), status=10, processed="2023-07-18 08:00") for n in (1, 2, 3, 4, 11, 12, 13, 32)
    ]
    world.say_steps(
        _EARLY,
        *handed_over,
        step(_code(1), processed="2023-07-16 16:00"),
        step(_code(2), status=2, processed="2023-07-17 08:00"),
        step(_code(3), status=1, processed="2023-07-16 16:00"),
        step(_code(4), processed=""),
        step(_code(11), processed="2023-07-20 08:00"),
        step(_code(12), processed="2023-07-19 08:00"),
        step(_code(13), status=10, processed="2023-07-20 08:00"),
        step(_code(21), status=9, processed="2023-07-17 15:00"),
        step(_code(22), status=9, processed="2023-07-17 09:00"),
        step(_code(23), processed="2023-07-17 15:00"),
        step(_code(31), processed="2023-07-17 10:00"),
        step(_code(33), processed="2023-08-29 10:00"),
    )


def _years_ago(world: World) -> None:
    new = {
        "received": "2025-07-02 09:00",
        "due": "2025-07-03 09:00",
        "ended": "2025-07-02 10:00",
        "status": 4,
    }
    world.say_provincial(
        "2025-08-31 18:30",
        provincial(_code(1), status=1, received="2025-01-06 09:00", requested="2025-01-10 09:00"),
        provincial(_code(2), status=1, received="2025-01-06 09:00", requested="2025-07-20 09:00"),
        provincial(_code(11), received="2024-07-01 09:00", due="2024-07-02 09:00"),
        provincial(_code(12), received="2024-08-30 09:00", due="2024-09-02 09:00"),
        provincial(_code(13), received="2024-07-01 09:00", due="", limit=None),
        provincial("H01.129-250702-0021", desk="H01.128", **new),
        provincial("H01.128-250702-0022", desk="H01.128", **new),
        # handed on to a unit above the communes
        provincial("H01.129-250702-0023", desk="", unit_name="UBND tỉnh An Giang", **new),
    )


def _failing(world: World) -> dict[str, list[int]]:
    """The numbers of the dossiers that fail each rule, of rules that hold at all."""
    found = {}
    with world.engine.connect() as connection:
        for rule in published_rules():
            result = connection.execute(text(rule.sql))
            assert list(result.keys()) == ["dossier_code", "field", "value"], rule.id
            rows = result.all()
            if rule.sql_on_several_servers:
                assert sorted(connection.execute(text(rule.sql_on_several_servers)).all()) == sorted(rows)
            found[rule.id] = sorted(int(row.dossier_code[-4:]) for row in rows)
    return {rule_id: numbers for rule_id, numbers in found.items() if numbers}


@pytest.mark.both_servers
def test_exactly_the_failing_dossiers_are_found(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    assert _failing(world) == {}
    _recent(world)
    world.run()
    assert _failing(world) == ALL_RECENT


@pytest.mark.both_servers
def test_what_was_left_for_long_is_found(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    _years_ago(world)
    world.run()
    assert _failing(world) == ALL_AGO


def test_findings_are_counted_and_some_are_shown_in_order(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    with warehouse.connect() as connection:
        nothing = failing_published(connection)
    assert {(found.count, found.examples) for found in nothing.values()} == {(0, ())}
    world.say_national(_LAST, *(_finished(n, ended="2023-07-19 10:00:07")[0] for n in range(25)))
    world.run()
    with warehouse.connect() as connection:
        found = failing_published(connection)
    assert list(found) == [rule.id for rule in published_rules()]
    batch = found["ended_in_one_second"]
    assert batch.count == 25
    assert batch.examples == tuple(Example(_code(n), "ended_at", "2023-07-19 10:00:07") for n in range(SHOWN))


def _kept(world: World) -> dict[str, Findings]:
    with world.engine.begin() as connection:
        return findings_as_published(connection)


def _forge(world: World) -> None:
    """What is kept says one more of each rule: it is seen where it is used."""
    _kept(world)
    with world.engine.begin() as connection:
        connection.execute(text("delete from ops.published_finding where dossier_code = 'forged'"))
        for rule in published_rules():
            connection.execute(
                text("insert into ops.published_finding values (:rule, 'forged', 'due_at', null)"),
                {"rule": rule.id},
            )
    assert _is_forged(world)


def _is_forged(world: World) -> bool:
    return all("forged" in {each.dossier_code for each in found.examples} for found in _kept(world).values())


@pytest.mark.parametrize(
    "change",
    [
        "update core.dim_unit set unit_name = unit_name || ' khác' where unit_code = '30517'",
        "update core.dim_source set priority = priority + 1",
        "delete from core.organisation",
    ],
)
def test_dossiers_are_asked_again_when_something_that_rules_read_changed(
    warehouse: Engine, tmp_path: Path, change: str
) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", *(_open(n, due="2023-07-10 09:00")[1] for n in range(3)))
    world.run()
    with world.engine.connect() as connection:
        assert _kept(world) == failing_published(connection)
    _forge(world)
    world.run()
    assert _is_forged(world)
    with world.engine.begin() as connection:
        connection.execute(text(change))
        assert findings_as_published(connection) == failing_published(connection)


def test_a_run_looks_at_dossiers_that_changed_and_the_first_of_a_week_at_all(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    late = {"due": "2022-01-10 09:00"}
    world.say_provincial("2023-07-17 18:30", *(_open(n, **late)[1] for n in range(3)))
    world.run()
    _forge(world)
    world.say_provincial("2023-07-18 18:30", _finished(1)[1], _open(7, **late)[1])
    world.run()
    assert _is_forged(world)
    looked_at = _kept(world)["open_for_a_year_too_long"]
    assert [example.dossier_code for example in looked_at.examples] == [
        _code(0),
        _code(2),
        _code(7),
        "forged",
    ]
    world.say_provincial("2023-07-24 18:30", _open(8)[1])
    world.run()
    with world.engine.connect() as connection:
        assert _kept(world) == failing_published(connection)


def test_all_dossiers_are_looked_at_when_asked_for(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", _open(1, due="2022-01-10 09:00")[1])
    world.run()
    _forge(world)
    with world.engine.begin() as connection:
        assert check_all_published(connection) == failing_published(connection)
    assert _kept(world)["open_for_a_year_too_long"].count == 1
