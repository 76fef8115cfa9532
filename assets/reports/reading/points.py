"""Counts by unit and by procedure of the lists of a report, and of how its dossiers were served. Not here: words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assets.reports.reading.figures import Figures
from assets.reports.statements.listed_rows import DossierRow
from assets.reports.statements.queries import number
from assets.reports.statements.rows import ListCountRow

#: What is counted of the dossiers that a unit received in the period, and of those that it finished in it.
SERVED = (
    *("received", "online", "payment_stated", "paid_online", "digitised_stated", "digitised"),
    *("result_stated", "electronic_result", "with_either"),
)
#: What a stopped dossier is counted as besides its status.
OVERDUE = "overdue"
#: The procedure of a dossier of which no source names one.
UNNAMED = "x-unknown"


@dataclass(frozen=True)
class Counted:
    """How many dossiers of a list one unit or procedure has. A dossier of two kinds counts once in `dossiers`."""

    names: tuple[str, ...]
    dossiers: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    longest: int | None = None


def counted(
    rows: Sequence[ListCountRow], names_of: Callable[[ListCountRow], tuple[str, ...]]
) -> list[Counted]:
    """Returns the counts of each name out of those of a list, those with the most dossiers first."""
    dossiers: Counter[tuple[str, ...]] = Counter()
    kinds: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    longest: dict[tuple[str, ...], int] = {}
    for row in rows:
        names, days = names_of(row), row["longest"]
        dossiers[names] += row["dossiers"]
        kinds[names].update(dict.fromkeys(row["kinds"], row["listed"]))
        if days is not None:
            longest[names] = max(days, longest.get(names, days))
    every = [Counted(names, dossiers[names], kinds[names], longest.get(names)) for names in dossiers]
    return sorted(every, key=lambda count: (-count.dossiers, count.names))


def summed(counts: Sequence[Counted], names: tuple[str, ...] = ()) -> Counted:
    """Returns all of them as one. Each dossier has to be of one name alone."""
    kinds: Counter[str] = Counter()
    for row in counts:
        kinds.update(row.kinds)
    longest = [row.longest for row in counts if row.longest is not None]
    return Counted(names, sum(row.dossiers for row in counts), kinds, max(longest, default=None))


def unit_of(row: ListCountRow) -> tuple[str, ...]:
    """Returns the unit of a row."""
    return (row["unit_name"],)


def procedure_of(row: DossierRow | ListCountRow) -> tuple[str, ...]:
    """Returns code and name of the procedure of a row; empty where no source names them."""
    code, name = row["procedure_code"] or UNNAMED, row["procedure_name"] or ""
    return ("", "") if code == UNNAMED else (code if not code.startswith("x-") else "", name)


def unit_and_procedure_of(row: ListCountRow) -> tuple[str, ...]:
    """Returns both."""
    return (*unit_of(row), *procedure_of(row))


def served(figures: Figures) -> list[tuple[str, dict[str, int]]]:
    """Returns SERVED of each unit that received or finished a dossier in the period, in the order of the units.

    Units as they are chosen in the report; of a divided one, under an empty name.
    """
    sums: dict[int | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SERVED, 0))
    for row in figures.sections.received:
        for name in SERVED:
            sums[row["unit_no"]][name] += number(row, name)
    names = [(row["unit_no"], row["unit_name"]) for row in figures.sections.units]
    return [(name, sums[unit_no]) for unit_no, name in [*names, (None, "")] if unit_no in sums]


def stopped_in_time(figures: Figures) -> Counter[int]:
    """Returns how many of the dossiers in column 10 of the form are stopped or wait, by status."""
    counts: Counter[int] = Counter()
    for row in figures.counts_of("stopped"):
        if OVERDUE not in row["kinds"]:
            counts[int(row["kinds"][0])] += row["listed"]
    return counts


def not_handed_over(figures: Figures) -> tuple[int, int]:
    """Returns how many dossiers of column 5 of the form are not handed over, and how many that were finished before."""
    counts = summed(counted(figures.counts_of("hand_over"), unit_of))
    return counts.kinds.get("of_period", 0), counts.kinds.get("before", 0)
