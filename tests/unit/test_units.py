"""Units of both lists, and what became of the old ones on 1/7/2025."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.dimensions.names import unit_key
from assets.dimensions.units import (
    BEGINNING,
    FOREVER,
    REFORM,
    SUCCESSOR_SCHEMA,
    UNIT_SCHEMA,
    successor_frame,
    unit_frame,
)

# new code, new unit, organisation code, old units of thị xã Tịnh Biên
TINH_BIEN = [
    ("30502", "Phường Thới Sơn", "H01.128", {"30502": "Nhà Bàng", "30511": "Nhơn Hưng", "30517": "Thới Sơn"}),
    ("30505", "Phường Chi Lăng", "H01.131", {"30505": "Chi Lăng", "30508": "Núi Voi", "30535": "Tân Lợi"}),
    ("30520", "Phường Tịnh Biên", "H01.129", {"30514": "An Phú", "30520": "Tịnh Biên", "30529": "An Nông"}),
    ("30526", "Xã An Cư", "H01.130", {"30523": "Văn Giáo", "30526": "An Cư", "30532": "Vĩnh Trung"}),
    ("30538", "Xã Núi Cấm", "H01.132", {"30538": "An Hảo", "30541": "Tân Lập"}),
]


def units(valid_from: date, level: str | None = None, **equal: str) -> pl.DataFrame:
    frame = unit_frame().filter(pl.col("valid_from") == valid_from)
    if level:
        frame = frame.filter(pl.col("level") == level)
    return frame.filter(*[pl.col(name) == value for name, value in equal.items()])


def test_the_frames_have_the_declared_shape() -> None:
    assert dict(unit_frame().schema) == UNIT_SCHEMA
    assert dict(successor_frame().schema) == SUCCESSOR_SCHEMA


def test_a_unit_is_known_by_its_code_and_the_start_of_its_list() -> None:
    assert not unit_frame().select("unit_code", "valid_from").is_duplicated().any()
    nullable = ["parent_code", "organisation_code"]
    assert unit_frame().drop(nullable).null_count().row(0) == (0,) * 9


def test_the_lists_follow_each_other_without_a_gap() -> None:
    spans = unit_frame().select("valid_from", "valid_to").unique().sort("valid_from").rows()
    assert spans == [(BEGINNING, REFORM), (REFORM, FOREVER)]


def test_codes_have_as_many_digits_as_the_statistical_office_gives_the_level() -> None:
    lengths = unit_frame().group_by("level").agg(pl.col("unit_code").str.len_chars().unique())
    assert dict(lengths.iter_rows()) == {"province": [2], "district": [3], "commune": [5]}
    assert unit_frame()["unit_code"].str.contains(r"^\d+$").all()


def test_the_country_has_63_then_34_provinces() -> None:
    sizes = unit_frame().group_by("valid_from", "level").len()
    assert {(row[0], row[1]): row[2] for row in sizes.iter_rows()} == {
        (BEGINNING, "province"): 63,
        (BEGINNING, "district"): 696,
        (BEGINNING, "commune"): 10035,
        (REFORM, "province"): 34,
        (REFORM, "commune"): 3321,
    }


def test_an_giang_had_11_districts_and_155_communes_and_has_102_communes() -> None:
    assert units(BEGINNING, "province", unit_code="89")["unit_name"].to_list() == ["Tỉnh An Giang"]
    assert units(BEGINNING, "district", province_code="89").height == 11
    assert units(BEGINNING, "commune", province_code="89").height == 155
    assert units(REFORM, "province", unit_code="91")["unit_name"].to_list() == ["Tỉnh An Giang"]
    assert units(REFORM, "commune", province_code="91").height == 102


def test_code_91_was_kien_giang_before() -> None:
    assert units(BEGINNING, unit_code="91")["unit_name"].to_list() == ["Tỉnh Kiên Giang"]


def test_every_parent_is_a_unit_of_the_same_list_one_level_up() -> None:
    children = unit_frame().filter(pl.col("level") != "province")
    actual = children.join(
        unit_frame().select("valid_from", parent_code="unit_code", parent_level="level"),
        on=["valid_from", "parent_code"],
    )
    assert actual.height == children.height
    pairs = set(actual.select("valid_from", "level", "parent_level").rows())
    assert pairs == {
        (BEGINNING, "district", "province"),
        (BEGINNING, "commune", "district"),
        (REFORM, "commune", "province"),
    }


def test_tinh_bien_was_a_town_of_fourteen_communes() -> None:
    town = units(BEGINNING, unit_code="890").row(0, named=True)
    assert (town["unit_name"], town["level"], town["parent_code"]) == ("Thị xã Tịnh Biên", "district", "89")
    assert town["name_key"] == "thị xã tịnh biên"
    assert town["bare_key"] == "tịnh biên"
    assert town["plain_key"] == "thi xa tinh bien"
    old_codes = {code for *_, old in TINH_BIEN for code in old}
    assert set(units(BEGINNING, parent_code="890")["unit_code"]) == old_codes


@pytest.mark.parametrize(("new_code", "name", "organisation_code", "old_units"), TINH_BIEN)
def test_the_five_new_units_took_over_the_town_whole(
    new_code: str, name: str, organisation_code: str, old_units: dict[str, str]
) -> None:
    unit = units(REFORM, unit_code=new_code).row(0, named=True)
    assert (unit["unit_name"], unit["organisation_code"]) == (name, organisation_code)
    came_from = successor_frame().filter(pl.col("new_code") == new_code)
    assert set(came_from["old_code"]) == set(old_units)
    assert came_from.select("is_full", "is_default", "weight").unique().rows() == [(True, True, 1.0)]
    for code, bare in old_units.items():
        assert units(BEGINNING, unit_code=code)["bare_key"].to_list() == [bare.casefold()]


def test_only_todays_communes_of_an_giang_have_an_organisation_code() -> None:
    coded = unit_frame().filter(pl.col("organisation_code").is_not_null())
    assert set(coded.select("valid_from", "province_code", "level").rows()) == {(REFORM, "91", "commune")}
    assert sorted(coded["organisation_code"]) == [f"H01.{number}" for number in range(101, 203)]


def test_every_old_unit_has_exactly_one_default_row() -> None:
    defaults = successor_frame().filter("is_default")["old_code"]
    assert defaults.is_unique().all()
    assert set(defaults) == set(units(BEGINNING)["unit_code"])


def test_the_shares_of_a_unit_that_goes_on_add_up_to_one() -> None:
    going_on = successor_frame().filter(pl.col("new_code").is_not_null())
    sums = going_on.group_by("old_code").agg(pl.col("weight").sum())["weight"]
    assert ((sums - 1).abs() < 1e-9).all()
    assert (going_on["is_full"] == (going_on["weight"] == 1.0)).all()


def test_every_new_unit_came_from_somewhere() -> None:
    assert set(successor_frame()["new_code"].drop_nulls()) == set(units(REFORM)["unit_code"])


def test_provinces_were_merged_whole() -> None:
    an_giang = successor_frame().filter(pl.col("new_code") == "91")
    assert an_giang.sort("old_code").rows() == [("89", "91", True, True, 1.0), ("91", "91", True, True, 1.0)]


def test_a_commune_that_was_divided_has_shares_and_one_default() -> None:
    phuoc_hung = units(BEGINNING, "commune", name_key="xã phước hưng", province_code="89")["unit_code"].item()
    parts = successor_frame().filter(pl.col("old_code") == phuoc_hung)
    names = {
        units(REFORM, unit_code=code)["unit_name"].item(): (full, default, round(weight, 4))
        for _, code, full, default, weight in parts.iter_rows()
    }
    assert names == {
        "Xã An Phú": (False, False, 0.3333),
        "Xã Nhơn Hội": (False, True, 0.3333),
        "Xã Phú Hữu": (False, False, 0.3333),
    }


def test_districts_were_wound_up_but_for_five_islands() -> None:
    districts = units(BEGINNING, "district").select(old_code="unit_code", name="unit_name")
    ends = districts.join(successor_frame(), on="old_code")
    assert ends.filter(pl.col("old_code") == "890")["new_code"].to_list() == [None]
    islands = ends.filter(pl.col("new_code").is_not_null())
    assert set(islands["name"]) == {
        "Huyện Bạch Long Vĩ",
        "Huyện Cồn Cỏ",
        "Huyện Hoàng Sa",
        "Huyện Lý Sơn",
        "Huyện Côn Đảo",
    }
    became = units(REFORM, "commune").filter(pl.col("unit_code").is_in(islands["new_code"].to_list()))
    assert became["unit_name"].str.starts_with("Đặc khu").all()


def shared_names(valid_from: date, key: str) -> pl.DataFrame:
    """province_code, key, len: names that more than one commune of a province has."""
    communes = units(valid_from, "commune")
    return communes.group_by("province_code", key).len().filter(pl.col("len") > 1)


def test_before_the_reform_a_commune_name_could_be_shared_within_a_province() -> None:
    shared = shared_names(BEGINNING, "name_key")
    assert (shared.height, shared["len"].sum(), shared["province_code"].n_unique()) == (157, 408, 34)
    assert set(shared.filter(pl.col("province_code") == "91")["name_key"]) == {
        "xã bình an",
        "xã thạnh lộc",
        "xã vĩnh phú",
    }


def test_in_old_an_giang_a_commune_is_recognised_by_its_name_with_level() -> None:
    def in_an_giang(key: str) -> set[str]:
        return set(shared_names(BEGINNING, key).filter(pl.col("province_code") == "89")[key])

    assert in_an_giang("name_key") == set()
    assert in_an_giang("bare_key") == {"an phú"}
    # Without diacritics Bình Thạnh and Bình Thành, Phú Thạnh and Phú Thành become one.
    assert in_an_giang("plain_key") == {"xa binh thanh", "xa phu thanh"}


def test_a_shared_name_is_distinguished_by_the_district() -> None:
    communes = units(BEGINNING, "commune")
    assert not communes.select("parent_code", "name_key").is_duplicated().any()


def test_since_the_reform_a_commune_name_is_unique_in_its_province() -> None:
    assert shared_names(REFORM, "name_key").is_empty()
    assert shared_names(REFORM, "bare_key").is_empty()
    assert shared_names(REFORM, "plain_key").height == 8


def test_every_office_in_the_exported_samples_is_one_commune_of_the_town() -> None:
    files = (Path(__file__).parents[1] / "samples").glob("*/landing/dvcqg/**/DongBoHoSoMC*.json.gz")
    texts = [gzip.decompress(file.read_bytes()).decode() for file in files]
    offices = {office for text in texts for office in re.findall(r'"DonViXuLy":\s*"([^"]+)"', text)}
    assert len(offices) == 14
    keys = sorted(unit_key(office) for office in offices)
    assert keys == sorted(units(BEGINNING, parent_code="890")["name_key"])


def test_the_packages_parsers_are_not_imported() -> None:
    program = (
        "import sys; from assets.dimensions.units import unit_frame, successor_frame;"
        "unit_frame(); successor_frame(); unwanted = ('vietnamadminunits', 'pandas', 'dagster');"
        "print([name for name in sys.modules if name.split('.')[0] in unwanted])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
