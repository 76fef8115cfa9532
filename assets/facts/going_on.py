"""Going on: every export, news or repeat, in which the province stated that a dossier goes on.

Asked only of dossiers for which it matters: those with a request for supplements, or that waited.
"""

from __future__ import annotations

import polars as pl

from assets.facts.statements import PROVINCE

_GOES_ON = ("processing", "finished")


def going_on_of(
    statements: pl.DataFrame,
    laid_out: pl.DataFrame,
    repeats: pl.DataFrame,
    members: pl.DataFrame,
    asked: pl.DataFrame,
) -> pl.DataFrame:
    """Returns life and at, the moment of the export.

    `statements` as of `statements_of_lives`; `laid_out`: what these were taken from, with repeats that history has as statements;
    `repeats`: dossier_code, source, effective_from, known_from; `members`: life, dossier_code, known_from; `asked`: life.
    """
    provincial = statements.filter(pl.col("tier") == PROVINCE).join(asked, on="life", how="semi")
    news = provincial.filter(pl.col("class").is_in(_GOES_ON)).select("life", at="effective_from")
    # Of these, `statements` lacks those that repeat the one before.
    kept = laid_out.join(asked, on="life", how="semi").select("life", "source", "effective_from")
    repeated = (
        members.join(asked, on="life", how="semi")
        .join(repeats.rename({"known_from": "repeat_known"}), on="dossier_code")
        .filter(pl.col("repeat_known") <= pl.col("known_from"))
        .select("life", "source", "effective_from")
        .vstack(kept)
        .sort("effective_from")
        # What a repeat says, the statement of its source before it says.
        .join_asof(
            provincial.sort("effective_from", "n").select("life", "source", "effective_from", "class"),
            on="effective_from",
            by=["life", "source"],
            check_sortedness=False,
        )
        .filter(pl.col("class").is_in(_GOES_ON))
        .select("life", at="effective_from")
    )
    return pl.concat([news, repeated]).unique()
