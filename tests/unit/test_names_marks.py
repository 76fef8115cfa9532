"""Names that differ by diacritics alone: other marks name another place, missing ones may be forgiven."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.dimensions.names import bare_key, differs_by_missing_marks, plain_key, unit_key
from assets.dimensions.resolve import resolve_unit
from assets.dimensions.units import BEGINNING, REFORM, unit_frame
from assets.given.texts import without_marks

_UNITS = list(unit_frame().iter_rows(named=True))
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_SHAPES = "\u0302\u0306\u031b"


def _named_alike() -> list[tuple[str, date, list[dict[str, Any]]]]:
    """(province, list, units) with the same letters and more than one spelling, over the whole country."""
    groups: dict[tuple[str, date, str], list[dict[str, Any]]] = defaultdict(list)
    for unit in _UNITS:
        groups[unit["province_code"], unit["valid_from"], plain_key(unit["bare_key"])].append(unit)
    return [
        (province, list_from, units)
        for (province, list_from, _), units in groups.items()
        if len({unit["bare_key"] for unit in units}) > 1
    ]


_ALIKE = _named_alike()


def test_the_country_has_many_units_of_one_province_that_only_marks_tell_apart() -> None:
    assert len(_ALIKE) > 100
    of_an_giang = {
        tuple(sorted(unit["unit_name"] for unit in units))
        for code, _, units in _ALIKE
        if code in ("89", "91")
    }
    assert of_an_giang == {
        ("Xã Phú Thành", "Xã Phú Thạnh"),
        ("Xã Bình Thành", "Xã Bình Thạnh"),
        ("Phường Vĩnh Thanh", "Xã Vĩnh Thạnh"),
        ("Xã Tân Thành", "Xã Tân Thạnh"),
    }


@pytest.mark.parametrize(
    "spelt", [str, str.upper, str.lower, lambda name: unicodedata.normalize("NFD", name)]
)
def test_each_of_them_is_found_by_its_own_name(spelt: Any) -> None:
    for province, list_from, units in _ALIKE:
        for unit in units:
            of_that_name = {other["unit_code"] for other in units if other["name_key"] == unit["name_key"]}
            actual = resolve_unit(spelt(unit["unit_name"]), province, list_from)
            if len(of_that_name) == 1:
                assert (actual.unit_code, actual.is_known) == (unit["unit_code"], True), unit["unit_name"]
            else:
                assert set(actual.candidates) == of_that_name, unit["unit_name"]


def test_without_any_mark_each_of_them_waits_unless_the_level_tells_it() -> None:
    for province, list_from, units in _ALIKE:
        for unit in units:
            level = unit["unit_name"].split(" ")[0].lower()
            same_level = [other for other in units if other["unit_name"].lower().startswith(level)]
            actual = resolve_unit(without_marks(unit["unit_name"].lower()), province, list_from)
            if len({other["unit_code"] for other in same_level}) > 1:
                assert not actual.is_known, unit["unit_name"]
                assert unit["unit_code"] in actual.candidates


def test_a_name_whose_marks_differ_from_those_of_every_unit_of_the_province_is_another_place() -> None:
    spellings: dict[str, set[str]] = defaultdict(set)
    for unit in _UNITS:
        if unit["level"] == "commune":
            spellings[plain_key(unit["bare_key"])].add(unit["bare_key"])
    # "Nà Hang" is how the other list spells the same place.
    listed = {(unit["valid_from"], unit["bare_key"]) for unit in _UNITS}
    tried = 0
    for unit in _UNITS:
        other_list = REFORM if unit["valid_from"] == BEGINNING else BEGINNING
        for other in spellings[plain_key(unit["bare_key"])] - {unit["bare_key"]}:
            if (other_list, other) in listed:
                continue
            actual = resolve_unit(f"Xã {other}", unit["province_code"], unit["valid_from"])
            if actual.unit_code == unit["unit_code"] and actual.is_known:
                assert differs_by_missing_marks(other, unit["bare_key"]), (other, unit["unit_name"])
                assert _marks_of(other) < _marks_of(unit["bare_key"])
            tried += 1
    assert tried > 1500


def _marks_of(name: str) -> int:
    """How many diacritics there are: an independent measure of what is missing."""
    return sum(unicodedata.combining(mark) > 0 for mark in unicodedata.normalize("NFD", name)) + name.count(
        "đ"
    )


@pytest.mark.parametrize(
    ("name", "province", "list_from", "codes"),
    [
        # In An Giang before the reform there are Vĩnh Thành, and Bình Thạnh beside Bình Thành.
        ("Xã Vĩnh Thành", "89", BEGINNING, "30625"),
        ("Xã Vĩnh Thanh", "89", BEGINNING, "30625"),
        ("Xã Vinh Thành", "89", BEGINNING, "30625"),
        ("UBND xa Vinh Thanh", "89", BEGINNING, "30625"),
        ("Xã Vĩnh Thạnh", "89", BEGINNING, ("30625",)),
        ("Xã Vịnh Thành", "89", BEGINNING, ("30625",)),
        ("Xã Bình Thạnh", "89", BEGINNING, "30601"),
        ("Xã Bình Thành", "89", BEGINNING, "30724"),
        ("Xã Binh Thành", "89", BEGINNING, "30724"),
        ("Xã Bình Thanh", "89", BEGINNING, ("30601", "30724")),
        ("Xã Bình Thánh", "89", BEGINNING, ("30601", "30724")),
        ("Xã An Cư", "89", BEGINNING, "30526"),
        ("Xã An Cu", "89", BEGINNING, "30526"),
        ("Xã An Cứ", "89", BEGINNING, ("30526",)),
        # a ward whose level may have changed, or a commune whose mark is missing
        ("Xã Vĩnh Thanh", "91", BEGINNING, ("30733", "30946")),
        ("Phường Vĩnh Thanh", "91", BEGINNING, "30733"),
        ("Xã Hoà Lạc", "91", REFORM, "30430"),
        ("Xã Hòa Lac", "91", REFORM, "30430"),
        ("Xã Hóa Lạc", "91", REFORM, ("30430",)),
    ],
)
def test_only_missing_marks_are_forgiven(
    name: str, province: str, list_from: date, codes: str | tuple[str, ...]
) -> None:
    actual = resolve_unit(name, province, list_from)
    assert (actual.unit_code if actual.is_known else actual.candidates) == codes


def test_the_unit_above_is_read_as_strictly() -> None:
    assert resolve_unit("Xã Binh Thanh, huyện Thoai Sơn", "89", BEGINNING).unit_code == "30724"
    assert not resolve_unit("Xã Binh Thanh, huyện Thoái Sơn", "89", BEGINNING).is_known


@pytest.mark.parametrize(
    ("written", "full", "fits"),
    [
        ("vĩnh thanh", "vĩnh thạnh", True),
        ("vinh thanh", "vĩnh thạnh", True),
        ("thơi sơn", "thới sơn", True),
        ("thói son", "thới sơn", True),
        ("thôi sơn", "thới sơn", False),
        ("vĩnh thành", "vĩnh thạnh", False),
        ("vĩnh thạnh", "vĩnh thanh", False),
        ("dao duc", "đạo đức", True),
        ("đao duc", "dao đức", False),
        # a level word may be careless in its own way
        ("xả vĩnh thạnh", "vĩnh thạnh", True),
        ("thoà", "thòa", True),
    ],
)
def test_marks_may_be_left_out_not_changed(written: str, full: str, fits: bool) -> None:
    assert differs_by_missing_marks(written, full) is fits


@given(st.sampled_from([unit["bare_key"] for unit in _UNITS]), st.data())
def test_any_marks_left_out_are_forgiven_and_any_added_are_not(name: str, data: st.DataObject) -> None:
    letters = unicodedata.normalize("NFD", name)
    kept = "".join(
        mark for mark in letters if mark not in _TONES + _SHAPES or data.draw(st.booleans(), label=mark)
    )
    careless = unicodedata.normalize("NFC", kept)
    assert differs_by_missing_marks(careless, name)
    if careless != name:
        assert not differs_by_missing_marks(name, careless)


def test_two_official_spellings_of_the_same_letters_never_stand_for_each_other_both_ways() -> None:
    for _, _, units in _ALIKE:
        for item, other in permutations({unit["bare_key"] for unit in units}, 2):
            assert not (differs_by_missing_marks(item, other) and differs_by_missing_marks(other, item))
            assert bare_key(unit_key(item)) != bare_key(unit_key(other))
