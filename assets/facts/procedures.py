"""Procedures: which one a dossier is filed under, and the limit that it had on the day of reception."""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

UNKNOWN_PROCEDURE = "x-unknown"
UNKNOWN_SECTOR = "x-unknown"
ONLINE = 2
_CORE = r"^([0-9]\.[0-9]{6})"
_LAST_DAY = date(9999, 12, 31)


def procedures_of(words: pl.DataFrame, names: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Returns one row per life: life, procedure_code, procedure_key and sector_code of the version that stood on the day of
    reception, is_catalogued, and the limit that holds for it, limit_value and limit_unit: the portal's, else the catalogue's.

    The procedure is the core of its code, else what its name stands for, else a code of ours for a code of another form. Before
    the reception the day of submission counts, without either the last version stands. `names`: procedure_name, procedure_code.
    `versions`: procedure_code, procedure_key, stands_from, field_code, field_name, limits, is_last, is_inferred.
    """
    rows = words.select(
        *("life", "procedure_code", "procedure_name", "channel", "received_at", "submitted_at"),
        *("limit_value", "limit_unit"),
    )
    named = rows.join(
        names.select("procedure_name", named_code="procedure_code"), on="procedure_name", how="left"
    ).with_columns(
        procedure_code=pl.coalesce(
            pl.col("procedure_code").str.extract(_CORE),
            "named_code",
            _code_of_ours(rows["procedure_code"]),
            pl.lit(UNKNOWN_PROCEDURE),
        )
    )
    last = versions.filter("is_last").select("procedure_code", is_catalogued=~pl.col("is_inferred"))
    return _of_day(named.join(last, on="procedure_code", how="left"), versions).sort("life")


def _code_of_ours(codes: pl.Series) -> pl.Expr:
    """Returns the codes of another form as x-…, by what never changes: the beginning of their MD5."""
    stated = codes.unique().drop_nulls()
    strange = stated.filter(~stated.str.contains(_CORE)).to_list()
    ours = ["x-" + hashlib.md5(code.encode(), usedforsecurity=False).hexdigest()[:10] for code in strange]
    return pl.col("procedure_code").replace_strict(strange, ours, default=None, return_dtype=pl.String)


def _of_day(rows: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Adds what the version of the day says: key, sector, and the limit, the online one for what came online."""
    day = pl.coalesce(pl.col("received_at", "submitted_at").dt.date(), pl.lit(_LAST_DAY))
    version = versions.select(
        *("procedure_code", "procedure_key", "stands_from", "online_limit_value", "online_limit_unit"),
        general_value="limit_value",
        general_unit="limit_unit",
        sector_code=pl.coalesce("field_code", "field_name", pl.lit(UNKNOWN_SECTOR)),
    ).sort("stands_from")
    rows = (
        rows.with_columns(day=day)
        .sort("day")
        .join_asof(
            version, left_on="day", right_on="stands_from", by="procedure_code", check_sortedness=False
        )
    )
    is_online = (pl.col("channel") == ONLINE) & pl.col("online_limit_value").is_not_null()
    limit_value = pl.coalesce("limit_value", pl.when(is_online).then("online_limit_value"), "general_value")
    limit_unit = (
        pl.when(pl.col("limit_value").is_not_null())
        .then("limit_unit")
        .when(is_online)
        .then("online_limit_unit")
        .otherwise("general_unit")
    )
    return rows.select(
        *("life", "procedure_code", "procedure_key", "sector_code", "is_catalogued"),
        limit_value=limit_value,
        limit_unit=limit_unit,
    )
