"""The detector's signals are kept while nothing it reads changed, and are always those of a judgement of all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, Engine, text

from assets.alerts import kept_signals
from assets.alerts.detect import detect
from assets.alerts.due_soon_data import is_up_to_date, refresh_due_soon
from assets.alerts.kept_signals import judge_ahead, signals_of
from assets.alerts.signal import Signal
from tests.worlds import World, provincial

_MONDAY = date(2023, 7, 17)
_UNITS = ("UBND phường Thới Sơn", "UBND phường Nhà Bàng", "UBND xã An Cư")


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _signals(world: World) -> list[Signal]:
    with world.engine.begin() as connection:
        return list(signals_of(connection))


def _of_all(world: World) -> list[Signal]:
    with world.engine.connect() as connection:
        return detect(connection)


def _say_late(world: World, day: date, count: int, unit: str = _UNITS[0], first: int = 0) -> None:
    """Dossiers of a unit that are open and days overdue on that day's list."""
    world.say_provincial(
        f"{day} 18:30",
        *(
            provincial(
                f"000.26.33.H01-230703-{first + number:04}",
                received="2023-07-03 08:00",
                due="2023-07-10 09:00",
                unit_name=unit,
            )
            for number in range(count)
        ),
    )


def _forge(world: World) -> list[Signal]:
    """What is kept as of the present state becomes a signal that no detector would give: it is seen where it is used."""
    ((kept,),) = world.ask("select value from ops.setting where name = 'kept_signals'")
    with world.engine.begin() as connection:
        connection.execute(
            text("update ops.setting set value = :value where name = 'kept_signals'"),
            {"value": kept.replace("stock", "forged")},
        )
    forged = _signals(world)
    assert [signal.kind for signal in forged] == ["forged"]
    return forged


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_over_random_days_they_are_those_of_a_judgement_of_all(world: World, seed: int) -> None:
    draw = random.Random(seed)
    dossiers: dict[str, dict[str, str]] = {}
    seen = 0
    for night in range(6):
        day = _MONDAY + timedelta(night)
        for _ in range(draw.randrange(0, 25)):
            received = day - timedelta(draw.randrange(3, 12))
            code = f"000.26.33.H01-{received:%y%m%d}-{len(dossiers):04}"
            dossiers[code] = {
                "received": f"{received} 08:00",
                "due": f"{received + timedelta(draw.randrange(1, 8))} 09:00",
                "unit_name": draw.choice(_UNITS),
            }
        for shown in dossiers.values():
            if draw.random() < 0.1:
                shown["ended"] = f"{day} 10:00"
            elif draw.random() < 0.1:
                shown["due"] = f"{day + timedelta(draw.randrange(-2, 3))} 09:00"
        if draw.random() < 0.7:
            world.say_provincial(
                f"{day} 18:30", *(provincial(code, **shown) for code, shown in dossiers.items())
            )
        world.run()
        signals = _signals(world)
        assert signals == _of_all(world)
        assert _signals(world) == signals
        seen += len(signals)
    assert seen


def test_nothing_new_is_not_judged_again(world: World) -> None:
    assert _signals(world) == []
    _say_late(world, _MONDAY, 30)
    world.run()
    assert [signal.kind for signal in _signals(world)] == ["stock"]
    forged = _forge(world)
    world.run()
    assert _signals(world) == forged


def test_who_asks_while_they_are_judged_ahead_waits_and_gets_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, judged = Event(), Event(), list[Sequence[Signal]]()

    def slow(connection: Connection) -> Sequence[Signal]:
        begun.set()
        assert go_on.wait(30)
        judged.append(detect(connection))
        return judged[-1]

    _say_late(world, _MONDAY, 30)
    world.run()
    monkeypatch.setattr(kept_signals, "import_detector", lambda: slow)
    with ThreadPoolExecutor(2) as pool:
        ahead = pool.submit(judge_ahead, world.engine)
        assert begun.wait(30)
        asked = pool.submit(_signals, world)
        with pytest.raises(TimeoutError):
            asked.result(0.3)
        go_on.set()
        ahead.result(30)
        assert asked.result(30) == judged[0] != []
    assert len(judged) == 1


@pytest.mark.parametrize(
    "change",
    [
        "insert into ops.feed_day (source, day, expected, status, files, fill_problems, reason_vi)"
        " values ('igate', '2023-07-13', true, 'missing', 0, '{}', 'thử')",
        "update core.dim_unit set unit_name = 'Phường khác' where unit_code = '30517'",
        "update core.dim_procedure set field_code = 'khac'",
        "update core.dim_date set is_working_day = false where date = '2023-07-12'",
    ],
)
def test_what_the_detector_reads_beside_facts_is_judged_when_it_changed(world: World, change: str) -> None:
    _say_late(world, _MONDAY, 30)
    world.run()
    _signals(world)
    _forge(world)
    with world.engine.begin() as connection:
        connection.execute(text(change))
    assert _signals(world) == _of_all(world) != []


def test_a_change_of_facts_that_moves_no_flow_and_no_stock_is_judged(world: World) -> None:
    _say_late(world, _MONDAY, 30)
    world.run()
    _signals(world)
    _forge(world)
    # Finished in time: of all that the detector reads only the dossiers falling due change.
    world.say_provincial(
        f"{_MONDAY} 18:31",
        provincial(received="2023-07-03 08:00", due="2023-07-06 09:00", status=4, ended="2023-07-04 09:00"),
    )
    world.run()  # and the run ended before its alerts
    world.run()
    assert _signals(world) == _of_all(world) != []


def test_the_list_of_what_is_due_soon_is_made_again_only_when_facts_or_the_day_changed(world: World) -> None:
    _say_late(world, _MONDAY, 3)
    world.run()
    assert not is_up_to_date(world.engine)
    refresh_due_soon(world.engine)
    # Nothing is due soon, and that is up to date, too.
    assert world.ask("select count(*) from mart.due_soon") == [(0,)]
    assert is_up_to_date(world.engine)
    world.run()
    assert is_up_to_date(world.engine)
    world.say_provincial(f"{_MONDAY} 18:31", provincial(received="2023-07-17 08:00", due="2023-07-19 09:00"))
    world.run()
    assert not is_up_to_date(world.engine)
    refresh_due_soon(world.engine)
    assert world.ask("select count(*) from mart.due_soon") == [(1,)]
