"""Edits: what was changed after the fact, and what one portal stated later than the other."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.edits import changes_of, judged_over_all
from assets.facts.statements import repeats_of_codes
from tests.facts.rows import frame, shown

_STATED = (
    "life row own_code source effective_from state_at state_rank file_rank class status due_at ended_at ended_has_clock"
    " received_at says"
)
_LIVES = frame("life known_from", (1, "31 18:30"))
_REPEAT = "dossier_code source effective_from known_from"


def _statements(*stated: dict[str, Any]) -> pl.DataFrame:
    """Returns statements of dossier A, of iGate, in process, due at 09:00 on the 18th, if not stated otherwise."""
    rows = []
    for place, each in enumerate(stated):
        given = {
            "life": 1,
            "row": place,
            "own_code": "A",
            "source": "igate",
            "state_rank": 0,
            "file_rank": "",
        }
        given |= {"class": "processing", "status": 4, "due_at": "18 09:00", "received_at": "17 09:00"} | each
        given["state_at"] = given["effective_from"]
        given["says"] = f"{given['status']} {given['due_at']} {given.get('ended_at')} {given['received_at']}"
        rows.append(tuple(given.get(name) for name in _STATED.split()))
    return frame(_STATED, *rows)


def _judged(
    *stated: dict[str, Any], repeats: list[tuple[Any, ...]] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = _statements(*stated)
    return judged_over_all(
        changes_of(rows, repeats_of_codes(rows), frame(_REPEAT, *repeats or []), _LIVES), rows
    )


def _kinds(*stated: dict[str, Any], repeats: list[tuple[Any, ...]] | None = None) -> list[str]:
    return sorted(_judged(*stated, repeats=repeats)[0]["kind"])


_FIRST = {"effective_from": "17 18:30"}


def test_an_ordinary_life_has_no_edits() -> None:
    finished = {"effective_from": "18 18:30", "class": "finished", "status": 9, "ended_at": "18 08:00"}
    assert _kinds(_FIRST, finished | {"effective_from": "18 18:30"}) == []


def test_a_due_date_that_moves_before_it_passes_is_no_edit() -> None:
    assert _kinds(_FIRST, {"effective_from": "18 18:30", "due_at": "20 09:00"}) == []


def test_a_due_date_that_moves_after_it_passed_is_one() -> None:
    edits, _ = _judged(_FIRST, {"effective_from": "20 18:30", "due_at": "25 09:00"})
    assert shown(edits, "kind old_value new_value last_seen_before first_seen_at") == [
        ("due_moved_after_it_passed", "18 09:00", "25 09:00", "17 18:30", "20 18:30")
    ]


def test_a_due_date_that_is_drawn_in_is_no_edit() -> None:
    assert _kinds(_FIRST, {"effective_from": "20 18:30", "due_at": "17 16:00"}) == []


_BACKDATED = {"effective_from": "20 18:30", "class": "finished", "status": 9, "ended_at": "17 10:00"}


def test_an_end_before_it_was_still_said_to_be_open_is_an_edit() -> None:
    edits, _ = _judged(_FIRST, _BACKDATED)
    assert shown(edits, "kind new_value last_seen_before") == [
        ("end_before_it_was_seen_open", "17 10:00", "17 18:30")
    ]


def test_a_repeat_shows_that_it_was_still_said_to_be_open() -> None:
    ended = _BACKDATED | {"ended_at": "18 08:00"}
    assert _kinds(_FIRST, ended) == []
    repeats = [("A", "igate", "19 18:30", "19 18:30")]
    assert _kinds(_FIRST, ended, repeats=repeats) == ["end_before_it_was_seen_open"]


def test_a_repeat_that_was_not_known_yet_shows_nothing_and_an_earlier_known_one_does() -> None:
    ended = _BACKDATED | {"ended_at": "18 08:00"}
    unknown = ("A", "igate", "19 18:30", "01/08 07:00")
    assert _kinds(_FIRST, ended, repeats=[unknown]) == []
    edits, _ = _judged(_FIRST, ended, repeats=[unknown, ("A", "igate", "18 18:30", "18 18:30")])
    assert shown(edits, "last_seen_before") == [("18 18:30",)]


def test_a_repeat_that_history_has_as_a_statement_shows_that_it_was_still_said_to_be_open() -> None:
    ended = _BACKDATED | {"ended_at": "18 08:00"}
    edits, _ = _judged(_FIRST, {"effective_from": "19 18:30"}, ended)
    assert shown(edits, "kind last_seen_before") == [("end_before_it_was_seen_open", "19 18:30")]


def test_a_repeat_under_one_code_is_no_change_from_what_was_stated_under_the_other() -> None:
    """Of a dossier that travels under two codes."""
    not_received = {"class": "not_received", "status": 1}
    other = {"own_code": "B", "effective_from": "18 18:30"}
    assert _kinds(_FIRST | not_received, other, not_received | {"effective_from": "19 18:30"}) == []
    assert _kinds(_FIRST, other, not_received | {"effective_from": "19 18:30"}) == ["status_backwards"]


def test_an_end_without_a_clock_is_some_time_of_its_day() -> None:
    ended = _BACKDATED | {"ended_at": "17 00:00", "ended_has_clock": False}
    assert _kinds(_FIRST, ended) == []


def test_an_end_that_moves_is_an_edit() -> None:
    moved = _BACKDATED | {"effective_from": "22 18:30", "ended_at": "19 10:00"}
    assert _kinds(_BACKDATED, moved) == ["end_moved"]


def test_a_reception_that_moves_is_an_edit() -> None:
    assert _kinds(_FIRST, {"effective_from": "18 18:30", "received_at": "16 09:00"}) == ["received_moved"]


def test_a_status_that_goes_backwards_is_an_edit() -> None:
    reopened = {"effective_from": "22 18:30"}
    refused = {"effective_from": "18 18:30", "class": "not_received", "status": 3}
    assert _kinds(_BACKDATED, reopened) == ["status_backwards"]
    assert _kinds(_FIRST, refused) == ["status_backwards"]


def test_the_statements_of_each_source_are_compared_with_its_own() -> None:
    assert _kinds(_FIRST, {"source": "dvcqg", "effective_from": "18 18:30", "received_at": "16 09:00"}) == []


_ASKS_LATER = {"source": "dvcqg", "effective_from": "20 18:30", "due_at": "25 09:00"}


def test_what_another_source_had_said_in_time_is_no_edit() -> None:
    other = {"source": "igate", "effective_from": "17 18:30", "due_at": "25 09:00"}
    assert _kinds(other, _FIRST | {"source": "dvcqg"}, _ASKS_LATER) == []


def test_what_one_portal_says_later_than_the_other_is_its_delay() -> None:
    province = {"source": "igate", "effective_from": "17 12:00", "due_at": "25 09:00"}
    edits, delays = _judged(province, _FIRST | {"source": "dvcqg"}, _ASKS_LATER)
    assert edits.is_empty()
    assert shown(delays, "source stated_by stated_first_at first_seen_at new_value") == [
        ("dvcqg", "igate", "17 12:00", "20 18:30", "25 09:00")
    ]


def test_an_edit_that_both_portals_made_is_the_edit_of_the_first_and_the_delay_of_the_second() -> None:
    province = ({"effective_from": "17 18:30"}, {"effective_from": "20 18:30", "due_at": "25 09:00"})
    national = (_FIRST | {"source": "dvcqg"}, _ASKS_LATER | {"effective_from": "21 18:30"})
    edits, delays = _judged(*province, *national)
    assert shown(edits, "source first_seen_at") == [("igate", "20 18:30")]
    assert shown(delays, "source stated_by first_seen_at") == [("dvcqg", "igate", "21 18:30")]


def test_of_two_codes_that_one_file_states_otherwise_the_last_is_the_change() -> None:
    later = {"effective_from": "18 18:30", "file_rank": "f"}
    both = [later | {"own_code": "B", "received_at": "16 09:00"}, later | {"received_at": "15 09:00"}]
    for order in (both, both[::-1]):
        edits, _ = _judged(_FIRST, *order)
        assert shown(edits, "kind old_value new_value") == [("received_moved", "15 09:00", "16 09:00")]
