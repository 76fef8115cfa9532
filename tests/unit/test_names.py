"""One office and one procedure have one key, however they are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.dimensions.names import (
    bare_key,
    plain_key,
    procedure_core,
    procedure_key,
    split_unit_name,
    unify_tones,
    unit_key,
)
from assets.dimensions.units import unit_frame


@pytest.mark.parametrize(
    "written",
    [
        "Phường Thới Sơn",
        "UBND phường Thới Sơn",
        "ubnd PHƯỜNG THỚI SƠN",
        "P. Thới Sơn",
        "P.Thới Sơn",
        "P Thới Sơn",
        "UBND P.Thới Sơn",
        "U.B.N.D. phường Thới Sơn",
        "Ủy ban nhân dân phường Thới Sơn",
        "Uỷ ban nhân dân Phường  Thới\u00a0Sơn ",
        "BPMC phường Thới Sơn",
        "Bộ phận Một cửa - UBND phường Thới Sơn",
        "Bộ phận một cửa của UBND phường Thới Sơn",
        "Bộ phận Tiếp nhận và Trả kết quả UBND phường Thới Sơn",
        "Bộ phận TN&TKQ phường Thới Sơn",
        "Văn phòng HĐND và UBND phường Thới Sơn",
        "Trung tâm Phục vụ hành chính công phường Thới Sơn",
        "UBND phường Thới Sơn - Bộ phận một cửa",
        "Phường: Thới Sơn.",
        unicodedata.normalize("NFD", "UBND Phường Thới Sơn"),
    ],
)
def test_an_office_has_one_key_however_it_is_written(written: str) -> None:
    assert unit_key(written) == "phường thới sơn"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("X. An Cư", "xã an cư"),
        ("TT. Ba Chúc", "thị trấn ba chúc"),
        ("TTr Ba Chúc", "thị trấn ba chúc"),
        ("TX Tịnh Biên", "thị xã tịnh biên"),
        ("T.X. Tịnh Biên", "thị xã tịnh biên"),
        ("TP.Long Xuyên", "thành phố long xuyên"),
        ("Tp. Long Xuyên", "thành phố long xuyên"),
        ("H. Tri Tôn", "huyện tri tôn"),
        ("Q.1", "quận 1"),
        ("P1", "phường 1"),
        ("Phường 01", "phường 1"),
        ("ĐK Phú Quốc", "đặc khu phú quốc"),
        ("T. An Giang", "tỉnh an giang"),
        ("UBND tỉnh An Giang", "tỉnh an giang"),
    ],
)
def test_an_abbreviated_level_is_written_out(written: str, key: str) -> None:
    assert unit_key(written) == key


def test_the_level_word_tells_units_of_one_name_apart() -> None:
    keys = {
        unit_key(name) for name in ("Phường Tịnh Biên", "Thị xã Tịnh Biên", "Huyện Tịnh Biên", "Tịnh Biên")
    }
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("Hoà Lạc", "Hòa Lạc"),
        ("Thuỷ Liễu", "Thủy Liễu"),
        ("Khoẻ", "Khỏe"),
        ("hùynh", "huỳnh"),
        ("tòan", "toàn"),
        ("qúy", "quý"),
        ("qủa", "quả"),
    ],
)
def test_both_places_of_a_tone_mark_are_one_word(new: str, old: str) -> None:
    assert unit_key(f"xã {new}") == unit_key(f"xã {old}") == f"xã {old}".casefold()


@pytest.mark.parametrize(
    "word", ["quý", "quỳ", "hoàn", "huỳnh", "khuyến", "thuở", "già", "hòa", "thủy", "múa"]
)
def test_a_word_spelt_as_the_statistical_office_does_stays(word: str) -> None:
    assert unify_tones(word) == word


@pytest.mark.parametrize("written", ["Bộ phận Một cửa", "BPMC", "UBND", "", "  "])
def test_an_office_without_a_unit_has_no_key(written: str) -> None:
    assert unit_key(written) == ""
    assert split_unit_name(written) == ("", None)


@pytest.mark.parametrize(
    "other",
    [
        "Ủy ban Mặt trận Tổ quốc Việt Nam xã An Cư",
        "Công an xã An Cư",
        "Văn phòng đăng ký đất đai xã An Cư",
    ],
)
def test_another_body_in_the_commune_is_not_its_committee(other: str) -> None:
    assert unit_key(other) != "xã an cư"


@pytest.mark.parametrize(
    ("written", "own", "parent"),
    [
        ("Xã An Cư - TX Tịnh Biên", "Xã An Cư", "TX Tịnh Biên"),
        ("Xã An Cư, thị xã Tịnh Biên", "Xã An Cư", "thị xã Tịnh Biên"),
        ("Xã An Cư (TX. Tịnh Biên)", "Xã An Cư", "TX. Tịnh Biên"),
        ("UBND xã An Cư thị xã Tịnh Biên", "xã An Cư", "thị xã Tịnh Biên"),
        ("UBND xã An Cư, thị xã Tịnh Biên, tỉnh An Giang", "xã An Cư", "thị xã Tịnh Biên"),
        ("UBND thị xã Tịnh Biên - UBND xã An Cư", "xã An Cư", "thị xã Tịnh Biên"),
        ("Bộ phận một cửa - UBND xã An Cư - TX Tịnh Biên", "xã An Cư", "TX Tịnh Biên"),
        ("An Cư, Tịnh Biên", "An Cư", "Tịnh Biên"),
        ("UBND thị xã Tịnh Biên", "thị xã Tịnh Biên", None),
        ("UBND P.Thới Sơn-TX.Tịnh Biên", "P.Thới Sơn", "TX.Tịnh Biên"),
        ("Tỉnh Bà Rịa - Vũng Tàu", "Tỉnh Bà Rịa - Vũng Tàu", None),
        ("Phường Mỹ Hải - TP Phan Rang - Tháp Chàm", "Phường Mỹ Hải", "TP Phan Rang - Tháp Chàm"),
    ],
)
def test_a_name_is_split_from_the_unit_above_it(written: str, own: str, parent: str | None) -> None:
    assert split_unit_name(written) == (own, parent)


def test_every_official_name_is_its_own_key_and_is_not_split() -> None:
    for name in unit_frame()["unit_name"].unique():
        assert unit_key(name) == name.casefold()
        assert split_unit_name(name) == (name, None)


def test_the_weaker_keys_drop_level_and_diacritics() -> None:
    key = unit_key("UBND Phường Thới Sơn")
    assert bare_key(key) == "thới sơn"
    assert plain_key(key) == unit_key("phuong thoi son") == "phuong thoi son"
    assert plain_key(bare_key(key)) == "thoi son"
    assert bare_key("thới sơn") == "thới sơn"
    assert plain_key("đặc khu") == "dac khu"


def test_hyphens_and_apostrophes_of_any_sort_are_alike() -> None:
    assert unit_key("TP Phan Rang–Tháp Chàm") == "thành phố phan rang - tháp chàm"
    assert unit_key("Xã Ea H’Leo") == unit_key("Xã Ea H'leo")


@given(st.text(max_size=60))
def test_any_text_has_a_key(text: str) -> None:
    key = unit_key(text)
    assert unicodedata.is_normalized("NFC", key)
    assert key == key.strip()
    own, parent = split_unit_name(text)
    assert own or parent is None
    assert procedure_key(procedure_key(text)) == procedure_key(text)
    assert procedure_core(text) is None or len(text.strip()) >= 8


def test_a_procedure_name_is_compared_without_case_blanks_and_final_marks() -> None:
    written = unicodedata.normalize("NFD", "  Cấp bản sao  TRÍCH LỤC hộ tịch. ;")
    assert procedure_key(written) == "cấp bản sao trích lục hộ tịch"
    assert procedure_key("Thoả thuận") == procedure_key("Thỏa thuận")


@pytest.mark.parametrize(
    ("code", "core"),
    [
        ("1.001612.000.00.00.H48", "1.001612"),
        ("1.012753.H19", "1.012753"),
        ("2.000815", "2.000815"),
        (" 1.001193.000.00.00.h01 ", "1.001193"),
        ("1.001193.000.00.00", "1.001193"),
        ("1.00119", None),
        ("1.0011930", None),
        ("X.001193", None),
        ("1.001193.H1", None),
        ("", None),
    ],
)
def test_the_core_of_a_procedure_code_is_its_first_eight_characters(code: str, core: str | None) -> None:
    assert procedure_core(code) == core
