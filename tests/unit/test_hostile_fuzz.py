"""A hundred and fifty inputs of the fuzzer, and that it sees a reader that loses, adds or mixes up rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from assets.sources import readers
from assets.sources.reading import Reading
from tests.fuzz import check as checks
from tests.fuzz.bases import BASES
from tests.fuzz.check import check
from tests.fuzz.mutate import Expected, make

_SEED = 20230717
_COUNT = 150  # `make fuzz` tries a hundred thousand


def test_every_input_is_refused_in_a_sentence_or_read_whole() -> None:
    outcomes = {number: check(make(_SEED, number)) for number in range(_COUNT)}
    assert {number: actual.broken for number, actual in outcomes.items() if actual.broken} == {}
    read = Counter(
        BASES[number % len(BASES)].name for number, actual in outcomes.items() if actual.rows is not None
    )
    assert all(_COUNT // len(BASES) // 4 < read[base.name] < _COUNT // len(BASES) for base in BASES)


def test_the_same_seed_gives_the_same_input() -> None:
    assert make(1, 40) == make(1, 40) and make(1, 40) != make(2, 40)


def _loses_a_row(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.head(max(frame.height - 1, 0))


def _mixes_up(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(frame["dossier_code"].reverse())


def _adds_a_row(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame.head(1)])


def _lets_colours_through(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit("\x1b[31m").alias("status_raw"))


def _loses_a_column(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("status")


@pytest.mark.parametrize(
    "fault", [_loses_a_row, _mixes_up, _adds_a_row, _lets_colours_through, _loses_a_column]
)
@pytest.mark.parametrize("base", range(len(BASES)))
def test_a_fault_of_a_reader_is_seen(monkeypatch: pytest.MonkeyPatch, fault: Any, base: int) -> None:
    def faulty(*arguments: Any) -> Reading:
        reading = readers.read_export(*arguments)
        name = "dossiers" if reading.dossiers is not None else "steps"
        return replace(reading, **{name: fault(getattr(reading, name))})

    monkeypatch.setattr(checks, "read_export", faulty)
    inputs = [make(_SEED, number) for number in range(base, 20 * len(BASES), len(BASES))]
    assert any(check(given).broken for given in inputs)


def test_an_input_that_must_be_read_and_is_refused_is_a_failure() -> None:
    given = replace(make(_SEED, 0), content=b"[", expected=Expected(must_be_read=True))
    assert "must be read" in (check(given).broken or "")
