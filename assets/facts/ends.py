"""Ends: from when to when a dossier is finished."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER


def ends_of(runs: pl.DataFrame, words: pl.DataFrame, receptions: pl.DataFrame) -> pl.DataFrame:
    """Returns the stretches in which each accepted dossier is finished: life, from_at, from_has_clock, to_at (NEVER: still),
    status, stated_due_at, due_has_clock.

    Finished from the end of processing (else the hand-over, else the export that first says it) until a later statement says
    that it is open again. An end that any later statement dates before the reopening replaces the earlier one.
    """
    # The national end stands in where the province has none; not that of a waiting dossier.
    stands_in = pl.col("next_from").is_null()
    national_end = pl.when(stands_in).then("national_ended_at")
    stated_end = pl.coalesce("ended_at", national_end, "returned_at", "first_from")
    has_clock = (
        pl.when(pl.col("ended_at").is_not_null())
        .then("ended_has_clock")
        .when(national_end.is_not_null())
        .then("national_ended_has_clock")
        .otherwise(True)
    )
    return (
        runs.filter(pl.col("class") == "finished")
        .join(receptions, on="life", maintain_order="left")
        .join(
            words.select("life", "national_ended_at", "national_ended_has_clock"),
            on="life",
            maintain_order="left",
        )
        .select(
            *("life", "status", "stated_due_at", "due_has_clock"),
            from_at=pl.max_horizontal("received_at", stated_end),
            from_has_clock=has_clock.fill_null(True) | (stated_end < pl.col("received_at")),
            to_at=pl.col("next_from").fill_null(NEVER),
        )
        .filter(pl.col("from_at") < pl.col("to_at"))
        .with_columns(
            later_end=pl.col("from_at").reverse().cum_min().shift(1).reverse().over("life"),
        )
        .filter(pl.col("later_end").is_null() | (pl.col("later_end") > pl.col("to_at")))
        .drop("later_end")
    )
