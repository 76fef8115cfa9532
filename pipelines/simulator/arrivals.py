"""How many dossiers come in on which day, by channel: the week, days off, the season."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from pipelines.simulator.clock import Calendar, Floats, Ints

#: Monday to Sunday, relative. The desk is open on working days alone; the web always is.
_AT_DESK = (1.25, 1.05, 1.0, 0.95, 0.9, 0.8, 0.8)
_ONLINE = (1.15, 1.05, 1.0, 1.0, 0.95, 0.45, 0.3)
_ONLINE_ON_HOLIDAYS = 0.25
#: How much more is sent in online at the end of the period than at its start.
_ONLINE_GROWTH = 0.3
_THURSDAY = 3  # 1 January 1970, with Monday as 0


def arrivals(
    rng: Generator,
    calendar: Calendar,
    days: Ints,
    *,
    direct: int,
    online: int,
    postal: int,
    season: Floats | None = None,
) -> Ints:
    """Returns a row per channel 1 to 3, a column per day of `days`; the rows add up to the numbers asked for.

    `season` weighs the days of all channels. A period without a working day has its direct dossiers on its days off.
    """
    works, weekday = calendar.is_working(days), (days + _THURSDAY) % 7
    at_desk = np.array(_AT_DESK)[weekday] * works
    if not works.any():
        at_desk = np.ones(len(days))
    is_holiday = ~works & (weekday < 5)
    at_home = np.where(is_holiday, _ONLINE_ON_HOLIDAYS, np.array(_ONLINE)[weekday])
    at_home = at_home * np.linspace(1.0, 1.0 + _ONLINE_GROWTH, len(days))
    if season is not None:
        at_desk, at_home = at_desk * season, at_home * season
    arrivals: Ints = np.stack(
        [
            rng.multinomial(number, weights / weights.sum())
            for number, weights in ((direct, at_desk), (online, at_home), (postal, at_desk))
        ]
    ).astype(np.int64)
    return arrivals
