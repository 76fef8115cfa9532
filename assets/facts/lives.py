"""Lives: a dossier as it was known from one moment on, and what was known of it then.

What became known of a dossier at a moment changes what its life looked like; so its life is folded once for every such moment.
`life` numbers these pairs of dossier and known moment (`moments.py`). Frames of the fold are sorted by it, which lets one row
be set beside the one before it by a shift instead of a window. Known moments are naive UTC, all other instants naive local time
(Asia/Ho_Chi_Minh), both to the microsecond.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

#: Later and earlier than any instant of a file: "for ever", and "stated as empty" where that wins over an older value.
NEVER = pl.lit(1 << 60, dtype=pl.Int64).cast(pl.Datetime("us"))
LONG_AGO = pl.lit(-(1 << 60), dtype=pl.Int64).cast(pl.Datetime("us"))


def known_in(members: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Returns each row once for every life in which it was known: with `life`, own_code in place of dossier_code, and without
    known_from.

    `members`: life, dossier_code, known_from of every code that a life was then known under.
    """
    moments = members.rename({"known_from": "moment"})
    return (
        rows.join(moments, on="dossier_code")
        .filter(pl.col("known_from") <= pl.col("moment"))
        .drop("known_from", "moment")
        .rename({"dossier_code": "own_code"})
    )


def before(name: str, key: str = "life") -> pl.Expr:
    """Returns the value of the row before in the same life, null for its first row; the frame is sorted by `key`."""
    return pl.when(pl.col(key) == pl.col(key).shift(1)).then(pl.col(name).shift(1)).alias(name)


def after(name: str, key: str = "life") -> pl.Expr:
    """Returns the value of the row after in the same life, null for its last row; the frame is sorted by `key`."""
    return pl.when(pl.col(key) == pl.col(key).shift(-1)).then(pl.col(name).shift(-1)).alias(name)


def is_first(key: str = "life") -> pl.Expr:
    """Returns whether the row is the first of its life; the frame is sorted by `key`."""
    return pl.col(key).ne_missing(pl.col(key).shift(1))


def last_words(rows: pl.DataFrame, names: Iterable[str], key: str = "life") -> pl.DataFrame:
    """Returns one row per key with the last value of each column that is not null; the frame is sorted by `key`."""
    names = list(names)
    is_alone = is_first(key) & is_first(key).shift(-1, fill_value=True)
    alone = rows.filter(is_alone).select(key, *names)
    several = rows.filter(~is_alone)
    merged = several.group_by(key, maintain_order=True).agg(
        pl.col(name).last(ignore_nulls=True) for name in names
    )
    return pl.concat([alone, merged]).sort(key)


def number(key: str = "life") -> pl.Expr:
    """Returns 1, 2, 3 … within each life; the frame is sorted by `key`."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    return place - pl.when(is_first(key)).then(place).forward_fill() + 1


def running(value: pl.Expr, key: str = "life") -> pl.Expr:
    """Returns the sum of the values up to and with each row of its life; the frame is sorted by `key`, no value is null."""
    total = value.cast(pl.Int64).cum_sum()
    return total - pl.when(is_first(key)).then(total - value.cast(pl.Int64)).forward_fill()


def latest(value: pl.Expr, key: str = "life") -> pl.Expr:
    """Returns the last value that is not null up to and with each row of its life; the frame is sorted by `key`."""
    of = pl.when(value.is_not_null()).then(pl.col(key)).forward_fill()
    return pl.when(of == pl.col(key)).then(value.forward_fill())
