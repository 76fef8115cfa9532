"""After an upgrade the archive is read again for what older versions did not read; all else stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assets.given.manifest import Origin
from assets.rebuild import rebuild
from tests.older_versions import make_older
from tests.worlds import World, national, provincial
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.migrate import migrate

_BEFORE = "0006_clock_ahead"
_CODES = [f"000.26.33.H01-230717-{number:04}" for number in range(1, 4)]
_OTHER_CODE = "000.00.00.G22-230717-0001"
_STATEMENTS = """
select
    v.source, v.dossier_code, v.effective_from, v.known_from, v.row_number, f.path, v.due_at, v.due_has_clock,
    v.ended_has_clock, v.other_code
from history.dossier_version as v
inner join landing.export_file as f on v.file_id = f.file_id
order by 1, 2, 3, 4
"""
_REPEATS = """
select q.source, q.dossier_code, q.effective_from, f.path, w.path
from history.dossier_repeat as q
inner join history.dossier_version as v on q.version_id = v.version_id
inner join landing.export_file as f on q.file_id = f.file_id
inner join landing.export_file as w on v.file_id = w.file_id
order by 1, 2, 3, 4
"""
_ACCOUNTS = """
select path, received_at, reader_version, columns::text, rows_read, rows_loaded, rows_unchanged
from landing.export_file order by path
"""
_FACTS = "select to_jsonb(t)::text from core.fct_dossier_span as t order by 1"
_RUN = """
import sys
from pathlib import Path
from tests.sql.test_read_again import _cover
from tests.worlds import World
from warehouse_sql.engine import open_engine
world = World(open_engine(sys.argv[1]), Path(sys.argv[2]))
_cover(world, sys.argv[3])
world.run()
"""


def _content(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Returns what was stated, repeated, counted and made of it."""
    parts = {
        "statements": _STATEMENTS,
        "repeats": _REPEATS,
        "accounts": _ACCOUNTS,
        "facts": _FACTS,
    }
    return {name: world.ask(query) for name, query in parts.items()}


@pytest.fixture(params=["changes", "full"])
def world(warehouse: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> World:
    """Two lists of the province and national files that repeat what they stated, but for what was not read then.

    As pages that name what changed, and as complete lists, whose repeats are ranges.
    """
    world = World(warehouse, tmp_path)
    _cover(world, request.param)
    world.say_provincial("2023-07-17 18:30", *_list())
    world.say_provincial("2023-07-18 18:30", *_list())
    world.say_national("2023-07-17 19:30", national(due="2023-07-20"))
    world.say_national("2023-07-18 19:30", national(due="2023-07-20", MaHoSoKhac=_OTHER_CODE))
    world.say_national("2023-07-19 19:30", national(due="2023-07-20", MaHoSoKhac=_OTHER_CODE))
    world.say_national("2023-07-20 19:30", national(due="2023-07-20"))
    world.run()
    return world


def _cover(world: World, coverage: str) -> None:
    for name in ("igate", "dvcqg"):
        world.sources[name] = replace(world.sources[name], coverage=coverage)


def _list() -> list[dict[str, Any]]:
    return [provincial(code, due="2023-07-20 09:00") for code in _CODES]


def _make_as_older_versions_left_it(world: World) -> None:
    """Takes the schema back, and with it what was read since: what only differs in that is a repeat."""
    with world.engine.begin() as connection:
        make_older(connection, _BEFORE)
    older = """
    with same as (
        select v.dossier_code, v.source, v.version_id, v.file_id, v.effective_from, v.row_number, v.sheet,
            first_value(v.version_id) over (
                partition by v.dossier_code, v.source order by v.effective_from
            ) as first_id
        from history.dossier_version as v
        where v.source = 'dvcqg'
    ),
    gone as (
        delete from history.dossier_version as v using same as s
        where v.version_id = s.version_id and s.version_id <> s.first_id
        returning v.file_id
    ),
    repeated as (
        update history.dossier_repeat as q set version_id = s.first_id
        from same as s where q.version_id = s.version_id and s.version_id <> s.first_id
    ),
    counted as (
        update landing.export_file as f set rows_loaded = 0, rows_unchanged = 1
        from gone as g where f.file_id = g.file_id
    )
    insert into history.dossier_repeat (dossier_code, source, effective_from, file_id, row_number, sheet, version_id)
    select dossier_code, source, effective_from, file_id, row_number, sheet, first_id from same
    where version_id <> first_id
    """
    with world.engine.begin() as connection:
        connection.exec_driver_sql(older)
    migrate(world.engine)


def test_statements_and_repeats_are_what_they_would_have_been_all_along(world: World) -> None:
    before = _content(world)
    assert [row[9] for row in before["statements"] if row[0] == "dvcqg"] == [None, _OTHER_CODE, None]
    _make_as_older_versions_left_it(world)
    assert {row[7:] for row in world.ask(_STATEMENTS)} == {(None, None, None)}
    world.run()
    assert _content(world) == before


def test_a_full_list_after_the_upgrade_is_no_news_and_its_neighbours_neither(world: World) -> None:
    _make_as_older_versions_left_it(world)
    world.say_provincial("2023-07-21 18:30", *_list())
    result = world.run()
    assert (result.rows_read, result.rows_unchanged, result.rows_loaded) == (3, 3, 0)
    assert result.remarks == []


def test_what_was_read_again_is_what_a_rebuild_makes(world: World) -> None:
    _make_as_older_versions_left_it(world)
    world.run()
    completed = _content(world)
    rebuild(world.engine, world.archive, world.sources)
    assert _content(world) == completed


def test_nothing_is_read_a_second_time(world: World) -> None:
    _make_as_older_versions_left_it(world)
    world.run()
    for file in world.archive.root.glob("??/*"):
        file.unlink()
    assert world.run().remarks == []


def test_where_the_bytes_are_gone_the_old_statement_stays_and_the_file_is_named(world: World) -> None:
    before = _content(world)
    _make_as_older_versions_left_it(world)
    ((sha256, path),) = world.ask(
        "select sha256, path from landing.export_file where source = 'igate' order by effective_at limit 1"
    )
    kept = world.archive.path_of(sha256)
    content = kept.read_bytes()
    kept.unlink()
    result = world.run()
    (remark,) = result.remarks
    assert remark == (
        f"{path}: không đọc lại được từ kho lưu nên những gì đã đọc trước đây của tệp này được giữ nguyên."
        " Tệp không còn trong kho lưu; hãy gửi lại tệp vào nơi nhận."
    )
    assert not result.errors
    old = [row for row in world.ask(_STATEMENTS) if row[5] == path]
    assert [row[7:] for row in old] == [(None, None, None)] * 3
    assert [row[:7] for row in old] == [row[:7] for row in before["statements"] if row[5] == path]

    # Once the bytes are there again, the next run reads them.
    world.archive.keep(content, Origin(path, "igate"))
    assert world.run().remarks == []
    assert [row for row in world.ask(_STATEMENTS) if row[5] == path] == [
        row for row in before["statements"] if row[5] == path
    ]
    assert _content(world)["facts"] == before["facts"]


@pytest.mark.long
@pytest.mark.parametrize("boundary", ["reread.before_commit:3", "reread.committed:3", "staging.committed:1"])
def test_a_run_killed_while_it_reads_again_goes_on_with_the_next_file(
    world: World, warehouse_url: str, tmp_path: Path, boundary: str
) -> None:
    before = _content(world)
    _make_as_older_versions_left_it(world)
    world.say_provincial("2023-07-21 18:30", *_list())
    killed = subprocess.run(
        [sys.executable, "-c", _RUN, warehouse_url, str(tmp_path), world.sources["igate"].coverage],
        env=os.environ | {VARIABLE: boundary},
        check=False,
    )
    assert killed.returncode == -9
    ((done,),) = world.ask("select count(*) from landing.export_file where reader_version > 0")
    assert done == {"reread.before_commit:3": 2, "reread.committed:3": 3}.get(boundary, 6)
    world.run()
    after = _content(world)
    assert after["statements"] == before["statements"]
    assert set(before["repeats"]) <= set(after["repeats"]) and set(before["accounts"]) <= set(
        after["accounts"]
    )


def test_arrivals_stay(world: World) -> None:
    known = (
        "select dossier_code, effective_from, known_from from history.dossier_version"
        " where source = 'igate' order by 1, 2, 3"
    )
    arrived = "select path, received_at from landing.export_file order by path"
    before = world.ask(known), world.ask(arrived)
    _make_as_older_versions_left_it(world)
    world.run()
    assert (world.ask(known), world.ask(arrived)) == before
