"""Machines on which motcua is installed as docs/how-to/install.md says, typed as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.simulator import simulate
from tests.machine.machine import ROOT, Machine, make_disk, missing
from tests.runbooks import BOOKS, pieces_of
from warehouse_sql.vietnam_time import VIETNAM

#: What the next one who opens an editor writes.
WRITTEN = "/srv/written"
_WITHHELD_DAYS = 4
Made = Callable[..., Machine]


def typed(machine: Machine, as_root: bool, commands: str) -> str:
    """Returns what was answered; nothing may fail."""
    done = (machine.as_root if as_root else machine.as_motcua)(commands)
    assert done.returncode == 0, f"{commands}\n{done.stdout}"
    return done.stdout


def at_the_door(machine: Machine) -> None:
    """What everyone types first."""
    first = next(piece.body for piece in pieces_of(BOOKS / "README.md") if piece.kind == "sh")
    typed(machine, False, first)


def installation() -> tuple[str, str, str]:
    """Returns what root types by the page: the program; account, folders and units, up to `editor`; the start."""
    page = (ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
    program, _, units, *_ = re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S)
    before, editor, after = units.partition("editor /etc/motcua/motcua.env")
    assert editor
    return program, before + editor, after.partition("\n")[2]


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Makes machines over the disks below; they are switched off at the end."""
    made: list[Machine] = []

    def make(name: str, below: list[Path]) -> Machine:
        machine = Machine(tmp_path_factory.mktemp(name, numbered=True), below)
        made.append(machine)
        machine.switch_on()
        return machine

    yield make
    for machine in made:
        machine.switch_off()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, machines: Made) -> list[Path]:
    """The disks of a machine with program, account, folders and units; nothing was started."""
    if why := missing():
        pytest.skip(why)
    bare = tmp_path_factory.mktemp("debian")
    bare.chmod(0o755)
    make_disk(bare)
    with (bare / "etc" / "hosts").open("a", encoding="utf-8") as hosts:
        hosts.write("127.0.0.1 localhost db.example.vn\n")
    editor = bare / "usr" / "local" / "bin" / "editor"
    editor.write_text(f'#!/bin/sh\ncat {WRITTEN} >> "$1"; : > {WRITTEN}\n', encoding="utf-8")
    editor.chmod(0o755)
    (bare / WRITTEN.removeprefix("/")).write_text("MOTCUA_NOTIFY='json://127.0.0.1:8099'\n", encoding="utf-8")
    yesterday = (datetime.now(VIETNAM) - timedelta(days=1)).date()
    exports = bare / "srv" / "exports"
    simulate(exports, start=yesterday - timedelta(days=31), end=yesterday, dossiers=400, seed=7)
    (bare / "srv" / "withheld").mkdir()
    for day in sorted((exports / "igate").iterdir())[-_WITHHELD_DAYS:]:
        day.rename(bare / "srv" / "withheld" / day.name)
    machine = machines("installed", [bare])
    program, units, _ = installation()
    typed(machine, True, program)
    typed(machine, True, units)
    machine.switch_off()
    return machine.layers


@pytest.fixture(scope="session")
def month(machines: Made, installed: list[Path]) -> list[Path]:
    """The disks of a machine on which motcua has run for a month, with its own embedded server and its units."""
    machine = machines("month", installed)
    put_exports(machine, "/srv/exports")
    at_the_door(machine)
    typed(machine, False, "motcua run --arrived-when-exported")
    typed(machine, False, "motcua warehouse stop")
    typed(machine, True, installation()[2])
    machine.switch_off()
    return machine.layers


def put_exports(machine: Machine, folder: str, into: str = "") -> None:
    """Exports come into the landing zone, as motcua's account would receive them."""
    landing = f"/var/lib/motcua/landing/{into}"
    typed(machine, True, f"cp -r {folder}/. {landing} && chown -R motcua:motcua {landing}")
