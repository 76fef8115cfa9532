"""A status with an addition in brackets is read by what stands before it, unless the addition contradicts it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.exports.misplaced import safe_status
from assets.sources.additions import is_timeliness, parted, without_names
from assets.sources.sources import load_sources

LIST, PAGES = (load_sources()[name] for name in ("angiang", "igate"))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Đã xử lý xong (đúng hạn)", 9),
        ("Đã xử lý xong(đúng hạn)", 9),
        ("ĐÃ XỬ LÝ XONG ( ĐÚNG HẠN )", 9),
        (unicodedata.normalize("NFD", "Đã xử lý xong (đúng hạn)"), 9),
        ("Đã xử lý xong [trước hạn]", 9),
        ("Đã xử lý xong （sớm hạn 2 ngày）", 9),
        ("Đã xử lý xong (đúng hạn", 9),
        ("Đã xử lý xong ((đúng hạn))", 9),
        ("(Quá hạn) Đang xử lý", 4),
        ("Đang xử lý (quá hạn)", 4),
        ("Đang xử lý (Quá hạn 3 ngày 4 giờ)", 4),
        ("Đang xử lý (còn 2 ngày làm việc)", 4),
        ("Đang xử lý (chưa đến hạn)", 4),
        ("Đang xử lý (đã quá hạn trả kết quả)", 4),
        ("Đang xử lý (qua han)", 4),
        ("Đang xử lý (quá hạn) (khẩn)", 4),
        ("Đang xử lý ()", 4),
        ("Đang xử lý (phòng Tư pháp)", 4),
        ("4 (Đang xử lý)", 4),
        ("Đã trả kết quả (10)", 10),
        # the addition is a status of another meaning, or may be one
        ("Đang xử lý (Đã trả kết quả)", None),
        ("Đã tiếp nhận (từ chối)", None),
        ("Đang xử lý (đã hủy)", None),
        ("Đang xử lý (công dân xin rút)", None),
        ("Đã xử lý xong (chưa trả)", None),
        ("Đã xử lý xong (chua tra)", None),
        ("Đang xử lý (10)", None),
        ("(đúng hạn)", None),
        ("Không rõ (đúng hạn)", None),
        ("()", None),
    ],
)
def test_a_status_in_a_list(written: str, status: int | None) -> None:
    assert LIST.status(written, accepted=True) == status


def test_what_the_office_lists_with_its_brackets_comes_first() -> None:
    from dataclasses import replace

    from assets.sources.sources import StatusMeaning

    own = replace(LIST, status_map={**LIST.status_map, "đã xử lý xong (chưa trả)": StatusMeaning(9, 9)})
    assert own.status("Đã xử lý xong (chưa trả)", accepted=True) == 9


def test_an_addition_does_not_change_what_an_ignored_or_a_twofold_status_is() -> None:
    assert PAGES.status("Hủy (quá hạn)", accepted=True) == 7
    assert PAGES.status("Hủy (quá hạn)", accepted=False) == 3


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Đang xử lý", "Đang xử lý"),
        ("Đang xử lý (quá hạn 3 ngày)", "Đang xử lý (quá hạn 3 ngày)"),
        ("Đang xử lý (đã hủy)", "Đang xử lý (đã hủy)"),
        ("Đang xử lý (Nguyễn Văn Bí)", "Đang xử lý (…)"),
        ("Đang xử lý (trả cho Nguyễn Văn Bí)", "Đang xử lý (…)"),
        ("Đang xử lý (0912345678)", "Đang xử lý (…)"),
        ("Đang xử lý (phòng Tư pháp)", "Đang xử lý (…)"),
    ],
)
def test_an_addition_that_may_name_a_person_is_never_shown(written: str, shown: str) -> None:
    assert without_names(written) == shown
    assert safe_status(written) == shown


@given(st.text(alphabet="()[]{}（） abĐáử1", max_size=30))
def test_any_brackets_can_be_taken_apart(text: str) -> None:
    base, additions = parted(text)
    assert not set(base) & set("([{（") and all(additions)
    assert not any(is_timeliness(addition) and addition.isdigit() for addition in additions)
    LIST.status(text, accepted=True)
