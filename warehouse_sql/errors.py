"""The errors that every layer raises when the warehouse or the landing zone can't be used."""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

# Of classes 08 and 57: the server stops, crashed, or is not up yet. None: the client noticed it first.
_GONE = (None, "08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "57P05")


class WarehouseError(RuntimeError):
    """The warehouse can't be used. The message is one Vietnamese sentence that says what to do."""


class OutOfReachError(RuntimeError):
    """A server does not answer now, and may soon: trying again is worth it."""


class WarehouseOutOfReachError(WarehouseError, OutOfReachError):
    """The warehouse's server does not answer now. The message is one Vietnamese sentence that says what to do."""


def is_connection_lost(error: BaseException) -> bool:
    """Returns True if the server of the warehouse went away or is not up yet, as its driver reports it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate in _GONE
