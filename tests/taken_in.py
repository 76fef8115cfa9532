"""Worlds that many tests begin with, by the name of the fixture: taken in once a session and server, then copied.

Here: what is said in them. Not here: templates and copies (conftest.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date

from tests.pipeline.sealed_world import say_first, say_second
from tests.worlds import SAMPLES, World, national


def _sample(name: str) -> Callable[[World], None]:
    def lay(world: World) -> None:
        shutil.copytree(SAMPLES / name / "landing", world.landing, dirs_exist_ok=True)

    return lay


def _small(world: World) -> None:
    say_first(world)
    say_second(world)


def _two_months(world: World) -> None:
    for month, online, late in ((7, 1, 2), (8, 3, 0)):
        first = f"2023-{month:02}-17"
        codes = [f"000.26.33.H01-23{month:02}17-{n:04}" for n in range(1, 5)]
        common = {"received": f"{first} 09:00", "due": f"2023-{month:02}-18 09:00"}
        channels = ["2" if n < online else "1" for n in range(4)]
        world.say_national(
            f"{first} 18:30",
            *(
                national(code, KenhThucHien=channel, **common)
                for code, channel in zip(codes, channels, strict=True)
            ),
        )
        world.say_national(
            f"2023-{month:02}-25 18:30",
            *(
                national(
                    code,
                    KenhThucHien=channel,
                    status=10,
                    ended=f"2023-{month:02}-{'24' if n < late else '18'} 08:00",
                    **common,
                )
                for n, (code, channel) in enumerate(zip(codes, channels, strict=True))
            ),
        )


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
    "four_dossiers": say_first,
    "two_months": _two_months,
    "divided": _divided,
    "three_months": _three_months,
}
