"""Whole commands, measured as a user would run them: wall seconds and peak memory.

Peak memory is the sum over the command and all processes it started (the embedded server's too) of their proportional
shares (PSS), sampled five times a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Measured:
    """One command: wall seconds and peak memory in MB."""

    seconds: float
    peak_mb: float
    output: str


def measure(home: Path, *arguments: str) -> Measured:
    """Runs `motcua` with its home there and waits for it."""
    environment = os.environ | {"MOTCUA_HOME": str(home)}
    for name in ("MOTCUA_WAREHOUSE_URL", "MOTCUA_LANDING", "MOTCUA_SOURCES"):
        environment.pop(name, None)
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid, home))
            time.sleep(_SAMPLE_SECONDS)
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise SystemExit(f"motcua {' '.join(arguments)} ended with {process.returncode}:\n{text}")
    return Measured(seconds, peak / 1e6, text)


def _memory(pid: int, home: Path) -> float:
    """Bytes of the process, its children and the embedded server of the home."""
    pids = {pid}
    try:
        pids |= {child.pid for child in psutil.Process(pid).children(recursive=True)}
        postmaster = int((home / "pg" / "postmaster.pid").read_text().split()[0])
        pids |= {postmaster, *(child.pid for child in psutil.Process(postmaster).children(recursive=True))}
    except (OSError, ValueError, IndexError, psutil.Error):
        pass
    return sum(_share(each) for each in pids)


def _share(pid: int) -> float:
    try:
        return float(psutil.Process(pid).memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return 0.0


def told(what: str, found: Measured) -> None:
    """One line of the result."""
    print(f"{what}: {found.seconds:.1f} s, peak {found.peak_mb:.0f} MB", flush=True)
