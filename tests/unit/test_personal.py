"""What stands in the place of a heading is remembered by its shape when it may be a person's data."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.given.personal import is_personal, shape_of
from assets.given.remarks import safe_heading
from assets.sources.readers import dvcqg, igate
from assets.sources.readers.angiang import DOSSIER_LIST
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources

SOURCES = load_sources()
CODE = "000.30.33.H01-230717-0001"
PEOPLE = [
    ("Nguyễn Văn Bí Mật", "(chữ, 4 từ)"),
    ("NGUYỄN VĂN BÍ MẬT", "(chữ in hoa, 4 từ)"),
    ("nguyen van bi mat", "(chữ, 4 từ)"),
    ("Nguyễn Thành Định", "(chữ, 3 từ)"),
    ("Trần thị bé", "(chữ, 3 từ)"),
    ("Hồ Bích Loan", "(chữ, 3 từ)"),
    ("Lý Văn Tám", "(chữ, 3 từ)"),
    ("Mã Thị Sáu", "(chữ, 3 từ)"),
    ("LÊ HOÀI AN", "(chữ in hoa, 3 từ)"),
    ("Chau Sóc Phia", "(chữ, 3 từ)"),
    ("Neáng Kim Sua", "(chữ, 3 từ)"),
    ("Mohamad Salim", "(chữ, 2 từ)"),
    ("0912 345 678", "(10 chữ số)"),
    ("0912.345.678", "(10 chữ số)"),
    ("089123456789", "(12 chữ số)"),
    ("351234567", "(9 chữ số)"),
    ("CCCD 089123456789", "(chữ in hoa và số, 2 từ)"),
    ("12/03/1985", "(8 chữ số)"),
    ("bimat@example.vn", "(chữ, 1 từ)"),
    ("Ấp Phú Hiệp, xã An Cư", "(chữ, 6 từ)"),
    ("Số nhà 12, khóm Xuân Bình", "(chữ và số, 6 từ)"),
    ("tổ 5 ấp Văn Trà", "(chữ và số, 5 từ)"),
    ("x" * 81, "(chữ, 1 từ)"),
]


@pytest.mark.parametrize(("written", "shape"), PEOPLE)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_persons_data_is_known_by_its_shape(written: str, shape: str, form: str) -> None:
    assert safe_heading(unicodedata.normalize(form, written)) == shape  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Mức độ",
            "MỨC ĐỘ",
            "Mức Độ",
            "Lý do từ chối",
            "LÝ DO TỪ CHỐI",
            "Hồ sơ liên quan",
            "Hồ Sơ Liên Quan",
        ),
        *("Mã định danh", "Từ ngày", "Thái độ phục vụ", "Danh sách", "Văn bản liên quan", "Phí thẩm định"),
        *(
            "KhoaMoi",
            "secret",
            "ho_ten",
            "Số CCCD",
            "Người Nộp",
            "Xã tiếp nhận",
            "Phường",
            "Lệ phí",
            "Đơn Vị Xử Lý",
        ),
        *("Quận huyện", "Địa Chỉ", "SỐ ĐIỆN THOẠI", "Tổ chức", "Kim ngạch", "Trạng thái 2", "Bước 1"),
    ],
)
def test_a_heading_keeps_its_words(heading: str) -> None:
    assert safe_heading(heading) == heading


def test_no_heading_that_is_known_looks_like_a_person() -> None:
    known = [
        *(name for listed in DOSSIER_LIST.headings.values() for name in listed),
        *DOSSIER_LIST.not_read,
        *dvcqg.SENDER_NAMES.values(),
        *igate.SENDER_NAMES.values(),
    ]
    assert [name for name in known if is_personal(name)] == []


@pytest.mark.parametrize(("written", "shape"), PEOPLE)
def test_a_person_in_the_row_of_headings_leaves_nothing_but_a_shape(written: str, shape: str) -> None:
    rows = f'"{written}";Mã hồ sơ;Trạng thái\nx;{CODE};Đang xử lý\n'
    page = json.dumps([{"code": CODE, written: "x"}]).encode()
    pack = json.dumps([{"MaHoSo": CODE, written: "x"}]).encode()
    for name, path, content in (
        ("angiang", "a.csv", rows.encode()),
        ("igate", "a.json", page),
        ("dvcqg", "a.json", pack),
    ):
        reading = read_export(content, SOURCES[name], path)
        (remark,) = [shown for shown in reading.remarks if "không đọc" in shown]
        assert shape in remark
        assert remark.name == shape  # type: ignore[attr-defined]
        assert written not in remark


@given(st.text(max_size=40))
def test_any_text_has_a_shape_without_its_words(text: str) -> None:
    shape = shape_of(text)
    assert shape.startswith("(") and shape.endswith(")")
    is_personal(text)
