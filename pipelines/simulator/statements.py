"""What a portal says of which dossier in which export: the rows of the files, before they are written.

An export says the state at its own moment of every dossier that changed since the export before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from pipelines.simulator.clock import DAY, HOUR, NEVER, Bools, Ints, day_number
from pipelines.simulator.lives import DIRECT

#: Exports run after the desks close; the last one of the period at the end of its day.
_EXPORT_CLOCK, _LAST_CLOCK = 18 * HOUR + 1_800, DAY - 1
#: Instants at which the province has something new to say; the national portal is silent until the reception.
_NATIONAL_CHANGES = ("received", "refused", "started", "suspended", "moved_at", "ended", "returned")
_CHANGES = ("submitted", *_NATIONAL_CHANGES)


@dataclass(frozen=True)
class Export:
    """One moment at which the portals write their files; `at` in seconds of local time."""

    number: int
    day: date
    at: int

    @property
    def moment(self) -> datetime:
        """Naive local time."""
        return datetime(1970, 1, 1) + timedelta(seconds=self.at)


def export_days(start: date, end: date, every_days: int) -> list[date]:
    """Returns the days of exports in a period: every so many days, and the last day in any case."""
    return [start + timedelta(days=n) for n in range(0, (end - start).days, every_days)] + [end]


def exports_on(days: Sequence[date]) -> list[Export]:
    """Returns an export for each of these days, which ascend."""
    return [
        Export(n, day, day_number(day) * DAY + (_LAST_CLOCK if day == days[-1] else _EXPORT_CLOCK))
        for n, day in enumerate(days)
    ]


class Statements:
    """Who is spoken of when, for one set of lives: pairs of export number and place of the life."""

    def __init__(self, lives: pl.DataFrame, exports: list[Export]) -> None:
        self.lives = lives
        self._moments: Ints = np.array([export.at for export in exports], np.int64)
        changes = np.stack([lives[name].to_numpy() for name in _CHANGES])
        self._numbers = np.where(changes < NEVER, np.searchsorted(self._moments, changes), len(exports))
        self._last = len(exports) - 1
        self._lagged: Bools = lives["is_lagged"].to_numpy()
        # At the end of the period only these are brought up to date: a list without channels must not stay alone.
        self._hastened: Bools = self._lagged & (lives["channel"] != DIRECT).to_numpy()
        self._missing: Bools = lives["is_missing_national"].to_numpy()
        self._steps = self._dated_steps()

    def provincial(self, first: int, last: int) -> pl.DataFrame:
        """Returns a row per statement of the exports `first` to `last`: export, the life, and `at`, the state's
        moment.
        """
        numbers, places = self._pairs(self._numbers, first, last)
        return self._rows(numbers, places, self._moments[numbers])

    def national(self, first: int, last: int) -> pl.DataFrame:
        """Returns the same for the national portal, some of whose statements come an export late."""
        numbers, places = self._pairs(self._national_numbers(self._numbers[1:]), first, last)
        is_up_to_date = ~self._lagged[places] | (self._hastened[places] & (numbers == self._last))
        state = np.where(is_up_to_date, numbers, numbers - 1)
        return self._rows(numbers, places, self._moments[state])

    def steps(self, first: int, last: int) -> pl.DataFrame:
        """Returns a row per step: export, code, due, `time`, `status`, `text`; in the order of export, dossier and
        time.
        """
        return self._steps.filter(pl.col("export").is_between(first, last))

    def _dated_steps(self) -> pl.DataFrame:
        steps = _steps_of(self.lives)
        numbers = np.searchsorted(self._moments, steps["sent_at"].to_numpy())
        sent = self._sent(numbers, steps["life"].to_numpy())
        return (
            steps.with_columns(export=sent)
            .filter(pl.col("export") <= self._last)
            .sort("export", "life", "time", "order")
        )

    def open_after(self, last: int) -> pl.DataFrame:
        """Returns the lives of which a statement comes after that export."""
        numbers = np.concatenate([self._numbers, self._national_numbers(self._numbers[1:])])
        return self.lives.filter(pl.Series(((numbers > last) & (numbers <= self._last)).any(axis=0)))

    def _national_numbers(self, numbers: Ints) -> Ints:
        return self._sent(numbers, np.arange(self.lives.height))

    def _sent(self, numbers: Ints, places: Ints) -> Ints:
        """Returns the export in which the national portal says what is new at export `numbers`; too large for never."""
        late = np.where(self._hastened[places], np.minimum(numbers + 1, self._last), numbers + 1)
        sent = np.where(self._lagged[places] & (numbers <= self._last), late, numbers)
        sent_places: Ints = np.where(self._missing[places], self._last + 1, sent)
        return sent_places

    def _pairs(self, numbers: Ints, first: int, last: int) -> tuple[Ints, Ints]:
        count = numbers.shape[1]
        _, places = np.nonzero((numbers >= first) & (numbers <= last))
        inside = numbers[(numbers >= first) & (numbers <= last)]
        keys = np.unique(inside * count + places)
        return keys // max(count, 1), keys % max(count, 1)

    def _rows(self, numbers: Ints, places: Ints, at: Ints) -> pl.DataFrame:
        return with_state(
            self.lives[places].with_columns(
                export=pl.Series(numbers, dtype=pl.Int64), at=pl.Series(at, dtype=pl.Int64)
            )
        )


def with_state(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds what was so at the instant `at`: due_then, is_waiting and status 1..10."""
    moved, is_ended = pl.col("moved_at") <= pl.col("at"), pl.col("ended") <= pl.col("at")
    is_received = pl.col("received") <= pl.col("at")
    return rows.with_columns(
        due_then=pl.when(~is_received).then(NEVER).when(moved).then("due_moved").otherwise("due"),
        is_waiting=(pl.col("suspended") <= pl.col("at")) & ~moved & ~is_ended,
    ).with_columns(
        status=pl.when(pl.col("refused") <= pl.col("at"))
        .then(3)
        .when(~is_received)
        .then(1)
        .when(pl.col("returned") <= pl.col("at"))
        .then(10)
        .when(is_ended)
        .then("end_status")
        .when("is_waiting")
        .then("suspended_status")
        .when(pl.col("started") > pl.col("at"))
        .then(2)
        .otherwise(4)
    )


def _steps_of(lives: pl.DataFrame) -> pl.DataFrame:
    """Returns all steps of the lives: life, code, due, time, sent_at (when known nationally), status, text, order."""
    listed = lives.with_row_index("life").lazy()
    taken_up = pl.min_horizontal("received", "refused")
    is_online, is_ended = pl.col("channel") == 2, pl.col("ended") < NEVER
    is_suspended = pl.col("suspended") < NEVER
    kinds: list[tuple[str, pl.Expr, pl.Expr, str]] = [
        ("submitted", is_online, pl.lit(1), "Mới đăng ký"),
        ("refused", pl.lit(True), pl.lit(3), "Không được tiếp nhận"),
        ("received", pl.lit(True), pl.lit(2), "Tiếp nhận hồ sơ"),
        # The portal makes up an end where no due date is promised, and where the applicant is waited for.
        ("received", pl.col("due") == NEVER, pl.lit(9), "Kết thúc xử lý hồ sơ"),
        ("started", pl.lit(True), pl.lit(4), "Đang xử lý"),
        ("suspended", pl.lit(True), pl.col("suspended_status"), ""),
        ("suspended", pl.lit(True), pl.lit(9), "Kết thúc xử lý hồ sơ"),
        ("moved_at", is_suspended, pl.lit(4), "Công dân đã bổ sung"),
        ("moved_at", ~is_suspended, pl.lit(4), "Gia hạn thời gian giải quyết"),
        ("ended", is_ended & (pl.col("end_status") == 9), pl.lit(9), "Kết thúc xử lý hồ sơ"),
        ("ended", is_ended & (pl.col("end_status") == 7), pl.lit(7), "Công dân yêu cầu rút hồ sơ"),
        ("returned", pl.lit(True), pl.lit(10), "Đã trả kết quả"),
    ]
    asked = {5: "Yêu cầu bổ sung giấy tờ", 6: "Yêu cầu thực hiện nghĩa vụ tài chính", 8: "Dừng xử lý"}
    parts = [
        listed.filter((pl.col(when) < NEVER) & which & (taken_up < NEVER)).select(
            "life",
            "code",
            "due",
            time=pl.col(when),
            sent_at=pl.max_horizontal(when, taken_up) if when == "submitted" else pl.col(when),
            status=status.cast(pl.Int64),
            text=pl.lit(text) if text else pl.col("suspended_status").replace_strict(asked, default=""),
            order=pl.lit(n),
        )
        for n, (when, which, status, text) in enumerate(kinds)
    ]
    return pl.concat(parts).collect()


def by_export(rows: pl.DataFrame) -> Iterator[tuple[int, int, int]]:
    """Yields the number of the export, first row and number of rows of each run; `rows` is in the order of exports."""
    numbers = rows["export"].rle().struct.unnest()
    start = 0
    for length, number in numbers.iter_rows():
        yield number, start, length
        start += length
