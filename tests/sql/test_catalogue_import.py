"""Catalogues taken over: what the warehouse then says of procedures, dossiers and changes, and that it lasts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from assets.dimensions.catalogue_import import Plan, plan_import, take_over
from assets.dimensions.load import load_reference
from assets.dimensions.procedures import CatalogueError
from assets.rebuild import COMPARED, compare_with_rebuilt, rebuild, table_digest
from tests.worlds import CODE, World, provincial
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database
from warehouse_sql.vietnam_time import VIETNAM

pytestmark = pytest.mark.both_servers
_HEAD = "Mã TTHC;Tên TTHC;Lĩnh vực;Thời hạn giải quyết;Thời hạn trực tuyến"
BIRTH = "1.001193.000.00.00.H01;Đăng ký khai sinh;Hộ tịch;02 ngày làm việc;01 ngày làm việc"
LANTERN = "7.700001.000.00.00.H01;Cấp phép thả đèn trời;Văn hóa;05 ngày làm việc;"
_START = "2023-07-01"


class Office(World):
    """A world whose catalogue is taken over from files."""

    moment = datetime(2026, 1, 1, tzinfo=VIETNAM)

    def plan(self, *lines: str, valid_from: str = _START, head: str = _HEAD) -> Plan:
        with self.engine.begin() as connection:
            load_reference(connection, self.sources)
            content = "\n".join([head, *lines]).encode("utf-8-sig")
            return plan_import(connection, content, "danh mục.csv", date.fromisoformat(valid_from))

    def take_catalogue(self, *lines: str, **options: Any) -> int:
        plan = self.plan(*lines, **options)
        return take_over(self.engine, self.archive, plan, self.moment)

    def versions(self, code: str) -> list[tuple[Any, ...]]:
        return self.ask(
            "select valid_from::text, valid_to::text, limit_value, limit_unit, is_last from core.dim_procedure"
            " where procedure_code = :code order by valid_from",
            code=code,
        )


@pytest.fixture
def office(warehouse: Engine, tmp_path: Path) -> Office:
    return Office(warehouse, tmp_path)


def _lantern(code: str = CODE, **values: Any) -> dict[str, Any]:
    values.setdefault("procedure", "7.700001.000.00.00.H01")
    return provincial(code, procedure_name="Cấp phép thả đèn trời", **values)


def _code(number: int) -> str:
    return f"000.26.33.H01-230717-{number:04}"


def test_a_catalogue_makes_new_versions_and_ends_what_it_leaves_out(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    assert office.versions("1.001193") == [
        ("1900-01-01", _START, 1.0, "working_day", False),
        (_START, "9999-12-31", 2.0, "working_day", True),
    ]
    assert office.versions("7.700001") == [(_START, "9999-12-31", 5.0, "working_day", True)]
    assert office.versions("2.000815") == [("1900-01-01", _START, 0.0, "working_day", True)]
    assert office.ask(
        "select online_limit_value, online_limit_unit, local_codes, import_id from core.dim_procedure"
        " where procedure_code = '1.001193' and is_last"
    ) == [(1.0, "working_day", ["1.001193.000.00.00.H01"], 1)]


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    before = _all(office)
    again = office.plan(BIRTH, LANTERN, valid_from="2024-01-01")
    assert (again.is_change, again.is_nothing, again.changes) == (False, True, [])
    assert again.known_since == office.moment
    assert take_over(office.engine, office.archive, again, office.moment) == 0
    assert _all(office) == before


def test_another_file_that_says_the_same_is_kept_and_changes_no_procedure(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    before = office.ask("select * from core.dim_procedure order by 1, 2")
    office.take_catalogue(LANTERN, BIRTH, valid_from="2024-01-01")
    assert office.ask("select * from core.dim_procedure order by 1, 2") == before
    assert office.ask("select import_id, file_name, row_count from core.catalogue_import order by 1") == [
        (1, "danh mục.csv", 2),
        (2, "danh mục.csv", 2),
    ]
    assert office.ask("select count(*) from history.touched_dossier") == [(0,)]


def _all(office: Office) -> list[Any]:
    tables = (
        "core.dim_procedure",
        "core.catalogue_import",
        "core.catalogue_entry",
        "history.touched_dossier",
    )
    return [office.ask(f"select t.* from {table} as t order by t::text") for table in tables]


def test_a_file_that_can_not_be_used_leaves_the_last_catalogue_in_force(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    before = _all(office)
    with pytest.raises(CatalogueError, match="có hai lần"):
        office.take_catalogue(BIRTH, BIRTH)
    assert _all(office) == before


def test_a_plan_that_was_overtaken_is_not_written(office: Office) -> None:
    plan = office.plan(BIRTH, LANTERN)
    office.take_catalogue(BIRTH)
    before = _all(office)
    with pytest.raises(CatalogueError, match="vừa thay đổi trong lúc hỏi"):
        take_over(office.engine, office.archive, plan, office.moment)
    assert _all(office) == before


def test_dossiers_of_a_procedure_that_the_catalogue_learns_are_derived_again(office: Office) -> None:
    office.say_provincial("2023-07-17 18:30", _lantern(), provincial(_code(2)))
    office.run()
    flags = "select dossier_code, 'unknown_procedure' = any(flags) from core.fct_dossier order by 1"
    assert office.ask(flags) == [(CODE, True), (_code(2), False)]
    assert office.take_catalogue(BIRTH, LANTERN) == 2
    assert office.ask("select procedure_code from mart.unknown_procedure") == []
    assert office.ask("select count(*) from mart.open_dossier") == [
        (2,)
    ]  # none is ever without its procedure
    office.run()
    assert office.ask(flags) == [(CODE, False), (_code(2), False)]
    # Nothing of this one has changed.
    assert office.take_catalogue(BIRTH, LANTERN, "7.700002;Mới;A;1 ngày;") == 0


def test_only_dossiers_received_since_the_change_are_derived_again(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    office.say_provincial(
        "2023-08-20 18:30",
        provincial(_code(1), received="2023-07-31 23:59"),
        provincial(_code(2), received="2023-08-01 00:00"),
        _lantern(_code(3), received="2023-08-01 09:00"),
    )
    office.run()
    assert office.take_catalogue(BIRTH.replace("02 ngày", "03 ngày"), LANTERN, valid_from="2023-08-01") == 1
    assert office.ask("select dossier_code from history.touched_dossier") == [(_code(2),)]


def test_a_procedure_that_leaves_the_catalogue_altogether_is_inferred_again_at_once(office: Office) -> None:
    office.say_provincial("2023-07-17 18:30", _lantern())
    office.run()
    office.take_catalogue(BIRTH, LANTERN)
    office.run()
    # The same day once more, without it: as if it had never been there.
    assert office.take_catalogue(BIRTH) >= 1
    assert office.ask("select procedure_code from mart.unknown_procedure") == [("7.700001",)]
    assert office.ask("select count(*) from mart.open_dossier") == [(1,)]
    office.run()
    assert office.ask("select 'unknown_procedure' = any(flags) from core.fct_dossier") == [(True,)]


def test_a_list_without_codes_finds_the_procedure_by_a_name_of_the_catalogue(office: Office) -> None:
    office.say_list("2023-07-17 18:30", {"Tên thủ tục hành chính": "CẤP PHÉP thả đèn trời."})
    office.run()
    assert office.ask("select procedure_code like 'x-%' from core.fct_dossier") == [(True,)]
    office.take_catalogue(BIRTH, LANTERN)
    office.run()
    actual = "select procedure_code from core.fct_dossier"
    assert office.ask(actual) == [("7.700001",)]
    # Under another name now; the old one still finds it, until another procedure bears it.
    renamed = LANTERN.replace("Cấp phép thả", "Đăng ký thả")
    office.take_catalogue(BIRTH, renamed, valid_from="2023-08-01")
    office.run()
    assert office.ask(actual) == [("7.700001",)]
    heir = LANTERN.replace("7.700001", "7.700009")
    office.take_catalogue(BIRTH, renamed, heir, valid_from="2023-09-01")
    office.run()
    assert office.ask(actual) == [("7.700009",)]


def test_dossiers_of_unknown_or_ended_procedures_with_the_reason(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN, valid_from="2023-07-01")
    office.take_catalogue(BIRTH, "1.000656;Đăng ký khai tử;Hộ tịch;1 ngày;", valid_from="2023-07-18")
    office.say_provincial(
        "2023-07-20 18:30",
        _lantern(_code(1), received="2023-07-17 09:00"),  # the last day of it
        _lantern(_code(2), received="2023-07-18 00:00"),
        _lantern(_code(3), received="2023-06-30 23:59"),  # before the first catalogue nothing can be said
        provincial(_code(4), procedure="1.000656", procedure_name="Đăng ký khai tử", received="2023-07-17"),
        provincial(_code(5), procedure="7.999999", procedure_name="Lạ"),
        provincial(_code(6)),
        provincial(_code(7), procedure=None, procedure_name=None),
    )
    office.run()
    rows = office.ask(
        "select right(dossier_code, 1), reason, reason_vi, ended_on::text, begins_on::text"
        " from mart.dossier_of_unknown_procedure order by 1"
    )
    assert rows == [
        ("2", "ended", "Thủ tục đã hết hiệu lực trong danh mục từ 18/07/2023.", "2023-07-18", None),
        # Ended by the first catalogue, listed again by the second.
        ("4", "ended", "Thủ tục đã hết hiệu lực trong danh mục từ 01/07/2023.", "2023-07-01", "2023-07-18"),
        ("5", "unknown", "Thủ tục không có trong danh mục.", None, None),
        ("7", "not_named", "Không tệp nào ghi thủ tục của hồ sơ.", None, None),
    ]


def test_a_dossier_that_came_before_its_procedure_was_listed(office: Office) -> None:
    office.take_catalogue(BIRTH, valid_from="2023-07-01")
    office.take_catalogue(BIRTH, LANTERN, valid_from="2023-07-20")
    office.say_provincial(
        "2023-07-20 18:30", _lantern(_code(1)), _lantern(_code(2), received="2023-06-30 09:00")
    )
    office.run()
    assert office.ask("select dossier_code, reason, reason_vi from mart.dossier_of_unknown_procedure") == [
        (
            _code(1),
            "not_yet_valid",
            "Thủ tục chưa có trong danh mục ngày nhận hồ sơ; có từ 20/07/2023.",
        )
    ]


def test_changes_by_day_with_old_and_new_values(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    office.take_catalogue(BIRTH.replace("02 ngày", "03 ngày"), valid_from="2023-08-01")
    rows = office.ask(
        "select date::text, kind, procedure_code, field, old_value, new_value from mart.catalogue_change"
        " where procedure_code in ('1.001193', '7.700001') order by 1, 2, 3, 4"
    )
    assert rows == [
        (_START, "changed", "1.001193", "limit", "1 working_day", "2 working_day"),
        (_START, "changed", "1.001193", "local_codes", None, "1.001193.000.00.00.H01"),
        (_START, "changed", "1.001193", "online_limit", None, "1 working_day"),
        (_START, "new", "7.700001", None, None, None),
        ("2023-08-01", "changed", "1.001193", "limit", "2 working_day", "3 working_day"),
        ("2023-08-01", "ended", "7.700001", None, None, None),
    ]
    assert office.ask(
        "select kind, count(*), min(file_name), bool_and(imported_at = :at) from mart.catalogue_change"
        " where date = date '2023-07-01' group by kind order by kind",
        at=office.moment,
    ) == [
        ("changed", 3, "danh mục.csv", True),
        ("ended", 9, "danh mục.csv", True),
        ("new", 1, "danh mục.csv", True),
    ]


def test_procedures_without_a_limit_with_their_dossiers(office: Office) -> None:
    office.take_catalogue(
        BIRTH.replace("02 ngày làm việc", "theo lịch hẹn"), LANTERN, "7.700002;Không dùng;A;Không quy định;"
    )
    office.say_provincial(
        "2023-07-20 18:30",
        provincial(_code(1)),
        provincial(_code(2), status=4, ended="2023-07-18 09:00"),
        provincial(_code(3), channel=0),  # online has a limit of its own
        _lantern(_code(4)),
        provincial(_code(5), procedure="7.999999", procedure_name="Lạ"),
    )
    office.run()
    assert office.ask(
        "select procedure_code, is_unknown, limit_said, dossier_count, open_count"
        " from mart.procedure_without_limit order by 1"
    ) == [("1.001193", False, "theo lịch hẹn", 2, 1), ("7.999999", True, None, 1, 1)]


def test_the_limit_is_that_of_the_day_of_reception_and_of_the_channel(office: Office) -> None:
    office.take_catalogue(BIRTH)
    office.say_provincial(
        "2023-07-20 18:30",
        provincial(_code(1), received="2023-06-30 09:00"),
        provincial(_code(2)),
        provincial(_code(3), channel=0),
    )
    office.run()
    assert office.ask(
        "select right(dossier_code, 1), procedure_valid_from::text, limit_value, limit_unit"
        " from core.dossier_procedure order by 1"
    ) == [
        ("1", "1900-01-01", 1.0, "working_day"),
        ("2", _START, 2.0, "working_day"),
        ("3", _START, 1.0, "working_day"),
    ]


@pytest.mark.long
@pytest.mark.both_servers
def test_the_catalogue_survives_a_rebuild_and_is_reported_again_by_the_archive_alone(office: Office) -> None:
    office.say_provincial("2023-07-17 18:30", _lantern(), provincial(_code(2)))
    office.run()
    office.take_catalogue(BIRTH, LANTERN)
    office.take_catalogue(BIRTH, valid_from="2023-08-01")
    office.run()
    tables = (*COMPARED, "core.catalogue_import", "core.catalogue_entry", "mart.catalogue_change")
    with office.engine.connect() as connection:
        before = {table: table_digest(connection, table) for table in tables}
    with side_database(office.engine, "check") as side:
        migrate(side)
        compared = compare_with_rebuilt(office.engine, side, office.archive, office.sources)
        with side.connect() as connection:
            assert table_digest(connection, "mart.catalogue_change") == before["mart.catalogue_change"]
    assert [item.table for item in compared if not item.is_equal] == []
    assert "core.dim_procedure" in [item.table for item in compared]
    rebuild(office.engine, office.archive, office.sources)
    with office.engine.connect() as connection:
        assert {table: table_digest(connection, table) for table in tables} == before


def test_a_rebuild_without_the_archived_file_keeps_what_was_read_and_says_so(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    before = office.ask("select * from core.dim_procedure where not is_inferred order by 1, 2")
    ((sha256,),) = office.ask("select sha256 from core.catalogue_import")
    office.archive.path_of(sha256).unlink()
    intake = rebuild(office.engine, office.archive, office.sources)
    assert intake.errors == [
        "danh mục.csv: danh mục không còn trong kho lưu; nội dung đã đọc trước đây được giữ nguyên,"
        " hãy nhập lại tệp này."
    ]
    assert office.ask("select * from core.dim_procedure where not is_inferred order by 1, 2") == before


def test_a_difference_in_the_catalogue_is_found(office: Office) -> None:
    office.take_catalogue(BIRTH, LANTERN)
    with office.engine.begin() as connection:
        connection.execute(
            text("update core.dim_procedure set limit_value = 9 where procedure_code = '7.700001'")
        )
    with side_database(office.engine, "check") as side:
        migrate(side)
        compared = compare_with_rebuilt(office.engine, side, office.archive, office.sources)
    assert [table.table for table in compared if not table.is_equal] == ["core.dim_procedure"]


@pytest.mark.both_servers
def test_the_order_of_taking_over_and_exports_does_not_matter(office: Office, tmp_path: Path) -> None:
    second = BIRTH.replace("02 ngày", "03 ngày")
    office.take_catalogue(second, LANTERN, valid_from="2023-08-01")
    office.say_provincial("2023-07-17 18:30", _lantern(), provincial(_code(2)))
    office.run()
    office.take_catalogue(BIRTH)  # late, of an earlier day
    office.run()
    with side_database(office.engine, "order") as side:
        migrate(side)
        other = Office(side, tmp_path / "other")
        other.say_provincial("2023-07-17 18:30", _lantern(), provincial(_code(2)))
        other.run()
        other.take_catalogue(BIRTH)
        other.take_catalogue(second, LANTERN, valid_from="2023-08-01")
        other.run()
        without_number = "(select (to_jsonb(p) - 'import_id')::text from core.dim_procedure as p)"
        with office.engine.connect() as opened, side.connect() as two:
            for table in (
                *COMPARED[1:],
                without_number.replace("::", r"\:\:"),
                "mart.procedure_without_limit",
            ):
                assert table_digest(opened, table) == table_digest(two, table), table
