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
from pipelines.simulator.lives import draw_returns, to_frame
from pipelines.simulator.places import PROCEDURES
from pipelines.simulator.run import _DEMO_EVERY_DAYS, _DEMO_SEED, draw_town
from pipelines.simulator.statements import export_plan
from pipelines.simulator.targets import TINH_BIEN_2023 as TARGETS
from pipelines.simulator.truth import count_units, truth_of

SAMPLES = Path(__file__).parents[1] / "samples"
EPOCH = datetime(1970, 1, 1)
END_AT = (day_number(TARGETS.end) + 1) * DAY - 1


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
def town() -> pl.DataFrame:
    rng, calendar = np.random.default_rng(_DEMO_SEED), Calendar(TARGETS.start, TARGETS.end)
    lives = draw_town(rng, calendar, TARGETS)
    draw_returns(rng, calendar, lives)
    return to_frame(rng, lives)


def test_the_town_meets_the_totals_of_the_inspection(town: pl.DataFrame) -> None:
    direct = truth_of([count_units(town, END_AT)], town.height, 0).total(channels=[1])
    assert direct.received == TARGETS.received
    assert direct.resolved == TARGETS.resolved
    assert direct.resolved_late == TARGETS.resolved_late
    assert direct.pending_overdue == TARGETS.pending_overdue


def test_another_seed_meets_them_too() -> None:
    rng, calendar = np.random.default_rng(1), Calendar(TARGETS.start, TARGETS.end)
    lives = draw_town(rng, calendar, TARGETS)
    frame = to_frame(rng, lives)
    direct = truth_of([count_units(frame, END_AT)], frame.height, 0).total(channels=[1])
    assert (direct.resolved, direct.resolved_late, direct.pending_overdue) == (
        TARGETS.resolved,
        TARGETS.resolved_late,
        TARGETS.pending_overdue,
    )


def test_the_demo_stays_below_six_hundred_files() -> None:
    assert 3 * len(export_plan(TARGETS.start, TARGETS.end, _DEMO_EVERY_DAYS)) < 600


def test_what_happens_to_a_dossier_is_in_order(town: pl.DataFrame) -> None:
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
