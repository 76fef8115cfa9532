"""Runbooks with their blocks for root, and what the units do on a machine, typed and looked at as an engineer would."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machine.conftest import WRITTEN, Made, at_the_door, put_exports, typed
from tests.machine.machine import SOURCE, Machine
from tests.runbooks import PAGES, pieces_of

pytestmark = pytest.mark.machine
Typist = Callable[[str], subprocess.CompletedProcess[str]]
_AS_ROOT = [page for page in PAGES if any(piece.kind == "console" for piece in pieces_of(page))]
#: Takes notices in, as a channel of an office would.
_RECEIVER = """
import http.server

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open("/srv/notices", "ab") as notices:
            notices.write(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", 8099), Receiver).serve_forever()
"""
_FAILED = "systemctl list-units --failed --no-legend"
_NOTHING_NEW = "Tệp: 0 mới"
_UNITS = ("motcua-code", "motcua-daemon", "motcua-webserver", "motcua-deadman.timer", "motcua-landing.path")


@pytest.mark.parametrize("page", _AS_ROOT, ids=lambda page: page.stem)
def test_a_runbook_with_its_blocks_for_root_is_true_as_written(
    page: Path, machines: Made, request: pytest.FixtureRequest
) -> None:
    is_first = page.stem == "first-installation"
    below = request.getfixturevalue("installed" if is_first else "month")
    machine = machines(page.stem, below)
    at_the_door(machine)
    for piece in pieces_of(page):
        if piece.kind == "situation":
            machine = _SITUATIONS[piece.body](machine, machines, request) or machine
        elif piece.kind in ("sh", "console"):
            by = machine.as_root if piece.kind == "console" or piece.by else machine.as_motcua
            piece.judge(by(piece.typed()))
    assert typed(machine, True, f"systemctl is-active {' '.join(_UNITS)}").split() == ["active"] * len(_UNITS)
    assert not typed(machine, True, _FAILED), _journal(machine)
    machine.switch_off()


def _own_server(machine: Machine, *_: object) -> None:
    """Debian's PostgreSQL runs on this very machine; its administrator tells the addresses."""
    server = "postgresql://motcua:PASSWORD@db.example.vn"
    addresses = f"MOTCUA_WAREHOUSE_URL='{server}/motcua'\nMOTCUA_DAGSTER_URL='{server}/motcua_dagster'\n"
    (machine.disk / WRITTEN.removeprefix("/")).write_text(addresses, encoding="utf-8")


def test_units_take_in_what_comes_and_come_back_after_a_kill_and_a_restart(
    machines: Made, month: list[Path]
) -> None:
    machine = machines("night", month)
    at_the_door(machine)
    runs = (
        "motcua sql --csv 'select count(*) from ops.run where status = $$success$$' | tail -1 | tr -d '\\r'"
    )
    before = int(typed(machine, False, runs))
    put_exports(machine, "/srv/withheld", "igate")
    _until(machine, f"test $({runs}) -gt {before}", seconds=240)
    assert _NOTHING_NEW in typed(machine, False, "motcua run")

    (machine.disk / "srv" / "receiver.py").write_text(_RECEIVER, encoding="utf-8")
    typed(machine, True, "systemd-run --unit=receiver python3 /srv/receiver.py")
    _until(machine, "motcua alerts test")
    assert "motcua" in (machine.disk / "srv" / "notices").read_text(encoding="utf-8")
    typed(machine, True, "systemctl start motcua-deadman motcua-metrics motcua-board")
    # A backup is refused while a run goes on that the sensor began.
    _until(machine, "systemctl start motcua-backup", seconds=240, by=machine.as_root)
    assert typed(machine, True, "ls /backups/motcua")
    _until(machine, "curl --fail --silent http://127.0.0.1:9187/metrics | grep -q '^motcua_up 1'")
    _until(machine, "curl --fail --silent --location http://127.0.0.1:8080/ | grep -q '<form'")
    _until(machine, "curl --fail --silent http://127.0.0.1:3000/server_info")

    typed(machine, True, "systemctl kill --kill-whom=main --signal=KILL motcua-code motcua-daemon")
    _until(machine, f"systemctl is-active {' '.join(_UNITS)} && motcua health")
    machine.switch_off()
    again = machines("night-again", machine.layers)
    at_the_door(again)
    _until(again, f"systemctl is-active {' '.join(_UNITS)} && motcua health")
    assert _NOTHING_NEW in typed(again, False, "motcua run")
    assert not typed(again, True, _FAILED)
    again.switch_off()


def _until(machine: Machine, commands: str, seconds: float = 90, by: Typist | None = None) -> None:
    """Waits until the commands of motcua's account, or of another, end well."""
    until = time.monotonic() + seconds
    while (done := (by or machine.as_motcua)(commands)).returncode != 0:
        assert time.monotonic() < until, f"{commands}\n{done.stdout}\n{_journal(machine)}"
        time.sleep(2)


def _journal(machine: Machine) -> str:
    return machine.as_root("journalctl --no-pager --lines=60 -u 'motcua-*'").stdout


def _exports_come(machine: Machine, *_: object) -> None:
    put_exports(machine, "/srv/withheld", "igate")


def _old_exports_are_copied(machine: Machine, *_: object) -> None:
    put_exports(machine, "/srv/exports")


def _disk_is_lost(machine: Machine, *_: object) -> None:
    """All but the landing zone; what ran on it ends, and nothing starts again before somebody comes."""
    typed(machine, True, "systemctl stop 'motcua-*.path' 'motcua-*.service'")
    typed(machine, False, "motcua warehouse stop")
    typed(machine, True, "find /var/lib/motcua -mindepth 1 -maxdepth 1 ! -name landing -exec rm -rf {} +")


def _in_the_warehouse(machine: Machine, python: str) -> None:
    script = (
        "import sys; from warehouse_sql.engine import open_engine\n"
        f"with open_engine(sys.argv[1]).begin() as connection: {python}"
    )
    typed(
        machine,
        False,
        f"PYTHONPATH={SOURCE} /opt/motcua/bin/python -c {shlex.quote(script)} $(motcua warehouse url --show-password)",
    )


def _program_is_newer(machine: Machine, *_: object) -> None:
    _in_the_warehouse(
        machine,
        "from tests.older_versions import RELEASED, make_older; make_older(connection, RELEASED['0.1.0'])",
    )


def _schema_is_newer(machine: Machine, *_: object) -> None:
    _in_the_warehouse(
        machine,
        "connection.exec_driver_sql(\"update public.alembic_version set version_num = '9999_later'\")",
    )


def _new_machine(old: Machine, machines: Made, request: pytest.FixtureRequest) -> Machine:
    """Installed up to and with its settings, without a first load, and with the disk that was carried over."""
    carried = old.root / "carried"
    for folder in ("etc/motcua", "media/disk"):
        typed(old, True, f"mkdir -p /carried/{folder} && cp -a /{folder}/. /carried/{folder}")
    subprocess.run(["mv", str(old.disk / "carried"), str(carried)], check=True)
    old.switch_off()
    machine = machines("new", [carried, *request.getfixturevalue("installed")])
    at_the_door(machine)
    return machine


_SITUATIONS: dict[str, Callable[..., Machine | None]] = {
    "a_new_machine": _new_machine,
    "an_own_server": _own_server,
    "disk_is_lost": _disk_is_lost,
    "exports_come": _exports_come,
    "nothing_is_there": _own_server,
    "old_exports_are_copied": _old_exports_are_copied,
    "the_program_is_newer": _program_is_newer,
    "the_schema_is_newer": _schema_is_newer,
}
