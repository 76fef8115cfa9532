"""The seed catalogue of procedures agrees with what the portals export."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.dimensions.names import procedure_core, procedure_key
from assets.dimensions.procedures import PROCEDURE_SCHEMA, CatalogueError, procedure_frame

SAMPLES = Path(__file__).parents[1] / "samples"
HEADER = "procedure_code,procedure_name,field_code,field_name,limit_value,limit_unit\n"


def rows_of(text: bytes) -> list[dict[str, Any]]:
    value = json.loads(text)
    if isinstance(value, list):
        return value
    return next(part for part in value.values() if isinstance(part, list))


def test_the_catalogue_has_ten_procedures_of_the_declared_shape() -> None:
    frame = procedure_frame()
    assert dict(frame.schema) == PROCEDURE_SCHEMA
    assert frame.height == 10
    assert frame.null_count().row(0) == (0,) * len(PROCEDURE_SCHEMA)
    assert frame["procedure_code"].is_unique().all()
    assert frame["name_key"].is_unique().all()


def test_names_and_fields_are_those_of_the_national_portal() -> None:
    exported = {
        (procedure_core(row["MaTTHC"]), row["TenTTHC"], row["MaLinhVuc"], row["TenLinhVuc"])
        for file in SAMPLES.glob("*/landing/dvcqg/**/DongBoHoSoMC*.json.gz")
        for row in rows_of(gzip.decompress(file.read_bytes()))
    }
    columns = ["procedure_code", "procedure_name", "field_code", "field_name"]
    assert set(procedure_frame().select(columns).rows()) == exported


def test_limits_are_those_of_the_provincial_portal() -> None:
    exported = {
        (
            procedure_core(row["procedure"]["code"]),
            row["procedureProcessDefinition"]["processDefinition"]["processingTime"],
        )
        for file in SAMPLES.glob("*/landing/igate/**/*.json")
        for row in rows_of(file.read_bytes())
    }
    assert set(procedure_frame().select("procedure_code", "limit_value").rows()) == exported
    assert procedure_frame()["limit_unit"].unique().to_list() == ["working_day"]


def test_a_certified_copy_is_due_the_same_day() -> None:
    row = procedure_frame().row(by_predicate=pl.col("procedure_code") == "2.000815", named=True)
    assert row["limit_value"] == 0


def test_a_procedure_is_found_by_its_name_in_a_list_without_codes() -> None:
    key = procedure_key("CẤP BẢN SAO  Trích lục hộ tịch.")
    actual = procedure_frame().filter(pl.col("name_key") == key)["procedure_code"].to_list()
    assert actual == ["2.000635"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("1.00119,Đăng ký khai sinh,G,Hộ tịch,1,working_day\n", "8 characters"),
        ("1.001193.H01,Đăng ký khai sinh,G,Hộ tịch,1,working_day\n", "8 characters"),
        (
            "1.001193,Đăng ký khai sinh,G,Hộ tịch,1,working_day\n1.001193,Khác,G,Hộ tịch,1,working_day\n",
            "procedure_code",
        ),
        (
            "1.001193,Đăng ký khai sinh,G,Hộ tịch,1,working_day\n"
            "1.001194,đăng ký KHAI SINH.,G,Hộ tịch,1,working_day\n",
            "name_key",
        ),
        ("1.001193,Đăng ký khai sinh,G,Hộ tịch,1,week\n", "limit_unit"),
    ],
)
def test_a_faulty_catalogue_is_refused(tmp_path: Path, lines: str, message: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(HEADER + lines, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        procedure_frame(file)


def test_an_unknown_limit_stays_unknown(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f"{HEADER}1.001190,Đăng ký khai sinh,G,Hộ tịch,,\n", encoding="utf-8")
    row = procedure_frame(file).row(0, named=True)
    assert (row["procedure_code"], row["limit_value"], row["limit_unit"]) == ("1.001190", None, None)
