"""Pages asked for before anybody comes: after each change of the warehouse their rows are read, for all who see every unit.

Until they are, pages of the state before are given (`prepared.py`); those of a board that was just started are waited for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, TimeoutError

from assets.board.access.viewer import EVERYBODY
from assets.board.pages import PAGES
from assets.board.reading import KEPT_SECONDS, Kept, Reader, reading
from assets.board.site import Person, Surroundings, page

#: A board answers once its pages are warm, or after so long.
READY_WITHIN_SECONDS = 30.0
_LOOK_SECONDS = 10.0
#: Rows are read again before they are too old to be given, so that nobody waits for them.
_WARM_SECONDS = KEPT_SECONDS * 0.8
_log = logging.getLogger("motcua.board")


@dataclass(frozen=True)
class Warm:
    """Of which state the pages are warm, and since when."""

    state: str = ""
    since: float = 0.0


@contextmanager
def warmed(engine: Engine, kept: Kept) -> Iterator[threading.Event]:
    """Keeps the pages warm for as long as it lasts, from a thread of its own. Gives what is set once they are, or can't be."""
    stopped, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=_keep_warm, args=(engine, kept, stopped, ready), daemon=True)
    thread.start()
    try:
        yield ready
    finally:
        stopped.set()
        thread.join(_LOOK_SECONDS)


def _keep_warm(engine: Engine, kept: Kept, stopped: threading.Event, ready: threading.Event) -> None:
    warm = Warm()
    while not stopped.is_set():
        try:
            warm = warm_up(engine, kept, warm)
        except (DBAPIError, TimeoutError) as error:
            # A server that is away for a while is asked again; whoever opens a page then hears of it.
            _log.warning("pages are not warmed: %s", type(getattr(error, "orig", error)).__name__)
        ready.set()
        stopped.wait(_LOOK_SECONDS)


def warm_up(engine: Engine, kept: Kept, warm: Warm) -> Warm:
    """Reads what the pages show first, unless they are warm already. Returns of which state they are warm now."""
    with reading(engine, EVERYBODY, kept) as reader:
        is_same = reader.published.state == warm.state
        if is_same and time.monotonic() - warm.since < _WARM_SECONDS:
            return warm
        # What is changed at this very moment is looked at again.
        if reader.kept is not kept:
            return warm
        since = time.monotonic()
        _prepare(replace(reader, before=None, again=is_same))
    return Warm(reader.published.state, since)


def _prepare(reader: Reader) -> None:
    """Reads the pages in the order in which people open them, and says so when all of them can be given."""
    reader.kept.prepared.begin(reader.published)
    for each in PAGES:
        page(reader, each.path, {}, Person(), Surroundings())
    reader.kept.prepared.finish()
