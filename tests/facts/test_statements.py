"""Statements: what a row of an export means, and which of them say something in a life."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assets.facts.statements import repeats_of_codes, statements_of_lives, taken, windows_of
from tests.facts.rows import files, frame, shown, sources, statements

_NO_STEPS = frame("life source status processed_at")


def _requests(*windows: tuple[str | None, ...]) -> str:
    """Returns requests for supplements as JSON: requested, resumed, due before, due after."""
    names = ("requested_at", "resumed_at", "due_before", "due_after")
    return json.dumps([dict(zip(names, window, strict=True)) for window in windows])


def _class(**stated: object) -> str:
    rows = taken(statements({"source": "dvcqg", "received_at": "17 09:00"} | stated), sources(), files())
    (actual,) = rows["class"]
    return str(actual)


def _tier(columns: str = "", **stated: object) -> int:
    (actual,) = taken(statements(stated), sources(), files(columns))["tier"]
    return int(actual)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        *((1, "not_received"), (2, "processing"), (3, "not_received"), (4, "processing"), (5, "suspended")),
        *((6, "suspended"), (7, "finished"), (8, "suspended"), (9, "finished"), (10, "finished")),
    ],
)
def test_each_status_has_its_class(status: int, meaning: str) -> None:
    assert _class(status=status, source="igate") == meaning


def test_a_national_finished_at_the_moment_of_an_open_request_waits() -> None:
    asked = _requests(("2023-07-18T08:00:00", None, None, None))
    assert _class(status=9, ended_at="18 08:00:00", supplements=asked) == "suspended"


def test_a_national_finished_without_an_end_waits_while_a_request_is_open() -> None:
    asked = _requests(("2023-07-18T08:00:00", None, None, None))
    assert _class(status=9, supplements=asked) == "suspended"


def test_a_national_finished_after_its_request_was_answered_is_finished() -> None:
    asked = _requests(("2023-07-18T08:00:00", "2023-07-19T08:00:00", None, None))
    assert _class(status=9, ended_at="18 08:00", supplements=asked) == "finished"


def test_a_national_finished_at_another_moment_than_its_open_request_is_finished() -> None:
    asked = _requests(("2023-07-18T08:00:00", None, None, None))
    assert _class(status=9, ended_at="20 08:00", supplements=asked) == "finished"


def test_what_was_handed_over_is_finished_whatever_was_asked() -> None:
    asked = _requests(("2023-07-18T08:00:00", None, None, None))
    assert _class(status=9, ended_at="18 08:00", returned_at="18 09:00", supplements=asked) == "finished"


def test_the_province_tells_a_life_better_than_the_national_copy_and_that_better_than_a_register() -> None:
    assert (
        _tier() > _tier(source="dvcqg") > _tier("received_at,due_at,returned_at", source="angiang", status=4)
    )


def test_a_register_that_says_the_result_was_handed_over_tells_as_well_as_a_list() -> None:
    assert _tier("received_at,due_at,returned_at", source="angiang", status=10) == _tier()


def test_an_empty_date_says_empty_only_where_the_file_has_such_a_column() -> None:
    silent = statements({"received_at": None, "due_at": None})
    rows = taken(silent, sources(), files("received_at"))
    assert shown(rows, "stated_received_at stated_due_at") == [("∞", None)]


def test_requests_stand_in_order_of_time_and_those_without_a_moment_are_left_out() -> None:
    asked = _requests(
        ("2023-07-20T08:00:00", None, None, None),
        (None, "2023-07-19T08:00:00", None, None),
        ("2023-07-18T08:00:00", "2023-07-19T08:00:00", "2023-07-21T09:00:00", "2023-07-24T09:00:00"),
    )
    rows = windows_of(frame("life supplements", (1, asked), (2, "[]"), (3, None)), "life")
    assert shown(rows, "life requested_at resumed_at due_before due_after") == [
        (1, "18 08:00", "19 08:00", "21 09:00", "24 09:00"),
        (1, "20 08:00", None, None, None),
    ]


def _in_a_life(*stated: dict[str, object], steps: Any = _NO_STEPS) -> list[tuple[Any, ...]]:
    rows = taken(statements(*stated), sources(), files()).drop("known_from").with_columns(life=1)
    rows = rows.rename({"dossier_code": "own_code"}).cast({"life": frame("life").schema["life"]})
    return shown(
        statements_of_lives(rows, repeats_of_codes(rows), steps), "n source effective_from class life_tier"
    )


def test_statements_stand_in_order_of_the_time_at_which_they_hold() -> None:
    assert _in_a_life({"effective_from": "18 18:30", "status": 9}, {"source": "dvcqg"}) == [
        (1, "dvcqg", "17 18:30", "processing", 3),
        (2, "igate", "18 18:30", "finished", 3),
    ]


def test_of_one_moment_the_source_that_is_preferred_has_the_last_word() -> None:
    assert [source for _, source, *_ in _in_a_life({"source": "igate"}, {"source": "angiang"})] == [
        "angiang",
        "igate",
    ]


def test_of_one_source_and_moment_the_later_state_has_the_last_word() -> None:
    rows = _in_a_life({"status": 9, "state_rank": 9}, {"status": 4, "state_rank": 4})
    assert [meaning for *_, meaning, _ in rows] == ["processing", "finished"]


def test_a_repeat_of_what_the_source_said_before_says_nothing() -> None:
    assert [since for _, _, since, *_ in _in_a_life({}, {"effective_from": "18 18:30"})] == ["17 18:30"]


def test_a_repeat_under_one_code_says_nothing_on_what_was_said_under_another_meanwhile() -> None:
    rows = _in_a_life(
        {},
        {"dossier_code": "B", "effective_from": "18 18:30", "status": 5},
        {"effective_from": "19 18:30"},
    )
    assert [meaning for *_, meaning, _ in rows] == ["processing", "suspended"]


def test_what_is_said_again_after_something_else_is_news() -> None:
    rows = _in_a_life(
        {}, {"effective_from": "18 18:30", "status": 5}, {"effective_from": "19 18:30", "status": 4}
    )
    assert [meaning for *_, meaning, _ in rows] == ["processing", "suspended", "processing"]


def test_the_same_words_of_two_sources_are_no_repeat() -> None:
    assert len(_in_a_life({}, {"source": "dvcqg", "effective_from": "18 18:30"})) == 2


def test_a_national_finished_whose_step_of_that_moment_waits_is_waiting() -> None:
    sent = {"source": "dvcqg", "status": 9, "ended_at": "18 08:00"}
    steps = frame("life source status processed_at", (1, "dvcqg", 6, "18 08:00"))
    assert [row[3] for row in _in_a_life(sent, steps=steps)] == ["suspended"]


def test_a_step_of_another_moment_or_another_life_changes_nothing() -> None:
    sent = {"source": "dvcqg", "status": 9, "ended_at": "18 08:00"}
    steps = frame("life source status processed_at", (1, "dvcqg", 6, "18 09:00"), (2, "dvcqg", 6, "18 08:00"))
    assert [row[3] for row in _in_a_life(sent, steps=steps)] == ["finished"]


def test_the_end_of_the_province_is_an_end_whatever_a_step_says() -> None:
    sent = {"source": "igate", "status": 9, "ended_at": "18 08:00"}
    steps = frame("life source status processed_at", (1, "igate", 6, "18 08:00"))
    assert [row[3] for row in _in_a_life(sent, steps=steps)] == ["finished"]


def test_of_one_file_that_names_a_dossier_under_two_codes_the_later_code_has_the_last_word() -> None:
    for codes in ("AB", "BA"):
        rows = _in_a_life(*({"dossier_code": code, "status": 4 if code == "A" else 5} for code in codes))
        assert [meaning for *_, meaning, _ in rows] == ["processing", "suspended"]
