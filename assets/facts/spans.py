"""Spans: what state and due date a dossier had from when to when. They follow each other without a gap from reception on."""

from __future__ import annotations

import polars as pl

from assets.facts.due_dates import PROMISED, STATED_LATER
from assets.facts.lives import NEVER, after, is_first, latest, number, running
from assets.facts.statements import WAITING

_LAST = 4
_COUNTED = ("finish", "withdraw", "wait5", "wait6", "wait8", "gone", "set_back")


def spans_of(
    receptions: pl.DataFrame,
    due_points: pl.DataFrame,
    ends: pl.DataFrame,
    suspensions: pl.DataFrame,
    absences: pl.DataFrame,
    set_backs: pl.DataFrame,
    runs: pl.DataFrame,
) -> pl.DataFrame:
    """Returns the spans of each accepted dossier, in order: life, span_number, valid_from, valid_to (NEVER: still), status,
    state, due_at (null: none), due_has_clock, from_has_clock.

    `receptions`: life, received_at. `absences`: life, at: from when complete lists did not name the dossier any more.
    `from_has_clock` is False where a dossier is finished since a day of which no clock time is known.
    """
    edges = _edges(due_points, ends, suspensions, absences, set_backs).join(receptions, on="life")
    # An edge before the reception counts as at the reception: before the promise, unless it is a later word on the due date.
    is_early = pl.col("at") < pl.col("received_at")
    is_promise, is_later_word = pl.col("rank") == PROMISED, pl.col("rank") == STATED_LATER
    edges = edges.with_columns(
        at=pl.max_horizontal("at", "received_at"),
        turn=pl.when(is_early & ~is_later_word)
        .then(0)
        .when(is_promise)
        .then(1)
        .when(is_early)
        .then(2)
        .otherwise(3),
        said_at="at",
    ).sort("life", "at", "turn", "rank", "n", "said_at", "due_at", nulls_last=False, maintain_order=True)
    levels = edges.with_columns(
        *(running(pl.col(name)).alias(name) for name in _COUNTED),
        end_status=latest(pl.when(pl.col("end_status") > 0).then("end_status")),
        set_back_status=latest(pl.when(pl.col("set_back_status") > 0).then("set_back_status")),
        due_at=latest(pl.col("due_at")),
        due_has_clock=latest(
            pl.when(pl.col("due_at").is_not_null()).then(pl.col("due_has_clock").fill_null(True))
        ),
        from_has_clock=latest(pl.when(pl.col("end_status") > 0).then("from_has_clock")),
    )
    is_last_of_moment = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(-1)) for name in ("life", "at")
    )
    has_due = pl.col("due_at") != NEVER
    pieces = levels.filter(is_last_of_moment).select(
        *("life", "at", _state(), _status()),
        due_at=pl.when(has_due).then("due_at"),
        due_has_clock=pl.when(has_due).then("due_has_clock"),
        from_has_clock=pl.when(pl.col("finish") > 0).then("from_has_clock").otherwise(True),
    )
    is_new = is_first() | pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(1))
        for name in ("state", "status", "due_at", "due_has_clock")
    )
    spans = pieces.filter(is_new).select(
        "life",
        number().cast(pl.Int16).alias("span_number"),
        valid_from="at",
        valid_to=after("at").fill_null(NEVER),
        status="status",
        state="state",
        due_at="due_at",
        due_has_clock="due_has_clock",
        from_has_clock="from_has_clock",
    )
    return _with_last_word(spans, runs)


def _with_last_word(spans: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """What goes on has the status that was last stated: accepted (2) or in process (4)."""
    last = runs.unique("life", keep="last", maintain_order=True).select("life", word="status")
    is_accepted = (pl.col("valid_to") == NEVER) & (pl.col("state") == "processing") & (pl.col("word") == 2)
    status = pl.when(is_accepted).then(2).otherwise("status").cast(pl.Int16)
    return (
        spans.join(last, on="life", how="left", maintain_order="left")
        .with_columns(status=status)
        .drop("word")
    )


def _edges(
    due_points: pl.DataFrame,
    ends: pl.DataFrame,
    suspensions: pl.DataFrame,
    absences: pl.DataFrame,
    set_backs: pl.DataFrame,
) -> pl.DataFrame:
    """Returns what changes when: life, at, rank, n, due_at, and by how much each of `_COUNTED` rises or falls."""
    is_withdrawn = (pl.col("status") == 7).cast(pl.Int8)
    finish, withdraw = pl.lit(1, pl.Int8).alias("finish"), is_withdrawn.alias("withdraw")
    waits = [(pl.col("status") == status).cast(pl.Int8).alias(f"wait{status}") for status in WAITING]
    is_set_back = pl.lit(1, pl.Int8).alias("set_back")
    suspensions = suspensions.filter(pl.col("from_at") < pl.col("to_at"))
    parts = [
        due_points,
        ends.select("life", finish, withdraw, "from_has_clock", at="from_at", end_status="status"),
        ends.filter(pl.col("to_at") < NEVER).select("life", -finish, -withdraw, at="to_at"),
        suspensions.select("life", *waits, at="from_at"),
        suspensions.filter(pl.col("to_at") < NEVER).select("life", *(-each for each in waits), at="to_at"),
        absences.select("life", "at", gone=pl.lit(1, pl.Int8)),
        set_backs.select("life", is_set_back, at="first_from", set_back_status="status"),
        set_backs.filter(pl.col("next_from").is_not_null()).select("life", -is_set_back, at="next_from"),
    ]
    return pl.concat(parts, how="diagonal_relaxed").with_columns(
        pl.col("rank").fill_null(_LAST),
        pl.col("n", *_COUNTED, "end_status", "set_back_status").fill_null(0),
    )


def _state() -> pl.Expr:
    return (
        pl.when((pl.col("finish") > 0) & (pl.col("withdraw") > 0))
        .then(pl.lit("withdrawn"))
        .when(pl.col("finish") > 0)
        .then(pl.lit("resolved"))
        .when(pl.col("set_back") > 0)
        .then(pl.lit("not_received"))
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
        .then(pl.max_horizontal("end_status", pl.lit(9)))
        .when(pl.col("set_back") > 0)
        .then("set_back_status")
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
