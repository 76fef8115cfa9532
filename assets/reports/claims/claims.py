"""Claimed and recomputed: each figure of a unit's own report, what the warehouse has for it, and which definitions
would give the claimed number. Not here: saying so in a language (`claim_texts.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from assets.dimensions.known_units import ALL, KnownUnit, KnownUnits
from assets.reports.claims.claim_search import Definition, Hit, gives, named, other_periods, rounded, search
from assets.reports.claims.claim_words import MEASURES
from assets.reports.claims.claims_file import Claim, ClaimFile
from assets.reports.claims.cube import Group, read_cubes

Period = tuple[date, date]


@dataclass(frozen=True)
class Scope:
    """What claims are measured in where they say nothing else: the question of the report, and what it knows.

    `known_at` is an ISO instant or "infinity", `covered` the last day that exports reach; by_successor: units are
    counted with what they were before 1/7/2025.
    """

    start: date
    end: date
    units: tuple[str, ...]
    rule_set: str
    known_at: str
    covered: date | None
    by_successor: bool = False


@dataclass(frozen=True)
class _Placed:
    """A claim with its unit (None: the report's) and its period."""

    claim: Claim
    unit: KnownUnit | None
    period: Period

    def group(self, scope: Scope) -> Group:
        """Returns which units it counts."""
        if self.unit is None:
            return scope.units or None, None
        return (None, None) if self.unit.code == ALL else ((self.unit.code,), self.unit.valid_from)

    def base(self, scope: Scope) -> Definition:
        """Returns the definition that its name stands for in the report."""
        part = "lists" if scope.by_successor else "whole"
        return named(self.claim.meaning, scope.rule_set, part, self.period)


@dataclass(frozen=True)
class Answer:
    """A claim, and what the warehouse has for it. `unit` None: the units of the report.

    `base` is the definition that its name stands for and `own` what that gives, None where nothing can be counted.
    `exact` are the definitions that give the claimed number, the plainest first; `nearest` the closest number of any.
    """

    claim: Claim
    unit: KnownUnit | None
    period: Period
    base: Definition
    own: Hit | None
    exact: tuple[Hit, ...]
    nearest: Hit | None

    @property
    def recomputed(self) -> Decimal | None:
        """What the named definition gives, rounded at least to one decimal."""
        decimals = max(self.claim.decimals, 1)
        return rounded(self.claim.meaning.measure, self.own.value, decimals) if self.own else None

    @property
    def difference(self) -> Decimal | None:
        """Claimed less recomputed, both as exact as the claim."""
        if self.own is None:
            return None
        return self.claim.value - rounded(self.claim.meaning.measure, self.own.value, self.claim.decimals)

    @property
    def is_as_named(self) -> bool:
        """Returns True if the named definition gives the claimed number."""
        return self.own is not None and _gives(self.own, self.claim)


@dataclass(frozen=True)
class Unplaced:
    """A claim that can't be measured: its unit is unknown, or its period ends before it starts."""

    claim: Claim
    period: Period
    is_unit_unknown: bool


@dataclass(frozen=True)
class Compared:
    """`answers` in the order of the file, `unplaced` what could not be measured, `problems` sentences on bad entries."""

    answers: tuple[Answer, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[str, ...] = ()


def compare_claims(connection: Connection, file: ClaimFile, scope: Scope) -> Compared:
    """Returns the claims of a file with what the warehouse, as the report knows it, has for them."""
    placed, unplaced = _place(connection, file, scope)
    answers = _compare(connection, placed, scope) if placed else []
    return Compared(tuple(answers), tuple(unplaced), tuple(file.problems))


def _place(connection: Connection, file: ClaimFile, scope: Scope) -> tuple[list[_Placed], list[Unplaced]]:
    units = KnownUnits(connection) if any(claim.unit for claim in file.claims) else None
    placed, unplaced = [], []
    for claim in file.claims:
        start, end = period = claim.start or scope.start, claim.end or scope.end
        if start > end:
            unplaced.append(Unplaced(claim, period, is_unit_unknown=False))
            continue
        unit = units.find(claim.unit, start, end) if units and claim.unit else None
        if claim.unit and unit is None:
            unplaced.append(Unplaced(claim, period, is_unit_unknown=True))
            continue
        placed.append(_Placed(claim, unit, period))
    return placed, unplaced


def _compare(connection: Connection, placed: Sequence[_Placed], scope: Scope) -> list[Answer]:
    """Returns answers in the order of the claims; dear ways of counting only where a claim needs them."""
    groups = list(dict.fromkeys(claimed.group(scope) for claimed in placed))
    periods = {
        period: other_periods(*period, scope.covered)
        for period in dict.fromkeys(claimed.period for claimed in placed)
    }
    until = max(
        end for period, others in periods.items() for end in (period[1], *(last for _, last, _ in others))
    )
    # As the forms of the report: nothing is known of days after the horizon.
    until = min(until, scope.covered or until)
    hits_by_claim: dict[int, list[Hit]] = {}
    for cubes in read_cubes(connection, groups, until, scope.known_at):
        for at, claimed in enumerate(placed):
            if at not in hits_by_claim or not _is_met(hits_by_claim[at], claimed):
                base = claimed.base(scope)
                hits_by_claim[at] = list(
                    search(cubes[groups.index(claimed.group(scope))], base, periods[claimed.period])
                )
        if all(_is_met(hits_by_claim[at], claimed) for at, claimed in enumerate(placed)):
            break
    return [_answer(claimed, hits_by_claim[at], scope) for at, claimed in enumerate(placed)]


def _is_met(hits: Sequence[Hit], claimed: _Placed) -> bool:
    return any(_gives(hit, claimed.claim) for hit in hits)


def _gives(hit: Hit, claim: Claim) -> bool:
    measure = MEASURES[hit.definition.measure]
    return gives(measure, hit.value, claim.value, claim.decimals)


def _answer(claimed: _Placed, hits: Sequence[Hit], scope: Scope) -> Answer:
    base, claim = claimed.base(scope), claimed.claim
    nearest = min(
        hits, key=lambda hit: (abs(hit.value - claim.value), hit.distance, hit.definition), default=None
    )
    return Answer(
        claim=claim,
        unit=claimed.unit,
        period=claimed.period,
        base=base,
        own=next((hit for hit in hits if hit.definition == base), None),
        exact=tuple(_plainest([hit for hit in hits if _gives(hit, claim)], base)),
        nearest=nearest,
    )


def _plainest(hits: Sequence[Hit], base: Definition) -> list[Hit]:
    """Returns hits without those that change what another changes and one thing more, which then changes nothing."""
    plainest: list[tuple[frozenset[tuple[str, object]], Hit]] = []
    for hit in hits:
        changed = frozenset(vars(hit.definition).items()) - frozenset(vars(base).items())
        if not any(kept <= changed for kept, _ in plainest):
            plainest.append((changed, hit))
    return [hit for _, hit in plainest]
