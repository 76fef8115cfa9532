"""The detector on the warehouse: what is out of the ordinary on the last day covered by exports."""

from __future__ import annotations

from sqlalchemy import Connection

from assets.aggregates.refresh import horizon
from assets.alerts.detector import judge
from assets.alerts.series import read_series
from assets.alerts.settings import DEFAULTS, DetectorSettings
from assets.alerts.signal import Signal


def detect(connection: Connection, settings: DetectorSettings = DEFAULTS) -> list[Signal]:
    """Returns the signals of the last working day up to the last day covered by exports; [] while there is none.

    On the nights after days off they are those of the working day before; the same facts give the same signals.
    """
    through = horizon(connection)
    if through is None:
        return []
    series = read_series(connection, through)
    return judge(series, series.days.day[-1], settings) if series.days.day else []
