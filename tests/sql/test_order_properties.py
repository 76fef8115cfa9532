"""Laws of the whole way, tried on small drawn worlds: order, rebuilding, past knowledge, and what sums to what.

A world is some dossiers and what export files of both portals say of them over a few days, things gone wrong
included. MOTCUA_EXAMPLES=n tries n worlds of each law instead of a few, other ones each time: `make laws`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from assets.dimensions.load import load_reference
from assets.exports.backfill import read_days_again
from assets.given.archive import Archive
from assets.rebuild import COMPARED, bring_up_to_date, table_digest
from tests.worlds import World, national, provincial, step
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database
from warehouse_sql.sql_files import run_file
from warehouse_sql.vietnam_time import VIETNAM

pytestmark = pytest.mark.both_servers
_MANY = int(os.environ.get("MOTCUA_EXAMPLES", "0"))
_DIGESTED = (
    *(*COMPARED, "core.dim_procedure", "(select * from core.dim_unit where is_inferred)"),
    *("mart.open_dossier", "mart.unknown_unit", "mart.unknown_procedure"),
    # When each source named each dossier, and since when that is known; out of ranges where lists are complete.
    "(select dossier_code, source, seen_at, min(known_from) from history.presence group by 1, 2, 3)",
)
# Before and across the day on which the units changed.
_BEGINNINGS = (datetime(2023, 7, 17), datetime(2025, 6, 28))
_DAYS = 9
_RULE_SETS = ("ii06", "qd766", "opencps")
_UNITS = ("UBND phường Thới Sơn", "UBND xã An Nông", "UBND phường Tịnh Biên", "UBND phường Lạ Lùng")
_SPELT = {"UBND phường Lạ Lùng": ("UBND phường Lạ Lùng", "UBND  PHƯỜNG LẠ LÙNG", "Phường Lạ Lùng")}
_BIRTH, _STRANGE = "Đăng ký khai sinh", "Cấp phép thả đèn trời"
_PROCEDURES = (
    ("1.001193.000.00.00.H01", _BIRTH),
    ("7.700001.000.00.00.H01", _STRANGE),
    ("7.700000.000.00.00.H01", _STRANGE),
    ("BCA-01", "Thủ tục của ngành khác"),
)
_IGATE_STATUS = {1: 0, 3: 6, 2: 2, 4: 2, 5: 1, 6: 1, 7: 6, 8: 3, 9: 4, 10: 5}
_LIST_STATUS = {
    **{1: "Mới đăng ký", 2: "Được tiếp nhận", 3: "Từ chối", 4: "Đang xử lý", 5: "Chờ bổ sung"},
    **{6: "Chờ nghĩa vụ tài chính", 7: "Công dân rút hồ sơ", 8: "Dừng xử lý", 9: "Có kết quả", 10: "Đã trả"},
}
_LIST_HEAD = (
    "STT;Đơn vị tiếp nhận;Tên thủ tục hành chính;Mã hồ sơ;Trạng thái;Ngày nộp hồ sơ;Ngày nhận;Ngày hẹn trả;"
    "Ngày kết thúc xử lý;Mã hồ sơ khác"
)
_REGISTER_HEAD = "STT;Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả"


def _law(examples: int) -> Callable[[Any], Any]:
    """A law tried on that many worlds: the same ones each time, unless many were asked for."""
    return settings(
        max_examples=_MANY or examples,
        derandomize=not _MANY,
        database=None,
        deadline=None,
        print_blob=bool(_MANY),
        # Without the phase that explains: it runs a failing world many times more.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


@dataclass(frozen=True)
class Said:
    """What one export says of one dossier."""

    code: str
    status: int
    received: datetime | None
    due: datetime | None
    ended: datetime | None
    returned: datetime | None
    requested: datetime | None
    windows: tuple[tuple[datetime, datetime | None, datetime | None], ...]
    unit: str
    procedure: tuple[str, str]
    channel: int
    other_code: str


@dataclass(frozen=True)
class File:
    """An export. `refused` is the code of a row that the gate refuses, or empty; `copy` is not 0 when it is the content of a file
    under another name; `days` are those of the receptions that stand above a list.
    """

    kind: str
    number: int
    moment: datetime
    rows: tuple[Said, ...]
    refused: str
    copy: int = 0
    days: tuple[datetime, datetime] | None = None

    def path(self, order: int) -> str:
        """Where it lies in the landing zone; of one source, the files of a run are read by `order`."""
        source, name = _PLACES[self.kind]
        return f"{source}/{order:02}/{self.number}-{self.copy}/{self.moment:{name}}"

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return _WRITERS[self.kind](self)


@dataclass(frozen=True)
class Arrangement:
    """Which files come in which run, in which order, and what comes twice."""

    runs: tuple[tuple[int, ...], ...]


@st.composite
def worlds(draw: st.DrawFn) -> list[File]:
    """The export files of a small world, in the order in which they were drawn."""
    beginning = draw(st.sampled_from(_BEGINNINGS))
    codes = [f"000.26.33.H01-{beginning:%y%m%d}-{n:04}" for n in range(1, draw(st.integers(1, 4)) + 1)]
    homes = {code: (draw(st.sampled_from(_UNITS)), draw(st.sampled_from(_PROCEDURES))) for code in codes}
    begun = {code: _at(beginning, draw(st.integers(0, 2)), 9) for code in codes}
    files: list[File] = []
    for number in range(draw(st.integers(3, 10))):
        files.append(draw(_files(number, beginning, codes, homes, begun, files)))
    return files


@st.composite
def _files(
    draw: st.DrawFn,
    number: int,
    beginning: datetime,
    codes: list[str],
    homes: dict[str, tuple[str, tuple[str, str]]],
    begun: dict[str, datetime],
    before: list[File],
) -> File:
    kinds = ["igate", "national", "igate", "national", "list", "steps", "register"]
    kind = draw(st.sampled_from([*kinds, "again", "repeat"] if before else kinds))
    if kind == "again":
        # The same content under another name.
        return replace(draw(st.sampled_from(before)), copy=number)
    moments = [file.moment for file in before]
    moment = (
        draw(st.sampled_from(moments))
        if moments and draw(st.integers(0, 5)) == 0
        else _at(beginning, draw(st.integers(0, _DAYS - 1)), draw(st.sampled_from((8, 18))), 30)
    )
    if kind == "repeat":
        # What a portal said before, said once more.
        return replace(draw(st.sampled_from(before)), moment=moment, number=number, copy=0)
    named = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=4))
    rows = tuple(draw(_said(code, codes, beginning, moment, homes[code], begun[code])) for code in named)
    copies = [file for file in before if file.kind == "national"]
    if kind == "steps" and copies and draw(st.booleans()):
        # The steps behind what the national portal was sent: some say that a "finished" dossier waits.
        steps = draw(st.sampled_from(copies)).rows
        rows = tuple(replace(row, status=draw(st.sampled_from((5, 9, 6, 8)))) for row in steps)
    refused = draw(st.sampled_from(codes)) if draw(st.integers(0, 4)) == 0 else ""
    first, last = sorted((draw(st.integers(0, _DAYS - 1)), draw(st.integers(0, _DAYS - 1))))
    days = (
        (_at(beginning, first, 0), _at(beginning, last, 0))
        if kind == "list" and draw(st.booleans())
        else None
    )
    return File(kind, number, moment, rows, refused, days=days)


@st.composite
def _said(
    draw: st.DrawFn,
    code: str,
    codes: list[str],
    beginning: datetime,
    moment: datetime,
    home: tuple[str, tuple[str, str]],
    begun: datetime,
) -> Said:
    rarely = st.integers(0, 7).map(lambda n: n == 0)
    status = draw(st.sampled_from((4, 9, 2, 5, 10, 8, 7, 6, 1, 3)))
    received: datetime | None = begun if not draw(rarely) else begun + timedelta(days=1)
    if status in (1, 3):
        received = None if draw(st.booleans()) else received

    def day(latest: int) -> datetime:
        return _at(beginning, draw(st.integers(0, latest)), draw(st.sampled_from((7, 10, 16))))

    ended = day(_DAYS - 1) if status in (7, 9, 10) or draw(rarely) else None
    returned = day(_DAYS - 1) if status == 10 or draw(rarely) else None
    if received and not draw(rarely):
        ended, returned = (max(at, received) if at else None for at in (ended, returned))
    if not draw(rarely):
        latest = moment + timedelta(hours=12)
        ended, returned = (min(at, latest) if at else None for at in (ended, returned))
    windows = tuple(
        (requested, draw(st.none() | st.just(requested + timedelta(days=1, hours=2))), draw(_due(beginning)))
        for requested in (day(5) for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))))
    )
    asked = draw(st.integers(0, 3)) == 0
    if asked and windows and status == 9:
        # The portal's way of sending a waiting dossier.
        windows = ((ended or moment, None, None),)
    return Said(
        code,
        status,
        received,
        draw(_due(beginning)),
        ended,
        returned,
        day(5) if status == 5 and asked else None,
        windows,
        draw(st.sampled_from(_SPELT.get(home[0], (home[0],)) if not draw(rarely) else _UNITS)),
        home[1] if not draw(rarely) else draw(st.sampled_from(_PROCEDURES)),
        draw(st.sampled_from((1, 1, 1, 2, 3))),
        draw(st.sampled_from(codes)) if draw(st.integers(0, 11)) == 0 else "",
    )


def _due(beginning: datetime) -> st.SearchStrategy[datetime | None]:
    days = st.sampled_from((3, 3, 3, 1, 2, 6, 12))
    return st.none() | days.map(lambda day: _at(beginning, day, 9))


@st.composite
def arrangements(draw: st.DrawFn, count: int) -> Arrangement:
    """All the files in some order, cut into runs; some come once more."""
    order = [*draw(st.permutations(range(count))), *draw(st.lists(st.integers(0, count - 1), max_size=2))]
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=3))) if len(order) > 1 else []
    ends = [*cuts, len(order)]
    return Arrangement(tuple(tuple(order[start:end]) for start, end in zip([0, *cuts], ends, strict=True)))


def _at(beginning: datetime, day: int, hour: int, minute: int = 0) -> datetime:
    return beginning + timedelta(days=day, hours=hour, minutes=minute)


def _iso(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def _plain(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M:%S}" if moment else ""


def _igate(file: File) -> bytes:
    content = [
        provincial(
            row.code,
            status=_IGATE_STATUS[row.status],
            unit_name=row.unit,
            # Some name their desk by a code that is known.
            desk="H01.128" if row.channel == 2 else "000.26.33.H01",
            procedure=row.procedure[0],
            procedure_name=row.procedure[1],
            channel=row.channel % 3,
            received=_iso(row.received),
            due=_iso(row.due),
            ended=_iso(row.ended),
            returned=_iso(row.returned),
            requested=_iso(row.requested),
        )
        for row in file.rows
    ]
    content += [provincial(file.refused, received="")] * bool(file.refused)
    exported = (file.moment - timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return json.dumps({"exportedAt": exported, "content": content}).encode()


def _national(file: File) -> bytes:
    data = [
        national(
            row.code,
            status=row.status,
            received=_iso(row.received),
            due=_iso(row.due),
            ended=_iso(row.ended),
            returned=_iso(row.returned),
            supplements=[
                (_iso(requested), _iso(resumed), _iso(row.due), _iso(due_after))
                for requested, resumed, due_after in row.windows
            ],
            DonViXuLy=row.unit,
            MaTTHC=row.procedure[0],
            TenTTHC=row.procedure[1],
            KenhThucHien=str(row.channel),
            MaHoSoKhac=row.other_code,
        )
        for row in file.rows
    ]
    data += [national(file.refused, received="ngày mai")] * bool(file.refused)
    return json.dumps({"service": "DongBoHoSoMC", "data": data}).encode()


def _steps(file: File) -> bytes:
    data = [
        step(row.code, status=row.status, processed=_iso(row.ended or row.received or file.moment))
        for row in file.rows
    ]
    return json.dumps({"service": "CapNhatTienDoHoSoMC", "data": data}).encode()


def _list(file: File) -> bytes:
    lines = [
        f"{n};{row.unit};{row.procedure[1]};{row.code};{_LIST_STATUS[row.status]};;{_plain(row.received)};"
        f"{_plain(row.due)};{_plain(row.ended)};{row.other_code}"
        for n, row in enumerate(file.rows, start=1)
    ]
    lines += [f"9;{file.rows[0].unit};{_BIRTH};{file.refused};Đang xử lý;;ngày mai;;;"] * bool(file.refused)
    above = (
        ["DANH SÁCH HỒ SƠ", "Từ ngày {:%d/%m/%Y} đến ngày {:%d/%m/%Y}".format(*file.days)]
        if file.days
        else []
    )
    return "\n".join([*above, _LIST_HEAD, *lines]).encode("utf-8-sig")


def _register(file: File) -> bytes:
    lines = [
        f"{n};{row.code};{_plain(row.received)};{_plain(row.due)};{_plain(row.returned)}"
        for n, row in enumerate(file.rows, start=1)
    ]
    lines += [f"9;{file.refused};ngày mai;;"] * bool(file.refused)
    return "\n".join([_REGISTER_HEAD, *lines]).encode("utf-8-sig")


_WRITERS: dict[str, Callable[[File], bytes]] = {
    **{"igate": _igate, "national": _national, "steps": _steps},
    **{"list": _list, "register": _register},
}
_PLACES = {
    "igate": ("igate", "dossiers.json"),
    "national": ("dvcqg", "DongBoHoSoMC_%Y%m%dT%H%M%S.json"),
    "steps": ("dvcqg", "CapNhatTienDoHoSoMC_%Y%m%dT%H%M%S.json"),
    "list": ("angiang", "Danh sách hồ sơ_%Y_%m_%d_%H_%M.csv"),
    "register": ("angiang", "Sổ theo dõi hồ sơ_%Y_%m_%d_%H_%M.csv"),
}


# Two statements of one source about one dossier that hold at the same time.
_OVERLAPPING = """
select * from history.dossier_version_range as r
inner join history.dossier_version_range as o
    on r.dossier_code = o.dossier_code and r.source = o.source and r.version_id < o.version_id
    and (r.effective_from, r.effective_to) overlaps (o.effective_from, o.effective_to)
    and r.effective_from < r.effective_to and o.effective_from < o.effective_to
"""

# What forgetting takes away of what was there at first, and the tables that remember it.
_KEPT = {
    "core.dim_unit": "unit_at_first",
    "core.dim_procedure": "procedure_at_first",
    "ops.setting": "setting_at_first",
}


class Bench:
    """A warehouse that is emptied for each world."""

    def __init__(self, engine: Engine, root: Path, coverage: dict[str, str]) -> None:
        self.engine, self.root = engine, root
        self.world = World(engine, root)
        for name, complete in coverage.items():
            self.world.sources[name] = replace(self.world.sources[name], coverage=complete)
        self.clock = datetime(2026, 1, 1, tzinfo=VIETNAM)
        with engine.begin() as connection:
            load_reference(connection, self.world.sources)
            for table, kept in _KEPT.items():
                rows = f"{table} where is_inferred" if table.startswith("core.") else table
                connection.execute(text(f"create table public.{kept} as select * from {rows}"))

    def empty(self) -> None:
        """As at first: the dimensions known beforehand and nothing else."""
        shutil.rmtree(self.root)
        self.world.landing.mkdir(parents=True)
        self.world.archive = Archive(self.root / "archive")
        self.clock = datetime(2026, 1, 1, tzinfo=VIETNAM)
        self._forget()
        with self.engine.begin() as connection:
            connection.execute(text("delete from landing.export_file"))

    def _forget(self) -> None:
        with self.engine.begin() as connection:
            run_file(connection, "history/forget.sql")
            for table, kept in _KEPT.items():
                columns = connection.execute(
                    text(
                        "select string_agg(attname, ', ' order by attnum) from pg_attribute where attgenerated = ''"
                        " and attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped"
                    ),
                    {"table": table},
                ).scalar_one()
                connection.execute(
                    text(
                        f"insert into {table} ({columns}) select {columns} from public.{kept} on conflict do nothing"
                    )
                )

    def take(
        self, files: list[File], arrangement: Arrangement, *, arrived_when_exported: bool = True
    ) -> None:
        """The files, run by run; within a run and source in the order of the arrangement."""
        for _ in self._put_down(files, arrangement):
            self.world.run(arrived_when_exported=arrived_when_exported, clock=self._tick)

    def take_some_later(
        self, files: list[File], arrangement: Arrangement, troubles: Sequence[Trouble]
    ) -> None:
        """As `take`, but in each run files of the sources in trouble can't be read until all is read again."""
        sources = self.world.sources
        for trouble, _ in zip(troubles, self._put_down(files, arrangement), strict=True):
            self.world.sources = sources | {
                name: replace(sources[name], shape=_OTHER_SHAPE[name]) for name in trouble.sources
            }
            self.world.run(clock=self._tick, arrived_when_exported=False)
            self.world.sources = sources
            if trouble.is_over:
                self._read_again()
        self._read_again()

    def _put_down(self, files: list[File], arrangement: Arrangement) -> Iterator[None]:
        place = 0
        for run in arrangement.runs:
            for number in run:
                place += 1
                self.world.put(files[number].path(place), files[number].content)
            yield

    def _read_again(self) -> None:
        today = [self.clock.date()]
        read_days_again(self.engine, self.world.archive, self.world.sources, today, clock=self._tick)
        self.world.run(arrived_when_exported=False, clock=self._tick)

    def _tick(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def digests(self) -> dict[str, tuple[int, int]]:
        """What must not depend on the way it came about."""
        with self.engine.connect() as connection:
            return {table: table_digest(connection, _AS_COMPARED.get(table, table)) for table in _DIGESTED}

    def rebuild(self) -> None:
        """In place, out of the archive; as assets.rebuild, but the dimensions are not loaded anew."""
        self._forget()
        bring_up_to_date(self.engine, self.world.archive, self.world.sources)


@dataclass(frozen=True)
class Trouble:
    """Sources whose files of a run can't be read in it, and whether all that could not be read is read again after it."""

    sources: frozenset[str]
    is_over: bool


_OTHER_SHAPE = {"igate": "angiang", "dvcqg": "angiang", "angiang": "igate"}
_TROUBLES = st.builds(
    Trouble, st.frozensets(st.sampled_from(sorted(_OTHER_SHAPE)), max_size=2), st.booleans()
)

#: Sources whose lists are complete, and of what; files of the others have changes alone.
_COVERAGE = {
    "full": {"igate": "full", "dvcqg": "full"},
    "changes": {},
    "all": {"angiang": "full", "igate": "full", "dvcqg": "full"},
    "period": {"angiang": "period", "igate": "full"},
}


@pytest.fixture(
    params=["full", *(pytest.param(name, marks=pytest.mark.long) for name in _COVERAGE if name != "full")]
)
def benches(
    warehouse: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Bench, Bench]]:
    """Two empty warehouses, for each setting of which sources send complete lists."""
    with side_database(warehouse, "other") as beside:
        migrate(beside)
        coverage = _COVERAGE[request.param]
        yield Bench(warehouse, tmp_path / "one", coverage), Bench(beside, tmp_path / "other", coverage)


# Here a path tells when its file was laid down, so it is no part of what must be the same.
_AS_COMPARED = {
    "ops.drift": "(select source, kind, name, example, first_seen_on, last_seen_on, files from ops.drift)"
}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [table for table in one if one[table] != other[table]]


def _all(files: list[File]) -> Arrangement:
    return Arrangement((tuple(range(len(files))),))


def test_order_grouping_and_repetition_do_not_matter_and_rebuilt_is_the_same(
    benches: tuple[Bench, Bench],
) -> None:
    one, other = benches

    @_law(5)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        one.empty()
        one.take(files, data.draw(arrangements(len(files))))
        other.empty()
        # All at once, in another order.
        order = data.draw(st.permutations(range(len(files))))
        other.take(files, Arrangement((tuple(order),)))
        found = one.digests()
        assert _differing(found, other.digests()) == []
        assert one.world.ask(_OVERLAPPING) == []
        one.rebuild()
        assert _differing(found, one.digests()) == []

    law()


@pytest.mark.parametrize("arrived_when_exported", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_form_as_known_then_is_the_form_of_a_warehouse_with_the_files_of_then(
    benches: tuple[Bench, Bench], arrived_when_exported: bool
) -> None:
    one, other = benches

    @_law(3)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        one.empty()
        one.take(files, data.draw(arrangements(len(files))), arrived_when_exported=arrived_when_exported)
        arrivals = one.world.ask(
            "select path, received_at from landing.export_file order by received_at, file_id"
        )
        known_at = data.draw(st.sampled_from(sorted({at for _, at in arrivals})))
        other.empty()
        then = [path for path, at in arrivals if at <= known_at]
        for path in then:
            other.world.put(path, (one.world.landing / path).read_bytes())
        other.world.run()
        periods = [data.draw(_periods(files)) for _ in range(2)] + [("2023-01-01", "2026-12-31")]
        asked = list(product(periods, _RULE_SETS))
        wanted = [other.world.form(*period, rule_set=name) for period, name in asked]
        found = [one.world.form(*period, known_at=known_at, rule_set=name) for period, name in asked]
        assert found == wanted
        one.rebuild()
        found = [one.world.form(*period, known_at=known_at, rule_set=name) for period, name in asked]
        assert found == wanted

    law()


@pytest.mark.long
def test_what_could_be_read_only_later_is_as_if_it_always_could(benches: tuple[Bench, Bench]) -> None:
    bench, _ = benches

    @_law(3)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        # one a run: more of them in trouble between others
        arrangement = Arrangement(tuple((n,) for n in data.draw(st.permutations(range(len(files))))))
        troubles = [data.draw(_TROUBLES) for _ in arrangement.runs]
        bench.empty()
        bench.take_some_later(files, arrangement, troubles)
        found = bench.digests()
        bench.rebuild()
        assert _differing(found, bench.digests()) == []

    law()


def test_the_figures_add_up(benches: tuple[Bench, Bench]) -> None:
    bench, _ = benches

    @_law(5)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        bench.empty()
        bench.take(files, data.draw(arrangements(len(files))))
        start, end = data.draw(_periods(files))
        _check_form(bench.world, start, end)
        _check_months(bench.world)
        _check_dossiers(bench.world)
        assert _stocks_by_day(bench.world) == _stocks_by_spans(bench.world)

    law()


@st.composite
def _periods(draw: st.DrawFn, files: list[File]) -> tuple[str, str]:
    first = min(file.moment for file in files).date() - timedelta(days=1)
    start = first + timedelta(days=draw(st.integers(0, _DAYS + 3)))
    return str(start), str(start + timedelta(days=draw(st.integers(0, _DAYS + 3))))


def _check_form(world: World, start: str, end: str) -> None:
    """Form columns 1 = 5 + 9, and what is pending after the first half is carried over into the second."""
    untimed = 0
    for rule_set, row in (
        (name, row) for name in _RULE_SETS for row in world.form(start, end, rule_set=name).values()
    ):
        assert row["received_total"] == row["resolved_total"] + row["pending_total"]
        parts = ("received_online", "received_direct_postal", "carried_over")
        assert row["received_total"] == sum(row[part] for part in parts)
        timed = sum(row[f"resolved_{how}"] for how in ("early", "on_time", "late"))
        assert row["resolved_total"] == timed or rule_set == "opencps"
        untimed += row["resolved_total"] - timed
        assert row["pending_total"] == row["pending_in_time"] + row["pending_overdue"]
        assert 0 <= row["pending_overdue"] <= row["pending_total"]
    assert untimed == _untimed(world, "opencps", start, end)
    after = str(date.fromisoformat(end) + timedelta(days=1))
    later = str(date.fromisoformat(end) + timedelta(days=5))
    first, second = world.form(start, end), world.form(after, later)
    pending = {unit: row["pending_total"] for unit, row in first.items() if row["pending_total"]}
    assert pending == {unit: row["carried_over"] for unit, row in second.items() if row["carried_over"]}


def _untimed(world: World, rule_set: str, start: str, end: str) -> int:
    """Ends that the rule set calls neither early, on time nor late; what was set back later is taken off on its day."""
    ((quantity,),) = world.ask(
        "select coalesce(sum(quantity), 0) from core.fct_dossier_event where kind = 'resolved_untimed'"
        " and rule_sets & core.rule_set_bit(:rule_set) <> 0"
        " and event_on between :start and least(cast(:end as date), landing.horizon())",
        **{"rule_set": rule_set, "start": start, "end": end},
    )
    return int(quantity)


def _check_months(world: World) -> None:
    """timeliness_month is the form of each month, that of the running one too, in both calendars."""
    (through,) = world.ask("select landing.horizon()")[0]
    for calendar, rule_set in product(("calendar", "reporting"), _RULE_SETS):
        months = world.ask(
            f"select {calendar}_month, min(date), max(date) from core.dim_date"
            " where date >= :through - 70 and date <= :through + 40 group by 1 having min(date) <= :through order by 1",
            through=through,
        )
        for month, start, end in months[1:]:
            sums = world.ask(
                "select unit_code || '@' || case when unit_valid_from < '2025-01-01' then 2024 else 2025 end,"
                " sum(received_total)::int, sum(received_online)::int, sum(received_direct_postal)::int,"
                " sum(carried_over)::int, sum(resolved_total)::int, sum(resolved_early)::int,"
                " sum(resolved_on_time)::int, sum(resolved_late)::int, sum(pending_total)::int,"
                " sum(pending_in_time)::int, sum(pending_overdue)::int from mart.timeliness_month"
                " where calendar = :calendar and month = :month and rule_set = :rule_set group by 1",
                calendar=calendar,
                month=month,
                rule_set=rule_set,
            )
            form = world.form(str(start), str(end), rule_set=rule_set)
            assert {unit: tuple(counts) for unit, *counts in sums if any(counts)} == {
                unit: tuple(row.values()) for unit, row in form.items()
            }, (calendar, rule_set, month)


def _check_dossiers(world: World) -> None:
    """mart.dossier sums to the form of all days."""
    for rule_set in _RULE_SETS:
        form = world.form("2000-01-01", "2099-12-31", rule_set=rule_set).values()
        assert world.ask(
            f"select count(*) filter (where is_on_time_{rule_set}), count(*) filter (where not is_on_time_{rule_set}),"
            f" count(*) filter (where is_overdue_{rule_set}) from mart.dossier"
        ) == [
            (
                sum(row["resolved_early"] + row["resolved_on_time"] for row in form),
                *(sum(row[figure] for row in form) for figure in ("resolved_late", "pending_overdue")),
            )
        ], rule_set


def _stocks_by_day(world: World) -> set[tuple[Any, ...]]:
    return set(
        world.ask(
            "select date, unit_code, unit_valid_from, overdue_open, pending from mart.overdue_daily"
            " where rule_set = 'ii06' and (overdue_open <> 0 or pending <> 0)"
        )
    )


def _stocks_by_spans(world: World) -> set[tuple[Any, ...]]:
    """Day by day and dossier by dossier: open at the end of the day, and past the due date of then."""
    return set(
        world.ask(
            "select d.date, f.unit_code, f.unit_valid_from,"
            " count(*) filter (where s.state = 'processing' and s.due_at::date < d.date), count(*)"
            " from core.dim_date as d"
            " inner join core.fct_dossier_span as s on s.valid_from < d.date + 1 and s.valid_to >= d.date + 1"
            " inner join core.fct_dossier as f on f.dossier_code = s.dossier_code"
            " where s.state in ('processing', 'suspended') and d.date >= '2023-07-01'"
            " and d.date <= (select landing.horizon())"
            " group by 1, 2, 3"
        )
    )
