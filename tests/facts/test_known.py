"""Known ranges: rows that are the same from one known moment to the next are one row."""

from __future__ import annotations

from typing import Any

from assets.facts.known import ranged
from tests.facts.rows import frame, shown

_LIFE = "life dossier_code known_from known_to"
_THREE = frame(
    _LIFE, (0, "A", "17 18:30", "18 18:30"), (1, "A", "18 18:30", "19 18:30"), (2, "A", "19 18:30", "∞")
)


def _ranged(*rows: tuple[Any, ...], lives: Any = _THREE) -> list[tuple[Any, ...]]:
    return sorted(
        shown(ranged(frame("life status", *rows), lives), "dossier_code status known_from known_to")
    )


def test_a_row_that_never_changed_is_one_row_from_the_first_moment_on() -> None:
    assert _ranged((0, 4), (1, 4), (2, 4)) == [("A", 4, "17 18:30", "∞")]


def test_a_row_that_changed_is_known_until_then() -> None:
    assert _ranged((0, 4), (1, 9), (2, 9)) == [("A", 4, "17 18:30", "18 18:30"), ("A", 9, "18 18:30", "∞")]


def test_a_row_that_was_taken_back_and_said_again_is_two_rows() -> None:
    assert _ranged((0, 4), (2, 4)) == [("A", 4, "17 18:30", "18 18:30"), ("A", 4, "19 18:30", "∞")]


def test_the_last_life_of_one_dossier_and_the_first_of_the_next_are_two_rows() -> None:
    lives = frame(_LIFE, (0, "A", "17 18:30", "∞"), (1, "B", "17 18:30", "∞"))
    assert _ranged((0, 4), (1, 4), lives=lives) == [("A", 4, "17 18:30", "∞"), ("B", 4, "17 18:30", "∞")]


def test_a_life_that_ended_with_a_link_is_known_until_the_link() -> None:
    lives = frame(_LIFE, (0, "A", "17 18:30", "∞"), (1, "N", "17 18:30", "18 18:30"))
    assert _ranged((1, 4), lives=lives) == [("N", 4, "17 18:30", "18 18:30")]


def test_a_row_of_a_dossier_that_went_by_another_code_in_between_is_two_rows() -> None:
    lives = frame(_LIFE, (0, "A", "17 18:30", "18 18:30"), (1, "A", "20 18:30", "∞"))
    assert _ranged((0, 4), (1, 4), lives=lives) == [
        ("A", 4, "17 18:30", "18 18:30"),
        ("A", 4, "20 18:30", "∞"),
    ]


def test_empty_values_are_equal_neighbours_too() -> None:
    assert _ranged((0, None), (1, None), (2, None)) == [("A", None, "17 18:30", "∞")]


def test_lists_are_compared_by_what_is_in_them_and_stay_lists() -> None:
    rows = frame("life flags", (0, ["missing_due"]), (1, ["missing_due"]), (2, []))
    assert shown(ranged(rows, _THREE), "flags known_from known_to") == [
        ([], "19 18:30", "∞"),
        (["missing_due"], "17 18:30", "19 18:30"),
    ]


def test_several_rows_of_one_life_each_have_a_range_of_their_own() -> None:
    assert _ranged((0, 4), (1, 4), (1, 9), (2, 9)) == [
        ("A", 4, "17 18:30", "19 18:30"),
        ("A", 9, "18 18:30", "∞"),
    ]
