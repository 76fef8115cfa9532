"""Imports of many modules at once: Dagster, Polars and SQLAlchemy are 2,000 of them, before a command begins."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Keeps Python from searching what is being imported for garbage, again and again: a sixth of the time it takes.

    Afterwards what is there is left out of later searches as well, since modules stay.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
