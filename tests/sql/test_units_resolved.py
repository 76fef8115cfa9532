"""Units found by the desk's code and by an office's own names; a faulty file of the office changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.given.office_file import OfficeFileError, OfficeFiles
from assets.rebuild import rebuild, table_digest
from tests.worlds import CODE, World, national, provincial

OTHER = "000.26.33.H01-250702-0001"
AFTER = {"received": "2025-07-02 08:00", "due": "2025-07-04 08:00"}


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def coded(code: str, unit_code: str | None, unit_name: str = "TTPVHCC số 7") -> dict[str, object]:
    """A dossier of iGate whose agency has this code."""
    return provincial(code, desk=unit_code, unit_name=unit_name, **AFTER)


def units(world: World) -> dict[str, tuple[str, int, list[str]]]:
    """The unit of each dossier, the year of its list, and the flag on units."""
    return {
        code: (unit, year, [flag for flag in flags if flag == "unknown_unit"])
        for code, unit, year, flags in world.ask(
            "select dossier_code, unit_code, extract(year from unit_valid_from)::int, flags from core.fct_dossier"
        )
    }


@pytest.mark.both_servers
def test_a_known_desks_code_tells_the_unit_where_the_name_does_not(world: World) -> None:
    world.say_provincial(
        "2025-07-02 18:30",
        coded("H01.128-250702-0001", "H01.128"),
        coded("H01.128-250702-0002", " h01.129 ", "UBND phường Lạ"),
        # The name wins over the code; a code that is not known, or only says which province, tells nothing.
        coded("H01.128-250702-0003", "H01.129", "UBND phường Thới Sơn"),
        coded("H01.128-250702-0004", "H01.999", "UBND phường Lạ"),
        coded("H01.128-250702-0005", "H01", "UBND phường Lạ"),
        coded("H01.128-250702-0006", None, "UBND phường Lạ"),
    )
    world.run()
    found = units(world)
    inferred = found["H01.128-250702-0004"][0]
    assert inferred.startswith("x-")
    assert [found[f"H01.128-250702-000{n}"] for n in range(1, 7)] == [
        ("30502", 2025, []),
        ("30520", 2025, []),
        ("30502", 2025, []),
        *[(inferred, 2025, ["unknown_unit"])] * 3,
    ]
    assert world.ask("select unit_name, dossier_count from mart.unknown_unit") == [("UBND phường Lạ", 3)]
    flagged = "select count(*) from history.dossier_version where 'unknown_unit' = any(flags)"
    assert world.ask(flagged) == [(3,)]


def test_a_code_that_one_portal_tells_and_a_name_that_another_does_give_one_answer_in_any_order(
    world: World,
) -> None:
    page = ("2025-07-02 18:30", coded(OTHER, "H01.128"))
    copy = ("2025-07-03 18:30", national(OTHER, DonViXuLy="Trung tâm lạ", **AFTER))
    world.say_national(*copy)
    world.run()
    assert units(world)[OTHER][0].startswith("x-")
    world.say_provincial(*page)
    world.run()
    assert units(world)[OTHER] == ("30502", 2025, [])
    world.say_national("2025-07-04 18:30", national(OTHER, DonViXuLy="UBND xã An Cư", **AFTER))
    world.run()
    assert units(world)[OTHER] == ("30526", 2025, [])


@pytest.mark.both_servers
def test_an_offices_own_name_places_its_dossiers_and_taking_it_back_returns_them(
    world: World, tmp_path: Path
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial(unit_name="TTHC Nhà Bàng"))
    world.run()
    inferred = units(world)[CODE]
    assert world.ask("select unit_name, dossier_count from mart.unknown_unit") == [("TTHC Nhà Bàng", 1)]
    own = _write(
        tmp_path, "aliases: [{name: tthc nhà bàng, unit_code: 30502, valid_from: 1900-01-01, source: CV}]"
    )
    world.office = OfficeFiles(units=own)
    world.run()
    assert units(world)[CODE] == ("30502", 1900, [])
    assert world.ask("select count(*) from mart.unknown_unit") == [(0,)]
    assert list(world.form("2023-07-17", "2023-07-17")) == ["30502@2024"]
    assert world.ask("select alias_name, alias_source from core.unit_alias") == [("tthc nhà bàng", "CV")]
    # A name met for the first time is read with the office's words too.
    world.say_provincial("2023-07-18 18:30", provincial(OTHER, unit_name="TTHC  NHÀ BÀNG"))
    world.run()
    assert units(world)[OTHER] == ("30502", 1900, [])
    world.office = OfficeFiles()
    world.run()
    assert units(world) == {CODE: inferred, OTHER: inferred}


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("units", "aliases: [{name: x, unit_code: 99999, valid_from: 1900-01-01, source: y}]", "“99999”"),
        ("units", "weights: [{old_code: 30334, new_code: 30316, weight: 1, source: y}]", "“30325”"),
        ("calendar", "- {date: 2026-02-30, kind: off, name: x, source: y}", "“2026-02-30”"),
        ("calendar", "- {date: 2023-07-18, kind: nghỉ, name: x, source: y}", "“nghỉ”"),
    ],
)
def test_a_faulty_file_of_the_office_leaves_the_last_good_reference_in_force(
    world: World, tmp_path: Path, kind: str, text: str, words: str
) -> None:
    good = {
        "units": _write(
            tmp_path, "aliases: [{name: TTHC 1, unit_code: 30502, valid_from: 1900-01-01, source: CV}]"
        ),
        "calendar": _write(
            tmp_path, "- {date: 2023-07-18, kind: off, name: Nghỉ bão, source: CĐ}", "lich.yaml"
        ),
    }
    world.office = OfficeFiles(**good)
    world.say_provincial("2023-07-17 18:30", provincial(unit_name="TTHC 1"))
    world.run()
    reference = _everything(world, *_REFERENCE)
    good[kind].write_text(text, encoding="utf-8")
    world.say_provincial(
        "2023-07-19 18:30", provincial(unit_name="TTHC 1", status=5, ended="2023-07-19 08:00")
    )
    with pytest.raises(OfficeFileError, match=words) as refused:
        world.run()
    assert str(good[kind]) in str(refused.value) and "mục 1" in str(refused.value)
    with pytest.raises(OfficeFileError, match=words):
        rebuild(world.engine, world.archive, world.sources, office=world.office)
    assert _everything(world, *_REFERENCE) == reference
    assert world.ask("select state from core.fct_dossier") == [("processing",)]
    assert world.ask("select is_working_day, holiday_name from core.dim_date where date = '2023-07-18'") == [
        (False, "Nghỉ bão")
    ]


def test_an_offices_own_days_move_the_count_of_working_days(world: World, tmp_path: Path) -> None:
    world.run()
    between = (
        "select max(working_day_number) - min(working_day_number) from core.dim_date"
        " where date in ('2023-07-17', '2023-07-24')"
    )
    assert world.ask(between) == [(5,)]
    own = _write(tmp_path, "- {date: 2023-07-18, kind: off, name: Nghỉ bão, source: CĐ}")
    world.office = OfficeFiles(calendar=own)
    world.run()
    assert world.ask(between) == [(4,)]
    own.write_text("- {date: 2023-07-22, kind: worked, name: Làm bù, source: CĐ}", encoding="utf-8")
    world.run()
    assert world.ask(between) == [(6,)]


_REFERENCE = (
    *("core.dim_unit", "core.unit_successor", "core.unit_alias", "core.organisation", "core.dim_date"),
    *("core.unit_resolution", "ops.setting"),
)


def _everything(world: World, *tables: str) -> dict[str, tuple[int, int]]:
    with world.engine.connect() as connection:
        return {table: table_digest(connection, table) for table in tables}


def _write(folder: Path, text: str, name: str = "don-vi.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_name_of_today_of_an_older_dossier_is_not_its_old_namesake_but_goes_to_the_worklist(
    world: World, tmp_path: Path
) -> None:
    older = {"received": "2025-06-20 09:00", "due": "2025-07-10 09:00", "unit_name": "UBND phường Thới Sơn"}
    world.say_provincial("2025-06-25 18:30", provincial(OTHER, **older))
    world.say_provincial("2025-07-05 18:30", provincial(**older))
    world.run()
    # Named while it was its name, it is the old unit.
    assert units(world)[OTHER] == ("30517", 1900, [])
    assert units(world)[CODE] == ("x-unknown", 1900, ["unknown_unit"])
    ((name, candidates, count),) = world.ask(
        "select unit_name, candidates, dossier_count from mart.unknown_unit"
    )
    assert (name, count) == ("UBND phường Thới Sơn", 1)
    assert "30517" in candidates
    own = _write(
        tmp_path,
        "aliases: [{name: UBND phường Thới Sơn, unit_code: 30517, valid_from: 1900-01-01, source: CV}]",
    )
    world.office = OfficeFiles(units=own)
    world.run()
    assert units(world)[CODE] == ("30517", 1900, [])
    assert world.ask("select count(*) from mart.unknown_unit") == [(0,)]
