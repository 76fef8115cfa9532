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
    receptions: pl.DataFrame, life: pl.DataFrame, ends: pl.DataFrame, requests: pl.DataFrame
) -> pl.DataFrame:
    """Returns life, at, rank, n, due_at (NEVER: none from then on) and due_has_clock of every moment from which another due
    date holds.

    `life` with previous_class: the class of the statement before.
    """
    first = _first_stated(receptions, life)
    requests = requests.with_columns(pl.coalesce("resumed_at", "requested_at").alias("at"))
    return pl.concat(
        [
            _promised(receptions, first, requests),
            _listed_moves(life, requests),
            _stated_later(life, first),
            ends.filter(pl.col("stated_due_at").is_not_null()).select(
                *("life", "due_has_clock"),
                at="from_at",
                rank=pl.lit(AT_THE_END),
                n=pl.lit(0, pl.Int64),
                due_at="stated_due_at",
            ),
        ],
        how="diagonal",
    )


def _first_stated(receptions: pl.DataFrame, life: pl.DataFrame) -> pl.DataFrame:
    """The due date that was stated with the reception as it stands, first; else the first that was stated at all."""
    return (
        life.filter(pl.col("stated_due_at").is_not_null() & (pl.col("class") != "not_received"))
        .join(
            receptions.select("life", accepted_at="received_at"), on="life", how="left", maintain_order="left"
        )
        .with_columns(is_with_it=(pl.col("stated_received_at") == pl.col("accepted_at")).fill_null(False))
        .sort("life", "is_with_it", "n", descending=[False, True, False])
        .unique("life", keep="first", maintain_order=True)
        .select("life", "stated_due_at", "due_has_clock", stated_from="effective_from", stated_n="n")
    )


def _promised(receptions: pl.DataFrame, first: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """The promise before the first move counts, where the dossier became known only after it."""
    before_the_move = (
        requests.filter(pl.col("due_before").is_not_null())
        .join(first, on="life", how="left", maintain_order="left")
        .filter(pl.col("at") <= pl.col("stated_from").fill_null(NEVER))
        .unique("life", keep="first", maintain_order=True)
        .select("life", "due_before")
    )
    return (
        receptions.select("life", at="received_at")
        .join(first, on="life", how="left")
        .join(before_the_move, on="life", how="left")
        .select(
            *("life", "at"),
            rank=pl.lit(PROMISED),
            n=pl.lit(0, pl.Int64),
            due_at=pl.coalesce("due_before", "stated_due_at", NEVER),
            due_has_clock=pl.when(pl.col("due_before").is_null()).then("due_has_clock").otherwise(True),
        )
    )


def _stated_later(life: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Another due date than the one before, or the first word after an end: a reopened dossier has the one last stated of it."""
    is_news = pl.col("stated_due_at").ne_missing(pl.col("previous_due_at")) | (
        pl.col("previous_class") == "finished"
    )
    return (
        life.filter(
            pl.col("stated_due_at").is_not_null()
            & (pl.col("class") != "finished")
            & is_news
            & pl.col("previous_from").is_not_null()
        )
        .join(first.select("life", "stated_n"), on="life", how="left", maintain_order="left")
        .filter(pl.col("n") >= pl.col("stated_n").fill_null(0))
        .select(
            *("life", "n", "due_has_clock"),
            at="effective_from",
            rank=pl.lit(STATED_LATER),
            due_at="stated_due_at",
        )
    )


def _listed_moves(life: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """A listed move counts from the resumption, unless whoever tells the life still stated the old date then, or the province had
    moved the due date to another day itself between request and resumption.
    """
    moves = requests.filter(pl.col("due_after").is_not_null())
    listed = pl.concat(
        [requests.select("life", stated_due_at=name) for name in ("due_before", "due_after")]
    ).unique()
    own_word = life.filter(pl.col("is_provincial") & pl.col("previous_due_at").is_not_null()).filter(
        pl.col("stated_due_at") != pl.col("previous_due_at")
    )
    own_word = own_word.join(listed, on=["life", "stated_due_at"], how="anti")
    still_old = (
        moves.join(life.select("life", "effective_from", "stated_due_at"), on="life")
        .filter(
            (pl.col("stated_due_at") == pl.col("due_before"))
            & (pl.col("due_before") != pl.col("due_after"))
            & (pl.col("effective_from") >= pl.col("at"))
        )
        .select("life", "k")
    )
    moved_by_itself = (
        moves.join(own_word.select("life", "effective_from"), on="life")
        .filter(pl.col("effective_from").is_between("requested_at", "at", closed="left"))
        .select("life", "k")
    )
    denied = pl.concat([still_old, moved_by_itself])
    return moves.join(denied, on=["life", "k"], how="anti", maintain_order="left").select(
        *("life", "at"), rank=pl.lit(LISTED), n=pl.col("k"), due_at="due_after", due_has_clock=pl.lit(True)
    )
