"""Spans: what state and due date a dossier had from when to when. They follow each other without a gap from reception on."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER, after, is_first, latest, number, running

_WAITS = (5, 6, 8)
_LAST = 4
_COUNTED = ("finish", "withdraw", "wait5", "wait6", "wait8", "gone")


def spans_of(
    words: pl.DataFrame,
    due_points: pl.DataFrame,
    ends: pl.DataFrame,
    suspensions: pl.DataFrame,
    absences: pl.DataFrame,
) -> pl.DataFrame:
    """Returns the spans of each received dossier, in order: life, span_number, valid_from, valid_to (NEVER: still), status,
    state, due_at (null: none).

    `absences`: life, at: from when complete lists did not name the dossier any more.
    """
    received = words.filter(pl.col("received_at").is_not_null() & (pl.col("class") != "not_received")).select(
        "life", "received_at"
    )
    edges = _edges(due_points, ends, suspensions, absences).join(received, on="life")
    # An edge before the reception counts as at the reception.
    is_early = pl.col("at") < pl.col("received_at")
    edges = edges.with_columns(
        at=pl.max_horizontal("at", "received_at"), rank=pl.when(is_early).then(-1).otherwise("rank")
    ).sort("life", "at", "rank", "n", "due_at", nulls_last=False)
    finished_status = (pl.col("life").cast(pl.Int64) * 100 + pl.col("end_status")).cum_max() % 100
    levels = edges.with_columns(
        *(running(pl.col(name)).alias(name) for name in _COUNTED),
        finished_status=finished_status,
        due_at=latest(pl.col("due_at")),
    )
    is_last_of_moment = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(-1)) for name in ("life", "at")
    )
    pieces = levels.filter(is_last_of_moment).select(
        "life", "at", _state(), _status(), due_at=pl.when(pl.col("due_at") != NEVER).then("due_at")
    )
    is_new = is_first() | pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(1)) for name in ("state", "status", "due_at")
    )
    return pieces.filter(is_new).select(
        "life",
        number().cast(pl.Int16).alias("span_number"),
        valid_from="at",
        valid_to=after("at").fill_null(NEVER),
        status="status",
        state="state",
        due_at="due_at",
    )


def _edges(
    due_points: pl.DataFrame, ends: pl.DataFrame, suspensions: pl.DataFrame, absences: pl.DataFrame
) -> pl.DataFrame:
    """Returns what changes when: life, at, rank, n, due_at, and by how much each of `_COUNTED` rises or falls."""
    is_withdrawn = (pl.col("status") == 7).cast(pl.Int8)
    finish, withdraw = pl.lit(1, pl.Int8).alias("finish"), is_withdrawn.alias("withdraw")
    waits = [(pl.col("status") == status).cast(pl.Int8).alias(f"wait{status}") for status in _WAITS]
    suspensions = suspensions.filter(pl.col("from_at") < pl.col("to_at"))
    parts = [
        due_points,
        ends.select("life", finish, withdraw, at="from_at", end_status="status"),
        ends.filter(pl.col("to_at") < NEVER).select("life", -finish, -withdraw, at="to_at"),
        suspensions.select("life", *waits, at="from_at"),
        suspensions.filter(pl.col("to_at") < NEVER).select("life", *(-each for each in waits), at="to_at"),
        absences.select("life", "at", gone=pl.lit(1, pl.Int8)),
    ]
    return pl.concat(parts, how="diagonal_relaxed").with_columns(
        pl.col("rank").fill_null(_LAST),
        pl.col("n", *_COUNTED, "end_status").fill_null(0),
    )


def _state() -> pl.Expr:
    return (
        pl.when((pl.col("finish") > 0) & (pl.col("withdraw") > 0))
        .then(pl.lit("withdrawn"))
        .when(pl.col("finish") > 0)
        .then(pl.lit("resolved"))
        .when(pl.col("gone") > 0)
        .then(pl.lit("vanished"))
        .when(pl.col("wait5") + pl.col("wait6") + pl.col("wait8") > 0)
        .then(pl.lit("suspended"))
        .otherwise(pl.lit("processing"))
        .alias("state")
    )


def _status() -> pl.Expr:
    return (
        pl.when((pl.col("finish") > 0) & (pl.col("withdraw") > 0))
        .then(7)
        .when(pl.col("finish") > 0)
        .then(pl.max_horizontal("finished_status", pl.lit(9)))
        .when(pl.col("wait8") > 0)
        .then(8)
        .when(pl.col("wait6") > 0)
        .then(6)
        .when(pl.col("wait5") > 0)
        .then(5)
        .otherwise(4)
        .cast(pl.Int16)
        .alias("status")
    )
