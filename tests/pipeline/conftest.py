"""What tests of the whole way share: the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Done, Motcua, own_environment, run_here, run_process


@pytest.fixture
def motcua(warehouse_url: str, tmp_path: Path) -> Motcua:
    """Runs a command in a home of its own, on a warehouse of its own."""

    def run(*arguments: str, **environment: str) -> Done:
        own = own_environment(tmp_path / "nhà của tôi", warehouse_url)
        return run_here(arguments, own | environment, tmp_path)

    return run


@pytest.fixture
def motcua_alone(tmp_path: Path) -> Motcua:
    """The same with no warehouse: for what has to be said before one is asked."""

    def run(*arguments: str, **environment: str) -> Done:
        own = own_environment(tmp_path / "nhà của tôi", "postgresql://ai@127.0.0.1:1/x")
        return run_here(arguments, own | environment, tmp_path)

    return run


@pytest.fixture
def motcua_process(warehouse_url: str, tmp_path: Path) -> Motcua:
    """As `motcua`, in a process of its own."""

    def run(*arguments: str, **environment: str) -> Done:
        own = own_environment(tmp_path / "nhà của tôi", warehouse_url)
        return run_process(arguments, own | environment, tmp_path)

    return run
