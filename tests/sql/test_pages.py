"""Pages of a list that goes on: the day is a gap until all have come, and nothing vanishes for a page that is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.exports.completeness import refresh_feeds
from tests.worlds import CODE, World, provincial

OTHER, THIRD = "000.26.33.H01-230717-0002", "000.26.33.H01-230717-0003"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """A world in which the pages of iGate name every dossier it has."""
    made = World(warehouse, tmp_path)
    made.sources["igate"] = replace(made.sources["igate"], coverage="full")
    return made


def page(world: World, day: str, name: str, *codes: str, **envelope: Any) -> None:
    content = {"exportedAt": f"{day}T11:30:00Z", "content": [provincial(code) for code in codes], **envelope}
    world.put(f"igate/{day}/{name}.json", json.dumps(content).encode())


def day_of(world: World, day: str) -> tuple[str, str]:
    refresh_feeds(world.engine)
    ((status, reason),) = world.ask(
        "select status, reason_vi from ops.feed_day where source = 'igate' and day = cast(:day as date)",
        day=day,
    )
    return str(status), str(reason)


def test_a_day_is_a_gap_until_all_pages_of_its_list_have_come(world: World) -> None:
    page(world, "2023-07-17", "1", CODE, OTHER, last=False, totalElements=3, number=0)
    world.run()
    assert day_of(world, "2023-07-17") == ("thin", "các trang đã đến có 2 trong 3 hồ sơ mà cổng ghi")
    page(world, "2023-07-17", "2", THIRD, last=True, totalElements=3, number=1)
    world.run()
    assert day_of(world, "2023-07-17")[0] == "complete"
    # drift is of what no list knows; a page is none
    assert world.ask("select * from ops.drift where kind = 'page'") == []


def test_a_list_without_a_count_is_a_gap_until_its_last_page_has_come(world: World) -> None:
    page(world, "2023-07-17", "1", CODE, last=False)
    world.run()
    assert day_of(world, "2023-07-17") == ("thin", "trang cuối của danh sách chưa đến (last: false)")
    page(world, "2023-07-17", "2", OTHER, last=True, number=1)
    world.run()
    assert day_of(world, "2023-07-17")[0] == "complete"


def test_a_page_that_is_missing_in_the_second_list_of_a_day_is_missed(world: World) -> None:
    page(world, "2023-07-17", "1", CODE, last=False, totalElements=2, number=0)
    page(world, "2023-07-17", "2", OTHER, last=True, totalElements=2, number=1)
    page(
        world,
        "2023-07-17",
        "3",
        CODE,
        last=False,
        totalElements=2,
        number=0,
        exportedAt="2023-07-17T14:00:00Z",
    )
    world.run()
    assert day_of(world, "2023-07-17") == ("thin", "các trang đã đến có 3 trong 4 hồ sơ mà cổng ghi")


@pytest.mark.both_servers
def test_no_dossier_vanishes_for_a_page_that_is_missing(world: World) -> None:
    page(world, "2023-07-17", "all", CODE, OTHER, last=True, totalElements=2, number=0)
    page(world, "2023-07-18", "1", CODE, last=False, totalElements=2, number=0)
    world.run()
    assert world.ask("select path from landing.export_file where complete_from is not null") == [
        ("igate/2023-07-17/all.json",)
    ]
    assert world.spans(OTHER) == [("processing", "17 09:00", "∞", "18 09:00")]
    # the same page as a whole list
    page(world, "2023-07-19", "1", CODE, last=True, totalElements=1, number=0)
    world.run()
    assert [state for state, *_ in world.spans(OTHER)] == ["processing", "vanished"]
