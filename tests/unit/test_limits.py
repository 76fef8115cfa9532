"""Time limits as people write them in catalogues of procedures."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.dimensions.limits import Limit, limit_unit, parse_limit, written

_WORKING, _DAY, _HOUR = "working_day", "day", "hour"


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("07 Ngày làm việc", 7, _WORKING),
        ("30 Ngày", 30, _DAY),
        ("01 Giờ", 1, _HOUR),
        ("10 (mười) ngày làm việc", 10, _WORKING),
        ("10 (mười)ngày làm việc.", 10, _WORKING),
        ("15 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", 15, _WORKING),
        ("15 ngày, kể từ ngày nhận đủ hồ sơ hợp lệ", 15, _DAY),
        ("Không quá 05 ngày làm việc", 5, _WORKING),
        ("không quá 5 ngày", 5, _DAY),
        ("Tối đa 20 ngày làm việc", 20, _WORKING),
        ("Trong thời hạn 08 ngày làm việc", 8, _WORKING),
        ("Trong thời hạn không quá 08 ngày làm việc kể từ khi nhận hồ sơ", 8, _WORKING),
        ("Trong vòng 24 giờ", 24, _HOUR),
        ("Thời hạn giải quyết: 3 ngày làm việc", 3, _WORKING),
        ("Thời gian giải quyết : 12 ngày", 12, _DAY),
        ("- 05 ngày làm việc", 5, _WORKING),
        ("5 NGÀY LÀM VIỆC", 5, _WORKING),
        ("05ngày", 5, _DAY),
        ("5 ngày lv", 5, _WORKING),
        ("5 ngày (làm việc)", 5, _WORKING),
        ("5 ngày hành chính", 5, _WORKING),
        ("5\u00a0ngày\u00a0làm\u00a0việc", 5, _WORKING),
        ("5 ngay lam viec", 5, _WORKING),
        ("0,5 ngày làm việc", 0.5, _WORKING),
        ("0.5 ngày", 0.5, _DAY),
        ("1/2 ngày làm việc", 0.5, _WORKING),
        ("½ ngày làm việc", 0.5, _WORKING),
        ("Nửa ngày làm việc", 0.5, _WORKING),
        ("04 giờ làm việc", 4, _HOUR),
        ("30 phút", 0.5, _HOUR),
        ("02 tuần", 14, _DAY),
        ("5-7 ngày làm việc", 7, _WORKING),
        ("từ 05 đến 07 ngày", 7, _DAY),
        ("05 ngày đến 07 ngày làm việc", 7, _WORKING),
        ("Ba ngày làm việc", 3, _WORKING),
        ("mười lăm ngày", 15, _DAY),
        ("Hai mươi ngày làm việc", 20, _WORKING),
        ("ba mươi mốt ngày", 31, _DAY),
        ("Năm (05) ngày làm việc", 5, _WORKING),
        ("20 ngày (trong đó: Sở 15 ngày; UBND tỉnh 05 ngày)", 20, _DAY),
        ("03 ngày làm việc (không kể thời gian xác minh 02 ngày)", 3, _WORKING),
        ("Kể từ khi nhận đủ hồ sơ: 10 ngày làm việc", 10, _WORKING),
        ("8h", 8, _HOUR),
        ("60 ngày làm việc/hồ sơ", 60, _WORKING),
        ("Trong ngày", 0, _WORKING),
        ("Trong ngày làm việc", 0, _WORKING),
        ("Ngay trong ngày làm việc", 0, _WORKING),
        ("Ngay trong ngày tiếp nhận hồ sơ", 0, _WORKING),
        ("Giải quyết ngay", 0, _WORKING),
        ("Giải quyết ngay trong ngày", 0, _WORKING),
        ("Trả kết quả ngay", 0, _WORKING),
        ("Ngay sau khi nhận đủ hồ sơ hợp lệ", 0, _WORKING),
        ("Ngay khi tiếp nhận", 0, _WORKING),
        ("Trong buổi làm việc", 0, _WORKING),
        ("0 ngày làm việc", 0, _WORKING),
    ],
)
def test_a_limit_is_read(words: str, value: float, unit: str) -> None:
    assert parse_limit(words) == Limit(value, unit)
    assert parse_limit(unicodedata.normalize("NFD", words)) == Limit(value, unit)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("03 ngày; trường hợp cần xác minh 05 ngày", 3, _DAY),
        ("03 ngày làm việc; trường hợp phải xác minh thì không quá 05 ngày làm việc", 3, _WORKING),
        ("Trong ngày làm việc; nếu nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo", 0, _WORKING),
        ("Ngay trong ngày, trường hợp nhận sau 15 giờ thì 01 ngày làm việc", 0, _WORKING),
        ("10 ngày làm việc. Trường hợp phức tạp 15 ngày làm việc", 10, _WORKING),
    ],
)
def test_the_ordinary_case_counts_and_that_there_are_others_is_reported(
    words: str, value: float, unit: str
) -> None:
    assert parse_limit(words) == Limit(value, unit, has_other_cases=True)


@pytest.mark.parametrize(
    "words",
    ["Không quy định", "Không quy định thời hạn", "Chưa quy định", "Không", "Không có", "-", "", "  ", None,
     "Không xác định thời hạn", "Pháp luật không quy định"],
)  # fmt: skip
def test_that_there_is_no_limit_is_a_word_too(words: str | None) -> None:
    assert parse_limit(words) == Limit(None, None)


@pytest.mark.parametrize(
    "words",
    [
        *("15", "ngày làm việc", "Theo quy định", "5 lần", "01 tháng", "1 năm", "1 ngày 4 giờ"),
        *("Sở: 20 ngày; UBND: 10 ngày", "20 ngày + 10 ngày", "-5 ngày", "5 ngày/giờ", "7 ngày 2 lần"),
        *("Theo lịch hẹn ngày 15", "99999999999 ngày", "Từ 7 đến 5 ngày", "1.000.000 ngày", "1/0 ngày"),
        *("NaN ngày", "5,5,5 ngày", "Không quá", "Ngày 05/07/2023", "5½ ngày"),
    ],
)
def test_what_can_not_be_told_for_sure_is_not_guessed(words: str) -> None:
    assert parse_limit(words) is None


@pytest.mark.parametrize(
    ("words", "factor", "unit"),
    [
        ("Ngày làm việc", 1, _WORKING),
        ("ngày", 1, _DAY),
        ("NGÀY", 1, _DAY),
        ("Giờ", 1, _HOUR),
        ("giờ làm việc", 1, _HOUR),
        ("working_day", 1, _WORKING),
        ("day", 1, _DAY),
        ("hour", 1, _HOUR),
        ("tuần", 7, _DAY),
    ],
)
def test_a_unit_alone_is_read(words: str, factor: float, unit: str) -> None:
    assert limit_unit(words) == (factor, unit)
    assert limit_unit("quý trăng") is None


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("15", "Ngày làm việc", Limit(15, _WORKING)),
        ("1,5", "ngày", Limit(1.5, _DAY)),
        ("0", "Ngày làm việc", Limit(0, _WORKING)),
        ("15 ngày", "Ngày làm việc", Limit(15, _DAY)),
        ("15", "quý trăng", None),
    ],
)
def test_a_bare_number_takes_the_unit_of_its_row(number: str, unit: str, words: Limit | None) -> None:
    assert parse_limit(number, unit) == words


def test_a_limit_is_written_as_people_do() -> None:
    assert written(7, _WORKING) == "7 ngày làm việc"
    assert written(0.5, _DAY) == "0,5 ngày"
    assert written(1, _HOUR) == "1 giờ"
    assert written(0, _WORKING) == "trong ngày"
    assert written(None, None) == "–"


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.sampled_from(
            [*"0123456789/.,;()-+ ½²٣", "ngày", " làm việc", "giờ", "tuần", "mười", "nửa", "năm", "sau", "từ ", "đến",
             "không quá ", "trong ", "Ngay", "\u0301"]
        ),
        max_size=12,
    ),
    st.sampled_from([None, "ngày", "giờ làm việc", "lạ"]),
)  # fmt: skip
def test_no_text_breaks_it(parts: list[str], unit: str | None) -> None:
    limit = parse_limit("".join(parts), unit)
    assert limit is None or limit.value is None or 0 <= limit.value <= 3650
