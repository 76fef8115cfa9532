"""Workers of this machine for the time of one run: `motcua run --workers N`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.settings import Settings
from pipelines.workers.broker import broker_of
from warehouse_sql.own_files import own_folder

_PAUSE_SECONDS = 0.5
_END_SECONDS = 30


@contextmanager
def local_workers(settings: Settings, count: int) -> Iterator[None]:
    """Keeps that many workers running, each in a process group of its own; one that dies is followed by another."""
    broker_of(settings)
    running = [start_worker(settings) for _ in range(count)]
    ended = threading.Event()

    def replace_the_dead() -> None:
        while not ended.wait(_PAUSE_SECONDS):
            for place, worker in enumerate(running):
                if worker.poll() is not None:
                    running[place] = start_worker(settings)

    watch = threading.Thread(target=replace_the_dead, name="workers", daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()
        for worker in running:
            worker.terminate()
        for worker in running:
            try:
                worker.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    """Starts a worker in a process group of its own; what it says goes to logs/workers.log below the home."""
    log = own_folder(settings.root / "logs") / "workers.log"
    with log.open("ab") as written:
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines.workers.worker"],
            env=settings.for_child(),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
