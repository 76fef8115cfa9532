"""Readers: the bytes of an export in, a `Reading` in the canonical shape out.

Here: what each portal writes. Not here: files, the clock, the warehouse, or what a row is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import polars as pl

from assets.given.dates import parse_list, parse_national, parse_utc
from assets.given.headings import DOSSIER_LIST
from assets.given.texts import key
from assets.given.unreadable import UnforeseenError, UnreadableExportError
from assets.sources.canonical import Reading
from assets.sources.readers import angiang, dvcqg, igate
from assets.sources.source import Source

__all__ = ["canonical_name", "parse_dates", "read_export"]

_JSON = (".json", ".json.gz")
#: A file of nothing but surprises must not drown the log of a run.
MAX_REMARKS = 100
_READERS: dict[str, tuple[Callable[[bytes, Source, str], Reading], tuple[str, ...]]] = {
    "dvcqg": (dvcqg.read, _JSON),
    "igate": (igate.read, _JSON),
    "angiang": (angiang.read, (".xlsx", ".csv", ".tsv", ".txt")),
}


_PARSERS = {"dvcqg": parse_national, "igate": parse_utc, "angiang": parse_list}
_CANONICAL = {
    "dvcqg": {key(name): column for column, name in dvcqg.SENDER_NAMES.items()},
    "igate": {key(name): column for column, name in igate.SENDER_NAMES.items()},
    "angiang": DOSSIER_LIST.column_of,
}


def canonical_name(shape: str, name: str) -> str:
    """The canonical column for a field as the portal calls it; other names stay as they are."""
    return _CANONICAL[shape].get(key(name).rstrip(" :*()"), name)


def parse_dates(shape: str, written: str) -> datetime | None:
    """An instant as the portal writes it, in local time of Vietnam; None when it is none."""
    value: datetime | None = _PARSERS[shape](pl.Series([written], dtype=pl.String))[0]
    return value


def read_export(content: bytes, source: Source, path: str) -> Reading:
    """Every row of one file. `path` is relative to the landing root or the source's folder."""
    read, suffixes = _READERS[source.shape]
    if not key(path).endswith(suffixes):
        raise UnreadableExportError(
            f"Đuôi tệp không phải loại của nguồn {source.name}; hãy gửi tệp {', '.join(suffixes)}."
        )
    reading = _few_remarks(_guarded(read, content, source, path))
    # An empty list is more likely a failed export than the end of all dossiers.
    if source.coverage == "full" and reading.is_whole and reading.dossiers is not None and reading.row_count:
        return replace(reading, complete=(date.min, date.max))
    return reading


def _guarded(
    read: Callable[[bytes, Source, str], Reading], content: bytes, source: Source, path: str
) -> Reading:
    """The reading; whatever else goes wrong is the fault of this one file's reading, and no other file waits for it."""
    try:
        return read(content, source, path)
    except (UnreadableExportError, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        why = "Không đủ bộ nhớ để đọc tệp; hãy xuất theo kỳ ngắn hơn rồi gửi lại."
    except BaseException as error:  # a panic inside a library is no Exception
        # The error's own text may hold what citizens wrote.
        name = type(error).__name__
        why = f"Tệp gây lỗi không lường trước khi đọc ({name}); hãy báo người phụ trách phần mềm và xuất lại tệp."
    raise UnforeseenError(why)


def _few_remarks(reading: Reading) -> Reading:
    more = len(reading.remarks) - MAX_REMARKS
    if more <= 0:
        return reading
    return replace(reading, remarks=[*reading.remarks[:MAX_REMARKS], f"Còn {more} lời nhắc khác, không ghi."])
