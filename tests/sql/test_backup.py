"""A backup brought back is what was backed up, on every server; anything less leaves what was there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from assets.backup import (
    DUMP,
    MANIFEST,
    Backup,
    BackupError,
    missing_bytes,
    open_backup,
    restore_archive,
    write_backup,
)
from assets.given.archive import Archive
from tests.command_line import Done, own_environment, run_here
from tests.conftest import own_database
from tests.older_versions import REVISIONS, make_older
from tests.worlds import World, national, provincial
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.content import TableContent, table_contents
from warehouse_sql.dump_programs import dump_program
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import migrate
from warehouse_sql.restore import Wanted, grant_memberships, is_empty, restore_warehouse
from warehouse_sql.roles import Roles

_OF_PEOPLE = (
    "insert into ops.login_unit values ('ong_nam', '886')",
    "insert into ops.board_account values ('lan', '$argon2id$x', true, true, now(), null)",
    "insert into ops.board_access (account, dossier_code) values ('lan', 'H01.1-230717-0001')",
    "insert into mart.target values ('all', '1900-01-01', 'on_time', 2023, 0.95, 'chỉ tiêu.xlsx')",
    "insert into ops.finding (inspection, unit_code, unit_valid_from, finding, measure, due_on, baseline_from, baseline_to,"
    " created_on) values ('QĐ 1', 'all', '1900-01-01', 'chậm', 'sửa', '2023-09-01', '2023-07-01', '2023-07-31', '2023-08-01')",
    "insert into ops.inspection_answer (inspection, unit_code, unit_valid_from, item, answer, answered_on)"
    " values ('QĐ 1', 'all', '1900-01-01', 'texts', 'no', '2023-08-01')",
    "insert into ops.alert (alert_id, fingerprint, kind, unit_code, unit_name, state, severity, day, window_days, observed,"
    " expected, message_vi, opened_at, opened_on, last_seen_at, runs_seen, runs_quiet, acknowledged_at, acknowledged_by,"
    " silenced_until) values ('a1', 'f', 'unit', 'all', 'x', 'silenced', 'warning', '2023-07-18', 1, 5.1, 0.25, 'x', now(),"
    " '2023-07-18', now(), 1, 0, now(), 'lan', '2023-08-01')",
)
_MOTCUA = "from pipelines.cli import main; main()"
#: Of a backup and a restore: killed at below.
BOUNDARIES = ("backup.written", "restore.before_commit", "restore.committed")
_STATED = (
    *("ops.login_unit", "ops.board_account", "ops.board_access", "mart.target", "ops.finding", "ops.alert"),
    "ops.inspection_answer",
)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Two exports, and what people added."""
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-20 09:00"))
    world.say_national("2023-07-18 18:30", national(due="2023-07-20 09:00"))
    world.run()
    with warehouse.begin() as connection:
        for statement in _OF_PEOPLE:
            connection.execute(text(statement))
    return world


@pytest.fixture
def fresh(request: pytest.FixtureRequest, server: str) -> Iterator[Engine]:
    """A second warehouse on the same server, migrated and empty."""
    with own_database(request.config, server) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def _back_up(world: World, name: str = "backup", **options: bool) -> Backup:
    folder = world.landing.parent / name
    return write_backup(world.engine, world.archive, folder, office={}, **options)


def _restore(engine: Engine, backup: Backup) -> None:
    given = open_backup(backup.folder)
    program = dump_program("pg_restore", given.dump_version, is_embedded=False)
    restore_warehouse(engine, program, given.dump, Wanted(given.revision, given.contents))
    migrate(engine)


def _contents(engine: Engine) -> dict[str, TableContent]:
    with engine.connect() as connection:
        return table_contents(connection)


@pytest.mark.both_servers(in_every_run=True)
def test_what_is_restored_is_what_was_backed_up_and_a_run_finds_nothing_to_do(
    world: World, fresh: Engine
) -> None:
    before = _contents(world.engine)
    assert [before[table].rows for table in (*_STATED, "core.fct_dossier")] == [1] * (len(_STATED) + 1)
    backup = _back_up(world)
    assert dict(backup.contents) == before
    _restore(fresh, backup)
    assert _contents(fresh) == before
    other = World(fresh, world.landing.parent)
    intake = other.run()
    assert (intake.files_loaded, intake.files_known, intake.remarks) == (0, 2, [])
    # Keys that are drawn go on behind those that are there.
    other.say_provincial("2023-07-19 18:30", provincial(due="2023-07-25 09:00"))
    assert other.run().files_loaded == 1


@pytest.mark.long
def test_a_warehouse_of_18_is_restored_on_15(world: World, request: pytest.FixtureRequest) -> None:
    backup = _back_up(world)
    with own_database(request.config, "15") as url:
        older = open_engine(url)
        _restore(older, backup)
        assert _contents(older) == _contents(world.engine)
        older.dispose()


@pytest.mark.long
def test_a_backup_of_an_older_schema_is_restored_and_upgraded(world: World, fresh: Engine) -> None:
    world.run()
    before = _contents(world.engine)
    with world.engine.begin() as connection:
        make_older(connection, REVISIONS[-2])
    backup = _back_up(world)
    assert backup.revision == REVISIONS[-2]
    _restore(fresh, backup)
    World(fresh, world.landing.parent).run()
    after = _contents(fresh)
    # Of a table that this version brought, the older one could say nothing.
    may_differ = {"landing.export_file", "ops.setting"} | before.keys() - backup.contents.keys()
    assert {table for table in before if before[table] != after[table]} <= may_differ


@pytest.mark.long
def test_what_came_after_the_backup_is_taken_in_again_with_its_old_arrival(world: World) -> None:
    backup = _back_up(world)
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-25 09:00"))
    world.run()
    arrivals = "select path, received_at from landing.export_file order by 1"
    known = "select dossier_code, source, effective_from, known_from from history.dossier_version order by 1, 2, 3"
    before = (world.ask(arrivals), world.ask(known), world.spans(), world.events())
    (world.landing / before[0][-1][0]).unlink()
    _restore(world.engine, backup)
    assert len(world.ask(arrivals)) == 2
    intake = world.run()
    assert [str(remark)[:7] for remark in intake.remarks] == ["1 tệp m"]
    assert (world.ask(arrivals), world.ask(known), world.spans(), world.events()) == before


@pytest.mark.long
def test_the_archive_comes_along_where_that_is_asked_for(world: World, fresh: Engine, tmp_path: Path) -> None:
    other = Archive(tmp_path / "other" / "archive")
    referring, whole = _back_up(world), _back_up(world, "whole", with_archive=True)
    assert (referring.archive_files, whole.archive_files) == (None, 2)
    assert not (referring.folder / "archive").exists()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (whole.folder, *whole.folder.rglob("*")))
    assert restore_archive(referring, other) == 0
    _restore(fresh, whole)
    assert missing_bytes(fresh, other) == 2
    assert restore_archive(whole, other) == 2
    assert restore_archive(whole, other) == 0
    assert missing_bytes(fresh, other) == 0
    assert other.manifest() == world.archive.manifest()


def test_files_of_the_office_are_kept_with_the_variable_that_names_them(world: World, tmp_path: Path) -> None:
    corrections = tmp_path / "đính chính.yaml"
    corrections.write_text("[]", encoding="utf-8")
    backup = write_backup(
        world.engine, world.archive, tmp_path / "b", office={"MOTCUA_CORRECTIONS": corrections}
    )
    assert (backup.folder / backup.office_files["MOTCUA_CORRECTIONS"]).read_text(encoding="utf-8") == "[]"


@pytest.mark.parametrize("name", [DUMP, MANIFEST, "archive/manifest.jsonl"])
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_backup_that_is_not_whole_is_refused(world: World, name: str, harm: str) -> None:
    backup = _back_up(world, with_archive=True)
    file = backup.folder / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.unlink()
    if harm == "changed":
        file.write_bytes(content)
    if (name, harm) == (MANIFEST, "changed"):
        return  # a name or a number in it: what is restored is compared with it
    with pytest.raises(BackupError):
        open_backup(backup.folder)


@pytest.mark.long
def test_where_what_came_is_not_what_was_dumped_everything_stays(world: World) -> None:
    backup = _back_up(world)
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-25 09:00"))
    world.run()
    before = _contents(world.engine)
    file = backup.folder / MANIFEST
    stated = json.loads(file.read_bytes())
    stated["tables"]["mart.target"]["rows"] = 2
    file.write_text(json.dumps(stated), encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"khác bản sao lưu ở mart\.target; chưa có gì thay đổi"):
        _restore(world.engine, backup)
    assert _contents(world.engine) == before
    assert migrate(world.engine) == []


def test_a_backup_of_a_newer_schema_is_refused(world: World) -> None:
    backup = _back_up(world)
    stated = json.loads((backup.folder / MANIFEST).read_bytes()) | {"revision": "9999_later"}
    (backup.folder / MANIFEST).write_text(json.dumps(stated), encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"cấu trúc kho 9999_later, mới hơn motcua này"):
        _restore(world.engine, backup)


def test_a_suitable_pg_dump_is_asked_for_where_there_is_none() -> None:
    with pytest.raises(WarehouseError, match="pg_dump trên máy này là bản 18, cần bản 99 trở lên"):
        dump_program("pg_dump", 99, is_embedded=False)
    with pytest.raises(
        WarehouseError, match="Không tìm thấy pg_dump_of_nobody; hãy cài bộ công cụ PostgreSQL 15"
    ):
        dump_program("pg_dump_of_nobody", 15, is_embedded=False)
    assert dump_program("pg_dump", 15, is_embedded=True).version == 18


def test_logins_are_let_into_their_groups_again(world: World) -> None:
    with psycopg.connect(_address(world.engine), autocommit=True) as connection:
        connection.execute("create role lan_of_backup login")
        connection.execute("grant motcua_reader to lan_of_backup")
        try:
            members = _back_up(world).members
            connection.execute("revoke motcua_reader from lan_of_backup")
            assert ("reader", "lan_of_backup") in members
            ours = [("reader", "lan_of_backup"), ("analyst", "nobody_of_backup")]
            assert grant_memberships(world.engine, Roles("motcua"), ours) == [
                'create role "nobody_of_backup" login',
                'grant "motcua_analyst" to "nobody_of_backup"',
            ]
            granted = connection.execute("select pg_has_role('lan_of_backup', 'motcua_reader', 'member')")
            assert granted.fetchone() == (True,)
        finally:
            connection.execute("drop role lan_of_backup")


def _address(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _motcua(world: World, engine: Engine, *arguments: str) -> Done:
    home = world.landing.parent
    return run_here(("warehouse", *arguments), own_environment(home, _address(engine)), home)


def test_the_commands_back_up_and_restore(world: World, fresh: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "backups" / "2023-07-19"
    done = _motcua(world, world.engine, "backup", str(folder), "--with-archive")
    assert (done.returncode, done.stdout.startswith(f"Đã sao lưu vào {folder}: ")) == (0, True), done
    again = _motcua(world, world.engine, "backup", str(folder))
    assert (again.returncode, again.stderr) == (
        1,
        f"Lỗi: {folder} đã có; hãy đặt tên khác cho bản sao lưu.\n",
    )
    refused = _motcua(world, world.engine, "restore", str(folder))
    assert refused.returncode == 1 and "Kho đã có dữ liệu nên chưa khôi phục gì" in refused.stderr
    assert is_empty(fresh) and not is_empty(world.engine)
    for engine, options in ((fresh, ()), (world.engine, ("--replace",))):
        done = _motcua(world, engine, "restore", str(folder), *options)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert done.stdout.startswith("Đã khôi phục bản sao lưu lúc "), done
    assert _contents(fresh) == _contents(world.engine)


@pytest.mark.parametrize("boundary", ["backup.written:1", "manifest.noted:1"])
def test_a_backup_that_was_killed_is_never_taken_for_whole(
    world: World, tmp_path: Path, boundary: str
) -> None:
    folder = tmp_path / "backup"
    killed = subprocess.run(
        [sys.executable, "-c", _MOTCUA, "warehouse", "backup", str(folder)],
        env=own_environment(tmp_path, _address(world.engine)) | {VARIABLE: boundary},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not folder.exists()
    with pytest.raises(BackupError, match="không phải là một bản sao lưu trọn vẹn"):
        open_backup(folder)
    _back_up(world)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.long
@pytest.mark.parametrize("boundary", ["restore.before_commit:1", "restore.committed:1"])
def test_a_restore_that_was_killed_has_changed_nothing_or_is_ended_by_the_next_command(
    world: World, tmp_path: Path, boundary: str
) -> None:
    before = _contents(world.engine)
    backup = _back_up(world)
    world.say_provincial("2023-07-19 18:30", provincial(due="2023-07-25 09:00"))
    world.run()
    later = _contents(world.engine)
    environment = own_environment(tmp_path, _address(world.engine)) | {VARIABLE: boundary}
    killed = subprocess.run(
        [sys.executable, "-c", _MOTCUA, "warehouse", "restore", str(backup.folder), "--replace"],
        env=os.environ | environment,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert _contents(world.engine) == (later if boundary.startswith("restore.before") else before)
    migrate(world.engine)
    assert world.ask("select count(*) > 0 from mart.form_ii06('2023-07-01', '2023-07-31')") == [(True,)]
