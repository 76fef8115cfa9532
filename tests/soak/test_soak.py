"""Ten nights of the soak in `make long`; `make soak` lives through sixty. And that what grows is seen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.clock import why_not
from tests.soak.growth import breaches
from tests.soak.office import Night
from tests.soak.soak import Soak, soak, why_no_older_code

_NIGHTS, _DOSSIERS = 10, 300


@pytest.mark.long
def test_after_nights_with_kills_a_late_feed_and_an_upgrade_all_is_as_after_unbroken_ones() -> None:
    if reason := why_not() or why_no_older_code():
        pytest.skip(f"the nights were not tried: {reason}")
    with tempfile.TemporaryDirectory(prefix="mc-soak-", dir="/tmp") as folder:
        result = soak(Path(folder), _NIGHTS, _DOSSIERS, lambda night: None)
    assert breaches(result) == []
    assert result.digest == result.unbroken_digest
    assert [night.night for night in result.nights if night.killed_at] == [3, 8]


def test_sixty_nights_that_only_take_in_data_have_no_breach() -> None:
    assert breaches(_result(lambda night: night)) == []


@pytest.mark.parametrize(
    ("grows", "named"),
    [
        (lambda night: replace(night, home=night.home | {"dagster": night.night << 20}), "dagster grew"),
        (lambda night: replace(night, home=night.home | {"data-docs": night.night << 20}), "data-docs grew"),
        (lambda night: replace(night, peak_memory=night.peak_memory + (night.night << 22)), "memory grew"),
        (
            lambda night: replace(night, packed=night.packed and night.packed - (night.night << 19)),
            "dead rows",
        ),
        (lambda night: _with_staging(night, size=night.night << 18), "is empty and grew"),
        (lambda night: _with_staging(night, rows=1), "core.staged_bucket has 1 rows"),
        (lambda night: replace(night, runs_recorded=night.night), "Dagster's records hold 60 runs"),
        (lambda night: replace(night, left=["tmp/part"]), "left behind: tmp/part"),
    ],
)
def test_what_grows_is_named(grows: Callable[[Night], Night], named: str) -> None:
    (breach,) = breaches(_result(grows))
    assert named in breach


def _with_staging(night: Night, size: int = 8192, rows: int = 0) -> Night:
    warehouse = {
        "bytes": night.warehouse["bytes"] | {"core.staged_bucket": size},
        "rows": {"core.staged_bucket": rows},
    }
    return replace(night, warehouse=warehouse)


def _result(change: Callable[[Night], Night]) -> Soak:
    nights = [change(_night(number)) for number in range(1, 61)]
    return Soak(nights, "d", "d", {}, [], "", [], kept_days=10)


def _night(number: int) -> Night:
    data = 60 << 20
    return Night(
        number,
        "",
        peak_memory=0 if number % 5 == 3 else 500 << 20,
        home={"dagster": 10 << 20, "data-docs": 1 << 20},
        warehouse={"bytes": {"history.dossier_version": data}, "rows": {}},
        packed=data if number % 10 == 0 else 0,
        runs_recorded=min(number, 11),
    )
