"""Words: who is right about a dossier, attribute by attribute."""

from __future__ import annotations

import polars as pl

from assets.facts.statements import repeats_of_codes, statements_of_lives, taken
from assets.facts.words import words_of
from tests.facts.rows import files, frame, shown, sources, statements


def _words(*stated: dict[str, object], of_files: pl.DataFrame | None = None) -> pl.DataFrame:
    rows = (
        taken(statements(*stated), sources(), files() if of_files is None else of_files)
        .drop("known_from")
        .with_columns(life=1)
    )
    rows = rows.rename({"dossier_code": "own_code"}).cast({"life": pl.UInt32})
    return words_of(
        statements_of_lives(rows, repeats_of_codes(rows), frame("life source status processed_at"))
    )


def test_the_last_word_of_a_source_counts() -> None:
    words = _words({"channel": 1}, {"channel": 2, "effective_from": "18 18:30"})
    assert shown(words, "life channel") == [(1, 2)]


def test_silence_takes_no_attribute_back() -> None:
    words = _words({"fee_amount": 500}, {"fee_amount": None, "effective_from": "18 18:30"})
    assert shown(words, "fee_amount") == [(500,)]


def test_the_word_of_the_province_stands_against_a_later_one_of_the_national_portal() -> None:
    words = _words({"channel": 1}, {"source": "dvcqg", "channel": 2, "effective_from": "18 18:30"})
    assert shown(words, "channel") == [(1,)]


def test_the_national_portal_fills_what_the_province_does_not_say() -> None:
    words = _words({"channel": None}, {"source": "dvcqg", "channel": 2, "effective_from": "16 18:30"})
    assert shown(words, "channel") == [(2,)]


def test_status_and_dates_are_those_of_whoever_tells_the_life() -> None:
    national = {"source": "dvcqg", "effective_from": "19 18:30", "status": 9, "due_at": "20 09:00"}
    assert shown(_words({}, national), "status class due_at") == [(4, "processing", "18 09:00")]


def test_a_date_that_is_said_to_be_empty_again_is_empty() -> None:
    words = _words({}, {"due_at": None, "effective_from": "18 18:30"})
    assert shown(words, "received_at due_at") == [("17 09:00", None)]


def test_a_date_of_which_a_file_has_no_column_stays_as_it_was_said() -> None:
    whole, without_due = files(), files("status_raw,received_at").with_columns(file_id=pl.lit(2, pl.Int64))
    silent = {"due_at": None, "effective_from": "18 18:30", "file_id": 2}
    words = _words({}, silent, of_files=pl.concat([whole, without_due]))
    assert shown(words, "received_at due_at") == [("17 09:00", "18 09:00")]


def test_each_side_keeps_its_own_last_word() -> None:
    national = {"source": "dvcqg", "effective_from": "19 18:30", "status": 9, "due_at": "20 09:00"}
    words = _words({}, national)
    assert shown(words, "province_status province_due_at province_said_at") == [(4, "18 09:00", "17 18:30")]
    assert shown(words, "national_status national_due_at national_said_at") == [(9, "20 09:00", "19 18:30")]


def test_a_side_that_said_nothing_has_no_word() -> None:
    assert shown(_words({}), "national_status national_class national_ended_at") == [(None, None, None)]


def test_the_national_end_is_the_last_one_that_was_meant_as_an_end() -> None:
    words = _words(
        {},
        {"source": "dvcqg", "status": 9, "ended_at": "18 08:00", "effective_from": "18 18:30"},
        {"source": "dvcqg", "status": 4, "ended_at": None, "effective_from": "19 18:30"},
    )
    assert shown(words, "national_ended_at") == [("18 08:00",)]
