"""The detector's signals, kept until something changes that it reads.

Every judgement reads the flows of 400 days and judges all series, since what is usual for one is learned from the others.
On a night that nothing came for its result is known already. Not here: the detector (`detect.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine

from assets.aggregates.refresh import horizon
from assets.alerts.settings import DAYS_READ
from assets.alerts.signal import Signal
from assets.facts.changes import change_number
from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.quick_imports import quick_imports
from warehouse_sql.sql_files import prepared, statements_of_file

_SETTING = "kept_signals"
# What the detector reads besides facts (alert/flow.sql), each with as few rows as units, procedures or days.
_SMALL = ("alert/day.sql", "alert/unit.sql", "alert/sector.sql", "alert/stock.sql")
# A step that asks for the signals while they are judged ahead waits for them.
_JUDGING = RLock()
_MODULES = ("detect.py", "detector.py", "baseline.py", "../chances.py", "series.py", "settings.py")


def signals_of(connection: Connection) -> Sequence[Signal]:
    """Returns the signals of the last day covered by exports; those kept where nothing that they depend on changed."""
    through = horizon(connection)
    if through is None:
        return []
    with _JUDGING:
        state = _state(connection, through)
        kept = _read(connection)
        if kept is not None and kept["state"] == state:
            return [_signal(each) for each in kept["signals"]]
        signals = import_detector()(connection)
        value = {"state": state, "signals": [asdict(signal) for signal in signals]}
        keep_setting(connection, _SETTING, json.dumps(value, default=date.isoformat, ensure_ascii=False))
        return signals


def judge_ahead(engine: Engine) -> None:
    """Judges the facts that have just been published and keeps the signals, before the alerts ask for them."""
    with _JUDGING, engine.begin() as connection:
        signals_of(connection)


def import_detector() -> Callable[[Connection], Sequence[Signal]]:
    """Returns the detector, imported only when it is asked for: its libraries take a third of a second."""
    with quick_imports():
        from assets.alerts.detect import detect  # noqa: PLC0415

    return detect


def _state(connection: Connection, through: date) -> str:
    """Returns a digest of all that signals depend on: the day, facts by the number of their changes, the rest by its rows."""
    parameters = {"through": through, "days": DAYS_READ}
    parts = [str(through), str(change_number(connection)), _program()]
    for name in _SMALL:
        (statement,) = statements_of_file(name)
        clause, names = prepared(
            "select count(*) || ' ' || coalesce(sum(cast(hashtextextended(cast(t as text), 0) as numeric)), 0)"
            f" from (\n{statement}\n) as t"
        )
        parts.append(connection.execute(clause, {key: parameters[key] for key in names}).scalar_one())
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@cache
def _program() -> str:
    """Returns a digest of the detector: another version may say something else of the same facts."""
    files = [Path(__file__).parent.joinpath(name).read_bytes() for name in _MODULES]
    statements = ["".join(statements_of_file(name)).encode() for name in (*_SMALL, "alert/flow.sql")]
    return hashlib.sha256(b"\0".join([*files, *statements])).hexdigest()


def _read(connection: Connection) -> dict[str, Any] | None:
    value = kept_setting(connection, _SETTING)
    kept: dict[str, Any] | None = json.loads(value) if value else None
    return kept


def _signal(value: dict[str, Any]) -> Signal:
    return Signal(**(value | {"day": date.fromisoformat(value["day"])}))
