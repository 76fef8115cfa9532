"""A replay of refused rows killed on the way: the next one ends where a rebuild would have ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from assets.given.archive import Archive
from assets.rebuild import COMPARED
from assets.sources.sources import load_sources
from tests.faults.conftest import Case
from tests.faults.test_kills import REPLAY, every_pass
from tests.faults.victim import Victim, run
from warehouse_sql.engine import open_engine

_REFUSED = "select count(*) from landing.quarantine where rule_id = 'unknown_status' and resolved_at is null"


def _refuse(case: Case) -> int:
    """Both mornings under a list of sources that has forgotten a status; the rows refused for it."""
    sources = load_sources()
    igate = sources["igate"]
    known = {raw: meant for raw, meant in igate.status_map.items() if raw not in ("4", "5")}
    poor = {**sources, "igate": replace(igate, status_map=known)}
    engine = open_engine(case.work.url)
    try:
        for morning in case.work.mornings:
            run(engine, morning, Archive(case.work.archive), poor)
        with engine.connect() as connection:
            return int(connection.execute(text(_REFUSED)).scalar_one())
    finally:
        engine.dispose()


def _killed_at(case: Case, boundary: str) -> None:
    assert _refuse(case) > 0
    replaying = case.work._replace(mornings=(), replays=True)
    assert Victim(replaying, boundary).wait() == -9, f"{boundary} was not reached"
    case.count("kill")
    replaying.do()
    case.ends_well(COMPARED)


def test_a_replay_passes_its_boundaries_as_often_as_the_kills_below_count_on(case: Case) -> None:
    assert _refuse(case) > 0
    passes = case.work._replace(mornings=(), replays=True).do()
    assert {name: passes[name] for name in REPLAY} == REPLAY
    case.ends_well(COMPARED)


@pytest.mark.parametrize("boundary", ["replay.before_commit:2", "replay.committed:1"])
def test_a_replay_killed_at_a_boundary(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("boundary", every_pass(REPLAY))
def test_a_replay_killed_at_every_pass_of_every_boundary(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)
