"""Small worlds for alerts: a warehouse that is covered to some day, made-up signals, a clock that is set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from assets.alerts.channels import Channel, read_channels
from assets.alerts.judge import Judged, judge
from assets.alerts.life import LifeSettings
from assets.alerts.outbox import SendSettings, Sent, send_due
from assets.alerts.signal import Signal

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2023, 7, 17)
UNIT, NAME = "30526", "Xã An Cư"
PROVINCE, PROVINCE_NAME = "89", "Tỉnh An Giang"


def signal(unit: str = UNIT, name: str = NAME, **values: Any) -> Signal:
    """Thirteen where two are usual, on Monday, unless said otherwise."""
    known: dict[str, Any] = {
        **{"kind": "unit", "unit_code": unit, "unit_name": name, "field_code": None, "field_name": None},
        **{"day": MONDAY, "window_days": 1, "observed": 13.0, "expected": 2.1},
        **{"p_value": 1e-4, "q_value": 1e-3, "severity": "critical"},
    }
    return Signal(**(known | values))


class Clock:
    """The time as it is set, in Vietnam."""

    def __init__(self, day: date = MONDAY, at: time = time(6)) -> None:
        self.now = datetime.combine(day, at, VIETNAM)

    def __call__(self) -> datetime:
        return self.now

    def on(self, day: date, at: time = time(6)) -> None:
        self.now = datetime.combine(day, at, VIETNAM)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


class AlertWorld:
    """A warehouse, its channels and a clock."""

    def __init__(self, engine: Engine, *addresses: str) -> None:
        self.engine = engine
        self.clock = Clock()
        self.channels: list[Channel] = read_channels(" ".join(addresses), None)
        # Apprise spares its servers: five seconds between two messages of one process.
        for channel in self.channels:
            if channel.plugin is not None:
                channel.plugin.request_rate_per_sec = 0
        self.settings = LifeSettings()
        self.board: str | None = None

    def cover(self, day: date) -> None:
        """Exports reach to that day."""
        with self.engine.begin() as connection:
            connection.execute(
                text(
                    "insert into landing.export_file (source, path, sha256, size_bytes, modified_ns, exported_at,"
                    " received_at, loaded_at, status) select 'igate', 'igate/' || t.day, encode(sha256(t.day::bytea), 'hex'),"
                    " 0, 0, t.at, t.at, t.at, 'loaded' from (select :day as day, cast(:at as timestamptz) as at) as t"
                    " on conflict do nothing"
                ),
                {"day": day.isoformat(), "at": datetime.combine(day, time(18), VIETNAM)},
            )

    def night(self, day: date, *signals: Signal) -> Judged:
        """A run on the morning after that day was exported."""
        self.cover(day)
        self.clock.on(day + timedelta(1))
        return self.judge(*signals)

    def judge(self, *signals: Signal) -> Judged:
        return judge(self.engine, signals, self.clock.now, self.channels, self.settings, self.board)

    def send(self, rules: SendSettings | None = None, drawn: float = 0.5) -> Sent:
        return send_due(self.engine, self.channels, self.clock, rules, lambda: drawn)

    def ask(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), parameters)]

    def alerts(self, columns: str = "unit_code, state") -> Sequence[tuple[Any, ...]]:
        return self.ask(f"select {columns} from ops.alert order by opened_on, unit_code, kind, alert_id")

    def notices(self, columns: str = "kind, subject") -> Sequence[tuple[Any, ...]]:
        return self.ask(f"select {columns} from ops.notice order by notice_id")

    def all_rows(self) -> list[tuple[Any, ...]]:
        """Everything the alert step keeps, to be compared."""
        return [
            *self.ask("select t::text from ops.alert as t order by 1"),
            *self.ask("select t::text from ops.alert_event as t order by 1"),
            *self.ask("select t::text from ops.notice as t order by 1"),
        ]
