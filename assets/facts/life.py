"""The life: the statements of whoever tells it, in runs of one class, and of where it waits for one thing."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import after, before, is_first


def life_of(statements: pl.DataFrame) -> pl.DataFrame:
    """Returns the statements that tell each life, with waits_for, run, previous_from and previous_due_at.

    `statements` as of `statements_of_lives`; sorted by life and n. `run` is a number of its own in the whole frame.
    """
    status = pl.col("status")
    waits_for = pl.when(pl.col("class") == "suspended").then(
        # sent as finished, it waits for what is not stated
        pl.when(status.is_in([6, 8])).then(status).otherwise(5)
    )
    rows = statements.filter(pl.col("tier") == pl.col("life_tier")).with_columns(waits_for=waits_for)
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(1)) for name in ("class", "waits_for")
    )
    return rows.with_columns(
        run=(is_first() | differs).cum_sum(),
        previous_from=before("effective_from"),
        previous_due_at=before("stated_due_at"),
    )


def runs_of(life: pl.DataFrame) -> pl.DataFrame:
    """Returns one row per run, sorted by life and time: life, run, class, status, waits_for, first_from, previous_from,
    next_from (null: it is the last one), and what was last stated in it: ended_at, returned_at, stated_due_at, requested_at.
    """
    requested_at = pl.coalesce("supplement_requested_at", pl.when("waits_by_step").then("ended_at"))
    return (
        life.with_columns(requested_at=requested_at)
        .group_by("run", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in ("life", "class", "previous_from")),
            *(pl.col(name).last() for name in ("status", "waits_for")),
            *(
                pl.col(name).last(ignore_nulls=True)
                for name in ("ended_at", "returned_at", "stated_due_at", "requested_at")
            ),
            first_from=pl.col("effective_from").first(),
        )
        .with_columns(next_from=after("first_from"))
    )
