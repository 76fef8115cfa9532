"""Form II.06 by unit as each side has it, and where two of them differ: times count only for equal answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEASURES = ("received", "early", "on_time", "late", "pending", "overdue")
#: By unit, each measure.
Form = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Difference:
    """One figure of one unit that two sides count differently."""

    unit: str
    measure: str
    ours: int
    theirs: int


class DisagreementError(RuntimeError):
    """Two sides answer one question differently, and nothing explains it."""


def differences(ours: Form, theirs: Form) -> list[Difference]:
    """Returns all figures that differ. A unit or figure that one side does not have counts as nothing."""
    return [
        Difference(unit, measure, mine, other)
        for unit in sorted(ours.keys() | theirs.keys())
        for measure in MEASURES
        if (mine := _figure(ours, unit, measure)) != (other := _figure(theirs, unit, measure))
    ]


def compare(question: str, ours: Form, theirs: Form, explained: Mapping[str, str] | None = None) -> list[str]:
    """Returns a sentence for each measure that differs for a reason in `explained`, which is by measure.

    Raises DisagreementError on any other difference, and where there is nothing to compare.
    """
    if not total(ours)["received"]:
        raise DisagreementError(f"{question}: no dossier was received, so nothing is compared")
    differing = differences(ours, theirs)
    reasons = explained or {}
    unexplained = [each for each in differing if each.measure not in reasons]
    if unexplained:
        shown = "; ".join(
            f"{each.unit}, {each.measure}: {each.ours} and {each.theirs}" for each in unexplained[:5]
        )
        raise DisagreementError(f"{question}: {len(unexplained)} figures differ: {shown}")
    return [
        f"{question}: `{measure}` of {len(units)} units differs by {sum(units):+,} altogether: {reason}"
        for measure, reason in reasons.items()
        if (units := [each.theirs - each.ours for each in differing if each.measure == measure])
    ]


def total(form: Form) -> dict[str, int]:
    """Returns the sums over all units."""
    return {measure: sum(_figure(form, unit, measure) for unit in form) for measure in MEASURES}


def _figure(form: Form, unit: str, measure: str) -> int:
    return form.get(unit, {}).get(measure) or 0
