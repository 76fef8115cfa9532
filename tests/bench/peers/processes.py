"""Whole processes: wall seconds, and the peak memory of all that they started but PostgreSQL.

Memory is resident memory, which costs nothing to ask; what several processes of one tree share counts in each.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.1
_LAST_WORDS = 3_000


@dataclass(frozen=True)
class Run:
    """A process that ended well."""

    seconds: float
    python_mb: float
    output: str


def run_process(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> Run:
    """Runs the command and waits for it. `output` is its standard output; SystemExit when it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=dict(environment), cwd=folder, stdout=output, stderr=errors, text=True
        )
        peak = 0.0
        while True:
            peak = max(peak, _python_bytes(process.pid))
            try:
                process.wait(_SAMPLE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        seconds = time.perf_counter() - began
        output.seek(0)
        errors.seek(0)
        text, words = output.read(), errors.read()
    if process.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {process.returncode}:\n{(text + words)[-_LAST_WORDS:]}"
        )
    return Run(seconds, peak / 1e6, text)


def _python_bytes(pid: int) -> float:
    """Returns the resident bytes of the process and its children, servers left out."""
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0.0
    return sum(_resident(each) for each in processes)


def _resident(process: psutil.Process) -> float:
    try:
        return 0.0 if process.name().startswith("postgres") else float(process.memory_info().rss)
    except psutil.Error:
        return 0.0
