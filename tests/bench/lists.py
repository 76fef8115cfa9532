"""What complete lists cost: many small ones in one run, and the same large one night after night.

    python -m tests.bench lists [--lists N] [--rows N]
    python -m tests.bench nightly [--dossiers N]

Each goes through the real intake, derivation and refresh, without Dagster and without the audit. Seconds by stage, and rows
of the history that were written.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.dimensions.load import load_reference
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from assets.facts.derive import derive_facts
from assets.given.archive import Archive
from assets.sources.sources import load_sources
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

LISTS, ROWS, DOSSIERS = 1_500, 370, 1_000_000
_NIGHTS, _CHANGED_PER_MILLE = 4, 5
_FIRST = datetime(2023, 1, 16, 18, 30)
_HEAD = "STT;Đơn vị tiếp nhận;Tên thủ tục hành chính;Mã hồ sơ;Trạng thái;Ngày nhận;Ngày hẹn trả;Ngày kết thúc xử lý\n"
_WRITTEN = """
select relname, n_tup_ins + n_tup_upd + n_tup_del as written from pg_stat_all_tables
where schemaname = 'history' and n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def lists(home: Path, count: int = LISTS, rows: int = ROWS) -> None:
    """Takes in `count` complete lists of the same `rows` dossiers in one run; each dossier is finished in one of them."""
    made = _Warehouse(home)
    for number in range(count):
        made.put(number, _rows(rows, lambda place, at=number: place * 7919 % count <= at))
    seconds = made.run()
    made.close()
    print(f"lists: {count:,} complete lists of {rows:,} rows in one run: {_told(seconds)}", flush=True)


def nightly(home: Path, dossiers: int = DOSSIERS) -> None:
    """Takes in a complete list of `dossiers`, then the next nights' lists, in each of which a few are finished."""
    made = _Warehouse(home)
    changed = max(1, dossiers * _CHANGED_PER_MILLE // 1000)
    for night in range(_NIGHTS):
        made.put(night, _rows(dossiers, lambda place, until=night * changed: place < until))
        before = made.written()
        seconds = made.run()
        after = made.written()
        written = {
            name: after[name] - before.get(name, 0) for name in after if after[name] > before.get(name, 0)
        }
        print(
            f"nightly: {dossiers:,} dossiers, night {night + 1}: {_told(seconds)}; rows written: {written}",
            flush=True,
        )
    made.close()


class _Warehouse:
    """A warehouse whose lists of An Giang name every dossier."""

    def __init__(self, home: Path) -> None:
        self.home, self.landing = home, home / "landing"
        self.landing.mkdir(parents=True)
        self.engine: Engine = open_engine(embedded_url(home))
        migrate(self.engine)
        self.sources = load_sources()
        self.sources["angiang"] = replace(self.sources["angiang"], coverage="full")
        with self.engine.begin() as connection:
            load_reference(connection, self.sources)

    def put(self, number: int, rows: Iterator[str]) -> None:
        """Lays down the list of that number, six hours after the one before."""
        moment = _FIRST + timedelta(hours=6 * number)
        file = self.landing / "angiang" / f"Danh sách hồ sơ_{moment:%Y_%m_%d_%H_%M}.csv"
        file.parent.mkdir(exist_ok=True)
        with file.open("w", encoding="utf-8-sig") as out:
            out.write(_HEAD)
            out.writelines(rows)
        # Older than the moment in which a file counts as perhaps still being written.
        os.utime(file, (time.time() - 3600,) * 2)

    def run(self) -> dict[str, float]:
        """Takes in what is new; seconds by stage."""
        zone, archive = LandingZone(str(self.landing)), Archive(self.home / "archive")
        return {
            "intake": _timed(
                lambda: take_in(self.engine, zone, archive, self.sources, arrived_when_exported=True)
            ),
            "derive": _timed(lambda: derive_facts(self.engine, sum_up)),
            "refresh": _timed(lambda: refresh_aggregates(self.engine)),
        }

    def written(self) -> dict[str, int]:
        """Rows of the history that were ever inserted, updated or deleted, by table."""
        with self.engine.connect() as connection:
            # What a session did is counted some moments later.
            time.sleep(2)
            return {row.relname: row.written for row in connection.execute(text(_WRITTEN))}

    def close(self) -> None:
        self.engine.dispose()
        stop_embedded(self.home)


def _rows(count: int, is_finished: Callable[[int], bool]) -> Iterator[str]:
    for place in range(count):
        day, minute = 2 + place % 9, place % 60
        stated = (
            ("Có kết quả", f"{day + 1:02}/01/2023 15:{minute:02}:00")
            if is_finished(place)
            else ("Đang xử lý", "")
        )
        yield (
            f"{place + 1};UBND phường Thới Sơn;Đăng ký khai sinh;000.26.33.H01-2301{day:02}-{place:06};{stated[0]};"
            f"{day:02}/01/2023 09:{minute:02}:00;{day + 3:02}/01/2023 09:{minute:02}:00;{stated[1]}\n"
        )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _told(seconds: dict[str, float]) -> str:
    return ", ".join(f"{stage} {spent:.1f} s" for stage, spent in seconds.items())
