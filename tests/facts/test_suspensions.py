"""Suspensions: from when to when the applicant, a payment or a stop was waited for."""

from __future__ import annotations

import json
from typing import Any

from assets.facts.suspensions import requests_of, suspensions_of
from tests.facts.rows import frame, shown

_RUN = "life run class status waits_for first_from previous_from next_from requested_at ended_at"
_REQUEST = "life k requested_at resumed_at due_before due_after"
_AT = "life at"
_END = "life ended_at"


def _waits(
    runs: list[tuple[Any, ...]],
    requests: list[tuple[Any, ...]] | None = None,
    going_on: list[str] | None = None,
    national_ends: list[str] | None = None,
) -> list[tuple[Any, ...]]:
    """Returns from, to and status. Runs: class, status, first_from, previous_from, next_from, requested_at."""
    rows = [
        (1, place, meaning, status, status if meaning == "suspended" else None, *rest, None)
        for place, (meaning, status, *rest) in enumerate(runs, start=1)
    ]
    asked = [(1, place, *window, None, None) for place, window in enumerate(requests or [], start=1)]
    suspensions = suspensions_of(
        frame(_RUN, *rows),
        frame(_REQUEST, *asked),
        frame(_AT, *((1, at) for at in going_on or [])),
        frame(_END, *((1, at) for at in national_ends or [])),
    )
    return shown(suspensions, "from_at to_at status")


_GOES_ON = ("processing", 4, "17 18:30", None, None, None)


def test_the_listed_requests_of_each_life_are_numbered_in_order_of_time() -> None:
    names = ("requested_at", "resumed_at", "due_before", "due_after")
    window = dict.fromkeys(names, None)
    listed = [window | {"requested_at": f"2023-07-{day}T08:00:00"} for day in (20, 18)]
    words = frame("life supplements", (1, json.dumps(listed)), (2, json.dumps(listed[:1])))
    assert shown(requests_of(words), "life k requested_at") == [
        (1, 1, "18 08:00"),
        (1, 2, "20 08:00"),
        (2, 1, "20 08:00"),
    ]


def test_a_listed_request_waits_from_the_request_to_the_answer() -> None:
    assert _waits([_GOES_ON], [("18 08:00", "20 08:00")]) == [("18 08:00", "20 08:00", 5)]


def test_an_open_request_waits_still() -> None:
    assert _waits([_GOES_ON], [("18 08:00", None)]) == [("18 08:00", "∞", 5)]


def test_an_open_request_ends_where_a_later_statement_says_that_the_dossier_goes_on() -> None:
    runs = [
        ("suspended", 5, "18 18:30", "17 18:30", "20 18:30", None),
        ("processing", 4, "20 18:30", "18 18:30", None, None),
    ]
    assert _waits(runs, [("18 08:00", None)]) == [("18 08:00", "20 18:30", 5)]


def test_an_open_request_ends_where_a_repeat_of_the_province_says_that_the_dossier_goes_on() -> None:
    assert _waits([_GOES_ON], [("18 08:00", None)], going_on=["17 18:30", "19 18:30", "20 18:30"]) == [
        ("18 08:00", "19 18:30", 5)
    ]


def test_what_was_said_before_the_request_does_not_end_it() -> None:
    assert _waits([_GOES_ON], [("18 08:00", None)], going_on=["17 18:30"])[0][1] == "∞"


def test_a_listed_request_that_the_life_calls_a_payment_waits_for_the_payment() -> None:
    runs = [_GOES_ON, ("suspended", 6, "18 18:30", "17 18:30", None, None)]
    assert _waits(runs, [("18 08:00", None)]) == [("18 08:00", "∞", 6)]


def test_a_waiting_status_without_a_request_waits_from_the_export_that_first_says_it_to_the_next() -> None:
    runs = [("suspended", 5, "18 18:30", "17 18:30", "20 18:30", None)]
    assert _waits(runs) == [("18 18:30", "20 18:30", 5)]


def test_a_waiting_status_waits_from_its_latest_request_if_that_is_news() -> None:
    assert _waits([("suspended", 5, "18 18:30", "17 18:30", None, "18 08:00")]) == [("18 08:00", "∞", 5)]


def test_a_request_from_before_the_dossier_was_last_said_to_go_on_is_an_old_one() -> None:
    assert _waits([("suspended", 5, "20 18:30", "19 18:30", None, "18 08:00")]) == [("20 18:30", "∞", 5)]


def test_a_stop_is_a_wait_of_its_own() -> None:
    assert _waits([("suspended", 8, "18 18:30", "17 18:30", None, None)])[0][2] == 8


def test_where_the_national_copy_says_finished_the_province_stopped_at_that_moment() -> None:
    runs = [_GOES_ON, ("suspended", 8, "20 18:30", "17 18:30", None, None)]
    assert _waits(runs, going_on=["17 18:30"], national_ends=["19 10:00"]) == [("19 10:00", "∞", 8)]


def test_a_national_end_before_the_province_last_said_that_it_goes_on_is_not_when_it_stopped() -> None:
    runs = [_GOES_ON, ("suspended", 8, "20 18:30", "17 18:30", None, None)]
    assert _waits(runs, going_on=["17 18:30", "19 18:30"], national_ends=["19 10:00"])[0][0] == "20 18:30"


def test_a_national_end_after_the_province_first_said_that_it_waits_is_not_when_it_stopped() -> None:
    runs = [_GOES_ON, ("suspended", 8, "20 18:30", "17 18:30", None, None)]
    assert _waits(runs, going_on=["17 18:30"], national_ends=["21 10:00"])[0][0] == "20 18:30"
