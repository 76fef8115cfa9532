"""How each dossier stands under each rule set: what its events add up to, so that nobody has to sum them again.

What is overdue depends on the day that is counted: kept is the day from which a dossier is, if nothing more becomes known of it.
Before `settled_on`, which a few dossiers have in days to come, its events themselves say what counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

#: The rule sets that core.fct_dossier has columns of, the form's first.
KEPT = ("ii06", "qd766", "opencps")
COLUMNS = (
    *(f"is_on_time_{name}" for name in KEPT),
    "resolved_on",
    *(f"overdue_from_{name}" for name in KEPT),
    "settled_on",
)
_FORM = KEPT[0]
_IN_TIME, _LATE = 1, 2
_WEIGHTS = {"resolved_early": _IN_TIME, "resolved_on_time": _IN_TIME, "resolved_late": _LATE}
_OVERDUE = {"became_overdue": 1, "overdue_cleared": -1}
_KIND, _ON = pl.col("kind"), pl.col("event_on")
_WEIGHT, _BALANCE = (
    _KIND.replace_strict(of_kinds, default=0, return_dtype=pl.Int16) * pl.col("quantity")
    for of_kinds in (_WEIGHTS, _OVERDUE)
)


def timeliness_of(events: pl.DataFrame, bits: Mapping[str, int]) -> pl.DataFrame:
    """Returns, of each life that has events, is_on_time_… and overdue_from_… of each rule set, resolved_on and settled_on.

    On time: finished early or on time; False: late; null: not finished, or not timed. Resolved on: the day on which form II.06
    counts it as resolved; null while it does not. Settled on: the last day on which something changes that is not a due date
    that passes; null where that is resolved_on.

    `events`: as of `events_of`. `bits`: of each rule set.
    """
    kept = events.filter((_KIND != "received") & pl.any_horizontal(_holds_under(bits[name]) for name in KEPT))
    sums = kept.group_by("life").agg(
        *(_WEIGHT.filter(_holds_under(bits[name])).sum().alias(f"weight_{name}") for name in KEPT),
        *(_BALANCE.filter(_holds_under(bits[name])).sum().alias(f"balance_{name}") for name in KEPT),
        *(_last_overdue(bits[name]).alias(f"overdue_from_{name}") for name in KEPT),
        last_resolved_on=_ON.filter(_holds_under(bits[_FORM]) & (_WEIGHT > 0)).max(),
        changed_on=_ON.filter(_KIND != "became_overdue").max(),
    )
    resolved_on = pl.when(pl.col(f"weight_{_FORM}") > 0).then("last_resolved_on")
    return sums.select(
        "life",
        *(_is_on_time(pl.col(f"weight_{name}")).alias(f"is_on_time_{name}") for name in KEPT),
        *(
            pl.when(pl.col(f"balance_{name}") > 0).then(f"overdue_from_{name}").alias(f"overdue_from_{name}")
            for name in KEPT
        ),
        resolved_on=resolved_on,
        settled_on=pl.when(pl.col("changed_on").ne_missing(resolved_on)).then("changed_on"),
    )


def _holds_under(bit: int) -> pl.Expr:
    return (pl.col("rule_sets") & bit) != 0


def _last_overdue(bit: int) -> pl.Expr:
    return _ON.filter(_holds_under(bit) & (_KIND == "became_overdue")).max()


def _is_on_time(weight: pl.Expr) -> pl.Expr:
    return pl.when(weight > 0).then(weight == _IN_TIME)
