"""The dossier as one: merged attributes over both portals, and how its life stands."""

from __future__ import annotations

import polars as pl

from assets.facts.lives import before
from assets.facts.offices import UNKNOWN_UNIT
from assets.facts.words import ATTRIBUTES

_DEFAULT_UNIT_FROM = pl.date(1900, 1, 1)
#: What the dossier has another column of, or a value where nobody says one.
_MADE_INTO_OTHERS = frozenset({"procedure_code", "procedure_name", "supplements"})
#: Attributes that the dossier bears under the name that they have in history.
PASSED_ON = tuple(name for name in ATTRIBUTES if name not in _MADE_INTO_OTHERS)
_PRESUMED = {"channel": 1, "has_household_book": False, "has_identity_copy": False}


def dossiers_of(
    words: pl.DataFrame,
    spans: pl.DataFrame,
    offices: pl.DataFrame,
    units: pl.DataFrame,
    procedures: pl.DataFrame,
    limits: pl.DataFrame,
    absences: pl.DataFrame,
    steps: pl.DataFrame,
    other_codes: pl.DataFrame,
    timeliness: pl.DataFrame,
) -> pl.DataFrame:
    """Returns one row per life, columns of core.fct_dossier with `life` in place of the dossier code.

    `units`: unit_code, unit_valid_from, unit_key. `timeliness`: as of `timeliness_of`.
    """
    standing = _standing(spans)
    rows = (
        words.rename({"class": "word_class", "status": "word_status", "due_at": "word_due_at"})
        .drop("procedure_code")
        .join(standing, on="life", how="left")
        .join(offices, on="life", how="left")
        .join(procedures.drop("limit_value", "limit_unit"), on="life", how="left")
        .join(limits, on="life", how="left")
        .join(absences.rename({"at": "vanished_at"}), on="life", how="left")
        .join(_last_steps(steps), on="life", how="left")
        .join(other_codes, on="life", how="left")
        .join(timeliness, on="life", how="left")
        .with_columns(
            pl.col("unit_code").fill_null(UNKNOWN_UNIT),
            pl.col("unit_valid_from").fill_null(_DEFAULT_UNIT_FROM),
        )
        .join(units, on=["unit_code", "unit_valid_from"], how="left")
        .sort("life")
    )
    # Spans, lists and this row never differ in what they say of status, state and due date.
    is_counted = pl.col("state").is_not_null() & (pl.col("state") != "not_received")
    is_over = pl.col("state").is_in(["resolved", "withdrawn"])
    return rows.with_columns(pl.col(name).fill_null(value) for name, value in _PRESUMED.items()).select(
        "life",
        *PASSED_ON,
        unit_code="unit_code",
        unit_valid_from="unit_valid_from",
        unit_key="unit_key",
        procedure_code="procedure_code",
        procedure_key="procedure_key",
        status=pl.when(is_counted).then("last_status").otherwise("word_status"),
        state=pl.col("state").fill_null("not_received"),
        is_counted=is_counted,
        received_at="received_at",
        first_due_at="first_due_at",
        due_at=pl.when(is_counted).then("last_due_at").otherwise("word_due_at"),
        due_has_clock=pl.when(is_counted).then("last_due_has_clock"),
        ended_at=pl.when(is_over).then("state_from"),
        returned_at="returned_at",
        refused_at="refused_at",
        vanished_at="vanished_at",
        supplement_count=pl.col("supplement_count").fill_null(0).cast(pl.Int16),
        province_status="province_status",
        province_said_at="province_said_at",
        national_status="national_status",
        national_said_at="national_said_at",
        portal_disagreements=_disagreements(),
        last_step_at="last_step_at",
        last_step_status="last_step_status",
        flags=_flags(),
        limit_due_at="limit_due_at",
        other_codes=pl.col("other_codes").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        **{name: name for name in timeliness.columns if name != "life"},
    )


def _standing(spans: pl.DataFrame) -> pl.DataFrame:
    """Returns how each life stands by its spans: state, last_status, state_from, last_due_at, last_due_has_clock, first_due_at,
    supplement_count."""
    # A due date that moves while it waits is no further request.
    is_request = (pl.col("status") == 5) & (before("status").fill_null(0) != 5)
    # Nor does one that is stated after the end move the end.
    is_turn = pl.col("state").ne_missing(before("state"))
    return (
        spans.with_columns(is_request=is_request, is_turn=is_turn)
        .group_by("life", maintain_order=True)
        .agg(
            state=pl.col("state").last(),
            last_status=pl.col("status").last(),
            state_from=pl.col("valid_from").filter("is_turn").last(),
            last_due_at=pl.col("due_at").last(),
            last_due_has_clock=pl.col("due_has_clock").last(),
            first_due_at=pl.col("due_at").first(),
            supplement_count=pl.col("is_request").sum(),
        )
    )


def _last_steps(steps: pl.DataFrame) -> pl.DataFrame:
    return (
        steps.filter(pl.col("processed_at").is_not_null())
        .sort(
            *("life", "processed_at", "status", "department", "position"),
            descending=[False, True, True, False, False],
            nulls_last=[False, False, False, True, True],
        )
        .unique("life", keep="first", maintain_order=True)
        .select("life", last_step_at="processed_at", last_step_status="status")
    )


def _disagreements() -> pl.Expr:
    """Returns where the portals disagree, a list of names."""
    differs_in_status = pl.col("national_class") != pl.col("province_class")
    differs_in_due = pl.col("national_due_at").dt.date().ne_missing(pl.col("province_due_at").dt.date())
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return (
        pl.when(pl.col("national_status").is_null())
        .then(pl.lit(["missing_national"]))
        .when(pl.col("province_status").is_null())
        .then(pl.lit(["missing_provincial"]))
        .otherwise(
            pl.concat_list(
                pl.when(differs_in_status).then(pl.lit(["status"])).otherwise(nothing),
                pl.when(differs_in_due).then(pl.lit(["due_date"])).otherwise(nothing),
            )
        )
    )


def _flags() -> pl.Expr:
    """Returns the flags of the row; what the dimensions know may have changed since it came, so theirs are set again."""
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return pl.concat_list(
        pl.col("flags").list.filter(~pl.element().is_in(["unknown_unit", "unknown_procedure"])),
        pl.when(pl.col("is_known").fill_null(False)).then(nothing).otherwise(pl.lit(["unknown_unit"])),
        pl.when(pl.col("is_catalogued").fill_null(False))
        .then(nothing)
        .otherwise(pl.lit(["unknown_procedure"])),
    )
