"""The samples: every due instant that a fresh computation must give, to the second.

Receptions come from the sample files of all three shapes, limits from the catalogue of procedures; where a page
of iGate says a limit, it must be the catalogue's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from assets.dimensions.names import procedure_core, procedure_key
from assets.dimensions.procedures import procedure_frame
from assets.facts.deadline import Case, Office, find_due
from assets.facts.deadline_batch import due_frame
from assets.facts.deadline_trace import explain
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from tests.unit.deadline_cases import calendar

SAMPLES = sorted((Path(__file__).parents[1] / "samples").iterdir())


def audit(sample: Path) -> dict[str, datetime]:
    written = json.loads((sample / "expected.json").read_text(encoding="utf-8"))["due_audit"]
    return {code: datetime.fromisoformat(due) for code, due in written.items()}


@cache
def rows(sample: Path) -> pl.DataFrame:
    """Every row of every dossier list: dossier_code, received_at, procedure_name, limit_value, limit_unit."""
    return pl.concat(_rows(sample)).filter(pl.col("received_at").is_not_null())


def _rows(sample: Path) -> Iterator[pl.DataFrame]:
    sources, landing = load_sources(), sample / "landing"
    for file in sorted(path for path in landing.rglob("*") if path.is_file()):
        path = file.relative_to(landing)
        dossiers = read_export(file.read_bytes(), sources[path.parts[0]], path.as_posix()).dossiers
        if dossiers is not None:
            yield dossiers.select(
                "dossier_code", "received_at", "procedure_code", "procedure_name", "limit_value", "limit_unit"
            )


def audited(sample: Path) -> pl.DataFrame:
    """One row per audited dossier: its reception, the catalogue's limit of its procedure, and the due instant.

    A row with another reception of the same code, or a name that fits no procedure, would make a second row.
    """
    names = rows(sample)["procedure_name"].unique().drop_nulls()
    keys = pl.DataFrame({"procedure_name": names, "name_key": [procedure_key(name) for name in names]})
    due = pl.DataFrame({"dossier_code": list(audit(sample)), "due": list(audit(sample).values())})
    limits = procedure_frame().select("name_key", "limit_value", "limit_unit")
    return (
        rows(sample)
        .select("dossier_code", "received_at", "procedure_name")
        .join(keys, on="procedure_name")
        .join(limits, on="name_key")
        .join(due, on="dossier_code")
        .drop("procedure_name")
        .unique()
        .sort("dossier_code")
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_due_instant_of_a_sample_is_computed_to_the_second(sample: Path) -> None:
    frame = audited(sample)
    assert frame["dossier_code"].to_list() == sorted(audit(sample))
    actual = due_frame(frame.cast({"limit_value": pl.Float64}), Office(calendar()))
    assert actual["due_at"].to_list() == frame["due"].to_list()
    assert actual["reason"].null_count() == actual.height


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_one_by_one_and_day_by_day_they_are_the_same(sample: Path) -> None:
    office = Office(calendar())
    for row in audited(sample).iter_rows(named=True):
        case = Case(row["received_at"], row["limit_value"], row["limit_unit"])
        assert find_due(case, office).due_at == explain(case, office).due.due_at == row["due"]


def test_a_limit_that_igate_says_is_the_one_of_the_catalogue() -> None:
    catalogue = {
        code: (float(value), unit)
        for code, value, unit in procedure_frame()
        .select("procedure_code", "limit_value", "limit_unit")
        .iter_rows()
    }
    shown = {
        (procedure_core(code), (value, unit))
        for sample in SAMPLES
        for code, value, unit in rows(sample)
        .filter(pl.col("limit_unit").is_not_null(), pl.col("procedure_code").is_not_null())
        .select("procedure_code", "limit_value", "limit_unit")
        .iter_rows()
    }
    assert len(shown) == len(catalogue)
    assert shown == set(catalogue.items())
