"""Nights in a row: kills, missing feeds, an upgrade; and the same files with the same arrivals in nights that nothing befalls.

Here: the course of both. Not here: what has to hold at the end (`growth.py`).
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from assets.exports.archived import complete_both
from assets.given.archive import Archive
from assets.given.manifest import Export, Origin, note_taken_in, read_manifest
from assets.rebuild import bring_up_to_date
from assets.sources.sources import load_sources
from tests.faults.content import content_of, difference, loose_ends
from tests.soak.clock import Clock
from tests.soak.office import Night, Office
from tests.soak.world import World, run_at
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

CODE = Path(__file__).parents[2]
#: The last commit of the version before this one.
OLDER, OLDER_COMMIT = "0.1.0", "71e2315e6a35"
#: In each fifth night the run is killed, in every second of these the server with it.
_KILLED_EVERY, _KILLED_IN = 5, 3
_KILLED_AT = (
    *(
        "run.begun",
        "archive.before_rename",
        "archive.kept",
        "staging.committed",
        "file.registered",
        "file.taken_in",
    ),
    *("publication.before_commit", "publication.committed", "facts.before_commit", "facts.committed"),
    *("aggregates.half_summed", "aggregates.committed", "alerts.before_commit"),
)
_PACKED_EVERY = 10


@dataclass(frozen=True)
class Soak:
    """What came of all nights."""

    nights: list[Night]
    #: The digest of all that must be equal, and the rows that differ by table.
    digest: str
    unbroken_digest: str
    different: dict[str, list[str]]
    loose_ends: list[str]
    check: str
    shared_left: list[str]
    kept_days: int


def soak(folder: Path, nights: int, dossiers: int, progress: Callable[[Night], None], seed: int = 1) -> Soak:
    """Lives through all nights in the folder, which has a short path that other users may pass."""
    folder.chmod(0o755)
    clock, world = Clock(folder), World(folder, nights, dossiers)
    kept_days = max(2, nights // 6)
    broken = Office(folder / "broken", clock, world.landing, kept_days)
    older = _older_code(folder)
    measured = _broken_nights(broken, world, older, nights, progress, seed)
    check = broken.command(CODE, "warehouse", "check")
    unbroken = Office(folder / "unbroken", clock, folder / "nothing", kept_days)
    _unbroken_nights(unbroken, broken, nights)
    return _compared(broken, unbroken, world, measured, check, kept_days)


def why_no_older_code() -> str:
    """Returns why the version before this one can't be run; empty where it can."""
    known = subprocess.run(
        ["git", "-C", CODE, "cat-file", "-e", f"{OLDER_COMMIT}^{{tree}}"],
        check=False,
        capture_output=True,
    )
    return "" if known.returncode == 0 else f"this copy of the repository has no history back to {OLDER}"


def _older_code(folder: Path) -> Path:
    code = folder / "older"
    code.mkdir()
    packed = subprocess.run(["git", "-C", CODE, "archive", OLDER_COMMIT], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", code], input=packed.stdout, check=True)
    return code


def _broken_nights(
    office: Office, world: World, older: Path, nights: int, progress: Callable[[Night], None], seed: int
) -> list[Night]:
    draw, measured, places = random.Random(seed), [], list[str]()
    for number in range(1, nights + 1):
        is_older = number <= nights // 2
        code = older if is_older else CODE
        night = Night(number, OLDER if is_older else "", missing=world.missing.get(number, ""))
        world.deliver(number)
        if number % _KILLED_EVERY == _KILLED_IN:
            places = places or draw.sample(_KILLED_AT, len(_KILLED_AT))
            night.killed_at = places.pop()
            night.power_cut = number % (2 * _KILLED_EVERY) == _KILLED_IN
            office.run_killed(code, night, draw)
        else:
            office.run(code, night)
        office.measure(night)
        if number % _PACKED_EVERY == 0 or number == nights:
            night.packed = office.packed()
        measured.append(night)
        progress(night)
    return measured


def _unbroken_nights(office: Office, broken: Office, nights: int) -> None:
    """Each night the archive learns, with their arrivals, of the files that the other office had taken in by then.

    In this process, step by step: that runs of Dagster give the same is what the other office shows.
    """
    theirs, ours = Archive(broken.home / "archive"), Archive(office.home / "archive")
    waiting = sorted(theirs.manifest().exports.values(), key=lambda export: export.received_at)
    engine = open_engine(embedded_url(office.home))
    migrate(engine)
    for number in range(1, nights + 1):
        until = run_at(number) + timedelta(hours=6)
        came = [export for export in waiting if export.received_at <= until]
        waiting = waiting[len(came) :]
        _hand_over(came, theirs, ours)
        complete_both(engine, ours)
        bring_up_to_date(engine, ours, load_sources())
    engine.dispose()
    assert not waiting


def _hand_over(came: list[Export], theirs: Archive, ours: Archive) -> None:
    for export in came:
        origin = Origin(export.path, export.source, export.modified_ns)
        ours.keep(theirs.read(export.sha256), origin)
    if came:
        note_taken_in(ours.root, came, [])


def _compared(
    broken: Office, unbroken: Office, world: World, nights: list[Night], check: str, kept_days: int
) -> Soak:
    try:
        mine_engine, their_engine = (
            open_engine(embedded_url(broken.home)),
            open_engine(embedded_url(unbroken.home)),
        )
        mine, theirs = _content(mine_engine), _content(their_engine)
        ends = _loose_ends(mine_engine, broken.home / "archive", world.landing)
        mine_engine.dispose()
        their_engine.dispose()
    finally:
        stop_embedded(broken.home)
        stop_embedded(unbroken.home)
    return Soak(
        nights,
        _digest(mine),
        _digest(theirs),
        difference(theirs, mine, tuple(mine)),
        ends,
        check,
        broken.shared_left(),
        kept_days,
    )


#: What 0.1.0 did not read yet of a row: a row that it refused is kept as it read it.
_READ_SINCE = ("due_has_clock", "ended_has_clock")


def _content(engine: Engine) -> dict[str, list[str]]:
    """Returns all rows that must be equal; what steps note for their next time is no matter of what was taken in."""
    content = {table: rows for table, rows in content_of(engine).items() if table != "ops.setting"}
    return content | {"landing.quarantine": sorted(map(_as_read_first, content["landing.quarantine"]))}


def _as_read_first(refused: str) -> str:
    row = json.loads(refused)
    row["payload"] = {name: value for name, value in row["payload"].items() if name not in _READ_SINCE}
    return json.dumps(row, ensure_ascii=False)


def _loose_ends(engine: Engine, archive: Path, landing: Path) -> list[str]:
    """Files that the older version took in stand in the manifest as taken in alone: it kept none when they came."""
    taken_in = {export.sha256 for export in read_manifest(archive).exports.values()}
    ends = loose_ends(engine, archive, landing)
    return [end for end in ends if not ("without an origin" in end and Path(end).name in taken_in)]


def _digest(content: dict[str, list[str]]) -> str:
    digest = hashlib.sha256()
    for table, rows in sorted(content.items()):
        digest.update("\n".join([table, *rows, ""]).encode())
    return digest.hexdigest()
