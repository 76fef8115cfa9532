"""Without a promised due date a rule set counts by the limit of the procedure."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds import World, national

pytestmark = pytest.mark.both_servers


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
