"""The drawn world itself: promised times as the offices compute them, lives in order, and the inspection's totals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assets.dimensions.names import procedure_key
from assets.dimensions.procedures import procedure_frame
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from pipelines.simulator.clock import DAY, NEVER, Calendar, day_number
from pipelines.simulator.places import PROCEDURES
from pipelines.simulator.run import _DEMO_SEED
from pipelines.simulator.targets import TINH_BIEN_2023 as TARGETS
from pipelines.simulator.town import YEAR_BEFORE, draw_both_years, town_exports
from pipelines.simulator.truth import Counts, count_units, truth_of

SAMPLES = Path(__file__).parents[1] / "samples"
EPOCH = datetime(1970, 1, 1)


def end_of(day: date) -> int:
    return (day_number(day) + 1) * DAY - 1


EVE_AT, END_AT = end_of(YEAR_BEFORE[1]), end_of(TARGETS.end)


def seconds(instant: datetime) -> int:
    return int((instant - EPOCH).total_seconds())


def sample_receptions() -> Iterator[tuple[str, datetime, int, datetime]]:
    """Code, reception, limit and promised time of every dossier of the samples whose promise is audited."""
    sources = load_sources()
    limits = dict(procedure_frame().select("name_key", "limit_value").iter_rows())
    for sample in sorted(SAMPLES.iterdir()):
        audit = json.loads((sample / "expected.json").read_text(encoding="utf-8"))["due_audit"]
        for file in sorted((sample / "landing").rglob("DongBoHoSoMC_*")):
            reading = read_export(file.read_bytes(), sources["dvcqg"], file.name)
            assert reading.dossiers is not None
            for code, name, received in reading.dossiers.select(
                "dossier_code", "procedure_name", "received_at"
            ).iter_rows():
                if received is not None and code in audit:
                    limit = limits.get(procedure_key(name))
                    if limit is not None:
                        yield code, received, limit, datetime.fromisoformat(audit[code])


def test_promised_times_are_those_of_the_samples() -> None:
    calendar = Calendar(date(2023, 1, 15), date(2023, 9, 1))
    cases = list(sample_receptions())
    received = np.array([seconds(case[1]) for case in cases])
    promised = calendar.due(received, np.array([case[2] for case in cases]))
    wrong = [
        (code, received, limit, due, EPOCH + timedelta(seconds=int(actual)))
        for (code, received, limit, due), actual in zip(cases, promised, strict=True)
        if seconds(due) != actual
    ]
    assert len(cases) > 500 and wrong == []


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("2023-07-17T09:00:00", 0, "2023-07-17T17:00:00"),
        ("2023-07-17T17:00:01", 0, "2023-07-18T17:00:00"),
        ("2023-07-17T09:00:00", 1, "2023-07-18T09:00:00"),
        ("2023-07-17T06:30:00", 1, "2023-07-18T07:00:00"),
        ("2023-07-17T12:10:00", 1, "2023-07-18T13:30:00"),
        ("2023-07-17T17:20:00", 1, "2023-07-19T07:00:00"),
        ("2023-07-21T17:20:00", 1, "2023-07-24T07:00:00"),
        ("2023-07-22T10:00:00", 0, "2023-07-24T17:00:00"),
        ("2023-04-28T10:00:00", 1, "2023-05-04T10:00:00"),
        ("2024-05-03T10:00:00", 1, "2024-05-04T10:00:00"),
    ],
)
def test_the_deadline_counts_working_days_from_the_next_office_hour(
    received: str, limit: int, due: str
) -> None:
    calendar = Calendar(date(2023, 1, 1), date(2024, 6, 1))
    actual = calendar.due(np.array([seconds(datetime.fromisoformat(received))]), np.array([limit]))
    assert EPOCH + timedelta(seconds=int(actual[0])) == datetime.fromisoformat(due)


@pytest.fixture(scope="module")
def both_years() -> dict[str, pl.DataFrame]:
    return {
        "before" if until < TARGETS.start else "period": dossiers
        for until, dossiers in draw_both_years(_DEMO_SEED, TARGETS)
    }


@pytest.fixture(scope="module")
def town(both_years: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return both_years["period"]


@pytest.fixture(scope="module")
def before(both_years: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return both_years["before"]


def counted(dossiers: pl.DataFrame, at: int, channels: tuple[int, ...] = (1, 2, 3)) -> Counts:
    return truth_of([count_units(dossiers, at)], dossiers.height, 0).total(channels=channels)


def test_the_town_meets_the_totals_of_the_inspection(town: pl.DataFrame) -> None:
    direct = counted(town, END_AT, channels=(1,))
    assert direct.received == TARGETS.received
    assert direct.resolved == TARGETS.resolved
    assert direct.resolved_late == TARGETS.resolved_late
    assert direct.pending_overdue == TARGETS.pending_overdue


def test_another_seed_meets_them_too() -> None:
    *_, (_, dossiers) = draw_both_years(1, TARGETS)
    direct = counted(dossiers, END_AT, channels=(1,))
    assert (direct.resolved, direct.resolved_late, direct.pending_overdue) == (
        TARGETS.resolved,
        TARGETS.resolved_late,
        TARGETS.pending_overdue,
    )


def test_the_year_before_ends_where_the_inspected_period_begins(before: pl.DataFrame) -> None:
    days = before["code_day"]
    assert (days.min(), days.max()) == (day_number(date(2021, 12, 15)), day_number(TARGETS.start) - 1)
    # What was sent in on the last evening is received on the first morning of the period: never at the desk.
    late = before.filter((pl.col("received") > EVE_AT) & (pl.col("received") < NEVER))
    assert 0 < late.height < 50 and set(late["channel"]) == {2}


def per_working_day(dossiers: pl.DataFrame, start: date, end: date) -> float:
    days = np.arange(day_number(start), day_number(end) + 1)
    received = dossiers.filter(pl.col("code_day").is_between(day_number(start), day_number(end))).height
    return received / int(Calendar(start, end).is_working(days).sum())


def test_the_year_before_grows_up_to_the_inspected_period(before: pl.DataFrame, town: pl.DataFrame) -> None:
    inspected = per_working_day(town, TARGETS.start, TARGETS.end)
    first = per_working_day(before, date(2021, 12, 15), date(2022, 3, 14))
    last = per_working_day(before, date(2022, 11, 15), date(2022, 12, 14))
    assert 0.05 < first / inspected < 0.2
    assert 0.7 < last / inspected < 1.0


def test_little_is_brought_in_the_month_of_tet(before: pl.DataFrame) -> None:
    january = per_working_day(before, date(2022, 1, 1), date(2022, 1, 31))
    february = per_working_day(before, date(2022, 2, 1), date(2022, 2, 28))
    march = per_working_day(before, date(2022, 3, 1), date(2022, 3, 31))
    assert february < january < march


def test_the_year_before_leaves_open_dossiers_of_which_the_period_finishes_most_some_of_them_late(
    before: pl.DataFrame,
) -> None:
    carried, left = counted(before, EVE_AT), counted(before, END_AT)
    assert 1_500 < carried.pending < 2_500 and 30 < carried.pending_overdue < 100
    assert 0.01 < carried.resolved_late / carried.resolved < 0.013
    assert 50 < left.resolved_late - carried.resolved_late < 200
    assert 0 < left.pending < 200 and 0 < left.pending_overdue < 10


def test_the_demo_stays_below_six_hundred_files() -> None:
    plan = town_exports(TARGETS)
    assert 3 * len(plan) < 600
    assert sum(export.day < TARGETS.start for export in plan) == 12
    assert [export.number for export in plan] == list(range(len(plan)))


@pytest.mark.parametrize("year", ["before", "period"])
def test_what_happens_to_a_dossier_is_in_order(both_years: dict[str, pl.DataFrame], year: str) -> None:
    town = both_years[year]
    happens = pl.col("suspended") < NEVER
    wrong = {
        "received before submitted": pl.col("received") < pl.col("submitted"),
        "started before received": (pl.col("started") <= pl.col("received")) & (pl.col("received") < NEVER),
        "ended before started": (pl.col("ended") <= pl.col("started")) & (pl.col("received") < NEVER),
        "waited before started": happens & (pl.col("suspended") <= pl.col("started")),
        "waited after due": happens & (pl.col("suspended") // DAY > pl.col("due") // DAY),
        "resumed before waiting": happens & (pl.col("moved_at") <= pl.col("suspended")),
        "ended while waiting": happens
        & (pl.col("ended") < pl.col("moved_at"))
        & (pl.col("ended") < NEVER)
        & (pl.col("end_status") != 7),
        "extended too late": ~happens & (pl.col("moved_at") < NEVER) & (pl.col("moved_at") >= pl.col("due")),
        "due moved back": (pl.col("moved_at") < NEVER) & (pl.col("due_moved") <= pl.col("due")),
        "returned before ended": pl.col("returned") < pl.col("ended"),
        "two of one code": pl.col("code").is_duplicated(),
    }
    assert {name: town.filter(rule).height for name, rule in wrong.items()} == dict.fromkeys(wrong, 0)


def test_overdue_dossiers_are_concentrated_and_grow_in_number(town: pl.DataFrame) -> None:
    overdue = town.filter(
        (pl.col("ended") == NEVER)
        & (pl.col("suspended") == NEVER)
        & (pl.col("due") // DAY < day_number(TARGETS.end))
    )
    land = [n for n, procedure in enumerate(PROCEDURES) if procedure.field_name == "Đất đai"]
    assert overdue.filter(pl.col("procedure").is_in(land)).height > overdue.height / 2
    middle = (day_number(TARGETS.start) + day_number(TARGETS.end)) // 2
    first, second = (
        overdue.filter(pl.col("due") // DAY <= middle),
        overdue.filter(pl.col("due") // DAY > middle),
    )
    assert 0 < first.height < second.height


def test_a_desk_is_open_on_working_days_alone(town: pl.DataFrame) -> None:
    calendar = Calendar(TARGETS.start, TARGETS.end)
    at_desk = town.filter(pl.col("channel") != 2)
    assert calendar.is_working(at_desk["code_day"].to_numpy()).all()
    online = town.filter(pl.col("channel") == 2)
    assert 0 < (~calendar.is_working(online["code_day"].to_numpy())).mean() < 0.25
    assert 0.07 < online.height / town.height < 0.09
