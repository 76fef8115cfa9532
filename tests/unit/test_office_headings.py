"""Headings of the files that an office fills in are data: each names a column that its reader knows."""

from __future__ import annotations

from assets.dimensions import catalogue_file, targets_file
from assets.dimensions.catalogue_words import CATALOGUE_LIST
from assets.given.headings import named_columns, names_of


def test_a_heading_is_known_however_it_is_typed() -> None:
    names = names_of({"unit": ["Đơn vị", "Mã đơn vị"], "year": ["Năm"]})
    assert named_columns(["NĂM ", None, "ma don vi", "Đơn vị", "?"], names) == {"year": 0, "unit": 2}


def test_the_catalogue_names_no_column_that_is_not_read() -> None:
    source = catalogue_file.__loader__.get_source(catalogue_file.__name__)
    assert [column for column in CATALOGUE_LIST.headings if f'"{column}"' not in source] == []


def test_targets_name_no_column_that_is_not_read() -> None:
    assert set(targets_file._HEADINGS.values()) == {"unit_name", "unit_code", "indicator", "year", "target"}
