"""The server stopped under a run, at boundaries and at random moments: one sentence, and the next run goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import PGconn, Ping

from tests.faults.conftest import Case, Count, OwnServer, Unbroken
from tests.faults.victim import Victim, Work
from warehouse_sql.engine import check_server, open_engine

_IN_A_TRANSACTION = ("file.taken_in:7", "facts.bucket:2", "aggregates.before_commit:2")
_BETWEEN_TWO = ("run.begun:1", "publication.committed:1", "procedures.committed:2", "facts.committed:2")


@pytest.fixture
def own_case(
    own_server: OwnServer, tmp_path: Path, mornings: list[Path], unbroken: Unbroken, count: Count
) -> Case:
    """A warehouse on a server that may be stopped."""
    return Case(Work(own_server.url, tmp_path / "archive", mornings), unbroken, count)


def _stop_under(own_case: Case, server: OwnServer, boundary: str, restarts: bool) -> Victim:
    victim = Victim(own_case.work, f"{boundary}:STOP")
    victim.wait_until_stopped()
    server.crash()
    if restarts:
        server.start()
    victim.go_on()
    assert victim.wait() == 1
    own_case.count("server_stop")
    server.start()
    return victim


def test_a_server_that_stops_is_told_in_one_sentence(own_case: Case, own_server: OwnServer) -> None:
    victim = _stop_under(own_case, own_server, "file.taken_in:7", restarts=False)
    assert victim.sentence.startswith("Mất kết nối với kho (") and "\n" not in victim.sentence
    own_case.finish(victim)
    # The pool would go on by itself with a new connection, but the lock is gone with the old server.
    victim = _stop_under(own_case, own_server, "procedures.committed:2", restarts=True)
    assert "ngắt phiên giữ khóa" in victim.sentence
    own_case.finish(victim)
    own_case.ends_well()


def test_a_command_waits_for_a_server_that_recovers(own_server: OwnServer) -> None:
    """A session that is killed takes all others with it: the server runs on, and admits nobody until it has recovered."""
    for _ in range(5):
        _kill_a_session(own_server)
        engine = open_engine(own_server.url)
        assert check_server(engine) >= 15
        engine.dispose()


@pytest.mark.both_servers
def test_a_server_that_recovers_is_not_taken_for_started(own_server: OwnServer) -> None:
    """Its postmaster.pid goes on saying "ready" while nobody is admitted."""
    for _ in range(5):
        _kill_a_session(own_server)
        own_server.start()
        with psycopg.connect(own_server.url) as connection:
            connection.execute("select count(*) from filler")


def _kill_a_session(server: OwnServer) -> None:
    """Returns once the server doesn't admit anybody; it has some rows to recover."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("create table if not exists filler (n integer)")
        connection.execute("insert into filler select generate_series(1, 60000)")
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        while PGconn.ping(server.url.encode()) == Ping.OK:
            time.sleep(0.001)


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("boundary", [*_IN_A_TRANSACTION, *_BETWEEN_TWO])
def test_a_server_that_stops_at_a_boundary(
    own_case: Case, own_server: OwnServer, boundary: str, restarts: bool
) -> None:
    victim = _stop_under(own_case, own_server, boundary, restarts)
    assert victim.sentence.startswith(("Mất kết nối với kho (", "Kho đã ngắt phiên giữ khóa"))
    own_case.finish(victim)
    own_case.ends_well()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_server_that_stops_again_and_again(own_case: Case, own_server: OwnServer, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(4):
        victim = Victim(own_case.work)
        time.sleep(draw.uniform(0, own_case.unbroken.seconds))
        own_server.crash()
        if victim.wait():
            own_case.count("server_stop")
            assert victim.sentence.startswith(
                ("Mất kết nối với kho (", "Kho đã ngắt", "Không kết nối được kho")
            )
        own_server.start()
    own_case.finish()
    own_case.ends_well()
