"""Readers: the bytes of an export in, a `Reading` in the canonical shape out.

Here: what each portal writes. Not here: files, the clock, the warehouse, or what a row is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assets.exports.canonical import Reading, UnreadableExportError
from assets.exports.readers import angiang, dvcqg, igate
from assets.exports.sources import Source
from assets.exports.texts import key

__all__ = ["read_export"]

_JSON = (".json", ".json.gz")
_READERS: dict[str, tuple[Callable[[bytes, Source, str], Reading], tuple[str, ...]]] = {
    "dvcqg": (dvcqg.read, _JSON),
    "igate": (igate.read, _JSON),
    "angiang": (angiang.read, (".xlsx", ".csv", ".tsv", ".txt")),
}


def read_export(content: bytes, source: Source, path: str) -> Reading:
    """Every row of one file. `path` is relative to the landing root or the source's folder."""
    read, suffixes = _READERS[source.shape]
    if not key(path).endswith(suffixes):
        raise UnreadableExportError(
            f"Đuôi tệp không phải loại của nguồn {source.name}; hãy gửi tệp {', '.join(suffixes)}."
        )
    reading = read(content, source, path)
    # An empty list is more likely a failed export than the end of all dossiers.
    if source.coverage == "full" and reading.dossiers is not None and reading.row_count:
        return replace(reading, complete=(date.min, date.max))
    return reading
