"""Lives of made-up dossiers: who asks what of whom and when, what is promised, and when it is finished.

Here: the drawing of arrivals and of ordinary lives, all arrays of one batch at once. Not here: what goes wrong
(`fates.py`), or how a portal says it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.random import Generator

from assets.dimensions.units import REFORM
from pipelines.simulator.clock import (
    AFTERNOON,
    CLOSES,
    DAY,
    HOUR,
    LUNCH,
    MINUTE,
    NEVER,
    OPENS,
    Bools,
    Calendar,
    Ints,
    day_number,
)
from pipelines.simulator.places import NEW_PLACES, OLD_PLACES, PLACES, PROCEDURES

DIRECT, ONLINE, POSTAL = 1, 2, 3
REFORM_AT = day_number(REFORM) * DAY

#: Online applications made while the desk is open that are accepted after the usual time, and so on the next day.
_LATE_ACCEPTANCE_SHARE = 0.03
#: Online applications of a day off that the portal accepts at once; the others wait for the next morning.
_ACCEPTED_ON_DAY_OFF_SHARE = 0.25
#: Online applications that are refused.
REFUSED_SHARE = 0.03
#: Dossiers on which work starts only on a later morning: until then the list says "Được tiếp nhận".
_SLOW_START_SHARE = 0.03
#: Receptions at any time of the day, besides those of the two peaks.
_OFF_PEAK_SHARE = 0.1
#: Dossiers whose case has no promised time (KhongCoNgayHenTra).
_NO_DUE_SHARE = 0.004
#: Attributes of a dossier; the household book and copies of identity cards ought to be gone.
_DIGITISED_SHARE = 0.52
_BOOK_SHARE, _IDENTITY_COPY_SHARE = 0.014, 0.03
_BUSINESS_SHARE = 0.07
_IDENTIFIED_SHARE = {DIRECT: 0.04, ONLINE: 0.92, POSTAL: 0.04}
_PAID_ONLINE_SHARE = {DIRECT: 0.08, ONLINE: 0.6, POSTAL: 0.3}
_ELECTRONIC_RESULT_SHARE = 0.45
_SENT_BY_POST_SHARE = 0.04
#: Direct dossiers that never reach the national portal, and dossiers that reach it an export late.
_MISSING_NATIONAL_SHARE, _LAGGED_SHARE = 0.015, 0.06


@dataclass
class Lives:
    """One array per attribute, one place per dossier; instants in seconds of local time, NEVER for none.

    `moved` is when the due date moved to `due_moved`: the end of a suspension, or an extension (then
    `suspended` is NEVER). `ended` is the end of processing, with `end_status` 9, or 7 when withdrawn.
    """

    place: Ints
    procedure: Ints
    channel: Ints
    code_day: Ints
    submitted: Ints
    received: Ints
    refused: Ints
    started: Ints
    promised: Ints  # by the time limit, also where no due date is given
    due: Ints
    work_index: Ints  # place in the calendar of the day of reception, or of the working day before it
    days_used: Ints  # working days from then to the end
    suspended: Ints
    suspended_status: Ints
    moved: Ints
    due_moved: Ints
    ended: Ints
    end_status: Ints
    returned: Ints
    is_plain: Bools  # nothing has gone wrong so far

    def __len__(self) -> int:
        return len(self.place)

    @property
    def limit(self) -> Ints:
        """Working days of the procedure."""
        limits: Ints = np.array([p.limit for p in PROCEDURES], np.int64)[self.procedure]
        return limits


def draw_arrivals(rng: Generator, calendar: Calendar, days: Ints, counts: Ints) -> Lives:
    """Returns ordinary lives; `counts` has a row per channel 1 to 3 and a column per day."""
    channels = np.repeat(np.tile(np.arange(1, 4), len(days)), counts.T.ravel())
    return draw_lives(rng, calendar, np.repeat(days, counts.sum(axis=0)), channels.astype(np.int64))


def draw_lives(rng: Generator, calendar: Calendar, days: Ints, channels: Ints) -> Lives:
    """Returns ordinary lives, one per place of the arrays; `days` is when each is brought or sent in."""
    submitted = _submissions(rng, days, channels)
    accepted = _acceptances(rng, calendar, submitted, channels)
    is_refused = (channels == ONLINE) & (rng.random(len(days)) < REFUSED_SHARE)
    received = np.where(is_refused, NEVER, accepted)
    refused = np.where(is_refused, accepted, NEVER)
    place = _places(rng, accepted)
    procedure = _procedures(rng, place)
    limit = np.array([p.limit for p in PROCEDURES], np.int64)[procedure]
    promised = np.where(is_refused, NEVER, calendar.due(accepted, limit))
    has_due = rng.random(len(days)) >= _NO_DUE_SHARE
    start_day = calendar.start_of_work(accepted) // DAY
    days_used = _days_used(rng, limit, calendar.is_working(start_day))
    never = np.full(len(days), NEVER, np.int64)
    lives = Lives(
        place=place,
        procedure=procedure,
        channel=channels,
        code_day=days,
        submitted=submitted,
        received=received,
        refused=refused,
        started=never.copy(),
        promised=promised,
        due=np.where(has_due, promised, NEVER),
        work_index=calendar.index(start_day),
        days_used=days_used,
        suspended=never.copy(),
        suspended_status=np.zeros(len(days), np.int64),
        moved=never.copy(),
        due_moved=never.copy(),
        ended=never.copy(),
        end_status=np.full(len(days), 9, np.int64),
        returned=never.copy(),
        is_plain=has_due & ~is_refused,
    )
    lives.ended = np.where(is_refused, NEVER, ends(rng, calendar, lives))
    lives.started = np.where(is_refused, NEVER, _starts(rng, calendar, lives))
    return lives


def _peaks(rng: Generator, count: int, first: float, second: float, spread: float) -> Ints:
    """Returns clock times around two peaks (hours), a share of them at any office hour."""
    peak = np.where(rng.random(count) < 0.55, first, second)
    hours = rng.normal(peak, spread)
    anywhere = rng.uniform(6.9, 17.25, count)
    hours = np.where(rng.random(count) < _OFF_PEAK_SHARE, anywhere, hours)
    clock: Ints = (hours * HOUR).astype(np.int64)
    return clock


def _submissions(rng: Generator, days: Ints, channels: Ints) -> Ints:
    at_desk = np.clip(_peaks(rng, len(days), 8.7, 14.5, 0.85), 6 * HOUR + 2_700, CLOSES + 1_500)
    at_home = np.clip(_peaks(rng, len(days), 9.5, 20.0, 1.8), 300, 23 * HOUR + 3_000)
    submitted: Ints = days * DAY + np.where(channels == ONLINE, at_home, at_desk)
    return submitted


def _acceptances(rng: Generator, calendar: Calendar, submitted: Ints, channels: Ints) -> Ints:
    """Returns when each is received, or refused: at the desk at once, online in office hours."""
    days, clock = np.divmod(submitted, DAY)
    works = calendar.is_working(days)
    soon = submitted + rng.integers(5 * MINUTE, 3 * HOUR, len(days))
    # One sent before the desk opens is taken up on the same morning.
    waits = np.where(works & (clock < OPENS), 0, 1)
    mornings = calendar.day_at(calendar.index(days) + waits) * DAY + rng.integers(
        7 * HOUR + 900, 9 * HOUR, len(days)
    )
    by_itself = ~works & (rng.random(len(days)) < _ACCEPTED_ON_DAY_OFF_SHARE)
    stays = rng.random(len(days)) >= _LATE_ACCEPTANCE_SHARE
    in_hours = works & (clock >= OPENS) & (clock < CLOSES - 1_800) & (soon % DAY < CLOSES + 1_200) & stays
    accepted = np.where(in_hours, soon, mornings)
    accepted = np.where(by_itself, np.minimum(soon, (days + 1) * DAY - 1), accepted)
    # An application to a unit that is gone by the next morning is taken up while the unit is still there.
    crosses = (submitted < REFORM_AT) & (accepted >= REFORM_AT)
    accepted = np.where(crosses, np.minimum(submitted + 5 * MINUTE, REFORM_AT - 1), accepted)
    received: Ints = np.where(channels == ONLINE, accepted, submitted)
    return received


def _pick(rng: Generator, count: int, weights: list[float]) -> Ints:
    shares = np.cumsum(weights) / np.sum(weights)
    picked: Ints = np.minimum(np.searchsorted(shares, rng.random(count), "right"), len(weights) - 1).astype(
        np.int64
    )
    return picked


def _places(rng: Generator, accepted: Ints) -> Ints:
    old = np.array(OLD_PLACES)[_pick(rng, len(accepted), [PLACES[i].weight for i in OLD_PLACES])]
    new = np.array(NEW_PLACES)[_pick(rng, len(accepted), [PLACES[i].weight for i in NEW_PLACES])]
    chosen: Ints = np.where(accepted < REFORM_AT, old, new)
    return chosen


def _procedures(rng: Generator, place: Ints) -> Ints:
    in_town = _pick(rng, len(place), [p.town_weight for p in PROCEDURES])
    in_commune = _pick(rng, len(place), [p.commune_weight for p in PROCEDURES])
    is_town = np.array([p.is_town for p in PLACES])[place]
    chosen: Ints = np.where(is_town, in_town, in_commune)
    return chosen


def _days_used(rng: Generator, limit: Ints, starts_on_working_day: Bools) -> Ints:
    """Returns working days from reception to the end, at most the limit: mostly its last days."""
    used = np.minimum((rng.beta(3.0, 1.1, len(limit)) * (limit + 1)).astype(np.int64), limit)
    # Whoever comes on a day off is served on the next working day at the earliest.
    at_least_once: Ints = np.where(starts_on_working_day, used, np.maximum(used, 1))
    return at_least_once


def ends(rng: Generator, calendar: Calendar, lives: Lives) -> Ints:
    """Returns an end in office hours, `days_used` working days after the reception; after the reception in any case."""
    days = calendar.day_at(lives.work_index + lives.days_used)
    ended = days * DAY + office_clock(rng, len(lives))
    is_same_day = days == lives.received // DAY
    soon = lives.received + rng.integers(15 * MINUTE, 150 * MINUTE, len(lives))
    closing = np.maximum(days * DAY + CLOSES, lives.received + 10 * MINUTE)
    instants: Ints = np.where(is_same_day, np.minimum(soon, closing), ended)
    return instants


def office_clock(rng: Generator, count: int) -> Ints:
    """Returns clock times in office hours, 7:30 to 11:30 and 13:30 to 17:00."""
    morning = LUNCH - OPENS - 1_800
    clock = OPENS + 1_800 + rng.integers(0, morning + CLOSES - AFTERNOON, count)
    clocks: Ints = np.where(clock > LUNCH, clock - LUNCH + AFTERNOON, clock)
    return clocks


def _starts(rng: Generator, calendar: Calendar, lives: Lives) -> Ints:
    soon = lives.received + rng.integers(5 * MINUTE, 30 * MINUTE, len(lives))
    mornings = calendar.day_at(lives.work_index + 1) * DAY + 7 * HOUR + rng.integers(600, 3_000, len(lives))
    is_slow = (rng.random(len(lives)) < _SLOW_START_SHARE) & (lives.days_used >= 2)
    started: Ints = np.where(is_slow, mornings, soon)
    # Work starts before it ends, however short it is.
    halfway = lives.received + (lives.ended - lives.received) // 2
    starts: Ints = np.minimum(started, halfway)
    return starts


def draw_frame(rng: Generator, calendar: Calendar, lives: Lives) -> pl.DataFrame:
    """Returns one row per dossier, with what is drawn last: when it is handed over, and its attributes."""
    _draw_returns(rng, calendar, lives)
    return _to_frame(rng, lives)


def _draw_returns(rng: Generator, calendar: Calendar, lives: Lives) -> None:
    """When the result is handed over: most on the day itself, some days later, a few never within sight."""
    count = len(lives)
    soon = lives.ended + rng.integers(5 * MINUTE, 2 * HOUR, count)
    days = lives.ended // DAY
    wait = np.minimum(rng.geometric(0.5, count), 15)
    mornings = calendar.day_at(calendar.index(days) + wait) * DAY + office_clock(rng, count)
    closing = days * DAY + CLOSES + 900
    returned = np.where((rng.random(count) < 0.75) & (soon <= closing), soon, mornings)
    has_result = (lives.ended < NEVER) & (lives.end_status == 9) & (rng.random(count) >= 0.04)
    lives.returned = np.where(has_result, returned, NEVER)


def _to_frame(rng: Generator, lives: Lives) -> pl.DataFrame:
    """Returns one row per dossier, with code and attributes; instants stay seconds of local time, NEVER for none."""
    count = len(lives)
    channel, has_fee = lives.channel, np.array([p.fee > 0 for p in PROCEDURES])[lives.procedure]

    def by_channel(shares: dict[int, float]) -> Bools:
        is_so: Bools = (
            rng.random(count) < np.array([0.0, *(shares[c] for c in (DIRECT, ONLINE, POSTAL))])[channel]
        )
        return is_so

    pays = by_channel(_PAID_ONLINE_SHARE) & has_fee
    frame = pl.DataFrame(
        {
            "place": lives.place,
            "procedure": lives.procedure,
            "channel": channel,
            "code_day": lives.code_day,
            "submitted": lives.submitted,
            "received": lives.received,
            "refused": lives.refused,
            "started": lives.started,
            "due": lives.due,
            "suspended": lives.suspended,
            "suspended_status": lives.suspended_status,
            "moved_at": lives.moved,
            "due_moved": lives.due_moved,
            "ended": lives.ended,
            "end_status": lives.end_status,
            "returned": lives.returned,
            "holder": rng.integers(0, 2**31, count),
            "is_digitised": rng.random(count) < _DIGITISED_SHARE,
            "paper": np.digitize(rng.random(count), [_BOOK_SHARE, _BOOK_SHARE + _IDENTITY_COPY_SHARE]),
            "is_business": rng.random(count) < _BUSINESS_SHARE,
            "is_identified": by_channel(_IDENTIFIED_SHARE),
            "payment": np.where(pays, rng.integers(1, 3, count), 0),
            "has_electronic_result": rng.random(count) < _ELECTRONIC_RESULT_SHARE,
            "is_by_post": rng.random(count) < np.where(channel == POSTAL, 0.9, _SENT_BY_POST_SHARE),
            "is_missing_national": (channel == DIRECT) & (rng.random(count) < _MISSING_NATIONAL_SHARE),
            "is_lagged": rng.random(count) < _LAGGED_SHARE,
        }
    )
    return _with_codes(frame)


def _with_codes(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `code`: organisation, day, running number of the desk and day, in the order of arrival."""
    organisations = pl.Series([place.organisation_code for place in PLACES])
    ordered = frame.sort("code_day", "submitted", "place", "procedure", "holder", maintain_order=True)
    serial = pl.int_range(1, pl.len() + 1).over("code_day", "place").cast(pl.String).str.zfill(4)
    day = pl.from_epoch(pl.col("code_day"), time_unit="d").dt.strftime("%y%m%d")
    return ordered.with_columns(
        code=pl.concat_str(organisations.gather(ordered["place"]), pl.lit("-"), day, pl.lit("-"), serial)
    )
