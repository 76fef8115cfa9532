"""Alerts as the warehouse keeps them: ops.alert and ops.alert_event read and written; what people do to one.

Here: rows and their meaning. Not here: what becomes of an alert in a run (`life.py`, `judge.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from assets.alerts.life import Alert, LifeSettings
from assets.alerts.signal import Signal
from warehouse_sql.messages import message

_ID_LENGTH = 8
_COLUMNS = (
    *("alert_id", "fingerprint", "kind", "unit_code", "unit_name", "field_code", "field_name", "state", "severity"),
    *("day", "window_days", "observed", "expected", "p_value", "q_value", "message_vi", "opened_at", "opened_on"),
    *("last_seen_at", "fired_at", "resolved_at", "seen_on", "counted_on", "runs_seen", "runs_quiet"),
    *("inhibited_vi", "acknowledged_at", "acknowledged_by", "silenced_until", "group_key", "last_notified_at"),
    "notified_on",
)  # fmt: skip


class AlertError(ValueError):
    """There is no such alert, or it can't be acted on. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class Kept:
    """A row of ops.alert: what its life depends on, the signal it was last seen by, and the row itself."""

    alert: Alert
    signal: Signal
    row: Mapping[str, Any]


def series_fingerprint(signal: Signal) -> str:
    """Stands for the watched series, whatever the day or window."""
    parts = (signal.kind, signal.unit_code, signal.unit_name, signal.field_code or "")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def alert_id_of(fingerprint: str, opened_on: date) -> str:
    """Returns what people call the alert of a series that opened on that day."""
    return hashlib.sha256(f"{fingerprint} {opened_on}".encode()).hexdigest()[:_ID_LENGTH]


def read_alerts(
    connection: Connection, fingerprints: Iterable[str], settings: LifeSettings
) -> dict[str, Kept]:
    """By fingerprint the last alert of each series that is open, lately resolved, or asked for; the rows are locked."""
    rows = connection.execute(
        text(
            "select a.* from ops.alert as a where a.alert_id = ("
            "  select l.alert_id from ops.alert as l where l.fingerprint = a.fingerprint"
            "  order by l.opened_on desc, l.alert_id desc limit 1)"
            " and (a.state <> 'resolved' or a.runs_quiet < :ends or a.fingerprint = any(:fingerprints))"
            " order by a.fingerprint for update of a"
        ),
        {"ends": settings.quiet_runs + settings.reopen_runs, "fingerprints": list(fingerprints)},
    ).mappings()
    return {str(row["fingerprint"]): kept(dict(row)) for row in rows}


def kept(row: Mapping[str, Any]) -> Kept:
    """Returns the alert of a row of ops.alert."""
    alert = Alert(
        alert_id=row["alert_id"],
        opened_on=row["opened_on"],
        state=row["state"],
        severity=row["severity"],
        has_fired=row["fired_at"] is not None,
        seen_on=row["seen_on"],
        counted_on=row["counted_on"],
        runs_seen=row["runs_seen"],
        runs_quiet=row["runs_quiet"],
        inhibited=row["inhibited_vi"],
        is_acknowledged=row["acknowledged_at"] is not None,
        silenced_until=row["silenced_until"],
        notified_on=row["notified_on"],
    )
    signal = Signal(
        kind=row["kind"],
        unit_code=row["unit_code"],
        unit_name=row["unit_name"],
        field_code=row["field_code"],
        field_name=row["field_name"],
        day=row["day"],
        window_days=row["window_days"],
        observed=row["observed"],
        expected=row["expected"],
        p_value=row["p_value"],
        q_value=row["q_value"],
        severity=row["severity"],
    )
    return Kept(alert, signal, row)


def write_alert(
    connection: Connection,
    alert: Alert,
    signal: Signal,
    before: Mapping[str, Any] | None,
    message_vi: str,
    is_seen: bool,
    now: datetime,
) -> None:
    """Writes the row again; instants of what happened before stay."""
    old: Mapping[str, Any] = before or {}
    row = {
        "alert_id": alert.alert_id,
        "fingerprint": series_fingerprint(signal),
        **{
            name: getattr(signal, name)
            for name in ("kind", "unit_code", "unit_name", "field_code", "field_name")
        },
        **{name: getattr(signal, name) for name in ("day", "window_days", "observed", "expected")},
        **{name: getattr(signal, name) for name in ("p_value", "q_value")},
        "state": alert.state,
        "severity": alert.severity,
        "message_vi": message_vi,
        "opened_at": old.get("opened_at") or now,
        "opened_on": alert.opened_on,
        "last_seen_at": now if is_seen or before is None else old["last_seen_at"],
        "fired_at": (old.get("fired_at") or now) if alert.has_fired else None,
        "resolved_at": (old.get("resolved_at") or now) if alert.state == "resolved" else None,
        "seen_on": alert.seen_on,
        "counted_on": alert.counted_on,
        "runs_seen": alert.runs_seen,
        "runs_quiet": alert.runs_quiet,
        "inhibited_vi": alert.inhibited,
        "acknowledged_at": old.get("acknowledged_at") if alert.is_acknowledged else None,
        "acknowledged_by": old.get("acknowledged_by") if alert.is_acknowledged else None,
        "silenced_until": alert.silenced_until,
        "group_key": old.get("group_key"),
        "last_notified_at": old.get("last_notified_at"),
        "notified_on": alert.notified_on,
    }
    changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    connection.execute(
        text(
            f"insert into ops.alert ({', '.join(_COLUMNS)}) values ({', '.join(f':{name}' for name in _COLUMNS)})"
            f" on conflict (alert_id) do update set {changed}"
        ),
        row,
    )


def note_notified(
    connection: Connection, alert_ids: Sequence[str], leader: str, now: datetime, day: date
) -> None:
    """A notice of these alerts, led by one of them, was written."""
    connection.execute(
        text(
            "update ops.alert set group_key = :leader, last_notified_at = :now, notified_on = :today"
            " where alert_id = any(:ids)"
        ),
        {"leader": leader, "now": now, "today": now.date(), "ids": list(alert_ids)},
    )
    for alert_id in alert_ids:
        note_event(connection, alert_id, "notified", now, day=day)


def note_event(
    connection: Connection,
    alert_id: str,
    event: str,
    now: datetime,
    day: date | None = None,
    actor: str | None = None,
    detail: str | None = None,
) -> None:
    """One more row of ops.alert_event."""
    connection.execute(
        text(
            "insert into ops.alert_event (at, alert_id, event, day, actor, detail)"
            " values (:now, :alert_id, :event, :day, :actor, :detail)"
        ),
        {"now": now, "alert_id": alert_id, "event": event, "day": day, "actor": actor, "detail": detail},
    )


def acknowledge(
    connection: Connection, alert_id: str, by: str | None, note: str | None, now: datetime
) -> Kept:
    """Marks the alert as taken on, which ends its reminders. Raises AlertError when there is no such open alert."""
    open_alert = _open_alert(connection, alert_id)
    connection.execute(
        text("update ops.alert set acknowledged_at = :now, acknowledged_by = :by where alert_id = :alert_id"),
        {"now": now, "by": by, "alert_id": open_alert.alert.alert_id},
    )
    note_event(connection, open_alert.alert.alert_id, "acknowledged", now, actor=by, detail=note)
    return open_alert


def silence(
    connection: Connection, alert_id: str, until: date, by: str | None, note: str | None, now: datetime
) -> Kept:
    """Silences the alert until the end of that day.

    Raises AlertError when the day is past or there is no such open alert.
    """
    if until < now.date():
        raise AlertError(
            message("Ngày {until:day} đã qua; hãy cho --until một ngày từ hôm nay trở đi.", until=until)
        )
    open_alert = _open_alert(connection, alert_id)
    connection.execute(
        text("update ops.alert set state = 'silenced', silenced_until = :until where alert_id = :alert_id"),
        {"until": until, "alert_id": open_alert.alert.alert_id},
    )
    detail = f"đến hết {until:%d/%m/%Y}" + (f": {note}" if note else "")
    note_event(connection, open_alert.alert.alert_id, "silenced", now, actor=by, detail=detail)
    return open_alert


def _open_alert(connection: Connection, alert_id: str) -> Kept:
    rows = connection.execute(
        text(
            "select * from ops.alert where starts_with(alert_id, :asked) order by alert_id for update"
        ),
        {"asked": alert_id.strip().lower() or "?"},
    ).mappings().all()  # fmt: skip
    if len(rows) > 1:
        known = ", ".join(str(row["alert_id"]) for row in rows[:5])
        raise AlertError(
            message(
                "“{alert_id}” là phần đầu của nhiều cảnh báo ({known}); hãy viết đủ mã.",
                alert_id=alert_id,
                known=known,
            )
        )
    if not rows:
        raise AlertError(
            message(
                "Không có cảnh báo “{alert_id}”; hãy xem mã bằng motcua alerts list --all.", alert_id=alert_id
            )
        )
    if rows[0]["state"] == "resolved":
        raise AlertError(
            message(
                "Cảnh báo “{alert_id}” đã kết thúc; không còn gì để nhận hoặc tắt.",
                alert_id=rows[0]["alert_id"],
            )
        )
    return kept(dict(rows[0]))
