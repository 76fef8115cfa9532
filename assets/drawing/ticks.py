"""Steps of a scale, for charts that are drawn without a library."""

from __future__ import annotations

_MOST_TICKS = 4


def tick_step(most: int) -> int:
    """Returns the least of 1, 2, 5, 10, 20 … that takes no more than four ticks up to `most`."""
    size = 1
    while True:
        for base in (1, 2, 5):
            if base * size * _MOST_TICKS >= most:
                return base * size
        size *= 10
