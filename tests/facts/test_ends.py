"""Ends: from when to when a dossier is finished."""

from __future__ import annotations

from typing import Any

from assets.facts.ends import ends_of
from tests.facts.rows import frame, shown

_RUN = "life run class status first_from next_from ended_at ended_has_clock returned_at stated_due_at due_has_clock"


def _ends(
    *runs: tuple[Any, ...], national: str | None = None, received: str = "17 09:00"
) -> list[tuple[Any, ...]]:
    """Returns the ends of finished runs: status, first_from, next_from, ended_at, has a clock, returned_at."""
    rows = [(1, place, "finished", *run, "18 09:00", True) for place, run in enumerate(runs, start=1)]
    words = frame(
        "life national_ended_at national_ended_has_clock", (1, national, None if national is None else True)
    )
    receptions = frame("life received_at", (1, received))
    return shown(
        ends_of(frame(_RUN, *rows), words, receptions), "status from_at from_has_clock to_at stated_due_at"
    )


def test_a_dossier_is_finished_from_the_end_of_processing() -> None:
    assert _ends((10, "20 18:30", None, "18 08:00", True, "19 08:00")) == [
        (10, "18 08:00", True, "∞", "18 09:00")
    ]


def test_without_an_end_it_is_finished_from_the_national_end() -> None:
    assert _ends((9, "20 18:30", None, None, None, "19 08:00"), national="18 08:00")[0][1] == "18 08:00"


def test_without_any_end_it_is_finished_from_the_hand_over() -> None:
    assert _ends((10, "20 18:30", None, None, None, "19 08:00"))[0][1] == "19 08:00"


def test_without_any_date_it_is_finished_from_the_export_that_first_says_it() -> None:
    assert _ends((9, "20 18:30", None, None, None, None))[0][1] == "20 18:30"


def test_the_national_end_does_not_stand_in_for_an_end_that_was_taken_back() -> None:
    runs = ((9, "18 18:30", "19 18:30", None, None, None), (9, "20 18:30", None, None, None, None))
    assert [row[1:4:2] for row in _ends(*runs, national="20 08:00")] == [
        ("18 18:30", "19 18:30"),
        ("20 08:00", "∞"),
    ]


def test_an_end_before_the_reception_is_at_the_reception() -> None:
    assert _ends((9, "18 18:30", None, "16 08:00", True, None))[0][1] == "17 09:00"


def test_an_end_without_a_clock_has_none_unless_another_moment_stands_for_it() -> None:
    assert _ends((9, "18 18:30", None, "18 00:00", False, None))[0][2] is False
    # Dated on the day of the reception, before its hour: the moment is that of the reception, which has a clock.
    assert _ends((9, "18 18:30", None, "17 00:00", False, None))[0][1:3] == ("17 09:00", True)


def test_a_reopened_dossier_was_finished_until_the_export_that_says_so() -> None:
    assert _ends((9, "18 18:30", "20 18:30", "18 08:00", True, None)) == [
        (9, "18 08:00", True, "20 18:30", "18 09:00")
    ]


def test_an_end_dated_after_the_reopening_never_was() -> None:
    assert _ends((9, "18 18:30", "20 18:30", "21 08:00", True, None)) == []


def test_an_end_that_a_later_statement_dates_before_the_reopening_replaces_the_earlier_one() -> None:
    runs = (
        (9, "18 18:30", "20 18:30", "18 08:00", True, None),
        (9, "22 18:30", None, "19 08:00", True, None),
    )
    assert [(since, until) for _, since, _, until, _ in _ends(*runs)] == [("19 08:00", "∞")]


def test_so_does_one_after_a_statement_in_between_that_dates_it_later() -> None:
    runs = (
        (10, "18 18:30", "20 18:30", "18 08:00", True, None),
        (7, "21 18:30", "22 18:30", "25 08:00", True, None),
        (9, "23 18:30", None, "18 08:00", True, None),
    )
    assert _ends(*runs) == [(9, "18 08:00", True, "∞", "18 09:00")]
