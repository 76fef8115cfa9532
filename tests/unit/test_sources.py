"""The list of sources: what is built in, and what is said when an office's own list is wrong."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from assets.given.texts import key, normalise, plain, safe_to_show
from assets.sources.sources import SourceConfigError, load_sources

ENTRY = """
sonoivu:
  title: Sở Nội vụ
  portal: provincial
  province: [{code: "91"}]
  shape: igate
  priority: 5
  status_map: {"2": 4, "9": ignore}
  channel_map: {"1": 1}
  export_time: [{field: exportedAt}]
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "portal", "shape"),
    [
        ("dvcqg", "national", "dvcqg"),
        ("igate", "provincial", "igate"),
        ("angiang", "provincial", "angiang"),
    ],
)
def test_three_sources_are_built_in(name: str, portal: str, shape: str) -> None:
    source = load_sources()[name]
    assert (source.portal, source.shape, source.name) == (portal, shape, name)


@pytest.mark.parametrize("name", ["dvcqg", "igate", "angiang"])
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2023, 8, 30), "89"),
        (date(2025, 6, 30), "89"),
        (date(2025, 7, 1), "91"),
        (date(2030, 1, 1), "91"),
    ],
)
def test_an_giang_is_89_before_the_first_of_july_2025_and_91_from_then(
    name: str, day: date, code: str
) -> None:
    assert load_sources()[name].province_on(day) == code


@pytest.mark.parametrize(
    ("source", "raw", "accepted", "status"),
    [
        ("dvcqg", "4", True, 4),
        ("dvcqg", "4.0", True, 4),
        ("dvcqg", "04", True, 4),
        ("dvcqg", "77", True, None),
        ("igate", "0", False, 1),
        ("igate", "1", True, 5),
        ("igate", "3", True, 8),
        ("igate", "5", True, 10),
        ("igate", "6", True, 7),
        ("igate", "6", False, 3),
        ("igate", "7", True, None),
        ("angiang", "Đang xử lý", True, 4),
        ("angiang", "  ĐANG   XỬ LÝ ", True, 4),
        ("angiang", unicodedata.normalize("NFD", "Yêu cầu bổ sung giấy tờ"), True, 5),
        ("angiang", "Đang giải quyết", True, 4),
        ("angiang", "Chờ bổ sung", True, 5),
        ("angiang", "Đã có kết quả", True, 9),
        ("angiang", "Rút hồ sơ", True, 7),
        ("angiang", "Tạm dừng", True, 8),
        ("angiang", "Từ chối tiếp nhận", True, 3),
        ("angiang", "10", True, 10),
        ("angiang", "Đang bay", True, None),
    ],
)
def test_a_raw_status_means(source: str, raw: str, accepted: bool, status: int | None) -> None:
    assert load_sources()[source].status(raw, accepted) == status


@pytest.mark.parametrize(
    ("source", "raw", "channel"),
    [
        ("dvcqg", "2", 2),
        ("igate", "0", 2),
        ("igate", "1", 1),
        ("igate", "2", 3),
        ("igate", "Qua dịch vụ bưu chính công ích", 3),
        ("angiang", "Trực tuyến", 2),
        ("angiang", "trực tiếp", 1),
        ("angiang", "Bưu chính công ích", 3),
        ("angiang", "Bồ câu", None),
    ],
)
def test_a_raw_channel_means(source: str, raw: str, channel: int | None) -> None:
    assert load_sources()[source].channel(raw) == channel


def test_an_offices_list_stands_in_place_of_the_built_in_one(tmp_path: Path) -> None:
    sources = load_sources(written(tmp_path, ENTRY))
    assert list(sources) == ["sonoivu"]
    assert sources["sonoivu"].province_on(date(2000, 1, 1)) == "91"


def test_a_status_to_be_ignored_is_distinguished_from_an_unknown_one(tmp_path: Path) -> None:
    source = load_sources(written(tmp_path, ENTRY))["sonoivu"]
    assert source.status("9", True) is None
    assert source.ignores("9")
    assert not source.ignores("8")


def test_a_source_may_have_a_name_in_english(tmp_path: Path) -> None:
    named = ENTRY.replace("  portal:", "  title_en: Department of Home Affairs\n  portal:")
    assert load_sources(written(tmp_path, named))["sonoivu"].title_en == "Department of Home Affairs"
    assert load_sources(written(tmp_path, ENTRY))["sonoivu"].title_en == "Sở Nội vụ"
    assert load_sources()["dvcqg"].title_en == "National Public Service Portal"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("portal: provincial", "portal: district", "portal"),
        ("shape: igate", "shape: xml", "shape"),
        ("priority: 5", "priority: high", "priority"),
        ("priority: 5", "", "priority"),
        ("title: Sở Nội vụ", "title: 5", "title"),
        ("title: Sở Nội vụ", "title: Sở Nội vụ\n  title_en: ''", "title_en"),
        ('[{code: "91"}]', "[]", "province"),
        ('[{code: "91"}]', '[{code: "9"}]', "province"),
        ('[{code: "91"}]', '[{code: "91", from: 2025-07-01}]', "province"),
        ('[{code: "91"}]', '[{code: "89", until: 2025-07-01}, {code: "91", from: 2025-07-02}]', "province"),
        ('[{code: "91"}]', '[{code: "91", until: soon}]', "province"),
        ('"2": 4', '"2": 11', "status_map"),
        ('"2": 4', '"2": {accepted: 7}', "status_map"),
        ('"2": 4', '"2": 4, "2.0": 5', "status_map"),
        ('{"1": 1}', '{"1": 4}', "channel_map"),
        ('{"1": 1}', "[]", "channel_map"),
        ("field: exportedAt", "guess: yes", "export_time"),
        ("field: exportedAt", "file_name: '(?P<y>'", "export_time"),
        ("field: exportedAt", "file_name: 'x'", "export_time"),
        ("title: Sở", "titel: Sở", "titel"),
    ],
)
def test_an_error_names_file_source_and_key_in_one_sentence(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    file = written(tmp_path, ENTRY.replace(old, new))
    with pytest.raises(SourceConfigError) as caught:
        load_sources(file)
    message = str(caught.value)
    assert str(file) in message
    assert "“sonoivu”" in message
    assert f"“{named}”" in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", "- a", "a: [", "a: 5", "../x: {}"])
def test_a_file_that_is_no_list_of_sources_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceConfigError, match=r"own\.yaml"):
        load_sources(written(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceConfigError, match=r"none\.yaml"):
        load_sources(tmp_path / "none.yaml")


def test_texts_are_compared_after_nfc_trimming_squeezing_and_case_folding() -> None:
    assert key(unicodedata.normalize("NFD", "  Mã \n hồ\u00a0sơ\ufeff ")) == "mã hồ sơ"
    assert normalise(" Đã   xử lý ") == "Đã xử lý"
    assert plain("Sổ_Hộ-Khẩu.PDF") == "so ho khau pdf"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2023-13-45", "2023-13-45"),
        ("31/02/2023 08:00:00", "31/02/2023 08:00:00"),
        ("20231345000000", "20231345000000"),
        ("0001-01-01T00:00:00.000+0000", "0001-01-01T00:00:00.000+0000"),
        ("abc", "abc"),
        ("0912345678", "(dãy 10 chữ số)"),
        ("0912.345.678", "(dãy 10 chữ số)"),
        ("089123456789", "(dãy 12 chữ số)"),
        ("Nguyễn Văn An", "(chữ: 3 từ, 13 ký tự)"),
        ("a.b@c.vn", "(chữ: 1 từ, 8 ký tự)"),
    ],
)
def test_a_misplaced_value_is_shown_only_when_it_is_about_nobody(value: str, shown: str) -> None:
    assert safe_to_show(value) == shown
