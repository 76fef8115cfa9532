"""Shapes: each is one object in one registry, and the headings of lists are data that an office adds to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from assets.sources.canonical import (
    CLOCKS,
    DATE_COLUMNS,
    DOSSIER_ATTRIBUTES,
    DOSSIER_SCHEMA,
    LISTED_SHAPES,
    STEP_ATTRIBUTES,
    stated_by,
)
from assets.sources.readers import angiang
from assets.sources.shapes import SHAPES, UnknownShapeError, canonical_name, parse_dates, places, read_export
from assets.sources.source import Source
from assets.sources.sources import BUILT_IN, SourceConfigError, load_sources

_SOURCES = load_sources()
_PATH = "angiang/2023/Danh sách hồ sơ_2023_07_17_18_30.csv"
_CODE = "000.26.33.H01-230717-0001"


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_whole(name: str) -> None:
    shape = SHAPES[name]
    source = next(source for source in _SOURCES.values() if source.shape == name)
    assert shape.name == name and shape.kinds and all(suffix.startswith(".") for suffix in shape.suffixes)
    columns = shape.columns(source)
    assert {"dossier_code", "received_at", "due_at"} <= set(columns.values()) <= set(DOSSIER_SCHEMA)
    assert places(None, source, "dossiers")(None, 7, "received_at").cell


@pytest.mark.parametrize("name", LISTED_SHAPES)
def test_a_shape_says_what_the_list_of_attributes_says_of_it(name: str) -> None:
    source = next(source for source in _SOURCES.values() if source.shape == name)
    named = set(SHAPES[name].columns(source).values()) - {"dossier_code"}
    of_steps = stated_by(name, STEP_ATTRIBUTES)
    assert named <= stated_by(name) | of_steps
    if SHAPES[name].vocabulary is not None:
        # every column of a list has a heading; the status is read from the raw one, clocks with their dates
        assert named | {"status", *CLOCKS.values()} == stated_by(name)


def test_every_attribute_can_be_said_by_a_shape_that_there_is() -> None:
    for each in (*DOSSIER_ATTRIBUTES, *STEP_ATTRIBUTES):
        assert each.shapes and each.shapes <= set(SHAPES), each.name
    # A further shape may be left out of the list: its reader says of each file what that can say.
    assert {"dvcqg", "igate", "angiang"} <= set(LISTED_SHAPES)


@pytest.mark.parametrize(
    ("call"),
    [
        lambda source: read_export(b"[]", source, "x.json"),
        lambda source: canonical_name(source, "NgayTra"),
        lambda source: parse_dates(source, "20230717080000"),
        lambda source: places(b"[]", source, "dossiers"),
    ],
)
def test_an_unknown_shape_is_an_error_that_names_the_known_ones(call: object) -> None:
    source = replace(_SOURCES["dvcqg"], shape="vnpt")
    with pytest.raises(UnknownShapeError, match="“vnpt” không có bộ đọc; hiện có: dvcqg, igate, angiang"):
        call(source)  # type: ignore[operator]


def test_every_heading_of_a_list_names_one_column() -> None:
    words = angiang.DOSSIER_LIST
    listed = [word for named in (*words.headings.values(), words.not_read) for word in named]
    assert len({word.casefold() for word in listed}) == len(listed)
    assert set(words.headings) <= set(DOSSIER_SCHEMA) and set(DATE_COLUMNS) <= set(words.headings)


def _office(tmp_path: Path, headings: object, name: str = "angiang") -> Source:
    entries = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    entries[name]["headings"] = headings
    file = tmp_path / "sources.yaml"
    file.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_sources(file)[name]


def _list(*headings: str) -> bytes:
    cells = [_CODE, "Đang xử lý", "17/07/2023 08:00", "31/07/2023"]
    return "\n".join((";".join(headings), ";".join(cells), "")).encode()


def test_an_office_adds_headings_of_its_own(tmp_path: Path) -> None:
    content = _list("Mã hồ sơ", "Trạng thái", "Ngày vào sổ", "Ô vàng")
    plain = read_export(content, _SOURCES["angiang"], _PATH)
    assert plain.dossiers is not None and plain.dossiers["received_at"].to_list() == [None]
    assert {"Ngày vào sổ", "Ô vàng"} <= {getattr(remark, "name", "") for remark in plain.remarks}
    source = _office(tmp_path, {"received_at": ["ngày  VÀO sổ"], "not_read": ["Ô vàng"]})
    reading = read_export(content, source, _PATH)
    assert reading.dossiers is not None
    assert reading.dossiers["received_at"].to_list() == [datetime(2023, 7, 17, 8)]
    assert not [remark for remark in reading.remarks if "không có trong mô tả" in remark]
    assert canonical_name(source, "Ngày vào sổ") == "received_at"
    assert places(content, source, "dossiers")(None, 2, "received_at").name == "Ngày vào sổ"


def test_an_office_says_what_a_built_in_heading_means_there(tmp_path: Path) -> None:
    source = _office(tmp_path, {"due_at": ["Ngày trả"]})
    reading = read_export(_list("Mã hồ sơ", "Trạng thái", "Ngày nhận", "Ngày trả"), source, _PATH)
    assert reading.dossiers is not None
    assert reading.dossiers["due_at"].to_list() == [datetime(2023, 7, 31)]
    assert "returned_at" not in reading.columns


@pytest.mark.parametrize(
    ("name", "headings", "words"),
    [
        ("angiang", {"receivedat": ["Ngày vào sổ"]}, "đang là “receivedat”"),
        ("angiang", {"received_at": "Ngày vào sổ"}, "received_at cần danh sách tiêu đề"),
        ("angiang", {"received_at": [7]}, "received_at cần danh sách tiêu đề"),
        ("angiang", ["Ngày vào sổ"], "cần các cặp “cột: "),
        ("angiang", {"received_at": ["Ngày A"], "due_at": ["ngày a"]}, "cả received_at và due_at"),
        ("dvcqg", {"received_at": ["Ngày vào sổ"]}, "chỉ dùng cho danh sách (shape angiang)"),
    ],
)
def test_headings_that_can_not_be_used_are_refused(
    tmp_path: Path, name: str, headings: object, words: str
) -> None:
    with pytest.raises(SourceConfigError) as refused:
        _office(tmp_path, headings, name)
    assert f"nguồn “{name}”, khóa “headings”" in str(refused.value) and words in str(refused.value)
