"""Pages asked for before anybody comes: after each change of the warehouse their rows are read, for all who see every unit."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from assets.board.access.viewer import EVERYBODY
from assets.board.pages import PAGES
from assets.board.reading import Kept, reading
from assets.board.site import Person, Surroundings, page

_LOOK_SECONDS = 10.0
_log = logging.getLogger("motcua.board")


@contextmanager
def warmed(engine: Engine, kept: Kept) -> Iterator[None]:
    """Keeps the pages warm for as long as it lasts, from a thread of its own."""
    stopped = threading.Event()
    thread = threading.Thread(target=_keep_warm, args=(engine, kept, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(_LOOK_SECONDS)


def _keep_warm(engine: Engine, kept: Kept, stopped: threading.Event) -> None:
    warm = ""
    while not stopped.is_set():
        try:
            warm = warm_up(engine, kept, warm)
        except DBAPIError as error:
            # A server that is away for a while is asked again; whoever opens a page then hears of it.
            _log.warning("pages are not warmed: %s", type(error.orig).__name__)
        stopped.wait(_LOOK_SECONDS)


def warm_up(engine: Engine, kept: Kept, warm: str) -> str:
    """Reads what the pages show first, unless the warehouse is in the state that is warm already. Returns its state."""
    with reading(engine, EVERYBODY, kept) as reader:
        if reader.published.state != warm:
            for each in PAGES:
                page(reader, each.path, {}, Person(), Surroundings())
        return reader.published.state
