"""Texts of a file made clean: NFC, trimmed, nothing invisible, null when empty.

Here: what is done to any value that people or portals hand in. Not here: what a portal calls it (`readers/`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import polars as pl

from assets.given.texts import INVISIBLE, ODD_LINE_ENDS

#: Stands for an object or list where a plain value belongs.
NESTED = "{…}"
_TEXT = pl.col("text")
# Vietnamese and common punctuation: in NFC however they are put together, and nothing invisible. A text
# of these alone, as nearly all are, is spared what costs most of the time of reading it.
_NOT_PLAIN = "[^\t\n\r\u0020-\u007e\u00a0-\u02ff\u1e00-\u1eff\u2010-\u2027]"
# An index of PostgreSQL takes entries of 2,704 bytes; names of procedures have up to about 1,000.
_LONGEST_BYTES, _CUT_TO = 2000, 499


def scalar(value: object, nested: str | None = None) -> str | None:
    """Returns a JSON value written out as text; `nested` stands for an object or list."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e18 else str(value)
    if isinstance(value, (int, float)):
        return str(value)
    return nested


def text_columns(values: Mapping[str, Sequence[object]], nested: str | None = None) -> dict[str, pl.Series]:
    """Returns string columns of one length: NFC, trimmed, null when empty; `nested` stands for objects and lists.

    All are made as one, because a call of Polars costs as much as hundreds of rows.
    """
    written = _written_out(list(chain.from_iterable(values.values())), nested)
    return split_columns(clean(written), values.keys())


def _written_out(values: Sequence[object], nested: str | None) -> pl.Series:
    try:
        return pl.Series("text", values, dtype=pl.String)
    except (
        TypeError,
        OverflowError,
        UnicodeEncodeError,
    ):  # something among them is no text, or no proper one
        written = [value if type(value) is str else scalar(value, nested) for value in values]
    try:
        return pl.Series("text", written, dtype=pl.String)
    except UnicodeEncodeError:  # JSON can spell half of a surrogate pair, which is no character
        mended = [None if text is None else text.encode("utf-8", "ignore").decode() for text in written]
        return pl.Series("text", mended, dtype=pl.String)


def split_columns(column: pl.Series, names: Collection[str]) -> dict[str, pl.Series]:
    """Returns the columns of one length that stand in `column` one below the other."""
    height = len(column) // max(len(names), 1)
    return {name: column.slice(place * height, height).alias(name) for place, name in enumerate(names)}


def clean(column: pl.Series) -> pl.Series:
    """NFC, invisible marks taken out, trimmed, cut where it is too long to be a name, null when nothing is left."""
    frame = column.alias("text").to_frame()
    has_odd, has_long = frame.select(
        odd=_TEXT.str.contains(_NOT_PLAIN).any(), long=(_TEXT.str.len_bytes() > _LONGEST_BYTES).any()
    ).row(0)
    if has_odd:
        odd = frame.select(_TEXT.str.contains(_NOT_PLAIN).arg_true())["text"]
        visible = _TEXT.str.replace_all(INVISIBLE, "").str.replace_all(ODD_LINE_ENDS, " ")
        mended = frame[odd].select(visible.str.normalize("NFC"))
        frame = frame["text"].scatter(odd, mended["text"]).to_frame()
    if has_odd or has_long:
        frame = _cut(frame.select(_TEXT.str.strip_chars()))
    trimmed = _TEXT.str.strip_chars()
    return frame.select(pl.when(trimmed != "").then(trimmed))["text"].alias(column.name)


def _cut(frame: pl.DataFrame) -> pl.DataFrame:
    """Returns trimmed texts, cut where they are too long to be a name."""
    long = frame.select((_TEXT.str.len_bytes() > _LONGEST_BYTES).arg_true())["text"]
    if not len(long):
        return frame
    cut = frame[long].select(_TEXT.str.slice(0, _CUT_TO) + "…")
    return frame["text"].scatter(long, cut["text"]).to_frame()


def clean_together(columns: Sequence[pl.Series]) -> list[pl.Series]:
    """Returns `clean` of columns of one length and different names, as one."""
    if not columns:
        return []
    return list(split_columns(clean(pl.concat(columns)), [column.name for column in columns]).values())
