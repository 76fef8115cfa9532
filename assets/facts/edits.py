"""Edits: changes in a source's own statements that need a look. It says "to be checked", never more."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import before

_KEY = ("life", "row")
_OPEN = ("processing", "suspended")


def changes_of(statements: pl.DataFrame, repeats: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Returns life, source, kind, old_value, new_value, old_status, new_status, last_seen_before, first_seen_at, state_at,
    state_rank, file_rank of every change of one source's statements that needs a look.

    `statements` laid out by life, repeats of what a source stated before included, with the class that their status means.
    `repeats`: dossier_code, source, effective_from, known_from. `last_seen_before`: until when the statement before was still
    stated.
    """
    rows = statements.sort(
        "life", "source", "effective_from", "state_at", "state_rank", "file_rank"
    ).with_columns(line=pl.struct("life", "source").rle_id())
    stated = ("effective_from", "class", "status", "due_at", "ended_at", "received_at")
    rows = rows.with_columns(before(name, "line").alias(f"old_{name}") for name in stated)
    rows = rows.filter(pl.col("old_effective_from").is_not_null())
    rows = _with_last_repeat(rows, repeats, lives)
    return pl.concat(_kinds(rows)).select(
        *("life", "source", "kind", "old_value", "new_value", "old_status", "new_status", "last_seen_before"),
        *("first_seen_at", "state_at", "state_rank", "file_rank"),
    )


def _kinds(rows: pl.DataFrame) -> list[pl.DataFrame]:
    is_finished, was_finished = pl.col("class") == "finished", pl.col("old_class") == "finished"
    was_open = pl.col("old_class").is_in(_OPEN)
    is_dated_back = (pl.col("ended_at") < pl.col("old_effective_from")) | (
        pl.col("last_repeat") > pl.col("ended_at")
    ).fill_null(False)
    due_moved = (
        (pl.col("old_class") == "processing")
        & (pl.col("class") == "processing")
        & (pl.col("due_at") > pl.col("old_due_at"))
        & (pl.col("old_due_at").dt.date() < pl.col("effective_from").dt.date())
    )
    went_back = (was_finished & ~is_finished) | (was_open & (pl.col("class") == "not_received"))
    nothing = pl.lit(None, pl.Datetime("us"))
    return [
        _edit(rows.filter(due_moved), "due_moved_after_it_passed", pl.col("old_due_at"), pl.col("due_at")),
        _edit(
            rows.filter(is_finished & was_open & is_dated_back),
            "end_before_it_was_seen_open",
            nothing,
            pl.col("ended_at"),
        ),
        _edit(
            rows.filter(is_finished & was_finished & (pl.col("ended_at") != pl.col("old_ended_at"))),
            "end_moved",
            pl.col("old_ended_at"),
            pl.col("ended_at"),
        ),
        _edit(
            rows.filter(pl.col("received_at") != pl.col("old_received_at")),
            "received_moved",
            pl.col("old_received_at"),
            pl.col("received_at"),
        ),
        _edit(rows.filter(went_back), "status_backwards", nothing, nothing),
    ]


def _edit(rows: pl.DataFrame, kind: str, old: pl.Expr, new: pl.Expr) -> pl.DataFrame:
    return rows.select(
        *("life", "source", "old_status", "state_at", "state_rank", "file_rank"),
        kind=pl.lit(kind),
        old_value=old,
        new_value=new,
        new_status="status",
        last_seen_before=pl.max_horizontal("old_effective_from", "last_repeat"),
        first_seen_at="effective_from",
    )


def _with_last_repeat(rows: pl.DataFrame, repeats: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Adds last_repeat, the last repeat of the source before the statement, as known then."""
    if repeats.is_empty() or rows.is_empty():
        return rows.with_columns(last_repeat=pl.lit(None, pl.Datetime("us")))
    rows = rows.join(lives, on="life", maintain_order="left")
    met = rows.sort("effective_from").join_asof(
        repeats.sort("effective_from").select(
            "dossier_code",
            "source",
            "effective_from",
            last_repeat="effective_from",
            repeat_known="known_from",
        ),
        on="effective_from",
        by=["dossier_code", "source"],
        allow_exact_matches=False,
        check_sortedness=False,
    )
    # Of one that was not known yet, an earlier one may have been.
    is_unknown = (pl.col("repeat_known") > pl.col("known_from")).fill_null(False)
    unsure = met.filter(is_unknown)
    if not unsure.is_empty():
        known = (
            unsure.select(*_KEY, "dossier_code", "source", "effective_from", "known_from")
            .join(repeats, on=["dossier_code", "source"])
            .filter(
                (pl.col("effective_from_right") < pl.col("effective_from"))
                & (pl.col("known_from_right") <= pl.col("known_from"))
            )
            .group_by(*_KEY)
            .agg(known_repeat=pl.col("effective_from_right").max())
        )
        met = met.join(known, on=_KEY, how="left").with_columns(
            last_repeat=pl.when(is_unknown).then("known_repeat").otherwise("last_repeat")
        )
    return met
