"""Offices: which unit was responsible on the day of reception."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.offices import offices_of
from tests.facts.rows import frame, shown

# The units of An Giang changed on the 20th of this test's July.
_PROVINCES = frame(
    "source valid_from valid_to province_code list_from",
    ("igate", "01/01 00:00", "20 00:00", "89", "01"),
    ("igate", "20 00:00", "∞", "91", "20"),
    ("dvcqg", "01/01 00:00", "20 00:00", "89", "01"),
    ("dvcqg", "20 00:00", "∞", "91", "20"),
)
_NAME = "province_code list_from unit_name unit_code unit_valid_from is_known is_alias"
_OLD, _NEW = ("30517", "01"), ("30502", "20")
_NAMES = frame(
    _NAME,
    ("89", "01", "phường Thới Sơn", *_OLD, True, False),
    ("91", "20", "phường Thới Sơn", *_NEW, True, False),
    ("89", "01", "phường Lạ Lùng", "x-1", "01", False, False),
    ("91", "20", "phường Mới", "30505", "20", True, False),
)
_DESKS = frame("organisation_code unit_code unit_valid_from valid_from", ("H01.25", "30520", "01", "01"))
_DESKS = _DESKS.with_columns(pl.col("valid_from").dt.date())
_STATED = "life n source is_provincial effective_from submitted_at unit_name unit_code"


def _office(
    *stated: tuple[Any, ...], received: str | None = "17 09:00", names: pl.DataFrame = _NAMES
) -> list[tuple[Any, ...]]:
    """Returns unit, since when it has been that, and whether it is known. Stated: source, effective_from, name, code."""
    rows = [
        (1, n, source, source == "igate", since, None, name, code)
        for n, (source, since, name, code) in enumerate(stated, start=1)
    ]
    offices = offices_of(
        frame(_STATED, *rows), frame("life received_at", (1, received)), _PROVINCES, names, _DESKS
    )
    return shown(offices, "unit_code unit_valid_from is_known")


def test_the_unit_is_the_one_that_had_the_name_on_the_day_of_reception() -> None:
    assert _office(("igate", "17 18:30", "phường Thới Sơn", None)) == [(*_OLD, True)]
    assert _office(("igate", "21 18:30", "phường Thới Sơn", None), received="21 09:00") == [(*_NEW, True)]


def test_without_a_reception_the_day_of_the_export_counts() -> None:
    assert _office(("igate", "21 18:30", "phường Thới Sơn", None), received=None) == [(*_NEW, True)]


def test_an_older_dossier_first_heard_of_under_a_name_of_today_is_not_that_of_the_old_namesake() -> None:
    assert _office(("igate", "21 18:30", "phường Thới Sơn", None)) == []


def test_an_older_dossier_keeps_the_unit_that_an_export_of_then_named() -> None:
    stated = [("igate", "17 18:30", "phường Thới Sơn", None), ("igate", "21 18:30", "phường Mới", None)]
    assert _office(*stated) == [(*_OLD, True)]


def test_what_an_office_says_of_a_name_is_its_word_on_it() -> None:
    names = _NAMES.with_columns(is_alias=pl.col("unit_code") == "30517")
    assert _office(("igate", "21 18:30", "phường Thới Sơn", None), names=names) == [(*_OLD, True)]


def test_where_no_name_is_known_the_desk_of_the_organisation_code_is_the_unit() -> None:
    assert _office(("igate", "17 18:30", "phường Lạ Lùng", " h01.25 ")) == [("30520", "01", True)]


def test_a_known_name_counts_before_the_desk() -> None:
    assert _office(("igate", "17 18:30", "phường Thới Sơn", "H01.25")) == [(*_OLD, True)]


def test_a_strange_name_leads_to_a_unit_of_its_own_that_is_not_known() -> None:
    assert _office(("igate", "17 18:30", "phường Lạ Lùng", None)) == [("x-1", "01", False)]


def test_the_province_knows_its_units_better_than_the_national_copy() -> None:
    names = pl.concat([_NAMES, frame(_NAME, ("89", "01", "phường Chi Lăng", "30505", "01", True, False))])
    stated = [("igate", "17 18:30", "phường Thới Sơn", None), ("dvcqg", "18 18:30", "phường Chi Lăng", None)]
    assert _office(*stated, names=names) == [(*_OLD, True)]


def test_the_last_word_of_one_source_counts() -> None:
    names = pl.concat([_NAMES, frame(_NAME, ("89", "01", "phường Chi Lăng", "30505", "01", True, False))])
    stated = [("igate", "17 18:30", "phường Thới Sơn", None), ("igate", "18 18:30", "phường Chi Lăng", None)]
    assert _office(*stated, names=names) == [("30505", "01", True)]
