"""Logs as one JSON object a line, for programs that collect them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

from warehouse_sql.masking import masked

#: auto: JSON where standard error is no terminal.
LogFormat = Literal["auto", "text", "json"]
_OURS = "motcua"


def is_json(wanted: LogFormat) -> bool:
    """Returns True if logs are to be JSON here."""
    return wanted == "json" or (wanted == "auto" and not sys.stderr.isatty())


def json_line(level: str, message: str, at: datetime | None = None, **fields: Any) -> str:
    """Returns one line without secrets; instants are in UTC."""
    head = {"time": (at or datetime.now(UTC)).isoformat(timespec="milliseconds"), "level": level}
    return masked(json.dumps(head | {"message": message} | fields, ensure_ascii=False, default=str))


@contextmanager
def logging_as_json() -> Iterator[None]:
    """What motcua logs, and warnings of libraries, go to standard error as JSON meanwhile."""
    handler, ours, root = logging.StreamHandler(sys.stderr), logging.getLogger(_OURS), logging.getLogger()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(lambda record: record.name.startswith(_OURS) or record.levelno >= logging.WARNING)
    before = ours.level
    ours.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        ours.setLevel(before)


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        fields = {"logger": record.name, **getattr(record, "fields", {})}
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json_line(record.levelname.lower(), record.getMessage(), at, **fields)
