"""An office's own file of units: read, and refused with one sentence that names file, entry and value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.dimensions.names import alias_key
from assets.dimensions.office_units import Alias, OfficeUnits, Weight, load_office_units
from assets.dimensions.resolve import UnitAnswer, resolve_unit
from assets.dimensions.units import BEGINNING, REFORM
from assets.given.office_file import OfficeFileError

ALIAS = "  - {name: TTHC Nhà Bàng, unit_code: 30502, valid_from: 1900-01-01, source: Công văn 12}\n"
WEIGHTS = (
    "  - {old_code: 30334, new_code: 30316, weight: 0.7, source: Công văn 13}\n"
    "  - {old_code: 30334, new_code: 30325, weight: 0.3, source: Công văn 13}\n"
)


def load(tmp_path: Path, text: str) -> OfficeUnits:
    file = tmp_path / "don-vi.yaml"
    file.write_text(text, encoding="utf-8")
    return load_office_units(file)


def test_aliases_and_weights_are_read(tmp_path: Path) -> None:
    assert load(tmp_path, f"aliases:\n{ALIAS}weights:\n{WEIGHTS}") == OfficeUnits(
        (Alias("tthc nhà bàng", "TTHC Nhà Bàng", "30502", BEGINNING, "Công văn 12"),),
        (Weight("30334", "30316", 0.7, "Công văn 13"), Weight("30334", "30325", 0.3, "Công văn 13")),
    )


@pytest.mark.parametrize("text", ["", "# none\n", "aliases:\nweights:\n", "aliases: []\n"])
def test_a_file_may_say_nothing(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == OfficeUnits() == load_office_units(None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "aliases:\n" + ALIAS.replace("30502", "30503"),
            "aliases mục 1, khóa “unit_code”: danh mục đơn vị từ 1900-01-01 không có mã “30503”.",
        ),
        (
            "aliases:\n" + ALIAS + ALIAS.replace("TTHC Nhà", "tthc  NHÀ"),
            "aliases mục 2, khóa “name”: tên “tthc  NHÀ Bàng” đã có ở mục khác.",
        ),
        (
            "aliases:\n" + ALIAS.replace("1900-01-01", "2024-01-01"),
            "aliases mục 1, khóa “valid_from”: cần 1900-01-01 hoặc 2025-07-01, đang là “2024-01-01”.",
        ),
        (
            "aliases:\n" + ALIAS.replace("1900-01-01", "2025-06-31"),
            "aliases mục 1, khóa “valid_from”: không có ngày “2025-06-31”.",
        ),
        (
            "aliases:\n" + ALIAS.replace("TTHC Nhà Bàng", "'--'"),
            "aliases mục 1, khóa “name”: cần một tên, đang là “--”.",
        ),
        (
            "aliases:\n" + ALIAS.replace(", source: Công văn 12", ""),
            "aliases mục 1, khóa “source”: còn thiếu.",
        ),
        (
            "aliases:\n" + ALIAS.replace("source", "nguon"),
            "aliases mục 1, khóa “nguon”: khóa không có trong danh mục, hãy xóa hoặc sửa tên.",
        ),
        (
            "weights:\n" + WEIGHTS.replace("0.3", "0.2"),
            "weights mục 2, khóa “weight”: các phần của “30334” phải có tổng là 1, đang là 0.9.",
        ),
        (
            "weights:\n" + WEIGHTS.splitlines()[0],
            "weights mục 1, khóa “old_code”: đơn vị “30334” còn thiếu phần của “30325”.",
        ),
        (
            "weights:\n" + WEIGHTS + WEIGHTS.splitlines()[0],
            "weights mục 3, khóa “new_code”: cặp “30334”, “30316” đã có ở mục khác.",
        ),
        (
            "weights:\n" + WEIGHTS.replace("30334", "30502"),
            "weights mục 1, khóa “old_code”: “30502” không phải mã của đơn vị bị chia ngày 2025-07-01.",
        ),
        (
            "weights:\n" + WEIGHTS.replace("30325", "30502"),
            "weights mục 2, khóa “new_code”: “30502” không nhận phần nào của “30334” (chỉ có 30316, 30325).",
        ),
        (
            "weights:\n" + WEIGHTS.replace("0.7", "70%"),
            "weights mục 1, khóa “weight”: cần một số từ 0 đến 1, đang là “70%”.",
        ),
        (
            "weights:\n" + WEIGHTS.replace("0.7", "1.7").replace("0.3", "-0.7"),
            "weights mục 1, khóa “weight”: cần một số từ 0 đến 1, đang là “1.7”.",
        ),
    ],
)
def test_a_faulty_entry_is_refused_with_file_entry_and_value(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(OfficeFileError) as refused:
        load(tmp_path, text)
    assert str(refused.value) == f"{tmp_path / 'don-vi.yaml'}, {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alias: []", "phải có các khóa aliases và weights, không có khóa “alias”."),
        ("- x", "phải có các khóa aliases và weights."),
        ("aliases: x", ", khóa “aliases” phải là một danh sách các mục."),
        ("aliases: [", "không phải YAML hợp lệ (UTF-8) ở dòng 1."),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(OfficeFileError) as refused:
        load(tmp_path, text)
    assert str(refused.value).endswith(message)
    assert str(tmp_path / "don-vi.yaml") in str(refused.value)


def test_an_alias_stands_for_its_unit_in_its_list_and_for_what_took_it_over_in_the_next() -> None:
    aliases = {
        (alias_key("TTHC số 2"), date(1900, 1, 1)): "30502",
        (alias_key("TTHC số 3"), REFORM): "30520",
        (alias_key("TTHC số 4"), BEGINNING): "30358",
        # An office may overrule what a name says.
        (alias_key("UBND phường Thới Sơn"), REFORM): "30505",
    }

    def answer(name: str, province: str, list_from: date) -> tuple[str, date, bool]:
        actual = resolve_unit(name, province, list_from, aliases)
        return actual.unit_code, actual.valid_from, actual.is_known

    assert answer("tthc  SỐ 2.", "89", BEGINNING) == ("30502", BEGINNING, True)
    assert answer("TTHC số 2", "91", REFORM) == ("30502", REFORM, True)
    assert answer("TTHC số 3", "91", REFORM) == ("30520", REFORM, True)
    assert answer("TTHC số 3", "89", BEGINNING) == ("30520", REFORM, True)
    assert answer("UBND phường Thới Sơn", "91", REFORM) == ("30505", REFORM, True)
    assert answer("UBND phường Thới Sơn", "89", BEGINNING) == ("30517", BEGINNING, True)
    # A divided unit's name says nothing of its successors; a name is a province's own.
    assert answer("TTHC số 4", "91", REFORM)[2] is False
    assert answer("TTHC số 2", "91", BEGINNING)[2] is False


def test_without_aliases_nothing_changes() -> None:
    assert resolve_unit("UBND phường Thới Sơn", "89", BEGINNING, {}) == UnitAnswer("30517", BEGINNING, True)
