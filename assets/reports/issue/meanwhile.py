"""Work that a copy of this process does while this one goes on: on another processor, with what was read and not read again."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Has `work`, which may only write files, done while the body runs; it is done afterwards, or raises what went wrong.

    It is done in this process, after the body, where processes can't be copied safely: elsewhere than on Linux. Where the
    copy failed, too: then what went wrong is raised here.
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
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    _, status = os.waitpid(child, 0)
    if status:
        work()


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
