"""While a run publishes, every page is of one state: the one before, or the one after it."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event, text

from assets.board.access.viewer import EVERYBODY
from assets.board.choice import Choice
from assets.board.listing import read_listing
from assets.board.lists import FORM_FIGURES, LISTS
from assets.board.pages import form_total
from assets.board.reading import Kept, Reader, reading
from assets.board.site import settled
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from tests.worlds import World, provincial


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


def _overdue(world: World) -> tuple[date | None, int]:
    """The last day that is counted when none is chosen, and how many are overdue on it."""
    with reading(world.engine, EVERYBODY, Kept()) as reader:
        choice = settled(reader, Choice())
        sums = read_listing(reader, LISTS["overdue_by_unit"], choice, None).sums
        return choice.date_to, sums["overdue_open"]


def test_while_a_new_day_is_taken_in_and_not_summed_yet_figures_end_on_the_day_before(small: World) -> None:
    before = _overdue(small)
    assert before[0] is not None and before[1] > 0
    day = before[0] + timedelta(days=3)
    small.say_provincial(f"{day} 18:30", provincial("000.26.33.H01-230807-0001", received=f"{day} 09:00"))
    zone = LandingZone(str(small.landing))
    take_in(small.engine, zone, small.archive, small.sources, arrived_when_exported=True)
    assert small.ask("select mart.horizon()") == [(day,)]
    assert _overdue(small) == before
    small.run()
    assert _overdue(small)[0] == day
