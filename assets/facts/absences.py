"""Absences: from when complete lists do not name a dossier any more, and when that became known.

The portals' sides are looked at apart; on the side of the province a dossier is missed by the source that named it last: one that
moved to another system of the province is not missed by the old one. A list of a period must name what was received in it, as the
source stated last before.
"""

from __future__ import annotations

import polars as pl

from assets.facts.links import components_of
from assets.facts.lives import after
from assets.facts.statements import NATIONAL

#: Of the sources that named a dossier at one moment; more of them are never compared.
_SOURCES = 64
_ALWAYS, _NEVER = pl.lit(True), pl.lit(False)


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


def receptions_stated(
    appearances: pl.DataFrame, statements: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Returns dossier_code and received_on: for each code that was named, every day that any statement ever gave as that of its
    reception, those of linked codes included, and null, for there may be times without one.
    """
    roots = components_of(links)
    root = pl.coalesce("root", "dossier_code")
    codes = appearances.select("dossier_code").unique()
    days = (
        statements.select("dossier_code", received_on=pl.col("received_at").dt.date())
        .drop_nulls()
        .join(roots, on="dossier_code", how="left")
        .select("received_on", root=root)
        .unique()
    )
    dated = codes.join(roots, on="dossier_code", how="left").with_columns(root=root).join(days, on="root")
    undated = codes.with_columns(received_on=pl.lit(None, pl.Date))
    return pl.concat([dated.select("dossier_code", "received_on"), undated])


def moments_of_absence(
    appearances: pl.DataFrame,
    complete_lists: pl.DataFrame,
    receptions: pl.DataFrame,
    roots: pl.DataFrame,
) -> pl.DataFrame:
    """Returns dossier_code and known_from of every arrival by which a dossier may come to be missed or seen again.

    `receptions`: dossier_code, received_on, as `receptions_stated`; `roots`: dossier_code, root, as `components_of`. More than
    change anything, never fewer. Where each list came before the later ones, that is the first list after an appearance that must
    name a dossier received on one of these days, if the dossier is not in it, and the appearance after that list, under
    whichever of its codes.
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
    # Lists that were not late have arrived in their order: what is seen again before one is seen before all after it.
    is_seen_again = (pl.col("next_seen") <= pl.col("effective_at")) & (
        pl.col("next_known") <= pl.col("arrived_at")
    )
    missed = _first_list(
        seen.join(receptions, on="dossier_code"),
        arrivals.filter(~pl.col("is_late")).drop("is_late"),
        ends=is_seen_again.fill_null(False),
    )
    parts = [
        missed.select("dossier_code", known_from="arrived_at"),
        missed.select("dossier_code", known_from="next_known"),
        _seen_under_other_codes(missed, appearances, roots, any_late=not late.is_empty()),
        seen.join(late, on="source")
        .filter(pl.col("effective_at") > pl.col("seen_at"))
        .select("dossier_code", "known_from"),
        # What is seen again after a list that came late, whichever it was.
        seen.filter(pl.col("source").is_in(late["source"].unique().implode())).select(
            "dossier_code", known_from="next_known"
        ),
    ]
    return pl.concat(parts).filter(pl.col("known_from").is_not_null()).unique()


def _seen_under_other_codes(
    missed: pl.DataFrame, appearances: pl.DataFrame, roots: pl.DataFrame, any_late: bool
) -> pl.DataFrame:
    """Returns dossier_code and known_from of what may show a missed dossier again under another of its codes."""
    linked = appearances.join(roots, on="dossier_code")
    if any_late:
        return linked.select("dossier_code", "known_from")
    others = roots.rename({"dossier_code": "other_code"})
    asked = (
        missed.join(roots, on="dossier_code")
        .join(others, on="root")
        .filter(pl.col("other_code") != pl.col("dossier_code"))
        .select("effective_at", dossier_code="other_code")
        .unique()
        .join(pl.DataFrame({"is_provincial": [False, True]}), how="cross")
    )
    # An appearance has the last moment known by then, so the first one that is not before the list is the first that was known.
    return (
        asked.sort("effective_at")
        .join_asof(
            linked.sort("seen_at", "known_from"),
            left_on="effective_at",
            right_on="seen_at",
            by=["dossier_code", "is_provincial"],
            strategy="forward",
            check_sortedness=False,
        )
        .select("dossier_code", "known_from")
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
    was_known = pl.col("arrived_at") <= pl.col("known_from")
    return _first_list(asked, complete_lists, counts=was_known).select("life", at="effective_at")


_LATEST = ("state_at", "state_rank", "file_rank", "own_code")


def _first_list(
    asked: pl.DataFrame,
    complete_lists: pl.DataFrame,
    counts: pl.Expr = _ALWAYS,
    ends: pl.Expr = _NEVER,
) -> pl.DataFrame:
    """Adds to each row the first list of its source after seen_at that must name a dossier received on received_on and that
    `counts`; rows without such a list, or that end before it, are left out.

    Lists are met as of a moment and then one after the other, as far as a later one still reaches the day of reception: never
    each list with each dossier. Returns the columns of `asked` and of the list, with arrived_at for known_from.
    """
    lists = _with_reach(complete_lists.rename({"known_from": "arrived_at"}))
    columns = asked.columns
    met = _first_after(asked, lists)
    first = [met.clear()]
    day = pl.col("received_on")
    must_name = day.is_between("complete_from", "complete_to").fill_null(pl.col("covers_unreceived"))
    is_reached = (
        pl.when(day.is_null())
        .then("reaches_unreceived")
        .otherwise(day.is_between("reaches_from", "reaches_to"))
    ).fill_null(False)
    while not met.is_empty():
        met = met.filter(~ends)
        is_it = must_name & counts
        first.append(met.filter(is_it))
        rest = met.filter(~is_it & is_reached).select(*columns, place=pl.col("place") + 1)
        met = rest.join(lists, on=["source", "place"]).select(met.columns)
    return pl.concat(first)


def _with_reach(lists: pl.DataFrame) -> pl.DataFrame:
    """Returns the lists in order, numbered by `place`, each with the days of reception that those after it cover at most."""

    def of_later(column: pl.Expr) -> pl.Expr:
        return column.reverse().shift(-1).over("source")

    return (
        lists.sort("source", "effective_at", "arrived_at")
        .with_row_index("place")
        .with_columns(
            reaches_from=of_later(pl.col("complete_from").reverse().cum_min()),
            reaches_to=of_later(pl.col("complete_to").reverse().cum_max()),
            reaches_unreceived=of_later(pl.col("covers_unreceived").reverse().cum_max()),
        )
    )


def _first_after(asked: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of the first list of the source after seen_at, of several at one moment those of the first row; rows
    without one are left out.
    """
    return (
        asked.sort("seen_at")
        .join_asof(
            lists.sort("effective_at", "place").unique(
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
