"""What a source promises to send: what is built in, what can be said, and what is said when it is wrong."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from assets.sources.feed import Feed
from assets.sources.sources import SourceConfigError, load_sources
from tests.unit.test_sources import ENTRY, written


def feed_of(tmp_path: Path, words: str) -> Feed | None:
    return load_sources(written(tmp_path, ENTRY + words))["sonoivu"].feed


@pytest.mark.parametrize("name", ["dvcqg", "igate", "angiang"])
def test_built_in_sources_promise_their_usual_rhythm_and_no_fixed_counts(name: str) -> None:
    feed = load_sources()[name].feed
    assert feed is not None
    assert (feed.every, feed.rows_least, feed.rows_most, dict(feed.fill)) == ("usual", None, None, {})
    assert feed.largest_drop == 0.7


def test_a_source_without_the_key_promises_nothing(tmp_path: Path) -> None:
    assert feed_of(tmp_path, "") is None


def test_everything_can_be_said(tmp_path: Path) -> None:
    shown = """
  feed:
    every: [wed, mon]
    from: 2026-01-05
    until: 2026-12-31
    due_by: "19:05"
    due_on: same_day
    rows: {least: 5, most: 900}
    fill: {received_at: 0.98, unit_name: 1}
    largest_drop: 0.5
    weeks: 12
"""
    assert feed_of(tmp_path, shown) == Feed(
        every="weekday",
        weekdays=(1, 3),
        since=date(2026, 1, 5),
        until=date(2026, 12, 31),
        due_by=time(19, 5),
        is_due_next_day=False,
        rows_least=5,
        rows_most=900,
        fill={"received_at": 0.98, "unit_name": 1.0},
        largest_drop=0.5,
        weeks=12,
    )


@pytest.mark.parametrize(
    ("words", "named", "value"),
    [
        ("feed: often", "feed", "often"),
        ("feed: {every: hour}", "feed.every", "hour"),
        ("feed: {every: [mon, funday]}", "feed.every", "funday"),
        ("feed: {due_by: '07:30'}", "feed.every", "còn thiếu"),
        ("feed: {every: day, evry: day}", "feed.evry", "xóa"),
        ("feed: {every: day, from: soon}", "feed.from", "soon"),
        ("feed: {every: day, from: 2026-02-01, until: 2026-01-01}", "feed.until", "2026-01-01"),
        ("feed: {every: day, due_by: 17:30}", "feed.due_by", "1050"),
        ("feed: {every: day, due_by: '25:00'}", "feed.due_by", "25:00"),
        ("feed: {every: day, due_on: same_day}", "feed.due_on", "due_by"),
        ("feed: {every: day, due_by: '07:30', due_on: later}", "feed.due_on", "later"),
        ("feed: {every: day, rows: 5}", "feed.rows", "5"),
        ("feed: {every: day, rows: {least: -1}}", "feed.rows.least", "-1"),
        ("feed: {every: day, rows: {least: 9, most: 8}}", "feed.rows.most", "8"),
        ("feed: {every: day, fill: {chu_ho_so: 0.5}}", "feed.fill.chu_ho_so", "received_at"),
        ("feed: {every: day, fill: {due_at: 98}}", "feed.fill.due_at", "98"),
        ("feed: {every: day, largest_drop: 70}", "feed.largest_drop", "70"),
        ("feed: {every: day, largest_drop: 0}", "feed.largest_drop", "0"),
        ("feed: {every: day, weeks: 2}", "feed.weeks", "2"),
    ],
)
def test_an_error_names_file_source_key_and_value_in_one_sentence(
    tmp_path: Path, words: str, named: str, value: str
) -> None:
    with pytest.raises(SourceConfigError) as caught:
        feed_of(tmp_path, f"  {words}\n")
    message = str(caught.value)
    assert "own.yaml" in message and "“sonoivu”" in message and f"“{named}”" in message and value in message
    assert "\n" not in message
