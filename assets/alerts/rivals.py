"""Three common detectors, as their authors describe them, to compare the own one with.

Each gives a score by series and day, the higher the more unusual, and raises an alarm above its threshold. They see the
counts of working days: with days off as zeros among them they would be worse. Here: scores. Not here: how detectors are
compared (`backtest.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from assets.alerts.baseline import Floats
from assets.alerts.detector import judge_days
from assets.alerts.series import Series
from assets.alerts.settings import DEFAULTS, DetectorSettings

#: Working days of the sample of the modified z-score, whose authors name none: as many as the own baseline has.
_MAD_DAYS = 60
_Z_DAYS, _Z_LEAST_DAYS = 14, 7
_EARS_DAYS, _EARS_GAP = 7, 2
#: What Burkom advises for sparse counts (R package surveillance, earsC): without it any case after a week of none is an alarm.
SPARSE_SIGMA = 0.5


@dataclass(frozen=True)
class Method:
    """`score` gives a row per series and a column per day; an alarm is a score above `threshold`."""

    name: str
    score: Callable[[Series], Floats]
    threshold: float


def z_score(series: Series) -> Floats:
    """Elementary: (value - mean) / standard deviation of the last 14 days, the judged one among them; 3 is the limit.

    A deviation of 0 gives 0; less than 7 days give nothing. So its authors' defaults (training_period 14 days,
    exclude_detection_period_from_training false, min_training_set_size 7); direction spike.
    """
    counts = series.newly.astype(np.float64)
    scores = np.zeros_like(counts)
    for last in range(_Z_LEAST_DAYS - 1, counts.shape[1]):
        sample = counts[:, max(0, last - _Z_DAYS + 1) : last + 1]
        spread = sample.std(axis=1, ddof=1)
        above = counts[:, last] - sample.mean(axis=1)
        scores[:, last] = np.divide(above, spread, out=np.zeros_like(above), where=spread > 0)
    return scores


def ears_c2(series: Series, least_sigma: float = 0.0) -> Floats:
    """EARS C2 (CDC): deviations above the mean of 7 days, the two days before the judged one left out; 3 is the limit."""
    counts = series.newly.astype(np.float64)
    scores = np.zeros_like(counts)
    first = _EARS_DAYS + _EARS_GAP
    sample = sliding_window_view(counts[:, : -_EARS_GAP - 1], _EARS_DAYS, axis=1)
    mean, spread = sample.mean(axis=2), np.maximum(sample.std(axis=2, ddof=1), least_sigma)
    above = counts[:, first:] - mean
    none = np.where(above > 0, np.inf, 0.0)
    scores[:, first:] = np.divide(above, spread, out=none, where=spread > 0)
    return scores


def modified_z_score(series: Series) -> Floats:
    """Iglewicz and Hoaglin: 0.6745 (value - median) / MAD over the days before; 3.5 is the limit.

    Where more than half of the days are equal, MAD is 0: then (value - median) / (1.2533 mean absolute deviation), as
    IBM does; with all days equal there is no score.
    """
    counts = series.newly.astype(np.float64)
    scores = np.zeros_like(counts)
    for day in range(_MAD_DAYS, counts.shape[1]):
        sample = counts[:, day - _MAD_DAYS : day]
        median = np.median(sample, axis=1)
        strayed = np.abs(sample - median[:, None])
        mad, mean = np.median(strayed, axis=1), strayed.mean(axis=1)
        spread = np.where(mad > 0, mad / 0.6745, 1.253314 * mean)
        above = counts[:, day] - median
        scores[:, day] = np.divide(above, spread, out=np.zeros_like(above), where=spread > 0)
    return scores


def own_score(series: Series, settings: DetectorSettings = DEFAULTS) -> Floats:
    """-log10 of the p-value, where all other limits of the detector are met; else 0."""
    scores = np.zeros(series.newly.shape)
    for judged in judge_days(series, settings):
        p = np.where(judged.q <= settings.alarm_q, np.maximum(judged.p, 1e-300), 1.0)
        scores[judged.series, judged.place] = -np.log10(p)
    return scores


OWN = "motcua"


def methods(settings: DetectorSettings = DEFAULTS) -> tuple[Method, ...]:
    """Returns the own detector and the others, each with its default threshold."""
    # A p-value equal to the limit is an alarm, a score equal to it is none.
    own = float(np.nextafter(-np.log10(settings.alarm_p), 0.0))
    return (
        Method(OWN, lambda series: own_score(series, settings), own),
        Method("z-score, 14 days", z_score, 3.0),
        Method("EARS C2", ears_c2, 3.0),
        Method("MAD", modified_z_score, 3.5),
    )


def sparse_ears_c2(series: Series) -> Floats:
    """EARS C2 with the least deviation advised for sparse counts."""
    return ears_c2(series, SPARSE_SIGMA)
