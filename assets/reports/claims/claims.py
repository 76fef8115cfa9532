"""Claimed beside recomputed: each figure of a unit's own report, what the warehouse has for it, and which definition
would give the claimed number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from assets.dimensions.known_units import ALL, KnownUnit, KnownUnits
from assets.reports.claims.claim_checks import checks
from assets.reports.claims.claim_search import (
    HANDOVER,
    Definition,
    Hit,
    gives,
    named,
    other_periods,
    rounded,
    search,
)
from assets.reports.claims.claim_words import MEASURES
from assets.reports.claims.claims_file import Claim, ClaimFile
from assets.reports.claims.cube import Group, read_cubes
from assets.reports.words.sealed_words import Words

Row = Mapping[str, Any]
_TOLD = 2  # exact hits named besides the count of the others
Period = tuple[date, date]


@dataclass(frozen=True)
class Scope:
    """What claims are measured in where they say nothing else: the question of the report, and what it knows.

    `known_at` is an ISO instant or "infinity", `covered` the last day that exports reach, `unit_name` what the units
    of the report are called together; by_successor: units are counted with what they were before 1/7/2025.
    """

    start: date
    end: date
    units: tuple[str, ...]
    unit_name: str
    rule_set: str
    known_at: str
    covered: date | None
    lang: str = "vi"
    by_successor: bool = False


@dataclass(frozen=True)
class _Placed:
    """A claim with its unit (None: the report's) and its period."""

    claim: Claim
    unit: KnownUnit | None
    period: Period

    def group(self, scope: Scope) -> Group:
        """Which units it counts."""
        if self.unit is None:
            return scope.units or None, None
        return (None, None) if self.unit.code == ALL else ((self.unit.code,), self.unit.valid_from)

    def base(self, scope: Scope) -> Definition:
        """The definition that its name stands for in the report."""
        part = "lists" if scope.by_successor else "whole"
        return named(self.claim.meaning, scope.rule_set, part, self.period)


@dataclass(frozen=True)
class Compared:
    """`rows` in the order of the file; `checks` are sentences on the claims among themselves, `problems` on bad rows.

    A row: claim, unit_name, period, claimed, recomputed, difference (claimed less recomputed), definition_vi, is_share,
    figure, and claimed_text, recomputed_text, difference_text as the language of the report writes them. Shares are of 1;
    recomputed and difference are None where nothing can be counted.
    """

    rows: tuple[Row, ...] = ()
    checks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def compare_claims(connection: Connection, file: ClaimFile, scope: Scope) -> Compared:
    """The claims of a file beside what the warehouse, as the report knows it, has for them."""
    words = Words(scope.lang)
    placed, problems = _place(connection, file, scope, words)
    rows = _compare(connection, placed, scope, words) if placed else []
    return Compared(tuple(rows), tuple(checks(rows, words)), (*file.problems, *problems))


def _place(
    connection: Connection, file: ClaimFile, scope: Scope, words: Words
) -> tuple[list[_Placed], list[str]]:
    units = KnownUnits(connection) if any(claim.unit for claim in file.claims) else None
    placed, problems = [], []
    for claim in file.claims:
        start, end = claim.start or scope.start, claim.end or scope.end
        about = {"file": claim.file, "place": claim.place}
        if start > end:
            problems.append(
                words.say("claim_period_order", start=words.day(start), end=words.day(end), **about)
            )
            continue
        unit = units.find(claim.unit, start, end) if units and claim.unit else None
        if claim.unit and unit is None:
            problems.append(words.say("claim_unit_unknown", unit=claim.unit, **about))
            continue
        placed.append(_Placed(claim, unit, (start, end)))
    return placed, problems


def _compare(connection: Connection, placed: Sequence[_Placed], scope: Scope, words: Words) -> list[Row]:
    """Rows in the order of the claims; dear ways of counting only where a claim needs them."""
    groups = list(dict.fromkeys(one.group(scope) for one in placed))
    periods = {
        period: other_periods(*period, scope.covered)
        for period in dict.fromkeys(one.period for one in placed)
    }
    until = max(
        end for period, others in periods.items() for end in (period[1], *(last for _, last, _ in others))
    )
    found: dict[int, list[Hit]] = {}
    for cubes in read_cubes(connection, groups, until, scope.rule_set, scope.known_at):
        for at, one in enumerate(placed):
            if at not in found or not _is_met(found[at], one):
                base = one.base(scope)
                found[at] = list(search(cubes[groups.index(one.group(scope))], base, periods[one.period]))
        if all(_is_met(found[at], one) for at, one in enumerate(placed)):
            break
    return [_row(one, found[at], scope, words) for at, one in enumerate(placed)]


def _is_met(hits: Sequence[Hit], one: _Placed) -> bool:
    return any(_gives(hit, one.claim) for hit in hits)


def _gives(hit: Hit, claim: Claim) -> bool:
    measure = MEASURES[hit.definition.measure]
    return gives(measure, hit.value, claim.value, claim.decimals)


def _row(one: _Placed, hits: Sequence[Hit], scope: Scope, words: Words) -> Row:
    claim, measure = one.claim, one.claim.meaning.measure
    base = one.base(scope)
    own = next((hit for hit in hits if hit.definition == base), None)
    recomputed = rounded(measure, own.value, max(claim.decimals, 1)) if own else None
    difference = claim.value - rounded(measure, own.value, claim.decimals) if own is not None else None

    def said(value: Decimal | None, decimals: int = claim.decimals) -> str:
        if value is None:
            return "–"
        return words.share(value, decimals) if measure.is_share else words.number(int(value))

    return {
        "claim": claim.text,
        "figure": measure.name,
        "unit_code": one.unit.code if one.unit else None,
        "unit_name": one.unit.name if one.unit else scope.unit_name,
        "period": f"{words.day(one.period[0])} – {words.day(one.period[1])}",
        "claimed": _plain(claim.value, measure.is_share),
        "recomputed": _plain(recomputed, measure.is_share),
        "difference": _plain(difference, measure.is_share),
        "definition_vi": _definition(one, hits, own, scope, words),
        "is_share": measure.is_share,
        "decimals": claim.decimals,
        "claimed_text": said(claim.value),
        "recomputed_text": said(recomputed, max(claim.decimals, 1)),
        "difference_text": said(difference),
    }


def _plain(value: Decimal | None, is_share: bool) -> Decimal | int | None:
    return value if value is None or is_share else int(value)


def _definition(one: _Placed, hits: Sequence[Hit], own: Hit | None, scope: Scope, words: Words) -> str:
    """Which definition gives the claimed number: the named one, else exact ones, else the nearest number."""
    if not hits:
        return words.say("claim_nothing")
    if own and _gives(own, one.claim):
        return words.say("claim_same", definition=_called(own.definition, one, scope, words))
    exact = _plainest([hit for hit in hits if _gives(hit, one.claim)], one, scope)
    if exact:
        told = words.say(
            "claim_hit",
            definition=_called(exact[0].definition, one, scope, words),
            value=_value(exact[0], one.claim, words),
        )
        for hit in exact[1:_TOLD]:
            told += words.say("claim_also", definition=_called(hit.definition, one, scope, words))
        if len(exact) > _TOLD:
            told += words.say("claim_others", count=words.number(len(exact) - _TOLD))
        return told
    nearest = min(hits, key=lambda hit: (abs(hit.value - one.claim.value), hit.distance, hit.definition))
    measure = MEASURES[nearest.definition.measure]
    off = one.claim.value - nearest.value
    return words.say(
        "claim_nearest",
        definition=_called(nearest.definition, one, scope, words),
        value=_value(nearest, one.claim, words),
        difference=words.share(off, one.claim.decimals + 1) if measure.is_share else words.number(int(off)),
    )


def _plainest(hits: Sequence[Hit], one: _Placed, scope: Scope) -> list[Hit]:
    """Hits without those that change what another changes and one thing more, which then changes nothing."""
    base = one.base(scope)
    found: list[tuple[frozenset[tuple[str, object]], Hit]] = []
    for hit in hits:
        changed = frozenset(vars(hit.definition).items()) - frozenset(vars(base).items())
        if not any(kept <= changed for kept, _ in found):
            found.append((changed, hit))
    return [hit for _, hit in found]


def _value(hit: Hit, claim: Claim, words: Words) -> str:
    if MEASURES[hit.definition.measure].is_share:
        return words.share(hit.value, max(claim.decimals, 1))
    return words.number(int(hit.value))


def _called(definition: Definition, one: _Placed, scope: Scope, words: Words) -> str:
    """A definition in words: what is counted, when, of whom, under which rules."""
    measure, base = MEASURES[definition.measure], one.base(scope)
    said = measure.title_vi if words.lang == "vi" else measure.title_en
    end = words.day(definition.end)
    if (definition.start, definition.end) != one.period:
        said += words.say("claim_in_period", start=words.day(definition.start), end=end)
    elif measure.is_stock:
        said += words.say("claim_at_end", end=end)
    limits = [
        *([] if measure.name == "online_share" else [words.texts["claim_channels"][definition.channels]]),
        words.texts["claim_bases"][definition.basis],
        *([words.texts["claim_parts"][definition.part]] if definition.part != base.part else []),
        words.say("claim_handover")
        if definition.rule_set == HANDOVER
        else words.say("claim_rule_set", rule_set=definition.rule_set),
        *([words.say("claim_now")] if definition.known != "asked" else []),
    ]
    return f"{said} ({', '.join(limits)})"
