"""Spans: what state and due date a dossier had from when to when."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl

from assets.facts.due_dates import AT_THE_END, PROMISED, STATED_LATER
from assets.facts.spans import spans_of
from tests.facts.rows import frame, shown

_DUE = "life at rank n due_at due_has_clock"
_END = "life from_at from_has_clock to_at status"
_WAIT = "life from_at to_at status"
_SET_BACK = "life first_from next_from status"


def _spans(
    due: list[tuple[Any, ...]] | None = None,
    ends: list[tuple[Any, ...]] | None = None,
    waits: list[tuple[Any, ...]] | None = None,
    absent: list[str] | None = None,
    set_backs: list[tuple[Any, ...]] | None = None,
    word: int = 4,
) -> pl.DataFrame:
    """Returns the spans of a dossier received at 09:00 on the 17th and, if not stated otherwise, due at 09:00 on the 18th."""
    points = due or [("17 09:00", PROMISED, "18 09:00")]
    return spans_of(
        frame("life received_at", (1, "17 09:00")),
        frame(_DUE, *((1, at, rank, n, until, True) for n, (at, rank, until) in enumerate(points))),
        frame(_END, *((1, since, True, until, status) for since, until, status in ends or [])),
        frame(_WAIT, *((1, *row) for row in waits or [])),
        frame("life at", *((1, at) for at in absent or [])),
        frame(_SET_BACK, *((1, *row) for row in set_backs or [])),
        frame("life status", (1, word)),
    )


def _states(spans: pl.DataFrame) -> list[tuple[Any, ...]]:
    return shown(spans, "status state valid_from valid_to")


def test_an_open_dossier_is_in_process_from_its_reception_on() -> None:
    assert shown(_spans(), "span_number status state valid_from valid_to due_at") == [
        (1, 4, "processing", "17 09:00", "∞", "18 09:00")
    ]


def test_a_dossier_of_which_acceptance_was_the_last_word_is_accepted() -> None:
    assert _states(_spans(word=2)) == [(2, "processing", "17 09:00", "∞")]


def test_a_finished_dossier_has_a_span_before_and_after_its_end() -> None:
    assert _states(_spans(ends=[("18 08:00", "∞", 9)])) == [
        (4, "processing", "17 09:00", "18 08:00"),
        (9, "resolved", "18 08:00", "∞"),
    ]


def test_a_withdrawn_dossier_is_withdrawn() -> None:
    assert _states(_spans(ends=[("18 08:00", "∞", 7)]))[1] == (7, "withdrawn", "18 08:00", "∞")


def test_a_reopened_dossier_is_in_process_again() -> None:
    assert _states(_spans(ends=[("18 08:00", "20 18:30", 9)]))[2] == (4, "processing", "20 18:30", "∞")


def test_a_wait_interrupts_the_process() -> None:
    assert _states(_spans(waits=[("18 08:00", "20 08:00", 5)])) == [
        (4, "processing", "17 09:00", "18 08:00"),
        (5, "suspended", "18 08:00", "20 08:00"),
        (4, "processing", "20 08:00", "∞"),
    ]


def test_of_waits_that_overlap_a_stop_counts_before_a_payment_and_that_before_papers() -> None:
    waits = [("18 08:00", "21 08:00", 5), ("19 08:00", "21 08:00", 6), ("20 08:00", "21 08:00", 8)]
    assert [status for status, *_ in _states(_spans(waits=waits))] == [4, 5, 6, 8, 4]


def test_what_is_finished_does_not_wait() -> None:
    spans = _spans(ends=[("19 08:00", "∞", 9)], waits=[("18 08:00", "∞", 5)])
    assert [state for _, state, *_ in _states(spans)] == ["processing", "suspended", "resolved"]


def test_a_dossier_that_complete_lists_miss_has_vanished_unless_it_is_finished() -> None:
    assert _states(_spans(absent=["20 18:30"]))[1] == (4, "vanished", "20 18:30", "∞")
    assert [state for _, state, *_ in _states(_spans(ends=[("19 08:00", "∞", 9)], absent=["20 18:30"]))] == [
        "processing",
        "resolved",
    ]


def test_a_dossier_that_was_set_back_is_not_received_until_it_is_accepted_again() -> None:
    assert _states(_spans(set_backs=[("18 18:30", "20 18:30", 3)])) == [
        (4, "processing", "17 09:00", "18 18:30"),
        (3, "not_received", "18 18:30", "20 18:30"),
        (4, "processing", "20 18:30", "∞"),
    ]


def test_another_due_date_begins_another_span() -> None:
    due = [("17 09:00", PROMISED, "18 09:00"), ("18 18:30", STATED_LATER, "20 09:00")]
    assert shown(_spans(due), "span_number valid_from valid_to due_at") == [
        (1, "17 09:00", "18 18:30", "18 09:00"),
        (2, "18 18:30", "∞", "20 09:00"),
    ]


def test_a_dossier_without_a_due_date_has_none() -> None:
    assert shown(_spans([("17 09:00", PROMISED, "∞")]), "due_at due_has_clock") == [(None, None)]


def test_what_was_last_said_of_the_end_is_the_due_date_by_which_it_is_judged() -> None:
    due = [("17 09:00", PROMISED, "18 09:00"), ("19 08:00", AT_THE_END, "20 09:00")]
    assert shown(_spans(due, ends=[("19 08:00", "∞", 9)]), "state due_at") == [
        ("processing", "18 09:00"),
        ("resolved", "20 09:00"),
    ]


def test_what_is_dated_before_the_reception_counts_at_the_reception() -> None:
    assert _states(_spans(waits=[("16 08:00", "18 08:00", 5)])) == [
        (5, "suspended", "17 09:00", "18 08:00"),
        (4, "processing", "18 08:00", "∞"),
    ]


def test_a_later_word_on_the_due_date_stands_against_the_promise_also_from_before_the_reception() -> None:
    due = [("17 09:00", PROMISED, "18 09:00"), ("16 18:30", STATED_LATER, "20 09:00")]
    assert shown(_spans(due), "valid_from due_at") == [("17 09:00", "20 09:00")]


def test_a_wait_without_length_is_none() -> None:
    assert len(_spans(waits=[("18 08:00", "18 08:00", 5)])) == 1


def test_spans_follow_each_other_without_a_gap() -> None:
    spans = _spans(
        ends=[("19 08:00", "20 18:30", 9)], waits=[("18 08:00", "19 06:00", 5)], absent=["22 18:30"]
    )
    edges = shown(spans, "valid_from valid_to")
    assert all(until == since for (_, until), (since, _) in pairwise(edges))
    assert (edges[0][0], edges[-1][1]) == ("17 09:00", "∞")


def test_a_span_is_finished_since_a_day_alone_where_no_clock_was_given() -> None:
    spans = spans_of(
        frame("life received_at", (1, "17 09:00")),
        frame(_DUE, (1, "17 09:00", PROMISED, 0, "18 09:00", True)),
        frame(_END, (1, "19 00:00", False, "∞", 9)),
        frame(_WAIT),
        frame("life at"),
        frame(_SET_BACK),
        frame("life status", (1, 9)),
    )
    assert shown(spans, "state from_has_clock") == [("processing", True), ("resolved", False)]
