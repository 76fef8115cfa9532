"""Of which state the pages are prepared, and whether they are still given while those of a newer state are made.

After a change the pages of a large warehouse take seconds to be worked out. Until that is done, who may see every unit is given
the page of the state before, whole, for a while, unless the new one takes no time. Not here: the rows of pages (`reading.py`),
preparing them (`warming.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

#: So long after a change was seen pages of the state before are given at most.
GIVEN_SECONDS = 60.0
#: A page of the new state that can be read within so long is given all the same.
AT_ONCE_SECONDS = 0.4


@dataclass(frozen=True)
class Published:
    """How far figures reach, when the last good run ended (None: none did), and what changes when they do.

    `alerts` changes when people or runs change an alert, which changes no figure.
    """

    horizon: date | None
    updated_at: datetime | None
    state: str
    alerts: str


@dataclass
class _Pages:
    """The pages of a state, and since when a newer one is known."""

    published: Published
    overtaken_at: float | None = None

    def see(self, state: str, alerts: str) -> None:
        if state == self.published.state:
            self.overtaken_at = None
            # Alerts that were seen together with these figures are not unseen once there are newer figures.
            self.published = replace(self.published, alerts=alerts)
        elif self.overtaken_at is None:
            self.overtaken_at = time.monotonic()


@dataclass
class Prepared:
    """The pages that are prepared, and those that are being prepared; each reader says which state it sees."""

    seconds: float = GIVEN_SECONDS
    at_once_seconds: float = field(default_factory=lambda: AT_ONCE_SECONDS)
    _ready: _Pages | None = None
    _next: _Pages | None = None
    _newer_is_given: bool = False
    _ahead: set[Hashable] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, published: Published) -> None:
        """Says that pages of a state are being prepared from now on."""
        with self._lock:
            self._next = _Pages(published)

    def finish(self) -> None:
        """Says that those pages are prepared.

        They are given unless they are of a state before the one of which pages were given meanwhile: figures never go back.
        """
        with self._lock:
            if self._next and (self._next.overtaken_at is None or not self._newer_is_given):
                self._ready, self._newer_is_given = self._next, False

    def before(self, state: str, alerts: str) -> Published | None:
        """Returns of what the pages are that are given to who sees a state, None where pages of that very state are."""
        with self._lock:
            for pages in (self._ready, self._next):
                if pages:
                    pages.see(state, alerts)
            if not self._ready or self._ready.overtaken_at is None:
                self._newer_is_given = False
                self._ahead.clear()
                return None
            if time.monotonic() - self._ready.overtaken_at > self.seconds:
                self._newer_is_given = True
            return None if self._newer_is_given else self._ready.published

    def go_ahead(self, address: Hashable) -> None:
        """Says that a page was given of a newer state than the prepared ones: it never goes back to theirs."""
        with self._lock:
            self._ahead.add(address)

    def is_ahead(self, address: Hashable) -> bool:
        """Tells whether a page was given of a newer state than the prepared ones."""
        with self._lock:
            return address in self._ahead
