"""Shapes of fields: text, number, style of a date. A shape tells that a portal changed, and nothing of a dossier."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import polars as pl

#: Source's own name of a field -> shapes met in one file.
Shapes = Mapping[str, frozenset[str]]

_TYPES: dict[type, str] = {str: "text", bool: "true/false", int: "number", float: "number"}
_TYPES |= {dict: "object", list: "list"}
# With every digit written as 9; the first that fits.
_DATE_STYLES = (
    ("yyyyMMddHHmmss", "9{14}"),
    ("yyyyMMdd", "9{8}"),
    ("epoch milliseconds", "9{12,13}"),
    ("spreadsheet day number", r"9{5}(\.9+)?"),
    ("dd/MM/yyyy", r"9{1,2}/9{1,2}/9999"),
    ("dd/MM/yyyy HH:mm", r"9{1,2}/9{1,2}/9999[ T,]+9{1,2}:99(:99([.,]9+)?)?"),
    ("ISO day", "9999-99-99"),
    ("ISO local", r"9999-99-99[Tt ]+9{1,2}:99(:99([.,]9+)?)?"),
    ("ISO with offset", r"9999-99-99[Tt ]+9{1,2}:99(:99([.,]9+)?)? *([Zz]|[+-]99:?(99)?)"),
)
_STYLES = [(name, re.compile(pattern)) for name, pattern in _DATE_STYLES]
_OTHER = "other text"
# One expression: of a small file each call of Polars costs more than its rows.
_MASKED = pl.col("text").str.strip_chars().str.replace_all("[0-9]", "9").unique()
_NUMBER = r"^[0-9]+(?:[.,][0-9]+)?$"


def json_shapes(by_name: Mapping[str, Sequence[object]], dates: Collection[str]) -> Shapes:
    """Returns the types of the values of each field; of the dates among them the style of the text.

    `by_name`: what each record says in a field, None where it says nothing. Empty values count for nothing.
    """
    by_column: dict[str, frozenset[str]] = {}
    for name, values in by_name.items():
        kinds = set(map(type, values)) - {type(None)}
        if str in kinds and not _any_text(values, kinds):
            kinds.discard(str)
        shapes = {_TYPES.get(kind, "other") for kind in kinds}
        if name in dates and "text" in shapes:
            shapes = (shapes - {"text"}) | date_styles(_texts(values))
        if shapes:
            by_column[name] = frozenset(shapes)
    return by_column


def _any_text(values: Sequence[object], kinds: Collection[type]) -> bool:
    # Most fields hold nothing but texts, for which the built-in function alone is quicker.
    return any(values) if len(kinds) == 1 else any(value for value in values if type(value) is str)


def _texts(values: Sequence[object]) -> pl.Series:
    written = [value for value in values if type(value) is str]
    try:
        return pl.Series(written, dtype=pl.String)
    except UnicodeEncodeError:  # Polars takes no half of a surrogate pair
        mended = [text.encode(errors="replace").decode() for text in written]
        return pl.Series(mended, dtype=pl.String)


def date_styles(texts: pl.Series) -> frozenset[str]:
    """Returns the styles in which dates of a column are written."""
    masked = texts.alias("text").to_frame().select(_MASKED)["text"].to_list()
    return frozenset(_style(mask) for mask in masked if mask)


def text_shapes(texts: pl.Series) -> frozenset[str]:
    """Returns whether a column of a list holds numbers, words, or both."""
    given = texts.drop_nulls()
    if given.is_empty():
        return frozenset()
    numbers = given.str.contains(_NUMBER)
    return frozenset(["number"] * bool(numbers.any()) + ["text"] * (not numbers.all()))


def _style(mask: str) -> str:
    return next((name for name, pattern in _STYLES if pattern.fullmatch(mask)), _OTHER)
