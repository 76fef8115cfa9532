"""The error that every layer raises when the warehouse can't be used."""

from __future__ import annotations


class WarehouseError(RuntimeError):
    """The warehouse can't be used. The message is one Vietnamese sentence that says what to do."""
