"""The model of what goes overdue: it learns what there is to learn, knows nothing of later days, and says when it is
of no use."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from assets.alerts.due_soon import HORIZON, Model, Snapshots, fit, goes_overdue, joined, stays
from assets.alerts.due_soon_proof import prove

_UNITS, _DAYS = 6, 210


def _world(
    stay_by_unit: list[float], per_day: int = 12, seed: int = 1, odd: float | None = None
) -> Snapshots:
    """Dossiers of limit 3 received each day in each unit; each evening one in process stays with its unit's chance.

    Every third is of a procedure with a chance of its own, if `odd` says one.
    """
    draw = np.random.default_rng(seed)
    rows = []
    for received in range(_DAYS):
        for unit, stay in enumerate(stay_by_unit):
            for number in range(per_day):
                due = received + HORIZON
                procedure = "odd" if odd is not None and number % 3 == 0 else "p"
                chance = odd if odd is not None and procedure == "odd" else stay
                for day in range(received, min(due, _DAYS - 1) + 1):
                    rows.append(
                        (f"{unit}-{received:03}-{number:02}", day, due, received, f"u{unit}", procedure)
                    )
                    if draw.random() >= chance:
                        break
    rows.sort(key=lambda row: (row[1], row[2], row[3], row[0]))
    code, day, due, got, unit_key, procedures = (np.array(column) for column in zip(*rows, strict=True))
    count = len(rows)
    return Snapshots(
        code=pl.Series(code.tolist()),
        day=day,
        due=due,
        received=got,
        unit=pl.Series(unit_key.tolist()),
        procedure=pl.Series(procedures.tolist()),
        is_online=np.zeros(count, np.bool_),
        step=np.full(count, -1),
        load=np.ones(count),
    )


@pytest.fixture(scope="module")
def uneven() -> Snapshots:
    return _world([0.2, 0.25, 0.3, 0.35, 0.7, 0.8])


def test_what_stays_and_what_goes_overdue_is_read_off_the_following_days() -> None:
    rows = Snapshots(
        code=pl.Series(["a", "a", "a", "a", "b", "b", "c"]),
        day=np.array([1, 2, 3, 4, 1, 2, 3]),
        due=np.array([4, 4, 4, 4, 4, 4, 4]),
        received=np.ones(7, np.int64),
        unit=pl.Series(["u"] * 7),
        procedure=pl.Series(["p"] * 7),
        is_online=np.zeros(7, np.bool_),
        step=np.full(7, -1),
        load=np.ones(7),
    )
    assert stays(rows).tolist() == [True, True, True, False, True, False, False]
    assert goes_overdue(rows).tolist() == [True, True, True, True, False, False, False]


def test_probabilities_are_those_the_world_was_made_with(uneven: Snapshots) -> None:
    model = fit(uneven, _DAYS - 1)
    assert model is not None
    for unit, stay in ((0, 0.2), (5, 0.8)):
        for left in (1, 2, 3):
            rows = uneven.where((uneven.unit == f"u{unit}").to_numpy() & (uneven.left == left))
            actual = float(model.probability(rows).mean())
            assert actual == pytest.approx(stay**left, rel=0.2), (unit, left)
    again = Model.of_json(json.loads(json.dumps(model.as_json())))
    rows = uneven.where(uneven.left >= 1)
    assert np.array_equal(again.probability(rows), model.probability(rows))


def test_a_unit_with_one_dossier_is_taken_for_one_like_the_others(uneven: Snapshots) -> None:
    first = _world([0.5], per_day=1, seed=3)
    lone = first.where(first.received == 10)
    lone = Snapshots(**(vars(lone) | {"unit": pl.Series(["new"] * len(lone))}))
    both = Snapshots(**{name: joined([value, vars(lone)[name]]) for name, value in vars(uneven).items()})
    model = fit(both, _DAYS - 1)
    assert model is not None
    chance = float(model.probability(lone.where(lone.left == 3)).mean())
    assert 0.02 < chance < 0.5


def test_nothing_after_its_day_is_known_to_it(uneven: Snapshots) -> None:
    cut = 150
    before = fit(uneven, cut)
    other = uneven.where((uneven.day <= cut) | (np.arange(len(uneven)) % 3 == 0))
    assert fit(other, cut) == before
    assert before != fit(uneven, cut + 1)


def test_it_is_kept_where_procedures_differ_and_is_calibrated() -> None:
    proof = prove(_world([0.3, 0.35, 0.4, 0.45, 0.3, 0.4], odd=0.8))
    actual = proof.decisive
    assert proof.is_kept and actual is not None
    assert actual.model > actual.plain and actual.model <= actual.best
    assert proof.brier_model is not None and proof.brier_plain is not None
    assert proof.brier_model < proof.brier_plain
    assert proof.calibration_error is not None and proof.calibration_error < 0.03
    assert sum(group.count for group in proof.groups) == proof.rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_not_kept_where_there_is_nothing_to_learn(seed: int) -> None:
    proof = prove(_world([0.4] * _UNITS, seed=seed))
    assert proof.overdue > 100
    assert not proof.is_kept


def test_units_that_differ_do_not_help_within_the_list_of_one(uneven: Snapshots) -> None:
    proof = prove(uneven)
    assert proof.brier_model is not None and proof.brier_plain is not None
    assert proof.brier_model < proof.brier_plain
    assert not proof.is_kept


def test_too_little_to_try_is_stated() -> None:
    few = _world([0.5])
    assert not prove(few.where(few.day < 30)).is_kept
    assert prove(few.where(few.day < 0)).rows == 0
    assert fit(few.where(few.day < 0), 10) is None
