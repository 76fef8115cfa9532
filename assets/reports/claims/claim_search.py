"""The search for a definition that gives a claimed number: what is counted, under which rules, of whom and when.

A definition is near when little of the meaning of the claim's own name has to be changed for it. At most two things
are changed at once: with more, any small number is met by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import polars as pl

from assets.reports.claims.claim_words import BASES, CHANNELS, MEASURES, Meaning, Measure

HANDOVER = "ii06_handover"
_MOST_CHANGES = 2
#: Whole unit with its parts; the named unit alone; its parts without it; with what it was, or became, on 1/7/2025.
PARTS: dict[str, tuple[str, ...]] = {
    "whole": ("own", "part"),
    "own": ("own",),
    "parts": ("part",),
    "lists": ("own", "part", "other"),
}
_SLIPS = (1, -1, 2, -2, 3, -3)
#: What changing one thing costs, in steps away from the named meaning.
_OTHER_RULE_SET, _OTHER_CHANNEL, _OTHER_BASIS, _OTHER_PART, _OTHER_KNOWLEDGE = 1.0, 0.8, 0.9, 1.5, 1.2
_DAY, _PERIOD = 0.7, 1.0
CUBE_SCHEMA = {
    "group_no": pl.Int64,
    "rule_set": pl.String,
    "channel": pl.Int64,
    "place": pl.String,
    "received_on": pl.Date,
    "kind": pl.String,
    "event_on": pl.Date,
    "quantity": pl.Int64,
}


@dataclass(frozen=True, order=True)
class Definition:
    """One way to count: `known` is "asked" for what the report itself knows, or "now" for all that has arrived."""

    measure: str
    rule_set: str
    channels: str
    basis: str
    part: str
    start: date
    end: date
    known: str = "asked"


@dataclass(frozen=True)
class Hit:
    """A definition, what it gives (a count, or a share of 1), and how far its meaning is from the named one."""

    definition: Definition
    value: Decimal
    distance: float


class Cube:
    """Events of the units of a group of claims, summed by rule set, channel, day of reception, kind and day (`CUBE_SCHEMA`)."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self._sums: dict[tuple[str, date, date], Mapping[tuple[str, int, str], Mapping[str, int]]] = {}

    @cached_property
    def rule_sets(self) -> tuple[str, ...]:
        """The rule sets it was counted under."""
        return tuple(sorted(self.frame["rule_set"].unique().to_list()))

    @cached_property
    def places(self) -> frozenset[str]:
        """Whose dossiers there are: those of the unit itself, of its parts, of what it was or became."""
        return frozenset(self.frame["place"].unique().to_list())

    def counts(self, definition: Definition) -> Mapping[str, int]:
        """Returns what a definition's scope holds: received, before, carried, early, on_time, late, untimed,
        became, overdue.
        """
        sums = self._period(definition.basis, definition.start, definition.end)
        sums_by_name: dict[str, int] = {}
        for channel in sorted(CHANNELS[definition.channels]):
            for place in PARTS[definition.part]:
                for name, value in sums.get((definition.rule_set, channel, place), {}).items():
                    sums_by_name[name] = sums_by_name.get(name, 0) + value
        return sums_by_name

    def _period(self, basis: str, start: date, end: date) -> Mapping[tuple[str, int, str], Mapping[str, int]]:
        asked = (basis, start, end)
        if asked not in self._sums:
            self._sums[asked] = _summed(self.frame, basis, start, end)
        return self._sums[asked]


def _summed(
    frame: pl.DataFrame, basis: str, start: date, end: date
) -> Mapping[tuple[str, int, str], Mapping[str, int]]:
    rows = frame.lazy().filter(pl.col("event_on") <= end)
    if basis == "received":
        rows = rows.filter(pl.col("received_on").is_between(start, end))
    quantity, kind, is_in = pl.col("quantity"), pl.col("kind"), pl.col("event_on") >= start
    resolved = kind.str.starts_with("resolved_")

    def of(condition: pl.Expr) -> pl.Expr:
        return quantity.filter(condition).sum()

    summed = (
        rows.group_by("rule_set", "channel", "place")
        .agg(
            of(is_in & (kind == "received")).alias("received"),
            (of(~is_in & (kind == "received")) - of(~is_in & resolved)).alias("carried"),
            *(
                of(is_in & (kind == f"resolved_{name}")).alias(name)
                for name in ("early", "on_time", "late", "untimed")
            ),
            of(is_in & (kind == "became_overdue")).alias("became"),
            (of(kind == "became_overdue") - of(kind == "overdue_cleared")).alias("overdue"),
        )
        .collect()
    )
    return {
        (row.pop("rule_set"), row.pop("channel"), row.pop("place")): row
        for row in summed.iter_rows(named=True)
    }


def value_of(cube: Cube, definition: Definition) -> Decimal | None:
    """Returns what a definition gives, or None where a share has no whole."""
    if definition.measure == "online_share":
        online, whole = (
            cube.counts(_with(definition, channels=channels)).get("received", 0)
            for channels in ("online", "all")
        )
        return _share(online, whole)
    counts = cube.counts(definition)

    def get(name: str) -> int:
        return counts.get(name, 0)

    timely = get("early") + get("on_time")
    timed = timely + get("late")
    resolved = timed + get("untimed")
    received = get("received")
    total = received + get("carried")
    pending = total - resolved
    overdue = get("overdue")
    values: dict[str, int | Decimal | None] = {
        "received": received,
        "received_total": total,
        "carried_over": get("carried"),
        "resolved": resolved,
        "resolved_timed": timed,
        "early": get("early"),
        "on_time": get("on_time"),
        "early_or_on_time": timely,
        "late": get("late"),
        "pending": pending,
        "pending_in_time": pending - overdue,
        "overdue_open": overdue,
        "newly_overdue": get("became"),
        "late_or_overdue": get("late") + overdue,
        "resolved_share": _share(resolved, received),
        "on_time_share": _share(timely, timed),
        "late_share": _share(get("late"), timed),
        "overdue_share": _share(overdue, pending),
        "in_time_share": _share(timely + pending - overdue, total),
    }
    value = values[definition.measure]
    return Decimal(value) if isinstance(value, int) else value


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole > 0 else None


def _with(definition: Definition, **changed: Any) -> Definition:
    values = {name: getattr(definition, name) for name in Definition.__dataclass_fields__}
    return Definition(**(values | changed))


def gives(measure: Measure, value: Decimal, claimed: Decimal, decimals: int) -> bool:
    """Returns whether a value is the claimed one; a share to the decimals of per cent that it was claimed with."""
    return rounded(measure, value, decimals) == rounded(measure, claimed, decimals)


def rounded(measure: Measure, value: Decimal, decimals: int) -> Decimal:
    """Returns a share as it would be written with so many decimals of per cent, as a share of 1; a count as it is."""
    if not measure.is_share:
        return value
    unit = Decimal(1).scaleb(-decimals)
    return (value * 100).quantize(unit, ROUND_HALF_UP) / 100


def named(meaning: Meaning, rule_set: str, part: str, period: tuple[date, date]) -> Definition:
    """Returns the definition that the name of a claim stands for; `part` is one of PARTS."""
    return Definition(meaning.measure.name, rule_set, meaning.channels, meaning.basis, part, *period)


def search(
    cubes: Mapping[str, Cube], base: Definition, ends: Sequence[tuple[date, date, float]]
) -> Iterator[Hit]:
    """Yields every definition near the base and what it gives, the nearest first; the base itself among them.

    `cubes` by what is known ("asked", "now"); `ends` are other periods with what changing to them costs.
    """
    hits = [
        Hit(definition, value, distance)
        for definition, distance in _near(cubes, base, ends)
        if (value := value_of(cubes[definition.known], definition)) is not None
    ]
    yield from sorted(hits, key=lambda hit: (round(hit.distance, 6), hit.definition))


def _near(
    cubes: Mapping[str, Cube], base: Definition, ends: Sequence[tuple[date, date, float]]
) -> Iterator[tuple[Definition, float]]:
    changes = list(_changes(cubes, base, ends))
    seen: set[Definition] = set()
    for chosen in _combinations(changes):
        definition = _with(
            base, **{name: value for _, changed, _ in chosen for name, value in changed.items()}
        )
        if (
            definition.known in cubes
            and definition.rule_set in cubes[definition.known].rule_sets
            and definition not in seen
        ):
            seen.add(definition)
            yield definition, sum(cost for _, _, cost in chosen)


_Change = tuple[str, Mapping[str, Any], float]


def _combinations(changes: Sequence[_Change]) -> Iterator[tuple[_Change, ...]]:
    """Yields no change, each change, and each two of different kinds."""
    yield ()
    for place, first in enumerate(changes):
        yield (first,)
        for second in changes[place + 1 :] if _MOST_CHANGES > 1 else ():
            if first[0] != second[0]:
                yield first, second


def _changes(
    cubes: Mapping[str, Cube], base: Definition, ends: Sequence[tuple[date, date, float]]
) -> Iterator[_Change]:
    for place, measure in enumerate(MEASURES[base.measure].near):
        yield "measure", {"measure": measure}, 0.5 + 0.25 * place
    for rule_set in sorted({name for cube in cubes.values() for name in cube.rule_sets} - {base.rule_set}):
        yield "rule_set", {"rule_set": rule_set}, _OTHER_RULE_SET
    yield from (
        ("channels", {"channels": name}, _OTHER_CHANNEL * _steps(CHANNELS, base.channels, name))
        for name in CHANNELS
        if name != base.channels
    )
    for basis in BASES:
        if basis != base.basis:
            yield "basis", {"basis": basis}, _OTHER_BASIS
    places = frozenset[str]().union(*(cube.places for cube in cubes.values()))
    for part, of in PARTS.items():
        # what nobody has changes nothing
        if part != base.part and places & set(of) != places & set(PARTS[base.part]):
            yield "part", {"part": part}, _OTHER_PART
    for start, end, cost in ends:
        yield "period", {"start": start, "end": end}, cost
    for known in cubes:
        if known != base.known:
            yield "known", {"known": known}, _OTHER_KNOWLEDGE


def _steps(order: Iterable[str], here: str, there: str) -> float:
    places = list(order)
    return 1 + 0.25 * (abs(places.index(here) - places.index(there)) - 1)


def other_periods(start: date, end: date, covered: date | None) -> list[tuple[date, date, float]]:
    """Returns periods that a report of these days may have meant, each with what changing to it costs; none beyond
    `covered`.

    A cut-off some days off; the reporting calendar (15 to 14) and the civil one; nine months and the year so far.
    """
    costs: dict[tuple[date, date], float] = {}

    def offer(first: date, last: date, cost: float) -> None:
        is_known = covered is None or last <= covered
        if (first, last) != (start, end) and first <= last and is_known:
            costs[first, last] = min(cost, costs.get((first, last), cost))

    for slip in _SLIPS:
        offer(start, end + timedelta(days=slip), _DAY + 0.1 * (abs(slip) - 1))
    for slip in (1, -1):
        offer(start + timedelta(days=slip), end, _DAY)
    starts = (start, *_starts(start))
    for place, first in enumerate(starts):
        for last in (end, *_ends(end)):
            offer(first, last, _PERIOD + (0.2 if place and last != end else 0.0))
    return [(*days, cost) for days, cost in sorted(costs.items())]


def _starts(start: date) -> Iterator[date]:
    year = start.year + 1 if (start.month, start.day) >= (12, 15) else start.year
    yield date(year - 1, 12, 15)
    yield date(year, 1, 1)


def _ends(end: date) -> Iterator[date]:
    """Yields the 14th and the last day of months around it, and the end of nine reporting months."""
    first = end.replace(day=1)
    before = first - timedelta(days=1)
    yield before
    yield before.replace(day=14)
    yield end.replace(day=14)
    yield (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    yield date(end.year, 9, 14)
    yield date(end.year, 9, 30)
