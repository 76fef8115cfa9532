"""What is aimed at, work by work, and how a measured figure stands to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_UNITS = {"s": 1.0, "ms": 1e3, "kB": 1e-3, "GB": 1e-3, "": 1.0}


@dataclass(frozen=True)
class Aim:
    """A figure of the book and the most that it may be: `limit` times the figure of the side `of`, or `limit` in `unit`."""

    work: str
    title: str
    unit: str
    limit: float
    of: str | None = None

    @property
    def aim(self) -> str:
        """Returns the aim in words."""
        if self.of is None:
            return f"{self.limit:g} {self.unit}".strip()
        return f"{self.limit:g} × {SIDES[self.of]}"

    def share(self, figures: Mapping[str, Mapping[str, float]]) -> float | None:
        """Returns how many times what it is compared with the figure is, None where one of them was not measured."""
        sides = figures.get(self.work, {})
        against = 1.0 / _UNITS[self.unit] if self.of is None else sides.get(self.of)
        return sides["ours"] / against if "ours" in sides and against else None

    def shown(self, value: float) -> str:
        """Returns a figure in the unit of the aim."""
        return written(value * _UNITS[self.unit], self.unit)


SIDES = {
    "peers": "dlt + dbt",
    "before": "the older commit",
    "own": "its own on the smaller history",
    "duck": "DuckDB over Parquet",
    "floor": "a plain COPY",
}


def written(value: float, unit: str) -> str:
    """Returns a number of three figures with its unit."""
    number = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{number} {unit}".strip()


def aims(dossiers: int, changes: int, lists: int) -> list[Aim]:
    """Returns the aims at these sizes, in the order of the table."""
    all_, quarter, tenth, fiftieth = (f"{dossiers // part:,}" for part in (1, 4, 10, 50))
    return [
        Aim("load", f"first load, one list of {all_} dossiers", "s", 2.0, "peers"),
        Aim("day", f"a day of {changes:,} changes on {all_}", "s", 1.0, "peers"),
        Aim("day own", f"the same day, compared with one on {tenth}", "s", 1.3, "own"),
        Aim("full", f"a nightly full list of {all_} with {changes:,} changes", "s", 1.5, "peers"),
        Aim("lists", f"{lists:,} complete lists of 370 rows in one run", "s", 0.1, "before"),
        Aim("again", f"nothing new on {all_} (they: the last day's list again)", "s", 0.4, "peers"),
        Aim("again small", f"nothing new on {fiftieth} (they: the last day's list again)", "s", 1.0, "peers"),
        Aim("memory", "peak memory of Python in all of these", "GB", 1.0),
        Aim(
            "memory json",
            f"peak memory of Python for one national JSON file of {quarter} dossiers",
            "GB",
            1.0,
        ),
        Aim("disk", "disk a dossier with one statement", "kB", 2.5),
        Aim("disk year", "disk a dossier after a year of nightly full lists, 8 statements", "kB", 6.0),
        Aim("flow_rows", "rows of the daily flow a dossier, 124 units, 25 sectors", "", 1.0),
        Aim("form_now", f"`form_ii06` as known now, {all_} dossiers, slowest of three periods", "ms", 300.0),
        Aim("form_then", "the same as known a year ago", "ms", 300.0),
        Aim("definition_switch", "`definition_switch` on the demo", "s", 1.0),
        Aim("unit_ranking", "`unit_ranking` on the demo", "s", 1.0),
        Aim("indicator_qd766", "`indicator_qd766` on the demo", "s", 1.0),
        Aim("form_diff", "`form_diff` on the demo", "s", 1.0),
        Aim("questions", f"the slowest question of `queries.md` on {all_} dossiers", "s", 3.0),
        Aim("questions demo", "the slowest question of `queries.md` on the demo", "s", 1.0),
        Aim("demo", "the demo", "s", 0.5, "before"),
    ]
