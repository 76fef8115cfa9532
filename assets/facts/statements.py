"""How each statement of a source is to be taken, and which of them say something in a life.

A statement is one row of an export that differs from what its source stated before. Here: what its status means, who tells the
life, and what an empty value says. A national "finished" at the very moment of an open request for supplements, or without any
end while a request is open, is the portal's way of sending a waiting dossier.
"""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER, before, number
from assets.sources.canonical import STATED

#: Who tells the life, the highest there is: the province, the national portal, a register of the province, which has no status
#: column and only knows whether the result was handed over.
PROVINCE, NATIONAL, REGISTER = 3, 2, 1

_WINDOWS = pl.List(
    pl.Struct(dict.fromkeys(("requested_at", "resumed_at", "due_before", "due_after"), pl.String))
)
#: In the end by code: one file may name a dossier under two.
#: Statuses of a dossier that waits for the applicant or a payment, or was stopped.
WAITING = (5, 6, 8)
_ORDER = ("effective_from", "state_at", "state_rank", "file_rank", "own_code")
#: An empty value of these says "empty" where the file had such a column.
_EMPTY_SPEAKS = ("received_at", "due_at", "returned_at", "refused_at")


def windows_of(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Returns the requests for supplements that each row lists: `key`, requested_at, resumed_at, due_before, due_after, in order
    of time; those without the moment of the request are left out. `supplements` is JSON.
    """
    listed = rows.select(key, "supplements").filter(
        pl.col("supplements").is_not_null() & (pl.col("supplements") != "[]")
    )
    return (
        listed.with_columns(pl.col("supplements").str.json_decode(_WINDOWS))
        .explode("supplements", empty_as_null=True, keep_nulls=True)
        .unnest("supplements")
        .filter(pl.col("requested_at").is_not_null())
        .with_columns(
            pl.col("requested_at", "resumed_at", "due_before", "due_after").str.to_datetime(
                "%Y-%m-%dT%H:%M:%S%.f", time_unit="us"
            )
        )
        .sort(key, "requested_at", "resumed_at", "due_after", nulls_last=True, maintain_order=True)
    )


def taken(statements: pl.DataFrame, sources: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """Returns the statements with is_provincial, priority, tier, class, stated_* and a digest of what each says.

    `class`: not_received, processing, suspended or finished. `stated_*`: NEVER for stated as empty, null for not stated.
    `sources`: source, portal, priority. `files`: file_id, columns (their names, joined by commas).
    """
    rows = statements.join(sources, on="source").join(files, on="file_id").with_row_index("row")
    has_column = {name: pl.col("columns").str.contains(f",{name},", literal=True) for name in _EMPTY_SPEAKS}
    return rows.with_columns(
        is_provincial=pl.col("portal") == "provincial",
        **{
            f"stated_{name}": pl.when(has_column[name]).then(pl.col(name).fill_null(NEVER))
            for name in _EMPTY_SPEAKS
        },
        tier=pl.when(pl.col("portal") == "national")
        .then(NATIONAL)
        .when(pl.col("columns").str.contains(",status_raw,", literal=True) | (pl.col("status") == 10))
        .then(PROVINCE)
        .otherwise(REGISTER),
        says=pl.struct(*STATED, "columns").hash(),
    ).with_columns(_class_of(rows))


def _class_of(statements: pl.DataFrame) -> pl.Series:
    open_requests = (
        windows_of(statements, "row").filter(pl.col("resumed_at").is_null()).select("row", "requested_at")
    )
    ended = statements.select("row", ended_second=pl.col("ended_at").dt.truncate("1s"))
    is_waiting = (pl.col("requested_at") == pl.col("ended_second")) | pl.col("ended_second").is_null()
    waiting = open_requests.join(ended, on="row").filter(is_waiting)["row"].unique()
    status = pl.col("status")
    return statements.select(
        pl.when(status.is_in([1, 3]))
        .then(pl.lit("not_received"))
        .when(status.is_in(WAITING))
        .then(pl.lit("suspended"))
        .when(
            (status == 9)
            & (pl.col("portal") == "national")
            & pl.col("returned_at").is_null()
            & pl.col("row").is_in(waiting.implode())
        )
        .then(pl.lit("suspended"))
        .when(status.is_in([7, 9, 10]))
        .then(pl.lit("finished"))
        .otherwise(pl.lit("processing"))
        .alias("class")
    )["class"]


def statements_of_lives(
    laid_out: pl.DataFrame, stated_again: pl.DataFrame, steps: pl.DataFrame
) -> pl.DataFrame:
    """Returns the statements that say something in each life, in order: sorted by life and n.

    A repeat of what its source stated before says nothing: history has it as a statement where it came before the one that it
    repeats. `stated_again`: those of each code (`repeats_of_codes`). `waits_by_step`: sent as finished without a request, its
    steps say that it waits.
    """
    rows = laid_out.join(stated_again, on=["life", "row"], how="anti").sort("life", "source", *_ORDER)
    is_repeat = (before("source") == pl.col("source")) & (before("says") == pl.col("says"))
    rows = rows.filter(~is_repeat.fill_null(False))
    rows = rows.join(_waiting_by_step(rows, steps), on=["life", "row"], how="left", maintain_order="left")
    waits = pl.col("waits_by_step").fill_null(False)
    rows = rows.with_columns(
        waits_by_step=waits, **{"class": pl.when(waits).then(pl.lit("suspended")).otherwise(pl.col("class"))}
    )
    return (
        rows.sort(
            *(
                "life",
                "effective_from",
                "priority",
                "state_at",
                "state_rank",
                "file_rank",
                "source",
                "own_code",
            ),
            descending=[False, False, True, *[False] * 5],
        )
        .with_columns(life_tier=pl.col("tier").max().over("life"))
        .with_columns(n=number())
    )


def repeats_of_codes(laid_out: pl.DataFrame) -> pl.DataFrame:
    """Returns life, row, source, own_code, effective_from of statements that repeat what their source stated of the code before.

    A dossier may travel under several codes. A statement under another code may then lie between the two, and the repeat is no
    change from that one.
    """
    rows = laid_out.sort("life", "source", "own_code", *_ORDER[:-1]).with_columns(
        line=pl.struct("life", "source", "own_code").rle_id()
    )
    is_repeat = (before("says", "line") == pl.col("says")).fill_null(False)
    return rows.filter(is_repeat).select("life", "row", "source", "own_code", "effective_from")


def _waiting_by_step(rows: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """`steps` are laid out by life."""
    sent = rows.filter(
        (pl.col("status") == 9) & ~pl.col("is_provincial") & pl.col("returned_at").is_null()
    ).select("life", "row", "source", processed_at="ended_at")
    waiting = steps.filter(pl.col("status").is_in(WAITING))
    return (
        sent.join(waiting, on=["life", "source", "processed_at"], how="semi")
        .select("life", "row")
        .with_columns(waits_by_step=pl.lit(True))
    )
