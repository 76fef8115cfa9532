"""Old exports are removed from the archive on purpose, after it was said what can't be done without them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from assets.exports.archive_prune import consequences, plan_prune, prune
from assets.rebuild import COMPARED, rebuild, table_digest
from assets.sources.canonical import READER_VERSION
from tests.command_line import Done, own_environment, run_here
from tests.worlds import World, at, national, provincial
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.errors import WarehouseError
from warehouse_sql.vietnam_time import VIETNAM

#: Killed at below.
BOUNDARIES = ("archive.prune_noted",)
_MOTCUA = "from pipelines.cli import main; main()"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Two old files, one of them with a row in quarantine, and a new one."""
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-20 09:00"))
    world.say_national("2023-07-18 18:30", national(due="2023-07-20 09:00"), national("khong phai ma"))
    world.run()
    world.say_provincial("2023-08-19 18:30", provincial(due="2023-07-25 09:00"))
    world.run()
    return world


def _before(day: str) -> datetime:
    return at(day).replace(tzinfo=VIETNAM)


def _digests(world: World) -> dict[str, tuple[int, int]]:
    with world.engine.connect() as connection:
        return {table: table_digest(connection, table) for table in COMPARED}


def test_only_contents_that_arrived_last_before_that_day_go_and_no_figure_changes(world: World) -> None:
    before, kept = _digests(world), set(world.archive.hashes())
    plan = plan_prune(world.engine, world.archive, _before("2023-08-01"), READER_VERSION)
    assert (len(plan.hashes), plan.refused_rows, plan.refused_files, plan.unread_files) == (2, 1, 0, 0)
    prune(world.archive, plan)
    assert set(world.archive.hashes()) == kept - set(plan.hashes)
    assert world.archive.manifest().pruned == set(plan.hashes)
    intake = world.run()
    assert (intake.files_known, intake.errors, intake.remarks) == (3, [], [])
    assert _digests(world) == before
    with pytest.raises(WarehouseError, match="2 tệp đã nhận không còn trong kho lưu"):
        rebuild(world.engine, world.archive, world.sources)
    assert _digests(world) == before
    assert plan_prune(world.engine, world.archive, _before("2023-08-01"), READER_VERSION).hashes == []


def test_what_can_not_be_done_without_them_is_said_before(world: World) -> None:
    world.say_provincial("2023-08-20 18:30", provincial(due="2023-07-26 09:00"))
    with pytest.raises(RuntimeError):
        world.run(audit=_stopped)
    with world.engine.begin() as connection:
        connection.execute(text("update landing.export_file set reader_version = 0"))
    sentences = consequences(plan_prune(world.engine, world.archive, _before("2099-01-01"), READER_VERSION))
    assert [sentence.split(":")[0][:40] for sentence in sentences[:2]] == [
        "“warehouse rebuild” và “warehouse check”",
        "Đọc lại sau khi nâng cấp motcua",
    ]
    assert sentences[2:] == [
        "3 tệp trong số đó đang chờ bản này đọc lại; hãy chạy “motcua run” trước.",
        "1 dòng cách ly chưa xử lý của các tệp này sẽ không nhận lại được bằng “quarantine replay”.",
        "1 tệp đã lưu nhưng chưa từng được nhận vào kho sẽ mất hẳn.",
    ]


def _stopped(_: object) -> None:
    raise RuntimeError


def test_after_an_upgrade_one_sentence_names_how_many_can_not_be_read_again(world: World) -> None:
    prune(world.archive, plan_prune(world.engine, world.archive, _before("2023-08-01"), READER_VERSION))
    with world.engine.begin() as connection:
        connection.execute(text("update landing.export_file set reader_version = 0"))
    assert world.run().remarks == [
        "2 tệp đã xóa khỏi kho lưu theo thời hạn giữ nên không đọc lại được; những gì đã đọc trước đây được giữ nguyên."
    ]


def _motcua(world: World, *arguments: str, **more: str) -> Done:
    home = world.landing.parent
    return run_here(("archive", "prune", *arguments), _environment(world) | more, home)


def _environment(world: World) -> dict[str, str]:
    url = world.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return own_environment(world.landing.parent, url)


def test_the_command_says_it_first_and_removes_only_when_it_is_told_to(world: World) -> None:
    unset = _motcua(world)
    assert (unset.returncode, "hãy đặt MOTCUA_ARCHIVE_KEPT_DAYS" in unset.stderr) == (2, True)
    dry = _motcua(world, "--dry-run", MOTCUA_ARCHIVE_KEPT_DAYS="30")
    assert dry.returncode == 0 and dry.stdout.startswith("3 tệp gốc đến trước "), dry
    assert "“quarantine replay”" in dry.stdout
    unasked = _motcua(world, "--older-than", "30")
    assert unasked.returncode == 2 and "hãy thêm --yes" in unasked.stderr
    assert len(list(world.archive.hashes())) == 3
    done = _motcua(world, "--older-than", "30", "--yes")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Đã xóa 3 tệp khỏi kho lưu.")
    assert list(world.archive.hashes()) == []
    assert _motcua(world, "--older-than", "30").stdout.startswith("Không có tệp nào đến trước ")


def test_a_prune_that_was_killed_is_ended_by_the_next(world: World) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _MOTCUA, "archive", "prune", "--older-than", "30", "--yes"],
        env=os.environ | _environment(world) | {VARIABLE: "archive.prune_noted:2"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(list(world.archive.hashes())) == 2
    assert _motcua(world, "--older-than", "30", "--yes").returncode == 0
    assert list(world.archive.hashes()) == []
