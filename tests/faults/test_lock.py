"""Runs at once: one does the work, the others wait or say who does; what a dead run left is never read half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.faults.conftest import Case
from tests.faults.victim import Victim
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.run_lock import run_lock

_CHECKOUT = Path(__file__).parents[2]
_HOLDER = (
    "select l.pid from pg_locks as l where l.locktype = 'advisory' and l.objsubid = 1"
    " and l.database = (select oid from pg_database where datname = current_database())"
)


@pytest.mark.both_servers
def test_of_two_runs_at_once_one_waits_for_the_other(case: Case) -> None:
    both = [Victim(case.work), Victim(case.work)]
    case.count("run_at_once", 2)
    for victim in both:
        # The second had nothing left to do, or gave up after its five seconds and said why.
        code = victim.wait()
        assert code == 0 or "đang giữ kho" in victim.sentence
    case.finish()
    case.ends_well()


def test_a_run_that_does_not_get_the_lock_says_who_has_it_since_when(case: Case) -> None:
    first = Victim(case.work, "file.taken_in:3:STOP")
    first.wait_until_stopped()
    engine = open_engine(case.work.url)
    with engine.connect() as connection:
        holder = connection.execute(text(_HOLDER)).scalar_one()
    with (
        pytest.raises(
            WarehouseError, match=rf"phiên {holder} của motcua, từ \d\d:\d\d:\d\d \d\d/\d\d/\d{{4}}"
        ),
        run_lock(engine, 0.3),
    ):
        pass
    engine.dispose()
    case.count("run_at_once", 2)
    first.go_on()
    assert first.wait() == 0
    case.ends_well()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("victims", [2, 3, 4])
@pytest.mark.parametrize("attempt", range(4))
def test_of_many_runs_at_once_any_is_killed(case: Case, victims: int, attempt: int) -> None:
    all_of_them = [Victim(case.work) for _ in range(victims)]
    time.sleep(case.unbroken.seconds * attempt / 4)
    all_of_them[attempt % victims].kill()
    codes = [victim.wait() for victim in all_of_them]
    case.count("run_at_once", victims)
    case.count("random_kill", codes.count(-9))
    case.finish()
    case.ends_well()


def test_the_lock_is_had_once_the_commit_of_a_killed_run_is_through(warehouse: Engine) -> None:
    with psycopg.connect(_address(warehouse), application_name="motcua") as dying:
        dying.execute("insert into ops.setting values ('dying', 'committed')")
        threading.Timer(0.5, dying.commit).start()
        with run_lock(warehouse), warehouse.connect() as connection:
            query = "select value from ops.setting where name = 'dying'"
            assert connection.execute(text(query)).scalar_one() == "committed"


def test_no_transaction_begins_after_the_lock_was_lost(warehouse: Engine) -> None:
    with run_lock(warehouse):
        with psycopg.connect(_address(warehouse), autocommit=True) as other:
            other.execute(f"select pg_terminate_backend(pid, 5000) from ({_HOLDER}) as l")
        with pytest.raises(WarehouseError, match="ngắt phiên giữ khóa"), warehouse.begin():
            pass
    with warehouse.begin():  # it is asked for only while a run lasts
        pass


def test_a_statement_of_a_killed_process_stops_soon_after_it(warehouse: Engine) -> None:
    code = f"""from sqlalchemy import text
from warehouse_sql.engine import open_engine
with open_engine({_address(warehouse)!r}).begin() as connection:
    connection.execute(text("select pg_sleep(300)"))"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=_CHECKOUT)
    sleeping = (
        "select count(*) from pg_stat_activity where query like '%pg_sleep(300)%' and pid <> pg_backend_pid()"
    )
    with psycopg.connect(_address(warehouse), autocommit=True) as other:
        _wait_for(other, sleeping, 1)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        _wait_for(other, sleeping, 0)


def _wait_for(connection: psycopg.Connection, query: str, value: int) -> None:
    deadline = time.monotonic() + 30
    while connection.execute(query.encode()).fetchone() != (value,):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _address(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
