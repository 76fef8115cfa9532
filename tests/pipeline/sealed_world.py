"""A small world for the tests of issued reports, and what they ask of it."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from assets.reports.findings.findings import NewFinding
from assets.reports.issue.write import PDF
from assets.reports.reading.figures import Request
from tests.worlds import World, national, provincial

JULY = Request(date(2023, 7, 1), date(2023, 7, 31))


def say_first(world: World) -> None:
    """Four dossiers at one desk."""
    world.say_national("2023-07-17 18:30", *(national(f"000.26.33.H01-230717-000{n}") for n in range(1, 5)))


def say_second(world: World) -> None:
    """One of them ends late, of another the province speaks too."""
    world.say_national(
        "2023-07-20 18:30", national("000.26.33.H01-230717-0001", status=10, ended="2023-07-20 10:00")
    )
    world.say_provincial("2023-07-20 18:00", provincial("000.26.33.H01-230717-0002"))


def sha256(folder: Path, name: str = PDF) -> str:
    """Of a file of a report."""
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()


def finding() -> NewFinding:
    """A finding about the town that was due before the last export."""
    return NewFinding(
        inspection="QĐ 417/QĐ-UBND",
        unit="890",
        finding="Hồ sơ quá hạn còn nhiều",
        measure="Giải quyết dứt điểm",
        due_on=date(2023, 7, 19),
        created_on=date(2023, 7, 18),
        baseline_from=date(2023, 7, 1),
        baseline_to=date(2023, 7, 18),
        indicator="overdue_open",
    )
