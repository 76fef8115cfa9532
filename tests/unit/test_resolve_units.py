"""Which unit a name stands for, however an export writes it; what is not sure waits with candidates."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from assets.dimensions.resolve import resolve_unit
from assets.dimensions.units import BEGINNING, REFORM, unit_frame
from assets.given.texts import without_marks

_SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFD", name.upper()),
    lambda name: f"  {name.replace(' ', '  ')} ",
]


def answer(name: str, province: str, list_from: date) -> tuple[str, int] | tuple[str, ...]:
    """(code, year of its list), or the candidates."""
    result = resolve_unit(name, province, list_from)
    if not result.is_known:
        assert result.unit_code.startswith("x-")
        return result.candidates
    return result.unit_code, result.valid_from.year


@pytest.mark.parametrize("spelt", _SPELLINGS)
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("UBND phường Thới Sơn", "30517", "30502"),
        ("UBND phuong Thới Sơn", "30517", "30502"),
        ("Phường Thoi Son", "30517", "30502"),
        ("Phường Thới Son", "30517", "30502"),
        ("P. Thoi Son", "30517", "30502"),
        ("Thoi Son", "30517", "30502"),
        ("Uy ban nhan dan phuong Thoi Son", "30517", "30502"),
        ("Bo phan mot cua - UBND phường Thới Sơn", "30517", "30502"),
        # The commune became a ward or the other way round, in one part without diacritics.
        ("Xã Thới Sơn", "30517", "30502"),
        ("UBND xa Thới Sơn", "30517", "30502"),
        ("Xã An Cư - TX Tịnh Biên", "30526", "30526"),
        ("Xa An Cu - TX Tinh Bien", "30526", "30526"),
        ("Xã An Cư, thi xa Tinh Bien", "30526", "30526"),
        ("UBND phường Nhà Bàng", "30502", "30502"),
        ("Phuong Nha Bang", "30502", "30502"),
        ("Phường Tinh Bien", "30520", "30520"),
    ],
)
def test_a_desk_of_tinh_bien_is_found_before_and_after_the_reform(
    spelt: Callable[[str], str], name: str, old: str, new: str
) -> None:
    assert answer(spelt(name), "89", BEGINNING) == (old, 1900)
    assert answer(spelt(name), "91", REFORM) == (new, 2025)


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        # A township and a ward of that name, no commune; written without a level, the district too.
        ("UBND xã An Phú", ("30337", "30514")),
        ("UBND xa An Phu", ("30337", "30514")),
        ("An Phú", ("30337", "30514", "886")),
        ("Tịnh Biên", ("30520", "890")),
        ("Tinh Bien", ("30520", "890")),
        # Bình Thạnh of Châu Thành or Bình Thành of Thoại Sơn.
        ("Xã Binh Thanh", ("30601", "30724")),
        ("UBND xã Không Có Thật", ()),
    ],
)
def test_what_fits_several_units_waits_with_them_as_candidates(
    name: str, candidates: tuple[str, ...]
) -> None:
    assert answer(name, "89", BEGINNING) == candidates


def test_the_unit_above_tells_two_of_one_name_apart_with_or_without_diacritics() -> None:
    for above in ("huyện Thoại Sơn", "H. Thoai Son", "Thoai Son"):
        assert answer(
            f"Xã Binh Thanh - {above}" if "." in above else f"Xã Binh Thanh, {above}", "89", BEGINNING
        ) == (
            "30724",
            1900,
        )


def test_after_the_reform_a_divided_units_name_waits_with_its_successors() -> None:
    assert answer("UBND xã Phước Hưng", "89", BEGINNING) == ("30358", 1900)
    assert answer("UBND xã Phước Hưng", "91", REFORM) == ("30337", "30346", "30352")
    assert answer("UBND thị xã Tịnh Biên", "91", REFORM) == ()


def test_every_unit_of_an_giang_is_found_or_among_the_candidates_without_diacritics() -> None:
    lost = []
    for unit in unit_frame().iter_rows(named=True):
        if (unit["valid_from"], unit["province_code"]) not in ((BEGINNING, "89"), (REFORM, "91")):
            continue
        level, _, own = unit["unit_name"].partition(" ")
        names = [without_marks(unit["unit_name"].lower()), f"{level} {without_marks(own.lower())}"]
        for name in names:
            actual = answer(name, unit["province_code"], unit["valid_from"])
            if unit["unit_code"] not in actual:
                lost.append((name, actual))
    assert lost == []


def test_every_unit_of_the_country_is_found_by_its_own_name_or_is_one_of_several() -> None:
    for unit in unit_frame().iter_rows(named=True):
        actual = resolve_unit(unit["unit_name"], unit["province_code"], unit["valid_from"])
        assert unit["unit_code"] in (actual.unit_code, *actual.candidates), unit
