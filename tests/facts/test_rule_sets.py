"""Rule sets: what is early, on time, late and overdue under each of them, as the rules are written down."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from assets.facts.rule_sets import RULE_SETS
from tests.facts.rows import frame

_COLUMNS = "valid_from from_has_clock status state due_at due_has_clock request_number limit_due_at"
_STATES = {4: "processing", 2: "processing", 7: "withdrawn", 9: "resolved", 10: "resolved", 3: "not_received"}


def _judged(rule_set: str, **span: Any) -> dict[str, Any]:
    """Returns how a rule set takes a span; it is resolved at 08:00 on the 18th, due at 09:00 then, if not stated otherwise."""
    given: dict[str, Any] = {
        "valid_from": "18 08:00",
        "from_has_clock": True,
        "status": 9,
        "due_at": "18 09:00",
    }
    given |= {"due_has_clock": None if span.get("due_at", "") is None else True, "request_number": 0} | span
    given.setdefault("state", _STATES.get(given["status"], "suspended"))
    row = frame(_COLUMNS, tuple(given.get(name) for name in _COLUMNS.split()))
    rule = RULE_SETS[rule_set]()
    judged = row.select(
        span_class=rule.span_class,
        kind=rule.resolved_kind.str.strip_prefix("resolved_"),
        overdue_on=rule.overdue_on.cast(pl.Date),
    )
    ((span_class, kind, overdue_on),) = judged.rows()
    return {"class": span_class, "kind": kind, "overdue_on": overdue_on and overdue_on.day}


def _kind(rule_set: str, **span: Any) -> str:
    return str(_judged(rule_set, **span)["kind"])


def _overdue_on(rule_set: str, **span: Any) -> int | None:
    day: int | None = _judged(rule_set, **({"status": 4, "valid_from": "17 09:00"} | span))["overdue_on"]
    return day


@pytest.mark.parametrize(
    ("ended", "kind"), [("17 16:00", "early"), ("18 16:00", "on_time"), ("19 07:00", "late")]
)
def test_ii06_compares_days(ended: str, kind: str) -> None:
    assert _kind("ii06", valid_from=ended) == kind


def test_ii06_takes_what_has_no_due_date_and_what_was_withdrawn_as_on_time() -> None:
    assert _kind("ii06", due_at=None, valid_from="30 08:00") == "on_time"
    assert _kind("ii06", status=7, valid_from="30 08:00") == "on_time"


def test_ii06_has_an_open_dossier_overdue_from_the_day_after_its_due_date() -> None:
    assert _overdue_on("ii06") == 19
    assert _overdue_on("ii06", due_at=None) is None


@pytest.mark.parametrize("status", [5, 6, 8])
def test_ii06_never_has_a_waiting_dossier_overdue(status: int) -> None:
    assert _judged("ii06", status=status) == {"class": "open", "kind": "on_time", "overdue_on": None}


@pytest.mark.parametrize(
    ("ended", "kind"), [("17 16:00", "early"), ("18 09:00", "on_time"), ("18 09:01", "late")]
)
def test_qd766_compares_instants_and_early_is_a_day_before(ended: str, kind: str) -> None:
    assert _kind("qd766", valid_from=ended) == kind


def test_qd766_has_a_second_request_for_supplements_late_whatever_the_dates() -> None:
    assert _kind("qd766", valid_from="17 16:00", request_number=2) == "late"
    assert _overdue_on("qd766", status=5, valid_from="17 16:00", request_number=2) == 17


def test_qd766_takes_a_stop_as_an_end_and_waiting_for_a_payment_as_open() -> None:
    assert _judged("qd766", status=8)["class"] == "stopped"
    assert _judged("qd766", status=6)["class"] == "open"


def test_qd766_judges_a_wait_for_supplements_by_the_moment_of_the_request() -> None:
    assert _overdue_on("qd766", status=5, valid_from="18 09:00") is None
    assert _overdue_on("qd766", status=5, valid_from="18 09:01") == 18


def test_qd766_has_an_open_dossier_overdue_from_the_due_day_on() -> None:
    assert _overdue_on("qd766") == 18


def test_qd766_takes_the_limit_where_no_due_date_was_promised() -> None:
    assert _kind("qd766", due_at=None, limit_due_at="17 09:00") == "late"
    assert _overdue_on("qd766", due_at=None, limit_due_at="20 09:00") == 20
    assert _kind("qd766", due_at=None) == "on_time"


@pytest.mark.parametrize(
    ("due", "ended", "kind"),
    [
        # Due at 09:00: in the morning session, begun at 07:00.
        *(("18 09:00", "18 06:59", "early"), ("18 09:00", "18 07:00", "on_time")),
        *(("18 09:00", "18 09:00", "on_time"), ("18 09:00", "18 09:01", "late")),
        # Due at 14:00: in the afternoon session, begun at 13:30.
        *(("18 14:00", "18 13:29", "early"), ("18 14:00", "18 13:30", "on_time")),
        # Due before the office opens: the session last begun is yesterday afternoon's.
        *(("18 06:00", "17 13:29", "early"), ("18 06:00", "17 13:30", "on_time")),
    ],
)
def test_opencps_is_early_before_the_half_day_session_of_the_due_instant(
    due: str, ended: str, kind: str
) -> None:
    assert _kind("opencps", due_at=due, valid_from=ended) == kind


@pytest.mark.parametrize("rule_set", ["opencps", "opencps_v1", "opencps_v2"])
def test_opencps_does_not_time_what_was_cancelled_and_takes_a_stop_as_released(rule_set: str) -> None:
    assert _judged(rule_set, status=7)["kind"] == "untimed"
    assert _judged(rule_set, status=8)["class"] == "resolved"


@pytest.mark.parametrize("rule_set", ["opencps", "opencps_v1", "opencps_v2"])
def test_opencps_has_an_open_dossier_overdue_from_the_due_day_on_unless_it_waits_for_papers(
    rule_set: str,
) -> None:
    assert _overdue_on(rule_set) == 18
    assert _overdue_on(rule_set, status=6) == 18
    assert _overdue_on(rule_set, status=5) is None


def test_the_first_version_of_opencps_is_early_at_any_instant_before_the_due_one() -> None:
    assert _kind("opencps_v1", valid_from="18 08:59") == "early"
    assert _kind("opencps_v1", valid_from="18 09:00") == "on_time"


def test_the_versions_of_opencps_differ_in_what_has_no_due_date() -> None:
    kinds = [_kind(name, due_at=None) for name in ("opencps", "opencps_v1", "opencps_v2")]
    assert kinds == ["on_time", "on_time", "early"]


def test_the_second_version_of_opencps_begins_the_afternoon_at_one() -> None:
    assert _kind("opencps_v2", due_at="18 14:00", valid_from="18 13:00") == "on_time"
    assert _kind("opencps_v2", due_at="18 14:00", valid_from="18 12:59") == "early"
    # Outside both sessions early is before the day itself.
    assert _kind("opencps_v2", due_at="18 18:00", valid_from="18 00:01") == "on_time"
    assert _kind("opencps_v2", due_at="18 18:00", valid_from="17 16:00") == "early"


@pytest.mark.parametrize("rule_set", sorted(RULE_SETS))
def test_a_due_date_without_a_clock_lasts_its_whole_day_under_every_rule_set(rule_set: str) -> None:
    whole_day = {"due_at": "18 00:00", "due_has_clock": False}
    assert _kind(rule_set, valid_from="18 23:59", **whole_day) == "on_time"
    assert _kind(rule_set, valid_from="19 00:00", **whole_day) == "late"
    assert _kind(rule_set, valid_from="17 16:00", **whole_day) == "early"


@pytest.mark.parametrize("rule_set", sorted(RULE_SETS))
def test_an_end_without_a_clock_is_late_only_on_a_later_day_under_every_rule_set(rule_set: str) -> None:
    day = {"from_has_clock": False, "due_at": "18 09:00"}
    assert _kind(rule_set, valid_from="18 00:00", **day) == "on_time"
    assert _kind(rule_set, valid_from="19 00:00", **day) == "late"


@pytest.mark.parametrize("rule_set", sorted(RULE_SETS))
def test_what_vanished_or_was_set_back_is_no_longer_counted_under_any_rule_set(rule_set: str) -> None:
    assert _judged(rule_set, status=3)["class"] == "vanished"
    assert _judged(rule_set, status=4, state="vanished")["class"] == "vanished"
    assert _judged(rule_set, status=8, state="vanished")["class"] == "vanished"
