"""Stages: how long a dossier lay in what status at which office."""

from __future__ import annotations

from typing import Any

from assets.facts.stages import stages_of
from tests.facts.rows import frame, shown

_STEP = "life status life_order processed_at department source position started_at due_at"
# Office hours of this test: 07:00 to 08:00, an hour a day; the 22nd and 23rd are a weekend.
_OFF = (22, 23)
_DAYS = frame(
    "date is_working_day worked_before",
    *((str(day), day not in _OFF, 60 * (day - 17 - sum(off < day for off in _OFF))) for day in range(17, 26)),
)
_MINUTES = frame(
    "minute worked",
    *(
        (f"{hour:02}:{minute:02}", min(max(60 * (hour - 7) + minute, 0), 60))
        for hour in range(24)
        for minute in (0, 30)
    ),
)


def _stages(
    *steps: tuple[Any, ...], ended: str | None = None, vanished: str | None = None, counted: bool = True
) -> list[tuple[Any, ...]]:
    """Returns status, department, from, to, whether it ended, minutes. Steps: status, processed_at, department."""
    rows = [
        (1, status, status, at, department, "dvcqg", None, None, None) for status, at, department in steps
    ]
    dossiers = frame("life is_counted ended_at vanished_at", (1, counted, ended, vanished))
    stages = stages_of(frame(_STEP, *rows), dossiers, _DAYS, _MINUTES)
    return shown(stages, "stage_number status department began_at until_at is_ended working_minutes")


def test_a_stage_lasts_to_the_next_step() -> None:
    assert _stages((2, "17 07:00", "Một cửa"), (4, "18 07:30", "Tư pháp")) == [
        (1, 2, "Một cửa", "17 07:00", "18 07:30", True, 90),
        (2, 4, "Tư pháp", "18 07:30", None, False, None),
    ]


def test_the_last_stage_lasts_to_the_end_of_processing() -> None:
    assert _stages((4, "17 07:00", "Tư pháp"), ended="17 07:30")[0][3:] == ("17 07:00", "17 07:30", True, 30)


def test_days_off_have_no_minutes() -> None:
    assert _stages((4, "21 07:00", "Tư pháp"), ended="24 07:00")[0][-1] == 60


def test_a_dossier_that_vanished_lay_there_until_then_without_an_end() -> None:
    assert _stages((4, "17 07:00", "Tư pháp"), vanished="18 07:30")[0][4:6] == ("18 07:30", False)


def test_a_made_up_national_finished_is_no_stage() -> None:
    assert [row[1] for row in _stages((4, "17 07:00", "Tư pháp"), (9, "18 07:00", "Một cửa"))] == [4]


def test_of_two_steps_of_one_moment_the_later_state_stands() -> None:
    assert [row[1] for row in _stages((4, "17 07:00", "Tư pháp"), (2, "17 07:00", "Một cửa"))] == [4]


def test_after_the_end_there_is_no_stage() -> None:
    assert [row[1] for row in _stages((4, "17 07:00", "A"), (4, "19 07:00", "B"), ended="18 07:00")] == [4]


def test_a_dossier_that_is_not_counted_has_no_stages() -> None:
    assert _stages((4, "17 07:00", "Tư pháp"), counted=False) == []


def test_a_step_on_a_day_that_no_calendar_knows_has_no_stage() -> None:
    assert _stages((4, "30 07:00", "Tư pháp")) == []
