"""One warehouse and its peers through the life of a list: a first load, some days, nothing new, a full list, forms.

Both sides get the same files, take turns, and answer the same questions before their times are kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import polars as pl

from tests.bench.peers.answers import compare
from tests.bench.peers.book import Book
from tests.bench.peers.lists import write_list
from tests.bench.peers.ours import Motcua
from tests.bench.peers.peers import Peers
from tests.bench.peers.processes import Run
from tests.bench.peers.world import FIRST_EXPORT, START, Names, first_world, hand_over, next_day

DAYS = [datetime(2024, 1, day, 18, 30) for day in range(2, 7)]
_FULL = datetime(2024, 1, 7, 18, 30)
_A_YEAR_LATER = datetime(2024, 12, 31, 18, 30)
_HANDED_OVER = 0.1
_AGAIN_RUNS = 3
_PERIODS = (("2023-01-01", "2023-12-31"), ("2023-06-15", "2023-07-14"), ("2023-01-01", "2024-12-31"))
_FORGOTTEN = {
    "overdue": "the peers keep the latest statement alone, so a wait for a supplement that is over leaves no trace in"
    " the days before"
}


@dataclass
class Pair:
    """Both sides, the dossiers as they stand, and the lists written so far. `suffix` marks its figures in the book."""

    ours: Motcua
    peers: Peers
    book: Book
    named: Names
    world: pl.DataFrame
    files: list[Path]
    suffix: str = ""

    def put(self, work: str, **sides: float) -> None:
        """Keeps figures under the name of this pair."""
        self.book.put(work + self.suffix, **sides)


@dataclass
class Alone:
    """A warehouse without peers, and its dossiers as they stand."""

    ours: Motcua
    named: Names
    world: pl.DataFrame

    def day(self, at: datetime, changes: int) -> Run:
        """Takes in the list of a day with that many changes."""
        self.world, _ = _write_day(self.ours, self.world, at, changes, self.named)
        return self.ours.run()


def start(ours: Motcua, peers: Peers, book: Book, dossiers: int, named: Names, suffix: str = "") -> Pair:
    """Returns a pair whose first list is written and not yet taken in."""
    world = first_world(dossiers, named)
    file = write_list(ours.landing, world, FIRST_EXPORT, START.date(), named)
    return Pair(ours, peers, book, named, world, [file], suffix)


def start_alone(ours: Motcua, dossiers: int, named: Names) -> Alone:
    """Takes in the first list, without the peers."""
    world = first_world(dossiers, named)
    write_list(ours.landing, world, FIRST_EXPORT, START.date(), named)
    ours.run()
    return Alone(ours, named, world)


def load(pair: Pair) -> None:
    """The first load of one list; disk and rows of the flow after it."""
    empty, theirs_empty = pair.ours.tidy(), pair.peers.tidy()
    ours, theirs = _turns(pair, pair.files, ours_first=True)
    floor, duck = pair.peers.copy(pair.files), pair.peers.duck(pair.files)
    _check(pair, FIRST_EXPORT)
    pair.put("load", ours=ours.seconds, peers=theirs.seconds, floor=floor.seconds, duck=duck.seconds)
    dossiers = pair.world.height
    pair.put(
        "disk",
        ours=(pair.ours.tidy() - empty) / dossiers,
        peers=(pair.peers.tidy() - theirs_empty) / dossiers,
    )
    flow = pair.ours.number("select count(*) from mart.daily_flow")
    pair.put("flow_rows", ours=flow / dossiers)


def days(pair: Pair, changes: int, smaller: Alone | None = None) -> None:
    """Some days of changes, one list each; by turns with days of as many changes on a smaller history."""
    runs, own = [], []
    for place, at in enumerate(DAYS):
        pair.world, file = _write_day(pair.ours, pair.world, at, changes, pair.named)
        pair.files.append(file)
        runs.append(_turns(pair, [file], ours_first=place % 2 == 0))
        if smaller:
            own.append(smaller.day(at, changes).seconds)
    _check(pair, DAYS[-1])
    pair.put("day", **_medians(runs))
    if own:
        pair.put("day own", ours=median(ours.seconds for ours, _ in runs), own=median(own))


def again(pair: Pair) -> None:
    """Nothing new for us; the list of the last day again for them."""
    runs = [_turns(pair, pair.files[-1:], ours_first=place % 2 == 0) for place in range(_AGAIN_RUNS)]
    pair.put("again", **_medians(runs))


def full(pair: Pair, changes: int) -> None:
    """A nightly list of all dossiers, of which some have changed."""
    pair.world, _ = next_day(pair.world, _FULL, changes, pair.named)
    file = write_list(pair.ours.landing, pair.world, _FULL, START.date(), pair.named)
    pair.files.append(file)
    ours, theirs = _turns(pair, [file], ours_first=False)
    _check(pair, _FULL)
    pair.put("full", ours=ours.seconds, peers=theirs.seconds)
    first, last = f"{START:%Y-%m-%d}", f"{DAYS[0]:%Y-%m-%d}"
    past = compare(
        f"form II.06 up to {last}, asked later",
        pair.ours.form(first, last),
        pair.peers.form(first, last),
        _FORGOTTEN,
    )
    for sentence in past:
        pair.book.note(sentence)


def forms(pair: Pair) -> None:
    """Form II.06 of any period, as known now and as known a year ago: before a tenth of the dossiers were handed over."""
    handed_over = hand_over(pair.world, _HANDED_OVER)
    theirs, duck = _their_form_seconds(pair)
    write_list(pair.ours.landing, handed_over, _A_YEAR_LATER, _A_YEAR_LATER.date(), pair.named)
    pair.ours.run()
    known = f"{_FULL + timedelta(hours=1):%Y-%m-%d %H:%M}+07"
    for work, argument in (("form_now", ""), ("form_then", f", known_at => '{known}'")):
        queries = [f"select * from mart.form_ii06('{first}', '{last}'{argument})" for first, last in _PERIODS]
        pair.put(work, ours=max(pair.ours.seconds(query) for query in queries))
    pair.put("form_now", peers=theirs, duck=duck)


def _write_day(
    ours: Motcua, world: pl.DataFrame, at: datetime, changes: int, named: Names
) -> tuple[pl.DataFrame, Path]:
    """Writes the list of a day; all dossiers after it, and the list."""
    world, changed = next_day(world, at, changes, named)
    return world, write_list(ours.landing, changed, at, at.date(), named)


def _their_form_seconds(pair: Pair) -> tuple[float, float]:
    seconds, duck = [], []
    for first, last in _PERIODS:
        times = []
        for _ in range(_AGAIN_RUNS):
            began = time.perf_counter()
            pair.peers.form(first, last)
            times.append(time.perf_counter() - began)
        seconds.append(median(times))
        duck.append(pair.peers.duck_form(first, last)[1])
    return max(seconds), max(duck)


def _check(pair: Pair, at: datetime) -> None:
    """All sides answer form II.06 from the first day on alike, and the list of what is overdue adds up to it."""
    first, last = f"{START:%Y-%m-%d}", f"{at:%Y-%m-%d}"
    question, form = f"form II.06 from {first} to {last}", pair.ours.form(first, last)
    compare(f"{question}, dbt", form, pair.peers.form(first, last))
    pair.peers.duck(pair.files)
    compare(f"{question}, DuckDB", form, pair.peers.duck_form(first, last)[0])
    listed = {unit: counts | {"overdue": pair.peers.overdue().get(unit, 0)} for unit, counts in form.items()}
    compare(f"overdue dossiers by unit on {last}", form, listed)


def _turns(pair: Pair, files: list[Path], ours_first: bool) -> tuple[Run, Run]:
    """Runs both sides, one after the other; their runs, ours first in the result whatever the order."""
    work: list[Callable[[], Run]] = [pair.ours.run, lambda: pair.peers.dlt_dbt(files)]
    done = [run() for run in (work if ours_first else work[::-1])]
    ours, theirs = done if ours_first else done[::-1]
    pair.book.most("memory", "ours", ours.python_mb)
    pair.book.most("memory", "peers", theirs.python_mb)
    return ours, theirs


def _medians(runs: list[tuple[Run, Run]]) -> dict[str, float]:
    return {
        "ours": median(ours.seconds for ours, _ in runs),
        "peers": median(theirs.seconds for _, theirs in runs),
    }
