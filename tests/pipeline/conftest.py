"""What tests of the whole way share: the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import HOME, Done, Motcua, own_environment, run_here, run_process


@pytest.fixture
def motcua(warehouse_url: str, tmp_path: Path) -> Motcua:
    """Runs a command in a home of its own, on a warehouse of its own."""
    return _at_home(run_here, warehouse_url, tmp_path)


@pytest.fixture
def motcua_alone(tmp_path: Path) -> Motcua:
    """The same with no warehouse: for what has to be said before one is asked."""
    return _at_home(run_here, "postgresql://ai@127.0.0.1:1/x", tmp_path)


@pytest.fixture
def motcua_process(warehouse_url: str, tmp_path: Path) -> Motcua:
    """As `motcua`, in a process of its own."""
    return _at_home(run_process, warehouse_url, tmp_path)


def _at_home(way: Callable[..., Done], url: str, root: Path) -> Motcua:
    def run(*arguments: str, **environment: str) -> Done:
        return way(arguments, own_environment(root / HOME, url) | environment, root)

    return run
