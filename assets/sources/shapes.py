"""All shapes, and a file read by the shape of its source. A new shape is listed here, and nowhere else.

Here: the bytes of an export in, a `Reading` in the canonical shape out. Not here: what each portal writes (`readers/`),
files, the clock, the warehouse, or what a row is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

import polars as pl

from assets.given.texts import key
from assets.given.unreadable import UnforeseenError, UnreadableExportError
from assets.sources.place import PlaceOf
from assets.sources.readers import angiang, dvcqg, igate
from assets.sources.reading import Reading
from assets.sources.shape import Shape
from assets.sources.source import Source
from warehouse_sql.messages import message

SHAPES: Mapping[str, Shape] = {shape.name: shape for shape in (dvcqg.SHAPE, igate.SHAPE, angiang.SHAPE)}
#: A file of nothing but surprises must not drown the log of a run.
MAX_REMARKS = 100


class UnknownShapeError(ValueError):
    """No reader has this shape. The message is one sentence that names those that there are."""


def shape_of(source: Source) -> Shape:
    """Returns the shape of a source. Raises UnknownShapeError where there is none of its name."""
    shape = SHAPES.get(source.shape)
    if shape is None:
        raise UnknownShapeError(
            message(
                "Nguồn “{name}” có shape “{shape}” không có bộ đọc; hiện có: {shapes}.",
                name=source.name,
                shape=source.shape,
                shapes=", ".join(SHAPES),
            )
        )
    return shape


def canonical_name(source: Source, name: str) -> str:
    """Returns the canonical column for a field as the portal calls it; other names stay as they are."""
    return shape_of(source).columns(source).get(key(name).rstrip(" :*()"), name)


def parse_dates(source: Source, written: str) -> datetime | None:
    """Returns an instant as the portal writes it, in local time of Vietnam, or None when it is none."""
    value: datetime | None = shape_of(source).parse_dates(pl.Series([written], dtype=pl.String))[0]
    return value


def places(content: bytes | None, source: Source, kind: str | None) -> PlaceOf:
    """Returns where values stand in a file of a source; without the bytes of a list only rows are known."""
    return shape_of(source).places(content, source, kind)


def read_export(content: bytes, source: Source, path: str) -> Reading:
    """Returns every row of one file. `path` is relative to the landing root or the source's folder."""
    shape = shape_of(source)
    if not key(path).endswith(shape.suffixes):
        raise UnreadableExportError(
            message(
                "Đuôi tệp không phải loại của nguồn {name}; hãy gửi tệp {suffixes}.",
                name=source.name,
                suffixes=", ".join(shape.suffixes),
            )
        )
    reading = _few_remarks(_guarded(shape.read, content, source, path))
    # An empty list is more likely a failed export than the end of all dossiers.
    if source.coverage == "full" and reading.is_whole and reading.kind == "dossiers" and reading.row_count:
        return replace(reading, complete=(date.min, date.max))
    return reading


def _guarded(
    read: Callable[[bytes, Source, str], Reading], content: bytes, source: Source, path: str
) -> Reading:
    """Returns the reading. Whatever else goes wrong is the fault of this one file's reading, and no other
    file waits for it.
    """
    try:
        return read(content, source, path)
    except (UnreadableExportError, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        why = message("Không đủ bộ nhớ để đọc tệp; hãy xuất theo kỳ ngắn hơn rồi gửi lại.")
    except BaseException as error:  # a panic inside a library is no Exception
        # The error's own text may hold what citizens wrote.
        name = type(error).__name__
        why = message(
            "Tệp gây lỗi không lường trước khi đọc ({name}); hãy báo người phụ trách phần mềm và xuất lại "
            "tệp.",
            name=name,
        )
    raise UnforeseenError(why)


def _few_remarks(reading: Reading) -> Reading:
    more = len(reading.remarks) - MAX_REMARKS
    if more <= 0:
        return reading
    return replace(
        reading,
        remarks=[*reading.remarks[:MAX_REMARKS], message("Còn {more} lời nhắc khác, không ghi.", more=more)],
    )
