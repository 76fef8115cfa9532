"""Which alerts share a notice: a spike of a whole province is one notice, not one a commune.

Pure. An alert goes with the widest of those above it that notices name too: sector, unit, district of old, province.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assets.alerts.signal import Signal

#: Alerts of one province notified in one run without one of the province itself: from so many on, one notice.
GROUP_LEAST = 5
_ORDER = {"province": 0, "district": 1, "unit": 2, "stock": 3, "unit_field": 4}


class UnitPlace(NamedTuple):
    """Where a unit lies: codes of its district of old, None where it has none, and of its province."""

    district_code: str | None
    province_code: str


def groups(
    signals: Mapping[str, Signal], places: Mapping[str, UnitPlace], least: int = GROUP_LEAST
) -> list[list[str]]:
    """Returns the alert ids of each notice, the leading one first; each alert is in exactly one group."""
    by_key = {
        (signal.kind, signal.unit_code): alert_id
        for alert_id, signal in sorted(signals.items())
        if signal.kind in ("province", "district", "unit")
    }
    by_root: dict[str, list[str]] = defaultdict(list)
    for alert_id, signal in signals.items():
        by_root[_root(alert_id, signal, by_key, places)].append(alert_id)
    merged: list[list[str]] = []
    for roots in _by_province(by_root, signals, places).values():
        if len(roots) >= least:
            merged.append([alert_id for root in roots for alert_id in by_root[root]])
        else:
            merged += [by_root[root] for root in roots]
    ordered = [sorted(group, key=lambda alert_id: _rank(alert_id, signals[alert_id])) for group in merged]
    return sorted(ordered, key=lambda group: _rank(group[0], signals[group[0]]))


def _root(
    alert_id: str,
    signal: Signal,
    by_key: Mapping[tuple[str, str], str],
    places: Mapping[str, UnitPlace],
) -> str:
    where = places.get(signal.unit_code)
    above = [("province", where.province_code)] if where else []
    if where and where.district_code:
        above.append(("district", where.district_code))
    above.append(("unit", signal.unit_code))
    return next((by_key[key] for key in above if key in by_key), alert_id)


def _by_province(
    roots: Mapping[str, Sequence[str]], signals: Mapping[str, Signal], places: Mapping[str, UnitPlace]
) -> dict[str, list[str]]:
    by_province: dict[str, list[str]] = defaultdict(list)
    for root in sorted(roots):
        where = places.get(signals[root].unit_code)
        by_province[where.province_code if where else signals[root].unit_code].append(root)
    return by_province


def _rank(alert_id: str, signal: Signal) -> tuple[object, ...]:
    """Returns a sort key: the widest first, then the gravest, then the rarest."""
    return (
        _ORDER.get(signal.kind, 9),
        signal.severity != "critical",
        1.0 if signal.p_value is None else signal.p_value,
        -signal.observed,
        alert_id,
    )
