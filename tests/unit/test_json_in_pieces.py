"""A JSON export is read in pieces with the result of reading it whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assets.given import json_pieces
from assets.given.unreadable import InDoubtError
from assets.sources.readers import dvcqg, igate
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from tests.both_ways import outcome
from tests.fuzz.bases import BASES
from tests.fuzz.mutate import make

_SOURCES = load_sources()
_PATH = {"dvcqg": "2023/07/DongBoHoSoMC_20230717T183000.json", "igate": "igate/2023-07-17/dossiers.json"}
_CODE = "000.26.33.H01-230717-{:04}"


@contextmanager
def _small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "_CHUNK", 200)
        patch.setattr(json_pieces, "_RECORDS", 2)
        patch.setattr(json_pieces, "_LONGEST_RECORD", 5_000)
        yield


@contextmanager
def _without(name: str) -> Iterator[None]:
    def in_doubt(*_: Any) -> Any:
        raise InDoubtError

    with pytest.MonkeyPatch.context() as patch:
        for module in (dvcqg, igate):
            patch.setattr(module, name, in_doubt)
        yield


def _both(content: bytes, source: str) -> dict[str, Any] | str:
    """Returns what comes of the file, after seeing that both ways agree."""
    with _without("listed_in_pieces"):
        whole = outcome(content, _SOURCES[source], _PATH[source])
    with _small_pieces():
        assert outcome(content, _SOURCES[source], _PATH[source]) == whole
    return whole


def _national(count: int) -> dict[str, Any]:
    listed = [
        {
            "MaHoSo": _CODE.format(number),
            "TrangThaiHoSo": "4",
            "NgayTiepNhan": "20230717080000",
            "NgayHenTra": "20230720" if number % 3 else "20231345",
            "KenhThucHien": "7",
            "DanhSachLePhi": [{"Gia": "tám"}, {"Gia": "8.000"}],
            "Lạ": "x",
        }
        for number in range(1, count + 1)
    ]
    return {"service": "DongBoHoSoMC", "isUpdating": "False", "data": listed}


def test_a_large_file_is_read_in_pieces_and_counts_over_all_of_them() -> None:
    content = json.dumps(_national(25), ensure_ascii=False).encode()
    result = _both(content, "dvcqg")
    assert not isinstance(result, str) and result["count"] == 25
    assert any("(25 dòng)" in text for text, _ in result["remarks"])
    assert any("25 giá trị không phải số tiền" in text for text, _ in result["remarks"])
    with _small_pieces(), _without("listed_whole"):
        for packed in (content, gzip.compress(content)):
            reading = read_export(packed, _SOURCES["dvcqg"], _PATH["dvcqg"])
            assert len(list(reading.rows.pieces())) > 10 and reading.row_count == 25


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"service": "DongBoHoSoMC", ', ""),
        lambda text: text.replace('"data"', '"d\\u0061ta"'),
        lambda text: text[:-1] + ', "data": []}',
        lambda text: text[:-1] + ', "service": "CapNhatTienDoHoSoMC"}',
        lambda text: text[:-1] + ', "exportedAt": "20230717190000"}  \n',
        lambda text: text + "x",
        lambda text: text[:-1],
        lambda text: text[: len(text) // 2],
        lambda text: text[text.index("[") : -1],
        lambda text: text.replace("{", "{\n \t"),
        lambda text: text.replace('"4"', "4"),
        lambda text: text.replace('"4"', "NaN", 1),
        lambda text: text.replace('"4"', "1" * 5_000, 1),
        lambda text: text.replace('"4"', "[" * 3_000, 1),
        lambda text: text.replace('"x"', '"áº"', 1),
        lambda text: text.replace('"x"', '"\\u00e1\\u00ba\\u00ad"', 1),
        lambda text: text.replace('"x"', '"\x00"', 1),
        lambda text: text.replace('"x"', '"' + "y" * 6_000 + '"', 1),
        lambda text: text.replace("MaHoSo", "Ma"),
        lambda text: text.replace('"data": [', '"data": [5, null, "x", [], '),
        lambda text: "\ufeff" + text,
    ],
)
def test_a_file_that_is_not_clean_is_read_as_whole(change: Any) -> None:
    text = change(json.dumps(_national(25), ensure_ascii=False))
    for content in (
        text.encode(),
        gzip.compress(text.encode()),
        text.encode("utf-16"),
        text.encode()[:-30] + b"\xff",
    ):
        _both(content, "dvcqg")


def test_a_packed_file_that_is_cut_is_refused_as_whole() -> None:
    _both(gzip.compress(json.dumps(_national(200)).encode())[:-20], "dvcqg")


def test_pages_are_read_in_pieces_as_whole() -> None:
    listed = [
        {"code": _CODE.format(number), "acceptedDate": "2023-07-17T05:00:00Z"} for number in range(1, 30)
    ]
    for envelope in ({"totalElements": 29}, {"totalElements": 90, "last": False}):
        for page in ({"content": listed} | envelope, envelope | {"content": listed}):
            assert not isinstance(_both(json.dumps(page).encode(), "igate"), str)


@pytest.mark.long
def test_what_the_fuzzer_makes_is_read_in_pieces_as_whole() -> None:
    for number in range(700):
        if BASES[number % len(BASES)].source != "angiang":
            given_input = make(20230718, number)
            _both(given_input.content, given_input.base.source)
