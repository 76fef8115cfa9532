"""Logins of people over a real port: who gets in, what each sees, and that nobody else does."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from assets.dimensions.load import load_reference
from assets.sources.sources import load_sources
from tests.asking import query_login
from tests.sql.test_roles import login
from tests.sql.test_units_reform import divided_desk
from tests.worlds import World
from warehouse_sql.cluster import SUPERUSER
from warehouse_sql.embedded import administrator_url, embedded_url, serve_embedded, stop_embedded
from warehouse_sql.embedded_access import ROLES, SERVER
from warehouse_sql.embedded_port import served_port
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.logins import Granted, Wanted, grant_login, revoke_login
from warehouse_sql.migrate import migrate
from warehouse_sql.passwords import FILE, read_passwords
from warehouse_sql.roles import roles_of

_PASSWORD = "mot-mat-khau-dai"
_FORM = "select * from mart.form_ii06('2025-06-20', '2025-07-10')"
#: Huyện An Phú; the other dossiers of this world are of Thị xã Tịnh Biên.
_AN_PHU = "886"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home whose warehouse has dossiers of two districts and listens on a port of loopback."""
    folder = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    engine = open_engine(embedded_url(folder))
    migrate(engine)
    with engine.begin() as connection:
        load_reference(connection, load_sources())
    divided_desk().tell(World(engine, folder / "world"))
    engine.dispose()
    serve_embedded(folder, _free_port())
    yield folder
    stop_embedded(folder)
    shutil.rmtree(folder)


@pytest.fixture
def administrator(home: Path) -> Iterator[Engine]:
    engine = open_engine(administrator_url(home))
    yield engine
    engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connect(home: Path, user: str, password: str = _PASSWORD, host: str = "127.0.0.1") -> psycopg.Connection:
    return psycopg.connect(
        host=host, port=served_port(home), user=user, password=password, dbname="motcua", passfile="/dev/null",
        autocommit=True, connect_timeout=5,
    )  # fmt: skip


def units(connection: psycopg.Connection, query: str = _FORM) -> set[str]:
    return {row[0] for row in connection.execute(f"select distinct unit_code from ({query}) as q".encode())}


def test_a_reader_of_one_district_gets_in_by_the_port_and_sees_its_rows_alone(
    home: Path, administrator: Engine
) -> None:
    assert grant_login(administrator, ROLES, Wanted("ba_lan", "reader", (), _PASSWORD)) == Granted(True, [])
    assert grant_login(administrator, ROLES, Wanted("ong_nam", "reader", (_AN_PHU,), _PASSWORD)).is_new
    with connect(home, "ba_lan") as everybody, connect(home, "ong_nam") as district:
        whole = {(row[0], row[2]): row for row in everybody.execute(_FORM.encode())}
        mine = {(row[0], row[2]): row for row in district.execute(_FORM.encode())}
        assert 0 < len(mine) < len(whole)
        assert mine == {key: whole[key] for key in mine}
        assert {code for code, _ in mine} == {"30358", "30337"}
        for mart in ("overdue_daily", "timeliness_month", "open_dossier", "due_audit"):
            assert units(district, f"select * from mart.{mart}") <= {"30358", "30337"}
        count = "select count(*) from mart.open_dossier"
        assert district.execute(count.encode()).fetchone() < everybody.execute(count.encode()).fetchone()
        shown = "\n".join(
            row[0]
            for row in district.execute("explain select * from mart.open_dossier where unit_code = '30502'")
        )
        assert "260620" not in shown
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            district.execute("select * from core.fct_dossier")


def test_granting_again_changes_password_units_and_role_at_once(home: Path, administrator: Engine) -> None:
    grant_login(administrator, ROLES, Wanted("chi_hoa", "reader", (_AN_PHU,), _PASSWORD))
    with connect(home, "chi_hoa") as session:
        before = units(session)
        assert not grant_login(
            administrator, ROLES, Wanted("chi_hoa", "reader", (), "mot-mat-khau-khac")
        ).is_new
        assert units(session) > before
        grant_login(administrator, ROLES, Wanted("chi_hoa", "reader", ("30502",), "mot-mat-khau-khac"))
        assert "30358" not in units(session)
        grant_login(administrator, ROLES, Wanted("chi_hoa", "analyst", (), "mot-mat-khau-khac"))
        assert session.execute("select count(*) from core.fct_dossier").fetchone() != (0,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(home, "chi_hoa")
    connect(home, "chi_hoa", "mot-mat-khau-khac").close()


def test_a_login_that_was_taken_back_is_out_at_once(home: Path, administrator: Engine) -> None:
    grant_login(administrator, ROLES, Wanted("anh_tu", "reader", (_AN_PHU,), _PASSWORD))
    session = connect(home, "anh_tu")
    assert revoke_login(administrator, ROLES, "anh_tu") == []
    with pytest.raises(psycopg.OperationalError):
        session.execute("select 1")
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        connect(home, "anh_tu")
    with administrator.connect() as connection:
        left = "select count(*) from ops.login_unit where login = 'anh_tu'"
        assert connection.execute(text(left)).scalar_one() == 0
    with pytest.raises(WarehouseError, match="Không có người dùng anh_tu"):
        revoke_login(administrator, ROLES, "anh_tu")


@pytest.mark.parametrize("user", [SUPERUSER, ROLES.run, ROLES.query, ROLES.board])
def test_logins_of_motcua_itself_do_not_get_in_by_the_port(home: Path, user: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="conf rejects"):
        connect(home, user, read_passwords(home, SERVER)[user])


def test_a_wrong_password_and_another_address_of_the_machine_are_refused(
    home: Path, administrator: Engine
) -> None:
    grant_login(administrator, ROLES, Wanted("co_mai", "reader", (), _PASSWORD))
    for wrong in ("", "sai-mat-khau-roi"):
        with pytest.raises(psycopg.OperationalError, match=r"password"):
            connect(home, "co_mai", wrong)
    for address in _other_addresses():
        with pytest.raises(psycopg.OperationalError, match=r"[Cc]onnection refused|timeout"):
            connect(home, "co_mai", host=address)
    with administrator.connect() as connection:
        assert connection.execute(text("show listen_addresses")).scalar_one() == "127.0.0.1"
        stored = connection.execute(
            text("select rolpassword from pg_authid where rolname = 'co_mai'")
        ).scalar_one()
    assert stored.startswith("SCRAM-SHA-256$")


def test_no_password_of_a_person_is_kept(home: Path, administrator: Engine) -> None:
    grant_login(administrator, ROLES, Wanted("ba_sau", "reader", (), "khong-luu-o-dau-ca"))
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert set(json.loads((home / FILE).read_text())[SERVER]) == {
        SUPERUSER,
        ROLES.run,
        ROLES.query,
        ROLES.board,
    }
    kept = subprocess.run(
        ["grep", "-rl", "khong-luu-o-dau-ca", str(home)], capture_output=True, text=True, check=False
    )
    assert kept.stdout == ""


def test_the_port_is_closed_and_opened_again_without_losing_a_login(
    home: Path, administrator: Engine
) -> None:
    grant_login(administrator, ROLES, Wanted("ong_bay", "reader", (), _PASSWORD))
    administrator.dispose()
    port = served_port(home)
    assert port and not serve_embedded(home, port)
    assert serve_embedded(home, None)
    assert psycopg.connect(embedded_url(home)).execute("show listen_addresses").fetchone() == ("",)
    stop_embedded(home)
    assert serve_embedded(home, port)
    stop_embedded(home)
    embedded_url(home)  # at every start
    connect(home, "ong_bay").close()


def test_a_port_is_not_opened_while_another_program_uses_the_warehouse(home: Path) -> None:
    code = "import sys; from warehouse_sql.embedded import embedded_url; from pathlib import Path\n"
    code += "embedded_url(Path(sys.argv[1])); print('ready', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        assert other.stdout and other.stdout.readline() == b"ready\n"
        port = served_port(home)
        with pytest.raises(WarehouseError, match="Chương trình khác của motcua"):
            serve_embedded(home, _free_port())
        assert served_port(home) == port
    finally:
        other.communicate()


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (Wanted("Ông Năm", "reader", (), _PASSWORD), "Tên người dùng"),
        (Wanted("motcua_x", "reader", (), _PASSWORD), "Tên người dùng"),
        (Wanted("pg_x", "reader", (), _PASSWORD), "Tên người dùng"),
        (Wanted("ong_chin", "reader", (), "ngan"), "ít nhất 12 ký tự"),
        (Wanted("ong_chin", "analyst", (_AN_PHU,), _PASSWORD), "--unit chỉ dùng với --role reader"),
        (Wanted("ong_chin", "reader", ("99999",), _PASSWORD), "Không có đơn vị mã 99999"),
        (Wanted("postgres", "reader", (), _PASSWORD), "không phải là người chỉ đọc"),
    ],
)
def test_what_can_not_be_granted_is_refused_in_one_sentence(
    home: Path, administrator: Engine, wanted: Wanted, refusal: str
) -> None:
    with pytest.raises(WarehouseError, match=refusal):
        grant_login(administrator, ROLES, wanted)


@pytest.mark.both_servers
def test_on_a_server_of_one_s_own_a_user_with_createrole_grants_and_others_get_the_statements(
    divided: World,
) -> None:
    migrate(divided.engine)
    with divided.engine.connect() as connection:
        roles = roles_of(connection)
    wanted = Wanted("ong_muoi", "reader", (_AN_PHU,), _PASSWORD)
    with login(divided.engine, "motcua_owner") as url:
        plain = open_engine(url)
        granted = grant_login(plain, roles, wanted)
        plain.dispose()
    assert granted.is_new and granted.left and _PASSWORD not in " ".join(granted.left)
    try:
        with divided.engine.begin() as connection:
            for statement in granted.left:
                connection.exec_driver_sql(statement)
        with psycopg.connect(query_login(divided.engine, "ong_muoi")) as session:
            assert units(session) == {"30358", "30337"}
    finally:
        assert revoke_login(divided.engine, roles, "ong_muoi") == []


def _other_addresses() -> list[str]:
    """Addresses of this machine besides loopback's own."""
    addresses = {"127.0.0.2"} | {
        str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    }
    return sorted(addresses - {"127.0.0.1"})
