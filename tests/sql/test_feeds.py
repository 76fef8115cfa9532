"""Completeness of feeds: what each source promised, what came, and the mark on figures that rest on a gap."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.exports.intake import VIETNAM
from assets.rebuild import compare_with_rebuilt, rebuild
from assets.sources.feed import Feed
from tests.worlds import SAMPLES, World, at, national, provincial, step
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database

# 17/7/2023 is a Monday.
_PROMISE = Feed(every="working_day", due_by=at("2023-07-17 07:30").time(), largest_drop=0.7)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    made = World(warehouse, tmp_path)
    for source in made.sources:
        promise(made, source)
    return made


def promise(world: World, source: str, **changes: Any) -> None:
    world.promise(source, replace(_PROMISE, **changes))


def some(count: int, day: str, first: int = 1, **values: Any) -> list[dict[str, Any]]:
    codes = [f"000.26.33.H01-{at(day):%y%m%d}-{number:04d}" for number in range(first, first + count)]
    return [national(code, received=f"{day} 09:00", due=f"{day} 16:00", **values) for code in codes]


def days(world: World, source: str = "dvcqg") -> dict[str, str]:
    rows = world.ask(
        "select to_char(day, 'MM-DD'), status from ops.feed_day where source = :source order by day",
        source=source,
    )
    return {str(day): str(status) for day, status in rows}


def test_a_working_day_without_a_file_is_missing_and_a_weekend_is_not(world: World) -> None:
    for day in ("2023-07-13", "2023-07-14", "2023-07-18", "2023-07-22"):
        world.say_national(f"{day} 18:30", *some(2, day))
    world.run()
    assert days(world) == {
        "07-13": "complete",
        "07-14": "complete",
        "07-17": "missing",
        "07-18": "complete",
        "07-19": "missing",
        "07-20": "missing",
        "07-21": "missing",
        "07-22": "unexpected",
    }
    assert world.ask(
        "select expected, files, rows, reason_vi from ops.feed_day where day = '2023-07-17'"
    ) == [(True, 0, None, "không có tệp nào của ngày này")]


def _sent(world: World, *sent_on: str) -> None:
    for day in sent_on:
        world.say_national(f"{day} 18:30", *some(1, day))


def _missing(world: World) -> list[str]:
    return [day for day, status in days(world).items() if status == "missing"]


def test_the_usual_rhythm_is_that_of_eight_in_ten_gaps(world: World) -> None:
    """Every second working day; then silence, which counts from the second working day on."""
    promise(world, "dvcqg", every="usual")
    _sent(world, *(f"2023-07-{day}" for day in ("03", "05", "07", "11", "13", "17", "19", "21")))
    world.run()
    assert _missing(world) == []
    _sent(world, "2023-07-31")
    world.run()
    # 25/7 is the second working day after Friday 21/7; a weekend is never missing.
    assert _missing(world) == ["07-25", "07-26", "07-27", "07-28"]
    assert set(days(world).values()) == {"complete", "missing"}
    # The silence has not become the rule.
    _sent(world, "2023-08-04")
    world.run()
    assert _missing(world)[4:] == ["08-02", "08-03"]


def test_a_source_is_replaced_by_one_of_its_portal_that_begins_after_it(world: World) -> None:
    promise(world, "igate", every="usual")
    world.sources["another"] = replace(world.sources["igate"], name="another", feed=None)
    for day in ("03", "04", "05", "06", "07", "10", "11"):
        world.say_provincial(f"2023-07-{day} 18:30", provincial())
    _sent(world, "2023-07-20")
    world.run()
    assert [day for day, status in days(world, "igate").items() if status == "missing"] == [
        *("07-12", "07-13", "07-14", "07-17", "07-18", "07-19", "07-20")
    ]
    path = world.say_provincial("2023-07-14 18:30", provincial())
    world.put(f"another/{Path(path).name}", (world.landing / path).read_bytes())
    (world.landing / path).unlink()
    world.run()
    assert [day for day, status in days(world, "igate").items() if status == "missing"] == ["07-12", "07-13"]


def test_a_source_that_sends_each_working_day_is_missing_on_the_first_without_a_file(world: World) -> None:
    promise(world, "dvcqg", every="usual")
    _sent(world, *(f"2023-07-{day}" for day in ("03", "04", "05", "06", "07", "10", "11", "13")))
    world.run()
    assert _missing(world) == ["07-12"]


def test_of_fewer_than_six_gaps_no_rhythm_is_known(world: World) -> None:
    promise(world, "dvcqg", every="usual")
    _sent(world, *(f"2023-07-{day}" for day in ("03", "04", "05", "06", "07", "10", "14")))
    world.run()
    assert _missing(world) == []
    _sent(world, "2023-07-18")
    world.run()
    assert _missing(world) == ["07-17"]


def test_a_source_that_stopped_is_missing_up_to_the_last_day_of_any_source_or_to_its_until(
    world: World,
) -> None:
    world.say_national("2023-07-17 18:30", *some(1, "2023-07-17"))
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-20 18:30", provincial())
    world.run()
    assert list(days(world).values()) == ["complete", "missing", "missing", "missing"]
    promise(world, "dvcqg", until=date(2023, 7, 18))
    world.run()
    assert days(world) == {"07-17": "complete", "07-18": "missing"}


def test_a_feed_promised_from_a_day_is_missing_though_it_never_came(world: World) -> None:
    promise(world, "angiang", since=date(2023, 7, 17))
    world.say_national("2023-07-18 18:30", *some(1, "2023-07-18"))
    world.run()
    assert days(world, "angiang") == {"07-17": "missing", "07-18": "missing"}


@pytest.mark.parametrize(
    ("every", "weekdays", "expected"),
    [
        ("day", (), ["07-14", "07-15", "07-16", "07-17", "07-18"]),
        ("working_day", (), ["07-14", "07-17", "07-18"]),
        ("weekday", (2, 6), ["07-15", "07-18"]),
    ],
)
def test_the_calendar_of_a_source(
    world: World, every: str, weekdays: tuple[int, ...], expected: list[str]
) -> None:
    promise(world, "dvcqg", every=every, weekdays=weekdays)
    for day in ("2023-07-14", "2023-07-18"):
        world.say_national(f"{day} 18:30", *some(1, day))
    world.run()
    rows = world.ask("select to_char(day, 'MM-DD') from ops.feed_day where expected order by day")
    assert [day for (day,) in rows] == expected


def test_a_holiday_is_no_gap_and_a_make_up_saturday_is_one(world: World) -> None:
    """2/9/2024 and 3/9/2024 were days off; 4/5/2024 was worked for 29/4."""
    for day in ("2024-04-26", "2024-05-06", "2024-08-30", "2024-09-04"):
        world.say_national(f"{day} 18:30", *some(1, day))
    world.run()
    actual = days(world)
    assert actual["05-04"] == "missing"
    assert "04-29" not in actual and "04-30" not in actual and "09-02" not in actual and "09-03" not in actual


def test_steps_alone_are_no_list_of_dossiers(world: World) -> None:
    world.say_national("2023-07-17 18:30", *some(1, "2023-07-17"))
    world.say_steps("2023-07-18 18:30", step())
    world.run()
    assert world.ask("select status, files, rows, reason_vi from ops.feed_day where day = '2023-07-18'") == [
        ("missing", 1, None, "chỉ có tệp bước xử lý, thiếu tệp hồ sơ")
    ]


def test_an_unreadable_file_fails_the_day_that_its_name_tells_until_it_is_replaced(world: World) -> None:
    world.say_national("2023-07-17 18:30", *some(1, "2023-07-17"))
    path = "dvcqg/DongBoHoSoMC_20230718T183000.json"
    world.put(path, b'{"data": [')
    world.say_national("2023-07-19 18:30", *some(1, "2023-07-19"))
    world.run()
    assert days(world) == {"07-17": "complete", "07-18": "failed", "07-19": "complete"}
    world.say_national("2023-07-18 18:30", *some(1, "2023-07-18"))
    world.run()
    assert days(world)["07-18"] == "complete"


@pytest.mark.parametrize(
    ("due_next_day", "arrived", "status"),
    [
        (True, "2023-07-18 07:30", "complete"),
        (True, "2023-07-18 07:31", "late"),
        (False, "2023-07-17 07:29", "complete"),
        (False, "2023-07-17 19:00", "late"),
    ],
)
def test_a_file_is_late_after_its_time(world: World, due_next_day: bool, arrived: str, status: str) -> None:
    promise(world, "dvcqg", is_due_next_day=due_next_day)
    world.say_national("2023-07-17 06:30", *some(1, "2023-07-17"))
    world.run(arrived_when_exported=False, clock=lambda: at(arrived).replace(tzinfo=VIETNAM))
    assert days(world) == {"07-17": status}
    assert world.ask("select count(*) from mart.incomplete_feed('2023-07-01', '2023-07-31')") == [(0,)]


def mondays(count: int) -> list[str]:
    return [f"{at('2023-05-01') + timedelta(days=7 * week):%Y-%m-%d}" for week in range(1, count + 1)]


@pytest.mark.parametrize(
    ("before", "rows", "last", "status"),
    [
        (4, 20, 5, "thin"),
        (4, 20, 6, "complete"),  # a fall of 70 % itself is let pass
        (3, 20, 1, "complete"),  # too few Mondays to compare with
        (4, 19, 1, "complete"),  # too few rows to say anything
    ],
)
def test_a_day_is_thin_when_it_falls_far_below_the_same_weekday(
    world: World, before: int, rows: int, last: int, status: str
) -> None:
    actual = mondays(before + 1)
    for day in actual[:-1]:
        world.say_national(f"{day} 18:30", *some(rows, day))
    world.say_national(f"{actual[-1]} 18:30", *some(last, actual[-1]))
    world.run()
    assert days(world)[actual[-1][5:]] == status


def test_a_thin_day_says_its_rows_the_usual_and_the_share(world: World) -> None:
    actual = mondays(5)
    for day in actual[:-1]:
        world.say_national(f"{day} 18:30", *some(40, day))
    world.say_national(f"{actual[-1]} 18:30", *some(4, actual[-1]))
    world.run()
    assert world.ask(
        "select rows, expected_rows, share, reason_vi from ops.feed_day where day = :day", day=actual[-1]
    ) == [(4, 40.0, 0.1, "4 dòng, bằng 10% mức thường 40 của cùng thứ")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rows_least": 3}, "2 dòng, ít hơn mức 3 đã khai"),
        ({"rows_most": 1}, "2 dòng, nhiều hơn mức 1 đã khai"),
        ({"fill": {"due_at": 0.9}}, "trường điền ít hơn mức đã khai: due_at: 50% < 90%"),
        ({"rows_least": 2, "rows_most": 2, "fill": {"due_at": 0.5}}, None),
    ],
)
def test_the_envelope_of_a_source(world: World, changes: dict[str, Any], reason: str | None) -> None:
    promise(world, "dvcqg", **changes)
    first, two = some(2, "2023-07-17")
    world.say_national("2023-07-17 18:30", first, two | {"NgayHenTra": ""})
    world.run()
    expected = ("thin", reason) if reason else ("complete", "đủ")
    assert world.ask("select status, reason_vi from ops.feed_day") == [expected]


def test_copies_of_a_file_count_once(world: World) -> None:
    path = world.say_national("2023-07-17 18:30", *some(3, "2023-07-17"))
    world.put(f"dvcqg/bản sao/{Path(path).name}", (world.landing / path).read_bytes())
    world.run()
    assert world.ask("select files, rows from ops.feed_day") == [(1, 3)]


@pytest.mark.parametrize("unit_view", ["as_received", "current"])
def test_a_form_carries_the_gaps_of_its_period_as_known_then(world: World, unit_view: str) -> None:
    for day in ("2023-07-17", "2023-07-19"):
        world.say_national(f"{day} 18:30", *some(2, day))
    world.run()
    world.say_national("2023-07-18 18:30", *some(2, "2023-07-18"))
    world.run(arrived_when_exported=False, clock=lambda: at("2023-07-25 08:00").replace(tzinfo=VIETNAM))

    def marks(start: str, end: str, known_at: str = "infinity") -> set[str | None]:
        rows = world.ask(
            "select unnest(coalesce(incomplete_feeds, array[null])) from mart.form_ii06_marked(:start, :end,"
            " known_at => cast(:known_at as timestamptz), unit_view => :unit_view)",
            start=start,
            end=end,
            known_at=known_at,
            unit_view=unit_view,
        )
        assert rows
        return {mark for (mark,) in rows}

    assert marks("2023-07-01", "2023-07-31") == {None}
    assert marks("2023-07-01", "2023-07-31", "2023-07-24T12:00:00+07") == {"dvcqg 2023-07-18 missing"}
    assert marks("2023-07-19", "2023-07-31", "2023-07-24T12:00:00+07") == {None}


def test_a_later_complete_list_heals_a_gap_and_a_list_of_changes_does_not(world: World) -> None:
    world.sources["igate"] = replace(world.sources["igate"], coverage="full")
    for day in ("2023-07-17", "2023-07-20"):
        world.say_national(f"{day} 18:30", *some(1, day))
        world.say_provincial(f"{day} 18:30", provincial())
    world.run()
    rows = world.ask(
        "select source, day::text, healed_on::text from mart.incomplete_feed('2023-07-01', '2023-07-31')"
    )
    assert rows == [
        ("dvcqg", "2023-07-18", None),
        ("igate", "2023-07-18", "2023-07-20"),
        ("dvcqg", "2023-07-19", None),
        ("igate", "2023-07-19", "2023-07-20"),
    ]


def test_figures_that_rest_on_a_gap_carry_a_mark(world: World) -> None:
    for day in ("2023-07-13", "2023-07-17"):
        world.say_national(f"{day} 18:30", *some(1, day))
    world.run()
    marks = world.ask(
        "select date::text, incomplete_feeds from mart.overdue_daily where rule_set = 'ii06' order by date"
    )
    assert marks == [
        ("2023-07-13", None),
        ("2023-07-14", ["dvcqg 2023-07-14 missing"]),
        ("2023-07-15", None),
        ("2023-07-16", None),
        ("2023-07-17", None),
    ]
    months = world.ask(
        "select distinct calendar, month::text, incomplete_feeds from mart.timeliness_month order by 1, 2"
    )
    assert months == [
        ("calendar", "2023-07-01", ["dvcqg 2023-07-14 missing"]),
        ("reporting", "2023-07-01", ["dvcqg 2023-07-14 missing"]),
        ("reporting", "2023-08-01", None),
    ]
    world.say_national("2023-07-14 18:30", *some(1, "2023-07-14"))
    world.run()
    assert world.ask("select count(*) from mart.overdue_daily where incomplete_feeds is not null") == [(0,)]


def test_a_changed_promise_is_judged_by_the_next_run(world: World) -> None:
    world.say_national("2023-07-17 18:30", *some(2, "2023-07-17"))
    world.run()
    assert days(world) == {"07-17": "complete"}
    promise(world, "dvcqg", rows_least=5)
    world.run()
    assert days(world) == {"07-17": "thin"}


def test_a_rebuild_says_the_same_of_every_day(world: World, warehouse: Engine) -> None:
    world.say_national("2023-07-17 18:30", *some(2, "2023-07-17"))
    world.put("dvcqg/DongBoHoSoMC_20230718T183000.json", b"[")
    world.say_national("2023-07-20 18:30", *some(1, "2023-07-20", KhoaMoi="x"))
    world.run()
    before = world.ask("select * from ops.feed_day order by source, day")
    assert [row[3] for row in before] == ["complete", "failed", "missing", "complete"]
    with side_database(warehouse, "beside") as side:
        migrate(side)
        compared = compare_with_rebuilt(warehouse, side, world.archive, world.sources)
    assert {table.table: table.is_equal for table in compared if table.table.startswith("ops.")} == {
        "ops.feed_day": True,
        "ops.drift": True,
    }
    rebuild(warehouse, world.archive, world.sources)
    assert world.ask("select * from ops.feed_day order by source, day") == before


def test_the_sample_with_exports_every_second_day_shows_its_gaps(world: World) -> None:
    shutil.copytree(SAMPLES / "tinh_bien_2023_02_csv" / "landing", world.landing, dirs_exist_ok=True)
    world.run()
    gaps = ["02-02", "02-06", "02-08", "02-10", "02-14", "02-16"]
    assert [day for day, status in days(world).items() if status == "missing"] == gaps
    assert [day for day, status in days(world, "angiang").items() if status == "missing"] == gaps
    assert set(days(world).values()) == {"complete", "missing", "unexpected"}


def test_the_sample_whose_province_begins_later_misses_nothing_before(world: World) -> None:
    shutil.copytree(SAMPLES / "tinh_bien_2023_07" / "landing", world.landing, dirs_exist_ok=True)
    world.run()
    assert min(days(world, "igate")) == "07-31"
    assert set(days(world, "igate").values()) == {"complete"}
    assert set(days(world).values()) <= {"complete", "unexpected"}


@pytest.mark.long
def test_how_long_files_were_on_their_way(world: World) -> None:
    for day, hours in (("17", 0.5), ("18", 5), ("19", 30), ("20", 30), ("21", 400)):
        exported = at(f"2023-07-{day} 18:30")
        world.say_national(f"2023-07-{day} 18:30", *some(1, f"2023-07-{day}"))
        moment: datetime = (exported + timedelta(hours=hours)).replace(tzinfo=VIETNAM)
        world.run(arrived_when_exported=False, clock=lambda moment=moment: moment)
    rows = world.ask(
        "select bucket, files, round(share, 2)::float, stated_files from mart.arrival_delay order by bucket_number"
    )
    assert rows == [
        ("≤ 1 giờ", 1, 0.2, 0),
        ("≤ 6 giờ", 1, 0.2, 0),
        ("≤ 12 giờ", 0, 0.0, 0),
        ("≤ 24 giờ", 0, 0.0, 0),
        ("≤ 2 ngày", 2, 0.4, 0),
        ("≤ 7 ngày", 0, 0.0, 0),
        ("trên 7 ngày", 1, 0.2, 0),
    ]


def test_old_files_loaded_as_arrived_when_exported_have_no_delay_and_that_is_stated(world: World) -> None:
    world.say_national("2023-07-17 18:30", *some(1, "2023-07-17"))
    world.run()
    assert world.ask("select files, stated_files from mart.arrival_delay where bucket_number = 1") == [(1, 1)]


@pytest.mark.parametrize(
    ("last", "province", "verdict"),
    [
        (2, "comes", "giảm thật: mọi nguồn đủ"),
        (9, "comes", "không giảm: mọi nguồn đủ"),
        (2, "is silent", "thiếu tệp"),
    ],
)
def test_a_fall_is_real_only_when_every_feed_is_whole(
    world: World, last: int, province: str, verdict: str
) -> None:
    actual = mondays(5)
    for day, count in zip(actual, (10, 10, 10, 10, last), strict=True):
        world.say_national(f"{day} 18:30", *some(count, day))
        if day != actual[-1] or province == "comes":
            world.say_provincial(f"{day} 18:30", provincial())
    world.run()
    rows = world.ask(
        "select received, usual, share, verdict_vi, cardinality(feeds) from mart.explain_fall('30517', :day)",
        day=actual[-1],
    )
    assert rows == [(last, 10.0, last / 10, verdict, 2)]


def test_a_fall_on_a_thin_day_is_laid_to_the_file(world: World) -> None:
    actual = mondays(5)
    for day, count in zip(actual, (30, 30, 30, 30, 2), strict=True):
        world.say_national(f"{day} 18:30", *some(count, day))
    world.run()
    assert world.ask("select verdict_vi from mart.explain_fall('30517', :day)", day=actual[-1]) == [
        ("tệp bất thường",)
    ]
    assert world.ask("select verdict from mart.explain_fall('30517', :day)", day=actual[1]) == [
        ("not_comparable",)
    ]


@pytest.mark.long
def test_files_in_any_order_say_the_same(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path / "one")
    moments = [f"{day} 18:30" for day in mondays(5)]
    files = {moment: some(30 if moment != moments[-1] else 3, moment[:10]) for moment in moments}
    for moment in reversed(moments):
        world.say_national(moment, *files[moment])
        world.run()
    with side_database(warehouse, "straight") as side:
        migrate(side)
        other = World(side, tmp_path / "other")
        for moment in moments:
            other.say_national(moment, *files[moment])
        other.run()
        query = "select * from ops.feed_day order by source, day"
        assert world.ask(query) == other.ask(query)
        assert days(world)[moments[-1][5:10]] == "thin"
