"""Known moments: when something became known that can change what a dossier's life looked like.

Not every row of every file is one: a repeat changes nothing unless it comes after a later statement of its source, after a list
that had not named the dossier, after an open request for supplements or before a wait that is known, under whichever of the
codes. More moments than needed do no harm, equal neighbours become one; fewer would.
"""

from __future__ import annotations

import polars as pl

from assets.facts.absences import moments_of_absence, receptions_stated
from assets.facts.links import components_of, filed_under
from assets.facts.lives import NEVER, after
from assets.facts.statements import WAITING, windows_of


def lives_known(
    statements: pl.DataFrame,
    steps: pl.DataFrame,
    repeats: pl.DataFrame,
    appearances: pl.DataFrame,
    complete_lists: pl.DataFrame,
    links: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Returns the lives to fold, and under which codes each was known then.

    Lives: life, dossier_code, known_from, known_to (the next known moment, NEVER: it is the last one), sorted; of dossiers with
    a statement, from the first statement on. Members: life, dossier_code, known_from.
    """
    roots = components_of(links)
    stated_of, repeats_of = _grouped(statements, roots), _grouped(repeats, roots)
    known = [
        statements,
        steps,
        links,
        _late_repeats(stated_of, repeats_of, "group", "source"),
        _repeats_that_go_on(stated_of, repeats_of),
        moments_of_absence(
            appearances, complete_lists, receptions_stated(appearances, statements, links), roots
        ),
    ]
    moments = pl.concat([frame.select("dossier_code", "known_from") for frame in known]).unique()
    stated = filed_under(moments, links, statements)
    begun = statements.group_by("dossier_code").agg(begun=pl.col("known_from").min())
    until = (
        stated.select("group", "known_from")
        .unique()
        .sort("group", "known_from")
        .with_columns(known_to=after("known_from", "group").fill_null(NEVER))
    )
    lives = (
        stated.join(begun, on="dossier_code")
        .filter(pl.col("known_from") >= pl.col("begun"))
        .select("filed_as", "known_from", "group")
        .unique()
        .join(until, on=["group", "known_from"])
        .sort("filed_as", "known_from")
        .with_row_index("life")
        .select("life", "known_from", "known_to", dossier_code="filed_as")
    )
    members = stated.join(
        lives.select("life", "known_from", filed_as="dossier_code"), on=["filed_as", "known_from"]
    ).select("life", "dossier_code", "known_from")
    return lives, members


def _repeats_that_go_on(statements: pl.DataFrame, repeats: pl.DataFrame) -> pl.DataFrame:
    """Returns the repeats by which the province may say that a dossier goes on: after an open request for supplements, or, where
    they come late, before it waited.
    """
    provincial = statements.filter("is_provincial")
    stated_again = repeats.join(provincial.select("source").unique(), on="source", how="semi")
    requested = (
        windows_of(statements, "row")
        .filter(pl.col("resumed_at").is_null())
        .join(statements.select("row", "group"), on="row")
        .group_by("group")
        .agg(pl.col("requested_at").min())
    )
    after_request = (
        stated_again.join(requested, on="group")
        .filter(pl.col("effective_from") > pl.col("requested_at"))
        .select("dossier_code", "known_from")
    )
    waits = provincial.filter(pl.col("status").is_in(WAITING))
    return pl.concat([after_request, _late_repeats(waits, stated_again, "group")])


def _late_repeats(statements: pl.DataFrame, repeats: pl.DataFrame, *line: str) -> pl.DataFrame:
    """Returns the repeats that became known after a statement that holds from a later moment and agrees with them in `line`."""
    later = (
        statements.group_by(*line, "effective_from")
        .agg(first_known=pl.col("known_from").min())
        .sort(*line, "effective_from", descending=True)
        .with_columns(line=pl.struct(line).rle_id())
        .with_columns(pl.col("first_known").cum_min().over("line"))
        .sort("effective_from")
    )
    return (
        repeats.sort("effective_from")
        .join_asof(
            later.select(*line, "effective_from", "first_known"),
            on="effective_from",
            by=list(line),
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("first_known") <= pl.col("known_from"))
        .select("dossier_code", "known_from")
    )


def _grouped(rows: pl.DataFrame, roots: pl.DataFrame) -> pl.DataFrame:
    """Adds `group`, the first of the codes that hang together with that of a row."""
    return (
        rows.join(roots, on="dossier_code", how="left")
        .with_columns(group=pl.coalesce("root", "dossier_code"))
        .drop("root")
    )
