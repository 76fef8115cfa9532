"""A run killed at any boundary, at any moment, again and again: the next one ends as if nothing had happened."""

from __future__ import annotations

import random
import time

import pytest
from sqlalchemy import text

from tests.faults.conftest import Case
from tests.faults.test_notices import PASSES as NOTICES
from tests.faults.victim import Victim, Work
from tests.sql.test_archive_prune import BOUNDARIES as PRUNE
from tests.sql.test_backup import BOUNDARIES as BACKUP
from warehouse_sql.boundaries import BOUNDARIES
from warehouse_sql.engine import open_engine
from warehouse_sql.side_database import side_database

# How often the two mornings pass each boundary: `make faults` kills at every pass.
_FILES, _CONTENTS, _RUNS, _BUCKETS = 12, 11, 2, 4
_PASSES = {
    "run.begun": _RUNS,
    "archive.before_rename": _CONTENTS,
    "archive.kept": _CONTENTS,
    "manifest.noted": 2 * _RUNS,
    "staging.before_commit": _RUNS,
    "staging.committed": _RUNS,
    "file.registered": _FILES,
    "file.taken_in": _FILES,
    "publication.before_commit": _RUNS,
    "publication.committed": _RUNS,
    "known_file.before_commit": 1,
    "procedures.before_commit": _RUNS,
    "procedures.committed": _RUNS,
    "facts.bucket": _BUCKETS,
    "facts.published": _RUNS,
    "facts.before_commit": _RUNS,
    "facts.committed": _RUNS,
    "feeds.before_commit": _RUNS,
    "aggregates.half_summed": _RUNS,
    # With the facts, and once more by the step behind them.
    "aggregates.before_commit": 2 * _RUNS,
    "aggregates.committed": _RUNS,
    "run.ended": _RUNS,
}
# Of an empty database: tables, then dates, units and procedures.
_FIRST_OF_ALL = {"migration.before_commit": 1, "migration.committed": 1, "reference.before_commit": 1}
_REBUILD = {
    "manifest.noted": 2,
    "rebuild.before_commit": 1,
    "rebuild.committed": 1,
    "reference.before_commit": 1,
    "staging.before_commit": 1,
    "staging.committed": 1,
    "file.registered": _FILES,
    "file.taken_in": _FILES,
    "publication.before_commit": 1,
    "publication.committed": 1,
    "procedures.committed": 1,
    "facts.bucket": 1,
    "facts.published": 1,
    "facts.before_commit": 1,
    "facts.committed": 1,
    "feeds.before_commit": 1,
    "aggregates.before_commit": 2,
    "aggregates.committed": 1,
}


# Of refused rows taken in again, once a code map was mended.
REPLAY = {
    "replay.before_commit": 5,
    "replay.committed": 5,
    "facts.before_commit": 1,
    "aggregates.committed": 1,
}

# Of files that an older version of the readers read: those of dossiers that could be read.
REREAD = {"reread.before_commit": 9, "reread.committed": 9}


def every_pass(passes: dict[str, int]) -> list[str]:
    return [f"{name}:{place}" for name, count in passes.items() for place in range(1, count + 1)]


def _kill(case: Case, work: Work, boundary: str) -> Victim:
    victim = Victim(work, boundary)
    assert victim.wait() == -9, f"{boundary} was not reached"
    case.count("kill")
    return victim


def test_every_boundary_is_passed_as_often_as_the_kills_below_count_on(case: Case) -> None:
    assert case.work.do() == _PASSES
    assert dict(_every_rebuild(case)).items() >= _REBUILD.items()
    assert {*_PASSES, *_FIRST_OF_ALL, *_REBUILD, *REPLAY, *REREAD, *NOTICES, *BACKUP, *PRUNE} == set(
        BOUNDARIES
    )


def _every_rebuild(case: Case) -> dict[str, int]:
    return dict(case.work._replace(mornings=[], rebuilds=True).do())


def _killed_at(case: Case, boundary: str) -> None:
    case.finish(_kill(case, case.work, boundary))
    case.ends_well()


@pytest.mark.parametrize(
    "boundary",
    [
        *("run.begun:2", "file.registered:6", "publication.committed:1", "facts.bucket:3"),
        "aggregates.half_summed:2",
        *(
            pytest.param(boundary, marks=pytest.mark.long)
            for boundary in (
                *("procedures.before_commit:1", "archive.kept:9", "staging.before_commit:1"),
                *("known_file.before_commit:1", "facts.before_commit:1", "feeds.before_commit:2"),
                *(
                    "archive.before_rename:3",
                    "staging.committed:2",
                    "procedures.committed:2",
                    "facts.committed:2",
                ),
            )
        ),
    ],
)
def test_a_run_killed_at_a_boundary(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)


@pytest.mark.long
@pytest.mark.both_servers
@pytest.mark.parametrize(
    "boundary",
    ["file.taken_in:9", "publication.before_commit:2", "facts.published:2", "aggregates.before_commit:2"],
)
def test_a_run_killed_at_a_boundary_of_either_server(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)


@pytest.mark.long
@pytest.mark.parametrize(
    ("boundary", "tables"),
    [
        ("file.taken_in:6", ("landing.export_file", "history.dossier_version")),
        ("facts.bucket:2", ("core.fct_dossier", "mart.daily_flow")),
        ("facts.published:1", ("core.fct_dossier", "mart.daily_flow")),
    ],
)
def test_a_run_killed_while_it_publishes_has_published_nothing(
    case: Case, boundary: str, tables: tuple[str, ...]
) -> None:
    _kill(case, case.work, boundary)
    engine = open_engine(case.work.url)
    with engine.connect() as connection:
        for table in tables:
            assert connection.execute(text(f"select count(*) from {table}")).scalar_one() == 0, table
    engine.dispose()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("boundary", every_pass(_PASSES))
def test_a_run_killed_atevery_pass_of_every_boundary(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)


def _killed_at_random(case: Case, seed: int) -> Victim:
    """At a random moment of the work, however fast the machine is just now: some time after some boundary."""
    draw = random.Random(seed)
    boundary, pause = draw.choice(every_pass(_PASSES)), draw.uniform(0, case.unbroken.seconds / 20)
    victim = Victim(case.work, f"{boundary}:STOP")
    victim.wait_until_stopped()
    victim.go_on()
    time.sleep(pause)
    victim.kill()
    if victim.wait() == -9:
        case.count("random_kill")
    print(f"seed {seed}: killed {1000 * pause:.1f} ms after {boundary}")
    return victim


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 6))]
)
def test_a_run_killed_at_a_random_moment(case: Case, seed: int) -> None:
    case.finish(_killed_at_random(case, seed))
    case.ends_well()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("seed", range(101, 201))
def test_a_run_killed_at_one_of_a_hundred_random_moments(case: Case, seed: int) -> None:
    case.finish(_killed_at_random(case, seed))
    case.ends_well()


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(1, marks=pytest.mark.long),
        *(pytest.param(seed, marks=pytest.mark.faults) for seed in range(2, 16)),
    ],
)
def test_a_run_killed_again_and_again(case: Case, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(4):
        victim = Victim(case.work)
        time.sleep(draw.uniform(0, case.unbroken.seconds))
        victim.kill()
        if victim.wait() == -9:
            case.count("random_kill")
    case.finish()
    case.ends_well()


@pytest.mark.long
@pytest.mark.parametrize("boundary", every_pass(_FIRST_OF_ALL))
def test_the_first_run_of_all_killed_at_a_boundary(case: Case, boundary: str) -> None:
    with side_database(open_engine(case.work.url), "empty") as empty:
        work = case.work._replace(url=empty.url.render_as_string(hide_password=False))
        other = Case(work, case.unbroken, case.count)
        other.finish(_kill(case, work, boundary))
        other.ends_well()


def _rebuild_killed_at(case: Case, boundary: str) -> None:
    case.work.do()
    rebuilding = case.work._replace(mornings=case.work.mornings[1:], rebuilds=True)
    _kill(case, rebuilding, boundary)
    # A plain run goes on with the replay.
    case.work._replace(mornings=case.work.mornings[1:]).do()
    case.ends_well()


@pytest.mark.long
@pytest.mark.parametrize("boundary", ["rebuild.committed:1", "publication.before_commit:1"])
def test_a_rebuild_killed_at_a_boundary(case: Case, boundary: str) -> None:
    _rebuild_killed_at(case, boundary)


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("boundary", every_pass(_REBUILD))
def test_a_rebuild_killed_atevery_pass_of_every_boundary(case: Case, boundary: str) -> None:
    _rebuild_killed_at(case, boundary)


def test_what_differs_is_told_row_by_row(case: Case) -> None:
    """The comparison itself: one changed row is seen."""
    case.work.do()
    engine = open_engine(case.work.url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "update mart.overdue_stock set pending = pending + 1 where ctid = (select min(ctid) from mart.overdue_stock)"
            )
        )
    engine.dispose()
    with pytest.raises(AssertionError, match=r"mart\.overdue_daily"):
        Case(case.work, case.unbroken, lambda *_: None).ends_well()
