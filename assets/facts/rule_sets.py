"""Rule sets: what is early, on time, late and overdue, stated once for each of them over the spans of a dossier.

A rule set takes each span as `judged`: its class (open, stopped, resolved or vanished; stopped and resolved are finished), what
kind of resolution it is if it finishes the dossier, and the first day at whose end the dossier is overdue while it is open.
Titles and what people read of a rule set stand in core/definitions/rule_set.yaml. What follows from it, the same for all, is in
`events.py`.

Columns of a span that a rule set may look at: valid_from, from_has_clock, status, state, due_at, due_has_clock, request_number
(which request for supplements it is or comes after), limit_due_at (reception plus the procedure's limit plus the time waited
for supplements; null where it is not known). A date without a clock means its whole day: a due date lasts until 24:00, an end
is late only on a later day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType

import polars as pl

_VALID_FROM, _STATUS, _STATE = pl.col("valid_from"), pl.col("status"), pl.col("state")
_DUE_HAS_CLOCK = pl.col("due_has_clock").fill_null(True)
_DUE, _DUE_DAY = pl.col("due_at"), pl.col("due_at").dt.date()
_IS_GONE = _STATE.is_in(["vanished", "not_received"])
_IS_RESOLVED = _STATE.is_in(["resolved", "withdrawn"])
_EARLY, _ON_TIME, _LATE, _UNTIMED = (
    pl.lit(f"resolved_{how}") for how in ("early", "on_time", "late", "untimed")
)


@dataclass(frozen=True)
class Judged:
    """How a rule set takes a span: three expressions over its columns."""

    span_class: pl.Expr
    resolved_kind: pl.Expr
    overdue_on: pl.Expr


def _class(otherwise: pl.Expr) -> pl.Expr:
    return (
        pl.when(_IS_RESOLVED)
        .then(pl.lit("resolved"))
        .when(_IS_GONE)
        .then(pl.lit("vanished"))
        .otherwise(otherwise)
    )


def _is_late(due: pl.Expr, has_clock: pl.Expr) -> pl.Expr:
    """Returns whether a span begins after the due instant; where one of the two has no clock, on a later day."""
    by_day = _VALID_FROM.dt.date() > due.dt.date()
    return (
        pl.when(pl.col("from_has_clock") & has_clock)
        .then(due < _VALID_FROM)
        .otherwise(by_day)
        .fill_null(False)
    )


def _is_early(session: pl.Expr) -> pl.Expr:
    """Returns whether a span begins before the session of the due instant; where one of the two has no clock, on a day before."""
    by_day = _VALID_FROM.dt.date() < _DUE_DAY
    has_clocks = pl.col("from_has_clock") & _DUE_HAS_CLOCK
    return pl.when(has_clocks).then(session > _VALID_FROM).otherwise(by_day).fill_null(False)


def ii06() -> Judged:
    """Form II.06 as the ministry's reporting counts it. Dates are compared, not instants.

    Resolved (9, 10): early before the due date, on time on it or without one, late after it. Withdrawn (7): resolved on time.
    Suspended (5, 6, 8): waits, never overdue. Open: overdue from the day after the due date; without one never.
    """
    day = _VALID_FROM.dt.date()
    return Judged(
        _class(pl.lit("open")),
        pl.when((_STATE == "withdrawn") | _DUE.is_null())
        .then(_ON_TIME)
        .when(day < _DUE_DAY)
        .then(_EARLY)
        .when(day == _DUE_DAY)
        .then(_ON_TIME)
        .otherwise(_LATE),
        pl.when(_STATE == "processing").then(_DUE_DAY.dt.offset_by("1d")),
    )


def qd766() -> Judged:
    """The national portal's rule for indicator 2.1 of QĐ 766/QĐ-TTg. Instants are compared.

    Ends (7, 8, 9, 10): on time when the end is not after the due instant, else late; early is the part of the on-time ones that
    end on a day before the due day. The end of 9 and 10 takes the place of an earlier end of 8. More than one supplement
    request (5): late, whatever the dates. Waiting for a supplement (5): the request counts as the end: overdue only if it came
    after the due instant. Open (2, 4, 6): the end of the report period stands for the end: overdue from the due day on. Without
    a due date: limit_due_at; where the limit is not known either, on time.
    """
    due = pl.coalesce("due_at", "limit_due_at")
    has_clock = pl.when(_DUE.is_not_null()).then(_DUE_HAS_CLOCK).otherwise(True)
    is_again_requested = pl.col("request_number") > 1
    return Judged(
        _class(pl.when(_STATUS == 8).then(pl.lit("stopped")).otherwise(pl.lit("open"))),
        pl.when(is_again_requested | _is_late(due, has_clock))
        .then(_LATE)
        .when(_VALID_FROM.dt.date() < due.dt.date())
        .then(_EARLY)
        .otherwise(_ON_TIME),
        pl.when(is_again_requested)
        .then(_VALID_FROM.dt.date())
        .when((_STATUS == 5) & due.is_not_null() & ~_is_late(due, has_clock))
        .then(None)
        .otherwise(due.dt.date()),
    )


def opencps() -> Judged:
    """The statistics of OpenCPS, without their known defects. Instants are compared.

    Released (8, 9, 10): early before the half-day session that holds the due instant, on time up to it, late after it; on time
    without one. A due instant outside both sessions (07:00, 13:30) belongs to the one last begun before it. Cancelled (7): not
    timed. Waiting for a supplement (5): no overdue test. Open (2, 4, 6): overdue when the due instant is not after the cut-off:
    from the due day on.
    """
    clock = _DUE.dt.time()
    session = (
        pl.when(clock >= time(13, 30))
        .then(_at("13h30m"))
        .when(clock >= time(7))
        .then(_at("7h"))
        .otherwise(_at("-10h30m"))
    )
    return Judged(
        _opencps_class(),
        pl.when(_STATE == "withdrawn")
        .then(_UNTIMED)
        .when(_is_late(_DUE, _DUE_HAS_CLOCK))
        .then(_LATE)
        .when(_is_early(session))
        .then(_EARLY)
        .otherwise(_ON_TIME),
        _opencps_overdue(),
    )


def opencps_v1() -> Judged:
    """As the first version of the statistics of OpenCPS counts, for comparison only.

    As opencps, but early is any instant before the due instant (there is no half-day session): extendDate, which its definition
    asks for, is set whenever a dossier is released early.
    """
    return Judged(
        _opencps_class(),
        pl.when(_STATE == "withdrawn")
        .then(_UNTIMED)
        .when(_is_late(_DUE, _DUE_HAS_CLOCK))
        .then(_LATE)
        .when(_is_early(_DUE))
        .then(_EARLY)
        .otherwise(_ON_TIME),
        _opencps_overdue(),
    )


def opencps_v2() -> Judged:
    """As the second version of the statistics of OpenCPS counts, its defects kept, for comparison only.

    As opencps, but without a due date: early (the first version: on time); the afternoon of a due instant begins at 13:00, not
    13:30 (the end's minute was taken for the start's); a due instant outside both sessions (07:00-11:30, 13:00-17:00): early is
    before 00:00 of its day. Not kept: it leaves out what was released in the first and the last instant of the period.
    """
    clock = _DUE.dt.time()
    session = (
        pl.when(clock.is_between(time(13), time(17)))
        .then(_at("13h"))
        .when(clock.is_between(time(7), time(11, 30)))
        .then(_at("7h"))
        .otherwise(_at("0h"))
    )
    return Judged(
        _opencps_class(),
        pl.when(_STATE == "withdrawn")
        .then(_UNTIMED)
        .when(_DUE.is_null())
        .then(_EARLY)
        .when(_is_late(_DUE, _DUE_HAS_CLOCK))
        .then(_LATE)
        .when(_is_early(session))
        .then(_EARLY)
        .otherwise(_ON_TIME),
        _opencps_overdue(),
    )


def _at(clock: str) -> pl.Expr:
    return _DUE.dt.truncate("1d").dt.offset_by(clock)


def _opencps_class() -> pl.Expr:
    is_stopped = (_STATUS == 8) & ~_IS_GONE
    return pl.when(is_stopped).then(pl.lit("resolved")).otherwise(_class(pl.lit("open")))


def _opencps_overdue() -> pl.Expr:
    return pl.when(_STATUS != 5).then(_DUE_DAY)


#: By the name in core.rule_set.
RULE_SETS: Mapping[str, Callable[[], Judged]] = MappingProxyType(
    {rule.__name__: rule for rule in (ii06, qd766, opencps, opencps_v1, opencps_v2)}
)
