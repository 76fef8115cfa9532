"""Titles of attached papers: which name a household book or a copy of an identity card, and which only speak of one."""

from __future__ import annotations

import unicodedata

import pytest

from assets.sources.readers.paper_titles import PaperTitle

_BOOKS = [
    *(
        "Sổ hộ khẩu",
        "So ho khau",
        "SỔ HỘ KHẨU.pdf",
        "so_ho_khau (1).jpg",
        "SoHoKhau.png",
        "sohokhau_trang1",
        "SHK",
    ),
    *(
        "Sổ HK",
        "so hk gia đình",
        "Bản sao sổ hộ khẩu có chứng thực",
        "Hộ khẩu",
        "ho-khau-2.jpeg",
        "Photo hộ khẩu",
    ),
    *("Sổ hộ khẩu của cha, mẹ", "Sổ đăng ký hộ khẩu thường trú", "Giấy khai sinh, sổ hộ khẩu"),
    *("Tờ khai và sổ hộ khẩu", "Đơn kèm theo bản sao sổ hộ khẩu", "Tờ khai + photo SHK"),
]
_COPIES = [
    *(
        "Bản sao CCCD.pdf",
        "CCCD (bản sao)",
        "photo CMND",
        "Bản sao căn cước công dân",
        "ban sao can cuoc cong dan",
    ),
    *(
        "cmnd-mat-truoc.jpg",
        "CMT",
        "CMTND mặt sau",
        "Thẻ căn cước",
        "CanCuocCongDan.pdf",
        "Chứng minh nhân dân",
    ),
    *(
        "Chứng minh thư",
        "chungminhthu",
        "CCCD2.jpg",
        "Giấy khai sinh và CCCD của cha mẹ",
        "Tờ khai kèm bản sao CCCD",
    ),
    *("Ảnh 2 mặt CCCD", "Huy CCCD.jpg", "CCCD bố mẹ"),
    *("Đơn đề nghị và căn cước công dân",),
]
_NEITHER = [
    *("Tờ khai thay đổi thông tin hộ khẩu", "Tờ khai sổ hộ khẩu không còn", "Tờ khai (không nộp sổ hộ khẩu)"),
    *(
        "Không còn sổ hộ khẩu",
        "Không yêu cầu nộp sổ hộ khẩu",
        "Giấy xác nhận thông tin về cư trú thay sổ hộ khẩu",
    ),
    *(
        "Giấy cam đoan mất sổ hộ khẩu",
        "Đã mất CCCD",
        "Thông báo thu hồi sổ hộ khẩu",
        "Quyết định xóa đăng ký hộ khẩu",
    ),
    *("Tờ khai căn cước công dân", "Tờ khai cấp CCCD", "Đơn xin xác nhận số CMND và CCCD là một người"),
    *("Giấy xác nhận số chứng minh nhân dân", "Phiếu thu nhận thông tin căn cước", "Căn cước điện tử"),
    *(
        "CT01",
        "To khai.pdf",
        "Giấy xác nhận cho khẩu phần ăn",
        "Sổ đỏ",
        "Khẩu hiệu",
        "Đơn",
        "",
        "Sổ khám bệnh",
    ),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("title", _BOOKS)
def test_a_household_book(title: str, form: str) -> None:
    assert PaperTitle(unicodedata.normalize(form, title)).is_household_book()  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("title", _COPIES)
def test_a_copy_of_an_identity_card(title: str, form: str) -> None:
    assert PaperTitle(unicodedata.normalize(form, title)).is_identity_copy()  # type: ignore[arg-type]


@pytest.mark.parametrize("title", _NEITHER)
def test_a_paper_that_only_speaks_of_one(title: str) -> None:
    paper_title = PaperTitle(title)
    assert (paper_title.is_household_book(), paper_title.is_identity_copy()) == (False, False)


@pytest.mark.parametrize("title", ["Sổ hộ khẩu và CCCD", "CCCD, SHK", "Tờ khai kèm CCCD và sổ hộ khẩu"])
def test_both_in_one_file(title: str) -> None:
    paper_title = PaperTitle(title)
    assert (paper_title.is_household_book(), paper_title.is_identity_copy()) == (True, True)


@pytest.mark.parametrize("title", [name for name in _BOOKS if "CCCD" not in name])
def test_a_household_book_is_no_identity_card(title: str) -> None:
    assert not PaperTitle(title).is_identity_copy()
