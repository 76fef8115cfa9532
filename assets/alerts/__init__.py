"""Alerts on overdue dossiers: the detector and what it reads; `detect` is what the daily job calls."""

from assets.alerts.detect import detect as detect
from assets.alerts.signal import Signal as Signal
