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


def suspensions_of(
    runs: pl.DataFrame, requests: pl.DataFrame, going_on: pl.DataFrame, national_ends: pl.DataFrame
) -> pl.DataFrame:
    """Returns life, from_at, to_at (NEVER: still) and status (5, 6 or 8) of every stretch of waiting; they may overlap.

    `going_on`: life, at of every export, news or repeat, in which the province stated that the dossier goes on. `national_ends`:
    life, ended_at of every end that the national copy says.
    """
    listed = _listed(runs, requests, going_on)
    seen = _seen(runs, listed, going_on, national_ends)
    stretches = [rows.select("life", "from_at", "to_at", "status") for rows in (listed, seen)]
    return pl.concat(stretches).sort("life", maintain_order=True)


def _listed(runs: pl.DataFrame, requests: pl.DataFrame, going_on: pl.DataFrame) -> pl.DataFrame:
    """Returns the stretches of listed requests, with resumed_at as it is listed."""
    first, requested = pl.col("first_from"), pl.col("requested_at")
    resumed = pl.col("resumed_at").fill_null(NEVER)
    goes_on = pl.col("class").is_in(["processing", "finished"]) & (first > requested)
    waits = (
        (pl.col("class") == "suspended")
        & pl.col("status").is_in([6, 8])
        & (first >= requested)
        & (first <= resumed)
    )
    stated_to_go_on = (
        requests.join(going_on, on="life")
        .filter(pl.col("at") > requested)
        .group_by("life", "k")
        .agg(stated_to_go_on_at=pl.col("at").min())
    )
    return (
        requests.join(runs.select("life", "class", "status", "first_from"), on="life", how="left")
        .group_by("life", "k", "requested_at", "resumed_at", maintain_order=True)
        .agg(goes_on_at=first.filter(goes_on).min(), status=pl.col("status").filter(waits).max())
        .join(stated_to_go_on, on=["life", "k"], how="left", maintain_order="left")
        .select(
            "life",
            from_at="requested_at",
            # Without a resumption it lasts until the dossier is next stated to go on, by news or by a repeat of the province.
            to_at=pl.coalesce("resumed_at", pl.min_horizontal("goes_on_at", "stated_to_go_on_at"), NEVER),
            status=pl.col("status").fill_null(5),
            resumed_at="resumed_at",
        )
    )


def _seen(
    runs: pl.DataFrame, listed: pl.DataFrame, going_on: pl.DataFrame, national_ends: pl.DataFrame
) -> pl.DataFrame:
    """Runs of a waiting status that no listed request explains: from the request, or from when the national copy has it
    finished, else from when it was first seen.
    """
    waiting = runs.filter(pl.col("class") == "suspended")
    # A resumption that is listed may be known here before the province states it. A request that ended because the province
    # stated that the dossier goes on does not explain why it waits afterwards.
    reaches = (
        pl.when(pl.col("resumed_at").is_null())
        .then("first_from")
        .otherwise(pl.col("previous_from").fill_null(LONG_AGO))
    )
    explained = (
        waiting.join(listed.select("life", "from_at", "to_at", "resumed_at"), on="life")
        .filter((pl.col("from_at") <= pl.col("first_from")) & (pl.col("to_at") >= reaches))
        .select("run")
    )
    is_requested = (pl.col("requested_at") <= pl.col("first_from")) & (
        pl.col("requested_at") > pl.col("previous_from").fill_null(LONG_AGO)
    )
    unexplained = waiting.join(explained, on="run", how="anti", maintain_order="left")
    return unexplained.join(
        _stopped_nationally(unexplained, going_on, national_ends), on="run", how="left", maintain_order="left"
    ).select(
        "life",
        from_at=pl.when(is_requested).then("requested_at").otherwise(pl.coalesce("stopped_at", "first_from")),
        to_at=pl.col("next_from").fill_null(NEVER),
        status="waits_for",
    )


def _stopped_nationally(
    waiting: pl.DataFrame, going_on: pl.DataFrame, national_ends: pl.DataFrame
) -> pl.DataFrame:
    """Returns run and stopped_at: the moment at which the national copy says finished, if it lies after the last export in
    which the province stated that the dossier goes on, and not after its first one that says it waits.
    """
    asked = waiting.join(national_ends, on="life").filter(pl.col("ended_at_right") <= pl.col("first_from"))
    last_going_on = (
        asked.join(going_on, on="life")
        .filter(pl.col("at") < pl.col("first_from"))
        .group_by("run")
        .agg(last_going_on=pl.col("at").max())
    )
    return (
        asked.join(last_going_on, on="run", how="left")
        .filter(pl.col("ended_at_right") > pl.col("last_going_on").fill_null(LONG_AGO))
        .group_by("run")
        .agg(stopped_at=pl.col("ended_at_right").max())
    )
