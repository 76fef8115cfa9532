"""Notices about runs themselves: which errors are notified, and in which words.

Not here: the words of notices and their fingerprints (`assets/alerts/watch.py`), when Dagster looks (`sensors.py`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from assets.alerts.resources import Notifier
from pipelines.errors import UNEXPECTED, sentence
from quality.audit import AuditFailedError
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message

_SECONDS = 20


def notify_failure(
    notifier: Notifier,
    engine: Callable[[], Engine],
    error: BaseException,
    sends: bool = False,
    what_stays: str = "",
) -> None:
    """A notice of a failed run in the outbox, and sent at once where nobody else will. Never raises for a channel.

    `what_stays` is a sentence on figures that the run had published before it failed.
    """
    if not notifier.channels:
        return
    message = " ".join(part for part in (sentence_for_notices(error), what_stays) if part)
    notifier.run_failed(engine, type(error).__name__, message, isinstance(error, AuditFailedError))
    if sends:
        with contextlib.suppress(DBAPIError, WarehouseError, OSError):
            notifier.send(engine(), seconds=_SECONDS)


def sentence_for_notices(error: BaseException) -> str:
    """Returns the sentence of an error as it may leave the house: of errors that nobody foresaw only the kind,
    since nobody knows what stands in them.
    """
    text = sentence(error)
    if text.startswith(UNEXPECTED):
        return f"{UNEXPECTED} ({type(error).__name__}); xem motcua status."
    return text


def last_words(error: BaseException) -> str:
    """Returns why the warehouse can't be asked, for the dead man's notice."""
    return message("Không hỏi được kho: {reason}", reason=sentence_for_notices(error))
