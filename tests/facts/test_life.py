"""The life: runs of one class, receptions, and what was set back after its acceptance."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.life import life_of, receptions_of, runs_of, set_backs_of
from tests.facts.rows import frame, shown

_COLUMNS = "life n effective_from class status stated_received_at ended_at stated_due_at supplement_requested_at waits_by_step"


def _life(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Returns the life of statements of the province: life, effective_from, class, status, received, ended, due."""
    stated = [
        (life, place, since, meaning, status, received, ended, due, None, False)
        for place, (life, since, meaning, status, received, ended, due) in enumerate(rows, start=1)
    ]
    return life_of(
        frame(_COLUMNS, *stated).with_columns(
            tier=3,
            life_tier=3,
            ended_has_clock=pl.when(pl.col("ended_at").is_not_null()).then(True),
            due_has_clock=pl.when(pl.col("stated_due_at").is_not_null()).then(True),
            returned_at=pl.lit(None, pl.Datetime("us")),
        )
    )


def _accepted(since: str, status: int = 4, due: str | None = "18 09:00", life: int = 1) -> tuple[Any, ...]:
    return (life, since, "processing", status, "17 09:00", None, due)


def test_only_statements_of_whoever_tells_the_life_are_of_it() -> None:
    rows = frame(
        "life n tier life_tier effective_from class status stated_due_at",
        (1, 1, 2, 3, "17 18:30", "finished", 9, None),
        (1, 2, 3, 3, "18 18:30", "processing", 4, None),
    )
    assert shown(life_of(rows), "n class") == [(2, "processing")]


def test_statements_of_one_class_are_one_run_with_what_was_last_said_in_it() -> None:
    runs = runs_of(_life(_accepted("17 18:30", status=2), _accepted("18 18:30", due=None)))
    assert shown(runs, "life class status first_from previous_from next_from stated_due_at") == [
        (1, "processing", 4, "17 18:30", None, None, "18 09:00")
    ]


def test_each_run_knows_when_the_next_begins() -> None:
    runs = runs_of(_life(_accepted("17 18:30"), (1, "18 18:30", "finished", 9, "17 09:00", "18 08:00", None)))
    assert shown(runs, "class first_from previous_from next_from ended_at") == [
        ("processing", "17 18:30", None, "18 18:30", None),
        ("finished", "18 18:30", "17 18:30", None, "18 08:00"),
    ]


def test_waiting_for_papers_and_waiting_for_a_payment_are_two_runs() -> None:
    waits = [
        (1, since, "suspended", status, "17 09:00", None, None)
        for since, status in (("18 18:30", 5), ("19 18:30", 6))
    ]
    runs = runs_of(_life(_accepted("17 18:30"), *waits))
    assert shown(runs, "class waits_for first_from") == [
        ("processing", None, "17 18:30"),
        ("suspended", 5, "18 18:30"),
        ("suspended", 6, "19 18:30"),
    ]


def test_what_waits_though_sent_as_finished_waits_for_papers() -> None:
    runs = runs_of(_life((1, "18 18:30", "suspended", 9, "17 09:00", "18 08:00", None)))
    assert shown(runs, "waits_for") == [(5,)]


def test_runs_of_two_lives_are_never_one() -> None:
    runs = runs_of(_life(_accepted("17 18:30"), _accepted("17 18:30", life=2)))
    assert shown(runs, "life next_from previous_from") == [(1, None, None), (2, None, None)]


def test_a_dossier_refused_before_its_acceptance_was_not_set_back() -> None:
    life = _life((1, "17 18:30", "not_received", 1, None, None, None), _accepted("18 18:30"))
    assert shown(set_backs_of(runs_of(life)), "status") == []


def test_a_dossier_refused_after_its_acceptance_was_set_back_until_it_is_accepted_again() -> None:
    refused = (1, "18 18:30", "not_received", 3, None, None, None)
    life = _life(_accepted("17 18:30"), refused, _accepted("20 18:30"))
    assert shown(set_backs_of(runs_of(life)), "status first_from next_from") == [(3, "18 18:30", "20 18:30")]


def _receptions(life: pl.DataFrame, standing: str | None, meaning: str) -> list[tuple[Any, ...]]:
    words = frame("life received_at class", (1, standing, meaning))
    return shown(receptions_of(words, life, set_backs_of(runs_of(life))), "life received_at")


def test_the_reception_as_it_stands_counts() -> None:
    assert _receptions(_life(_accepted("17 18:30")), "16 08:00", "processing") == [(1, "16 08:00")]


def test_what_was_never_accepted_has_no_reception() -> None:
    life = _life((1, "17 18:30", "not_received", 3, "17 09:00", None, None))
    assert _receptions(life, "17 09:00", "not_received") == []


def test_what_was_set_back_keeps_the_reception_said_before_that() -> None:
    life = _life(_accepted("17 18:30"), (1, "18 18:30", "not_received", 3, None, None, None))
    assert _receptions(life, None, "not_received") == [(1, "17 09:00")]


def test_what_is_accepted_again_with_another_reception_was_still_received_when_it_first_was() -> None:
    life = _life(
        _accepted("17 18:30"),
        (1, "18 18:30", "not_received", 1, None, None, None),
        (1, "20 18:30", "processing", 4, "20 09:00", None, None),
    )
    assert _receptions(life, "20 09:00", "processing") == [(1, "17 09:00")]
