"""Procedures: which one a dossier is filed under, and the limit that it had on the day of reception."""

from __future__ import annotations

import hashlib

import polars as pl

UNKNOWN_PROCEDURE = "x-unknown"
ONLINE = 2


def procedures_of(words: pl.DataFrame, names: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Returns one row per life: life, procedure_code, is_catalogued, limit_value and limit_unit that hold for it, fallback ones
    of the catalogue included.

    The procedure is the core of its code, else what its name stands for, else a code of ours for a code of another form.
    `names`: procedure_name, procedure_code. `versions`: procedure_code, stands_from, stands_to, limits, is_last, is_inferred.
    """
    core = pl.col("procedure_code").str.extract(r"^(\d\.\d{6})")
    rows = words.select(
        "life", "procedure_code", "procedure_name", "channel", "received_at", "limit_value", "limit_unit"
    )
    named = rows.join(
        names.select("procedure_name", named_code="procedure_code"), on="procedure_name", how="left"
    ).with_columns(
        procedure_code=pl.coalesce(
            core, "named_code", _code_of_ours(rows["procedure_code"]), pl.lit(UNKNOWN_PROCEDURE)
        )
    )
    last = versions.filter("is_last").select("procedure_code", is_catalogued=~pl.col("is_inferred"))
    return _with_limit(named.join(last, on="procedure_code", how="left"), versions).sort("life")


def _code_of_ours(codes: pl.Series) -> pl.Expr:
    """Returns the codes of another form as x-…, by what never changes: the beginning of their MD5."""
    strange: list[str] = [code for code in codes.unique().drop_nulls() if not _is_core(code)]
    ours = ["x-" + hashlib.md5(code.encode(), usedforsecurity=False).hexdigest()[:10] for code in strange]
    return pl.col("procedure_code").replace_strict(strange, ours, default=None, return_dtype=pl.String)


def _is_core(code: str) -> bool:
    return (
        code[:1].isascii()
        and code[:1].isdigit()
        and code[1:2] == "."
        and code[2:8].isascii()
        and code[2:8].isdigit()
        and len(code) >= 8
    )


def _with_limit(rows: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Adds the limit: the portal's, else the catalogue's of the day of reception, the online one for what came online."""
    of_day = (
        rows.with_columns(received_on=pl.col("received_at").dt.date())
        .filter(pl.col("received_on").is_not_null())
        .sort("received_on")
        .join_asof(
            versions.select(
                *("procedure_code", "stands_from", "online_limit_value", "online_limit_unit"),
                general_value="limit_value",
                general_unit="limit_unit",
            ).sort("stands_from"),
            left_on="received_on",
            right_on="stands_from",
            by="procedure_code",
            check_sortedness=False,
        )
        .select("life", "online_limit_value", "online_limit_unit", "general_value", "general_unit")
    )
    is_online = (pl.col("channel") == ONLINE) & pl.col("online_limit_value").is_not_null()
    is_stated = pl.col("limit_value").is_not_null()
    return rows.join(of_day, on="life", how="left").select(
        "life",
        "procedure_code",
        "is_catalogued",
        limit_value=pl.coalesce(
            "limit_value", pl.when(is_online).then("online_limit_value"), "general_value"
        ),
        limit_unit=pl.when(is_stated)
        .then("limit_unit")
        .when(is_online)
        .then("online_limit_unit")
        .otherwise("general_unit"),
    )
