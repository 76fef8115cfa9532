"""What one further day costs on a short and on a long history: a year of 100,000 and of 1,000,000 dossiers.

    python -m tests.bench day
    python -m tests.bench.one_day FOLDER [DOSSIERS ...]    # keeps its warehouses in FOLDER and uses them again

The further days bring files of the same size to both: 5,000 dossiers that are new, finished, waiting for a supplement
or handed over, in both portals, and their steps. Each goes through the real intake, derivation
and refresh. The histories take turns.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, text

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.dimensions.load import load_reference
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from assets.facts.derive import derive_facts
from assets.given.archive import Archive
from assets.sources.sources import load_sources
from pipelines.simulator import simulate
from tests.worlds import national, provincial, step
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

SIZES = (100_000, 1_000_000)
MOST = 1.3
_START, _END = date(2023, 1, 1), date(2023, 12, 31)
_DAYS = 3
_NEW, _FINISHED, _WAITING, _RETURNED = 2_500, 1_000, 250, 1_250
_IGATE_CHANNEL = {1: 1, 2: 0, 3: 2}
_STAGES = ("intake", "derive", "refresh")
_TELL_EVERY_SECONDS = 15.0
_READY = "history-is-in"

# Open dossiers of any age, or those finished last, and what their portals call unit and procedure.
_SOME = """
select
    f.dossier_code, v.unit_name, n.procedure_code, n.procedure_name, f.received_at, f.due_at, f.ended_at,
    f.channel
from core.fct_dossier as f
cross join lateral (
    select v.unit_name from history.dossier_version as v
    where v.dossier_code = f.dossier_code and v.unit_name is not null
    order by v.effective_from desc, v.source limit 1
) as v
cross join lateral (
    select v.procedure_code, v.procedure_name from history.dossier_version as v
    where v.dossier_code = f.dossier_code and v.procedure_code is not null
    order by v.effective_from desc, v.source limit 1
) as n
where f.state = :state and f.status in (4, 9, 10) and f.due_at is not null
order by f.ended_at desc, md5(f.dossier_code)
limit :count
"""


@dataclass
class History:
    """A warehouse with a year in it."""

    dossiers: int
    home: Path
    engine: Engine

    @property
    def landing(self) -> Path:
        """Where its files are put."""
        return self.home / "landing"


def day(home: Path) -> None:
    """Loads both histories into temporary homes, then some further days; their seconds and the ratio."""
    run(home, SIZES)


def run(folder: Path, sizes: tuple[int, ...]) -> float:
    """The ratio of the medians, longest to shortest history."""
    histories = [history(folder, size) for size in sizes]
    try:
        found: dict[int, list[dict[str, float]]] = {size: [] for size in sizes}
        for _ in range(_DAYS):
            for made in histories:
                seconds = further_day(made)
                found[made.dossiers].append(seconds)
                _tell(
                    f"day: {made.dossiers:,} dossiers, {_last_export(made.engine)}: "
                    + ", ".join(f"{stage} {seconds[stage]:.2f} s" for stage in _STAGES)
                )
    finally:
        for made in histories:
            made.engine.dispose()
            stop_embedded(made.home)
    medians = {}
    for size in sizes:
        stages = {stage: median(seconds[stage] for seconds in found[size]) for stage in _STAGES}
        medians[size] = median(sum(seconds.values()) for seconds in found[size])
        _tell(
            f"day: {size:,} dossiers, median of {_DAYS}: {medians[size]:.2f} s ("
            + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items())
            + ")"
        )
    ratio = medians[sizes[-1]] / medians[sizes[0]]
    _tell(f"day: ratio {ratio:.2f}, at most {MOST}")
    return ratio


def further_day(history: History) -> dict[str, float]:
    """Writes the files of the day after the last export and takes them in; seconds by stage."""
    write_day(history, _last_export(history.engine) + timedelta(days=1))
    sources, archive = load_sources(), Archive(history.home / "archive")
    zone = LandingZone(str(history.landing))
    clocked: dict[str, float] = {}

    def clock(stage: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        clocked[stage] = time.perf_counter() - began

    def intake() -> None:
        taken = take_in(history.engine, zone, archive, sources, arrived_when_exported=True)
        changed = 2 * (_NEW + _FINISHED + _WAITING + _RETURNED)
        if taken.files_loaded != 3 or taken.rows_quarantined or taken.rows_loaded < changed:
            raise SystemExit(f"the day's files were not taken in as meant: {taken}")

    clock("intake", intake)
    clock("derive", lambda: derive_facts(history.engine, sum_up))
    clock("refresh", lambda: refresh_aggregates(history.engine))
    return clocked


def write_day(history: History, day_on: date) -> None:
    """A page of iGate, a national file and its steps: 5,000 dossiers of which something new is said."""
    opened = _some(history, "processing", _FINISHED + _WAITING)
    resolved = _some(history, "resolved", _RETURNED)
    pages, copies, steps = [], [], []
    for place in range(_NEW):
        row = opened[place % len(opened)]
        received = _clock(day_on, place)
        said = {"received": received, "due": f"{day_on + timedelta(days=1 + place % 10)} 09:00"}
        code = f"000.26.33.H01-{day_on:%y%m%d}-{place:06}"
        pages.append(provincial(code, **said, **_province(row)))
        copies.append(national(code, **said, **_nation(row)))
        steps.append(step(code, status=2, processed=received))
    for place, row in enumerate([*opened, *resolved]):
        code, at = row["dossier_code"], _clock(day_on, place)
        said = {"received": _second(row["received_at"]), "due": _second(row["due_at"])}
        if place < _FINISHED:
            pages.append(provincial(code, status=4, ended=at, **said, **_province(row)))
            copies.append(national(code, status=9, ended=at, **said, **_nation(row)))
        elif place < _FINISHED + _WAITING:
            asked = [(at, "", said["due"], "")]
            pages.append(provincial(code, status=1, requested=at, **said, **_province(row)))
            copies.append(national(code, status=9, ended=at, supplements=asked, **said, **_nation(row)))
        else:
            said |= {"ended": _second(row["ended_at"]), "returned": at}
            pages.append(provincial(code, status=5, **said, **_province(row)))
            copies.append(national(code, status=10, **said, **_nation(row)))
        steps.append(step(code, status=9, processed=at))
    moment = f"{day_on:%Y%m%d}T183000"
    _lay(history, f"igate/{day_on}/dossiers.json", {"exportedAt": f"{day_on}T11:30:00Z", "content": pages})
    for service, rows in (("DongBoHoSoMC", copies), ("CapNhatTienDoHoSoMC", steps)):
        _lay(history, f"dvcqg/{service}_{moment}.json", {"service": service, "data": rows})


def _some(history: History, state: str, count: int) -> list[Any]:
    with history.engine.connect() as connection:
        rows = connection.execute(text(_SOME), {"state": state, "count": count}).mappings().all()
    if len(rows) < count:
        raise SystemExit(f"only {len(rows)} of {history.dossiers} dossiers are {state}, too few for a day")
    return list(rows)


def _clock(day_on: date, place: int) -> str:
    return f"{day_on} {8 + place % 9:02}:{place % 60:02}"


def _province(row: Any) -> dict[str, Any]:
    return {
        "unit_name": row["unit_name"],
        "procedure": row["procedure_code"],
        "procedure_name": row["procedure_name"],
        "channel": _IGATE_CHANNEL[row["channel"]],
    }


def _nation(row: Any) -> dict[str, Any]:
    return {
        "DonViXuLy": row["unit_name"],
        "MaTTHC": row["procedure_code"],
        "TenTTHC": row["procedure_name"],
        "KenhThucHien": str(row["channel"]),
    }


def _second(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _lay(history: History, path: str, content: object) -> None:
    file = history.landing / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    # Older than the moment in which a file counts as perhaps still being written.
    stamp = time.time() - 3600
    os.utime(file, (stamp, stamp))


def _last_export(engine: Engine) -> date:
    with engine.connect() as connection:
        last: date = connection.execute(
            text("select max((exported_at at time zone 'Asia/Ho_Chi_Minh')::date) from landing.export_file")
        ).scalar_one()
    return last


def history(folder: Path, dossiers: int) -> History:
    """The warehouse with that many dossiers of a year; loaded unless it is there."""
    home = folder / f"{dossiers}"
    engine = open_engine(embedded_url(home))
    history = History(dossiers, home, engine)
    if (home / _READY).exists():
        migrate(engine)
        return history
    began = time.perf_counter()
    if not history.landing.exists():
        simulate(history.landing, start=_START, end=_END, dossiers=dossiers, seed=dossiers)
        _tell(f"day: {dossiers:,} dossiers made up in {time.perf_counter() - began:.0f} s")
    sources = load_sources()
    migrate(engine)
    with engine.begin() as connection:
        load_reference(connection, sources)
    take_in(
        engine,
        LandingZone(str(history.landing)),
        Archive(home / "archive"),
        sources,
        arrived_when_exported=True,
        progress=_progress(f"day: {dossiers:,} dossiers, files"),
    )
    derive_facts(engine, sum_up, progress=_progress(f"day: {dossiers:,} dossiers, derived"))
    refresh_aggregates(engine)
    # What autovacuum has done by the next night.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum (analyze)"))
        connection.execute(text("checkpoint"))
    (home / _READY).touch()
    _tell(f"day: history of {dossiers:,} dossiers loaded in {time.perf_counter() - began:.0f} s")
    return history


def _progress(what: str) -> Callable[[int, int], None]:
    told = time.perf_counter()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.perf_counter() - told > _TELL_EVERY_SECONDS or done == total:
            told = time.perf_counter()
            _tell(f"{what} {done:,}/{total:,}")

    return tell


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve(), tuple(int(size) for size in sys.argv[2:]) or SIZES)
