"""What a step of the daily job took, measured when it has ended: for ops.run_step.

Here: asking Dagster for its times and the system for its memory. Not here: the row itself (`assets/run_log.py`).
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets.run_log import RunLog, StepMeasure

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # proc(5): the peak of resident memory begins again at what is resident now
_KIBIBYTE = 1024


def record_step(context: dg.HookContext, run: RunLog, is_success: bool) -> None:
    """Writes the row of a step that has ended, where a run of the daily job is on its way."""
    if not run.is_begun:
        return
    times = next(iter(context.instance.get_run_step_stats(context.run_id, [context.step_key])), None)
    now = datetime.now(UTC).timestamp()
    started = (times.start_time if times else None) or now
    ended = (times.end_time if times else None) or now
    run.step_ended(
        StepMeasure(
            step=context.step_key,
            started_at=datetime.fromtimestamp(started, UTC),
            seconds=max(ended - started, 0),
            status="success" if is_success else "failed",
            peak_memory_bytes=peak_memory_bytes(),
        )
    )


def peak_memory_bytes() -> int:
    """Returns the most memory that this process held since it was last asked; where the system keeps no such peak, since
    the process began.
    """
    with suppress(OSError, StopIteration):
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
        with suppress(OSError):  # some containers do not let it be reset
            _RESET.write_text(_RESET_PEAK, encoding="ascii")
        return peak * _KIBIBYTE
    unit = 1 if sys.platform == "darwin" else _KIBIBYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
