"""Edits: what was changed after the fact, judged over all sources together, and what one portal stated later than the other.

A change in a source's own statements needs a look. What any source had stated in time was no edit: where another source had
stated the same before, the change is this portal's delay; where another stated it without ever having stated otherwise, it is
nothing. An edit says "to be checked", never more.
"""

from __future__ import annotations

import polars as pl

from assets.facts.lives import before

_KEY = ("life", "row")
_OPEN = ("processing", "suspended")


def changes_of(
    statements: pl.DataFrame, stated_again: pl.DataFrame, repeats: pl.DataFrame, lives: pl.DataFrame
) -> pl.DataFrame:
    """Returns life, source, kind, old_value, new_value, old_status, new_status, last_seen_before, first_seen_at, state_at,
    state_rank, file_rank and new_class of every change of one source's statements that needs a look.

    `statements` laid out by life, with the class that their status means; `stated_again`: those that repeat the one before
    (`repeats_of_codes`).
    `repeats`: dossier_code, source, effective_from, known_from. `last_seen_before`: until when the statement before was still
    stated.
    """
    rows = (
        statements.join(stated_again, on=["life", "row"], how="anti")
        .sort("life", "source", "effective_from", "state_at", "state_rank", "file_rank", "own_code")
        .with_columns(line=pl.struct("life", "source").rle_id())
    )
    stated = ("effective_from", "class", "status", "due_at", "ended_at", "received_at")
    rows = rows.with_columns(before(name, "line").alias(f"old_{name}") for name in stated)
    rows = rows.filter(pl.col("old_effective_from").is_not_null())
    rows = _with_last_repeat(rows, repeats, lives)
    rows = _with_stated_again(rows, stated_again)
    return (
        pl.concat(_kinds(rows))
        # One file may state a dossier under two of its codes: the last is what stands.
        .sort(*_KEYS, "own_code")
        .unique(_KEYS, keep="last", maintain_order=True)
        .select(
            *("life", "source", "kind", "old_value", "new_value", "old_status", "new_status"),
            *("last_seen_before", "first_seen_at", "state_at", "state_rank", "file_rank", "new_class"),
        )
    )


#: In which column a statement says what a change is to.
_SAYS = {
    "due_moved_after_it_passed": "due_at",
    "end_before_it_was_seen_open": "ended_at",
    "end_moved": "ended_at",
    "received_moved": "received_at",
}
_KEYS = ("life", "source", "kind", "first_seen_at", "state_at", "state_rank", "file_rank")


def judged_over_all(changes: pl.DataFrame, statements: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Returns the edits, columns of `changes`, and the delays: life, source, kind, stated_by, new_value, stated_first_at,
    first_seen_at, state_at, state_rank, file_rank.

    `statements` laid out by life. A change of status is stated where the class of the new status is.
    """
    others = _stated_by_others(changes, statements)
    # Of what another source stated in time: without a change of its own that needs a look.
    own = changes.select("life", "kind", "new_value", "new_class", stated_by="source")
    earlier = others.filter(pl.col("stated_at") < pl.col("first_seen_at"))
    in_time = others.join(
        own, on=["life", "kind", "new_value", "new_class", "stated_by"], how="anti", nulls_equal=True
    )
    delays = (
        earlier.sort(*_KEYS, "stated_at", "stated_by")
        .unique(_KEYS, keep="first", maintain_order=True)
        .select(
            *("life", "source", "kind", "stated_by", "new_value"),
            *("first_seen_at", "state_at", "state_rank", "file_rank"),
            stated_first_at="stated_at",
        )
    )
    edits = changes.join(earlier, on=_KEYS, how="anti").join(in_time, on=_KEYS, how="anti").drop("new_class")
    return edits, delays


def _stated_by_others(changes: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Returns each change once for every statement of another source that says what it is to, with stated_by and stated_at."""
    stated = statements.select(
        *("life", "class", "due_at", "ended_at", "received_at"),
        stated_by="source",
        stated_at="effective_from",
    ).filter(pl.col("life").is_in(changes["life"].unique().implode()))
    met = changes.join(stated, on="life").filter(pl.col("stated_by") != pl.col("source"))
    says = pl.col("class") == pl.col("new_class")
    for kind, column in _SAYS.items():
        says = pl.when(pl.col("kind") == kind).then(pl.col(column) == pl.col("new_value")).otherwise(says)
    return met.filter(says)


def _kinds(rows: pl.DataFrame) -> list[pl.DataFrame]:
    is_finished, was_finished = pl.col("class") == "finished", pl.col("old_class") == "finished"
    was_open = pl.col("old_class").is_in(_OPEN)
    # An end without a clock is some time of its day.
    ended_by = (
        pl.when(pl.col("ended_has_clock").fill_null(True))
        .then("ended_at")
        .otherwise(pl.col("ended_at").dt.offset_by("1d"))
    )
    is_dated_back = (ended_by < pl.col("old_effective_from")) | (pl.col("last_repeat") > ended_by).fill_null(
        False
    )
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
        *("life", "source", "own_code", "old_status", "state_at", "state_rank", "file_rank"),
        kind=pl.lit(kind),
        old_value=old,
        new_value=new,
        new_status="status",
        new_class=pl.col("class"),
        last_seen_before=pl.max_horizontal("old_effective_from", "last_repeat"),
        first_seen_at="effective_from",
    )


def _with_stated_again(rows: pl.DataFrame, stated_again: pl.DataFrame) -> pl.DataFrame:
    """Returns the rows with the repeats that history has as statements counted for last_repeat as well."""
    if stated_again.is_empty() or rows.is_empty():
        return rows
    return (
        rows.sort("effective_from")
        .join_asof(
            stated_again.sort("effective_from").select(
                "life", "source", "own_code", "effective_from", again_at="effective_from"
            ),
            on="effective_from",
            by=["life", "source", "own_code"],
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .with_columns(last_repeat=pl.max_horizontal("last_repeat", "again_at"))
        .drop("again_at")
    )


def _with_last_repeat(rows: pl.DataFrame, repeats: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Adds last_repeat, the last repeat of the source before the statement, as known then."""
    if repeats.is_empty() or rows.is_empty():
        return rows.with_columns(last_repeat=pl.lit(None, pl.Datetime("us")))
    rows = rows.join(lives.select("life", "known_from"), on="life", maintain_order="left")
    repeats = repeats.rename({"dossier_code": "own_code"})
    met = rows.sort("effective_from").join_asof(
        repeats.sort("effective_from").select(
            "own_code",
            "source",
            "effective_from",
            last_repeat="effective_from",
            repeat_known="known_from",
        ),
        on="effective_from",
        by=["own_code", "source"],
        allow_exact_matches=False,
        check_sortedness=False,
    )
    # Of one that was not known yet, an earlier one may have been.
    is_unknown = (pl.col("repeat_known") > pl.col("known_from")).fill_null(False)
    unsure = met.filter(is_unknown)
    if not unsure.is_empty():
        known = (
            unsure.select(*_KEY, "own_code", "source", "effective_from", "known_from")
            .join(repeats, on=["own_code", "source"])
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
