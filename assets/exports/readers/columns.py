"""Columns out of loose values: text, switches, codes and the frame they end in.

Here: what all readers do to a column. Not here: what a portal calls it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl

from assets.exports.sources import Source, code_key
from assets.exports.texts import INVISIBLE, normalise, safe_to_show

#: Stands for an object or list where a plain value belongs.
NESTED = "{…}"
_SWITCH = {"0": False, "false": False, "không": False, "1": True, "true": True, "có": True}


class DateField(NamedTuple):
    """A date column: the source's own name of it, what was written, and the local instants of it."""

    name: str
    texts: pl.Series
    instants: pl.Series


def scalar(value: object, nested: str | None = None) -> str | None:
    """A JSON value written out as text; `nested` stands for an object or list."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e18 else str(value)
    if isinstance(value, (int, float)):
        return str(value)
    return nested


def text_column(values: Iterable[object], nested: str | None = None) -> pl.Series:
    """String column: NFC, trimmed, null when empty; `nested` stands for objects and lists."""
    written = [value if type(value) is str else scalar(value, nested) for value in values]
    try:
        column = pl.Series("text", written, dtype=pl.String)
    except UnicodeEncodeError:  # JSON can spell half of a surrogate pair, which is no character
        mended = [None if text is None else text.encode("utf-8", "ignore").decode() for text in written]
        column = pl.Series("text", mended, dtype=pl.String)
    return clean(column)


def clean(column: pl.Series) -> pl.Series:
    """NFC, invisible marks taken out, trimmed, null when nothing is left."""
    text = pl.col("text").str.normalize("NFC").str.replace_all(INVISIBLE, "").str.strip_chars()
    frame = column.alias("text").to_frame().select(text)
    return frame.select(pl.when(pl.col("text") != "").then(pl.col("text")))["text"].alias(column.name)


def mapped(column: pl.Series, meaning: Callable[[str], object], dtype: type[pl.DataType]) -> pl.Series:
    """`meaning` of every text, asked once for each different one."""
    known = {text: meaning(text) for text in column.drop_nulls().unique().to_list()}
    if not known:
        return pl.Series(column.name, [None] * len(column), dtype=dtype)
    values = [None if text is None else known[text] for text in column.to_list()]
    return pl.Series(column.name, values, dtype=dtype)


def switch(text: str) -> bool | None:
    """0/1, true/false in any spelling."""
    return _SWITCH.get(code_key(text))


def payment(text: str) -> int | None:
    """0..3 of the national list."""
    code = code_key(text)
    return int(code) if code in ("0", "1", "2", "3") else None


def statuses(raw: pl.Series, accepted: pl.Series, source: Source) -> pl.Series:
    """1..10 of every raw status; `accepted` says whether the dossier was ever accepted."""
    if_accepted = mapped(raw, lambda text: source.status(text, True), pl.Int16)
    if_not = mapped(raw, lambda text: source.status(text, False), pl.Int16)
    return if_accepted.zip_with(accepted, if_not)


def unknown_codes(field: str, raw: pl.Series, read: pl.Series) -> list[str]:
    """A remark for each code of a field that is not in the list for it, with the number of rows."""
    unread = raw.filter(raw.is_not_null() & read.is_null()).to_list()
    counts = Counter(safe_to_show(text) for text in unread)
    return [
        f"{field}: mã “{code}” không có trong danh mục ({count} dòng)."
        for code, count in sorted(counts.items())
    ]


def ignored_statuses(field: str, raw: pl.Series, source: Source) -> list[str]:
    """A remark for each status that the list of sources tells to ignore: its rows have no status."""
    counts = Counter(text for text in raw.drop_nulls().to_list() if source.ignores(text))
    return [
        f"{field}: trạng thái “{safe_to_show(text)}” được khai là bỏ qua ({count} dòng)."
        for text, count in sorted(counts.items())
    ]


def unknown_keys(records: Sequence[Mapping[str, object]], known: frozenset[str]) -> list[str]:
    """A remark for each key of the records that is not among the known ones."""
    counts: Counter[str] = Counter()
    for record in records:
        if not record.keys() <= known:
            counts.update(record.keys() - known)
    return [
        f"Trường “{normalise(name)}” không có trong mô tả của cổng, không đọc ({count} dòng)."
        for name, count in sorted(counts.items())
    ]


def first_unreadable(fields: Iterable[DateField]) -> dict[int, tuple[str, str]]:
    """Row index -> name and value of its first date field that is neither empty nor a date."""
    found: dict[int, tuple[str, str]] = {}
    for field in fields:
        bad = field.texts.is_not_null() & field.instants.is_null()
        for row in bad.arg_true().to_list():
            found.setdefault(row, (field.name, safe_to_show(field.texts[row])))
    return found


def unreadable_columns(found: Mapping[int, tuple[str, str]], height: int) -> dict[str, pl.Series]:
    """The two columns that name the unreadable date of each row."""
    fields: list[str | None] = [None] * height
    values: list[str | None] = [None] * height
    for row, (field, value) in found.items():
        fields[row], values[row] = field, value
    return {
        "unreadable_field": pl.Series(fields, dtype=pl.String),
        "unreadable_value": pl.Series(values, dtype=pl.String),
    }


def assemble(
    schema: Mapping[str, pl.DataType | type[pl.DataType]], columns: Mapping[str, pl.Series], height: int
) -> pl.DataFrame:
    """A frame of exactly that schema; a column that is not given is null."""
    whole = {
        name: (
            columns[name].cast(dtype)
            if name in columns
            else pl.Series([None], dtype=dtype).new_from_index(0, height)
        ).alias(name)
        for name, dtype in schema.items()
    }
    return pl.DataFrame(list(whole.values()))


def iso_or_none(instant: datetime | None) -> str | None:
    """A local instant as ISO text."""
    return None if instant is None else instant.isoformat()
