"""Absences: from when complete lists do not name a dossier any more, and when that became known.

The portals' sides are looked at apart; on the side of the province a dossier is missed by the source that named it last: one that
moved to another system of the province is not missed by the old one. A list of a period must name what was received in it, as the
source stated last before.
"""

from __future__ import annotations

import polars as pl

from assets.facts.lives import after
from assets.facts.statements import NATIONAL

#: Of the sources that named a dossier at one moment; more of them are never compared.
_SOURCES = 64


def appearances_of(presence: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Returns when each dossier was last named on either side, as it was known from each moment on.

    `presence`: dossier_code, source, seen_at, known_from. Returns dossier_code, is_provincial, known_from, seen_at, source,
    sorted by known_from; of several sources at one moment the one that is preferred.
    """
    ranked = sources.sort("priority", "source").with_row_index("place")
    latest = pl.col("seen_at").dt.epoch("us") * _SOURCES + (_SOURCES - 1 - pl.col("place").cast(pl.Int64))
    return (
        presence.join(ranked, on="source")
        .with_columns(is_provincial=pl.col("portal") == "provincial", latest=latest)
        .group_by("dossier_code", "is_provincial", "known_from")
        .agg(pl.col("latest").max())
        .sort("dossier_code", "is_provincial", "known_from")
        .with_columns(side=pl.struct("dossier_code", "is_provincial").rle_id())
        .with_columns(latest=pl.col("latest").cum_max().over("side"))
        .with_columns(
            seen_at=(pl.col("latest") // _SOURCES).cast(pl.Datetime("us")),
            place=(_SOURCES - 1 - pl.col("latest") % _SOURCES).cast(pl.UInt32),
        )
        .join(ranked.select("place", "source"), on="place")
        .select("dossier_code", "is_provincial", "known_from", "seen_at", "source")
        .sort("known_from")
    )


def moments_of_absence(appearances: pl.DataFrame, complete_lists: pl.DataFrame) -> pl.DataFrame:
    """Returns dossier_code and known_from of every arrival by which a dossier may come to be missed or seen again.

    More than change anything, never fewer. Where each list came before the later ones, that is the first list after an
    appearance, if the dossier is not in it, and the appearance after that list.
    """
    if complete_lists.is_empty():
        return appearances.select("dossier_code", "known_from").clear()
    arrivals = complete_lists.sort("source", "effective_at", "known_from").with_columns(
        is_late=pl.col("known_from") > pl.col("known_from").reverse().cum_min().reverse().over("source")
    )
    late = arrivals.filter("is_late").select("source", "effective_at", "known_from")
    seen = (
        appearances.sort("dossier_code", "is_provincial", "known_from")
        .with_columns(side=pl.struct("dossier_code", "is_provincial").rle_id())
        .with_columns(next_seen=after("seen_at", "side"), next_known=after("known_from", "side"))
        .select("dossier_code", "source", "seen_at", "next_seen", "next_known")
    )
    parts = [
        seen.join(late, on="source").filter(pl.col("effective_at") > pl.col("seen_at")),
        # What is seen again after a list that came late, whichever it was.
        seen.filter(pl.col("source").is_in(late["source"].unique().implode())).select(
            pl.all(), effective_at="seen_at", known_from="next_known"
        ),
    ]
    for _, alike in arrivals.filter(~pl.col("is_late")).group_by(
        "complete_from", "complete_to", "covers_unreceived"
    ):
        met = _first_after(seen, alike.select("source", "effective_at", "known_from"))
        is_missed = (
            pl.col("next_seen").is_null()
            | (pl.col("effective_at") < pl.col("next_seen"))
            | (pl.col("known_from") < pl.col("next_known"))
        )
        missed = met.filter(is_missed)
        parts += [missed, missed.with_columns(known_from=pl.col("next_known"))]
    return (
        pl.concat(part.select("dossier_code", "known_from") for part in parts)
        .filter(pl.col("known_from").is_not_null())
        .unique()
    )


def _first_after(seen: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of the first list of the source after seen_at, of several at one moment those of the first row; rows
    without one are left out.
    """
    return (
        seen.sort("seen_at")
        .join_asof(
            lists.sort("effective_at", maintain_order=True).unique(
                ["source", "effective_at"], keep="first", maintain_order=True
            ),
            left_on="seen_at",
            right_on="effective_at",
            by="source",
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("effective_at").is_not_null())
    )


def absences_of(
    members: pl.DataFrame,
    statements: pl.DataFrame,
    appearances: pl.DataFrame,
    complete_lists: pl.DataFrame,
) -> pl.DataFrame:
    """Returns life and at, the moment of the first complete list that did not name it any more, where it is still missing.

    `members`: life, dossier_code, known_from. Only the side that tells the life counts. `statements` as of
    `statements_of_lives`, repeats of each source included. `complete_lists`: source, effective_at, known_from, complete_from,
    complete_to (days), covers_unreceived.
    """
    nothing = pl.DataFrame(schema={"life": pl.UInt32, "at": pl.Datetime("us")})
    if complete_lists.is_empty():
        return nothing
    tells = statements.group_by("life").agg(is_provincial=pl.col("tier").max() != NATIONAL)
    last_list = complete_lists.group_by("source").agg(pl.col("effective_at").max())
    seen = (
        members.join(tells, on="life")
        .sort("known_from")
        .join_asof(appearances, on="known_from", by=["dossier_code", "is_provincial"], check_sortedness=False)
        # Under whichever of its codes it was named last.
        .sort("life", "seen_at", "source", "dossier_code", nulls_last=False)
        .unique("life", keep="last", maintain_order=True)
        .join(last_list, on="source")
        .filter(pl.col("seen_at") < pl.col("effective_at"))
        .drop("effective_at")
    )
    if seen.is_empty():
        return nothing
    stated = statements.select("life", "source", "effective_from", "received_at", *_LATEST).filter(
        pl.col("received_at").is_not_null()
    )
    received = (
        seen.join(stated, on=["life", "source"])
        .filter(pl.col("effective_from") <= pl.col("seen_at"))
        .sort("life", "effective_from", *_LATEST)
        .unique("life", keep="last")
        .select("life", received_on=pl.col("received_at").dt.date())
    )
    asked = seen.join(received, on="life", how="left").select(
        "life", "source", "known_from", "seen_at", "received_on"
    )
    return _first_missing(asked, complete_lists)


_LATEST = ("state_at", "state_rank", "file_rank", "own_code")


def _first_missing(asked: pl.DataFrame, complete_lists: pl.DataFrame) -> pl.DataFrame:
    """Goes from list to list until one is found that was known and had to name the dossier; lists are met as of a moment,
    never each with each dossier.
    """
    lists = complete_lists.sort("source", "effective_at").with_row_index("place")
    first = _first_after(asked, lists.select("source", "effective_at", "place"))
    open_ = first.select("life", "source", "known_from", "received_on", "place")
    rows = lists.rename({"known_from": "arrived_at"})
    missing = []
    while not open_.is_empty():
        met = open_.join(rows, on=["place", "source"])
        holds = (pl.col("arrived_at") <= pl.col("known_from")) & (
            pl.col("received_on")
            .is_between("complete_from", "complete_to")
            .fill_null(pl.col("covers_unreceived"))
        )
        met = met.with_columns(holds=holds)
        missing.append(met.filter("holds").select("life", at="effective_at"))
        open_ = met.filter(~pl.col("holds")).select(
            "life", "source", "known_from", "received_on", place=pl.col("place") + 1
        )
    return (
        pl.concat(missing) if missing else pl.DataFrame(schema={"life": pl.UInt32, "at": pl.Datetime("us")})
    )
