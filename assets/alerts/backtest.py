"""How often detectors are wrong and what they find, on histories in which it is known where the spikes are.

A false onset is the first alarm after five working days without one, where no spike was put in. A spike is found when
there is an alarm on one of its five days. Here: counting. Not here: where histories come from
(`pipelines/simulator/trials.py`), or how it is reported (`backtest_page.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.alerts.baseline import Bools, Floats, Ints
from assets.alerts.rivals import Method
from assets.alerts.series import Series

QUIET_DAYS = 5
SPIKE_DAYS = 5
#: False onsets per 1,000 unit-workdays at which detectors are compared.
AIM = 2.0


@dataclass(frozen=True)
class Spiked:
    """A history with spikes: `factor` times as many in `SPIKE_DAYS` working days from each start."""

    series: Series
    factor: float
    is_tet: bool  # the spikes lie over the long holiday at Tết
    starts: NDArray[np.int64]  # a row per series; places of days, -1 for none


@dataclass(frozen=True)
class Trial:
    """A history without spikes and the same with spikes. `group` is the level of each series (newly overdue a day)."""

    clean: Series
    group: Floats
    is_tet: Bools  # by day: within five working days after Tết
    spiked: tuple[Spiked, ...]
    first: int  # place of the first day that counts


@dataclass(frozen=True)
class Detection:
    """Spikes of one factor at one level."""

    factor: float
    is_tet: bool
    group: float
    spikes: int
    hits: int
    days: float  # mean days to detection of the hits, 1 for the first day; nan when none

    @property
    def share(self) -> float:
        """The share of the spikes that were detected."""
        return self.hits / self.spikes if self.spikes else float("nan")


@dataclass(frozen=True)
class Outcome:
    """One detector at one threshold. False onsets are per 1,000 unit-workdays; by level, of all, and after Tết."""

    method: str
    threshold: float
    false_onsets: dict[float, float]
    all_false_onsets: float
    tet_false_onsets: float
    unit_days: int
    detections: tuple[Detection, ...]

    def share(self, factor: float, group: float, is_tet: bool = False) -> float:
        """Returns the share of spikes found."""
        (detection,) = [
            f for f in self.detections if (f.factor, f.group, f.is_tet) == (factor, group, is_tet)
        ]
        return detection.share


@dataclass(frozen=True)
class Scored:
    """A trial with the scores of one method: of the clean history, and of each spiked one."""

    trial: Trial
    clean: NDArray[np.float32]
    spiked: tuple[NDArray[np.float32], ...]


def score(trial: Trial, method: Callable[[Series], Floats]) -> Scored:
    """Runs a method over a trial."""
    return Scored(
        trial,
        method(trial.clean).astype(np.float32),
        tuple(method(spiked.series).astype(np.float32) for spiked in trial.spiked),
    )


def onsets(alarm: Bools) -> Bools:
    """Returns the first alarms after a quiet run, a row per series, a column per day."""
    is_onset = np.zeros_like(alarm)
    last = np.full(len(alarm), -QUIET_DAYS - 1)
    for day in range(alarm.shape[1]):
        now = alarm[:, day]
        is_onset[:, day] = now & (day - last > QUIET_DAYS)
        last[now] = day
    return is_onset


def rate(scored: Iterable[Scored], threshold: float) -> float:
    """Returns false onsets per 1,000 unit-workdays."""
    wrong = days = 0
    for score in scored:
        counted = onsets(score.clean > threshold)[:, score.trial.first :]
        wrong, days = wrong + int(counted.sum()), days + counted.size
    return 1000.0 * wrong / days


def threshold_for(scored: Sequence[Scored], aim: float = AIM) -> float:
    """Returns the least threshold (to a thousandth) with at most `aim` false onsets; inf when infinite scores alone
    are more.
    """
    low, high = 0.0, max(float(score.clean[np.isfinite(score.clean)].max(initial=1.0)) for score in scored)
    if rate(scored, high) > aim:
        return float("inf")
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if rate(scored, middle) <= aim else (middle, high)
    return high


def outcome(name: str, scored: Sequence[Scored], threshold: float) -> Outcome:
    """Returns what a method does at a threshold, over all trials."""
    groups = sorted({float(group) for score in scored for group in np.unique(score.trial.group)})
    wrong = {group: [0, 0] for group in groups}
    tet = [0, 0]
    for score in scored:
        trial, first = score.trial, score.trial.first
        counted = onsets(score.clean > threshold)[:, first:]
        for group in groups:
            rows = trial.group == group
            wrong[group][0] += int(counted[rows].sum())
            wrong[group][1] += int(rows.sum()) * counted.shape[1]
        near = trial.is_tet[first:]
        tet[0] += int(counted[:, near].sum())
        tet[1] += int(near.sum()) * len(counted)
    total = np.sum(list(wrong.values()), axis=0)
    return Outcome(
        method=name,
        threshold=threshold,
        false_onsets={group: _per_thousand(*counts) for group, counts in wrong.items()},
        all_false_onsets=_per_thousand(*total),
        tet_false_onsets=_per_thousand(*tet),
        unit_days=int(total[1]),
        detections=tuple(_detections(scored, threshold, groups)),
    )


def _per_thousand(wrong: int, days: int) -> float:
    return 1000.0 * wrong / days if days else float("nan")


def _detections(scored: Sequence[Scored], threshold: float, groups: Sequence[float]) -> Iterable[Detection]:
    kinds = sorted({(spiked.factor, spiked.is_tet) for s in scored for spiked in s.trial.spiked})
    for factor, is_tet in kinds:
        days: dict[float, list[Ints]] = {group: [] for group in groups}
        for score in scored:
            for spiked, scores in zip(score.trial.spiked, score.spiked, strict=True):
                if (spiked.factor, spiked.is_tet) == (factor, is_tet):
                    to_detection = _days_to_detection(scores > threshold, spiked.starts)
                    for group in groups:
                        rows = score.trial.group == group
                        days[group].append(to_detection[rows][spiked.starts[rows] >= 0])
        for group in groups:
            waited = np.concatenate(days[group]) if days[group] else np.zeros(0, np.int64)
            hit = waited[waited > 0]
            mean = float(hit.mean()) if len(hit) else float("nan")
            yield Detection(factor, is_tet, group, len(waited), len(hit), mean)


def _days_to_detection(alarm: Bools, starts: NDArray[np.int64]) -> Ints:
    """1 for an alarm on the first day of a spike; 0 when none of its days has one."""
    rows = np.arange(len(alarm))[:, None, None]
    places = np.minimum(np.maximum(starts, 0)[:, :, None] + np.arange(SPIKE_DAYS), alarm.shape[1] - 1)
    hit = alarm[rows, places]
    days: Ints = np.where(hit.any(axis=2), hit.argmax(axis=2) + 1, 0)
    return days


def compare(
    methods: Sequence[Method],
    trials: Sequence[Trial],
    tuning: Sequence[Trial],
    fallback: Callable[[Series], Floats],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[list[Outcome], list[Outcome]]:
    """Returns outcomes: of each method at its own default, and at thresholds that give the aimed-at rate on the
    `tuning` trials.

    A method that can't be held to the rate (infinite scores) is given `fallback` scores there, under the same name.
    """
    at_default, at_aim = [], []
    for place, method in enumerate(methods):
        progress(place, len(methods))
        scored = [score(trial, method.score) for trial in trials]
        at_default.append(outcome(method.name, scored, method.threshold))
        tuned = [score(_without_spikes(trial), method.score) for trial in tuning]
        threshold = threshold_for(tuned)
        if np.isinf(threshold):
            threshold = threshold_for([score(_without_spikes(trial), fallback) for trial in tuning])
            scored = [score(trial, fallback) for trial in trials]
        at_aim.append(outcome(method.name, scored, threshold))
    progress(len(methods), len(methods))
    return at_default, at_aim


def _without_spikes(trial: Trial) -> Trial:
    return Trial(trial.clean, trial.group, trial.is_tet, (), trial.first)
