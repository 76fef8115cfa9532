"""The alert step of a run: signals in, alerts moved on, notices written to the outbox, all in one transaction.

Not here: what is unusual (the detector), how one alert lives (`life.py`), sending (`outbox.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine, text

from assets.alerts import text as words
from assets.alerts.book import (
    Kept,
    alert_id_of,
    note_event,
    note_notified,
    read_alerts,
    series_fingerprint,
    write_alert,
)
from assets.alerts.channels import Channel
from assets.alerts.grouping import UnitPlace, groups
from assets.alerts.life import Alert, LifeSettings, Look, Step, is_over, step
from assets.alerts.outbox import Notice, put
from assets.alerts.signal import Signal
from assets.exports.completeness import FEED_STATUSES
from warehouse_sql.boundaries import reached
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file

_SHOWN_DOSSIERS = 10


@dataclass(frozen=True)
class Judged:
    """What a run made of the alerts: the judged working day, alerts by what befell them, notices written."""

    day: date | None
    signals: int = 0
    fired: int = 0
    resolved: int = 0
    inhibited: int = 0
    notices: int = 0


@dataclass(frozen=True)
class _Case:
    signal: Signal
    is_seen: bool
    before: Kept | None
    step: Step


def judged_day(connection: Connection) -> date | None:
    """The last working day that exports cover; None before the first run. Runs on further days off count for it."""
    day: date | None = connection.execute(
        text(
            "select max(d.date) from core.dim_date as d where d.date <= (select landing.horizon())"
            " and d.is_working_day"
        )
    ).scalar_one()
    return day


def judge(
    engine: Engine,
    signals: Iterable[Signal],
    now: datetime,
    channels: Sequence[Channel],
    settings: LifeSettings | None = None,
    board: str | None = None,
) -> Judged:
    """Brings all alerts on by what a run saw; `now` is local. A crash before its end leaves all as it was."""
    rules = settings or LifeSettings()
    with engine.begin() as connection:
        day = judged_day(connection)
        if day is None:
            return Judged(None)
        seen = _merged(signals)
        cases = _cases(connection, seen, day, now, rules)
        for case in cases:
            _write(connection, case, day, now)
        notices = _notify(connection, cases, day, now, channels, board)
        notices += _notify_resolved(connection, cases, day, now, channels, rules)
        reached("alerts.before_commit")
    reached("alerts.committed")
    return Judged(
        day,
        signals=len(seen),
        fired=sum("fired" in case.step.events for case in cases),
        resolved=sum("resolved" in case.step.events for case in cases),
        inhibited=sum(case.step.alert.inhibited is not None for case in cases),
        notices=notices,
    )


def _merged(signals: Iterable[Signal]) -> dict[str, Signal]:
    """One a series: of a day and of five days the graver, then the rarer one."""
    best: dict[str, Signal] = {}
    for signal in signals:
        known = best.get(series_fingerprint(signal))
        if known is None or _weight(signal) < _weight(known):
            best[series_fingerprint(signal)] = signal
    return best


def _weight(signal: Signal) -> tuple[object, ...]:
    p_value = 1.0 if signal.p_value is None else signal.p_value
    return (signal.severity != "critical", p_value, signal.window_days, -signal.observed)


def _cases(
    connection: Connection, seen: Mapping[str, Signal], day: date, now: datetime, rules: LifeSettings
) -> list[_Case]:
    known = read_alerts(connection, seen, rules)
    has_gaps = _has_gaps(connection, day)
    cases = []
    for fingerprint in sorted(seen.keys() | known.keys()):
        before, signal = known.get(fingerprint), seen.get(fingerprint)
        alert = before.alert if before else None
        if alert is None or is_over(alert, rules):
            if signal is None:
                continue
            # People who silenced a series mean it, whatever the number of the alert.
            silenced_until = alert.silenced_until if alert else None
            alert = Alert(alert_id_of(fingerprint, day), day, silenced_until=silenced_until)
            before = before if before and before.alert.alert_id == alert.alert_id else None
        subject = signal or (before.signal if before else None)
        assert subject is not None
        gap = _gap(connection, subject, day) if has_gaps else None
        look = Look(day, now.date(), signal.severity if signal else None, gap)
        cases.append(_Case(subject, signal is not None, before, step(alert, look, rules)))
    return cases


def _write(connection: Connection, case: _Case, day: date, now: datetime) -> None:
    alert, before = case.step.alert, case.before
    signal = replace(case.signal, severity=alert.severity)
    if before is not None and alert == before.alert and (not case.is_seen or signal == before.signal):
        return
    message = f"{words.place(signal)}: {words.sentence(signal)}"
    write_alert(connection, alert, signal, before.row if before else None, message, case.is_seen, now)
    for event in (() if before else ("opened",)) + case.step.events:
        detail = alert.inhibited if event == "inhibited" else None
        note_event(connection, alert.alert_id, event, now, day=day, detail=detail)


def _has_gaps(connection: Connection, day: date) -> bool:
    return bool(
        connection.execute(
            text(
                "select exists (select 1 from mart.incomplete_feed(cast(:day as date) - 30, :day) as g"
                " where g.healed_on is null)"
            ),
            {"day": day},
        ).scalar_one()
    )


def _gap(connection: Connection, signal: Signal, day: date) -> str | None:
    """The first gap in the feeds of what is watched, in words; None without one."""
    (statement,) = statements_of_file("alert/gap.sql")
    gap = connection.execute(
        text(statement),
        {
            "kind": signal.kind,
            "unit_code": signal.unit_code,
            "day": day,
            "window_days": signal.window_days,
        },
    ).first()
    if gap is None:
        return None
    return message(
        "nguồn {source} ngày {day:day}: {status}",
        source=gap.source,
        day=gap.day,
        status=FEED_STATUSES[gap.status],
    )


def _notify(
    connection: Connection,
    cases: Sequence[_Case],
    day: date,
    now: datetime,
    channels: Sequence[Channel],
    board: str | None,
) -> int:
    due = {case.step.alert.alert_id: case for case in cases if case.step.reason in ("opened", "repeat")}
    if not due or not channels:
        return 0
    signals = {key: replace(case.signal, severity=case.step.alert.severity) for key, case in due.items()}
    places = _places(connection, {signal.unit_code for signal in signals.values()}, day)
    for ids in groups(signals, places):
        members = [_noticed(connection, due[key], signals[key], is_first=key == ids[0]) for key in ids]
        # Turning critical on the day it was first notified is news.
        reasons = (f"{key} {due[key].step.reason} {signals[key].severity}" for key in sorted(ids))
        fingerprint = _digest("alert", day, *reasons)
        is_repeat = all(due[key].step.reason == "repeat" for key in ids)
        notice = Notice(
            fingerprint,
            "alert",
            "critical" if any(member.signal.severity == "critical" for member in members) else "warning",
            words.alert_subject(members[0], len(members) - 1, is_repeat and not members[0].is_back),
            words.alert_body(members[0], members[1:], fingerprint, board),
            tuple(ids),
        )
        put(connection, notice, channels, now)
        note_notified(connection, ids, ids[0], now, day)
    return len(groups(signals, places))


def _notify_resolved(
    connection: Connection,
    cases: Sequence[_Case],
    day: date,
    now: datetime,
    channels: Sequence[Channel],
    rules: LifeSettings,
) -> int:
    ended = [case for case in cases if case.step.reason == "resolved"]
    if not ended or not channels:
        return 0
    ended_alerts = [words.AlertNotice(case.step.alert.alert_id, case.signal) for case in ended]
    ids = tuple(alert.alert_id for alert in ended_alerts)
    fingerprint = _digest("resolved", day, *sorted(ids))
    body = words.resolved_body(ended_alerts, day, rules.quiet_runs, fingerprint)
    put(
        connection,
        Notice(fingerprint, "resolved", "info", words.resolved_subject(ended_alerts), body, ids),
        channels,
        now,
    )
    for alert_id in ids:
        note_event(connection, alert_id, "notified", now, day=day)
    return 1


def _noticed(connection: Connection, case: _Case, signal: Signal, is_first: bool) -> words.AlertNotice:
    """With its oldest dossiers where it leads a notice."""
    is_back = "reopened" in case.step.events
    if not is_first:
        return words.AlertNotice(case.step.alert.alert_id, signal, is_back=is_back)
    (statement,) = statements_of_file("alert/dossier.sql")
    rows = connection.execute(
        text(statement),
        {
            **{
                name: getattr(signal, name)
                for name in ("kind", "unit_code", "unit_name", "field_code", "day")
            },
            "most": _SHOWN_DOSSIERS,
        },
    ).all()
    oldest = tuple(words.Late(row.dossier_code, row.due_on, row.days_late) for row in rows)
    return words.AlertNotice(case.step.alert.alert_id, signal, rows[0].total if rows else 0, oldest, is_back)


def _places(connection: Connection, codes: Iterable[str], day: date) -> dict[str, UnitPlace]:
    (statement,) = statements_of_file("alert/place.sql")
    rows = connection.execute(text(statement), {"codes": sorted(codes), "day": day})
    return {row.unit_code: UnitPlace(row.district_code, row.province_code) for row in rows}


def _digest(kind: str, day: date, *parts: str) -> str:
    return hashlib.sha256("\x1f".join((kind, day.isoformat(), *parts)).encode()).hexdigest()[:16]
