"""Files of a web server through the whole way: taken in once, not fetched again, and named when they can't be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.exports.intake import Intake, take_in
from assets.exports.landing import LandingZone
from tests.command_line import Motcua
from tests.web_servers import WebServer, python_server
from tests.worlds import World, provincial


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


@pytest.fixture
def web() -> Iterator[WebServer]:
    web = WebServer()
    yield web
    web.stop()


def _run(world: World, address: str) -> Intake:
    return take_in(world.engine, LandingZone(address), world.archive, world.sources)


def _serve(world: World, web: WebServer) -> str:
    """A file of the world, on the web server; its path."""
    path = world.say_provincial("2023-07-17 18:30", provincial())
    web.files[path] = (world.landing / path).read_bytes()
    return path


def _says(web: WebServer, *, time: bool, etag: bool, size: bool = True) -> None:
    web.says_time, web.says_etag, web.says_size = time, etag, size


@pytest.mark.parametrize(("time", "etag"), [(True, True), (True, False), (False, True)])
def test_a_known_file_is_not_fetched_again(world: World, web: WebServer, time: bool, etag: bool) -> None:
    _says(web, time=time, etag=etag)
    path = _serve(world, web)
    first = _run(world, web.address)
    assert (first.files_loaded, first.left_for_next_run, first.errors) == (1, [], [])
    assert world.ask("select path, size_bytes, etag is not null from landing.export_file") == [
        (path, len(web.files[path]), etag)
    ]
    web.asked.clear()
    again = _run(world, web.address)
    assert (again.files_loaded, again.files_known) == (0, 1)
    assert web.bodies_asked() == []
    web.files[path] = web.files[path].replace(b"\n", b"") + b" "
    web.time_of[path] = 1_600_000_100
    assert _run(world, web.address).files_loaded == 1


@pytest.mark.parametrize("size", [True, False])
def test_of_a_silent_server_a_known_content_is_taken_in_once(
    world: World, web: WebServer, size: bool
) -> None:
    _says(web, time=False, etag=False, size=size)
    path = _serve(world, web)
    assert _run(world, web.address).files_loaded == 1
    assert world.ask("select size_bytes, modified_ns, etag from landing.export_file") == [
        (len(web.files[path]), 0, None)
    ]
    again = _run(world, web.address)
    assert (again.files_loaded, again.files_known, again.left_for_next_run) == (0, 1, [])
    web.files[path] = web.files[path][:-1] + b"\n" + web.files[path][-1:]
    assert _run(world, web.address).files_loaded == 1


def test_a_file_that_is_written_again_unchanged_is_fetched_once_more(world: World, web: WebServer) -> None:
    path = _serve(world, web)
    _run(world, web.address)
    web.time_of[path] = 1_600_000_100
    for fetched in (1, 0):
        web.asked.clear()
        assert _run(world, web.address).files_known == 1
        assert len(web.bodies_asked()) == fetched


def test_a_file_that_the_server_refuses_is_reported_at_every_run_until_it_can_be_read(
    world: World, web: WebServer
) -> None:
    path = _serve(world, web)
    for status in (403, 500, 404):
        web.status[path] = status
        result = _run(world, web.address)
        assert (result.files_loaded, result.files_failed) == (0, 1)
        assert path in result.errors[0] and f"mã {status}" in result.errors[0]
    web.status.clear()
    assert _run(world, web.address).files_loaded == 1


@pytest.mark.long
def test_motcua_takes_in_what_pythons_own_server_lists(world: World, motcua: Motcua) -> None:
    path = world.say_provincial("2023-07-17 18:30", provincial())
    folder = (world.landing / path).parent
    folder.rename(folder.with_name("tháng 7 #1"))
    with python_server(world.landing) as address:
        done = motcua("run", "--landing", address, "--arrived-when-exported")
        assert (done.returncode, "Tệp: 1 mới" in done.stdout) == (0, True), done.stderr
        assert "Tệp: 0 mới, 1 đã có" in motcua("run", "--landing", address.rstrip("/")).stdout
    assert world.ask("select path from landing.export_file") == [(f"igate/tháng 7 #1/{path.split('/')[-1]}",)]


def test_what_is_left_for_the_next_run_is_named(world: World, web: WebServer, motcua: Motcua) -> None:
    path = _serve(world, web)
    web.time_of[path] = time.time() - 5
    web.files[f"{path}.part"] = b"["
    shown, count = web.files[path], 0

    def grow(_: str) -> None:
        nonlocal count
        count += 1
        web.files[path] = shown + b" " * count

    web.on_get = grow
    done = motcua("run", "--landing", web.address)
    assert done.returncode == 0
    left = [line for line in done.stderr.splitlines() if line.startswith("Để lần sau")]
    assert {line.rpartition(" ")[2] for line in left} == {path, f"{path}.part"}


def test_a_landing_zone_out_of_reach_ends_the_run_without_telling_the_password(
    web: WebServer, motcua: Motcua
) -> None:
    web.stop()
    done = motcua("run", "--landing", f"http://ai:bi%20mat-9@127.0.0.1:{web.port}/")
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Lỗi")]
    assert "không kết nối được với máy chủ; hãy kiểm tra địa chỉ" in line
    assert "mat-9" not in done.stderr + done.stdout
