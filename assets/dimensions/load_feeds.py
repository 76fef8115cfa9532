"""What sources promise to send, into ops.feed_rule. Not here: reading the promise (`assets/sources/feed.py`)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, text

from assets.sources.source import Source


def load_feeds(connection: Connection, sources: Mapping[str, Source]) -> None:
    """Writes the promises of all sources in place of those loaded before; export days are judged again by the next run."""
    connection.execute(text("delete from ops.feed_rule"))
    for source in sources.values():
        feed = source.feed
        if feed is None:
            continue
        connection.execute(
            text(
                "insert into ops.feed_rule (source, every, weekdays, expected_from, expected_until, due_by,"
                " is_due_next_day, rows_least, rows_most, fill, largest_drop, weeks) values (:source, :every,"
                " :weekdays, :since, :until, :due_by, :is_due_next_day, :rows_least, :rows_most,"
                " cast(:fill as jsonb), :largest_drop, :weeks)"
            ),
            {
                "source": source.name,
                "every": feed.every,
                "weekdays": list(feed.weekdays),
                "since": feed.since,
                "until": feed.until,
                "due_by": feed.due_by,
                "is_due_next_day": feed.is_due_next_day,
                "rows_least": feed.rows_least,
                "rows_most": feed.rows_most,
                "fill": json.dumps(dict(feed.fill)),
                "largest_drop": feed.largest_drop,
                "weeks": feed.weeks,
            },
        )
    connection.execute(
        text(
            "update ops.file_content set is_accounted = false"
            " where file_id = (select max(file_id) from ops.file_content)"
        )
    )
