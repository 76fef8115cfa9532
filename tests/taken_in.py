"""Worlds that many tests begin with, by the name of the fixture: taken in once a session and server, then copied.

Here: what is said in them. Not here: templates and copies (conftest.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date

from tests.pipeline.sealed_world import say_first, say_second
from tests.worlds import SAMPLES, World


def _sample(name: str) -> Callable[[World], None]:
    def lay(world: World) -> None:
        shutil.copytree(SAMPLES / name / "landing", world.landing, dirs_exist_ok=True)

    return lay


def _small(world: World) -> None:
    say_first(world)
    say_second(world)


def _divided(world: World) -> None:
    from tests.sql.test_units_reform import divided_desk

    divided_desk().tell(world)


def _three_months(world: World) -> None:
    from pipelines.simulator import simulate

    simulate(world.landing, start=date(2023, 1, 10), end=date(2023, 4, 20), dossiers=1500, seed=11)


#: Each lays its files; a run takes in what is not yet.
WORLDS: dict[str, Callable[[World], None]] = {
    "sample": _sample("tinh_bien_2023_02_csv"),
    "july": _sample("tinh_bien_2023_07"),
    "small": _small,
    "divided": _divided,
    "three_months": _three_months,
}
