"""An upgraded warehouse reads the archive again and is killed on the way: it ends as if it had never been older."""

from __future__ import annotations

import pytest

from assets.rebuild import COMPARED
from tests.faults.conftest import Case
from tests.faults.test_kills import REREAD, every_pass
from tests.faults.victim import Victim, Work
from tests.older_versions import make_older
from warehouse_sql.engine import open_engine


def _upgraded(case: Case) -> Work:
    """Both mornings taken in, and the warehouse as the version before clocks were read left it. Returns what is to be done."""
    case.work.do()
    engine = open_engine(case.work.url)
    with engine.begin() as connection:
        make_older(connection, "0006_clock_ahead")
    engine.dispose()
    return case.work._replace(mornings=case.work.mornings[-1:])


def _killed_at(case: Case, boundary: str) -> None:
    work = _upgraded(case)
    assert Victim(work, boundary).wait() == -9, f"{boundary} was not reached"
    case.count("kill")
    work.do()
    case.ends_well(COMPARED)


def test_an_upgrade_passes_its_boundaries_as_often_as_the_kills_below_count_on(case: Case) -> None:
    passes = _upgraded(case).do()
    assert {name: passes[name] for name in REREAD} == REREAD
    case.ends_well(COMPARED)


@pytest.mark.parametrize("boundary", ["reread.before_commit:2", "reread.committed:1"])
def test_an_upgrade_killed_at_a_boundary(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("boundary", every_pass(REREAD))
def test_an_upgrade_killed_at_every_pass_of_every_boundary(case: Case, boundary: str) -> None:
    _killed_at(case, boundary)
