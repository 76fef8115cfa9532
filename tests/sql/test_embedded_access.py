"""Who gets into the embedded server: nobody without a password, and clusters of older versions are brought to that."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests.older_versions import RELEASED, make_older
from warehouse_sql.analyst import ask
from warehouse_sql.cluster import PORT, SUPERUSER, create_cluster, postmaster, start_cluster, stop_cluster
from warehouse_sql.embedded import LOCALE, embedded_url, programs, stop_embedded
from warehouse_sql.embedded_access import ROLES, SERVER, login_url
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import is_up_to_date, migrate
from warehouse_sql.passwords import FILE, read_passwords
from warehouse_sql.query_login import ask_embedded, ask_made_login, board_url
from warehouse_sql.server_user import OWN_PLACE

_CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home with a running embedded server."""
    folder = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    embedded_url(folder)
    yield folder
    stop_embedded(folder)
    shutil.rmtree(folder)


def _sockets(home: Path) -> Path:
    running = postmaster(home / "pg")
    assert running
    return running.socket_folder


@pytest.mark.parametrize("login", [SUPERUSER, ROLES.run, ROLES.query, ROLES.board, "root", "pgserver"])
@pytest.mark.parametrize("password", [None, "", "postgres", "motcua"])
def test_nobody_gets_in_without_the_password(home: Path, login: str, password: str | None) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"password|fe_sendauth"):
        psycopg.connect(
            host=str(_sockets(home)), port=PORT, user=login, dbname="motcua", password=password, passfile="/dev/null"
        )  # fmt: skip


def test_no_login_of_ours_is_a_superuser_or_makes_roles(home: Path) -> None:
    with psycopg.connect(embedded_url(home)) as connection:
        rows = connection.execute(
            "select rolname from pg_roles where rolname <> 'postgres' and (rolsuper or rolcreaterole or rolreplication)"
        ).fetchall()
        owner = connection.execute(
            "select pg_get_userbyid(datdba) from pg_database where datname = 'motcua'"
        ).fetchone()
    assert rows == []
    assert owner == (ROLES.owner,)


def test_the_query_login_gets_into_the_warehouse_alone(home: Path) -> None:
    for database in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(login_url(home, _sockets(home), ROLES.query, database))


def test_passwords_and_locks_are_for_their_owner_alone(home: Path) -> None:
    for name in (FILE, "pg.lock", "pg.users"):
        actual = (home / name).stat()
        assert stat.S_IMODE(actual.st_mode) == 0o600
        assert actual.st_uid == os.geteuid()
    kept = read_passwords(home, SERVER)
    assert set(kept) == {SUPERUSER, ROLES.run, ROLES.query, ROLES.board}
    assert len(set(kept.values())) == 4
    assert min(map(len, kept.values())) > 40


def test_the_log_of_the_server_tells_no_password(home: Path) -> None:
    log = (home / "pg" / "log").read_text()
    assert not any(password in log for password in read_passwords(home, SERVER).values())


@pytest.mark.parametrize("lost", ["gone", "broken", "another", "of another form"])
def test_lost_passwords_are_made_again(home: Path, lost: str) -> None:
    file = home / FILE
    match lost:
        case "gone":
            file.unlink()
        case "broken":
            file.write_text("{")
        case "of another form":
            file.write_text(json.dumps({SERVER: "x", "elsewhere": {ROLES.query: "kept", ROLES.run: 7}}))
        case _:
            file.write_text(json.dumps({SERVER: {SUPERUSER: "x", ROLES.run: "y", ROLES.query: "z"}}))
    assert ask_embedded(home, "select current_user", 60, ask)[1] == [(ROLES.query,)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_login_that_was_dropped_is_made_again(home: Path) -> None:
    migrate(open_engine(embedded_url(home)))
    with psycopg.connect(login_url(home, _sockets(home), SUPERUSER), autocommit=True) as connection:
        connection.execute(f"drop role {ROLES.query}".encode())
    assert ask_embedded(home, "select count(*) from mart.daily_flow", 60, ask)[1] == [(0,)]


def test_the_login_of_the_board_is_made_again_with_its_password(home: Path) -> None:
    assert _user(board_url(None, home)) == ROLES.board
    with psycopg.connect(login_url(home, _sockets(home), SUPERUSER), autocommit=True) as connection:
        connection.execute(f"drop owned by {ROLES.board}; drop role {ROLES.board}".encode())
    (home / FILE).unlink()
    assert _user(board_url(None, home)) == ROLES.board
    kept = read_passwords(home, SERVER)
    with psycopg.connect(login_url(home, _sockets(home), SUPERUSER), autocommit=True) as connection:
        connection.execute(f"alter role {ROLES.board} password 'another'".encode())
    assert _user(board_url(None, home)) == ROLES.board
    assert read_passwords(home, SERVER) == kept


def _user(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_user").fetchone()
    assert row
    return str(row[0])


def test_rights_to_the_server_that_were_opened_are_closed(home: Path) -> None:
    file = home / "pg" / "pg_hba.conf"
    file.write_text("local all all trust\n")
    with psycopg.connect(
        login_url(home, _sockets(home), SUPERUSER, "postgres"), autocommit=True
    ) as connection:
        connection.execute("select pg_reload_conf()")
    embedded_url(home)
    assert "trust" not in file.read_text()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=str(_sockets(home)), port=PORT, user=SUPERUSER, dbname="motcua", passfile="/dev/null"
        )


def test_a_cluster_that_trusted_everybody_is_closed_and_given_to_its_owner() -> None:
    """As an older version left it: the superuser owns everything, and whoever reaches the socket is in."""
    home = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    try:
        create_cluster(programs(), home / "pg", LOCALE, "")
        sockets = start_cluster(programs(), home / "pg")
        address = f"postgresql://{SUPERUSER}@/{{}}?host={sockets}&port={PORT}"
        with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
            connection.execute(
                "create database motcua template template0 encoding 'UTF8'"
                " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
            )
        old = open_engine(address.format("motcua"))
        migrate(old)
        with old.begin() as connection:
            connection.execute(text("reassign owned by motcua_owner to postgres"))
            connection.execute(text("insert into ops.setting values ('mine', 'kept')"))
            make_older(connection, RELEASED["0.1.0"])
        old.dispose()
        rows = ask_embedded(home, "select value, current_user from ops.setting where name = 'mine'", 60, ask)[
            1
        ]
        assert rows == [("kept", ROLES.query)]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(address.format("motcua"), passfile="/dev/null")
        with psycopg.connect(embedded_url(home)) as connection:
            left = connection.execute(
                "select count(*) from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
                " where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops') and c.relowner = 10"
            ).fetchone()
        assert left == (0,)
        brought_up = open_engine(embedded_url(home))
        migrate(brought_up)
        assert is_up_to_date(brought_up)
        brought_up.dispose()
    finally:
        stop_embedded(home)
        stop_cluster(home / "pg")
        shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_no_rights_are_changed_above_the_home() -> None:
    """Below a closed folder, as /root is, the data lie in the server's own place, and the home leads there."""
    closed = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    home = closed / "below" / "home"
    home.mkdir(parents=True)
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in (closed, closed / "below")]
    try:
        with open_engine(embedded_url(home)).connect() as connection:
            assert connection.execute(text("select 1")).scalar() == 1
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in (closed, closed / "below")] == before
        place = (home / "pg").readlink()
        assert place.is_relative_to(OWN_PLACE)
        # Found again, also after the home was moved.
        stop_embedded(home)
        moved = closed / "moved"
        home.rename(moved)
        with open_engine(embedded_url(moved)).connect() as connection:
            assert connection.execute(text("select 1")).scalar() == 1
        stop_embedded(moved)
        shutil.rmtree(place.parent)
    finally:
        shutil.rmtree(closed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_programs_in_a_closed_folder_are_copied_not_opened() -> None:
    closed = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    home = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    try:
        package = programs().parent.parent
        installation = closed / package.name / programs().parent.name
        shutil.copytree(programs().parent, installation)
        shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
        create_cluster(installation / "bin", home / "pg", LOCALE, "")
        start_cluster(installation / "bin", home / "pg")
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        stop_cluster(home / "pg")
        shutil.rmtree(home)
        shutil.rmtree(closed)


def test_a_command_leaves_its_own_folders_closed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "run"],
        env={**os.environ, "MOTCUA_HOME": str(tmp_path / "home")}, cwd=_CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (tmp_path / "home" / "landing").mkdir(parents=True, exist_ok=True)
    assert done.returncode in (0, 1)
    for folder in ("dagster", "archive", "data-docs"):
        if (tmp_path / "home" / folder).exists():
            assert stat.S_IMODE((tmp_path / "home" / folder).stat().st_mode) == 0o700, folder


@pytest.fixture
def night(home: Path) -> Iterator[str]:
    """The address of a login that owns a database and may make no roles, on a server that asks for passwords."""
    administrator = login_url(home, _sockets(home), SUPERUSER)
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("create role dem login password 'mot-mat-khau'")
        connection.execute("create database rieng owner dem")
    yield f"postgresql://dem:mot-mat-khau@/rieng?host={_sockets(home)}&port={PORT}"
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("drop database rieng with (force)")
        names = "select rolname from pg_roles where starts_with(rolname, 'motcua_rieng_') or rolname = 'dem'"
        for (name,) in connection.execute(names).fetchall():
            connection.execute(f"drop role {name}".encode())


def test_after_the_administrators_statements_the_query_login_has_its_password(
    home: Path, night: str, tmp_path: Path
) -> None:
    administrator = login_url(home, _sockets(home), SUPERUSER, "rieng")
    with pytest.raises(WarehouseError) as refused:
        ask_made_login(night, tmp_path, "select 1", 60, ask)
    kept = read_passwords(tmp_path, next(iter(json.loads((tmp_path / FILE).read_text()))))[
        "motcua_rieng_query"
    ]
    assert kept not in str(refused.value), (
        "statements hold what the server keeps of a password, which opens nothing"
    )
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(_statements(str(refused.value), "begin;", "commit;"))
    assert ask_made_login(night, tmp_path, "select current_user", 60, ask)[1] == [("motcua_rieng_query",)]
    with pytest.raises(WarehouseError, match='alter role "motcua_rieng_board"') as unset:
        board_url(night, tmp_path)
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(_statements(str(unset.value), 'alter role "motcua_rieng_board"', ";"))
    assert _user(board_url(night, tmp_path)) == "motcua_rieng_board"

    (tmp_path / FILE).unlink()
    sentences = []
    for _ in range(2):
        with pytest.raises(WarehouseError) as lost:
            ask_made_login(night, tmp_path, "select 1", 60, ask)
        sentences.append(str(lost.value))
    assert "chạy lại" in sentences[0]
    # The statement that was printed first is good after the second try, too.
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(_statements(sentences[0], 'alter role "motcua_rieng_query"', ";"))
    assert ask_made_login(night, tmp_path, "select 1", 60, ask)[1] == [(1,)]


def _statements(sentence: str, first: str, last: str) -> bytes:
    """What an administrator copies out of the sentence."""
    start = sentence.index(first)
    return sentence[start : sentence.index(last, start) + len(last)].encode()
