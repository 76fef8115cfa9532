"""The dossier as one: merged attributes over both portals, and how its life stands."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.merged import dossiers_of
from assets.facts.words import ATTRIBUTES
from tests.facts.rows import frame, shown

_WORDS = " ".join(
    (
        "life status class due_at received_at returned_at refused_at province_status province_class province_due_at",
        "province_said_at national_status national_class national_due_at national_said_at flags",
        *ATTRIBUTES,
    )
)
_SPAN = "life status state valid_from due_at due_has_clock"
_UNITS = frame("unit_code unit_valid_from unit_key", ("30517", "01", 7))
_OFFICE = frame("life unit_code unit_valid_from is_known", (1, "30517", "01", True))
_PROCEDURES = frame(
    "life procedure_code procedure_key is_catalogued limit_value limit_unit",
    (1, "1.001193", 3, True, 1.0, "day"),
)
_OPEN = [(4, "processing", "17 09:00", "18 09:00")]


def _dossier(
    columns: str,
    spans: list[tuple[Any, ...]] | None = None,
    office: pl.DataFrame = _OFFICE,
    procedures: pl.DataFrame = _PROCEDURES,
    absent: str | None = None,
    steps: list[tuple[Any, ...]] | None = None,
    codes: list[str] | None = None,
    **stated: Any,
) -> tuple[Any, ...]:
    given = {"life": 1, "status": 4, "class": "processing", "received_at": "17 09:00", "due_at": "18 09:00"}
    given |= {
        "province_status": 4,
        "province_class": "processing",
        "province_due_at": "18 09:00",
        "flags": [],
    } | stated
    rows = [
        (1, status, state, since, due, due and True)
        for status, state, since, due in (_OPEN if spans is None else spans)
    ]
    dossiers = dossiers_of(
        frame(_WORDS, tuple(given.get(name) for name in _WORDS.split())),
        frame(_SPAN, *rows),
        office,
        _UNITS,
        procedures,
        frame("life limit_due_at"),
        frame("life at", *([(1, absent)] if absent else [])),
        frame(
            "life processed_at status department position", *((1, *row, None, None) for row in steps or [])
        ),
        frame("life other_codes", *([(1, codes)] if codes else [])),
        frame("life is_on_time_ii06", (1, True)),
    )
    (row,) = shown(dossiers, columns)
    return row


def test_status_state_and_due_date_are_those_of_the_last_span() -> None:
    spans = [*_OPEN, (5, "suspended", "18 08:00", "20 09:00")]
    assert _dossier("status state due_at first_due_at is_counted", spans) == (
        *(5, "suspended", "20 09:00"),
        *("18 09:00", True),
    )


def test_a_dossier_that_was_never_received_is_not_counted_and_keeps_what_is_said_of_it() -> None:
    assert _dossier("status state is_counted due_at ended_at", [], status=3) == (
        *(3, "not_received", False),
        *("18 09:00", None),
    )


def test_a_dossier_that_was_set_back_is_not_counted() -> None:
    spans = [*_OPEN, (3, "not_received", "18 18:30", "18 09:00")]
    assert _dossier("status state is_counted", spans, status=3) == (3, "not_received", False)


def test_a_finished_dossier_ended_when_its_last_span_began() -> None:
    spans = [*_OPEN, (9, "resolved", "18 08:00", "18 09:00")]
    assert _dossier("state ended_at", spans) == ("resolved", "18 08:00")


def test_an_open_dossier_has_no_end() -> None:
    assert _dossier("ended_at") == (None,)


def test_a_due_date_that_moves_while_it_waits_is_no_further_request() -> None:
    spans = [*_OPEN, (5, "suspended", "18 08:00", "18 09:00"), (5, "suspended", "19 08:00", "21 09:00")]
    again = [*spans, (4, "processing", "20 08:00", "21 09:00"), (5, "suspended", "21 08:00", "21 09:00")]
    assert _dossier("supplement_count", spans) == (1,)
    assert _dossier("supplement_count", again) == (2,)


def test_an_unknown_channel_counts_as_direct() -> None:
    assert _dossier("channel") == (1,)
    assert _dossier("channel", channel=2) == (2,)


def test_unit_and_procedure_have_their_keys() -> None:
    assert _dossier("unit_code unit_key procedure_code procedure_key") == ("30517", 7, "1.001193", 3)


def test_without_any_office_the_unit_is_unknown_and_flagged() -> None:
    assert _dossier("unit_code flags", office=_OFFICE.clear()) == ("x-unknown", ["unknown_unit"])


def test_flags_about_unit_and_procedure_are_those_of_today() -> None:
    stale = ["missing_due", "unknown_unit", "unknown_procedure"]
    assert _dossier("flags", flags=stale) == (["missing_due"],)
    strange = _PROCEDURES.with_columns(is_catalogued=False)
    assert _dossier("flags", procedures=strange) == (["unknown_procedure"],)


def test_portals_disagree_where_class_or_due_day_differ() -> None:
    national = {"national_status": 9, "national_class": "finished", "national_due_at": "18 16:00"}
    assert _dossier("portal_disagreements", **national) == (["status"],)
    national = {"national_status": 2, "national_class": "processing", "national_due_at": "19 09:00"}
    assert _dossier("portal_disagreements", **national) == (["due_date"],)


def test_a_side_that_says_nothing_is_missing() -> None:
    assert _dossier("portal_disagreements") == (["missing_national"],)
    only_national = {"national_status": 4, "national_class": "processing", "province_status": None}
    assert _dossier("portal_disagreements", **only_national) == (["missing_provincial"],)


def test_the_last_step_is_the_latest_and_of_one_moment_the_further_one() -> None:
    steps = [("17 10:00", 2), ("18 08:00", 4), ("18 08:00", 5), (None, 9)]
    assert _dossier("last_step_at last_step_status", steps=steps) == ("18 08:00", 5)


def test_other_codes_are_kept_and_empty_where_there_are_none() -> None:
    assert _dossier("other_codes", codes=["N"]) == (["N"],)
    assert _dossier("other_codes") == ([],)


def test_a_dossier_that_lists_miss_has_vanished_then() -> None:
    assert _dossier("vanished_at", absent="20 18:30") == ("20 18:30",)


def test_how_it_stands_under_the_rule_sets_is_of_the_dossier() -> None:
    assert _dossier("is_on_time_ii06") == (True,)


def test_a_due_date_that_is_stated_after_the_end_does_not_move_the_end() -> None:
    end = (9, "resolved", "18 08:00", "18 09:00")
    assert _dossier("ended_at due_at", [*_OPEN, end, (9, "resolved", "18 18:30", "20 09:00")]) == (
        "18 08:00",
        "20 09:00",
    )
    assert _dossier(
        "ended_at",
        [*_OPEN, end, (4, "processing", "19 08:00", "18 09:00"), (9, "resolved", "20 08:00", None)],
    ) == ("20 08:00",)
