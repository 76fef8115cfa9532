"""Processes that this one has started and that still run."""

from __future__ import annotations

import psutil


def children_running(module: str) -> list[psutil.Process]:
    """Returns those that were started to run this module."""
    return [child for child in psutil.Process().children() if module in _command(child)]


def _command(process: psutil.Process) -> str:
    """Returns how it was started; nothing of a process that ended, such as one another test left behind."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""
