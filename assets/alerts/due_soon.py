"""Which dossiers that are due soon will go overdue: a discrete-time hazard of leaving the desk, with shrinkage.

On each working day a dossier in process leaves the desk (finished, suspended, given another due date) or stays; one
that stays through its due day goes overdue. The chance to stay is estimated by days left, procedure and unit, shrunk
towards the procedure and the whole by how much they differ (empirical Bayes), then moved by what is known of the
dossier (logistic regression). Pure; not here: reading the warehouse (`due_soon_data.py`), the proof
(`due_soon_proof.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: The longest look ahead, in working days.
HORIZON = 3
_FEATURES = ("elapsed", "has_step", "idle", "load", "online")
_RIDGE = 1.0
_ROUNDS = 30
_LEAST, _MOST = 1e-4, 1 - 1e-4
_STRENGTHS = np.geomspace(0.5, 2000, 40)


@dataclass(frozen=True)
class Snapshots:
    """Dossiers in process at the end of working days: columns of one length, ordered by day, due date and reception.

    Days are working-day numbers; `step` is that of the last step, -1 where none is known; `load` the unit's pending
    dossiers as a share of what is usual, 1 where unknown.
    """

    code: pl.Series
    day: Ints
    due: Ints
    received: Ints
    unit: pl.Series
    procedure: pl.Series
    is_online: Bools
    step: Ints
    load: Floats

    def __len__(self) -> int:
        return len(self.day)

    @property
    def left(self) -> Ints:
        """Working days left, 0 to 3."""
        return self.due - self.day

    def where(self, chosen: Bools) -> Snapshots:
        """Returns the chosen rows."""
        return Snapshots(**{name: _where(value, chosen) for name, value in vars(self).items()})

    def features(self) -> Floats:
        """Returns what is known of each dossier that evening, a column per feature."""
        lived = self.day - self.received
        elapsed = (lived + 1) / (self.due - self.received + 1)
        has_step = self.step >= 0
        idle = np.where(has_step, self.day - self.step, lived) / (lived + 1)
        load = np.log(np.clip(self.load, 0.2, 5.0))
        columns: Floats = np.column_stack([elapsed, has_step, idle, load, self.is_online]).astype(np.float64)
        return columns


def _where(column: Any, chosen: Bools) -> Any:
    return column.filter(pl.Series(chosen)) if isinstance(column, pl.Series) else column[chosen]


def joined(columns: Sequence[Any]) -> Any:
    """Returns columns of snapshots under each other, Series or arrays."""
    return pl.concat(columns) if isinstance(columns[0], pl.Series) else np.concatenate(columns)


def stays(rows: Snapshots) -> Bools:
    """Returns whether each is in process at the end of the next working day too, with the same due date."""
    life, held = _held(rows)
    # None is looked at after its due day.
    staying: Bools = (rows.left > 0) & held[life, rows.left - 1]
    return staying


def goes_overdue(rows: Snapshots) -> Bools:
    """Returns whether each is in process still when its due day ends."""
    life, held = _held(rows)
    overdue: Bools = held[life, 0]
    return overdue


def _held(rows: Snapshots) -> tuple[Ints, Bools]:
    """Returns the place of each row's dossier with its due date, and which of them are in process with how many days left."""
    lives = pl.DataFrame({"code": rows.code, "due": rows.due})
    distinct = lives.unique().with_row_index("place")
    life = lives.join(distinct, on=["code", "due"], how="left", maintain_order="left")["place"]
    place = life.cast(pl.Int64).to_numpy()
    held = np.zeros((len(distinct), HORIZON + 1), np.bool_)
    held[place, rows.left] = True
    return place, held


@dataclass(frozen=True)
class Numbered:
    """What distinguishes rows: the distinct names, and the place of each row's among them."""

    names: Sequence[str]
    place: Ints


def numbered(values: pl.Series) -> Numbered:
    """Returns the distinct texts in the order in which they come."""
    frame = pl.DataFrame({"name": values})
    distinct = frame.unique(maintain_order=True).with_row_index("place")
    place = frame.join(distinct, on="name", how="left", maintain_order="left")["place"]
    return Numbered(distinct["name"].to_list(), place.cast(pl.Int64).to_numpy())


@dataclass(frozen=True)
class Model:
    """Rates by days left, procedure and unit as (count, stayed), how strongly they are shrunk, and weights."""

    whole: Mapping[str, tuple[float, float]]
    procedures: Mapping[str, tuple[float, float]]
    units: Mapping[str, tuple[float, float]]
    pairs: Mapping[str, tuple[float, float]]
    strengths: tuple[float, float, float]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Returns the model as values that JSON can hold."""
        return dict(vars(self))

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Model:
        """Returns the model of `as_json`, through JSON or not."""
        tuples = ("strengths", "centre", "scale", "weights")
        parts: dict[str, Any] = {
            name: tuple(part) if name in tuples else part for name, part in value.items()
        }
        return cls(**parts)

    def probability(self, rows: Snapshots) -> Floats:
        """Of going overdue, for rows with one to three working days left."""
        known = (rows.features() - np.array(self.centre)) / np.array(self.scale)
        procedure, unit = numbered(rows.procedure), numbered(rows.unit)
        staying: Floats = np.ones(len(rows))
        for left in range(1, HORIZON + 1):
            rate = self._rate(_keys(procedure, unit, np.full(len(rows), left)))
            chance = _expit(_design(rate, known) @ np.array(self.weights))
            staying = np.where(rows.left >= left, staying * chance, staying)
        return staying

    def _rate(self, keys: Sequence[Numbered], stayed: Bools | None = None) -> Floats:
        """Shrunk chance to stay; a row whose outcome is given does not count towards its own rate."""
        levels = [
            _counts(table, key, stayed)
            for table, key in zip((self.whole, self.procedures, self.units, self.pairs), keys, strict=True)
        ]
        whole = _shrunk(levels[0], np.full(len(levels[0][0]), 0.5), 1.0)
        by_procedure = _shrunk(levels[1], whole, self.strengths[0])
        by_unit = _shrunk(levels[2], whole, self.strengths[1])
        expected = _expit(_logit(by_procedure) + _logit(by_unit) - _logit(whole))
        return _shrunk(levels[3], expected, self.strengths[2])


def fit(rows: Snapshots, through: int) -> Model | None:
    """Returns the model fitted on what is known at the end of working day `through`, or None where next to nothing stays or
    leaves.

    Rows of that day only say who of the day before stayed; later rows are left out.
    """
    rows = rows.where(rows.day <= through)
    outcome = stays(rows)
    chosen = (rows.left >= 1) & (rows.day < through)
    rows, outcome = rows.where(chosen), outcome[chosen]
    if outcome.sum() < 10 or (~outcome).sum() < 10:
        return None
    keys = _keys(numbered(rows.procedure), numbered(rows.unit), rows.left)
    tables = [_table(key, outcome) for key in keys]
    whole = {key: count[1] / count[0] for key, count in tables[0].items()}
    strengths = tuple(_strength(table, whole) for table in tables[1:])
    features = rows.features()
    centre, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
    plain = Model(
        tables[0],
        tables[1],
        tables[2],
        tables[3],
        (strengths[0], strengths[1], strengths[2]),
        tuple(centre.tolist()),
        tuple(scale.tolist()),
        (),
    )
    rate = plain._rate(keys, outcome)
    weights = _logistic(_design(rate, (features - centre) / scale), outcome.astype(np.float64))
    return Model(**(vars(plain) | {"weights": tuple(weights.tolist())}))


def _keys(procedure: Numbered, unit: Numbered, left: Ints) -> list[Numbered]:
    """By level: days left, with the procedure, with the unit, with both."""
    days, none = Numbered([str(day) for day in range(HORIZON + 1)], left), Numbered([""], np.zeros_like(left))
    pair = _with(procedure, unit)
    return [_with(days, none, ""), *(_with(days, each) for each in (procedure, unit, pair))]


def _with(first: Numbered, other: Numbered, between: str = "|") -> Numbered:
    """Returns the pairs that there are, under both names."""
    count = len(other.names)
    key = pl.Series(first.place * count + other.place)
    pairs = key.unique().sort()
    place = pairs.search_sorted(key).cast(pl.Int64).to_numpy()
    names = [first.names[pair // count] + between + other.names[pair % count] for pair in pairs.to_list()]
    return Numbered(names, place)


def _table(keys: Numbered, outcome: Bools) -> dict[str, tuple[float, float]]:
    count = np.bincount(keys.place, minlength=len(keys.names)).tolist()
    stayed = np.bincount(keys.place, weights=outcome, minlength=len(keys.names)).tolist()
    return {name: (float(n), float(s)) for name, n, s in sorted(zip(keys.names, count, stayed, strict=True))}


def _counts(
    table: Mapping[str, tuple[float, float]], keys: Numbered, stayed: Bools | None
) -> tuple[Floats, Floats]:
    known = np.array([table.get(name, (0.0, 0.0)) for name in keys.names], dtype=np.float64).reshape(-1, 2)
    counts = known[keys.place]
    if stayed is not None:
        counts = counts - np.column_stack([np.ones(len(stayed)), stayed])
    return counts[:, 0], counts[:, 1]


def _shrunk(counts: tuple[Floats, Floats], towards: Floats, strength: float) -> Floats:
    count, stayed = counts
    shrunk: Floats = np.clip((stayed + strength * towards) / (count + strength), _LEAST, _MOST)
    return shrunk


def _strength(table: Mapping[str, tuple[float, float]], whole: Mapping[str, float]) -> float:
    """Returns how many dossiers the prior weighs: the likeliest under beta-binomial counts around the whole's rate."""
    from scipy.special import betaln  # noqa: PLC0415

    count, stayed = np.array(list(table.values()), dtype=np.float64).T
    rate = np.clip([whole[key.split("|", maxsplit=1)[0]] for key in table], _LEAST, _MOST)
    likelihoods = [
        float(
            (
                betaln(stayed + m * rate, count - stayed + m * (1 - rate)) - betaln(m * rate, m * (1 - rate))
            ).sum()
        )
        for m in _STRENGTHS
    ]
    return float(_STRENGTHS[int(np.argmax(likelihoods))])


def _design(rate: Floats, known: Floats) -> Floats:
    design: Floats = np.column_stack([np.ones(len(rate)), _logit(rate), known])
    return design


def _logistic(design: Floats, outcome: Floats) -> Floats:
    """Newton's steps; the ridge pulls towards the shrunk rate as it is (weight 1) and no effect of the rest."""
    start = np.zeros(design.shape[1])
    start[1] = 1.0
    weights, ridge = start.copy(), np.full(design.shape[1], _RIDGE)
    ridge[0] = 1e-6
    for _ in range(_ROUNDS):
        chance = _expit(design @ weights)
        slope = design.T @ (outcome - chance) - ridge * (weights - start)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(ridge)
        move = np.linalg.solve(curve, slope)
        weights = weights + move
        if float(np.abs(move).max()) < 1e-8:
            break
    return weights


def _logit(chance: Floats) -> Floats:
    bounded = np.clip(chance, _LEAST, _MOST)
    turned: Floats = np.log(bounded / (1 - bounded))
    return turned


def _expit(value: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-np.clip(value, -30, 30)))
    return chance
