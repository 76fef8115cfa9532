"""The archive alone makes the warehouse again, known times included; register and manifest complete each other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from assets.dimensions.catalogue_import import plan_import, take_over
from assets.exports.intake import now
from assets.given.archive import Archive
from assets.given.manifest import FILE, note_pruned
from assets.rebuild import COMPARED, rebuild, table_digest
from tests.conftest import own_database
from tests.worlds import World, at, national, provincial
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.vietnam_time import VIETNAM

_CATALOGUE = "Mã thủ tục,Tên thủ tục,Thời hạn giải quyết\n1.001193,Đăng ký khai sinh,2 ngày\n".encode()
_ARRIVALS = "select source, path, sha256, received_at, modified_ns, etag, clock_ahead from landing.export_file order by 2"
_KNOWN = (
    "select dossier_code, source, effective_from, known_from from history.dossier_version order by 1, 2, 3, 4"
)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Files of three arrivals, one of them with a clock that ran ahead and was accepted, and a catalogue."""
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial(due="2023-07-20 09:00"))
    _run(world, "2023-07-17 19:00")
    world.say_provincial("2023-07-18 23:30", provincial(due="2023-07-21 09:00"))
    _run(world, "2023-07-18 19:00")
    _run(world, "2023-07-18 20:00", accepts_clock_ahead=True)
    world.put("igate/broken.json", b"{")
    world.say_national("2023-07-19 18:30", national(due="2023-07-20 09:00"))
    _run(world, "2023-07-21 07:00")
    with warehouse.connect() as connection:
        plan = plan_import(connection, _CATALOGUE, "danh mục.csv", date(2023, 7, 1))
    take_over(warehouse, world.archive, plan, now())
    _run(world, "2023-07-21 08:00")
    return world


def _run(world: World, moment: str, **options: Any) -> Any:
    clock = at(moment).replace(tzinfo=VIETNAM)
    return world.run(arrived_when_exported=False, clock=lambda: clock, **options)


@pytest.fixture
def fresh(request: pytest.FixtureRequest, server: str) -> Iterator[Engine]:
    """A second warehouse, migrated and empty."""
    with own_database(request.config, server) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def _digests(engine: Engine) -> dict[str, tuple[int, int]]:
    with engine.connect() as connection:
        return {table: table_digest(connection, table) for table in COMPARED}


@pytest.mark.both_servers
def test_a_new_warehouse_is_made_from_the_archive_alone_with_all_known_times(
    world: World, fresh: Engine
) -> None:
    before, arrivals, known = _digests(world.engine), world.ask(_ARRIVALS), world.ask(_KNOWN)
    intake = rebuild(fresh, world.archive, world.sources)
    other = World(fresh, world.landing.parent)
    assert (intake.files_loaded, intake.files_failed) == (3, 1)
    assert other.ask(_ARRIVALS) == arrivals
    assert other.ask(_KNOWN) == known
    assert _digests(fresh) == before
    assert before["core.fct_dossier"][0] == 1 and before["core.fct_dossier_past"][0] > 0


def test_a_run_of_a_new_warehouse_takes_in_what_the_archive_has_with_its_arrivals(
    world: World, fresh: Engine
) -> None:
    before, arrivals = _digests(world.engine), world.ask(_ARRIVALS)
    other = World(fresh, world.landing.parent)
    _run(other, "2023-07-22 08:00")
    assert other.ask(_ARRIVALS) == arrivals
    assert _digests(fresh) == before


@pytest.mark.long
def test_an_archive_of_an_older_version_gets_its_manifest_from_the_register(
    world: World, fresh: Engine
) -> None:
    before = _digests(world.engine)
    (world.archive.root / FILE).unlink()
    _run(world, "2023-07-22 08:00")
    rebuild(fresh, world.archive, world.sources)
    assert _digests(fresh) == before


@pytest.mark.long
def test_a_kill_between_the_commit_and_the_manifest_is_mended_by_the_next_run(
    world: World, fresh: Engine
) -> None:
    manifest = (world.archive.root / FILE).read_bytes()
    world.say_provincial("2023-07-22 18:30", provincial(due="2023-07-24 09:00"))
    _run(world, "2023-07-22 19:00")
    # What the run noted after its commit is lost; that the file came was on disk before it was archived.
    lines = (world.archive.root / FILE).read_bytes().removeprefix(manifest).splitlines(keepends=True)
    (world.archive.root / FILE).write_bytes(manifest + lines[0])
    _run(world, "2023-07-23 19:00")
    before = _digests(world.engine)
    rebuild(fresh, world.archive, world.sources)
    assert _digests(fresh) == before


def test_what_came_but_was_never_taken_in_is_not_rebuilt(world: World, fresh: Engine) -> None:
    before = _digests(world.engine)
    world.say_provincial("2023-07-22 18:30", provincial(due="2023-07-24 09:00"))

    def stopped(_: Any) -> None:
        raise ValueError("audit")

    with pytest.raises(ValueError, match="audit"):
        _run(world, "2023-07-22 19:00", audit=stopped)
    assert len(world.archive.manifest().came) == 6
    rebuild(fresh, world.archive, world.sources)
    assert _digests(fresh) == before


@pytest.mark.long
def test_what_a_restored_warehouse_does_not_know_of_an_acceptance_holds(world: World) -> None:
    before = _digests(world.engine)
    ((path,),) = world.ask("select path from landing.export_file where clock_ahead = 'accepted'")
    with world.engine.begin() as connection:
        connection.execute(
            text("update landing.export_file set clock_ahead = 'refused' where path = :path"), {"path": path}
        )
    rebuild(world.engine, world.archive, world.sources)
    assert _digests(world.engine) == before
    assert world.ask("select path from landing.export_file where clock_ahead = 'accepted'") == [(path,)]


def test_an_archive_without_a_manifest_and_an_empty_register_are_nothing_to_rebuild_from(
    world: World, fresh: Engine
) -> None:
    (world.archive.root / FILE).unlink()
    with pytest.raises(WarehouseError, match="Kho lưu có 5 tệp nhưng không có sổ của chúng"):
        rebuild(fresh, world.archive, world.sources)
    with pytest.raises(WarehouseError, match="Kho lưu chưa có tệp nào"):
        rebuild(fresh, Archive(world.landing.parent / "nowhere"), world.sources)


@pytest.mark.long
def test_a_rebuild_without_some_of_the_bytes_is_refused_unless_it_is_allowed(world: World) -> None:
    before = _digests(world.engine)
    ((sha256, path),) = world.ask("select sha256, path from landing.export_file where source = 'dvcqg'")
    note_pruned(world.archive.root, [sha256], now())
    world.archive.path_of(sha256).unlink()
    with pytest.raises(WarehouseError, match=rf"1 tệp đã nhận không còn trong kho lưu \({path}\)"):
        rebuild(world.engine, world.archive, world.sources)
    assert _digests(world.engine) == before
    intake = rebuild(world.engine, world.archive, world.sources, allows_missing=True)
    assert (intake.files_loaded, intake.files_failed) == (2, 2)


@pytest.mark.long
def test_an_archive_that_was_moved_is_the_same(world: World, fresh: Engine, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(world.archive.root, moved)
    before = _digests(world.engine)
    rebuild(fresh, Archive(moved), world.sources)
    assert _digests(fresh) == before
