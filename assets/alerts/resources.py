"""The notifier as Dagster and the command line have it: channels, clock, detector, and what is done with them.

Not a configurable resource: Dagster keeps configuration with the run, and addresses of channels hold passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine

from assets.alerts.channels import Channel, Message, read_channels
from assets.alerts.judge import Judged, judge
from assets.alerts.kept_signals import signals_of
from assets.alerts.life import LifeSettings
from assets.alerts.outbox import Notice, SendSettings, Sent, put, send_due
from assets.alerts.signal import Signal
from assets.alerts.watch import dead_man_notice, failure_notice, missing_feeds, missing_run
from assets.given.office_file import OfficeFileError
from warehouse_sql.own_files import own_folder
from warehouse_sql.vietnam_time import VIETNAM

_MARKS = "notices"

Detect = Callable[[Connection], Sequence[Signal]]


def vietnam_now() -> datetime:
    """This moment in Vietnam's time."""
    return datetime.now(VIETNAM)


@dataclass
class Notifier:
    """Alerts moved on and people notified. `addresses` hold secrets and are in no representation.

    `by`: local time by which a run is to have ended well; below `home` lies what was sent while the warehouse was out
    of reach; `calendar` is a file of the office's own days.
    """

    addresses: str | None = field(default=None, repr=False)
    file: Path | None = None
    detect: Detect = signals_of
    now: Callable[[], datetime] = vietnam_now
    life: LifeSettings = field(default_factory=LifeSettings)
    sending: SendSettings = field(default_factory=SendSettings)
    board: str | None = None
    by: time = time(7, 30)
    home: Path | None = None
    calendar: Path | None = None

    @cached_property
    def channels(self) -> list[Channel]:
        """Those of the environment and of the office's file."""
        return read_channels(self.addresses, self.file)

    def judge(self, engine: Engine) -> Judged:
        """Runs the alert step of a run, after the aggregates. Returns what it did."""
        with engine.begin() as connection:
            signals = list(self.detect(connection))
        return judge(engine, signals, self.now(), self.channels, self.life, self.board)

    def send(self, engine: Engine, seconds: float | None = None) -> Sent:
        """Sends what is due in the outbox, for a bounded time. Returns what was sent and what waits."""
        rules = self.sending
        if seconds is not None:
            rules = SendSettings(**{**vars(rules), "seconds": seconds})
        return send_due(engine, self.channels, self.now, rules)

    def watch_feeds(self, engine: Engine) -> int:
        """Writes a notice of sources that sent nothing. Returns to how many channels."""
        with engine.begin() as connection:
            return self._put(connection, missing_feeds(connection, self.now()))

    def watch_runs(self, engine: Engine) -> int:
        """Writes a notice when no run ended well by the deadline of a working day; to how many channels."""
        with engine.begin() as connection:
            return self._put(connection, missing_run(connection, self.now(), self.by))

    def run_failed(
        self, engine: Callable[[], Engine], kind: str, error: str, is_stopped_by_gate: bool = False
    ) -> None:
        """Writes a notice of a failed run; where the warehouse is out of reach, sends it past the outbox."""
        if not self.channels:
            return
        notice = failure_notice(kind, error, self.now(), is_stopped_by_gate)
        try:
            with engine().begin() as connection:
                self._put(connection, notice)
        except Exception:  # whatever keeps the warehouse away, people get the notice
            self.send_past_outbox(notice)

    def warehouse_gone(self, error: str) -> int:
        """Sends the dead man's notice where the warehouse itself can't be asked. Returns how many channels took it."""
        now = self.now()
        if now.time() < self.by or not _is_working_day(now.date(), self.calendar):
            return 0
        return self.send_past_outbox(dead_man_notice(now.date(), self.by, error))

    def send_past_outbox(self, notice: Notice) -> int:
        """Sends at once, each fingerprint once to a channel. Returns how many took it. For when there is no warehouse."""
        taken = 0
        for channel in self.channels:
            mark = self.home / _MARKS / f"{notice.fingerprint}-{channel.label}" if self.home else None
            if mark is not None and mark.exists():
                continue
            message = Message(
                notice.subject, notice.body(channel.longest), notice.severity, notice.fingerprint
            )
            if channel.send(message) is None:
                taken += 1
                if mark is not None:
                    own_folder(mark.parent)
                    mark.touch()
        return taken

    def _put(self, connection: Connection, notice: Notice | None) -> int:
        return put(connection, notice, self.channels, self.now()) if notice else 0


def _is_working_day(day: date, overrides: Path | None) -> bool:
    """By the calendar itself, where the warehouse can't be asked."""
    # It takes its time to import, and is needed on bad days only.
    from assets.dimensions.calendar import date_frame  # noqa: PLC0415

    try:
        return bool(date_frame(day, day, overrides)["is_working_day"][0])
    except OfficeFileError:
        return bool(date_frame(day, day)["is_working_day"][0])
