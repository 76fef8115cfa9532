"""Ends: from when to when a dossier is finished."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER, after


def ends_of(runs: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Returns the stretches in which each received dossier is finished: life, from_at, to_at (NEVER: still), status,
    stated_due_at.

    Finished from the end of processing (else the hand-over, else the export that first says it) until a later statement says
    that it is open again. An end that a later statement dates before the reopening replaces the earlier one.
    """
    received = words.filter((pl.col("class") != "not_received") & pl.col("received_at").is_not_null())
    stated_end = pl.coalesce(
        "ended_at",
        # The national end stands in where the province has none; not that of a waiting dossier.
        pl.when(pl.col("next_from").is_null()).then("national_ended_at"),
        "returned_at",
        "first_from",
    )
    return (
        runs.filter(pl.col("class") == "finished")
        .join(received.select("life", "received_at", "national_ended_at"), on="life", maintain_order="left")
        .select(
            "life",
            "status",
            "stated_due_at",
            from_at=pl.max_horizontal("received_at", stated_end),
            to_at=pl.col("next_from").fill_null(NEVER),
        )
        .with_columns(next_end=after("from_at"))
        .filter(
            (pl.col("from_at") < pl.col("to_at"))
            & (pl.col("next_end").is_null() | (pl.col("next_end") > pl.col("to_at")))
        )
        .drop("next_end")
    )
