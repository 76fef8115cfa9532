"""`motcua warehouse serve`, `grant` and `revoke` as people run them, and psql with the line that they print."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from pipelines.cli.app import app
from warehouse_sql.embedded import stop_embedded


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    monkeypatch.setenv("MOTCUA_HOME", str(folder))
    monkeypatch.delenv("MOTCUA_WAREHOUSE_URL", raising=False)
    yield folder
    stop_embedded(folder)
    shutil.rmtree(folder)


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_psql_connects_as_it_is_printed_until_the_login_is_taken_back(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert f"127.0.0.1:{port}" in _motcua("warehouse", "serve", "--port", str(port))
    shown = _motcua("warehouse", "grant", "lan", "--role", "analyst")
    (password,) = re.findall(r"^lan / (\S+)$", shown, re.MULTILINE)
    (connection,) = re.findall(r'^psql +psql "(.*)"$', shown, re.MULTILINE)
    assert shown.count(password) == 1
    assert _psql(connection, password) == "lan"
    file = home / "mat-khau"
    file.write_text("mot-mat-khau-dai\nmot-dong-khac\n", encoding="utf-8")
    again = _motcua("warehouse", "grant", "lan", "--role", "reader", "--password-file", str(file))
    assert "mot-mat-khau-dai" not in again
    assert _psql(connection, "mot-mat-khau-dai") == "lan"
    assert "password authentication failed" in _psql(connection, password)
    _motcua("warehouse", "revoke", "lan")
    assert "no pg_hba.conf entry" in _psql(connection, "mot-mat-khau-dai")
    _motcua("warehouse", "serve", "--off")
    assert "refused" in _psql(connection, "mot-mat-khau-dai")


def test_a_server_of_one_s_own_opens_its_port_itself(
    warehouse: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", url)
    refused = CliRunner().invoke(app, ["warehouse", "serve"])
    assert refused.exit_code != 0
    assert "tự mở cổng theo cấu hình" in str(refused.exception)


def _motcua(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def _psql(connection: str, password: str) -> str:
    done = subprocess.run(
        ["psql", connection, "-Atwc", "select current_user"], capture_output=True, text=True, check=False,
        env=os.environ | {"PGPASSWORD": password, "LC_ALL": "C"},
    )  # fmt: skip
    return done.stdout.strip() or done.stderr
