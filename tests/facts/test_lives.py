"""Lives: rows laid out by what was known, and looks at the row before and after within one life."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import after, before, is_first, known_in, last_words, latest, number, running
from tests.facts.rows import frame, shown

_TWO_LIVES = frame("life status", (1, 4), (1, 5), (2, 9))


def test_a_row_is_part_of_every_life_in_which_it_was_known() -> None:
    members = frame("life dossier_code known_from", (1, "A", "17 18:30"), (2, "A", "18 18:30"))
    rows = frame("dossier_code known_from status", ("A", "17 18:30", 4), ("A", "18 18:30", 9))
    assert sorted(shown(known_in(members, rows), "life own_code status")) == [
        (1, "A", 4),
        (2, "A", 4),
        (2, "A", 9),
    ]


def test_a_row_that_was_said_under_another_code_keeps_the_code_as_its_own() -> None:
    members = frame("life dossier_code known_from", (1, "A", "17 18:30"), (1, "B", "17 18:30"))
    rows = frame("dossier_code known_from status", ("B", "17 18:30", 4))
    assert shown(known_in(members, rows), "life own_code") == [(1, "B")]


def test_the_row_before_is_of_the_same_life() -> None:
    assert _TWO_LIVES.select(before("status"))["status"].to_list() == [None, 4, None]


def test_the_row_after_is_of_the_same_life() -> None:
    assert _TWO_LIVES.select(after("status"))["status"].to_list() == [5, None, None]


def test_each_life_has_one_first_row() -> None:
    assert _TWO_LIVES.select(is_first())["life"].to_list() == [True, False, True]


def test_rows_are_numbered_within_each_life() -> None:
    assert _TWO_LIVES.select(n=number())["n"].to_list() == [1, 2, 1]


def test_a_running_sum_begins_again_with_each_life() -> None:
    assert _TWO_LIVES.select(n=running(pl.col("status")))["n"].to_list() == [4, 9, 9]


def test_a_running_sum_goes_down_where_something_is_taken_back() -> None:
    rows = frame("life quantity", (1, 1), (1, -1), (1, 1), (2, 1))
    assert rows.select(n=running(pl.col("quantity")))["n"].to_list() == [1, 0, 1, 1]


def test_the_latest_value_is_carried_on_within_a_life_and_not_into_the_next() -> None:
    rows = frame("life status", (1, None), (1, 5), (1, None), (2, None), (2, 9))
    assert rows.select(n=latest(pl.col("status")))["n"].to_list() == [None, 5, 5, None, 9]


def test_the_last_word_on_each_attribute_counts_and_silence_takes_nothing_back() -> None:
    rows = frame("life channel fee_amount", (1, 1, 500), (1, 2, None), (2, None, 700))
    assert shown(last_words(rows, ["channel", "fee_amount"]), "life channel fee_amount") == [
        (1, 2, 500),
        (2, None, 700),
    ]


def test_a_single_statement_is_the_last_word_whole() -> None:
    rows = frame("life channel fee_amount", (1, None, None))
    assert shown(last_words(rows, ["channel", "fee_amount"]), "life channel fee_amount") == [(1, None, None)]
