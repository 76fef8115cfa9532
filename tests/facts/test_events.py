"""Events: what a dossier adds to which day under which rule sets."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.events import events_of
from tests.facts.rows import frame, shown

_SPAN = "life valid_from valid_to status state due_at due_has_clock from_has_clock"
_BITS = {"ii06": 1, "qd766": 2, "opencps": 4}
_STATES = {4: "processing", 7: "withdrawn", 9: "resolved", 3: "not_received", 0: "vanished"}


def _all_events(
    *spans: tuple[Any, ...], bits: dict[str, int] | None = None, limit: str | None = None
) -> pl.DataFrame:
    """Returns the events of spans that follow each other: from, status (0: vanished), due date; they last to the next one."""
    until = [since for since, *_ in spans[1:]] + ["∞"]
    rows = [
        (
            1,
            since,
            end,
            status or 4,
            _STATES.get(status, "suspended"),
            due,
            None if due is None else True,
            True,
        )
        for (since, status, due), end in zip(spans, until, strict=True)
    ]
    limits = frame("life limit_due_at", *([(1, limit)] if limit else []))
    return events_of(frame(_SPAN, *rows), limits, bits or _BITS)


def _events(*spans: tuple[Any, ...], rule_set: str = "ii06") -> list[tuple[Any, ...]]:
    return sorted(shown(_all_events(*spans, bits={rule_set: 1}), "event_on kind quantity"))


_OPEN = ("17 09:00", 4, "18 09:00")


def test_an_open_dossier_is_received_and_becomes_overdue_the_day_after_its_due_date() -> None:
    assert _events(_OPEN) == [("17", "received", 1), ("19", "became_overdue", 1)]


def test_a_dossier_resolved_in_time_is_never_overdue() -> None:
    assert _events(_OPEN, ("18 08:00", 9, "18 09:00")) == [
        ("17", "received", 1),
        ("18", "resolved_on_time", 1),
    ]


def test_a_dossier_resolved_late_clears_its_overdue_day() -> None:
    assert _events(_OPEN, ("20 08:00", 9, "18 09:00")) == [
        ("17", "received", 1),
        ("19", "became_overdue", 1),
        ("20", "overdue_cleared", 1),
        ("20", "resolved_late", 1),
    ]


def test_a_resolution_that_was_taken_back_counts_minus_one_on_the_day_it_was() -> None:
    events = _events(_OPEN, ("18 08:00", 9, "18 09:00"), ("20 18:30", 4, "25 09:00"))
    assert ("20", "resolved_on_time", -1) in events
    assert ("26", "became_overdue", 1) in events


def test_what_was_resolved_and_reopened_and_resolved_on_one_day_is_resolved_once() -> None:
    events = _events(
        _OPEN, ("18 08:00", 9, "18 09:00"), ("18 10:00", 4, "18 09:00"), ("18 11:00", 9, "18 09:00")
    )
    assert events == [("17", "received", 1), ("18", "resolved_on_time", 1)]


def test_a_dossier_that_vanished_counts_minus_one_received_and_plus_one_when_it_is_seen_again() -> None:
    assert _events(_OPEN, ("18 18:30", 0, "18 09:00")) == [("17", "received", 1), ("18", "received", -1)]
    events = _events(_OPEN, ("18 18:30", 0, "18 09:00"), ("20 18:30", 4, "25 09:00"))
    assert ("20", "received", 1) in events


def test_a_dossier_that_was_set_back_counts_minus_one_received_on_the_day_it_was_said() -> None:
    events = _events(_OPEN, ("18 18:30", 3, "18 09:00"), ("20 18:30", 4, "25 09:00"))
    assert events[:3] == [("17", "received", 1), ("18", "received", -1), ("20", "received", 1)]


def test_a_dossier_that_vanishes_while_overdue_is_overdue_no_longer() -> None:
    assert ("21", "overdue_cleared", 1) in _events(_OPEN, ("21 18:30", 0, "18 09:00"))


def test_a_due_date_that_moves_ahead_clears_what_was_overdue() -> None:
    assert _events(_OPEN, ("20 18:30", 4, "25 09:00")) == [
        ("17", "received", 1),
        ("19", "became_overdue", 1),
        ("20", "overdue_cleared", 1),
        ("26", "became_overdue", 1),
    ]


def test_a_due_date_that_moves_before_it_passes_leaves_no_trace() -> None:
    assert _events(_OPEN, ("18 18:30", 4, "25 09:00")) == [("17", "received", 1), ("26", "became_overdue", 1)]


def test_a_stop_is_an_end_under_qd766_that_a_resolution_takes_the_place_of() -> None:
    spans = (_OPEN, ("18 08:00", 8, "18 09:00"), ("20 08:00", 9, "18 09:00"))
    assert [event for event in _events(*spans, rule_set="qd766") if event[1].startswith("resolved")] == [
        ("18", "resolved_on_time", 1),
        ("20", "resolved_late", 1),
        ("20", "resolved_on_time", -1),
    ]


def test_two_requests_for_supplements_are_late_under_qd766_alone() -> None:
    spans = (
        ("17 09:00", 4, "28 09:00"),
        *(("18 08:00", 5, "28 09:00"), ("19 08:00", 4, "28 09:00"), ("20 08:00", 5, "28 09:00")),
        *(("21 08:00", 4, "28 09:00"), ("24 08:00", 9, "28 09:00")),
    )
    assert ("24", "resolved_late", 1) in _events(*spans, rule_set="qd766")
    assert ("24", "resolved_early", 1) in _events(*spans)


def test_the_limit_is_longer_by_the_time_waited_for_supplements() -> None:
    spans = (("17 09:00", 4, None), ("18 08:00", 5, None), ("20 08:00", 4, None), ("21 08:00", 9, None))
    kinds = dict(shown(_all_events(*spans, bits={"qd766": 1}, limit="19 09:00"), "kind quantity"))
    # The limit of the 19th at 09:00 and two days of waiting: the 21st at 09:00.
    assert kinds["resolved_on_time"] == 1
    assert "became_overdue" not in kinds


def test_events_that_are_the_same_under_several_rule_sets_are_one() -> None:
    rows = shown(_all_events(_OPEN, ("17 10:00", 9, "18 09:00")), "event_on kind quantity rule_sets")
    assert rows == [("17", "received", 1, 7), ("17", "resolved_early", 1, 7)]


def test_events_that_differ_by_rule_set_say_under_which_they_hold() -> None:
    rows = shown(_all_events(_OPEN), "event_on kind quantity rule_sets")
    assert rows == [
        ("17", "received", 1, 7),
        ("18", "became_overdue", 1, 2 + 4),
        ("19", "became_overdue", 1, 1),
    ]


def test_received_less_resolved_is_never_below_nothing_on_any_day() -> None:
    spans = (_OPEN, ("18 08:00", 9, "18 09:00"), ("19 08:00", 4, "18 09:00"), ("20 08:00", 0, "18 09:00"))
    pending = 0
    for _, kind, quantity in _events(*spans):
        pending += quantity if kind == "received" else -quantity if kind.startswith("resolved") else 0
        assert pending >= 0
    assert pending == 0
