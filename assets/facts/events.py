"""Events: what a dossier adds to which day under which rule sets.

A resolution that was taken back counts -1 on the day it was; a dossier that vanished from its source's complete lists before it
was finished counts -1 received on that day. Events that are the same under several rule sets are one, with the set of these.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from assets.facts.lives import NEVER, before, is_first, running
from assets.facts.rule_sets import RULE_SETS, Judged


def events_of(spans: pl.DataFrame, limits: pl.DataFrame, bits: Mapping[str, int]) -> pl.DataFrame:
    """Returns life, event_on, kind, quantity and rule_sets, the sum of the bits of the rule sets it holds under; never 0 of a
    kind.

    `spans`: as of `spans_of`. `limits`: life, limit_due_at. `bits`: of each rule set, 1, 2, 4 …
    """
    stated = _stated(spans).join(limits, on="life", how="left", maintain_order="left")
    stated = stated.with_columns(limit_due_at=pl.col("limit_due_at") + pl.col("waited"))
    single = pl.concat(
        _events_under(stated, RULE_SETS[name]()).with_columns(rule_sets=pl.lit(bit, pl.Int16))
        for name, bit in bits.items()
    )
    return (
        single.group_by("life", "event_on", "kind", "quantity")
        .agg(pl.col("rule_sets").sum().cast(pl.Int16))
        .sort("life", "event_on", "kind", "rule_sets")
    )


def _stated(spans: pl.DataFrame) -> pl.DataFrame:
    """Adds request_number and waited, the time waited for supplements before the span."""
    is_request = (pl.col("status") == 5) & (before("status").fill_null(0) != 5)
    waited = (
        pl.when((pl.col("status") == 5) & (pl.col("valid_to") < NEVER))
        .then((pl.col("valid_to") - pl.col("valid_from")).dt.total_microseconds())
        .otherwise(0)
    )
    return spans.with_columns(
        request_number=running(is_request), waited=running(waited) - waited
    ).with_columns(pl.col("waited").cast(pl.Duration("us")))


def _events_under(spans: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    rows = spans.select(
        *("life", "valid_from", "valid_to"),
        span_class=judged.span_class,
        resolved_kind=judged.resolved_kind,
        overdue_on=judged.overdue_on,
    ).with_columns(
        event_on=pl.col("valid_from").dt.date(),
        class_before=before("span_class"),
        kind_before=before("resolved_kind"),
    )
    parts = [_received(rows), *_finished(rows)]
    counted = (
        pl.concat(parts).group_by("life", "event_on", "kind").agg(pl.col("quantity").sum().cast(pl.Int16))
    )
    return pl.concat([counted, _overdue(rows)]).filter(pl.col("quantity") != 0)


def _event(rows: pl.DataFrame, kind: pl.Expr, quantity: pl.Expr) -> pl.DataFrame:
    return rows.select("life", "event_on", kind.alias("kind"), quantity.cast(pl.Int16).alias("quantity"))


def _received(rows: pl.DataFrame) -> pl.DataFrame:
    is_vanished = pl.col("span_class") == "vanished"
    was_vanished = (pl.col("class_before") == "vanished").fill_null(False)
    gone = pl.when(is_vanished).then(-1).otherwise(1)
    change = is_first().cast(pl.Int16) + pl.when(is_vanished != was_vanished).then(gone).otherwise(0)
    return _event(rows, pl.lit("received"), change)


def _finished(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """What is finished counts when its class changes: a resolution takes the place of a stop."""
    ends = ["resolved", "stopped"]
    is_finished = pl.col("span_class").is_in(ends)
    was_finished = pl.col("class_before").is_in(ends).fill_null(False)
    is_stopped = pl.col("span_class") == "stopped"
    was_stopped = (pl.col("class_before") == "stopped").fill_null(False)
    changes = rows.filter((is_finished != was_finished) | (is_stopped != was_stopped))
    # The kind that is taken back is the one that was counted: of the change before.
    changes = changes.with_columns(counted_kind=before("resolved_kind"))
    return [
        _event(changes.filter(is_finished), pl.col("resolved_kind"), pl.lit(1)),
        _event(changes.filter(was_finished), pl.col("counted_kind"), pl.lit(-1)),
    ]


def _overdue(rows: pl.DataFrame) -> pl.DataFrame:
    """Days at whose end the dossier is open and past its due date, from the first to the one on which that ends."""
    stretches = (
        rows.filter((pl.col("span_class") == "open") & pl.col("overdue_on").is_not_null())
        .select(
            "life",
            first_on=pl.max_horizontal("event_on", "overdue_on"),
            cleared_on=pl.when(pl.col("valid_to") < NEVER).then(pl.col("valid_to").dt.date()),
        )
        .filter(pl.col("cleared_on").is_null() | (pl.col("first_on") < pl.col("cleared_on")))
    )
    changes = (
        pl.concat(
            [
                stretches.select("life", event_on="first_on", quantity=pl.lit(1, pl.Int16)),
                stretches.filter(pl.col("cleared_on").is_not_null()).select(
                    "life", event_on="cleared_on", quantity=pl.lit(-1, pl.Int16)
                ),
            ]
        )
        .group_by("life", "event_on")
        .agg(pl.col("quantity").sum())
    )
    kind = pl.when(pl.col("quantity") > 0).then(pl.lit("became_overdue")).otherwise(pl.lit("overdue_cleared"))
    return _event(changes, kind, pl.col("quantity").abs())
