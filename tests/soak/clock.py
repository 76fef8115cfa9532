"""The time of day of a soak: runs and the servers they start live in the night that is simulated.

Linux alone, and with a C compiler at hand. Clocks that measure how long something takes go on as they are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


def why_not() -> str:
    """Returns why the time of day can't be moved here; empty where it can."""
    if sys.platform != "linux":
        return "the time of day of a process is moved on Linux alone"
    if not (shutil.which("cc") and shutil.which("git")):
        return "a C compiler (cc) and git are needed"
    return ""


class Clock:
    """Moves the time of day of every process that is started with its environment."""

    def __init__(self, folder: Path) -> None:
        self._file, self._library = folder / "clock", folder / "clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", self._library, _SOURCE, "-ldl"], check=True)
        self._library.chmod(0o755)
        self.seconds = 0

    def environment(self) -> dict[str, str]:
        """Returns what makes a process, and those that it starts, live in that time."""
        return {"LD_PRELOAD": str(self._library), "SOAK_CLOCK": str(self._file)}

    @contextmanager
    def here(self) -> Iterator[None]:
        """Processes that this one starts within the context live in that time; this one itself does not."""
        os.environ.update(self.environment())
        try:
            yield
        finally:
            for name in self.environment():
                del os.environ[name]

    def set(self, moment: datetime) -> None:
        """It is that moment now."""
        self.seconds = round(moment.timestamp() - time.time())
        self._file.write_text(str(self.seconds), encoding="ascii")
        self._file.chmod(0o644)

    def age(self, folder: Path, since: float) -> None:
        """Gives files that were written since that real moment the time at which they would have been written."""
        for file in _files(folder):
            written = file.lstat().st_mtime
            if written >= since:
                os.utime(file, (written + self.seconds,) * 2)


def _files(folder: Path) -> list[Path]:
    own = [
        part for part in folder.iterdir() if part.name != "pg"
    ]  # of the server's files nobody asks the time
    return [
        file for part in own for file in ([part] if part.is_file() else part.rglob("*")) if file.is_file()
    ]
