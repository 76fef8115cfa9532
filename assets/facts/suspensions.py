"""Suspensions: from when to when the applicant, a payment or a stop was waited for."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import LONG_AGO, NEVER, number
from assets.facts.statements import windows_of


def requests_of(words: pl.DataFrame) -> pl.DataFrame:
    """Returns the listed requests for supplements of each life: life, k (1, 2 … in order of time), requested_at, resumed_at,
    due_before, due_after.
    """
    return windows_of(words, "life").with_columns(k=number())


def suspensions_of(runs: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """Returns life, from_at, to_at (NEVER: still) and status (5, 6 or 8) of every stretch of waiting; they may overlap."""
    return pl.concat([_listed(runs, requests), _seen(runs, requests)]).sort("life", maintain_order=True)


def _listed(runs: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    first, requested = pl.col("first_from"), pl.col("requested_at")
    resumed = pl.col("resumed_at").fill_null(NEVER)
    goes_on = pl.col("class").is_in(["processing", "finished"]) & (first > requested)
    waits = (
        (pl.col("class") == "suspended")
        & pl.col("status").is_in([6, 8])
        & (first >= requested)
        & (first <= resumed)
    )
    return (
        requests.join(runs.select("life", "class", "status", "first_from"), on="life", how="left")
        .group_by("life", "k", "requested_at", "resumed_at", maintain_order=True)
        .agg(goes_on_at=first.filter(goes_on).min(), status=pl.col("status").filter(waits).max())
        .select(
            "life",
            from_at="requested_at",
            # Without a resumption it lasts until the dossier is next stated to go on.
            to_at=pl.coalesce("resumed_at", "goes_on_at", NEVER),
            status=pl.col("status").fill_null(5),
        )
    )


def _seen(runs: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """Runs of a waiting status that no listed request explains: from the request, or from when it was first seen."""
    waiting = runs.filter(pl.col("class") == "suspended")
    explained = (
        waiting.join(requests, on="life")
        .filter(
            (pl.col("requested_at_right") <= pl.col("first_from"))
            & (pl.col("resumed_at").fill_null(NEVER) >= pl.col("previous_from").fill_null(LONG_AGO))
        )
        .select("run")
    )
    is_requested = (pl.col("requested_at") <= pl.col("first_from")) & (
        pl.col("requested_at") > pl.col("previous_from").fill_null(LONG_AGO)
    )
    return waiting.join(explained, on="run", how="anti", maintain_order="left").select(
        "life",
        from_at=pl.when(is_requested).then("requested_at").otherwise("first_from"),
        to_at=pl.col("next_from").fill_null(NEVER),
        status="waits_for",
    )
