"""Small worlds for tests: export files in the portals' shapes, and the way from them into a warehouse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.dimensions.load import load_reference
from assets.exports.intake import take_in
from assets.exports.landing import LandingZone
from assets.facts.derive import derive_facts
from assets.given.archive import Archive
from assets.given.office_file import NO_OFFICE_FILES
from assets.run_log import Intake
from assets.sources.feed import Feed
from assets.sources.source import Source
from assets.sources.sources import load_sources
from warehouse_sql.vietnam_time import VIETNAM

SAMPLES = Path(__file__).parent / "samples"
CODE = "000.26.33.H01-230717-0001"
_LISTED = {
    "Đơn vị tiếp nhận": "UBND phường Thới Sơn",
    "Tên thủ tục hành chính": "Đăng ký khai sinh",
    "Mã hồ sơ": CODE,
    "Mã hồ sơ khác": "",
    "Trạng thái": "Đang xử lý",
    "Ngày nhận": "17/07/2023 09:00",
    "Ngày hẹn trả": "18/07/2023 09:00",
}


def at(written: str) -> datetime:
    """ "2023-07-17 09:00" or "2023-07-17" as a naive local instant."""
    return datetime.fromisoformat(written)


def national(code: str = CODE, **said: Any) -> dict[str, Any]:
    """A dossier of DongBoHoSoMC: status, received, due, ended, returned, and raw fields by their own names."""
    record = {
        "MaHoSo": code,
        "MaTTHC": "1.001193.000.00.00.H01",
        "TenTTHC": "Đăng ký khai sinh",
        "MaLinhVuc": "G15-TP01",
        "TenLinhVuc": "Hộ tịch",
        "KenhThucHien": "1",
        "DonViXuLy": "UBND phường Thới Sơn",
        "TrangThaiHoSo": str(said.pop("status", 4)),
        "NgayTiepNhan": _compact(said.pop("received", "2023-07-17 09:00")),
        "NgayHenTra": _compact(said.pop("due", "2023-07-18 09:00")),
        "NgayKetThucXuLy": _compact(said.pop("ended", "")),
        "NgayTra": _compact(said.pop("returned", "")),
        "DanhSachHoSoBoSung": [
            {
                name: _compact(value)
                for name, value in zip(
                    ("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi"),
                    window,
                    strict=True,
                )
            }
            for window in said.pop("supplements", [])
        ],
    }
    return record | said


def step(code: str = CODE, **said: Any) -> dict[str, Any]:
    """A step of CapNhatTienDoHoSoMC."""
    return {
        "MaHoSo": code,
        "TrangThai": str(said.get("status", 4)),
        "ThoiDiemXuLy": _compact(said.get("processed", "2023-07-17 09:05")),
        "PhongBanXuLy": "Bộ phận Một cửa",
        "ChucDanh": "Chuyên viên",
    }


def provincial(code: str = CODE, **said: Any) -> dict[str, Any]:
    """A dossier of an iGate page; `status` is iGate's own number."""
    limit, unit = said.pop("limit", 1), said.pop("unit_name", "UBND phường Thới Sơn")
    return {
        "code": code,
        "dossierStatus": {"id": said.pop("status", 2)},
        "procedure": {
            "code": said.pop("procedure", "1.001193.000.00.00.H01"),
            "translate": [{"languageId": 228, "name": said.pop("procedure_name", "Đăng ký khai sinh")}],
        },
        "procedureProcessDefinition": {
            "processDefinition": {
                "processingTime": limit,
                "processingTimeUnit": "d",
                "timesheet": {"name": "Ngày làm việc"},
            }
        },
        "agency": {"code": said.pop("desk", "000.26.33.H01"), "name": [{"languageId": 228, "name": unit}]},
        "applyMethod": {"id": said.pop("channel", 1)},
        "acceptedDate": _utc(said.pop("received", "2023-07-17 09:00")),
        "dueDate": _utc(said.pop("due", "2023-07-18 09:00")),
        "completedDate": _utc(said.pop("ended", "")),
        "returnedDate": _utc(said.pop("returned", "")),
        "additionalRequirementDate": _utc(said.pop("requested", "")),
    } | said


def _compact(written: str) -> str:
    return (
        at(written).strftime("%Y%m%d%H%M%S")
        if written and written[:4].isdigit() and "-" in written
        else written
    )


def _utc(written: str) -> str | None:
    if not written:
        return None
    return (at(written) - timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class World:
    """A landing zone, an archive and a warehouse."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self.engine = engine
        self.landing = root / "landing"
        self.archive = Archive(root / "archive")
        self.sources: dict[str, Source] = load_sources()
        self.office = NO_OFFICE_FILES
        self.landing.mkdir(parents=True, exist_ok=True)

    def put(self, path: str, content: bytes) -> Path:
        """Lays a file into the landing zone."""
        file = self.landing / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        # Older than the moment in which a file counts as perhaps still being written.
        _age(file)
        return file

    def say_national(self, moment: str, *dossiers: dict[str, Any], name: str = "DongBoHoSoMC") -> str:
        """A file of the national portal exported at that local moment; its path."""
        path = f"dvcqg/{name}_{at(moment):%Y%m%dT%H%M%S}.json"
        self.put(path, _json({"service": name, "data": list(dossiers)}))
        return path

    def say_steps(self, moment: str, *steps: dict[str, Any]) -> str:
        """A file of steps exported at that local moment; its path."""
        return self.say_national(moment, *steps, name="CapNhatTienDoHoSoMC")

    def say_provincial(self, moment: str, *dossiers: dict[str, Any]) -> str:
        """A page of iGate exported at that local moment; its path."""
        path = f"igate/{at(moment):%Y-%m-%d/%H%M%S}.json"
        self.put(path, _json({"exportedAt": _utc(moment), "content": list(dossiers)}))
        return path

    def say_list(self, moment: str, *rows: Mapping[str, str], days: str = "") -> str:
        """A CSV list of another system of the province, exported at that local moment; its path.

        `rows`: cells by the names of `_LISTED`, which has the others. `days`: a line above that tells the days of reception.
        """
        path = f"angiang/Danh sách hồ sơ_{at(moment):%Y_%m_%d_%H_%M}.csv"
        cells = [";".join((_LISTED | row).values()) for row in rows]
        lines = [*(["DANH SÁCH HỒ SƠ", days] if days else []), ";".join(_LISTED), *cells]
        self.put(path, "\n".join([*lines, ""]).encode())
        return path

    def promise(self, source: str, promised: Feed) -> None:
        """The source promises that from the next run on."""
        self.sources[source] = replace(self.sources[source], feed=promised)

    def take_in(self, **options: Any) -> Intake:
        """Takes in what is new; facts wait."""
        options.setdefault("arrived_when_exported", True)
        with self.engine.begin() as connection:
            load_reference(connection, self.sources, self.office)
        return take_in(self.engine, LandingZone(str(self.landing)), self.archive, self.sources, **options)

    def run(self, **options: Any) -> Intake:
        """Takes in what is new and brings everything up to date."""
        intake = self.take_in(**options)
        derive_facts(self.engine, sum_up)
        refresh_aggregates(self.engine)
        return intake

    def arrive(self, day: int) -> Intake:
        """As `run`, of files that arrive on that day of July 2023 at 20:00."""
        return self.run(arrived_when_exported=False, clock=lambda: datetime(2023, 7, day, 20, tzinfo=VIETNAM))

    def ask(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), parameters)]

    def spans(self, code: str = CODE) -> list[tuple[Any, ...]]:
        """(state, from, to, due) of a dossier's life, instants as "17 09:00" (day and time) or "∞"."""
        rows = self.ask(
            "select state, valid_from, nullif(valid_to, 'infinity'), due_at from core.fct_dossier_span"
            " where dossier_code = :code order by span_number",
            code=code,
        )
        return [(state, _short(since), _short(until), _short(due)) for state, since, until, due in rows]

    def events(self, code: str = CODE, rule_set: str = "ii06") -> list[tuple[str, str, int]]:
        """(day, kind, quantity) of a dossier, in order."""
        rows = self.ask(
            "select event_on, kind, quantity from core.fct_dossier_event"
            " where dossier_code = :code and rule_sets & core.rule_set_bit(:rule_set) <> 0 order by event_on, kind",
            code=code,
            rule_set=rule_set,
        )
        return [(f"{day:%d/%m}", kind, quantity) for day, kind, quantity in rows]

    def form(self, start: str, end: str, **options: Any) -> dict[str, dict[str, int]]:
        """Form II.06 by "unit code@year of its list", as the samples' expected figures have it."""
        arguments = "".join(f", {name} => :{name}" for name in options)
        with self.engine.connect() as connection:
            rows = connection.execute(
                text(f"select * from mart.form_ii06(:start, :end{arguments})"),
                {"start": date.fromisoformat(start), "end": date.fromisoformat(end)} | options,
            ).mappings()
            return {
                f"{row['unit_code']}@{2024 if row['valid_from'].year < 2025 else 2025}": {
                    name: value
                    for name, value in row.items()
                    if name not in ("unit_code", "unit_name", "valid_from")
                }
                for row in rows
            }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _age(file: Path) -> None:
    import os

    stamp = datetime.now().timestamp() - 3600
    os.utime(file, (stamp, stamp))


def _short(moment: datetime | None) -> str:
    return f"{moment:%d %H:%M}" if moment else "∞"


def world_of_complete_lists(engine: Engine, folder: Path) -> World:
    """Returns a world in which the pages of iGate name every dossier it has."""
    world = World(engine, folder)
    world.sources["igate"] = replace(world.sources["igate"], coverage="full")
    return world


def work_today(engine: Engine) -> None:
    """Makes today a working day, in place of the last one before it where today is a day off: a number is of one day alone."""
    same_number = "select working_day_number from core.dim_date where date = current_date"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"update core.dim_date set is_working_day = false where working_day_number = ({same_number})"
        )
        connection.exec_driver_sql("update core.dim_date set is_working_day = true where date = current_date")
