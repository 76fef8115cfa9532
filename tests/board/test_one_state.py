"""While a run publishes, every page is of one state: the one before, or the one after it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from assets.board.access.viewer import EVERYBODY
from assets.board.choice import Choice
from assets.board.listing import read_listing
from assets.board.lists import FORM_FIGURES, LISTS
from assets.board.pages import PAGES, form_total
from assets.board.reading import Kept, Reader, reading
from assets.board.site import Person, Surroundings, page, settled
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from tests.faults.victim import wait_until_stopped
from tests.worlds import World, provincial
from warehouse_sql.boundaries import VARIABLE


def _figures(reader: Reader) -> tuple[tuple[int, ...], ...]:
    """The form asked for in four ways, one after the other: the total, by sector, by channel, and its dossiers."""
    choice = settled(reader, Choice(date(2023, 1, 1), date(2023, 12, 31)))
    total = form_total(reader, choice)
    by_part = [read_listing(reader, LISTS[name], choice, None).sums for name in ("by_sector", "by_channel")]
    dossiers = read_listing(reader, LISTS["form"], choice.having(figure="received_total"), None).sums[
        "quantity"
    ]
    whole = tuple(total[name] for name in FORM_FIGURES)
    return (
        whole,
        *(tuple(sums[name] for name in FORM_FIGURES) for sums in by_part),
        (dossiers, *whole[1:]),
    )


def test_pages_during_a_load_are_never_half_published(july: World) -> None:
    for day in range(5, 9):
        july.say_provincial(
            f"2023-08-{day:02} 18:30",
            *(
                provincial(f"000.26.33.H01-2308{day:02}-{number:04}", received=f"2023-08-{day:02} 09:00")
                for number in range(200)
            ),
        )
    load = threading.Thread(target=july.run)
    seen: list[tuple[tuple[int, ...], ...]] = []
    load.start()
    while load.is_alive():
        with reading(july.engine, EVERYBODY, Kept()) as reader:
            seen.append(_figures(reader))
    load.join()
    with reading(july.engine, EVERYBODY, Kept()) as reader:
        seen.append(_figures(reader))
    assert all(len(set(figures)) == 1 for figures in seen)
    before, after = seen[0][0][0], seen[-1][0][0]
    assert after == before + 800
    assert {figures[0][0] for figures in seen} == {before, after}
    assert len(seen) > 5


def test_what_changes_as_a_page_begins_is_seen_by_the_next(july: World) -> None:
    """The page's rows are of the state before; how much was changed is counted, whatever a transaction sees."""
    kept, changes = Kept(), ["first", "second", "third"]

    def change(_: Any, __: Any, statement: str, *more: Any) -> None:
        # A transaction's rows are of the moment of its first statement, which is before this one where it is the board's.
        if "mart.published" in statement:
            with july.engine.begin() as another:
                another.execute(text("select pg_stat_force_next_flush()"))
                another.execute(text("insert into ops.setting values (:name, '1')"), {"name": changes.pop()})

    def settings() -> int:
        with reading(july.engine, EVERYBODY, kept) as reader:
            return int(reader.ask("select count(*) as count from ops.setting", {})[0]["count"])

    event.listen(july.engine, "before_cursor_execute", change)
    try:
        settings()
    finally:
        event.remove(july.engine, "before_cursor_execute", change)
    assert len(changes) < 3
    assert settings() == july.ask("select count(*) from ops.setting")[0][0]


_OVERDUE = "000.26.33.H01-230801-9999"


class Stops:
    """`motcua run` over a world, as a process that stops at a boundary, and what the board shows meanwhile."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.say_provincial(
            "2023-08-06 18:30", provincial(_OVERDUE, received="2023-08-01 09:00", due="2023-08-03 09:00")
        )
        world.run()

    def lay(self, day: date) -> None:
        """Lays an export: an overdue dossier is finished, others come, and on that day some that are open fall overdue."""
        self._world.say_provincial(
            f"{day} 18:30",
            provincial(
                _OVERDUE, status=4, received="2023-08-01 09:00", due="2023-08-03 09:00", ended=f"{day} 10:00"
            ),
            *(
                provincial(
                    f"000.26.33.H01-{day:%y%m%d}-{number:04}", received=f"{day} 09:00", due=f"{day} 17:00"
                )
                for number in range(20)
            ),
        )

    @contextmanager
    def stopped(self, boundary: str) -> Iterator[None]:
        """A run that stands still at that boundary, and goes on to its end afterwards."""
        settings = {
            "MOTCUA_HOME": str(self._world.landing.parent),
            "MOTCUA_WAREHOUSE_URL": self._world.engine.url.render_as_string(hide_password=False),
            "MOTCUA_LANDING": str(self._world.landing),
            "DAGSTER_HOME": "",
            VARIABLE: f"{boundary}:1:STOP",
        }
        process = subprocess.Popen(
            [sys.executable, "-c", "from pipelines.cli import main; main()", "run", "--arrived-when-exported"],
            env=os.environ | settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            wait_until_stopped(process.pid, 120)
            yield
        finally:
            process.send_signal(signal.SIGCONT)
            _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()

    def pages(self) -> dict[str, str]:
        """What stands on each page but those of what came (feeds and refused rows), whoever asks now, and asks of later days."""
        addresses = [
            *((each.path, {}) for each in PAGES if each.name != "feeds"),
            *((each.path, {"date_to": "2023-12-31", "rule_set": "qd766"}) for each in PAGES if each.name != "feeds"),
            *(("/danh-sach", {"list": name}) for name in LISTS if name not in _OF_WHAT_CAME),
            *(("/danh-sach", {"list": "form", "figure": figure, "date_to": "2023-12-31"}) for figure in FORM_FIGURES),
            (f"/ho-so/{_OVERDUE}", {}),
        ]  # fmt: skip
        shown = {}
        with reading(self._world.engine, EVERYBODY, Kept()) as reader:
            for path, query in addresses:
                html = page(reader, path, query, Person(), Surroundings()).html
                shown[f"{path} {query}"] = _WHEN.sub("", html)
        return shown


#: When the last good run ended stands below each page.
_WHEN = re.compile(r"<footer>.*?</footer>|<section class=\"list\" id=\"feed\">.*?</section>", re.DOTALL)
_OF_WHAT_CAME = ("feed", "feed_day", "quarantine", "quarantine_by_rule")


@pytest.mark.parametrize(
    ("boundary", "is_before"),
    [
        ("publication.committed", True),
        ("procedures.committed", True),
        ("facts.before_commit", True),
        ("facts.committed", False),
        pytest.param("aggregates.committed", False, marks=pytest.mark.long),
        pytest.param("alerts.committed", False, marks=pytest.mark.long),
    ],
)
def test_wherever_a_run_stands_every_page_is_that_of_before_or_that_of_after_it(
    july: World, boundary: str, is_before: bool
) -> None:
    stops = Stops(july)
    before = stops.pages()
    stops.lay(date(2023, 8, 7))
    with stops.stopped(boundary):
        meanwhile = stops.pages()
    after = stops.pages()
    assert (
        before["/ {}"] != after["/ {}"]
        and before["/danh-sach {'list': 'due_soon'}"] != after["/danh-sach {'list': 'due_soon'}"]
    )
    differing = [
        address for address, html in meanwhile.items() if html != (before if is_before else after)[address]
    ]
    assert differing == []


def _overdue(world: World) -> tuple[date | None, int]:
    """The last day that is counted when none is chosen, and how many are overdue on it."""
    with reading(world.engine, EVERYBODY, Kept()) as reader:
        choice = settled(reader, Choice())
        sums = read_listing(reader, LISTS["overdue_by_unit"], choice, None).sums
        return choice.date_to, sums["overdue_open"]


def test_figures_that_an_older_version_summed_stay_as_they_are_until_the_next_are(small: World) -> None:
    before = _overdue(small)
    assert before[0]
    day = before[0] + timedelta(days=3)
    with small.engine.begin() as connection:
        connection.execute(text("delete from ops.setting where name = 'known_through'"))
    small.say_provincial(f"{day} 18:30", provincial("000.26.33.H01-230807-0001", received=f"{day} 09:00"))
    zone = LandingZone(str(small.landing))
    take_in(small.engine, zone, small.archive, small.sources, arrived_when_exported=True)
    assert _overdue(small) == before
    small.run()
    assert _overdue(small)[0] == day


def test_while_a_new_day_is_taken_in_and_not_summed_yet_figures_end_on_the_day_before(small: World) -> None:
    before = _overdue(small)
    assert before[0] is not None and before[1] > 0
    day = before[0] + timedelta(days=3)
    small.say_provincial(f"{day} 18:30", provincial("000.26.33.H01-230807-0001", received=f"{day} 09:00"))
    zone = LandingZone(str(small.landing))
    take_in(small.engine, zone, small.archive, small.sources, arrived_when_exported=True)
    assert small.ask("select landing.horizon(), mart.horizon()") == [(day, before[0])]
    assert _overdue(small) == before
    small.run()
    assert _overdue(small)[0] == day
