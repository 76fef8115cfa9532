"""What the two charts of a report draw: numbers and labels; `charts.typ` draws them, for the sealed issue and the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assets.reports.statements.rows import CountsRow, DayRow, FormRow
from assets.reports.words.sealed_words import SealedWords

#: More units than that would fill a page; the table has them all.
MOST_UNITS = 30
_WORST_NAMED = 3
_LEAST_DAYS = 2  # of a line
_LEAST_UNITS = 2
_TICKS = 6


def timeliness(form: Sequence[FormRow], words: SealedWords) -> Mapping[str, Any] | None:
    """Returns the share resolved early or on time by unit, the lowest first, or None where there are no two to compare."""
    resolved = [row for row in form if row["resolved_total"] > 0]
    if len(resolved) < _LEAST_UNITS:
        return None
    lowest = sorted(resolved, key=lambda row: (_timely(row) / row["resolved_total"], row["unit_code"]))
    timely, whole = sum(map(_timely, resolved)), sum(row["resolved_total"] for row in resolved)
    overall = words.percent(timely, whole)
    values = [
        (row["unit_name"], _per_cent(row), words.percent(_timely(row), row["resolved_total"]))
        for row in lowest[:MOST_UNITS]
    ]
    least = _floor(min(value for _, value, _ in values))
    caption = words.say("timeliness_caption", overall=overall)
    if len(lowest) > MOST_UNITS:
        caption = words.say(
            "timeliness_part",
            caption=caption,
            shown=words.number(MOST_UNITS),
            count=words.number(len(lowest)),
        )
    worst = "; ".join(f"{name} {text}" for name, _, text in values[:_WORST_NAMED])
    return {
        "values": values,
        "overall": max(round(100 * timely / whole, 4), least),
        "least": least,
        "least_says": words.percent(round(least), 100),
        "most_says": words.percent(100, 100),
        "caption": caption,
        "says": words.say("timeliness_says", overall=overall, worst=worst),
    }


def overdue_days(days: Sequence[DayRow], words: SealedWords) -> Mapping[str, Any] | None:
    """Returns the stock of overdue dossiers and its flow by day, or None for less than two days."""
    if len(days) < _LEAST_DAYS:
        return None
    new, cleared = [row["newly_overdue"] for row in days], [row["overdue_cleared"] for row in days]
    most = max(row["overdue_open"] for row in days)
    first, last = days[0], days[-1]
    return {
        "open": [row["overdue_open"] for row in days],
        "flow": list(zip(new, cleared, strict=True)),
        # at least 1: nothing is divided by it
        "most_open": max(most, 1),
        "most_new": max(*new, 1),
        "most_cleared": max(*cleared, 1),
        "most_open_says": words.number(most),
        "most_new_says": f"+{words.number(max(new))}",
        "most_cleared_says": f"−{words.number(max(cleared))}",
        "ticks": _ticks([row["date"] for row in days], words),
        "says": words.say(
            "overdue_days_says",
            first=words.number(first["overdue_open"]),
            first_day=words.day(first["date"]),
            last=words.number(last["overdue_open"]),
            last_day=words.day(last["date"]),
            most=words.number(most),
        ),
    }


def _timely(row: CountsRow) -> int:
    return int(row["resolved_early"] + row["resolved_on_time"])


def _per_cent(row: CountsRow) -> float:
    return round(100 * _timely(row) / int(row["resolved_total"]), 4)


def _floor(lowest: float) -> int:
    """Returns where the axis begins: a whole number of per cent somewhat below the lowest share, never 100."""
    return max(0, min(99, int(lowest - max(100 - lowest, 1.0) * 0.15)))


def _ticks(days: Sequence[date], words: SealedWords) -> list[tuple[int, str]]:
    """Returns places and labels of evenly spread days."""
    every = -(-len(days) // _TICKS)
    return [(place, words.day(days[place])) for place in range(0, len(days), every)]
