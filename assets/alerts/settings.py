"""The limits of the detector, each with the day it was set and why. Times are working days."""

from __future__ import annotations

from dataclasses import dataclass

#: Calendar days up to the judged one that the detector reads.
DAYS_READ = 400


@dataclass(frozen=True)
class DetectorSettings:
    """Defaults were set with `motcua alerts backtest` (seeds 101 to 106) and are reported on other seeds."""

    # 25/11/2026: 12 weeks, long enough for a level of 0.3 a day (18 cases), short enough to follow a new year.
    baseline_days: int = 60
    # 25/11/2026: the window that is judged and the days before it must not lift their own baseline.
    guard_days: int = 5
    # 25/11/2026: a week; a slip of a desk lasts days, and five days of little say what one day can't.
    window_days: int = 5
    # 25/11/2026: two weeks of a level of its own, or the province has none to lend to its units.
    least_days: int = 10
    # 25/11/2026: dossiers without a due day of their own (resumed late, moved back) are a tenth at most.
    offset_share: float = 0.9
    # 25/11/2026: a batch of 5,000 due on one day says no more of a unit's habits than five of its usual days.
    largest_day: float = 5.0
    # 25/11/2026: an alarm weighs a third of a day: a spike does not hide the next one, and a new level that stays is
    # believed after eight to ten weeks; less weight made no spike easier to find.
    alarm_weight: float = 0.33
    # 25/11/2026: pseudo-days by which the factor of a weekday, and of a rare kind of day, is drawn to 1.
    weekday_prior_days: float = 5.0
    rare_day_prior_days: float = 2.0
    # 25/11/2026: shape of the gamma distribution of rates over units where too few units tell it: rates differ by 100 %.
    rate_shape: float = 1.0
    # 25/11/2026: dispersion where nothing tells it: a day of a unit varies by half beyond chance.
    dispersion: float = 0.25
    # 25/11/2026: how much days stray changes slower than how many there are: half of it is forgotten in half a year.
    scatter_half_life: float = 120.0
    # 25/11/2026: level drift between baseline and window where nothing tells it: 15 %.
    drift: float = 0.0225
    # 25/11/2026: share of the chance of a false alarm spent on the one day; the five, which hold that day as well, find
    # more, and between 0.05 and 0.15 nothing changes much.
    day_share: float = 0.1
    # 25/11/2026: fewer cases than this are never worth a notice, however unusual.
    least_count: int = 3
    # 25/11/2026: less than half as much again is no spike, however many dossiers a province has.
    least_ratio: float = 1.5
    # 25/11/2026: gives about 2 false onsets per 1,000 unit-workdays on simulated history (docs/alerts.md).
    alarm_p: float = 0.0025
    # 25/11/2026: a family of thousands of series (unit and sector) must pay for its size.
    alarm_q: float = 0.5
    # 25/11/2026: critical: hardly chance among all units of the day, at least tripled, at least ten more than usual.
    critical_q: float = 0.01
    critical_ratio: float = 3.0
    critical_excess: float = 10.0
    # 25/11/2026: a stock of 50 overdue dossiers is beyond a week of one desk's work.
    stock_count: int = 50
    # 25/11/2026: one in ten open dossiers overdue is what the inspection of 2023 called slack; from 5 dossiers on.
    stock_share: float = 0.10
    stock_least: int = 5
    # 25/11/2026: critical at three times the limit.
    stock_critical_ratio: float = 3.0


DEFAULTS = DetectorSettings()
