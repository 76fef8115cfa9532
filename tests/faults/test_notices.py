"""Alerts and notices of a process killed at any boundary: told at least once, and repeats bear the same fingerprint."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.alert_worlds import MONDAY, VIETNAM, AlertWorld, signal
from tests.faults.victim import _PROCESSES
from tests.receivers import Hook
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.engine import open_engine

#: Passes of a run with two alerts of two units.
PASSES = {
    "alerts.before_commit": 1,
    "alerts.committed": 1,
    "notice.claimed": 2,
    "notice.sent": 2,
    "notice.marked": 2,
}
_MORNING = datetime(2023, 7, 18, 6, tzinfo=VIETNAM)
_LONGEST_SECONDS = 60


def _work(engine: Engine, address: str, now: datetime) -> AlertWorld:
    """What the alert step of a run does, at that moment."""
    world = AlertWorld(engine, address)
    world.clock.now = now
    world.judge(signal(), signal("30502", "Phường Nhà Bàng"))
    world.send()
    return world


def _suffer(url: str, address: str, kill_at: str) -> None:
    os.environ[VARIABLE] = kill_at
    _work(open_engine(url), address, _MORNING)


def test_the_boundaries_are_passed_as_often_as_the_kills_below_count_on(warehouse: Engine, web: Hook) -> None:
    from warehouse_sql.boundaries import passes

    AlertWorld(warehouse).cover(MONDAY)
    before = passes.copy()
    _work(warehouse, web.address, _MORNING)
    assert {name: count - before[name] for name, count in passes.items() if count > before[name]} == PASSES


@pytest.mark.both_servers
@pytest.mark.parametrize(
    "boundary", [f"{name}:{place + 1}" for name, count in PASSES.items() for place in range(count)]
)
def test_a_notice_is_told_though_its_sender_was_killed(
    warehouse: Engine, warehouse_url: str, web: Hook, boundary: str
) -> None:
    AlertWorld(warehouse).cover(MONDAY)
    victim = _PROCESSES.Process(target=_suffer, args=(warehouse_url, web.address, boundary))
    victim.start()
    victim.join(_LONGEST_SECONDS)
    assert victim.exitcode == -9, f"{boundary} was not reached"

    # The next run of the same morning; what the dead one had claimed is free by then.
    world = _work(warehouse, web.address, _MORNING + timedelta(minutes=5))
    fingerprints = [headers["X-Motcua-Fingerprint"] for headers in web.headers]
    kept = {fingerprint for (fingerprint,) in world.ask("select fingerprint from ops.notice")}
    assert set(fingerprints) == kept and len(kept) == 2
    # Only between sending and marking can nobody know: once more, under the same fingerprint.
    assert len(fingerprints) == (3 if boundary.startswith("notice.sent") else 2)
    assert world.ask("select count(*) from ops.notice where sent_at is null") == [(0,)]
    assert world.alerts("state, runs_seen, opened_on") == [("firing", 1, date(2023, 7, 17))] * 2
    before = world.all_rows()
    _work(warehouse, web.address, _MORNING + timedelta(minutes=10))
    assert world.all_rows() == before and len(web.posts) == len(fingerprints)
