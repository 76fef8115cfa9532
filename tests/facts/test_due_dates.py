"""Due dates: which one was in force from when."""

from __future__ import annotations

from typing import Any

from assets.facts.due_dates import AT_THE_END, LISTED, PROMISED, STATED_LATER, due_points_of
from tests.facts.rows import frame, shown

_LIFE = (
    "life n effective_from class stated_received_at stated_due_at due_has_clock is_provincial previous_from"
    " previous_due_at previous_class"
)
_END = "life from_at stated_due_at due_has_clock"
_REQUEST = "life k requested_at resumed_at due_before due_after"


def _points(
    life: list[tuple[Any, ...]],
    requests: list[tuple[Any, ...]] | None = None,
    ends: list[tuple[Any, ...]] | None = None,
    received: str = "17 09:00",
    is_provincial: bool = True,
) -> list[tuple[Any, ...]]:
    """Returns at, rank and due date in order of time. Life: effective_from, class, due date, received."""
    rows, before = [], (None, None, None)
    for n, (since, meaning, due, stated_received) in enumerate(life, start=1):
        rows.append((1, n, since, meaning, stated_received, due, True, is_provincial, *before))
        before = (since, due, meaning)
    points = due_points_of(
        frame("life received_at", (1, received)),
        frame(_LIFE, *rows),
        frame(_END, *((1, *end, True) for end in ends or [])),
        frame(_REQUEST, *((1, k, *window) for k, window in enumerate(requests or [], start=1))),
    )
    return sorted(shown(points, "at rank due_at"))


def _open(since: str, due: str | None = "18 09:00", received: str = "17 09:00") -> tuple[Any, ...]:
    return (since, "processing", due, received)


_PROMISE = ("17 09:00", PROMISED, "18 09:00")


def test_the_first_due_date_is_promised_from_the_reception_on() -> None:
    assert _points([_open("17 18:30")]) == [_PROMISE]


def test_a_dossier_without_a_due_date_has_none_from_its_reception_on() -> None:
    assert _points([_open("17 18:30", due=None)]) == [("17 09:00", PROMISED, "∞")]


def test_a_repeated_due_date_is_no_point() -> None:
    assert _points([_open("17 18:30"), _open("18 18:30")]) == [_PROMISE]


def test_another_due_date_holds_from_the_export_that_first_says_it() -> None:
    assert _points([_open("17 18:30"), _open("18 18:30", due="20 09:00")]) == [
        _PROMISE,
        ("18 18:30", STATED_LATER, "20 09:00"),
    ]


def test_a_due_date_that_is_said_to_be_empty_again_holds_no_longer() -> None:
    assert _points([_open("17 18:30"), _open("18 18:30", due="∞")])[1] == ("18 18:30", STATED_LATER, "∞")


def test_what_was_said_of_the_end_holds_from_the_end_on() -> None:
    assert _points([_open("17 18:30")], ends=[("19 08:00", "20 09:00")])[1] == (
        "19 08:00",
        AT_THE_END,
        "20 09:00",
    )


def test_a_reopened_dossier_has_the_due_date_last_said_of_it_also_when_it_is_the_same() -> None:
    life = [_open("17 18:30"), ("18 18:30", "finished", "18 09:00", "17 09:00"), _open("20 18:30")]
    assert _points(life) == [_PROMISE, ("20 18:30", STATED_LATER, "18 09:00")]


def test_a_reception_that_is_said_anew_has_the_due_date_said_with_it() -> None:
    life = [
        ("17 18:30", "processing", "18 09:00", "17 09:00"),
        ("20 18:30", "processing", "24 09:00", "20 09:00"),
    ]
    assert _points(life, received="20 09:00")[0] == ("20 09:00", PROMISED, "24 09:00")


def test_a_listed_move_holds_from_the_answer_on() -> None:
    window = ("18 08:00", "20 08:15", "18 09:00", "21 09:00")
    assert _points([_open("17 18:30")], [window]) == [_PROMISE, ("20 08:15", LISTED, "21 09:00")]


def test_the_date_before_the_first_move_was_the_promise_of_what_became_known_later() -> None:
    window = ("18 08:00", "20 08:15", "18 09:00", "21 09:00")
    assert _points([_open("21 18:30", due="21 09:00")], [window])[0] == _PROMISE


def test_a_listed_move_that_the_province_does_not_follow_does_not_hold() -> None:
    window = ("18 08:00", "20 08:15", "18 09:00", "21 09:00")
    assert _points([_open("17 18:30"), _open("20 18:30")], [window]) == [_PROMISE]


def test_a_listed_move_does_not_hold_where_the_province_had_moved_the_date_itself() -> None:
    window = ("18 08:00", "20 08:15", "18 09:00", "21 09:00")
    life = [_open("17 18:30"), _open("19 18:30", due="25 09:00")]
    assert _points(life, [window]) == [_PROMISE, ("19 18:30", STATED_LATER, "25 09:00")]
