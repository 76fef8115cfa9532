"""Whether the model of what goes overdue is worth showing: tried on days it had not seen, compared with the plain order.

Temporal split: the model knows outcomes up to a day, and is tried on the twenty working days after it; several
times, further back each time. Not here: the model (`due_soon.py`), where the verdict is kept (`due_soon_data.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.alerts.due_soon import (
    HORIZON,
    Bools,
    Floats,
    Ints,
    Snapshots,
    fit,
    goes_overdue,
    joined,
    numbered,
)

TRAIN_DAYS, TEST_DAYS, FOLDS = 120, 20, 4
#: Lists of a unit and day count where they are longer than this, by their first so many.
SHOWN = 5
_LEAST_LISTS, _LEAST_OVERDUE = 30, 20
_DRAWS = 2000
_GROUPS = 10


@dataclass(frozen=True)
class Group:
    """Rows of similar probability: how many, the mean probability, and the share that went overdue."""

    count: int
    probability: float
    share: float


@dataclass(frozen=True)
class Order:
    """Lists of one horizon and length: how many, and the share of overdue ones among the first k in each order.

    `least_gain`: what the model gains at least, at 95 % over days drawn again.
    """

    horizon: int
    first: int
    lists: int
    model: float
    plain: float
    best: float
    least_gain: float


@dataclass(frozen=True)
class Proof:
    """What came of it. Figures are None where there was too little to try."""

    rows: int
    overdue: int
    brier_model: float | None = None
    brier_plain: float | None = None
    calibration_error: float | None = None
    groups: tuple[Group, ...] = ()
    orders: tuple[Order, ...] = ()

    @property
    def decisive(self) -> Order | None:
        """The lists that decide: three days ahead, the first five."""
        return next(
            (order for order in self.orders if (order.horizon, order.first) == (HORIZON, SHOWN)), None
        )

    @property
    def is_kept(self) -> bool:
        """Whether the model orders dossiers better than the days left, beyond chance."""
        order = self.decisive
        if order is None or order.lists < _LEAST_LISTS or self.overdue < _LEAST_OVERDUE:
            return False
        return order.least_gain > 0


def prove(rows: Snapshots) -> Proof:
    """Tries the model on the last days of `rows` whose outcome is known, fold by fold."""
    if not len(rows):
        return Proof(0, 0)
    last = int(rows.day.max())
    overdue_ones = goes_overdue(rows)
    tried = [_fold(rows, overdue_ones, last - HORIZON - fold * TEST_DAYS) for fold in range(FOLDS)]
    parts = [part for part in tried if part is not None]
    if not parts:
        return Proof(0, 0)
    pooled = _Tried(
        *(joined(column) for column in zip(*(vars(part).values() for part in parts), strict=True))
    )
    overdue = int(pooled.outcome.sum())
    groups = _groups(pooled)
    weight = np.array([group.count for group in groups], dtype=np.float64)
    distance = np.array([abs(group.probability - group.share) for group in groups])
    return Proof(
        rows=len(pooled.outcome),
        overdue=overdue,
        brier_model=float(((pooled.model - pooled.outcome) ** 2).mean()),
        brier_plain=float(((pooled.plain - pooled.outcome) ** 2).mean()),
        calibration_error=float((weight * distance).sum() / weight.sum()),
        groups=groups,
        orders=tuple(_order(pooled, horizon, first) for horizon in (1, HORIZON) for first in (3, SHOWN, 10)),
    )


@dataclass(frozen=True)
class _Tried:
    day: Ints
    unit: pl.Series
    left: Ints
    outcome: Bools
    model: Floats
    plain: Floats


def _fold(rows: Snapshots, outcome: Bools, end: int) -> _Tried | None:
    """Returns the fold whose model knows outcomes up to `end` less the tried days, and is tried on those up to `end`."""
    cut = end - TEST_DAYS
    known = (rows.day > cut - TRAIN_DAYS) & (rows.day <= cut)
    model = fit(rows.where(known), cut)
    chosen = (rows.day > cut) & (rows.day <= end) & (rows.left >= 1)
    if model is None or not chosen.any():
        return None
    tried = rows.where(chosen)
    before = known & (rows.left >= 1) & (rows.due <= cut)
    share = np.array(
        [
            (outcome[before & (rows.left == left)].sum() + 0.5) / ((before & (rows.left == left)).sum() + 1)
            for left in range(HORIZON + 1)
        ]
    )
    return _Tried(
        tried.day,
        tried.unit,
        tried.left,
        outcome[chosen],
        model.probability(tried),
        share[tried.left],
    )


def _groups(tried: _Tried) -> tuple[Group, ...]:
    """Returns ten groups of one size, from the least probability to the greatest."""
    order = np.argsort(tried.model, kind="stable")
    return tuple(
        Group(len(part), float(tried.model[part].mean()), float(tried.outcome[part].mean()))
        for part in np.array_split(order, _GROUPS)
        if len(part)
    )


def _order(tried: _Tried, horizon: int, first: int) -> Order:
    chosen = np.flatnonzero(tried.left <= horizon)
    # Rows come ordered by due date, reception and code: a stable sort by days left is the plain order.
    unit = numbered(tried.unit)
    key = tried.day[chosen] * len(unit.names) + unit.place[chosen]
    days, gains, hits = [], [], np.zeros(3)
    lists = 0
    names, place = np.unique(key, return_inverse=True)
    by_list = (
        np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1]) if len(names) else []
    )
    for members in by_list:
        if len(members) <= first:
            continue
        rows = chosen[members]
        outcome = tried.outcome[rows]
        model = outcome[np.argsort(-tried.model[rows], kind="stable")][:first].sum()
        plain = outcome[np.argsort(tried.left[rows], kind="stable")][:first].sum()
        hits += (model, plain, min(first, int(outcome.sum())))
        lists += 1
        days.append(int(tried.day[rows[0]]))
        gains.append(int(model) - int(plain))
    if not lists:
        return Order(horizon, first, 0, 0.0, 0.0, 0.0, 0.0)
    model_share, plain_share, best_share = (float(hit) / (lists * first) for hit in hits)
    gain = _least_gain(np.array(days), np.array(gains), lists * first)
    return Order(horizon, first, lists, model_share, plain_share, best_share, gain)


def _least_gain(days: Ints, gains: Ints, places: int) -> float:
    """Returns the 5th percentile of the gain over draws of whole days: lists of one day are not independent."""
    names, place = np.unique(days, return_inverse=True)
    by_day = np.bincount(place, weights=gains)
    draw = np.random.default_rng(1).integers(0, len(names), (_DRAWS, len(names)))
    return float(np.quantile(by_day[draw].sum(axis=1), 0.05) / places)
