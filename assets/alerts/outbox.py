"""The outbox: notices are written with the change they tell of, and sent afterwards, at least once.

A notice is claimed, sent and marked in steps of their own: whoever dies in between leaves it to the next one, which
sends it again under the same fingerprint. Not here: what notices say (`text.py`), how a channel sends (`channels.py`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from assets.alerts.channels import Channel, Message
from warehouse_sql.boundaries import reached

Draw = Callable[[], float]


@dataclass(frozen=True)
class SendSettings:
    """How hard the outbox tries: pauses double from the first to the longest, notices are given up after some days.

    `most` and `seconds` bound one call; a sender that was heard of no more counts as dead after `claim_seconds`.
    """

    first_pause_seconds: float = 60
    longest_pause_seconds: float = 6 * 3600
    give_up_after: timedelta = timedelta(days=3)
    claim_seconds: float = 120
    most: int = 100
    seconds: float = 60


@dataclass(frozen=True)
class Notice:
    """What every channel is to send. `body` is asked for the longest text that a channel takes."""

    fingerprint: str
    kind: str
    severity: str
    subject: str
    body: Callable[[int], str]
    alert_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """What came of one call: notices by what became of them, and how many wait."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    waiting: int = 0


def put(connection: Connection, notice: Notice, channels: Sequence[Channel], now: datetime) -> int:
    """Writes the notice for every channel that does not have it yet; for how many."""
    written = 0
    for channel in channels:
        notice_id = connection.execute(
            text(
                "insert into ops.notice (fingerprint, channel, kind, severity, subject, body, alert_ids, created_at,"
                " next_attempt_at) values (:fingerprint, :channel, :kind, :severity, :subject, :body, :alert_ids,"
                " :now, :now) on conflict (fingerprint, channel) do nothing returning notice_id"
            ),
            {
                "fingerprint": notice.fingerprint,
                "channel": channel.label,
                "kind": notice.kind,
                "severity": notice.severity,
                "subject": notice.subject,
                "body": notice.body(channel.longest),
                "alert_ids": list(notice.alert_ids),
                "now": now,
            },
        ).scalar_one_or_none()
        written += notice_id is not None
    return written


def send_due(
    engine: Engine,
    channels: Sequence[Channel],
    now: Callable[[], datetime],
    settings: SendSettings | None = None,
    draw: Draw = random.random,
) -> Sent:
    """Sends what is due, each notice at most once in this call; a channel that fails is left alone till the next.

    Never raises for a channel's sake. `now` is asked again for every step; `draw` gives the jitter, 0 to 1.
    """
    rules = settings or SendSettings()
    given_up = _give_up(engine, now(), rules)
    by_label = {channel.label: channel for channel in channels}
    until, sent, failed = time.monotonic() + rules.seconds, 0, 0
    while sent + failed < rules.most and time.monotonic() < until and by_label:
        claimed = _claim(engine, list(by_label), now(), rules)
        if claimed is None:
            break
        reached("notice.claimed")
        error = by_label[claimed["channel"]].send(_message(claimed))
        reached("notice.sent")
        _mark(engine, claimed, error, now(), rules, draw)
        reached("notice.marked")
        if error is None:
            sent += 1
        else:
            failed += 1
            del by_label[claimed["channel"]]
    return Sent(sent, failed, given_up, _waiting(engine))


def _message(row: Mapping[str, Any]) -> Message:
    return Message(row["subject"], row["body"], row["severity"], row["fingerprint"])


def _claim(
    engine: Engine, labels: Sequence[str], now: datetime, rules: SendSettings
) -> Mapping[str, Any] | None:
    """Returns the notice that is due for the longest, and until when it is this sender's."""
    with engine.begin() as connection:
        row = (
            connection.execute(
                text(
                    "update ops.notice set attempts = attempts + 1, next_attempt_at = :until"
                    " where notice_id = ("
                    "  select notice_id from ops.notice where sent_at is null and given_up_at is null"
                    "  and next_attempt_at <= :now and channel = any(:labels)"
                    "  order by next_attempt_at, notice_id limit 1 for update skip locked)"
                    " returning notice_id, fingerprint, channel, severity, subject, body, attempts, alert_ids"
                ),
                {"now": now, "until": now + timedelta(seconds=rules.claim_seconds), "labels": list(labels)},
            )
            .mappings()
            .one_or_none()
        )
    return dict(row) if row else None


def _mark(
    engine: Engine,
    row: Mapping[str, Any],
    error: str | None,
    now: datetime,
    rules: SendSettings,
    draw: Draw,
) -> None:
    with engine.begin() as connection:
        if error is None:
            connection.execute(
                text("update ops.notice set sent_at = :now, last_error = null where notice_id = :id"),
                {"now": now, "id": row["notice_id"]},
            )
        else:
            connection.execute(
                text(
                    "update ops.notice set next_attempt_at = :at, last_error = :error where notice_id = :id"
                ),
                {
                    "at": now + pause(row["attempts"], rules, draw()),
                    "error": error,
                    "id": row["notice_id"],
                },
            )
        _note(connection, row["notice_id"], "sent" if error is None else "failed", now, error)


def pause(attempts: int, rules: SendSettings, drawn: float) -> timedelta:
    """After so many failures: doubling, bounded, and anything between half and one and a half of it."""
    # Beyond twenty doublings any bound is reached, and the power would not fit a float for long.
    plain = min(rules.first_pause_seconds * 2.0 ** min(attempts - 1, 20), rules.longest_pause_seconds)
    return timedelta(seconds=plain * (0.5 + drawn))


def _give_up(engine: Engine, now: datetime, rules: SendSettings) -> int:
    with engine.begin() as connection:
        given_up = connection.execute(
            text(
                "update ops.notice set given_up_at = :now where sent_at is null and given_up_at is null"
                " and attempts > 0 and created_at < :before and next_attempt_at <= :now returning notice_id, last_error"
            ),
            {"now": now, "before": now - rules.give_up_after},
        ).all()
        for row in given_up:
            _note(connection, row.notice_id, "given_up", now, row.last_error)
    return len(given_up)


def _note(connection: Connection, notice_id: object, event: str, now: datetime, detail: str | None) -> None:
    connection.execute(
        text(
            "insert into ops.alert_event (at, alert_id, notice_id, event, detail)"
            " select :now, a.alert_id, n.notice_id, :event, :detail from ops.notice as n"
            " left join lateral unnest(n.alert_ids) as a (alert_id) on true where n.notice_id = :id"
            " order by a.alert_id"
        ),
        {"now": now, "id": notice_id, "event": event, "detail": detail},
    )


def _waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(
                text("select count(*) from ops.notice where sent_at is null and given_up_at is null")
            ).scalar_one()
        )
