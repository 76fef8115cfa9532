"""Codes of agencies in both forms, and the list of those that are known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.dimensions.organisation_codes import ORGANISATION_SCHEMA, organisation_frame, read_code
from assets.dimensions.units import REFORM, unit_frame


@pytest.mark.parametrize(
    ("written", "code", "form", "path", "parent"),
    [
        ("H01.128", "H01.128", "qd20", ("H01", "128"), "H01"),
        (" h01 . 128 ", "H01.128", "qd20", ("H01", "128"), "H01"),
        ("H01", "H01", "qd20", ("H01",), None),
        ("G09.20", "G09.20", "qd20", ("G09", "20"), "G09"),
        ("H01.25.03.02", "H01.25.03.02", "qd20", ("H01", "25", "03", "02"), "H01.25.03"),
        ("000.00.53.H48", "000.00.53.H48", "qcvn102", ("H48", "53"), "H48"),
        ("000.26.33.H01", "000.26.33.H01", "qcvn102", ("H01", "33", "26"), "000.00.33.H01"),
        ("120.26.33.h01", "120.26.33.H01", "qcvn102", ("H01", "33", "26", "120"), "000.26.33.H01"),
        # The whole has one code, however it is written.
        ("000.00.00.H01", "H01", "qd20", ("H01",), None),
    ],
)
def test_both_forms_are_read(
    written: str, code: str, form: str, path: tuple[str, ...], parent: str | None
) -> None:
    actual = read_code(written)
    assert actual
    assert (actual.code, actual.form, actual.path, actual.parent) == (code, form, path, parent)
    assert actual.root == path[0]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "H1",
        "H01.",
        "H01.1",
        "H01.1280",
        "01.H01",
        "000.26.00.H01",
        "000.00.53",
        "000.00.53.H48-230101-0001",
        "UBND",
    ],
)
def test_what_has_neither_form_is_no_code(written: str) -> None:
    assert read_code(written) is None


@given(
    st.from_regex(
        r"([GH]\d{2}(\.\d{2,3}){0,3}|\d{3}\.\d{2}\.\d{2}\.[GH]\d{2})",
        fullmatch=True,
        alphabet=st.characters(codec="ascii"),
    )
)
def test_a_normal_spelling_is_read_as_itself_and_ends_at_the_whole(written: str) -> None:
    actual = read_code(written)
    if actual is None:
        return
    assert read_code(actual.code) == actual
    above = actual
    for _ in actual.path[1:]:
        assert above.parent
        higher = read_code(above.parent)
        assert higher
        assert higher.path == above.path[:-1]
        above = higher
    assert above.code == actual.root


def test_the_frame_has_the_declared_shape_and_one_agency_a_code_and_time() -> None:
    frame = organisation_frame()
    assert dict(frame.schema) == ORGANISATION_SCHEMA
    assert not frame.select("organisation_code", "valid_from").is_duplicated().any()
    spans = frame.sort("organisation_code", "valid_from").with_columns(
        after=pl.col("valid_from").shift(-1).over("organisation_code")
    )
    assert spans.filter(pl.col("valid_to") > pl.col("after")).is_empty()


def test_every_desk_is_a_unit_of_its_list() -> None:
    units = unit_frame().select("unit_code", "unit_name", "level", unit_valid_from="valid_from")
    desks = organisation_frame().filter(pl.col("unit_code").is_not_null())
    actual = desks.join(units, on=["unit_code", "unit_valid_from"])
    assert actual.height == desks.height
    assert (actual["valid_from"] == actual["unit_valid_from"]).all()
    levels = {"province": "province", "district_desk": "district", "commune_desk": "commune"}
    assert (actual["kind"].replace_strict(levels) == actual["level"]).all()
    # "Bộ phận Một cửa Phường Thới Sơn", "UBND tỉnh An Giang".
    pairs = actual.select("organisation_name", "unit_name").iter_rows()
    assert all(name.casefold().endswith(unit.casefold()) for name, unit in pairs)


def test_the_communes_of_an_giang_and_their_province_are_known() -> None:
    frame = organisation_frame()
    communes = frame.filter(kind="commune_desk")
    assert communes["organisation_code"].to_list() == [f"H01.{number}" for number in range(101, 203)]
    assert communes["parent_code"].unique().to_list() == ["H01"]
    assert frame.filter(organisation_code="H01").select("unit_code", "unit_valid_from").rows() == [
        ("89", date(1900, 1, 1)),
        ("91", REFORM),
    ]
