"""How a dossier stands under each rule set: what its events add up to."""

from __future__ import annotations

from typing import Any

from assets.facts.timeliness import timeliness_of
from tests.facts.rows import frame, shown

_BITS = {"ii06": 1, "qd766": 2, "opencps": 4, "opencps_v1": 8}
_ALL = 15


def _standing(columns: str, *events: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Returns these columns of a dossier with these events: day, kind, quantity, rule sets; received on the 17th."""
    rows = [(1, "17", "received", 1, _ALL), *((1, *event) for event in events)]
    stood = shown(timeliness_of(frame("life event_on kind quantity rule_sets", *rows), _BITS), columns)
    return stood[0] if stood else None


_FLAGS = "is_on_time_ii06 is_on_time_qd766 is_on_time_opencps"
_FROM = "overdue_from_ii06 overdue_from_qd766 overdue_from_opencps"
_DAYS = "resolved_on settled_on"


def test_a_dossier_that_was_only_received_has_nothing_to_say() -> None:
    assert _standing(_FLAGS) is None


def test_what_is_finished_is_on_time_or_late_under_each_rule_set() -> None:
    events = [("18", "resolved_early", 1, 1), ("18", "resolved_late", 1, 2), ("18", "resolved_untimed", 1, 4)]
    assert _standing(f"{_FLAGS} {_DAYS}", *events) == (True, False, None, "18", None)


def test_an_open_dossier_is_overdue_from_a_day_on_which_may_be_still_to_come() -> None:
    events = [("20", "became_overdue", 1, 1), ("19", "became_overdue", 1, 2)]
    assert _standing(f"{_FROM} {_DAYS}", *events) == ("20", "19", None, None, None)


def test_what_was_overdue_and_is_not_any_more_has_a_day_on_which_that_ended() -> None:
    events = [("19", "became_overdue", 1, _ALL), ("20", "overdue_cleared", 1, _ALL)]
    assert _standing(f"{_FROM} {_DAYS}", *events) == (None, None, None, None, "20")


def test_what_is_overdue_once_more_is_so_from_the_second_day() -> None:
    events = [
        *(("19", "became_overdue", 1, _ALL), ("20", "overdue_cleared", 1, _ALL)),
        ("25", "became_overdue", 1, _ALL),
    ]
    assert _standing(f"{_FROM} {_DAYS}", *events) == ("25", "25", "25", None, "20")


def test_a_resolution_that_was_taken_back_leaves_nothing_but_its_day() -> None:
    events = [("18", "resolved_on_time", 1, _ALL), ("20", "resolved_on_time", -1, _ALL)]
    assert _standing(f"{_FLAGS} {_DAYS}", *events) == (None, None, None, None, "20")


def test_what_was_resolved_twice_counts_as_the_second_time() -> None:
    events = [
        *(("18", "resolved_on_time", 1, 1), ("19", "resolved_on_time", -1, 1)),
        *(("22", "resolved_late", 1, 1), ("18", "resolved_on_time", 1, 2)),
    ]
    assert _standing(f"{_FLAGS} {_DAYS}", *events) == (False, True, None, "22", None)


def test_rule_sets_that_the_dossier_has_no_column_of_do_not_matter() -> None:
    events = [("18", "resolved_on_time", 1, 7), ("30", "resolved_late", 1, 8)]
    assert _standing(_DAYS, *events) == ("18", None)
