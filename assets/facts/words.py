"""Words: who is right about a dossier, attribute by attribute.

The life (status, dates) is taken from whoever states it best (`statements.py`); any other attribute by the province, and where it
does not say it by the national portal. The latest word counts.
"""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER, last_words
from assets.sources.canonical import STATED

#: What tells the life, leads to the unit or the sector, or links codes: read from the statements by steps of their own.
_OF_OTHER_STEPS = frozenset(
    {
        *(
            "status",
            "received_at",
            "due_at",
            "ended_at",
            "returned_at",
            "refused_at",
            "supplement_requested_at",
        ),
        *(
            "due_has_clock",
            "ended_has_clock",
            "unit_code",
            "unit_name",
            "field_code",
            "field_name",
            "other_code",
        ),
    }
)
#: Attributes that any source may say, each by its own last word.
ATTRIBUTES = tuple(name for name in STATED if name not in _OF_OTHER_STEPS)
_DATES = ("received_at", "due_at", "returned_at", "refused_at")


def words_of(statements: pl.DataFrame) -> pl.DataFrame:
    """Returns one row per life: what is the last word on each attribute, on either side's own too.

    `statements` as of `statements_of_lives`. Beside the attributes: status, class, life_tier, flags, province_status, _class,
    _due_at, _said_at, the same of the national portal, and national_ended_at, the national end of a finished dossier.
    """
    stated = _by_whom_it_is_for(statements)
    attributes = last_words(statements.sort("life", "is_provincial", "n"), ATTRIBUTES)
    finished = statements.filter(~pl.col("is_provincial") & (pl.col("class") == "finished"))
    return (
        stated.join(attributes, on="life")
        .join(_side(statements, "province"), on="life", how="left")
        .join(_side(statements, "national"), on="life", how="left")
        .join(
            _last(finished).select(
                "life", national_ended_at="ended_at", national_ended_has_clock="ended_has_clock"
            ),
            on="life",
            how="left",
        )
        .sort("life")
    )


def _by_whom_it_is_for(statements: pl.DataFrame) -> pl.DataFrame:
    ordered = statements.with_columns(tells=pl.col("tier") == pl.col("life_tier")).sort(
        "life", "tells", "is_provincial", "n"
    )
    dates = last_words(ordered, [f"stated_{name}" for name in _DATES])
    empty_again = {
        name: pl.when(pl.col(f"stated_{name}") != NEVER).then(pl.col(f"stated_{name}")) for name in _DATES
    }
    return (
        _last(ordered)
        .select("life", "status", "class", "life_tier", "flags")
        .join(dates.select("life", **empty_again), on="life")
    )


def _side(statements: pl.DataFrame, side: str) -> pl.DataFrame:
    is_of_it = pl.col("is_provincial") if side == "province" else ~pl.col("is_provincial")
    return _last(statements.filter(is_of_it)).select(
        "life",
        pl.col("status").alias(f"{side}_status"),
        pl.col("class").alias(f"{side}_class"),
        pl.col("due_at").alias(f"{side}_due_at"),
        pl.col("effective_from").alias(f"{side}_said_at"),
    )


def _last(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.unique("life", keep="last", maintain_order=True)
