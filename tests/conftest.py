"""Real servers for the tests: one embedded PostgreSQL 18 and one PostgreSQL 15 a session, a database a test.

The controller (or the only process) starts both, migrates a template database on each, and stops them at the end;
xdist's workers are told the addresses. A test's database is a copy of the template.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.migrate import migrate
from warehouse_sql.warehouse import open_engine

_BIN15 = Path("/usr/lib/postgresql/15/bin")
_TEMPLATE = "motcua_template"
_SERVERS = ("18", "15")
_started: dict[str, Any] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_servers: runs on PostgreSQL 18 and on 15")
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    root = Path(tempfile.mkdtemp(prefix="mc-"))
    root.chmod(0o755)
    _started["root"] = root
    urls: dict[str, str] = {}
    urls["18"] = _prepared(embedded_url(root / "18"))
    url15, reason = _start_15(root / "15")
    if url15:
        urls["15"] = _prepared(url15)
    config.stash[_URLS] = urls
    config.stash[_REASON] = reason


_URLS = pytest.StashKey[dict[str, str]]()
_REASON = pytest.StashKey[str]()


def pytest_configure_node(node: Any) -> None:
    """xdist: a worker is told where the servers are."""
    node.workerinput["servers"] = node.config.stash[_URLS]
    node.workerinput["reason"] = node.config.stash[_REASON]


def pytest_unconfigure(config: pytest.Config) -> None:
    root = _started.pop("root", None)
    if root is None:
        return
    stop_embedded(root / "18")
    if (root / "15" / "postmaster.pid").exists():
        _as_owner("pg_ctl", "-D", str(root / "15"), "-m", "immediate", "-w", "stop")
    shutil.rmtree(root, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    urls = config.stash.get(_URLS, {})
    if not urls:
        return
    terminalreporter.write_line("PostgreSQL tried: " + " and ".join(sorted(urls, reverse=True)) + ".")
    if "15" not in urls:
        terminalreporter.write_line(f"PostgreSQL 15 was NOT tried: {config.stash[_REASON]}")


def _prepared(url: str) -> str:
    """The address of the server's maintenance database, with a migrated template beside it."""
    engine = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {_TEMPLATE} template template0 encoding 'UTF8'"))
    engine.dispose()
    template = open_engine(_database(url, _TEMPLATE))
    migrate(template)
    template.dispose()
    return url


def _database(url: str, name: str) -> str:
    return open_engine(url).url.set(database=name).render_as_string(hide_password=False)


def _start_15(data: Path) -> tuple[str | None, str]:
    if not (_BIN15 / "postgres").exists():
        return None, f"it is not installed ({_BIN15} has no postgres)."
    data.mkdir()
    if os.getuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            return None, "root may not run it, and there is no user postgres."
        os.chown(data, owner.pw_uid, owner.pw_gid)
    _as_owner("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={data} -c fsync=off -c synchronous_commit=off"
        " -c full_page_writes=off -c shared_buffers=128MB -c max_connections=60 -c jit=off"
    )
    _as_owner("pg_ctl", "-D", str(data), "-o", options, "-l", str(data / "log"), "-w", "start")
    return f"postgresql://postgres@/postgres?host={data}", ""


def _as_owner(program: str, *arguments: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*prefix, str(_BIN15 / program), *arguments], check=True, capture_output=True, cwd="/")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_servers") is not None
        metafunc.parametrize("server", _SERVERS if both else _SERVERS[:1])


@pytest.fixture
def warehouse_url(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database of the test's own."""
    config = request.config
    told = getattr(config, "workerinput", None)
    urls: dict[str, str] = told["servers"] if told else config.stash[_URLS]
    if server not in urls:
        pytest.skip(f"PostgreSQL 15 was not tried: {told['reason'] if told else config.stash[_REASON]}")
    name = f"t_{uuid.uuid4().hex[:12]}"
    engine = open_engine(urls[server]).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name} template {_TEMPLATE} strategy file_copy"))
    yield _database(urls[server], name)
    with engine.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    engine.dispose()


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database of the test's own."""
    engine = open_engine(warehouse_url)
    yield engine
    engine.dispose()
