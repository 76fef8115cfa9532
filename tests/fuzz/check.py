"""What must be true of every input: refused in a sentence, or read whole into the declared shape."""

from __future__ import annotations

import json
import zlib
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from assets.given.texts import normalise
from assets.given.unreadable import UnforeseenError, UnreadableExportError
from assets.sources.canonical import DOSSIER_SCHEMA, STEP_SCHEMA
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.source import Source
from assets.sources.sources import load_sources
from tests.fuzz.mutate import Input

#: What no text may hold that goes to COPY, to a log or to a terminal; a cell may have lines and tabs.
_CONTROLS = "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]"


class Outcome(NamedTuple):
    """What came of an input: read with that many rows, or refused (rows is None); `broken` says what is wrong."""

    rows: int | None
    broken: str | None


@cache
def sources() -> dict[str, Source]:
    """The built-in sources."""
    return load_sources()


def check(given: Input) -> Outcome:
    """Reads the input and looks at what came of it."""
    try:
        reading = read_export(given.content, sources()[given.base.source], given.base.path)
    except UnforeseenError as error:
        return Outcome(None, str(error))
    except UnreadableExportError as error:
        if given.expected.must_be_read:
            return Outcome(None, f"refused, must be read: {error}")
        return Outcome(None, _broken_message(str(error)))
    except Exception as error:
        return Outcome(None, f"{type(error).__name__}: {error}"[:300])
    return Outcome(reading.row_count, _broken_reading(given, reading))


def _broken_message(message: str) -> str | None:
    if not message.endswith(".") or "hãy" not in message or len(message) > 600:
        return f"no sentence with a remedy: {message[:200]}"
    return None if message.isprintable() else f"a message that is not printable: {message!r:.200}"


def _broken_reading(given: Input, reading: Reading) -> str | None:
    frame = reading.dossiers if reading.dossiers is not None else reading.steps
    if frame is None:
        return "neither dossiers nor steps"
    schema = DOSSIER_SCHEMA if reading.dossiers is not None else STEP_SCHEMA
    if dict(frame.schema) != schema:
        return "another schema"
    for name in (name for name, kind in frame.schema.items() if kind == pl.String):
        if frame[name].str.contains(_CONTROLS).any():
            return f"control characters in {name}"
    for remark in reading.remarks:
        if not remark.isprintable() or len(remark) > 600:
            return f"a remark that is not fit to print: {remark!r:.200}"
    return _broken_account(given, reading, frame)


def _broken_account(given: Input, reading: Reading, frame: pl.DataFrame) -> str | None:
    numbers = frame["row_number"].to_list()
    if given.base.source == "angiang":
        if frame["sheet"].n_unique() < 2 and numbers != sorted(set(numbers)):
            return "row numbers out of order"
    else:
        listed = _listed(given)
        if listed is None or len(listed) != reading.row_count:
            return f"{reading.row_count} rows of {None if listed is None else len(listed)} items"
        if numbers != list(range(1, len(numbers) + 1)):
            return "row numbers are not the places in the list"
    if given.expected.codes is not None:
        result = [code or "" for code in frame["dossier_code"].to_list()]
        if result != [normalise(code) for code in given.expected.codes]:
            return f"codes {result} for {given.expected.codes}"
    return None


def _listed(given: Input) -> list[Any] | None:
    """The items of the input's list, by another way than the reader's."""
    content = given.content
    if content[:2] == b"\x1f\x8b":
        plain = b""
        while content:
            unpacker = zlib.decompressobj(31)
            plain += unpacker.decompress(content)
            content = unpacker.unused_data.lstrip(b"\x00")
        content = plain
    text = content.decode(json.detect_encoding(content), "surrogatepass")
    value, _ = json.JSONDecoder(strict=True).raw_decode(text.removeprefix("\ufeff").lstrip(" \t\r\n"))
    result = value.get(given.base.list_field) if isinstance(value, dict) else value
    return result if isinstance(result, list) else None
