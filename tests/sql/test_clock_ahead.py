"""Files whose export time lies after their arrival: refused, let in by a person, and found in a warehouse of before."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from assets.exports.clock_ahead import RULE, counted_sentence, is_ahead, refusal
from assets.rebuild import compare_with_rebuilt, rebuild
from assets.run_log import Intake
from pipelines.status import read_status
from quality.catalogue import file_rule
from tests.older_versions import make_older
from tests.worlds import World, at, national, provincial
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database
from warehouse_sql.vietnam_time import VIETNAM

pytestmark = pytest.mark.both_servers
_OTHER = "000.26.33.H01-230718-0001"
_REGISTER = (
    "select status, clock_ahead, (exported_at at time zone 'Asia/Ho_Chi_Minh')::text,"
    " (received_at at time zone 'Asia/Ho_Chi_Minh')::text, rows_read from landing.export_file order by file_id"
)
_FIGURES = ("2023-07-01", "2023-07-31")


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _run(world: World, arrived: str, **options: bool) -> Intake:
    return world.run(
        **({"arrived_when_exported": False} | options), clock=lambda: at(arrived).replace(tzinfo=VIETNAM)
    )


def _ahead(world: World) -> str:
    """A good file, and one of an office computer whose clock is a week ahead, both arrived on 18 July."""
    world.say_provincial("2023-07-17 18:30", provincial())
    _run(world, "2023-07-17 19:00")
    return world.say_provincial("2023-07-25 18:30", provincial(_OTHER, received="2023-07-18 08:00"))


@pytest.mark.parametrize(
    ("exported", "arrived", "expected"),
    [
        ("2023-07-17 18:40", "2023-07-17 18:30", False),
        ("2023-07-17 18:41", "2023-07-17 18:30", True),
        ("2023-07-17 18:00", "2023-07-17 18:30", False),
        # a day without a clock is that whole day
        ("2023-07-17 23:59:59", "2023-07-17 08:00", False),
        ("2023-07-18 23:59:59", "2023-07-17 23:45", True),
        ("2023-07-18 23:59:59", "2023-07-17 23:55", False),
    ],
)
def test_more_than_ten_minutes_after_the_arrival_is_ahead(
    exported: str, arrived: str, expected: bool
) -> None:
    assert is_ahead(at(exported), at(arrived)) is expected


def test_the_sentence_is_the_rule_of_the_catalogue_with_both_times() -> None:
    shown = refusal(at("2023-07-25 18:30"), at("2023-07-18 19:00"))
    rule = file_rule(RULE).message_vi
    assert shown == rule.replace("“{value}”", "xuất 25/07/2023 18:30, đến 18/07/2023 19:00")


def test_a_file_of_a_clock_that_runs_ahead_is_refused_with_both_times_and_what_to_do(world: World) -> None:
    path = _ahead(world)
    before = world.form(*_FIGURES)
    intake = _run(world, "2023-07-18 19:00")
    assert (intake.files_loaded, intake.files_failed, intake.rows_read) == (0, 1, 0)
    (error,) = intake.errors
    assert error.startswith(f"{path}: ")
    assert "xuất 25/07/2023 18:30, đến 18/07/2023 19:00" in error
    assert "motcua run --accept clock_ahead" in error and "chỉnh đồng hồ" in error
    assert world.ask(_REGISTER)[1:] == [
        ("failed", "refused", "2023-07-25 18:30:00", "2023-07-18 19:00:00", 0)
    ]
    assert world.form(*_FIGURES) == before
    assert world.ask("select landing.horizon()::text") == [("2023-07-17",)]
    assert world.ask("select count(*) from core.fct_dossier") == [(1,)]
    # The day on which it came is the one that lacks a file.
    assert world.ask("select day::text from ops.feed_day where status = 'failed'") == [("2023-07-18",)]
    assert [row["path"] for row in read_status(world.engine)["failed_files"]] == [path]


def test_a_second_run_changes_nothing_and_does_not_read_it_again(world: World) -> None:
    path = _ahead(world)
    _run(world, "2023-07-18 19:00")
    register = world.ask("select * from landing.export_file order by file_id")
    file = world.landing / path
    stat = file.stat()
    # Bytes that nobody looks at, since name, size and time are known.
    file.write_bytes(b"x" * stat.st_size)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    again = _run(world, "2023-07-26 19:00")
    assert (again.files_known, again.files_failed, again.errors) == (2, 0, [])
    assert world.ask("select * from landing.export_file order by file_id") == register


def test_a_refused_file_is_named_by_every_run_while_it_lies_in_the_landing_zone(world: World) -> None:
    path = _ahead(world)
    assert _run(world, "2023-07-18 19:00").remarks == [], "the run that refuses it says so as an error"
    (remark,) = _run(world, "2023-07-19 19:00").remarks
    for words in (path, "xuất 25/07/2023 18:30, đến 18/07/2023 19:00", "--accept clock_ahead"):
        assert words in remark
    content = (world.landing / path).read_bytes()
    # Sent again under its name, with the clock put right.
    (world.landing / path).write_bytes(content.replace(b"2023-07-25", b"2023-07-19"))
    assert _run(world, "2023-07-20 08:00").remarks == []
    assert _run(world, "2023-07-20 09:00").remarks == []


def test_a_refused_file_that_is_gone_from_the_landing_zone_is_named_no_more(world: World) -> None:
    path = _ahead(world)
    _run(world, "2023-07-18 19:00")
    (world.landing / path).unlink()
    assert _run(world, "2023-07-19 19:00").remarks == []


def test_a_file_that_a_person_lets_in_counts_once(world: World) -> None:
    _ahead(world)
    _run(world, "2023-07-18 19:00")
    intake = _run(world, "2023-07-19 09:00", accepts_clock_ahead=True)
    assert (intake.files_loaded, intake.files_known, intake.files_failed) == (1, 1, 0)


def test_a_person_lets_it_in_later_with_its_arrival_as_export_time(world: World) -> None:
    path = _ahead(world)
    _run(world, "2023-07-18 19:00")
    (world.landing / path).unlink()
    intake = _run(world, "2023-07-19 09:00", accepts_clock_ahead=True)
    assert (intake.files_loaded, intake.rows_loaded, intake.errors) == (1, 1, [])
    assert any("lấy lúc đến làm thời điểm xuất" in remark for remark in intake.remarks)
    assert world.ask(_REGISTER)[1:] == [
        ("loaded", "accepted", "2023-07-18 19:00:00", "2023-07-18 19:00:00", 1)
    ]
    assert world.ask(
        "select effective_from::text, (known_from at time zone 'Asia/Ho_Chi_Minh')::text"
        " from history.dossier_version where dossier_code = :code",
        code=_OTHER,
    ) == [("2023-07-18 19:00:00", "2023-07-18 19:00:00")]
    assert world.ask("select landing.horizon()::text") == [("2023-07-18",)]
    # Once is enough.
    assert _run(world, "2023-07-20 09:00").remarks == []
    assert _run(world, "2023-07-20 09:00", accepts_clock_ahead=True).files_loaded == 0


def test_one_that_its_sender_has_replaced_is_not_let_in(world: World) -> None:
    path = _ahead(world)
    _run(world, "2023-07-18 19:00")
    file = world.landing / path
    file.write_text(file.read_text(encoding="utf-8").replace("2023-07-25T", "2023-07-18T"), encoding="utf-8")
    assert _run(world, "2023-07-18 20:00").files_loaded == 1
    assert _run(world, "2023-07-19 09:00", accepts_clock_ahead=True).files_loaded == 0
    assert [row[:2] for row in world.ask(_REGISTER)] == [
        ("loaded", None),
        ("failed", "refused"),
        ("loaded", None),
    ]


def test_its_arrival_is_what_the_future_is_measured_by(world: World) -> None:
    world.say_provincial("2023-07-25 18:30", provincial(_OTHER, received="2023-07-24 08:00"))
    intake = _run(world, "2023-07-18 19:00", accepts_clock_ahead=True)
    assert intake.rows_quarantined == 1
    assert world.ask("select rule_id from landing.quarantine") == [("in_the_future",)]


@pytest.mark.parametrize("is_accepted", [False, True])
def test_the_decision_survives_a_rebuild_and_the_check(
    world: World, warehouse: Engine, is_accepted: bool
) -> None:
    _ahead(world)
    _run(world, "2023-07-18 19:00", accepts_clock_ahead=is_accepted)
    register, figures = world.ask(_REGISTER), world.form(*_FIGURES)
    with side_database(warehouse, "check") as side:
        migrate(side)
        compared = compare_with_rebuilt(warehouse, side, world.archive, world.sources)
    assert [table.table for table in compared if not table.is_equal] == []
    rebuild(warehouse, world.archive, world.sources)
    assert (world.ask(_REGISTER), world.form(*_FIGURES)) == (register, figures)


def test_a_first_load_of_old_files_holds_them_against_the_present(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_provincial("2023-07-25 18:30", provincial(_OTHER, received="2023-07-18 08:00"))
    intake = _run(world, "2023-07-20 08:00", arrived_when_exported=True)
    assert (intake.files_loaded, intake.files_failed) == (1, 1)
    assert world.ask(_REGISTER) == [
        ("loaded", None, "2023-07-17 18:30:00", "2023-07-17 18:30:00", 1),
        ("failed", "refused", "2023-07-25 18:30:00", "2023-07-20 08:00:00", 0),
    ]
    _run(world, "2023-07-21 08:00", arrived_when_exported=True, accepts_clock_ahead=True)
    assert world.ask(_REGISTER)[1:] == [
        ("loaded", "accepted", "2023-07-20 08:00:00", "2023-07-20 08:00:00", 1)
    ]


def test_a_folder_that_names_only_the_day_is_not_ahead_on_that_day(world: World) -> None:
    path = world.say_provincial("2023-07-17 18:30", provincial())
    content = (world.landing / path).read_bytes().replace(b'"exportedAt"', b'"noteAt"')
    (world.landing / path).unlink()
    world.put("igate/2023-07-17/page.json", content)
    assert _run(world, "2023-07-17 18:35").files_loaded == 1


def test_an_accepted_page_no_longer_says_that_the_others_are_gone(world: World) -> None:
    world.sources["igate"] = world.sources["igate"].__class__(
        **{**vars(world.sources["igate"]), "coverage": "full"}
    )
    world.say_provincial("2023-07-17 18:30", provincial(), provincial(_OTHER, received="2023-07-17 10:00"))
    _run(world, "2023-07-17 19:00")
    world.say_provincial("2023-07-25 18:30", provincial())
    _run(world, "2023-07-18 19:00", accepts_clock_ahead=True)
    assert world.ask("select count(*) from core.fct_dossier where state = 'vanished'") == [(0,)]


def _taken_in_by_an_older_version(world: World) -> str:
    """As the version before took it in: with the time it says, and no mark."""
    path = _ahead(world)
    moments = iter(["2023-07-25 19:00"])
    _run(world, next(moments))
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "update landing.export_file set received_at = '2023-07-18 19:00+07', loaded_at = '2023-07-18 19:00+07'"
                " where path = :path"
            ),
            {"path": path},
        )
        connection.execute(
            text(
                "update history.dossier_version set known_from = '2023-07-18 19:00+07' where known_from > '2023-07-20'"
            )
        )
        make_older(connection, "0005_attributes")
    return path


def test_an_upgrade_finds_such_files_and_says_what_to_do(world: World) -> None:
    path = _taken_in_by_an_older_version(world)
    migrate(world.engine)
    assert [row[:2] for row in world.ask(_REGISTER)] == [("loaded", None), ("loaded", "counted")]
    with world.engine.connect() as connection:
        sentence = counted_sentence(connection)
    assert sentence is not None
    for words in (path, "xuất 25/07/2023 18:30, đến 18/07/2023 19:00", "--accept clock_ahead", "rebuild"):
        assert words in sentence
    assert read_status(world.engine)["clock_ahead"] == sentence
    # It still counts, but no figure goes beyond the day it came.
    intake = _run(world, "2023-07-19 08:00")
    assert intake.remarks == [sentence]
    assert world.ask("select landing.horizon()::text, max(date)::text from mart.overdue_daily") == [
        ("2023-07-18", "2023-07-18")
    ]


@pytest.mark.long
@pytest.mark.parametrize(("is_accepted", "dossiers"), [(False, 1), (True, 2)])
def test_a_rebuild_after_the_upgrade_treats_them_as_decided(
    world: World, is_accepted: bool, dossiers: int
) -> None:
    _taken_in_by_an_older_version(world)
    migrate(world.engine)
    if is_accepted:
        intake = _run(world, "2023-07-19 08:00", accepts_clock_ahead=True)
        assert "đã được cho qua" in intake.remarks[-1]
    rebuild(world.engine, world.archive, world.sources)
    assert world.ask("select count(*) from core.fct_dossier") == [(dossiers,)]
    assert world.ask("select landing.horizon()::text") == [("2023-07-18" if is_accepted else "2023-07-17",)]
    assert world.ask(_REGISTER)[1][:2] == (("loaded", "accepted") if is_accepted else ("failed", "refused"))
    with world.engine.connect() as connection:
        assert counted_sentence(connection) is None


def test_the_national_portals_files_and_steps_are_held_to_the_same(world: World) -> None:
    world.say_national("2023-07-25 18:30", national())
    world.say_steps("2023-07-25 18:30")
    assert _run(world, "2023-07-18 19:00").files_failed == 2


def test_minutes_across_midnight_do_not_move_the_horizon_beyond_the_arrival(world: World) -> None:
    world.say_provincial("2023-07-18 00:03", provincial())
    assert _run(world, "2023-07-17 23:55").files_loaded == 1
    assert world.ask("select landing.horizon()::text") == [("2023-07-17",)]
    assert datetime(2023, 7, 18, 0, 3) - datetime(2023, 7, 17, 23, 55) < timedelta(minutes=10)
