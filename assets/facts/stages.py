"""Stages: how long a dossier lay in what status at which office.

A stage is the status that a step set and the office that set it; it lasts from this step to the next one, or to the end of
processing. A made-up national "finished" (9) is no stage.
"""

from __future__ import annotations

import polars as pl

from assets.facts.lives import NEVER, after, number

_STAGES = (1, 2, 4, 5, 6, 8)


def stages_of(
    steps: pl.DataFrame, dossiers: pl.DataFrame, days: pl.DataFrame, minutes: pl.DataFrame
) -> pl.DataFrame:
    """Returns life, stage_number, status, department, began_at, until_at (null: still), is_ended, working_minutes,
    began_working_minute of each counted dossier.

    `steps` laid out by life, with life_order of their status. `dossiers`: life, is_counted, ended_at, vanished_at. `days`: date,
    is_working_day, worked_before. `minutes`: minute (a time), worked; both in minutes of office hours.
    """
    ordered = steps.filter(pl.col("status").is_in(_STAGES) & pl.col("processed_at").is_not_null()).sort(
        "life",
        *("processed_at", "life_order", "department", "source", "position", "started_at", "due_at"),
        nulls_last=True,
    )
    began = pl.col("processed_at")
    rows = (
        ordered.with_columns(next_at=after("processed_at"))
        .join(
            dossiers.filter("is_counted").select("life", "ended_at", "vanished_at"),
            on="life",
            maintain_order="left",
        )
        # Of what is stated of one instant the later state stands; after the end there is no stage.
        .filter((pl.col("next_at") > began).fill_null(True) & (pl.col("ended_at") > began).fill_null(True))
        .select(
            *("life", "status", "department"),
            stage_number=number().cast(pl.Int16),
            began_at=began,
            until_at=pl.min_horizontal("next_at", "ended_at", "vanished_at"),
            is_ended=(
                pl.min_horizontal("next_at", "ended_at") < pl.col("vanished_at").fill_null(NEVER)
            ).fill_null(False),
        )
    )
    rows = _worked(_worked(rows, "began_at", days, minutes), "until_at", days, minutes)
    return rows.filter(
        pl.col("began_at_worked").is_not_null()
        # a day that no calendar knows has no office hours to be counted by
        & (pl.col("until_at").is_null() | pl.col("until_at_worked").is_not_null())
    ).select(
        *("life", "stage_number", "status", "department", "began_at", "until_at", "is_ended"),
        working_minutes=(pl.col("until_at_worked") - pl.col("began_at_worked")).clip(0),
        began_working_minute="began_at_worked",
    )


def _worked(rows: pl.DataFrame, name: str, days: pl.DataFrame, minutes: pl.DataFrame) -> pl.DataFrame:
    """Adds the minutes of office hours before an instant, since the calendar begins."""
    return (
        rows.with_columns(date=pl.col(name).dt.date(), minute=pl.col(name).dt.truncate("1m").dt.time())
        .join(days, on="date", how="left", maintain_order="left")
        .join(minutes, on="minute", how="left", maintain_order="left")
        .with_columns(
            (pl.col("worked_before") + pl.when("is_working_day").then("worked").otherwise(0)).alias(
                f"{name}_worked"
            )
        )
        .drop("date", "minute", "worked_before", "is_working_day", "worked")
    )
