"""Files read a few ahead of the warehouse; where there are many, by processes of their own.

Reading a file of some hundred rows is mostly Python's work, and of that a process does one thing at a time. Here: who
reads when. Not here: how a file is read (`reading.py`), and workers on other machines (`pipelines/workers/`).
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Row

from assets.exports.reading import ReadFile, Taken, packed, read_taken, take_again, unpacked
from assets.given.archive import Archive
from assets.sources.source import Source
from warehouse_sql.helper_process import own_pipe, start_helper
from warehouse_sql.masking import masked

_READ_AHEAD = 3
#: While the warehouse takes rows, so many bytes of further small files are read meanwhile.
_BYTES_AHEAD = 16 * 1024**2
#: From so many files on it pays to start processes.
_MANY_FILES = 100
_MOST_PROCESSES = 4
#: A larger file is read by this process: what is read of it would be held in memory twice, and Polars works on all cores.
_SMALL_BYTES = 4 * 1024**2
_Item = TypeVar("_Item")
_Rest = TypeVar("_Rest")


def read_ahead(
    items: Sequence[_Item],
    take: Callable[[_Item], Taken | _Rest],
    size_of: Callable[[_Item], int | None] = lambda _: None,
) -> Iterator[tuple[_Item, ReadFile | _Rest]]:
    """Yields the items in order, each with its file read, or with what else `take` returned of it.

    `size_of`: bytes of the file of an item, None where nobody knows.
    """
    with (
        _reader_processes(len(items)) as processes,
        ThreadPoolExecutor(1, thread_name_prefix="archive") as taking,
        ThreadPoolExecutor(max(processes.count, 1), thread_name_prefix="reader") as reading,
    ):

        def read(waited: Future[Taken | _Rest]) -> ReadFile | _Rest:
            taken = waited.result()
            return processes.read(taken) if isinstance(taken, Taken) else taken

        waiting: deque[tuple[_Item, int, Future[ReadFile | _Rest]]] = deque()
        ahead = 0
        try:
            for item in items:
                size = size_of(item) or _BYTES_AHEAD
                waiting.append((item, size, reading.submit(read, taking.submit(take, item))))
                ahead += size
                while len(waiting) > _READ_AHEAD + processes.count and ahead > _BYTES_AHEAD:
                    done, size, future = waiting.popleft()
                    ahead -= size
                    yield done, future.result()
            for done, _, future in waiting:
                yield done, future.result()
        finally:
            for *_, future in waiting:
                future.cancel()


def read_again(
    rows: Sequence[Row[Any]], archive: Archive, sources: Mapping[str, Source]
) -> Iterator[tuple[Row[Any], ReadFile]]:
    """Yields rows of the register in order, each with its file read again from the archive."""
    return read_ahead(rows, lambda row: take_again(row, archive, sources), lambda row: row.size_bytes)


@dataclass
class _Processes:
    """Processes that read files, by the pipes to those that have nothing to do."""

    count: int = 0
    idle: SimpleQueue[Connection] = field(default_factory=SimpleQueue)

    def read(self, taken: Taken) -> ReadFile:
        """Returns the file, read by one of the processes; by this one where there is none, it died or the file is large."""
        if not self.count or len(taken.content) > _SMALL_BYTES:
            return read_taken(taken)
        pipe = self.idle.get()
        try:
            pipe.send(taken)
            read: ReadFile = unpacked(pipe.recv(), taken.source)
        except (EOFError, OSError):
            return read_taken(taken)
        finally:
            self.idle.put(pipe)
        # Only this process knows the settings whose values are masked.
        return replace(read, error=masked(read.error)) if read.error is not None else read


@contextmanager
def _reader_processes(files: int) -> Iterator[_Processes]:
    """Yields processes for so many files: none where these are few, or there is but one core."""
    cores = os.cpu_count() or 1
    wanted = min(cores, _MOST_PROCESSES) if files >= _MANY_FILES and cores > 1 else 0
    processes, helpers = _Processes(), []
    try:
        # Where no more can be started, those that run do the reading; where there is none, this process does.
        with suppress(OSError):
            for _ in range(wanted):
                # More threads cost a small file more than they save.
                helpers.append(start_helper(__name__, {"POLARS_MAX_THREADS": "1"}))
        processes.count = len(helpers)
        for helper in helpers:
            processes.idle.put(helper.pipe)
        yield processes
    finally:
        for helper in helpers:
            helper.close()


def _read_for_a_run(pipe: Connection) -> None:
    """Reads file by file until the run closes the pipe, or is no more."""
    # Searching thousands of records for garbage takes a twentieth of the time of reading; once after each file is enough.
    gc.disable()
    gc.freeze()
    with pipe, suppress(EOFError, OSError):
        while True:
            pipe.send(packed(read_taken(pipe.recv())))
            gc.collect()


if __name__ == "__main__":
    _read_for_a_run(own_pipe())
