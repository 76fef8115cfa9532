"""Processes that a run starts for a while and asks over a pipe, since Python does one thing at a time in each.

Here: starting one, ending it, and its own end of the pipe. Not here: what it is asked; the module that it runs says so. It is
not forked, since Polars has threads.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection


@dataclass(frozen=True)
class HelperProcess:
    """A process and the pipe by which it is asked. The pipe raises EOFError or OSError where the process has ended."""

    pipe: Connection
    _process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def pid(self) -> int:
        """Returns the number that the operating system gave the process."""
        return self._process.pid

    def close(self) -> None:
        """Ends the process; it holds nothing that would be lost."""
        self._process.kill()
        self._process.wait()
        self.pipe.close()


def start_helper(module: str, environment: Mapping[str, str] | None = None) -> HelperProcess:
    """Starts the module as a program, with `environment` on top of ours. Raises OSError where no process can be started."""
    ours, theirs = Pipe()
    with theirs, ExitStack() as where_it_fails:
        where_it_fails.callback(ours.close)
        # In its arguments or environment others might read what is asked: that goes by the pipe.
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(theirs.fileno())],
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            # What it meets is met once more by whoever asked, and raised there.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # whoever interrupts the run does not interrupt it
        )
        where_it_fails.pop_all()
    return HelperProcess(ours, process)


def own_pipe() -> Connection:
    """Returns the pipe of a process that `start_helper` started. It is closed when the run that asks ends."""
    return Connection(int(sys.argv[1]))
