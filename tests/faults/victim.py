"""The run that is killed: the daily job step by step as Dagster runs it, in a process of its own.

A second is what Python takes to start, three what Dagster takes: these processes come from one that has all modules
already. `motcua run` itself is killed in `test_command_line.py`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import NamedTuple

import psutil
from sqlalchemy import Engine

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.dimensions.load import load_reference
from assets.exports.intake import now, take_in
from assets.exports.landing import LandingZone
from assets.exports.quarantine_replay import replay_quarantine
from assets.facts.derive import derive_facts
from assets.given.archive import Archive
from assets.rebuild import finish_waiting, rebuild
from assets.run_log import RunLog
from assets.sources.source import Source
from assets.sources.sources import load_sources
from pipelines.errors import sentence
from warehouse_sql.boundaries import VARIABLE, passes
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate
from warehouse_sql.run_lock import run_lock

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "tests.faults.test_notices", "apprise"])
_BUCKET = 200
_WAIT_SECONDS = 5
_LONGEST_SECONDS = 60
_POLL_SECONDS = 0.005


def run(engine: Engine, landing: Path, archive: Archive, sources: Mapping[str, Source] | None = None) -> None:
    """One daily run, up to date or not; with the built-in sources unless told of others."""
    migrate(engine)
    with run_lock(engine, _WAIT_SECONDS):
        sources, log = sources or load_sources(), RunLog()
        log.begin(engine)
        with engine.begin() as connection:
            load_reference(connection, sources)
        log.intake = take_in(engine, LandingZone(str(landing)), archive, sources, arrived_when_exported=True)
        log.dossiers_derived = derive_facts(engine, sum_up, bucket_size=_BUCKET).dossiers
        log.published(refresh_aggregates(engine))
        log.complete()


def replay(engine: Engine, archive: Archive) -> None:
    """What the gate refused taken in again, by the built-in sources."""
    migrate(engine)
    with run_lock(engine, _WAIT_SECONDS):
        sources = load_sources()
        with engine.begin() as connection:
            load_reference(connection, sources)
        replay_quarantine(engine, archive, sources, now())
        finish_waiting(engine)


class Work(NamedTuple):
    """What there is to do: a rebuild if asked, then a run of each morning, then a replay of refused rows if asked."""

    url: str
    archive: Path
    mornings: Sequence[Path]
    rebuilds: bool = False
    replays: bool = False

    def do(self, tell: Pipe | None = None) -> Counter[str]:
        """To its end, in this process; how often each boundary was passed."""
        before = passes.copy()
        engine = open_engine(self.url)
        try:
            if self.rebuilds:
                migrate(engine)
                with run_lock(engine, _WAIT_SECONDS):
                    rebuild(engine, Archive(self.archive), load_sources())
            for morning in self.mornings:
                run(engine, morning, Archive(self.archive))
                if tell:
                    tell.send("done")
            if self.replays:
                replay(engine, Archive(self.archive))
        finally:
            engine.dispose()
        return Counter({name: count - before[name] for name, count in passes.items() if count > before[name]})


class Victim:
    """The work done in a process of its own, which dies (or stops) at a boundary if told so."""

    def __init__(self, work: Work, kill_at: str = "") -> None:
        self._heard, told = _PROCESSES.Pipe(duplex=False)
        self._process = _PROCESSES.Process(target=_suffer, args=(work, kill_at, told))
        self._process.start()
        told.close()
        self.sentence = ""
        self.mornings_done = 0
        assert self._heard.recv() == "started"

    def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        self._process.kill()

    def wait(self) -> int:
        """Its exit code, -9 when it was killed; `sentence` is what it said of its failure."""
        self._process.join(_LONGEST_SECONDS)
        code = self._process.exitcode
        if code is None:
            self.kill()
            raise TimeoutError(f"still running after {_LONGEST_SECONDS} s")
        try:
            while self._heard.poll():
                told = self._heard.recv()
                self.mornings_done += told == "done"
                self.sentence = "" if told == "done" else told
        except EOFError:
            pass
        return code

    def wait_until_stopped(self) -> int:
        """Its process number, once it has stopped at its boundary."""
        pid = self._process.pid
        assert pid
        wait_until_stopped(pid)
        return pid

    def go_on(self) -> None:
        """After a stop."""
        assert self._process.pid
        os.kill(self._process.pid, signal.SIGCONT)


def wait_until_stopped(pid: int, seconds: float = _LONGEST_SECONDS) -> None:
    """Waits for SIGSTOP; AssertionError when the process ends before."""
    deadline = time.monotonic() + seconds
    while (state := psutil.Process(pid).status()) != psutil.STATUS_STOPPED:
        assert state != psutil.STATUS_ZOMBIE, "it ended before its boundary"
        assert time.monotonic() < deadline, "it never came to its boundary"
        time.sleep(_POLL_SECONDS)


def _suffer(work: Work, kill_at: str, tell: Pipe) -> None:
    os.environ[VARIABLE] = kill_at
    tell.send("started")
    try:
        work.do(tell)
    except Exception as error:
        tell.send(sentence(error))
        sys.exit(1)
