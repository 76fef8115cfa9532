"""Real servers for the tests: one embedded PostgreSQL 18 and one PostgreSQL 15 a session, a database a test.

A server is started by the first worker whose test needs it and shared by all; the controller (or the only process)
stops both. A test's database is a copy of a migrated template, or of one with a world already taken in when the test
asks for that world by its fixture. Tests marked `both_servers` run on 18 and, most of them in `make long`, on 15.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from assets.dimensions.load import load_reference
from assets.sources.sources import load_sources
from quality.audit_process import AuditProcess
from quality.expectations import import_great_expectations
from tests.faults import counts
from tests.slow import function_of, slow_tests
from tests.taken_in import WORLDS
from tests.worlds import World
from warehouse_sql.cluster import PORT, SUPERUSER, ClusterError, create_cluster, start_cluster, stop_cluster
from warehouse_sql.embedded import LOCALE, programs
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.receivers import Hook, Mailbox

_PROGRAMS_15 = (
    *(Path("/usr/lib/postgresql/15/bin"), Path("/usr/pgsql-15/bin")),
    *(Path("/opt/homebrew/opt/postgresql@15/bin"), Path("/usr/local/opt/postgresql@15/bin")),
)
_SERVERS = ("18", "15")
# The second one with the built-in dimensions in it, for tests that do not care how they come there.
_TEMPLATE, _LOADED = "motcua_template", "motcua_loaded"
_LOADED_FOR = ("sql", "rules", "pipeline", "faults")
# In memory where there is room: a database is three hundred small files.
_PLACES = (Path("/dev/shm"), Path("/tmp"))
_ROOM = 2 << 30
_PREFIX = "motcua-test-"
_ALIVE = "alive"
# A crash loses nothing that a test run wants to keep. Copies of a template share its roles, as their prefix says.
_SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 128MB
max_wal_size = 256MB
max_connections = 100
jit = off
autovacuum = off
timezone = 'Asia/Ho_Chi_Minh'
motcua.role_prefix = 'motcua'
"""
# What is out of reach in a test stays so, unless the test is about that.
os.environ |= {"MOTCUA_RETRIES": "0", "MOTCUA_RUN_WAIT": "5", "MOTCUA_LOG": "text"}
_ROOT = pytest.StashKey[Path]()
_LOCK = pytest.StashKey[IO[str]]()


@pytest.hookimpl(tryfirst=True)  # before pytest decides where its temporary folders are
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "both_servers(in_every_run): runs on PostgreSQL 18 and on 15; there as `long`, unless it says otherwise",
    )
    config.addinivalue_line("markers", "long: takes long, run by `make long`, the longest first")
    shown = getattr(config, "workerinput", None)
    if shown:
        config.stash[_ROOT] = Path(shown["servers"])
    elif not config.option.collectonly:
        _sweep()
        root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_place()))
        root.chmod(0o711)  # run by root, the servers belong to another user, who has to pass
        config.stash[_ROOT] = root
        config.stash[_LOCK] = (root / _ALIVE).open("w", encoding="ascii")
        fcntl.flock(config.stash[_LOCK], fcntl.LOCK_EX)
        # Also in memory: each event of a Dagster run is a transaction of SQLite, and waits for a busy disk.
        # `--basetemp` keeps the files.
        config.option.basetemp = config.option.basetemp or str(root / "tmp")


def pytest_configure_node(node: Any) -> None:
    """xdist: a worker is told where the servers are."""
    node.workerinput["servers"] = str(node.config.stash[_ROOT])


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    slow = slow_tests()
    for item in items:
        if function_of(item.nodeid) in slow:
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _LOCK in config.stash:
        _remove(config.stash[_ROOT])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if _LOCK not in config.stash:
        return
    asked = [name for name in _SERVERS if (config.stash[_ROOT] / f"{name}.json").exists()]
    result = {name: json.loads((config.stash[_ROOT] / f"{name}.json").read_text()) for name in asked}
    tried = [server["version"] for server in result.values() if "url" in server]
    if tried:
        terminalreporter.write_line("PostgreSQL tried: " + ", ".join(tried))
    if "reason" in result.get("15", {}):
        terminalreporter.write_line(f"PostgreSQL 15 was NOT tried: {result['15']['reason']}")
    for line in counts.lines(terminalreporter):
        terminalreporter.write_line(line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        first, second = _SERVERS
        both = metafunc.definition.get_closest_marker("both_servers")
        marks = [] if both and both.kwargs.get("in_every_run") else [pytest.mark.long]
        metafunc.parametrize("server", [first, pytest.param(second, marks=marks)] if both else [first])


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """pytest's, which an embedded server of another user may pass through."""
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(0o711)
    return tmp_path


@pytest.fixture(scope="session", autouse=True)
def audits_in_this_process() -> Iterator[None]:
    """Runs in the process of the tests import Great Expectations once there, where each would start a process that does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AuditProcess, "start", lambda _: import_great_expectations())
        yield


@pytest.fixture
def warehouse_url(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database of the test's own."""
    world = next((name for name in WORLDS if name in request.fixturenames), None)
    if world:
        template, _ = _taken_in(request.config, server, world)
    else:
        template = _LOADED if request.path.parent.name in _LOADED_FOR else _TEMPLATE
    with own_database(request.config, server, template) as url:
        yield url


@contextmanager
def own_database(config: pytest.Config, server: str, template: str = _TEMPLATE) -> Iterator[str]:
    """The address of a copy of a template, dropped at the end; skips where the server is not to be had."""
    result = _server_or_skip(config, server)
    name = f"t_{uuid.uuid4().hex[:12]}"
    _maintain(result["url"], f"create database {name} template {template} strategy file_copy")
    yield _database(result["url"], name)
    _maintain(result["url"], f"drop database {name} with (force)")


@pytest.fixture
def empty_database_url(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with nothing in it."""
    with own_database(request.config, server, "template0") as url:
        yield url


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database of the test's own."""
    engine = open_engine(warehouse_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sample(request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path) -> World:
    """A sample with late and overdue dossiers, taken in."""
    return _copied("sample", request.config, server, warehouse, tmp_path)


@pytest.fixture
def july(request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path) -> World:
    """The sample of July 2023, of three portals, taken in."""
    return _copied("july", request.config, server, warehouse, tmp_path)


@pytest.fixture
def small(request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path) -> World:
    """A few dossiers, one late and one open and overdue, taken in."""
    return _copied("small", request.config, server, warehouse, tmp_path)


@pytest.fixture
def four_dossiers(request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path) -> World:
    """Four dossiers at one desk, taken in."""
    return _copied("four_dossiers", request.config, server, warehouse, tmp_path)


@pytest.fixture
def two_months(request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path) -> World:
    """Four dossiers of July, two of them late, and four of August, none late, at one desk, taken in."""
    return _copied("two_months", request.config, server, warehouse, tmp_path)


@pytest.fixture
def divided(request: pytest.FixtureRequest, server: str, warehouse: Engine, tmp_path: Path) -> World:
    """Dossiers on both sides of 1/7/2025, some of a unit that was divided then, taken in."""
    return _copied("divided", request.config, server, warehouse, tmp_path)


@pytest.fixture
def post() -> Iterator[Mailbox]:
    """A mail server on loopback."""
    from tests.receivers import mailbox

    with mailbox() as opened:
        yield opened


@pytest.fixture
def web() -> Iterator[Hook]:
    """A receiver of webhooks on loopback."""
    from tests.receivers import hook

    with hook() as opened:
        yield opened


def _copied(name: str, config: pytest.Config, server: str, engine: Engine, root: Path) -> World:
    """The world whose database `warehouse_url` has copied, with a landing zone and an archive of the test's own."""
    _, folder = _taken_in(config, server, name)
    shutil.copytree(folder, root, dirs_exist_ok=True)  # keeps the times: a file is known by its own
    return World(engine, root)


def _taken_in(config: pytest.Config, server: str, name: str) -> tuple[str, Path]:
    """The template and the folder of a world, made by the first to ask."""
    url, root = _server_or_skip(config, server)["url"], config.stash[_ROOT]
    template, folder, done = f"motcua_{name}", root / f"{server}-{name}", root / f"{server}-{name}.done"
    with done.with_suffix(".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # They may be there half made, when an error stopped the first try.
            shutil.rmtree(folder, ignore_errors=True)
            _maintain(url, f"drop database if exists {template} with (force)")
            _maintain(url, f"create database {template} template {_LOADED} strategy file_copy")
            engine = open_engine(_database(url, template))
            world = World(engine, folder)
            WORLDS[name](world)
            world.run()
            engine.dispose()
            done.touch()
    return template, folder


def _server_or_skip(config: pytest.Config, name: str) -> dict[str, str]:
    result = _server(config.stash[_ROOT], name)
    if "reason" in result:
        pytest.skip(f"PostgreSQL {name} was not tried: {result['reason']}")
    return result


def _server(root: Path, name: str) -> dict[str, str]:
    """The server as {url, version}, started by the first to ask; {reason} when this machine has none."""
    with (root / f"{name}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = root / f"{name}.json"
        if not known.exists():
            result = _start_18(root / "18") if name == "18" else _start_15(root / "15")
            known.write_text(json.dumps(result), encoding="utf-8")
        server: dict[str, str] = json.loads(known.read_text(encoding="utf-8"))
        return server


def _start_18(data: Path) -> dict[str, str]:
    result = _start(programs(), data, [*LOCALE, "--no-data-checksums"])
    return result | {"version": f"{result['version']} (embedded)"}


def _start_15(data: Path) -> dict[str, str]:
    installed = [folder for folder in _PROGRAMS_15 if (folder / "postgres").exists()]
    if not installed:
        return {"reason": f"it is not installed ({_PROGRAMS_15[0]} has no postgres)"}
    try:
        return _start(installed[0], data, ["--locale=C.UTF-8"])
    except (OSError, ClusterError) as error:
        return {"reason": f"it can't be started: {error}"}


def _start(binaries: Path, data: Path, locale: Any) -> dict[str, str]:
    if not data.exists():
        create_cluster(binaries, data, [*locale, "--no-sync"], _SETTINGS)
    sockets = start_cluster(binaries, data)
    url = URL.create(
        "postgresql", SUPERUSER, database="postgres", query={"host": str(sockets), "port": str(PORT)}
    )
    shown = url.render_as_string()
    # They may be there half made, when an error stopped the first try.
    for name in (_TEMPLATE, _LOADED):
        _maintain(shown, f"drop database if exists {name} with (force)")
    _maintain(shown, f"create database {_TEMPLATE} template template0 encoding 'UTF8'")
    template = open_engine(_database(shown, _TEMPLATE))
    migrate(template)
    with template.connect() as connection:
        version = str(connection.exec_driver_sql("show server_version").scalar_one()).split()[0]
    template.dispose()
    _maintain(shown, f"create database {_LOADED} template {_TEMPLATE} strategy file_copy")
    loaded = open_engine(_database(shown, _LOADED))
    with loaded.begin() as connection:
        load_reference(connection, load_sources())
    loaded.dispose()
    for name in (_TEMPLATE, _LOADED):
        # As autovacuum leaves a warehouse: the planner knows its tables, and no copy has to look at each row's visibility again.
        _maintain(_database(shown, name), "vacuum (freeze, analyze)")
    return {"url": shown, "version": version}


def _database(url: str, name: str) -> str:
    return (
        open_engine(url).url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    )


def _maintain(url: str, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(command.encode())


def _place() -> Path:
    roomy = (place for place in _PLACES if place.is_dir() and shutil.disk_usage(place).free > _ROOM)
    return next(roomy, Path("/tmp"))


def _remove(root: Path) -> None:
    for name in _SERVERS:
        stop_cluster(root / name)
    shutil.rmtree(root, ignore_errors=True)


def _sweep() -> None:
    """A session that was killed leaves its servers; whoever comes next stops them."""
    for root in (result for place in _PLACES for result in place.glob(f"{_PREFIX}*")):
        try:
            with (root / _ALIVE).open("a", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(root)
        except (OSError, ClusterError):
            continue  # alive, just being made, or another user's


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, Debian's own, for all tests of the session: a process can have one event loop of its kind.

    Where none is installed the tests are skipped with the reason; `make test` installs it where it may.
    """
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: install Debian's package chromium (tests/chromium.sh)")
    with sync_playwright() as playwright:
        result = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield result
        result.close()
