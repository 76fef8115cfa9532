"""The difference of two forms names what a report issued earlier stated otherwise of the same files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.given.office_file import OfficeFiles
from assets.reports.issue.write import write_report
from assets.reports.reading.figures import Request
from tests.worlds import World, provincial

_WEEK = Request(date(2023, 7, 17), date(2023, 7, 21))
_LATER = "000.26.33.H01-230718-0001"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _difference(world: World, known_1: str, known_2: str = "infinity") -> list[tuple[Any, ...]]:
    return world.ask(
        "select u.unit_name, d.figure, d.reason, d.difference, d.dossier_codes from mart.form_diff("
        "'2023-07-17', '2023-07-21', cast(:one as timestamptz), cast(:two as timestamptz)) as d"
        " inner join core.dim_unit as u on d.unit_code = u.unit_code and d.unit_valid_from = u.valid_from"
        " order by d.reason, d.figure, d.difference",
        one=known_1,
        two=known_2,
    )


def test_an_alias_added_after_the_issue_is_a_new_reading_and_news_stay_news(
    world: World, tmp_path: Path
) -> None:
    world.say_provincial("2023-07-18 18:30", provincial(unit_name="TTHC Nhà Bàng", due="2023-07-28 09:00"))
    world.run()
    write_report(world.engine, _WEEK, tmp_path / "report", None)
    at_the_issue = "2023-07-19 00:00+07"
    assert _difference(world, at_the_issue, at_the_issue) == []

    own = tmp_path / "don-vi.yaml"
    own.write_text(
        "aliases: [{name: TTHC Nhà Bàng, unit_code: 30502, valid_from: 1900-01-01, source: CV}]\n",
        encoding="utf-8",
    )
    world.office = OfficeFiles(units=own)
    world.say_provincial(
        "2023-07-20 18:30",
        provincial(_LATER, unit_name="TTHC Nhà Bàng", received="2023-07-18 09:00", due="2023-07-28 09:00"),
    )
    world.run()
    otherwise = "new_reading"
    assert _difference(world, at_the_issue, at_the_issue) == [
        ("TTHC Nhà Bàng", "pending_in_time", otherwise, -1, []),
        ("Phường Nhà Bàng", "pending_in_time", otherwise, 1, []),
        ("TTHC Nhà Bàng", "received_direct_postal", otherwise, -1, []),
        ("Phường Nhà Bàng", "received_direct_postal", otherwise, 1, []),
    ]
    news = [row for row in _difference(world, at_the_issue) if row[2] != otherwise]
    assert {(unit, reason, tuple(codes)) for unit, _, reason, _, codes in news} == {
        ("Phường Nhà Bàng", "arrived_late", (_LATER,))
    }
    # Once it is issued again, both say the same.
    write_report(world.engine, _WEEK, tmp_path / "again", None)
    assert {row[2] for row in _difference(world, "2023-07-21 00:00+07")} == set()


def test_without_an_issue_of_the_same_files_there_is_no_earlier_reading(world: World, tmp_path: Path) -> None:
    world.say_provincial("2023-07-18 18:30", provincial())
    world.run()
    write_report(world.engine, _WEEK, tmp_path / "report", None)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("update mart.issued_form set quantity = quantity + 1")
    world.say_provincial("2023-07-20 18:30", provincial(_LATER))
    world.run()
    assert {row[2] for row in _difference(world, "2023-07-19 00:00+07")} > {"new_reading"}
    assert "new_reading" not in {row[2] for row in _difference(world, "2023-07-21 00:00+07")}
