"""Offices: which unit was responsible on the day of reception.

The name the unit had then, if an export of then tells it; where no name is known, the desk whose organisation code is.
"""

from __future__ import annotations

import polars as pl

UNKNOWN_UNIT = "x-unknown"


def offices_of(
    statements: pl.DataFrame,
    words: pl.DataFrame,
    provinces: pl.DataFrame,
    names: pl.DataFrame,
    desks: pl.DataFrame,
) -> pl.DataFrame:
    """Returns one row per life of which any statement leads to a unit: life, unit_code, unit_valid_from, is_known.

    `provinces`: source, valid_from, valid_to, province_code, list_from. `names`: province_code, list_from, unit_name, unit_code,
    unit_valid_from, is_known. `desks`: organisation_code, unit_code, unit_valid_from, valid_from.
    """
    when = pl.coalesce("received_at", "submitted_at", "effective_from")
    in_province = pl.col("when").is_between("valid_from", "valid_to", closed="left")
    rows = (
        statements.select(
            *("life", "n", "source", "is_provincial", "effective_from", "submitted_at", "unit_name"),
            organisation_code=pl.col("unit_code").str.replace_all(r"\s", "").str.to_uppercase(),
        )
        .join(words.select("life", "received_at"), on="life")
        .with_columns(when=when)
        .join(provinces, on="source")
        .filter(in_province)
        .join(names, on=["province_code", "list_from", "unit_name"], how="left")
        .join(desks.rename({"valid_from": "desk_from"}), on="organisation_code", how="left", suffix="_desk")
        .filter(pl.col("unit_code").is_not_null() | pl.col("unit_code_desk").is_not_null())
    )
    is_named = pl.col("is_known").fill_null(False)
    has_desk = pl.col("unit_code_desk").is_not_null()
    by_name = is_named | ~has_desk
    return (
        rows.with_columns(
            is_named=is_named,
            has_desk=has_desk,
            is_of_then=pl.col("effective_from").is_between("valid_from", "valid_to", closed="left"),
            is_desk_of_list=(pl.col("desk_from") == pl.col("list_from")).fill_null(False),
        )
        .sort(
            "life",
            *("is_named", "has_desk", "is_of_then", "is_provincial", "n", "is_desk_of_list"),
            descending=[False, *[True] * 6],
        )
        .unique("life", keep="first", maintain_order=True)
        .select(
            "life",
            unit_code=pl.when(by_name).then("unit_code").otherwise("unit_code_desk"),
            unit_valid_from=pl.when(by_name).then("unit_valid_from").otherwise("unit_valid_from_desk"),
            is_known=is_named | has_desk,
        )
    )
