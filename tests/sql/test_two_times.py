"""What the two times are good for: ranges, the story of a due date, the trace of a dossier, forms that differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds import CODE, World, national, provincial

pytestmark = pytest.mark.both_servers
OTHER = "000.26.33.H01-230718-0001"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def test_ranges_of_a_source_follow_each_other_without_overlap(world: World) -> None:
    world.say_provincial("2023-07-19 18:30", provincial(status=4, ended="2023-07-19 10:00"))
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national("2023-07-18 18:30", national())
    world.run()
    assert world.ask(
        "select source, effective_from::text, nullif(effective_to, 'infinity')::text"
        " from history.dossier_version_range order by source, effective_from"
    ) == [
        ("dvcqg", "2023-07-18 18:30:00", None),
        ("igate", "2023-07-17 18:30:00", "2023-07-19 18:30:00"),
        ("igate", "2023-07-19 18:30:00", None),
    ]


def test_the_due_date_keeps_its_story(world: World) -> None:
    window = ("2023-07-18 08:00", "2023-07-20 08:15", "2023-07-18 09:00", "2023-07-21 09:00")
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(status=1, requested="2023-07-18 08:00"))
    world.say_provincial("2023-07-20 18:30", provincial(due="2023-07-21 09:00", requested="2023-07-18 08:00"))
    world.say_national("2023-07-20 18:30", national(due="2023-07-21 09:00", supplements=[window]))
    world.say_provincial("2023-07-25 18:30", provincial(due="2023-07-28 09:00", requested="2023-07-18 08:00"))
    world.run()
    assert world.ask(
        "select valid_from::text, due_at::date::text, reason, is_after_it_had_passed from mart.due_story order by due_number"
    ) == [
        ("2023-07-17 09:00:00", "2023-07-18", "first_promise", False),
        ("2023-07-20 08:15:00", "2023-07-21", "supplement", False),
        ("2023-07-25 18:30:00", "2023-07-28", "extension", True),
    ]


def test_the_trace_says_who_said_what_and_which_word_stands(world: World) -> None:
    page = world.say_provincial("2023-07-17 18:30", provincial() | {"applyMethod": None})
    copy = world.say_national("2023-07-18 18:30", national(KenhThucHien="2", due="2023-07-19 09:00"))
    world.run()
    rows = world.ask(
        "select attribute, value, stands, file, row_number from mart.dossier_trace(:code)"
        " where attribute in ('channel', 'due_at', 'received_at') order by attribute, stands desc",
        code=CODE,
    )
    assert rows == [
        ("channel", "2", True, copy, 1),
        ("due_at", "2023-07-18T09:00:00", True, page, 1),
        ("due_at", "2023-07-19T09:00:00", False, copy, 1),
        ("received_at", "2023-07-17T09:00:00", True, page, 1),
        ("received_at", "2023-07-17T09:00:00", False, copy, 1),
    ]
    assert world.ask(
        "select kind, province_says, national_says, age_working_days from mart.portal_disagreement"
    ) == [("due_date", "18/07/2023 09:00", "19/07/2023 09:00", 0)]
    assert world.ask(
        "select province_says_en, national_says_en, province_status, national_status from mart.portal_disagreement"
    ) == [("18 Jul 2023 09:00", "19 Jul 2023 09:00", 4, 4)]


def test_where_portals_disagree_on_the_status_it_is_said_as_a_code_and_in_both_languages(
    world: World,
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(status=10, ended="2023-07-18 08:00", returned="2023-07-18 09:00")
    )
    world.run()
    assert world.ask(
        "select kind, d.province_status, p.status_name_vi = d.province_says, p.status_name_en = d.province_says_en,"
        " d.national_status, n.status_name_vi = d.national_says, n.status_name_en = d.national_says_en"
        " from mart.portal_disagreement as d inner join mart.status as p on d.province_status = p.status"
        " inner join mart.status as n on d.national_status = n.status"
    ) == [("status", 4, True, True, 10, True, True)]


def test_every_attribute_of_the_trace_has_one_word_that_stands(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national(
        "2023-07-18 18:30", national(status=10, ended="2023-07-18 08:00", returned="2023-07-18 09:00")
    )
    world.run()
    rows = world.ask(
        "select attribute, count(*) filter (where stands) from mart.dossier_trace(:code) group by 1",
        code=CODE,
    )
    assert len(rows) > 10
    assert {count for _, count in rows} == {1}


def test_a_missing_side_ages_in_working_days(world: World) -> None:
    world.say_provincial("2023-07-14 18:30", provincial(received="2023-07-14 09:00", due="2023-07-31 09:00"))
    world.say_national("2023-07-18 18:30", national(OTHER))
    world.run()
    # Friday to Tuesday
    assert world.ask(
        "select dossier_code, kind, age_working_days from mart.portal_disagreement order by 1"
    ) == [
        (CODE, "missing_national", 2),
        (OTHER, "missing_provincial", 0),
    ]


def test_what_was_edited_after_the_fact_is_to_be_checked(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-20 18:30", provincial(due="2023-07-25 09:00"))
    world.say_provincial(
        "2023-07-24 18:30", provincial(status=4, due="2023-07-25 09:00", ended="2023-07-18 08:00"),
    )  # fmt: skip
    world.say_provincial(
        "2023-07-26 18:30",
        provincial(status=4, due="2023-07-25 09:00", ended="2023-07-17 16:00", received="2023-07-17 08:00"),
    )
    world.say_provincial("2023-07-27 18:30", provincial(due="2023-07-25 09:00", received="2023-07-17 08:00"))
    world.run()
    rows = world.ask(
        "select kind, first_seen_at::date::text, message_vi from mart.edited_after_the_fact order by 2, 1"
    )
    assert [(kind, day) for kind, day, _ in rows] == [
        ("due_moved_after_it_passed", "2023-07-20"),
        ("end_before_it_was_seen_open", "2023-07-24"),
        ("end_moved", "2023-07-26"),
        ("received_moved", "2023-07-26"),
        ("status_backwards", "2023-07-27"),
    ]
    assert all("cần kiểm tra" in message and "vi phạm" not in message for *_, message in rows)


@pytest.mark.parametrize("late", [False, True])
def test_an_end_before_it_was_still_said_to_be_open_is_seen_whenever_that_is_learned(
    world: World, late: bool
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    repeated = [("2023-07-19 18:30", provincial())]
    if not late:
        world.say_provincial(*repeated.pop())
    world.say_provincial("2023-07-20 18:30", provincial(status=4, ended="2023-07-18 08:00"))
    world.run()
    actual = [
        ("end_before_it_was_seen_open", "2023-07-19 18:30", "2023-07-20 18:30"),
    ]
    asked = (
        "select kind, to_char(last_seen_before, 'YYYY-MM-DD HH24:MI'), to_char(first_seen_at, 'YYYY-MM-DD HH24:MI')"
        " from mart.edited_after_the_fact"
    )
    assert world.ask(asked) == ([] if late else actual)
    for moment, shown in repeated:
        world.say_provincial(moment, shown)
    world.run()
    assert world.ask(asked) == actual


def test_an_ordinary_life_needs_no_check(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-18 18:30", provincial(status=1, requested="2023-07-18 08:00"))
    world.say_provincial("2023-07-21 18:30", provincial(due="2023-07-24 09:00", requested="2023-07-18 08:00"))
    world.say_provincial(
        "2023-07-22 18:30", provincial(status=4, due="2023-07-24 09:00", ended="2023-07-21 19:00")
    )
    world.say_provincial(
        "2023-07-23 18:30",
        provincial(status=5, due="2023-07-24 09:00", ended="2023-07-21 19:00", returned="2023-07-23 08:00"),
    )
    world.run()
    assert world.ask("select kind from mart.edited_after_the_fact") == []


def _diff(world: World, known_1: str, known_2: str) -> list[tuple[object, ...]]:
    return world.ask(
        "select figure, reason, difference, dossier_codes from mart.form_diff('2023-07-17', '2023-07-21',"
        " cast(:one as timestamptz), cast(:two as timestamptz)) order by dossier_codes, figure",
        one=known_1,
        two=known_2,
    )


def test_two_issues_of_a_form_differ_for_reasons_with_dossiers_behind_them(world: World) -> None:
    late = "000.26.33.H01-230719-0001"
    withdrawn = "000.26.33.H01-230719-0002"
    moved = "000.26.33.H01-230719-0003"
    world.say_provincial(
        "2023-07-21 18:30",
        provincial(status=4, ended="2023-07-18 08:00"),
        provincial(withdrawn),
        provincial(moved, due="2023-07-21 09:00"),
    )
    world.say_provincial(
        "2023-08-01 18:30",
        provincial(status=4, ended="2023-07-19 08:00"),
        provincial(late, received="2023-07-20 09:00", due="2023-07-30 09:00"),
        provincial(withdrawn, status=6, ended="2023-07-19 16:00"),
        provincial(moved, due="2023-07-20 09:00", status=4, ended="2023-07-21 08:00"),
    )
    world.run()
    actual = _diff(world, "2023-07-22 00:00+07", "2023-08-02 00:00+07")
    assert actual == [
        ("resolved_late", "end_date_edited", 1, [CODE]),
        ("resolved_on_time", "end_date_edited", -1, [CODE]),
        ("pending_in_time", "arrived_late", 1, [late]),
        ("received_direct_postal", "arrived_late", 1, [late]),
        ("pending_overdue", "withdrawn", -1, [withdrawn]),
        ("resolved_on_time", "withdrawn", 1, [withdrawn]),
        ("pending_in_time", "due_date_moved", -1, [moved]),
        ("resolved_late", "due_date_moved", 1, [moved]),
    ]
    assert _diff(world, "2023-07-22 00:00+07", "infinity") == actual
    # The differences are those of the two forms, to the last one.
    (first,) = world.form("2023-07-17", "2023-07-21", known_at="2023-07-22 00:00+07").values()
    (two,) = world.form("2023-07-17", "2023-07-21", known_at="2023-08-02 00:00+07").values()
    for figure in (
        "resolved_late",
        "resolved_on_time",
        "pending_in_time",
        "pending_overdue",
        "received_direct_postal",
    ):
        assert two[figure] - first[figure] == sum(row[2] for row in actual if row[0] == figure)  # type: ignore[misc]
    assert _diff(world, "2023-08-02 00:00+07", "2023-08-02 00:00+07") == []
