"""Inputs made from the samples by seed: whole ones bent in ways that must be read, and broken ones.

Every input comes with what must be true of its reading (`Expected`), known from how it was made.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from dataclasses import dataclass
from typing import Any

from tests.fuzz.bases import BASES, Base, Grid, code_at, grid, json_text, packed, xlsx_parts

_TEXTS = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\x1b[31mđỏ\x1b[0m",
        "\ud800",
        "\udfff x",
        "\u202eabc",
        "\ufeff",
        "a\u0301\u0323" * 9,
    ),
    *(
        "9999-12-31",
        "0000-00-00",
        "99999-01-01",
        "-1",
        "-45000",
        "31/02/2023",
        "32/13/2023 25:61",
        "2958466",
        "60",
    ),
    *(
        "20231345",
        "20230717250000",
        "1e999",
        "9" * 400,
        "NaN",
        "Infinity",
        "-0",
        "1.5e300",
        "=cmd|' /C calc'!A0",
    ),
    *(
        "'; drop table landing.export_file; --",
        "%s %(x)s {0} {x}",
        "../../etc/passwd",
        "\\N",
        "\\.",
        "a\tb",
        "a\r\nb",
    ),
    *(
        "Tổng cộng",
        "(1)",
        "x" * 5000,
        "🏛️" * 50,
        "\uff11\uff17/\uff10\uff17/2023",
        "٢٠٢٣",
        "null",
        "true",
        "[]",
        "{}",
    ),
)
_NUMBERS = (
    0,
    -1,
    1,
    3,
    2**31,
    2**63,
    2**64,
    -(2**63) - 1,
    10**30,
    1e308,
    -1e308,
    0.1,
    1e17,
    1689552000000,
    9e18,
)
_RAW_JSON = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "-1e999",
    "1" * 400,
    "1e400000",
    '"\\ud800"',
    "tru",
    "01",
    "'a'",
)
_MARKS = (*tuple('{}[]",:\\'), "\x00", "\n", "\ufeff", "null", '""', "/*", "\\u", "\\ud83d")
_XML_MARKS = (
    *(
        "<",
        ">",
        "&",
        '"',
        "</row>",
        "<row>",
        '<row r="9">',
        '<row r="1048576">',
        '<c r="XFD1"/>',
        '<c r="A0"/>',
    ),
    *(
        "&lol;",
        "&#0;",
        "&#x1b;",
        "&amp;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a [<!ENTITY lol 'x'>]>",
    ),
    *(
        "<f>1+1</f>",
        "<v>-1</v>",
        "<v>99999999999</v>",
        "<v>1e999</v>",
        ' t="s"',
        ' t="d"',
        ' t="e"',
        ' t="zz"',
        ' s="999"',
    ),
    *(
        "<mergeCells><mergeCell ref='A1:Z99'/></mergeCells>",
        "<dimension ref='A1:XFD1048576'/>",
        "\x00",
        "\ufeff",
    ),
)
_MAX_DEPTH = 60_000


@dataclass(frozen=True)
class Expected:
    """`codes`: exactly the codes of the rows, in order; `among`: no other codes can be read. None: not known."""

    codes: list[str] | None = None
    must_be_read: bool = False


@dataclass(frozen=True)
class Input:
    """One input: its kind, its bytes, the ways it was bent, and what is to come of it."""

    base: Base
    content: bytes
    ways: tuple[str, ...]
    expected: Expected


def make(seed: int, number: int) -> Input:
    """The input of that number; the same for the same seed on every machine."""
    rng = random.Random(f"{seed}:{number}")
    base = BASES[number % len(BASES)]
    if base.source != "angiang":
        return _json_input(rng, base)
    return _xlsx_input(rng, base) if base.name.endswith("xlsx") else _csv_input(rng, base)


def _json_input(rng: random.Random, base: Base) -> Input:
    value = json.loads(json_text(base))
    ways, expected = [], Expected()
    if rng.random() < 0.6:
        codes = _bend_values(rng, value[base.list_field], base)
        ways.append("values")
        text = _written(rng, value)
        if rng.random() < 0.15:
            text, whole = _raw_number(rng, text)
            ways.append("raw number")
        else:
            whole = True
        expected = Expected(codes, must_be_read=True) if whole else Expected()
    else:
        way = rng.choice(("structure", "deep", "tokens", "keys", "duplicate keys"))
        ways.append(way)
        text = _broken_json(rng, value, base, way)
    content = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.1:
        content = rng.choice(
            (b"\xef\xbb\xbf" + content, text.encode("utf-16", "surrogatepass"), content + b"\x00")
        )
        ways, expected = [*ways, "encoding"], Expected(expected.codes)
    if rng.random() < 0.15:
        content, ways, expected = _bytes(rng, content), [*ways, "bytes"], Expected()
    if base.packed:
        content = gzip.compress(content, 1, mtime=0)
        if rng.random() < 0.15:
            content, ways, expected = _bytes(rng, content), [*ways, "packed bytes"], Expected()
        elif rng.random() < 0.05:
            content, ways = content + gzip.compress(b"", mtime=0), [*ways, "two members"]
    return Input(base, content, tuple(ways), expected)


def _bend_values(rng: random.Random, records: list[Any], base: Base) -> list[str]:
    """Puts other values into the records, never into the code of a dossier; the codes that must be read."""
    name = "code" if base.source == "igate" else "MaHoSo"
    for record in records:
        for _ in range(rng.choice((0, 1, 1, 2, 5))):
            holder, key = _place(rng, record, name)
            holder[key] = _value(rng)
    for _ in range(rng.choice((0, 0, 0, 1, 3))):
        records.insert(rng.randint(0, len(records)), _value(rng))
    if rng.random() < 0.2:
        records.extend(records[:1] * rng.randint(1, 5))
    return [_code(record, name) for record in records]


def _code(record: Any, name: str) -> str:
    return str(record.get(name) or "") if isinstance(record, dict) else ""


def _place(rng: random.Random, holder: Any, spared: str) -> tuple[Any, Any]:
    """Some key of the object, or of one inside it."""
    key = rng.choice([key for key in holder if key != spared] or ["x"])
    inner = holder.get(key)
    while isinstance(inner, (dict, list)) and inner and rng.random() < 0.7:
        holder, key = inner, rng.choice(list(inner)) if isinstance(inner, dict) else rng.randrange(len(inner))
        inner = holder[key]
    return holder, key


def _value(rng: random.Random) -> Any:
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(_TEXTS)
    if kind < 0.75:
        return rng.choice(_NUMBERS)
    if kind < 0.85:
        return rng.choice((None, True, False))
    if kind < 0.95:
        return rng.choice(([], {}, [[]], [None, 1, "x"], {"": ""}, {"id": {}}, [{"name": 5}], {"name": []}))
    nested: Any = "x"
    for _ in range(rng.randint(1, 200)):
        nested = [nested] if rng.random() < 0.5 else {"name": nested}
    return nested


def _written(rng: random.Random, value: Any) -> str:
    return json.dumps(value, ensure_ascii=rng.random() < 0.7, indent=rng.choice((None, None, 1)))


def _raw_number(rng: random.Random, text: str) -> tuple[str, bool]:
    """Something that Python's writer would never write, in the place of a value."""
    places = [place for place, mark in enumerate(text) if mark == ":" and text[place + 1 : place + 3] == ' "']
    if not places:
        return text, False
    start = rng.choice(places) + 2
    end = text.find('"', start + 1) + 1
    return text[:start] + rng.choice(_RAW_JSON) + text[end:], False


def _broken_json(rng: random.Random, value: Any, base: Base, way: str) -> str:
    text = _written(rng, value)
    if way == "structure":
        value[rng.choice([*value, base.list_field])] = _value(rng)
        return _written(rng, rng.choice((value, value.get(base.list_field), [value], _value(rng))))
    if way == "deep":
        depth = rng.choice((10, 500, 2000, _MAX_DEPTH))
        opening, closing = rng.choice((("[", "]"), ('{"a":', "}"), ('[{"data":', "}]")))
        deep = opening * depth + "1" + closing * rng.choice((depth, 0))
        return rng.choice((deep, text[:-1] + ', "x": ' + deep + "}"))
    if way == "keys":
        for record in value[base.list_field]:
            for key in rng.sample(list(record), min(len(record), rng.randint(1, 6))):
                record[rng.choice((key.upper(), key + " ", "\x1b" + key, key[::-1], ""))] = record.pop(key)
        return _written(rng, value)
    if way == "duplicate keys":
        return text.replace("{", '{"MaHoSo": "x", "code": [], ' * rng.randint(1, 3), rng.randint(1, 5))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice(_MARKS) + text[place + rng.randint(0, 2) :]
    return text


def _bytes(rng: random.Random, content: bytes) -> bytes:
    """Flips, cuts, doubles or fills in some bytes."""
    result = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        place = rng.randrange(len(result) + 1)
        way = rng.randrange(5)
        if way == 0 and place < len(result):
            result[place] ^= 1 << rng.randrange(8)
        elif way == 1:
            del result[place:]
        elif way == 2:
            del result[place : place + rng.randint(1, 40)]
        elif way == 3:
            result[place:place] = rng.randbytes(rng.randint(1, 20))
        else:
            result[place:place] = result[place : place + rng.randint(1, 60)]
    return bytes(result)


def _bend_cells(rng: random.Random, rows: Grid, first: int, texts: tuple[str, ...]) -> list[str]:
    """Other texts into cells of dossiers beside their codes, blank rows between them; the codes in order."""
    for row in list(rows):
        at = code_at(row)
        if at is None:
            continue
        for _ in range(rng.choice((0, 1, 1, 3))):
            place = rng.randrange(len(row))
            if place != at:
                row[place] = rng.choice(texts)
    for _ in range(rng.choice((0, 0, 1, 3))):
        rows.insert(rng.randint(first, first + 3), rng.choice(([], [""] * 5, [" ", "\u200b"])))
    return [row[at] for row in rows if (at := code_at(row)) is not None]


def _csv_input(rng: random.Random, base: Base) -> Input:
    rows, first = grid(base)
    ways: list[str] = ["cells"]
    texts = tuple(text for text in _TEXTS if not any("\ud800" <= mark <= "\udfff" for mark in text))
    codes = _bend_cells(rng, rows, first, texts)
    delimiter, end = rng.choice(";,\t"), rng.choice(("\r\n", "\n", "\r"))
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=rng.choice((0, 1))).writerows(rows)
    text, expected = stream.getvalue(), Expected(codes, must_be_read=True)
    if rng.random() < 0.4:
        ways.append("marks")
        expected = Expected()
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(text) + 1)
            mark = rng.choice(
                ('"', '""', delimiter, "\n", "\r", "\x00", ";", ",", "\t", '"\n', "'", "\ufeff", " ")
            )
            text = text[:place] + mark + text[place + rng.randint(0, 1) :]
    encoding = rng.choice(
        ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1258", "decoded twice")
    )
    if encoding in ("utf-16-be", "utf-16-le", "cp1258", "decoded twice"):
        ways, expected = [*ways, encoding], Expected()
    content = (
        text.encode().decode("latin-1").encode()
        if encoding == "decoded twice"
        else text.encode(encoding, "replace")
    )
    if rng.random() < 0.2:
        content, ways, expected = _bytes(rng, content), [*ways, "bytes"], Expected()
    return Input(base, content, tuple(ways), expected)


def _xlsx_input(rng: random.Random, base: Base) -> Input:
    rows, first = grid(base)
    texts = tuple(text for text in _TEXTS if all(" " <= mark <= "\ud7ff" or mark > "\uffff" for mark in text))
    codes = _bend_cells(rng, rows, first, texts)
    parts = xlsx_parts(rows, rng.choice(("Danh sách", "x\ty", "=1", "a'b")), shared=rng.random() < 0.5)
    ways, expected = ["cells"], Expected(codes, must_be_read=True)
    if rng.random() < 0.4:
        name = rng.choice(list(parts))
        parts[name] = _broken_xml(rng, parts[name].decode("utf-8", "replace")).encode()
        ways, expected = [*ways, name], Expected()
    if rng.random() < 0.05:
        name = rng.choice(list(parts))
        parts[rng.choice(("../x.xml", "/etc/x", name.upper(), "xl/" * 50))] = parts.pop(name)
        ways, expected = [*ways, "names"], Expected()
    content = packed(parts)
    if rng.random() < 0.25:
        content, ways, expected = _bytes(rng, content), [*ways, "bytes"], Expected()
    return Input(base, content, tuple(ways), expected)


def _broken_xml(rng: random.Random, text: str) -> str:
    for _ in range(rng.choice((1, 1, 2, 6))):
        place = rng.randrange(len(text) + 1)
        if rng.random() < 0.5:
            place = max(text.find(rng.choice(("<c ", "<row", "</c>", "<v>", 't="', "<si>")), place), 0)
        text = text[:place] + rng.choice(_XML_MARKS) + text[place + rng.choice((0, 0, 1, 30)) :]
    return text
