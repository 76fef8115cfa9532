"""Due dates: which one was in force from when.

The first promise; each move that a portal lists, from the resumption on; any other change from the export that first says it;
and what was last stated of the end, by which timeliness is judged.
"""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER

#: What was stated before something at the same instant.
PROMISED, LISTED, STATED_LATER, AT_THE_END = range(4)


def due_points_of(
    words: pl.DataFrame, life: pl.DataFrame, ends: pl.DataFrame, requests: pl.DataFrame
) -> pl.DataFrame:
    """Returns life, at, rank, n and due_at (NEVER: none from then on) of every moment from which another due date holds."""
    first = _first_stated(life)
    moved_at = pl.coalesce("resumed_at", "requested_at").alias("at")
    requests = requests.with_columns(moved_at)
    return pl.concat(
        [
            _promised(words, first, requests),
            _listed_moves(life, requests),
            life.filter(
                pl.col("stated_due_at").is_not_null()
                & (pl.col("class") != "finished")
                & pl.col("stated_due_at").ne_missing(pl.col("previous_due_at"))
                & pl.col("previous_from").is_not_null()
            ).select(
                "life", at="effective_from", rank=pl.lit(STATED_LATER), n=pl.col("n"), due_at="stated_due_at"
            ),
            ends.filter(pl.col("stated_due_at").is_not_null()).select(
                "life", at="from_at", rank=pl.lit(AT_THE_END), n=pl.lit(0, pl.Int64), due_at="stated_due_at"
            ),
        ]
    )


def _first_stated(life: pl.DataFrame) -> pl.DataFrame:
    return (
        life.filter(pl.col("stated_due_at").is_not_null() & (pl.col("class") != "not_received"))
        .unique("life", keep="first", maintain_order=True)
        .select("life", "stated_due_at", stated_from="effective_from")
    )


def _promised(words: pl.DataFrame, first: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """The promise before the first move counts, where the dossier became known only after it."""
    before_the_move = (
        requests.filter(pl.col("due_before").is_not_null())
        .join(first, on="life", how="left", maintain_order="left")
        .filter(pl.col("at") <= pl.col("stated_from").fill_null(NEVER))
        .unique("life", keep="first", maintain_order=True)
        .select("life", "due_before")
    )
    return (
        words.filter(pl.col("received_at").is_not_null() & (pl.col("class") != "not_received"))
        .select("life", at="received_at")
        .join(first, on="life", how="left")
        .join(before_the_move, on="life", how="left")
        .select(
            "life",
            "at",
            rank=pl.lit(PROMISED),
            n=pl.lit(0, pl.Int64),
            due_at=pl.coalesce("due_before", "stated_due_at", NEVER),
        )
    )


def _listed_moves(life: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """A listed move counts from the resumption, unless whoever tells the life still stated the old date then."""
    moves = requests.filter(pl.col("due_after").is_not_null())
    denied = (
        moves.join(life.select("life", "effective_from", "stated_due_at"), on="life")
        .filter(
            (pl.col("stated_due_at") == pl.col("due_before"))
            & (pl.col("due_before") != pl.col("due_after"))
            & (pl.col("effective_from") >= pl.col("at"))
        )
        .select("life", "k")
    )
    return moves.join(denied, on=["life", "k"], how="anti", maintain_order="left").select(
        "life", "at", rank=pl.lit(LISTED), n=pl.col("k"), due_at="due_after"
    )
