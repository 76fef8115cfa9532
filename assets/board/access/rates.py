"""How often somebody may ask: so many times at once, and again as time passes. Kept in memory, of the latest askers alone."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_KEYS = 10_000


class Rate:
    """So many requests a minute for each key, all of them at once if need be."""

    def __init__(
        self, a_minute: int, clock: Callable[[], float] = time.monotonic, most_keys: int = _MOST_KEYS
    ) -> None:
        self._most, self._a_second = float(a_minute), a_minute / 60
        self._clock, self._most_keys = clock, most_keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Counts one request; returns 0 if it may go on, else after how many seconds to try again."""
        now = self._clock()
        left, at = self._left.pop(key, (self._most, now))
        left = min(self._most, left + (now - at) * self._a_second)
        is_let_in = left >= 1
        self._left[key] = (left - is_let_in, now)
        if len(self._left) > self._most_keys:
            self._left.popitem(last=False)
        return 0 if is_let_in else math.ceil((1 - left) / self._a_second)
