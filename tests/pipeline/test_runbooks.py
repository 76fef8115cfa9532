"""The runbooks as an engineer follows them: their commands, in order, in a situation of the kind that each is about.

tests/runbooks.py says how a page is read. Blocks `console` need root on a machine of its own: tests/machine types them.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection

from assets.dimensions.calendar import date_frame
from pipelines.simulator import simulate
from tests.conftest import _PROGRAMS_15
from tests.older_versions import RELEASED, make_older
from tests.runbooks import BOOKS, PAGES, pieces_of
from warehouse_sql.cluster import create_cluster, start_cluster, stop_cluster
from warehouse_sql.embedded import stop_embedded
from warehouse_sql.engine import open_engine
from warehouse_sql.vietnam_time import VIETNAM

_ROOT = Path(__file__).parents[2]
_PARTS = ("How you notice it", "What to do", "When it is over", "What not to do", "Whom to ask")
#: What everyone types first.
_AT_THE_DOOR = next(piece.body for piece in pieces_of(BOOKS / "README.md") if piece.kind == "sh")
_WITHHELD_DAYS = 4


@dataclass(frozen=True)
class Office:
    """A machine with motcua on it, below `root`; the newest exports of the province's portal are still `withheld`."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def withheld(self) -> Path:
        return self.root / "withheld"

    def here(self, words: str) -> str:
        """Returns what a page says with this office's own places and the server that stands for the database server."""
        for place, own in {
            "/var/lib/motcua": self.home,
            "/etc/motcua": self.root / "etc",
            "/opt/motcua": self.root / "program",
            "/backups": self.root / "backups",
            "/media/disk": self.root / "disk",
        }.items():
            words = words.replace(place, str(own))
        if (server := self.root / "server").exists():
            sockets, port = server.read_text(encoding="utf-8").split()
            words = words.replace("sudo -u postgres psql", f"psql -X -q -h {sockets} -p {port} -U postgres")
            words = words.replace("db.example.vn", f"127.0.0.1:{port}")
        return words

    def shell(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Returns what a shell answers; it goes on with the variables and in the folder of the one before."""
        state = shlex.quote(str(self.root / "state"))
        keep = f"trap 'declare -px | grep -v ^declare.-[a-z]*r > {state}; echo cd \"$PWD\" >> {state}' EXIT"
        return subprocess.run(
            ["bash", "-c", f"test -e {state} && . {state}; {keep}; set -aeo pipefail\n{self.here(commands)}"],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
                **{"LANG": "C.UTF-8", "MOTCUA_LOG": "text", "MOTCUA_RETRIES": "0"},
            },
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def _lay_program(root: Path) -> None:
    program = root / "program" / "bin" / "motcua"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -c 'from pipelines.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)


def _lay_settings(office: Office) -> None:
    """The settings that deploy/ has, and a list of sources in which the province's portal promises every working day."""
    (office.root / "etc").mkdir()
    sources = yaml.safe_load((_ROOT / "assets" / "sources" / "sources.yaml").read_text(encoding="utf-8"))
    for source in sources.values():
        source.pop("feed", None)
    sources["igate"]["feed"] = {"every": "working_day", "due_by": "07:30"}
    (office.root / "etc" / "sources.yaml").write_text(
        yaml.safe_dump(sources, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    settings = (_ROOT / "deploy" / "motcua.env").read_text(encoding="utf-8")
    settings += "MOTCUA_SOURCES=/etc/motcua/sources.yaml\n"
    (office.root / "etc" / "motcua.env").write_text(office.here(settings), encoding="utf-8")


def _last_working_day() -> date:
    """Returns the last one before today. On other days too few dossiers come to cut a file off, or to make a quarantine grow."""
    yesterday = (datetime.now(VIETNAM) - timedelta(days=1)).date()
    days = date_frame(yesterday - timedelta(days=20), yesterday)
    return days.filter("is_working_day")["date"].to_list()[-1]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office in which motcua has run for a month: made once, then copied."""
    root = tmp_path_factory.mktemp("month")
    # The server belongs to another user, who has to pass; else its data would lie elsewhere, and copies of an office share them.
    for folder in (root, *root.parents[:2]):
        if folder.stat().st_uid == os.geteuid() and folder.stat().st_mode & 0o077 == 0:
            folder.chmod(0o711)
    office = Office(root)
    _lay_program(root)
    _lay_settings(office)
    newest = _last_working_day()
    simulate(office.landing, start=newest - timedelta(days=31), end=newest, dossiers=400, seed=7)
    office.withheld.mkdir()
    for day in sorted((office.landing / "igate").iterdir())[-_WITHHELD_DAYS:]:
        day.rename(office.withheld / day.name)
    begun = office.shell(f"{_AT_THE_DOOR}\nmotcua run --arrived-when-exported")
    assert begun.returncode == 0, begun.stdout
    stop_embedded(office.home)
    assert not (office.home / "pg").is_symlink()
    (root / "state").unlink()
    return root


@pytest.fixture
def office(month: Path, tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    subprocess.run(["cp", "-a", month, office.root], check=True)
    for file in (office.root / "etc").iterdir():
        file.write_text(
            file.read_text(encoding="utf-8").replace(str(month), str(office.root)), encoding="utf-8"
        )
    yield office
    for home in office.root.glob("**/pg/PG_VERSION"):
        stop_cluster(home.parent)


def test_every_runbook_has_the_same_parts_and_is_in_the_list() -> None:
    index = (BOOKS / "README.md").read_text(encoding="utf-8")
    for page in PAGES:
        headings = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.M)
        assert tuple(headings) == _PARTS, page.name
        assert f"]({page.name})" in index


def test_every_situation_of_a_page_is_known_and_every_known_one_happens() -> None:
    happens = {piece.body for page in PAGES for piece in pieces_of(page) if piece.kind == "situation"}
    assert happens == set(_SITUATIONS)


def test_every_alert_rule_leads_to_a_runbook_that_names_it() -> None:
    rules = yaml.safe_load((_ROOT / "deploy" / "prometheus" / "motcua.rules.yml").read_text(encoding="utf-8"))
    for rule in rules["groups"][0]["rules"]:
        page = _ROOT / rule["annotations"]["runbook_url"]
        assert f"`{rule['alert']}`" in page.read_text(encoding="utf-8"), rule["alert"]


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_is_true_as_written(page: Path, office: Office) -> None:
    done = office.shell(_AT_THE_DOOR)
    assert done.returncode == 0, done.stdout
    pieces = pieces_of(page)
    assert any(piece.kind == "sh" for piece in pieces)
    for piece in pieces:
        if piece.kind == "situation":
            _SITUATIONS[piece.body](office)
        elif piece.kind == "yaml":
            _write(office, piece.body)
        elif piece.kind == "sh":
            piece.judge(office.shell(piece.typed()), office.here)


def _write(office: Office, body: str) -> None:
    if path := re.match(r"# (/\S+)\n", body):
        Path(office.here(path[1])).write_text(body, encoding="utf-8")


# What happens to the office.


def _comes(office: Office, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """The withheld exports come; the newest of them as `change` leaves it."""
    days = sorted(office.withheld.iterdir())
    shutil.copytree(office.withheld, office.landing / "igate", dirs_exist_ok=True)
    newest = office.landing / "igate" / days[-1].name / "dossiers.json"
    page = json.loads(newest.read_text(encoding="utf-8"))
    change(page)
    newest.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def _a_day_comes_broken(office: Office) -> None:
    day = sorted(office.withheld.iterdir())[-1]
    broken = office.landing / "igate" / day.name / "dossiers.json"
    broken.parent.mkdir()
    broken.write_text((day / "dossiers.json").read_text(encoding="utf-8")[:1000], encoding="utf-8")


def _landing_is_lost(office: Office) -> None:
    office.landing.rename(office.root / "landing")
    assert office.shell("motcua run").returncode == 1


def _landing_is_back(office: Office) -> None:
    (office.root / "landing").rename(office.landing)


def _comes_shifted(office: Office) -> None:
    """Times of the portal in another zone: so many dossiers were never received at night."""
    rows = {
        row["code"]: row
        for page in [*(office.landing / "igate").glob("*/*.json"), *office.withheld.glob("*/*.json")]
        for row in json.loads(page.read_text(encoding="utf-8"))["content"]
        if row["acceptedDate"]
    }

    def shift(page: dict[str, Any]) -> None:
        page |= {"content": [_earlier(row) for row in rows.values()], "totalElements": len(rows)}

    _comes(office, shift)


def _earlier(row: dict[str, Any]) -> dict[str, Any]:
    day_before = datetime.fromisoformat(row["acceptedDate"][:10]) - timedelta(days=1)
    return row | {"acceptedDate": f"{day_before:%Y-%m-%d}T18:30:00.000+0000"}


def _comes_with_new_status(office: Office) -> None:
    def change(page: dict[str, Any]) -> None:
        for row in filter(lambda row: row["acceptedDate"], page["content"]):
            row["dossierStatus"] = {
                "id": 42,
                "name": [{"languageId": 228, "name": "Đang thẩm định liên thông"}],
            }

    _comes(office, change)


def _new_status_is_mapped(office: Office) -> None:
    file = office.root / "etc" / "sources.yaml"
    sources = yaml.safe_load(file.read_text(encoding="utf-8"))
    sources["igate"]["status_map"] |= {"42": 4, "Đang thẩm định liên thông": 4}
    file.write_text(yaml.safe_dump(sources, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _comes_with_new_unit(office: Office) -> None:
    def change(page: dict[str, Any]) -> None:
        for row in page["content"]:
            row["agency"] = {"name": [{"languageId": 228, "name": "Trung tâm Phục vụ hành chính công số 2"}]}

    _comes(office, change)


def _tomorrow(page: dict[str, Any]) -> None:
    page["exportedAt"] = (datetime.now(VIETNAM) + timedelta(days=1)).isoformat(timespec="seconds")


def _another_comes_from_tomorrow(office: Office) -> None:
    newest = sorted((office.landing / "igate").iterdir())[-1]
    page = json.loads((newest / "dossiers.json").read_text(encoding="utf-8"))
    _tomorrow(page)
    today = office.landing / "igate" / datetime.now(VIETNAM).date().isoformat()
    today.mkdir()
    (today / "dossiers.json").write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def _in_the_warehouse(office: Office, change: Callable[[Connection], Any]) -> None:
    url = office.shell("motcua warehouse url --show-password").stdout.strip()
    engine = open_engine(url)
    with engine.begin() as connection:
        change(connection)
    engine.dispose()


def _someone_changed_a_table(office: Office) -> None:
    _in_the_warehouse(
        office,
        lambda connection: connection.exec_driver_sql(
            "delete from core.fct_dossier where dossier_code = (select min(dossier_code) from core.fct_dossier)"
        ),
    )


def _program_is_newer(office: Office) -> None:
    _in_the_warehouse(office, lambda connection: make_older(connection, RELEASED["0.1.0"]))


def _schema_is_newer(office: Office) -> None:
    _in_the_warehouse(
        office,
        lambda connection: connection.exec_driver_sql(
            "update public.alembic_version set version_num = '9999_later'"
        ),
    )


def _disk_is_lost(office: Office) -> None:
    """All but the landing zone, which is another machine's."""
    office.shell("motcua warehouse stop")
    office.landing.rename(office.root / "landing")
    shutil.rmtree(office.home)
    office.home.mkdir()
    (office.root / "landing").rename(office.landing)


def _new_machine(office: Office) -> None:
    office.home.rename(office.root / "old_home")
    office.landing.mkdir(parents=True)


def _own_server(office: Office) -> None:
    """A PostgreSQL 15 on loopback that asks for passwords."""
    programs = next((folder for folder in _PROGRAMS_15 if (folder / "postgres").exists()), None)
    if programs is None:
        pytest.skip(f"PostgreSQL 15 is not installed ({_PROGRAMS_15[0]} has no postgres)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = office.root / "server15" / "pg"
    data.parent.mkdir()
    create_cluster(
        programs,
        data,
        ["--locale=C.UTF-8", "--no-sync", "--auth-host=scram-sha-256"],
        f"listen_addresses = '127.0.0.1'\nport = {port}\nfsync = off\n",
    )
    sockets = start_cluster(programs, data)
    (office.root / "server").write_text(f"{sockets} {port}", encoding="utf-8")


def _nothing_is_there(office: Office) -> None:
    """Old exports lie elsewhere; the administrator of the database server has made one ready."""
    shutil.copytree(office.withheld, office.landing / "igate", dirs_exist_ok=True)
    office.landing.rename(office.root / "old_exports")
    shutil.rmtree(office.home)
    office.landing.mkdir(parents=True)
    _own_server(office)


def _old_exports_are_copied(office: Office) -> None:
    shutil.copytree(office.root / "old_exports", office.landing, dirs_exist_ok=True)


_SITUATIONS: dict[str, Callable[[Office], None]] = {
    "a_new_machine": _new_machine,
    "an_own_server": _own_server,
    "another_comes_from_tomorrow": _another_comes_from_tomorrow,
    "disk_is_lost": _disk_is_lost,
    "exports_come": _comes,
    "exports_come_from_tomorrow": lambda office: _comes(office, _tomorrow),
    "exports_come_shifted": _comes_shifted,
    "exports_come_with_new_status": _comes_with_new_status,
    "exports_come_with_new_unit": _comes_with_new_unit,
    "landing_is_back": _landing_is_back,
    "landing_is_lost": _landing_is_lost,
    "nothing_is_there": _nothing_is_there,
    "old_exports_are_copied": _old_exports_are_copied,
    "a_day_comes_broken": _a_day_comes_broken,
    "someone_changed_a_table": _someone_changed_a_table,
    "the_new_status_is_mapped": _new_status_is_mapped,
    "the_program_is_newer": _program_is_newer,
    "the_schema_is_newer": _schema_is_newer,
}
