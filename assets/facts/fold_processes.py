"""Buckets of a large fold, folded by this process and by another one.

Polars works on all processors, but what calls it is Python, of which a process does one thing at a time. Here: who folds which
bucket on this machine. Not here: what is done with a bucket (`buckets.py`), and workers on other machines (`pipelines/workers/`).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue

from sqlalchemy import Engine

from assets.facts.buckets import THREADS, fold_bucket, fold_in_threads
from assets.facts.read import read_reference
from warehouse_sql.engine import open_engine
from warehouse_sql.helper_process import HelperProcess, own_pipe, start_helper

#: From so many buckets on it pays to start a process.
MANY_BUCKETS = 8


def fold_here(engine: Engine, run_no: int, count: int) -> Iterator[int]:
    """Folds the buckets on this machine; where there are many, and several processors, a further process helps.

    Yields the number of dossiers of each bucket. Where the other process ends early, this one folds its bucket, and raises what
    that meets.
    """
    with _helper(engine, run_no, count) as helper:
        if helper is None:
            yield from fold_in_threads(engine, run_no, count)
            return
        with engine.connect() as connection:
            reference = read_reference(connection)
        # Who may fold the next bucket; None is a thread of this process.
        idle: SimpleQueue[HelperProcess | None] = SimpleQueue()
        for who in (helper, *[None] * THREADS):
            idle.put(who)

        def fold(bucket: int) -> int:
            who = idle.get()
            if who is not None:
                with suppress(EOFError, OSError):
                    who.pipe.send(bucket)
                    size = int(who.pipe.recv())
                    idle.put(who)
                    return size
            try:
                return fold_bucket(engine, run_no, bucket, reference)
            finally:
                idle.put(None)

        with ThreadPoolExecutor(1 + THREADS, thread_name_prefix="bucket") as pool:
            yield from pool.map(fold, range(count))


@contextmanager
def _helper(engine: Engine, run_no: int, count: int) -> Iterator[HelperProcess | None]:
    """Yields a process that folds buckets of this fold: none where these are few, or there is but one processor."""
    helper = None
    try:
        # Only one, since each takes some hundred megabytes, and a run is to need at most a gigabyte.
        if count >= MANY_BUCKETS and (os.cpu_count() or 1) > 1:
            with suppress(OSError):  # where none can be started, or it ended at once
                # One thread: its processor is the one that this process leaves to it.
                helper = start_helper(__name__, {"POLARS_MAX_THREADS": "1"})
                helper.pipe.send((engine.url.render_as_string(hide_password=False), run_no))
        yield helper
    finally:
        if helper is not None:
            helper.close()


def _fold_for_a_run(pipe: Connection) -> None:
    """Folds the buckets that come by the pipe, until the run closes it or ends."""
    gc.freeze()
    with pipe, suppress(EOFError, OSError):
        url, run_no = pipe.recv()
        engine = open_engine(url)
        with engine.connect() as connection:
            reference = read_reference(connection)
        while True:
            pipe.send(fold_bucket(engine, run_no, pipe.recv(), reference))


if __name__ == "__main__":
    _fold_for_a_run(own_pipe())
