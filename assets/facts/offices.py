"""Offices: which unit was responsible on the day of reception.

The name the unit had then, if an export of then tells it; where no name is known, the desk whose organisation code is. A name
or code of today's list that is first heard of an older dossier afterwards is that of whoever took it over: the old namesake is
somebody else, so the dossier goes to the worklist (mart.unknown_unit).
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
    unit_valid_from, is_known, is_alias. `desks`: organisation_code, unit_code, unit_valid_from, valid_from.
    """
    rows = (
        statements.select(
            *("life", "n", "source", "is_provincial", "effective_from", "submitted_at", "unit_name"),
            organisation_code=pl.col("unit_code").str.replace_all(r"\s", "").str.to_uppercase(),
        )
        .join(words.select("life", "received_at"), on="life")
        .with_columns(when=pl.coalesce("received_at", "submitted_at", "effective_from"))
    )
    rows = _of_the_list_of(rows, provinces, "when").with_columns(
        is_of_then=pl.col("effective_from").is_between("valid_from", "valid_to", closed="left")
    )
    of_today = _names_of_today(rows, provinces, names)
    rows = (
        rows.join(names, on=["province_code", "list_from", "unit_name"], how="left")
        .join(of_today, on=["life", "n"], how="left")
        .join(desks.rename({"valid_from": "desk_from"}), on="organisation_code", how="left", suffix="_desk")
    )
    # What an office says of a name (MOTCUA_UNITS) is its word on it.
    is_taken_over = (
        ~pl.col("is_of_then")
        & pl.col("is_name_of_today").fill_null(False)
        & ~pl.col("is_alias").fill_null(False)
    )
    is_desk_of_later = ~pl.col("is_of_then") & (pl.col("desk_from") >= pl.col("valid_to")).fill_null(False)
    rows = rows.with_columns(
        unit_code=pl.when(~is_taken_over).then("unit_code"),
        is_known=pl.col("is_known") & ~is_taken_over,
        unit_code_desk=pl.when(~is_desk_of_later).then("unit_code_desk"),
    ).filter(pl.col("unit_code").is_not_null() | pl.col("unit_code_desk").is_not_null())
    is_named = pl.col("is_known").fill_null(False)
    has_desk = pl.col("unit_code_desk").is_not_null()
    by_name = is_named | ~has_desk
    return (
        rows.with_columns(
            is_named=is_named,
            has_desk=has_desk,
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


def _of_the_list_of(rows: pl.DataFrame, provinces: pl.DataFrame, moment: str) -> pl.DataFrame:
    """Adds province and list of units of each source at a moment; rows without one are left out."""
    return rows.join(provinces, on="source").filter(
        pl.col(moment).is_between("valid_from", "valid_to", closed="left")
    )


def _names_of_today(rows: pl.DataFrame, provinces: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Returns life, n and is_name_of_today of statements of an older dossier that name a unit of the list of their export."""
    later = rows.filter(~pl.col("is_of_then")).select("life", "n", "source", "effective_from", "unit_name")
    known = names.filter("is_known").select("province_code", "list_from", "unit_name")
    return (
        _of_the_list_of(later, provinces, "effective_from")
        .join(known, on=["province_code", "list_from", "unit_name"], how="semi")
        .select("life", "n", is_name_of_today=pl.lit(True))
    )
