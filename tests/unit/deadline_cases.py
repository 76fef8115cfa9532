"""The vectors of deadline_vectors.yaml as cases, and the calendar they are counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.dimensions.work_calendar import WorkCalendar, WorkingHours, work_calendar
from assets.facts.deadline import Case, Due, Extension, Limit, Limits, Office, Pause, limit_for

VECTORS = Path(__file__).with_name("deadline_vectors.yaml")


@dataclass(frozen=True)
class Vector:
    """One line of the file: what holds, from what, and what must come out."""

    rule: str
    by: tuple[str, ...]
    case: Case
    office: Office
    due: Due


@cache
def calendar() -> WorkCalendar:
    return work_calendar(date(2022, 12, 1), date(2027, 12, 31))


@cache
def vectors() -> list[Vector]:
    return [_vector(entry) for entry in yaml.safe_load(VECTORS.read_text(encoding="utf-8"))]


def _vector(entry: dict[str, Any]) -> Vector:
    limit = _limit(entry.pop("limit")) if "limit" in entry else _chosen(entry)
    hours = [(_time(a), _time(b)) for a, b in entry.pop("hours", [])]
    office = Office(
        calendar(),
        WorkingHours(tuple(hours)) if hours else WorkingHours(),
        entry.pop("skip_holidays", False),
        entry.pop("pause_days", "exact"),
    )
    case = Case(
        entry.pop("received"),
        limit[0],
        limit[1],
        [Pause(a, b) for a, b in entry.pop("pauses", [])],
        [Extension(at, due) for at, due in entry.pop("extensions", [])],
    )
    due = Due(entry.pop("due", None), entry.pop("reason", None))
    rule, by = entry.pop("rule"), tuple(entry.pop("by").split())
    assert not entry and (due.due_at is None) != (due.reason is None), f"{rule}: {entry}"
    return Vector(rule, by, case, office, due)


def _limit(written: list[Any] | None) -> tuple[float | None, str | None]:
    return (None, None) if written is None else (written[0], written[1])


def _chosen(entry: dict[str, Any]) -> tuple[float | None, str | None]:
    limits = {name: Limit(*pair) for name, pair in entry.pop("limits").items() if pair is not None}
    chosen = limit_for(entry.pop("channel"), Limits(limits.get("general"), limits.get("online")))
    return (None, None) if chosen is None else (chosen.value, chosen.unit)


def _time(written: str) -> time:
    return datetime.strptime(written, "%H:%M").time()
