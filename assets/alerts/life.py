"""The life of one alert: pending, firing, silenced, resolved; counted in runs that covered a new working day.

Pure: an alert, what a run saw of it, and what becomes of it. Running again on the same day with the same signals
changes nothing. Not here: where alerts are kept (`book.py`), what is unusual (the detector), how people are notified.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

State = Literal["pending", "firing", "silenced", "resolved"]
Reason = Literal["opened", "repeat", "resolved"]

WARNING, CRITICAL = "warning", "critical"


@dataclass(frozen=True)
class LifeSettings:
    """How long things have to hold, in runs on new working days; repeats in days."""

    hold_runs: int = 2
    quiet_runs: int = 3
    reopen_runs: int = 5
    repeat_days: int = 1


@dataclass(frozen=True)
class Alert:
    """What of an alert its life depends on. Days of runs are working days, `silenced_until` and `notified_on` local."""

    alert_id: str
    opened_on: date
    state: State = "pending"
    severity: str = WARNING
    has_fired: bool = False
    seen_on: date | None = None
    counted_on: date | None = None
    runs_seen: int = 0
    runs_quiet: int = 0
    inhibited: str | None = None
    is_acknowledged: bool = False
    silenced_until: date | None = None
    notified_on: date | None = None


@dataclass(frozen=True)
class Look:
    """What a run found of one series: the judged working day, today's date, the severity if it is unusual, and the
    gap in its feeds if there is one."""

    day: date
    today: date
    severity: str | None
    inhibited: str | None = None


@dataclass(frozen=True)
class Step:
    """What became of an alert: it, events in order, and why people are to be notified, if they are."""

    alert: Alert
    events: tuple[str, ...] = ()
    reason: Reason | None = None


def is_over(alert: Alert, settings: LifeSettings) -> bool:
    """Returns whether it is resolved for so many runs that the next signal is another alert."""
    return alert.state == "resolved" and alert.runs_quiet >= settings.quiet_runs + settings.reopen_runs


def step(alert: Alert, look: Look, settings: LifeSettings) -> Step:
    """Returns the alert after a run; a new one comes as `Alert(alert_id, day)`."""
    if look.inhibited is not None:
        is_ended = alert.state == "resolved" and look.severity is None
        return Step(alert) if is_ended else _held_up(alert, look)
    events = []
    if alert.inhibited is not None:
        alert = replace(alert, inhibited=None)
        events.append("released")
    next_step = _seen(alert, look, settings) if look.severity is not None else _quiet(alert, look, settings)
    return replace(next_step, events=(*events, *next_step.events))


def _held_up(alert: Alert, look: Look) -> Step:
    """Neither seen nor quiet: what a gap in the feeds makes of the figures, nobody knows."""
    events = ["inhibited"] if alert.inhibited is None else []
    changed = replace(alert, inhibited=look.inhibited)
    if alert.counted_on is None and alert.state == "pending" and look.severity is not None:
        changed = replace(changed, severity=_worse(alert.severity, look.severity))
    return Step(changed, tuple(events))


def _seen(alert: Alert, look: Look, settings: LifeSettings) -> Step:
    assert look.severity is not None
    events = []
    was_open = alert.state != "resolved"
    before = alert
    if not was_open:
        events.append("reopened")
        alert = replace(
            alert, state="pending", runs_seen=0, seen_on=None, is_acknowledged=False, severity=WARNING
        )
    is_new_day = alert.seen_on is None or look.day > alert.seen_on
    severity = _worse(alert.severity, look.severity)
    alert = replace(
        alert,
        severity=severity,
        runs_seen=alert.runs_seen + is_new_day,
        runs_quiet=0,
        seen_on=max(look.day, alert.seen_on or look.day),
        counted_on=max(look.day, alert.counted_on or look.day),
    )
    fires = alert.has_fired or severity == CRITICAL or alert.runs_seen >= settings.hold_runs
    if fires and not alert.has_fired:
        events.append("fired")
    is_worse = was_open and before.has_fired and severity != before.severity
    if is_worse:
        events.append("escalated")
        alert = replace(alert, is_acknowledged=False)
    alert = replace(alert, has_fired=alert.has_fired or fires)
    alert, woken = _heard(alert, "firing" if fires else "pending", look.today)
    if woken:
        events.append("unsilenced")
    return Step(alert, tuple(events), _reason(alert, look, is_new_day, is_worse, settings))


def _quiet(alert: Alert, look: Look, settings: LifeSettings) -> Step:
    if alert.counted_on is None or look.day > alert.counted_on:
        alert = replace(alert, runs_quiet=alert.runs_quiet + 1, counted_on=look.day)
    if alert.state == "resolved":
        return Step(alert)
    was_silenced = alert.state == "silenced"
    if not alert.has_fired and alert.runs_quiet > 0:
        return Step(replace(alert, state="resolved"), ("dropped",))
    if alert.runs_quiet >= settings.quiet_runs:
        was_notified = alert.notified_on is not None and not was_silenced
        return Step(replace(alert, state="resolved"), ("resolved",), "resolved" if was_notified else None)
    alert, woken = _heard(alert, "firing" if alert.has_fired else "pending", look.today)
    return Step(alert, ("unsilenced",) if woken else ())


def _heard(alert: Alert, state: State, today: date) -> tuple[Alert, bool]:
    """Returns the alert in that state, or silenced, and whether its silence has just ended."""
    if alert.silenced_until is not None and today <= alert.silenced_until:
        return replace(alert, state="silenced"), False
    return replace(alert, state=state), alert.state == "silenced"


def _reason(
    alert: Alert, look: Look, is_new_day: bool, is_worse: bool, settings: LifeSettings
) -> Reason | None:
    if alert.state != "firing":
        return None
    if is_worse:
        return "opened"
    if alert.is_acknowledged:
        return None
    if alert.notified_on is None:
        return "opened"
    due = (look.today - alert.notified_on).days >= settings.repeat_days
    return "repeat" if due and is_new_day else None


def _worse(first: str, other: str) -> str:
    return CRITICAL if CRITICAL in (first, other) else WARNING
