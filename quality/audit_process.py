"""Great Expectations in a process of its own, which imports it while the run still prepares, reads and publishes.

Python imports one module at a time, and a run has many to import. Here: starting the process and asking it. Not here: what is
asked (`expectations.py`).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from warehouse_sql.helper_process import HelperProcess, own_pipe, start_helper

if TYPE_CHECKING:
    from quality.catalogue import Rule
    from quality.expectations import Observed


class AuditProcess:
    """A process that is asked once. None is started where this process has imported Great Expectations before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._helper: HelperProcess | None = None

    def start(self) -> None:
        """Starts the process, unless it runs already or this process has Great Expectations."""
        with self._lock, suppress(OSError):  # where none can be started, this process asks
            if self._helper is None and "great_expectations" not in sys.modules:
                self._helper = start_helper(__name__)

    def observe(self, url: str, rules: Sequence[Rule]) -> Mapping[str, Observed]:
        """Returns what `expectations.observe` does, asked by the process; by this one where there is none, or it ended."""
        from quality.expectations import observe  # noqa: PLC0415

        self.start()
        if self._helper is None:
            return observe(url, rules)
        try:
            self._helper.pipe.send((url, list(rules)))
            observed: Mapping[str, Observed] = self._helper.pipe.recv()
        except (EOFError, OSError):
            return observe(url, rules)
        finally:
            self.close()
        return observed

    def close(self) -> None:
        """Ends the process; it holds nothing that would be lost."""
        with self._lock:
            if self._helper is not None:
                self._helper.close()
            self._helper = None


def _observe_for_a_run(pipe: Connection) -> None:
    """Answers one question; without one, it ends with the run."""
    from quality.expectations import import_great_expectations, observe  # noqa: PLC0415

    import_great_expectations()
    with pipe, suppress(EOFError, OSError):
        pipe.send(observe(*pipe.recv()))


if __name__ == "__main__":
    _observe_for_a_run(own_pipe())
