"""What is usual for each series on the next working day: the baseline, rolled forward day by day.

    mean = rate of the series (shrunk to its pool) x exposure of the day x factor of the kind of day x day of the others

Exposure is what falls due (`series.py`). A pool is what a series is shrunk to: the units of a province, a sector in
it; a family is what shares dispersion, drift and the correction for many tests: all series of a kind. What a series is
judged by rests on days before the judged one, but for what falls due that day and what the day was like for the other
units. Formulae in words: docs/alerts.md. Here: estimation. Not here: when to raise an alarm (`detector.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.alerts.settings import DetectorSettings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_RATE_PRIOR_UNITS = (
    2.0  # pools of few units lean on the prior of the spread of rates, as if there were two more
)
_SHAPE_BOUNDS = (0.2, 50.0)
_DISPERSION_BOUNDS = (0.01, 3.0)
_DISPERSION_PRIOR_SERIES = 5.0
_DISPERSION_SPREAD = 0.5  # of series around their family, relative
_DRIFT_MOST = 0.5
_DRIFT_PRIOR_WINDOWS = 50.0
_FACTOR_BOUNDS = (0.4, 2.5)
_DAY_BOUNDS = (0.25, 4.0)
_DAY_SPREAD = (0.01, 0.1)  # squared: 10 % on ordinary days, 32 % on days after holidays, until days tell
_DAY_PRIOR = (10.0, 3.0)  # in days
_TELLING_NOISE = 0.02  # a day with more chance in it tells little of how days differ
_SURPRISE = 4.0  # variances: two standard deviations
_LEAST_MEAN = 1e-9


@dataclass(frozen=True)
class Expected:
    """Mean and variance of the count of the day and of the window that ends with it; one place per series."""

    is_ready: Bools  # there is something to compare with
    mean: Floats
    variance: Floats
    window_mean: Floats
    window_variance: Floats
    common: Floats  # squared relative error of the mean, the same for all days of a window
    exposure: Floats  # of the day, with the factor of the day in it
    usual_exposure: Floats


def total_by(group: Ints, weights: Floats, groups: int) -> Floats:
    """Sums of `weights` by group number, 0 to `groups` - 1."""
    total: Floats = np.bincount(group, weights=weights, minlength=groups).astype(np.float64)
    return total


@dataclass(frozen=True)
class Groups:
    """By series, numbered from 0: pool, family, province, and the place of the series of the unit (-1: of none)."""

    pool: Ints
    family: Ints
    province: Ints
    unit: Ints


class Baseline:
    """Rolling sums over the baseline window; `expect` a day, then `observe` it."""

    def __init__(self, groups: Groups, settings: DetectorSettings) -> None:
        pool, family = groups.pool, groups.family
        self._settings, size = settings, len(pool)
        self._pool, self._pools = pool, int(pool.max(initial=-1)) + 1
        self._family, self._families = family, int(family.max(initial=-1)) + 1
        self._units = np.flatnonzero(groups.unit == np.arange(size))
        self._region, self._regions = groups.province, int(groups.province.max(initial=-1)) + 1
        # The place after the last one stands for no unit.
        self._unit_of = np.where(groups.unit >= 0, groups.unit, size)
        # Sum and weight of squared deviations of whole days, of ordinary and of rare ones.
        self._day_variance = np.array([np.multiply(_DAY_SPREAD, _DAY_PRIOR), _DAY_PRIOR])
        self._family_of_pool = np.zeros(self._pools, np.int64)
        self._family_of_pool[pool] = family
        self._sums = {name: np.zeros(size) for name in ("y", "x", "days", "due", "alive")}
        self._ring: list[dict[str, Floats]] = []
        self._is_alive = np.zeros(size, np.bool_)
        self._weekdays = np.zeros((2, 7))  # observed and expected so far, by Monday to Sunday
        self._after_holiday = np.zeros(2)
        self._learnt_days = 0
        drift, prior = settings.drift, _DRIFT_PRIOR_WINDOWS
        self._drift = np.tile([[drift * prior], [prior]], (1, self._families))
        self._rate = np.zeros(size)
        self._scatter = np.zeros((3, size))  # squares beyond chance, squared means, days; fading
        self._family_dispersion = np.full(self._families, settings.dispersion)

    def expect(self, counts: Floats, due: Floats, weekday: int, is_after_holiday: bool) -> Expected:
        """Returns what is usual on a day with `due` dossiers falling due by series; `weekday` 0 is Monday.

        `counts` of the other units of the province tell what kind of day it was for all of them.
        """
        s, sums = self._settings, self._sums
        usual_due = sums["due"] / np.maximum(sums["alive"], 1.0)
        usual_exposure = s.offset_share * due + (1.0 - s.offset_share) * usual_due
        exposure = usual_exposure * self._factor(weekday, is_after_holiday)
        rate, spread, dispersion = self._estimates()
        is_ready, is_rare = self._is_ready(), weekday > 4 or is_after_holiday
        exposure = exposure * self._day_effect(
            counts, rate * exposure, dispersion + spread, is_ready, is_rare
        )
        drift = (self._drift[0] / self._drift[1]).clip(0.0, _DRIFT_MOST)[self._family]
        window = [day["x"] for day in self._ring[-(s.window_days - 1) :]] if s.window_days > 1 else []
        window_exposure, window_square = exposure.copy(), np.square(exposure)
        for earlier in window:
            window_exposure += earlier
            window_square += np.square(earlier)
        mean = np.maximum(rate * exposure, _LEAST_MEAN)
        window_mean = np.maximum(rate * window_exposure, _LEAST_MEAN)
        common = spread + drift
        self._rate = rate
        return Expected(
            is_ready=is_ready,
            mean=mean,
            variance=mean + (dispersion + common) * np.square(mean),
            window_mean=window_mean,
            window_variance=window_mean
            + dispersion * np.square(rate) * window_square
            + common * np.square(window_mean),
            common=common,
            exposure=exposure,
            usual_exposure=usual_exposure,
        )

    def _is_ready(self) -> Bools:
        old_enough = self._sums["alive"] >= self._settings.least_days
        pools = np.bincount(self._pool, weights=old_enough, minlength=self._pools) > 0
        ready: Bools = pools[self._pool] & self._is_alive
        return ready

    def _factor(self, weekday: int, is_after_holiday: bool) -> float:
        """Returns how many more become overdue on such a day than on the average one, at the same exposure."""
        s = self._settings
        a_day = self._weekdays[1].sum() / max(self._learnt_days, 1)
        prior = a_day * (s.weekday_prior_days if weekday < 5 else s.rare_day_prior_days)
        seen, expected = self._weekdays[:, weekday]
        factor = (seen + prior) / (expected + prior) if prior > 0 else 1.0
        if is_after_holiday:
            prior = a_day * s.rare_day_prior_days
            factor *= (
                (self._after_holiday[0] + prior) / (self._after_holiday[1] + prior) if prior > 0 else 1.0
            )
        return float(np.clip(factor, *_FACTOR_BOUNDS))

    def _day_effect(
        self, counts: Floats, mean: Floats, relative: Floats, is_ready: Bools, is_rare: bool
    ) -> Floats:
        """Returns what the day was like for the other units of the same province, drawn to 1 by how little they tell.

        Of each series; its own unit is left out, and none counts for more than is still plausible.
        """
        units = self._units[is_ready[self._units]]
        effect = np.ones(len(counts) + 1)
        variance = mean[units] + relative[units] * np.square(mean[units])
        seen = np.minimum(counts[units], mean[units] + 3.0 * np.sqrt(variance))
        sums = [total_by(self._region[units], each, self._regions) for each in (seen, mean[units], variance)]
        cases, usual, noise = (
            np.maximum(total[self._region[units]] - own, 0.0)
            for total, own in zip(sums, (seen, mean[units], variance), strict=True)
        )
        usual = np.maximum(usual, _LEAST_MEAN)
        noise = noise / np.square(usual)
        between = self._day_variance[0, int(is_rare)] / self._day_variance[1, int(is_rare)]
        strayed = cases / usual - 1.0
        # What is far beyond chance is believed even if no day was like that before.
        surprise = 1.0 - _SURPRISE * noise / np.maximum(np.square(strayed), _LEAST_MEAN)
        effect[units] = 1.0 + np.maximum(between / (between + noise), surprise) * strayed
        self._learn_days(sums, is_rare)
        return effect.clip(*_DAY_BOUNDS)[self._unit_of]

    def _learn_days(self, sums: list[Floats], is_rare: bool) -> None:
        """How much days of a province differ beyond chance: `sums` are cases, means and variances by province."""
        cases, usual, variance = sums
        usual = np.maximum(usual, _LEAST_MEAN)
        noise = variance / np.square(usual)
        weight = np.where(usual > _LEAST_MEAN, 1.0 / (1.0 + np.square(noise / _TELLING_NOISE)), 0.0)
        strayed = np.minimum(np.square(cases / usual - 1.0), 1.0) - noise
        self._day_variance[:, int(is_rare)] += (
            max(float((weight * strayed).sum()), -0.5 * self._day_variance[0, int(is_rare)]),
            float(weight.sum()),
        )

    def _estimates(self) -> tuple[Floats, Floats, Floats]:
        """Returns the rate per exposure, its squared relative error, and dispersion from day to day, by series."""
        n, e, days = self._sums["y"], self._sums["x"], np.maximum(self._sums["days"], 1.0)
        # Overdispersed counts tell less of the rate than as many independent ones.
        inflation = 1.0 + self._family_dispersion[self._family] * n / days
        shape, pool_rate = self._pool_rates(n, e, inflation)
        shape, pool_rate = shape[self._pool], pool_rate[self._pool]
        information = shape + n / inflation
        rate = information / (shape / pool_rate + e / inflation)
        return rate, 1.0 / information, self._dispersions()

    def _pool_rates(self, n: Floats, e: Floats, inflation: Floats) -> tuple[Floats, Floats]:
        """Gamma distribution of the rates of each pool by moments: shape and mean."""
        s = self._settings
        families = [total_by(self._family, each, self._families) for each in (n, e)]
        family_rate = (families[0] + 0.5) / np.maximum(families[1], 1.0)
        exposure_of_case = 1.0 / family_rate[self._family_of_pool]

        def by_pool(weights: Floats) -> Floats:
            return total_by(self._pool, weights, self._pools)

        pool_n, pool_e = by_pool(n), by_pool(e)
        mean = (pool_n + 1.0) / (pool_e + exposure_of_case)
        is_exposed = e > 0
        own = np.divide(np.square(n), e, out=np.zeros_like(n), where=is_exposed)
        between = by_pool(own) - np.square(pool_n) / np.maximum(pool_e, exposure_of_case)
        by_chance = mean * by_pool(
            inflation * is_exposed * (1.0 - e / np.maximum(pool_e[self._pool], _LEAST_MEAN))
        )
        weight = pool_e - by_pool(np.square(e)) / np.maximum(pool_e, _LEAST_MEAN)
        prior = (
            _RATE_PRIOR_UNITS * pool_e / np.maximum(by_pool(is_exposed.astype(np.float64)), 1.0)
            + exposure_of_case
        )
        variance = (np.maximum(between - by_chance, 0.0) + prior * np.square(mean) / s.rate_shape) / (
            np.maximum(weight, 0.0) + prior
        )
        return np.clip(np.square(mean) / variance, *_SHAPE_BOUNDS), mean

    def _dispersions(self) -> Floats:
        """By moments for each series, shrunk to that of the family by how much its counts can tell."""
        s, strayed, square, days = self._settings, *self._scatter
        is_informative = square > 1e-6
        own = np.divide(strayed, square, out=np.zeros_like(square), where=is_informative).clip(-2.0, 10.0)
        level = np.sqrt(square / np.maximum(days, 1.0))
        before = self._family_dispersion[self._family]
        noise = 2.0 / np.maximum(days, 1.0) * np.square(1.0 / np.maximum(level, 0.02) + before)
        between = np.square(_DISPERSION_SPREAD * before)
        weight = np.where(is_informative, 1.0 / (between + noise), 0.0)
        prior = _DISPERSION_PRIOR_SERIES / (_DISPERSION_SPREAD * s.dispersion) ** 2
        dispersion = (total_by(self._family, weight * own, self._families) + prior * s.dispersion) / (
            total_by(self._family, weight, self._families) + prior
        )
        self._family_dispersion = np.clip(dispersion, *_DISPERSION_BOUNDS)
        of_family = self._family_dispersion[self._family]
        shrunk: Floats = of_family + np.where(is_informative, between / (between + noise), 0.0) * (
            own - of_family
        )
        return np.clip(shrunk, *_DISPERSION_BOUNDS)

    def observe(
        self,
        counts: Floats,
        due: Floats,
        expected: Expected,
        weekday: int,
        is_after_holiday: bool,
        weight: Floats,
        is_alarm: Bools,
    ) -> None:
        """Takes the day in; it counts as baseline once it has left the guard band.

        `weight` is that of the day (0 to 1). Alarms make the whole window weigh little.
        """
        s = self._settings
        self._is_alive |= (counts > 0) | (due > 0)
        # A day of many times the usual size keeps its share of overdue dossiers but not its weight.
        usual = self._sums["due"] / np.maximum(self._sums["alive"], 1.0)
        bound = s.largest_day * np.maximum(usual, 1.0)
        weight = weight * np.minimum(1.0, bound / np.maximum(due, _LEAST_MEAN))
        weight = weight * self._is_alive
        day = {"y": counts, "x": expected.exposure, "w": weight, "due": np.minimum(due, bound)}
        day |= {
            "mean": expected.mean,
            "common": expected.common,
            "is_ready": expected.is_ready.astype(np.float64),
        }
        day["alive"] = self._is_alive.astype(np.float64)
        self._ring.append(day)
        for earlier in self._ring[-s.window_days :]:
            earlier["w"] = np.where(is_alarm, np.minimum(earlier["w"], s.alarm_weight), earlier["w"])
        self._learn_calendar(counts, expected, weekday, is_after_holiday, day["w"])
        self._learn_drift(expected, ~is_alarm & expected.is_ready)
        if len(self._ring) > s.guard_days:
            self._add(self._ring[-s.guard_days - 1], 1.0)
            self._learn_scatter(self._ring[-s.guard_days - 1])
        if len(self._ring) > s.guard_days + s.baseline_days:
            self._add(self._ring.pop(0), -1.0)

    def _add(self, day: dict[str, Floats], sign: float) -> None:
        y, x, sums = day["y"], day["x"], self._sums
        w = sign * day["w"]
        sums["y"] += w * y
        sums["x"] += w * x
        sums["days"] += w
        sums["due"] += sign * day["due"] * day["alive"]
        sums["alive"] += sign * day["alive"]

    def _learn_scatter(self, day: dict[str, Floats]) -> None:
        """How days stray from their mean beyond chance and beyond what a whole window has in common."""
        kept = 0.5 ** (1.0 / self._settings.scatter_half_life)
        mean, weight = day["mean"], day["w"] * day["is_ready"]
        beyond = np.square(day["y"] - mean) - mean - day["common"] * np.square(mean)
        self._scatter *= kept
        self._scatter += np.stack([weight * beyond, weight * np.square(mean), weight])

    def _learn_calendar(
        self, counts: Floats, expected: Expected, weekday: int, is_after_holiday: bool, weight: Floats
    ) -> None:
        """What all units together had on such a day and what their rates alone let expect."""
        units = self._units[expected.is_ready[self._units]]
        if not len(units):
            return
        seen = float(np.dot(weight[units], counts[units]))
        usual = float(np.dot(weight[units], self._rate[units] * expected.usual_exposure[units]))
        if is_after_holiday:
            usual *= self._factor(weekday, False)
            self._after_holiday += (seen, usual)
        else:
            self._weekdays[:, weekday] += (seen, usual)
            self._learnt_days += 1

    def _learn_drift(self, expected: Expected, is_informative: Bools) -> None:
        """How much more windows stray than dispersion and the error of the rate explain: the level drifts."""
        s = self._settings
        if len(self._ring) < s.window_days:
            return
        is_informative = is_informative & (expected.window_mean >= 0.5)
        family, mean = self._family[is_informative], expected.window_mean[is_informative]
        total = np.zeros(len(mean))
        for day in self._ring[-s.window_days :]:
            total += day["y"][is_informative]
        drift = (self._drift[0] / self._drift[1]).clip(0.0, _DRIFT_MOST)[family]
        explained = expected.window_variance[is_informative] - drift * np.square(mean)
        strayed = (np.square(total - mean) - explained) / np.square(mean)
        weight = 1.0 / np.square(1.0 / mean + 0.1)
        self._drift[0] += total_by(family, weight * strayed, self._families) / s.window_days
        self._drift[1] += total_by(family, weight, self._families) / s.window_days
