"""mart.due_soon: who is on the list, in which order, and when the model has a say."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, text

from assets.alerts.due_soon import fit, goes_overdue, stays
from assets.alerts.due_soon_data import all_snapshots, is_up_to_date, refresh_due_soon
from tests.worlds import World, provincial

_UNIT = "UBND phường Thới Sơn"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """On the evening of Tuesday 18/07/2023: A due in one working day, B in three, C today, D late, E in four, F
    finished, G due in one day like A but received later."""
    result = World(warehouse, tmp_path)
    cases = {
        "A": ("2023-07-10 08:00", "2023-07-19 09:00", {}),
        "B": ("2023-07-10 08:00", "2023-07-21 09:00", {}),
        "C": ("2023-07-10 08:00", "2023-07-18 09:00", {}),
        "D": ("2023-07-10 08:00", "2023-07-14 09:00", {}),
        "E": ("2023-07-10 08:00", "2023-07-24 09:00", {}),
        "F": ("2023-07-10 08:00", "2023-07-19 09:00", {"ended": "2023-07-18 10:00", "status": 4}),
        "G": ("2023-07-11 08:00", "2023-07-19 09:00", {}),
    }
    for day in ("2023-07-17", "2023-07-18"):
        dossiers = [
            provincial(
                f"000.26.33.H01-2307{received[8:10]}-{place:04}",
                received=received,
                due=due,
                **(more if day == "2023-07-18" else {}),
            )
            for place, (received, due, more) in enumerate(cases.values())
        ]
        result.say_provincial(f"{day} 18:30", *dossiers)
    result.run()
    return result


def _list(world: World) -> list[tuple[int, int, int, object]]:
    """(number of the dossier, place, days left, probability)."""
    rows = world.ask(
        "select right(dossier_code, 1)::int, place, working_days_left, probability from mart.due_soon order by place"
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def test_the_list_holds_what_is_due_in_three_working_days_by_days_left(world: World) -> None:
    actual = refresh_due_soon(world.engine)
    assert actual is not None and not actual.is_kept and "Chưa đủ số liệu" in actual.reason_vi
    assert _list(world) == [(0, 1, 1, None), (6, 2, 1, None), (1, 3, 3, None)]
    assert is_up_to_date(world.engine)
    before = world.ask("select t::text from mart.due_soon as t order by 1")
    assert refresh_due_soon(world.engine) == actual
    assert world.ask("select t::text from mart.due_soon as t order by 1") == before
    assert len(world.ask("select 1 from ops.due_soon_model")) == 1


def test_snapshots_are_the_evenings_of_dossiers_in_process(world: World) -> None:
    with world.engine.connect() as connection:
        rows = all_snapshots(connection)
    at_end = {(code[-1], int(left)) for code, left in zip(rows.code, rows.left, strict=True)}
    assert ("0", 1) in at_end and ("2", 0) in at_end and ("4", 3) not in at_end
    last = rows.code.cast(pl.String).str.tail(1).to_numpy()
    # F was finished on the 18th: it is there on the evening before, and did not stay.
    before = (last == "5") & (rows.left == 2)
    assert before.sum() == 1 and not stays(rows)[before][0]
    late = last == "3"
    assert goes_overdue(rows)[late].all() and late.any()


def test_a_model_that_is_kept_orders_the_list(world: World) -> None:
    from tests.unit.test_due_soon import _DAYS, _world

    model = fit(_world([0.5] * 4), _DAYS - 1)
    assert model is not None
    # As if dossiers received earlier were the ones that stay.
    odd = model.as_json() | {"weights": [0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0]}
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.due_soon_model values ('2023-07-14', cast(:fitted as jsonb), true, 99, 0.2, 0.1, 0.1,"
                " 0.2, 0.01, 'thử')"
            ),
            {"fitted": json.dumps(odd)},
        )
    actual = refresh_due_soon(world.engine)
    assert actual is not None and actual.is_kept
    rows = _list(world)
    chances = [row[3] for row in rows]
    assert all(isinstance(chance, float) and 0 < chance < 1 for chance in chances)
    assert chances == sorted(chances, key=lambda chance: -float(str(chance)))
