"""Whether the process of a run still lives, for runs that no code server started: `motcua run`.

Such a run holds a lock on a file for as long as its process lives, and names the file in a tag. The lock ends with the
process, however it ends; process numbers are used again, and differ between containers.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

from warehouse_sql.own_files import own_file, own_folder

if sys.platform != "win32":
    import fcntl

TAG = "motcua/alive"
_FOLDER = "alive"
_MAY_BE_DEAD = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
# A process locks its file right after making it, so only a file older than this is surely not about to be locked.
_LOCKED_WITHIN_SECONDS = 60
_KILLED = "The process of this run is gone: it was killed, or its machine stopped."


@contextmanager
def shown_alive(home: Path) -> Iterator[dict[str, str]]:
    """Yields the tags by which others see that this process lives, until the end of the context."""
    if sys.platform == "win32":
        yield {}
        return
    file = own_folder(home / _FOLDER) / f"{uuid.uuid4().hex}.lock"
    with own_file(file) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield {TAG: str(file)}
        finally:
            file.unlink(missing_ok=True)


def is_alive(file: Path) -> bool:
    """Returns True while the process that holds this file lives."""
    if sys.platform == "win32":
        return True
    try:
        with file.open("rb") as other:
            fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def mark_killed_runs(instance: dg.DagsterInstance) -> None:
    """Marks runs of killed processes as failed. Where Dagster's daemon runs, it does so by the run launcher."""
    for run in instance.get_runs(dg.RunsFilter(statuses=_MAY_BE_DEAD)):
        file = Path(run.tags[TAG]) if TAG in run.tags else None
        if file and not is_alive(file):
            instance.report_run_failed(run, _KILLED)
            file.unlink(missing_ok=True)


def remove_files_of_killed(home: Path) -> None:
    """Removes the lock files of killed processes that `mark_killed_runs` does not see.

    Dagster's records had no run of theirs yet, or had its end already.
    """
    for file in (home / _FOLDER).glob("*.lock"):
        with suppress(FileNotFoundError):
            is_new = time.time() - file.stat().st_mtime < _LOCKED_WITHIN_SECONDS
            if not is_new and not is_alive(file):
                file.unlink()
