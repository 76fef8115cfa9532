"""The life: the statements of whoever tells it, in runs of one class, and of where it waits for one thing."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER, after, before, is_first, running


def life_of(statements: pl.DataFrame) -> pl.DataFrame:
    """Returns the statements that tell each life, with waits_for, run, and previous_from, previous_class and
    previous_due_at of the statement before.

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
        previous_class=before("class"),
    )


def runs_of(life: pl.DataFrame) -> pl.DataFrame:
    """Returns one row per run, sorted by life and time: life, run, class, status, waits_for, first_from, previous_from,
    next_from (null: it is the last one), and what was last stated in it: ended_at, ended_has_clock, returned_at, stated_due_at,
    due_has_clock, requested_at.
    """
    requested_at = pl.coalesce("supplement_requested_at", pl.when("waits_by_step").then("ended_at"))
    return (
        life.with_columns(requested_at=requested_at)
        .group_by("run", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in ("life", "class", "previous_from")),
            *(pl.col(name).last() for name in ("status", "waits_for")),
            *(
                pl.col(clock).filter(pl.col(of).is_not_null()).last().alias(clock)
                for clock, of in (("ended_has_clock", "ended_at"), ("due_has_clock", "stated_due_at"))
            ),
            *(
                pl.col(name).last(ignore_nulls=True)
                for name in ("ended_at", "returned_at", "stated_due_at", "requested_at")
            ),
            first_from=pl.col("effective_from").first(),
        )
        .with_columns(next_from=after("first_from"))
    )


def set_backs_of(runs: pl.DataFrame) -> pl.DataFrame:
    """Returns the runs in which a dossier was refused or set back after it had been accepted: columns of `runs`."""
    is_accepted = pl.col("class") != "not_received"
    was_accepted = running(is_accepted.cast(pl.Int8)) > 0
    return runs.filter(~is_accepted & was_accepted)


def receptions_of(words: pl.DataFrame, life: pl.DataFrame, set_backs: pl.DataFrame) -> pl.DataFrame:
    """Returns the lives that are or were accepted: life, received_at, the reception from which its spans begin.

    The reception as it stands; of a dossier that was refused or set back after its acceptance, the one stated before that: past
    forms stay.
    """
    first_set_back = set_backs.unique("life", keep="first", maintain_order=True).select(
        "life", set_back_run="run"
    )
    stated_before = (
        life.join(first_set_back, on="life", maintain_order="left")
        .filter(
            (pl.col("class") != "not_received")
            & (pl.col("run") < pl.col("set_back_run"))
            & (pl.col("stated_received_at") != NEVER)
        )
        .unique("life", keep="last", maintain_order=True)
        .select("life", accepted_at="stated_received_at")
    )
    standing = pl.when(pl.col("class") != "not_received").then("received_at")
    return (
        words.join(stated_before, on="life", how="left")
        .select("life", received_at=pl.coalesce("accepted_at", standing))
        .filter(pl.col("received_at").is_not_null())
        .sort("life")
    )
