"""The fold as a whole: lives from the first export to the last, as they were known at every moment."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.fold import Facts, fold
from tests.facts.histories import history, reference
from tests.facts.rows import shown

_RANGE = "known_from known_to"


def _facts(*stated: dict[str, object], **rest: Any) -> Facts:
    given = {"unit_name": "phường Thới Sơn", "procedure_code": "1.001193"}
    return fold(history(*(given | each for each in stated), **rest), reference())


def _now(rows: pl.DataFrame, columns: str) -> list[tuple[Any, ...]]:
    until = shown(rows, "known_to")
    return [row for row, (end,) in zip(shown(rows, columns), until, strict=True) if end == "∞"]


_END = {"effective_from": "19 18:30", "status": 9, "ended_at": "19 08:00"}


def test_a_life_from_reception_to_a_late_end() -> None:
    facts = _facts({}, _END)
    assert _now(
        facts.dossiers, "dossier_code status state received_at due_at ended_at unit_key procedure_key"
    ) == [("A", 9, "resolved", "17 09:00", "18 09:00", "19 08:00", 1, 1)]
    assert sorted(_now(facts.spans, "span_number state valid_from valid_to")) == [
        (1, "processing", "17 09:00", "19 08:00"),
        (2, "resolved", "19 08:00", "∞"),
    ]


def test_what_was_known_before_the_last_export_is_kept_as_it_was_known() -> None:
    facts = _facts({}, _END)
    assert sorted(shown(facts.dossiers, f"status {_RANGE}")) == [
        (4, "17 18:30", "19 18:30"),
        (9, "19 18:30", "∞"),
    ]


def test_a_span_that_another_moment_did_not_change_is_one_row() -> None:
    facts = _facts({}, {"effective_from": "18 18:30", "channel": 2})
    assert shown(facts.spans, f"valid_from valid_to {_RANGE}") == [("17 09:00", "∞", "17 18:30", "∞")]
    assert len(facts.dossiers) == 2


def test_a_late_file_is_known_late_and_holds_early() -> None:
    facts = _facts({"known_from": "25 07:00"}, _END | {"due_at": "25 09:00"})
    first = facts.spans.filter(pl.col("span_number") == 1)
    assert sorted(shown(first, f"due_at {_RANGE}")) == [
        ("18 09:00", "25 07:00", "∞"),
        ("25 09:00", "19 18:30", "25 07:00"),
    ]


def test_a_late_file_that_adds_nothing_leaves_the_facts_as_they_were() -> None:
    facts = _facts({"known_from": "25 07:00"}, _END)
    assert shown(facts.dossiers, f"status {_RANGE}") == [(9, "19 18:30", "∞")]


def test_events_carry_the_rule_sets_they_hold_under_and_where_they_count() -> None:
    facts = _facts({}, _END)
    received = [
        row
        for row in _now(facts.events, "kind event_on rule_sets unit_key channel sector_code received_on")
        if row[0] == "received"
    ]
    assert received == [("received", "17", 31, 1, 1, "HT", "17")]


def test_an_overdue_day_that_a_late_end_takes_back_was_known_until_then() -> None:
    facts = _facts({}, {"effective_from": "25 18:30", "status": 9, "ended_at": "18 08:00"})
    overdue = facts.events.filter((pl.col("kind") == "became_overdue") & (pl.col("rule_sets") & 1 > 0))
    assert shown(overdue, f"event_on {_RANGE}") == [("19", "17 18:30", "25 18:30")]


def test_a_dossier_that_a_complete_list_misses_has_vanished() -> None:
    facts = _facts({}, lists=[("igate", "20 18:30", "20 18:30", "01", "31", True)])
    assert _now(facts.dossiers, "state vanished_at") == [("vanished", "20 18:30")]
    assert sorted(shown(facts.dossiers, f"state {_RANGE}"))[0] == ("processing", "17 18:30", "20 18:30")


def test_a_refused_row_shows_that_the_dossier_is_still_there() -> None:
    facts = _facts(
        {},
        refused=[("A", "igate", "20 18:30", "20 18:30")],
        lists=[("igate", "20 18:30", "20 18:30", "01", "31", True)],
    )
    assert _now(facts.dossiers, "state") == [("processing",)]


def test_two_codes_are_one_dossier_from_the_moment_the_link_is_known() -> None:
    national = {"dossier_code": "N", "source": "dvcqg"}
    facts = _facts({}, national, links=[("N", "A", "18 18:30")])
    assert _now(facts.dossiers, "dossier_code other_codes") == [("A", ["N"])]
    assert sorted(shown(facts.dossiers, f"dossier_code {_RANGE}")) == [
        ("A", "17 18:30", "18 18:30"),
        ("A", "18 18:30", "∞"),
        ("N", "17 18:30", "18 18:30"),
    ]


def test_steps_make_stages() -> None:
    step = ("A", "dvcqg", "17 09:30", 4, "Tư pháp", None, None, None, "17 18:30")
    facts = _facts({}, _END, steps=[step])
    assert _now(facts.stages, "stage_number department began_at until_at working_minutes unit_code") == [
        (1, "Tư pháp", "17 09:30", "19 08:00", 2 * 480 - 90, "30517")
    ]


def test_a_dossier_that_was_never_accepted_has_neither_spans_nor_events() -> None:
    facts = _facts({"status": 3, "received_at": None})
    assert _now(facts.dossiers, "state is_counted") == [("not_received", False)]
    assert facts.spans.is_empty() and facts.events.is_empty()


def test_an_empty_history_has_no_facts() -> None:
    assert _facts().dossiers.is_empty()
