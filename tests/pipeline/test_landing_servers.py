"""Files of an SFTP and an S3 server through the whole way, with logins that an office keeps in the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.s3_server import LOGIN, make_bucket, s3_server
from tests.sftp_server import missing, sftp_server
from tests.worlds import World, provincial

# In a process of its own: fsspec reads the environment when it is imported.
_TWO_RUNS = """
import json, sys
from pathlib import Path
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from assets.given.archive import Archive
from assets.sources.sources import load_sources
from warehouse_sql.engine import open_engine

url, warehouse, archive = sys.argv[1:]
for _ in range(2):
    intake = take_in(open_engine(warehouse), LandingZone(url), Archive(Path(archive)), load_sources())
    print(json.dumps([intake.files_loaded, intake.files_known, intake.left_for_next_run, intake.errors]))
"""


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


def _run_twice(world: World, url: str, environment: dict[str, str]) -> list[object]:
    warehouse = world.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", _TWO_RUNS, url, warehouse, str(world.archive.root)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_files_of_an_sftp_server_are_taken_in_once(world: World, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    with sftp_server(keys) as server:
        login = {
            "FSSPEC_SFTP_KNOWN_HOSTS": str(server.known_hosts),
            "FSSPEC_SFTP_KEY_FILENAME": str(server.user_key),
        }
        runs = _run_twice(world, server.address(world.landing), login)
    assert runs == [[1, 0, [], []], [0, 1, [], []]]


def test_files_of_an_s3_server_are_taken_in_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    (file,) = (file for file in world.landing.rglob("*") if file.is_file())
    with s3_server() as endpoint:
        key = f"nhan/{file.relative_to(world.landing)}"
        make_bucket(endpoint, "kho").put_object(Key=key, Body=file.read_bytes())
        runs = _run_twice(world, "s3://kho/nhan", {**LOGIN, "FSSPEC_S3_ENDPOINT_URL": endpoint})
    assert runs == [[1, 0, [], []], [0, 1, [], []]]
