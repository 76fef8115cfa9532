"""Known ranges: rows that are the same from one known moment to the next are one row."""

from __future__ import annotations

import polars as pl


def ranged(rows: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Returns the rows with dossier_code, known_from and known_to (NEVER: still known) in place of `life`.

    `lives`: life, dossier_code, known_from, known_to. A row stands from the first of successive lives of a dossier that have it
    until the first that has it not, or until the dossier goes by another code.
    """
    moments = lives.with_columns(
        is_only=(pl.col("dossier_code").ne_missing(pl.col("dossier_code").shift(1)))
        & (pl.col("dossier_code").ne_missing(pl.col("dossier_code").shift(-1))),
    )
    placed = rows.join(moments, on="life", maintain_order="left")
    content = ["dossier_code", *(name for name in rows.columns if name != "life")]
    columns = [*content, "known_from", "known_to"]
    alone = placed.filter("is_only").select(columns)
    several = placed.filter(~pl.col("is_only"))
    if several.is_empty():
        return alone
    keys = [name for name in content if not isinstance(rows.schema.get(name), pl.List)]
    lists = [name for name in content if isinstance(rows.schema.get(name), pl.List)]
    several = several.with_columns(pl.col(name).list.join(" ").alias(f"{name} as text") for name in lists)
    alike = [*keys, *(f"{name} as text" for name in lists)]
    several = several.sort(*alike, "life")
    # Where the dossier went by another code in between, its lives are numbered on, but known time has a gap.
    is_new = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in alike) | (
        pl.col("known_from") != pl.col("known_to").shift(1)
    )
    merged = (
        several.with_columns(stretch=is_new.fill_null(True).cum_sum())
        .group_by("stretch", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in [*content, "known_from"]),
            pl.col("known_to").last(),
        )
        .select(columns)
    )
    return pl.concat([alone, merged])
