"""What a unit's report claims, as files say it: figures by any of their names, numbers as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from assets.reports.claims.claim_words import HEADINGS, MEASURES, OFFERED, SCOPES, meaning_of, within
from assets.reports.claims.claims_file import Claim, ClaimsError, read_claims
from assets.reports.claims.claims_template import write_claims_template
from assets.reports.words.texts import texts


def _yaml(text: str) -> tuple[Claim, ...]:
    result = read_claims(text.encode(), "số liệu.yaml")
    assert result.problems == ()
    return result.claims


@pytest.mark.parametrize(
    ("name", "measure", "channels", "basis"),
    [
        ("Tiếp nhận trực tiếp", "received", "direct", "received"),
        ("tiep nhan", "received", "direct", "received"),
        ("Số hồ sơ đã giải quyết", "resolved", "direct", "received"),
        ("TRƯỚC VÀ ĐÚNG HẠN", "early_or_on_time", "direct", "received"),
        ("trước + đúng hạn", "early_or_on_time", "direct", "received"),
        ("hồ sơ quá hạn", "late", "direct", "received"),
        ("overdue", "late", "direct", "received"),
        ("đang giải quyết quá hạn", "overdue_open", "direct", "received"),
        ("Tỷ lệ", "resolved_share", "direct", "received"),
        ("tỷ lệ trước và đúng hạn", "on_time_share", "direct", "received"),
        ("tiếp nhận trực tuyến", "received", "online", "form"),
        ("cột 8", "late", "all", "form"),
        ("Biểu II.06a, cột 3", "received", "direct_postal", "form"),
        ("column 11", "overdue_open", "all", "form"),
    ],
)
def test_figures_are_known_by_what_units_call_them(
    name: str, measure: str, channels: str, basis: str
) -> None:
    meaning = meaning_of(name)
    assert meaning is not None
    assert (meaning.measure.name, meaning.channels, meaning.basis) == (measure, channels, basis)


def test_what_is_offered_is_understood() -> None:
    for name in OFFERED:
        meaning = meaning_of(name)
        assert meaning is not None, name
        assert all(within(meaning, scope) for scope in SCOPES)
    assert meaning_of("cột 12") is None
    assert meaning_of("số lượt khen") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("70.426", 70426),
        ("70,426", 70426),
        ("70426", 70426),
        ("70 426", 70426),
        ("67.750", 67750),
        ("448.0", 448),
    ],
)
def test_counts_are_read_as_people_type_them(written: str, value: int) -> None:
    (claim,) = _yaml(f"- figure: tiếp nhận\n  value: {written}\n")
    assert claim.value == value


@pytest.mark.parametrize(
    ("written", "value", "decimals"),
    [
        ("96,2 %", "0.962", 1),
        ("96.2%", "0.962", 1),
        ("96", "0.96", 0),
        ("0.962", "0.962", 1),
        ("96,20 %", "0.962", 1),
    ],
)
def test_shares_keep_the_decimals_they_were_given_with(written: str, value: str, decimals: int) -> None:
    (claim,) = _yaml(f"- figure: tỷ lệ\n  value: '{written}'\n")
    assert (claim.value, claim.decimals) == (Decimal(value), decimals)


def test_unit_period_and_scope_are_optional() -> None:
    plain, full = _yaml(
        "claims:\n- {figure: quá hạn, value: 448}\n"
        "- {số liệu: quá hạn, đơn vị: '890', từ ngày: 15/12/2022, đến ngày: 2023-08-30, giá trị: 450, phạm vi: biểu}\n"
    )
    assert (plain.unit, plain.start, plain.end, plain.place) == (None, None, None, "mục 1")
    assert (full.unit, full.start, full.end) == ("890", date(2022, 12, 15), date(2023, 8, 30))
    assert (full.meaning.channels, full.meaning.basis) == ("all", "form")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{figure: quá hạn}", ("mục 1", "thiếu giá trị")),
        ("{value: 12}", ("mục 1", "thiếu số liệu")),
        ("{figure: số lượt khen, value: 12}", ("mục 1", "“số lượt khen”", "tiếp nhận trực tiếp")),
        ("{figure: quá hạn, value: mười hai}", ("“mười hai”", "70.426")),
        ("{figure: quá hạn, value: -3}", ("“-3”",)),
        ("{figure: quá hạn, value: 12.5}", ("“12.5”",)),
        ("{figure: tỷ lệ, value: 140 %}", ("“140 %”", "lớn hơn 100%")),
        ("{figure: quá hạn, value: 1, from: hôm qua}", ("“hôm qua”", "15/12/2022")),
        ("{figure: quá hạn, value: 1, from: 2023-02-01, to: 2023-01-01}", ("không hợp lệ",)),
        ("{figure: quá hạn, value: 1, scope: vũ trụ}", ("“vũ trụ”", "biểu")),
        ("chỉ một câu", ("mục 1", "thiếu giá trị")),
    ],
)  # fmt: skip
def test_a_wrong_row_is_reported_and_the_rest_goes_on(row: str, words: tuple[str, ...]) -> None:
    actual = read_claims(f"- {row}\n- {{figure: quá hạn, value: 448}}\n".encode(), "số liệu.yaml")
    assert [claim.value for claim in actual.claims] == [448]
    (problem,) = actual.problems
    assert problem.startswith("số liệu.yaml: ")
    assert all(word in problem for word in words), problem


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"- [", "YAML"),
        ("a.yaml", b"\xff\xfe\x00", "YAML"),
        ("a.yaml", b"figure: x", "danh sách"),
        ("a.yaml", b"[]", "không có số liệu nào"),
        ("a.yaml", b"- {figure: x, value: 1}\n" * 1001, "1001 dòng"),
        ("a.yaml", b"#" * (1 << 20) + b"\n[]", "1 MB"),
        ("a.xlsx", b"", "rỗng"),
        ("a.xlsx", b"PK\x03\x04 nothing", "a.xlsx"),
        ("a.csv", "Tên;Điểm\nA;1\n".encode(), "“Số liệu” và “Giá trị”"),
    ],
)
def test_a_file_without_claims_is_one_sentence(name: str, content: bytes, words: str) -> None:
    with pytest.raises(ClaimsError, match=words):
        read_claims(content, name)


def test_a_workbook_and_a_list_as_text_say_the_same(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Báo cáo của thị xã"])
    sheet.write_row(2, 0, ["STT", "Số liệu", "Đơn vị", "Giá trị"])
    sheet.write_row(3, 0, [1, "Tiếp nhận trực tiếp", "890", 70426])
    sheet.write_row(4, 0, [2, "Tỷ lệ", "890", 0.962])
    sheet.write_row(5, 0, [3, "Quá hạn", "890", "bốn trăm"])
    book.close()
    actual = read_claims((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    text = "Số liệu;Đơn vị;Giá trị\nTiếp nhận trực tiếp;890;70.426\nTỷ lệ;890;96,2 %\n"
    listed = read_claims(text.encode("utf-8-sig"), "b.csv")
    assert [(c.meaning, c.unit, c.value) for c in actual.claims] == [
        (c.meaning, c.unit, c.value) for c in listed.claims
    ]
    (problem,) = actual.problems
    assert problem.startswith("a.xlsx: hàng 6, giá trị “bốn trăm”")


def test_the_template_is_a_file_of_claims_once_it_is_filled(tmp_path: Path) -> None:
    write_claims_template(tmp_path / "mẫu.xlsx")
    with pytest.raises(ClaimsError, match="không có số liệu nào"):
        read_claims((tmp_path / "mẫu.xlsx").read_bytes(), "mẫu.xlsx")
    write_claims_template(tmp_path / "kỳ.xlsx", date(2022, 12, 15), date(2023, 8, 30))
    actual = read_claims((tmp_path / "kỳ.xlsx").read_bytes(), "kỳ.xlsx")
    assert actual.claims == () and "thiếu số liệu" in actual.problems[0]


def test_every_figure_has_a_title_in_both_languages() -> None:
    for lang in ("vi", "en"):
        titles = texts(lang)["sealed"]["claim_figures"]
        assert titles.keys() == MEASURES.keys()
        assert len(set(titles.values())) == len(titles)


def test_the_headings_of_the_words_are_the_columns_that_are_read() -> None:
    assert set(HEADINGS.values()) == {"figure", "unit", "from", "to", "value", "scope"}
