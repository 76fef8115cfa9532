"""What tests of the whole way share: the command line, small worlds already taken in, and receivers of notices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.command_line import Done, Motcua, own_environment, run_here, run_process
from tests.pipeline.sealed_world import say_first, say_second
from tests.worlds import SAMPLES, World


@pytest.fixture
def motcua(warehouse_url: str, tmp_path: Path) -> Motcua:
    """Runs a command in a home of its own, on a warehouse of its own."""

    def run(*arguments: str, **environment: str) -> Done:
        own = own_environment(tmp_path / "nhà của tôi", warehouse_url)
        return run_here(arguments, own | environment, tmp_path)

    return run


@pytest.fixture
def motcua_process(warehouse_url: str, tmp_path: Path) -> Motcua:
    """The same in a process of its own."""

    def run(*arguments: str, **environment: str) -> Done:
        own = own_environment(tmp_path / "nhà của tôi", warehouse_url)
        return run_process(arguments, own | environment, tmp_path)

    return run


@pytest.fixture
def sample(warehouse: Engine, tmp_path: Path) -> World:
    """A sample with late and overdue dossiers, taken in."""
    world = World(warehouse, tmp_path)
    shutil.copytree(SAMPLES / "tinh_bien_2023_02_csv" / "landing", world.landing, dirs_exist_ok=True)
    world.run()
    return world


@pytest.fixture
def small(warehouse: Engine, tmp_path: Path) -> World:
    """A few dossiers, one late and one open and overdue."""
    world = World(warehouse, tmp_path)
    say_first(world)
    say_second(world)
    world.run()
    return world
