"""P-values say what they say, and alarms are as rare as promised: on histories in which nothing happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from assets.alerts.backtest import onsets, outcome, score
from assets.alerts.detector import judge_days
from assets.alerts.rivals import methods
from assets.alerts.series import Key, Series
from assets.alerts.settings import DEFAULTS, DetectorSettings
from pipelines.simulator.flows import USUAL, working_days
from pipelines.simulator.trials import simulated_trial

_DAYS = working_days(date(2022, 7, 1), date(2023, 12, 29))
_FIRST = 150
# All of the chance on one of the two tests: p is then that test's own.
_SINGLE_DAY = replace(DEFAULTS, day_share=1.0 - 1e-12)
_ONLY_WINDOW = replace(DEFAULTS, day_share=1e-12)


def _as_modelled(seed: int, level: float, count: int = 120) -> Series:
    """Negative binomial counts on what falls due, with weekdays, and rates that differ from unit to unit."""
    rng = np.random.default_rng(seed)
    rate = 0.1 * rng.gamma(4.0, 0.25, (count, 1))
    due = rng.poisson(level / 0.1, (count, len(_DAYS.day)))
    weekday = np.array([1.3, 0.9, 1.0, 0.9, 0.9, 0.8, 0.8])[[day.weekday() for day in _DAYS.day]]
    newly = rng.poisson(rate * due * weekday * rng.gamma(4.0, 0.25, due.shape))
    keys = tuple(Key("unit", f"{place:05}", f"Xã {place}", "89") for place in range(count))
    return Series(keys, _DAYS, newly.astype(np.int32), due.astype(np.int32))


def _p_values(series: Series, settings: DetectorSettings) -> NDArray[np.float64]:
    return np.concatenate(
        [judged.p for judged in judge_days(series, settings, every_cell=True) if judged.place >= _FIRST]
    )


@pytest.mark.parametrize("settings", [_SINGLE_DAY, _ONLY_WINDOW], ids=["one day", "five days"])
@pytest.mark.parametrize("level", [1.0, 3.0, 10.0])
def test_p_values_are_uniform_when_nothing_happens(level: float, settings: DetectorSettings) -> None:
    p = _p_values(_as_modelled(5, level), settings)
    assert len(p) > 20_000
    # Mid-p-values of small counts are coarse: they are compared where they can be told apart.
    for chance in (0.3, 0.1, 0.05) if level < 3 else (0.9, 0.7, 0.5, 0.3, 0.1, 0.05):
        assert np.mean(p <= chance) == pytest.approx(chance, abs=0.25 * chance), chance
    assert np.mean(p <= 0.01) == pytest.approx(0.01, abs=0.006)
    assert np.mean(p) == pytest.approx(0.5, abs=0.03)


def test_false_onsets_are_as_rare_as_promised_also_after_tet() -> None:
    """On a history whose habits are not those of the model; the full figures are in docs/alerts.md."""
    trial = simulated_trial(501, 60, USUAL)
    own = methods()[0]
    actual = outcome(own.name, [score(replace(trial, spiked=()), own.score)], own.threshold)
    assert 0.5 <= actual.all_false_onsets <= 3.0
    assert actual.tet_false_onsets <= 8.0


def test_spikes_are_found_about_as_often_as_the_page_says() -> None:
    trial = simulated_trial(502, 60, USUAL)
    own = methods()[0]
    actual = outcome(own.name, [score(trial, own.score)], own.threshold)
    assert actual.share(3.0, 1.0) > 0.40
    assert actual.share(3.0, 3.0) > 0.65
    assert actual.share(3.0, 10.0) > 0.78
    assert actual.share(2.0, 3.0) < actual.share(3.0, 3.0)
    assert actual.share(3.0, 3.0, is_tet=True) > 0.4


def test_a_run_of_alarms_has_one_onset() -> None:
    alarm = np.array([[0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]], np.bool_)
    assert np.flatnonzero(onsets(alarm)[0]).tolist() == [1, 13]
