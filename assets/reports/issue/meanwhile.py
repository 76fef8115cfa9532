"""Work that a copy of this process does while this one goes on: on another processor, with what was read and not read again."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Seconds that the copy is waited for once the body is done.
_PATIENCE = 60.0
_GLANCE = 0.01


@contextmanager
def meanwhile(work: Callable[[], object], patience: float = _PATIENCE) -> Iterator[None]:
    """Has `work`, which may only write files, done while the body runs; it is done afterwards, or raises what went wrong.

    It is done in this process, after the body, where processes can't be copied safely: elsewhere than on Linux. Where the
    copy failed, too: then what went wrong is raised here. And where it is not done after some `patience` (in seconds): a
    copy has none of the other threads, and waits for ever for what one of them held.
    """
    if sys.platform != "linux":
        yield
        work()
        return
    child = os.fork()
    if child == 0:
        _do(work)
    try:
        yield
    except BaseException:
        _end(child)
        raise
    if not _is_done(child, patience):
        work()


def _is_done(child: int, patience: float) -> bool:
    """Returns whether the copy did its work; it is gone afterwards in any case."""
    last = time.monotonic() + patience
    while time.monotonic() < last:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(_GLANCE)
    _end(child)
    return False


def _end(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _do(work: Callable[[], object]) -> None:
    """Ends this process after the work, with nothing that the end of a program does: connections are those of the other one."""
    try:
        work()
    except BaseException:  # the other process does it again, and says what is wrong
        os._exit(1)
    os._exit(0)


@contextmanager
def without_searches() -> Iterator[None]:
    """Keeps Python from searching a million rows for garbage while more of them come: a seventh of the time they take."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
