"""Known moments: when something became known that can change what a dossier's life looked like.

Not every row of every file is one: a repeat changes nothing unless it comes after a later statement of its source, or after a
list that had not named the dossier. More moments than needed do no harm, equal neighbours become one; fewer would.
"""

from __future__ import annotations

import polars as pl

from assets.facts.absences import moments_of_absence
from assets.facts.lives import lives_of


def lives_known(
    statements: pl.DataFrame,
    steps: pl.DataFrame,
    repeats: pl.DataFrame,
    appearances: pl.DataFrame,
    complete_lists: pl.DataFrame,
) -> pl.DataFrame:
    """Returns the lives to fold, shape `lives.LIVES`: of dossiers with a statement, from the first statement on."""
    lives = lives_of(
        [
            statements,
            steps,
            _late_repeats(statements, repeats),
            moments_of_absence(appearances, complete_lists),
        ]
    )
    begun = statements.group_by("dossier_code").agg(begun=pl.col("known_from").min())
    return (
        lives.join(begun, on="dossier_code", maintain_order="left")
        .filter(pl.col("known_from") >= pl.col("begun"))
        .drop("life", "begun")
        .with_row_index("life")
    )


def _late_repeats(statements: pl.DataFrame, repeats: pl.DataFrame) -> pl.DataFrame:
    """Returns the repeats that became known after a statement of their source that holds from a later moment."""
    later = (
        statements.select("dossier_code", "source", "effective_from", first_known="known_from")
        .sort("dossier_code", "source", "effective_from", descending=True)
        .with_columns(line=pl.struct("dossier_code", "source").rle_id())
        .with_columns(pl.col("first_known").cum_min().over("line"))
        .sort("effective_from")
    )
    return (
        repeats.sort("effective_from")
        .join_asof(
            later.select("dossier_code", "source", "effective_from", "first_known"),
            on="effective_from",
            by=["dossier_code", "source"],
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("first_known") <= pl.col("known_from"))
        .select("dossier_code", "known_from")
    )
