"""The backtest as the command line asks for it: which histories, which seeds, and what is shown of them.

Thresholds are set on other seeds than those that are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assets.alerts.backtest import SPIKE_DAYS, Outcome, Trial, compare, outcome, score
from assets.alerts.backtest_page import Backtest
from assets.alerts.backtest_plots import Example
from assets.alerts.detector import judge_days
from assets.alerts.rivals import methods, sparse_ears_c2
from assets.alerts.series import Series
from pipelines.simulator.flows import CALM, ROUGH, USUAL, Habits, tet_days
from pipelines.simulator.trials import loaded_trial, simulated_trial

Progress = Callable[[int, int], None]

_TUNING_FROM, _REPORTED_FROM, _LOADED_FROM = 101, 201, 401
_MOST_TUNING, _MOST_HABITS = 4, 3
_EXAMPLE_SEED, _EXAMPLE_LEVEL, _EXAMPLE_UNITS = 301, 3.0, 50
_NOMINAL = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def simulated_backtest(seeds: int, units_each: int, progress: Progress, *, with_pictures: bool) -> Backtest:
    """Returns the backtest of all methods on `seeds` made-up histories of `units_each` units a level; the same arguments give the
    same figures.

    `with_pictures` runs calmer and rougher histories, too, and what only pictures show.
    """
    tuning = [simulated_trial(_TUNING_FROM + place, units_each) for place in range(min(seeds, _MOST_TUNING))]
    trials = [simulated_trial(_REPORTED_FROM + place, units_each) for place in range(seeds)]
    at_default, at_aim = compare(methods(), trials, tuning, sparse_ears_c2, progress)
    first = trials[0]
    summary = (
        f"{seeds} simulated histories (seeds {_REPORTED_FROM} to {_REPORTED_FROM + seeds - 1}) of"
        f" {len(first.group)} units over {len(first.clean.days.day) - first.first} working days,"
        f" {at_default[0].unit_days:,} unit-workdays; thresholds for equal false onsets were set on seeds"
        f" {_TUNING_FROM} to {_TUNING_FROM + len(tuning) - 1}. Written by"
    )
    return Backtest(
        summary=summary,
        command=f"motcua alerts backtest --seeds {seeds} --units {units_each} --write docs/alerts.md",
        at_default=at_default,
        at_aim=at_aim,
        habits=_habits(seeds, units_each, at_default[0]) if with_pictures else (),
        example=_example() if with_pictures else None,
        calibration=_calibration(trials) if with_pictures else (),
    )


def loaded_backtest(series: Series, seeds: int, progress: Progress) -> Backtest | None:
    """Returns the backtest of all methods on loaded flows with spikes put in,
    drawn again for each seed, or None when they are too few or short.

    What was unusual in the history counts as false, so its rates are upper bounds.
    """
    trials = [loaded_trial(series, _LOADED_FROM + place) for place in range(seeds)]
    usable = [trial for trial in trials if trial is not None]
    if not usable:
        return None
    # One history: the threshold is set on what it is tried on, for all methods alike.
    at_default, at_aim = compare(methods(), usable, usable[:1], sparse_ears_c2, progress)
    first = usable[0]
    days = first.clean.days.day
    summary = (
        f"Loaded flows, {days[0]} to {days[-1]}, of {len(first.group)} units with enough overdue dossiers;"
        f" spikes put in {seeds} times. Written by"
    )
    return Backtest(
        summary=summary,
        command=f"motcua alerts backtest --loaded --seeds {seeds}",
        at_default=at_default,
        at_aim=at_aim,
        habits=(),
        example=None,
        calibration=(),
    )


def _habits(seeds: int, units_each: int, usual: Outcome) -> list[tuple[str, Outcome]]:
    own = methods()[0]

    def of(habits: Habits) -> Outcome:
        trials = [
            simulated_trial(_REPORTED_FROM + place, units_each, habits)
            for place in range(min(seeds, _MOST_HABITS))
        ]
        return outcome(own.name, [score(trial, own.score) for trial in trials], own.threshold)

    return [(_named(CALM), of(CALM)), (_named(USUAL), usual), (_named(ROUGH), of(ROUGH))]


def _named(habits: Habits) -> str:
    return f"{habits.name} (drift {100 * habits.drift:g} %, dispersion {habits.dispersion:g})"


def _example() -> Example | None:
    """Returns one unit of a made-up history, from before Tết to after a spike."""
    own = methods()[0]
    trial = simulated_trial(_EXAMPLE_SEED, _EXAMPLE_UNITS)
    spiked = next(
        spiked_copy for spiked_copy in trial.spiked if spiked_copy.factor == 3.0 and not spiked_copy.is_tet
    )
    tet = int(np.flatnonzero(tet_days(trial.clean.days))[-1])
    near = (trial.group[:, None] == _EXAMPLE_LEVEL) & (spiked.starts > tet + 15) & (spiked.starts < tet + 60)
    rows, columns = np.nonzero(near)
    if not len(rows):
        return None
    row, start = int(rows[0]), int(spiked.starts[rows[0], columns[0]])
    scores, counts = own.score(spiked.series)[row], spiked.series.newly[row]
    days = [
        (
            spiked.series.days.day[place],
            int(counts[place]),
            start <= place < start + SPIKE_DAYS,
            float(scores[place]),
        )
        for place in range(tet - 40, min(start + 25, len(scores)))
    ]
    caption = (
        f"A unit of about {_EXAMPLE_LEVEL:g} a day: Tết, then a spike (×3, five days); dashed: the limit"
    )
    return Example(days, own.threshold, caption)


def _calibration(trials: Sequence[Trial]) -> list[tuple[str, float, float]]:
    """By level: how often p-values of histories without spikes are at or below some chances."""
    levels = sorted({float(level) for trial in trials for level in trial.group})
    below = np.zeros((len(levels), len(_NOMINAL)))
    cells = np.zeros(len(levels))
    for trial in trials:
        of_level = np.searchsorted(levels, trial.group)
        for judged in judge_days(trial.clean, every_cell=True):
            if judged.place >= trial.first:
                level = of_level[judged.series]
                cells += np.bincount(level, minlength=len(levels))
                for place, nominal in enumerate(_NOMINAL):
                    below[:, place] += np.bincount(level, judged.p <= nominal, len(levels))
    return [
        (f"{level:g}", nominal, float(below[row, place] / cells[row]))
        for row, level in enumerate(levels)
        for place, nominal in enumerate(_NOMINAL)
    ]
