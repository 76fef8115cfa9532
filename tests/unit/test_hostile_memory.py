"""A bomb of each kind is refused, and takes no more memory than a few hundred MB above what reading takes at all."""

from __future__ import annotations

import subprocess
import sys

import pytest

_MOST_MEGABYTES = 400
_CODE = """
import resource, sys, threading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from assets.given.unreadable import UnreadableExportError
from tests.unit import hostile
GIB = 1024**3
resource.setrlimit(resource.RLIMIT_AS, (8 * GIB, 8 * GIB))
source, name, make = sys.argv[1:]
source = load_sources()[source]
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
good = hostile.zip_of(hostile.parts()) if name.endswith(".xlsx") else hostile.csv_of(hostile.rows())
try:
    read_export(good, source, name)
except UnreadableExportError:
    pass
content = eval(make)
before = peak()
try:
    read_export(content, source, name)
    print(peak() - before, "read")
except UnreadableExportError as error:
    print(peak() - before, error)
"""
_SHARED = (
    "hostile.zip_of(hostile.parts(strings=b'<sst><si><t>' + b'x' * 10_000_000 + b'</t></si></sst>',"
    " sheet=b'<worksheet><sheetData><row>' + b'<c t=\"s\"><v>0</v></c>' * 110 + b'</row></sheetData></worksheet>'))"
)
_FAR = "b'<worksheet><sheetData><row r=\"{row}\">{cells}</row></sheetData></worksheet>'"
_LOL = (
    "hostile.zip_of(hostile.parts(sheet=b'<!DOCTYPE w [<!ENTITY a \"' + b'x' * 1000 + b'\">' + b''.join("
    "b'<!ENTITY %c \"%s\">' % (98 + i, b'&%c;' % (97 + i) * 10) for i in range(7)) + b']><worksheet><sheetData>"
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&h;</t></is></c></row></sheetData></worksheet>\'))'
)


@pytest.mark.parametrize(
    ("source", "name", "make", "words"),
    [
        pytest.param(
            "dvcqg", "a.json.gz", "hostile.gzip_bomb_once(GIB)", "nén bất thường", marks=pytest.mark.long
        ),
        pytest.param(
            "igate", "a.json.gz", "hostile.gzip_bomb(GIB)", "nén bất thường", marks=pytest.mark.long
        ),
        pytest.param("dvcqg", "a.json", "b'[' * 60_000_000", "giá trị", marks=pytest.mark.long),
        ("dvcqg", "a.json", "b'[' * 3_000_000", "lồng nhau quá sâu"),
        pytest.param(
            "angiang",
            "a.xlsx",
            "hostile.bomb_workbook(GIB - GIB // 64)",
            "nén bất thường",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "angiang",
            "a.xlsx",
            "hostile.bomb_workbook(GIB, stated=1000)",
            "sai kích thước",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "angiang",
            "a.xlsx",
            "hostile.bomb_workbook(1000 * 1024**2 + GIB // 8)",
            "giới hạn",
            marks=pytest.mark.long,
        ),
        ("angiang", "a.xlsx", _SHARED, "dài hơn"),
        ("angiang", "a.xlsx", _LOL, "DTD"),
        (
            "angiang",
            "a.xlsx",
            "hostile.zip_of(hostile.parts(sheet=b'<worksheet><sheetData><row r=\"1048576\">' + b'<c><v>1</v></c>' * 16384"
            " + b'</row></sheetData></worksheet>'))",
            "trải rộng",
        ),
        pytest.param(
            "angiang",
            "a.xlsx",
            'hostile.zip_of(hostile.parts(sheet=b\'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="99999999"><c r="ZZZ99999999"><v>1</v></c></row></sheetData></worksheet>\'))',
            "trải rộng",
            marks=pytest.mark.long,
        ),
        (
            "angiang",
            "a.csv",
            "hostile.csv_of(hostile.rows()) + b'\\n' + b';' * 10_000 + b'\\n1' * 20_000",
            "trải rộng",
        ),
        pytest.param(
            "angiang",
            "a.csv",
            "hostile.csv_of(hostile.rows()) + b'x' * (257 * 1024**2)",
            "lớn hơn",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_bomb_is_refused_within_the_bound(source: str, name: str, make: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE, source, name, make],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-800:]
    taken, message = done.stdout.strip().split(" ", 1)
    assert words in message and "hãy" in message
    assert int(taken) < _MOST_MEGABYTES
