"""What the due instants of dossiers ought to be by the deadline rules, beside what the portals promised.

Here: whole frames of dossiers. Not here: the rules (`deadline`), explaining one dossier (`due`), and where the two
differ (mart.due_audit).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import polars as pl

from assets.dimensions.work_calendar import WorkCalendar
from assets.facts.deadline import Office
from assets.facts.deadline_batch import due_frame
from assets.facts.lives import NEVER


def computed_due_of(
    dossiers: pl.DataFrame, spans: pl.DataFrame, procedures: pl.DataFrame, lives: pl.DataFrame, office: Office
) -> pl.DataFrame:
    """Returns rows of core.fct_due: one per dossier that is counted, as known now.

    The limit that the portal states for the dossier is preferred to the catalogue's of the day of reception.
    """
    rows = (
        dossiers.filter("is_counted")
        .select("life", "received_at", "first_due_at", portal_limit="limit_value")
        .join(lives.filter(pl.col("known_to") == NEVER).select("life", "dossier_code"), on="life")
        .join(procedures.select("life", "limit_value", "limit_unit"), on="life")
        .join(_pauses_of(spans), on="life", how="left")
        .sort("life")
    )
    plain = rows.select("dossier_code", "received_at", "limit_value", "limit_unit")
    fresh = due_frame(plain, office)
    paused = due_frame(plain.with_columns(rows["pauses"]), office)
    # Where the promise is another one: is it that of someone who knows no holidays?
    weekdays = due_frame(plain, replace(office, calendar=_without_holidays(office.calendar)))
    differs = rows["first_due_at"].ne_missing(fresh["due_at"])
    limit_source = (
        pl.when(pl.col("portal_limit").is_not_null())
        .then(pl.lit("export"))
        .when(pl.col("limit_value").is_not_null())
        .then(pl.lit("catalogue"))
    )
    return rows.select(
        *("dossier_code", "limit_value", "limit_unit"),
        limit_source=limit_source,
        computed_due_at=fresh["due_at"],
        computed_reason=fresh["reason"],
        computed_current_due_at=paused["due_at"],
        computed_current_reason=paused["reason"],
        weekday_due_at=weekdays["due_at"].set(~differs, None),
    )


def _pauses_of(spans: pl.DataFrame) -> pl.DataFrame:
    """Returns life and pauses, the list of (paused_at, resumed_at, null: still), of lives that waited."""
    resumed_at = pl.when(pl.col("valid_to") != NEVER).then("valid_to")
    return (
        spans.filter(pl.col("state") == "suspended")
        .select("life", pause=pl.struct(paused_at="valid_from", resumed_at=resumed_at))
        .group_by("life", maintain_order=True)
        .agg(pauses="pause")
    )


@lru_cache(maxsize=4)
def _without_holidays(calendar: WorkCalendar) -> WorkCalendar:
    """Returns Monday to Friday alone."""
    # 1970-01-01 was a Thursday.
    weekdays = tuple((calendar.first + place + 3) % 7 < 5 for place in range(calendar.size))
    none = (False,) * calendar.size
    return WorkCalendar(calendar.first, weekdays, none, none, (None,) * calendar.size)
