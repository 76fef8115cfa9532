"""Marts under Vietnamese headings: what a reader sees there is what the marts have."""

from __future__ import annotations

import psycopg
import pytest

from tests.sql.test_roles import login
from tests.sql.test_rows_of_units import limited
from tests.worlds import World
from warehouse_sql.migrate import migrate

pytestmark = pytest.mark.both_servers
_VIEWS = [
    *("Hồ sơ", "Hồ sơ đang giải quyết", "Kết quả theo tháng", "Quá hạn theo ngày", "Đơn vị", "Thủ tục"),
    "Nguồn dữ liệu theo ngày",
]


def test_a_reader_reads_each_of_them(july: World) -> None:
    migrate(july.engine)
    made = july.ask("select viewname from pg_views where schemaname = 'vi'")
    assert {name for (name,) in made} == set(_VIEWS)
    with login(july.engine, "motcua_reader") as url, psycopg.connect(url) as connection:
        for view in _VIEWS:
            rows = connection.execute(f'select * from vi."{view}" limit 1'.encode()).fetchall()
            assert rows or view == "Nguồn dữ liệu theo ngày"


def test_the_months_are_those_of_the_form(july: World) -> None:
    assert july.ask(
        'select "Mã đơn vị", "Tổng số tiếp nhận", "Giải quyết quá hạn", "Tổng số đang giải quyết" from vi."Kết quả theo tháng"'
        " where \"Tháng báo cáo\" = '2023-08-01' order by 1"
    ) == july.ask(
        "select unit_code, received_total, resolved_late, pending_total"
        " from mart.form_ii06('2023-07-15', '2023-08-14') where received_total > 0 order by 1"
    )


def test_dossiers_and_stocks_are_those_of_the_marts(sample: World) -> None:
    assert sample.ask('select count(*) from vi."Hồ sơ"') == sample.ask(
        "select count(*) from core.fct_dossier"
    )
    assert sample.ask('select count(*) from vi."Hồ sơ đang giải quyết"') == sample.ask(
        "select count(*) from mart.open_dossier"
    )
    assert sample.ask(
        'select sum("Đang quá hạn"), sum("Mới quá hạn") from vi."Quá hạn theo ngày"'
    ) == sample.ask(
        "select sum(overdue_open), sum(newly_overdue) from mart.overdue_daily where rule_set = 'ii06'"
    )


def test_a_reader_of_one_unit_sees_there_what_the_marts_show_it_and_no_more(july: World) -> None:
    migrate(july.engine)
    everything = july.ask("select count(*) from mart.dossier")[0][0]
    with limited(july.engine, "30520") as url, psycopg.connect(url) as connection:

        def units(relation: str, column: str) -> list[object]:
            asked = f"select {column}, count(*) from {relation} group by 1 order by 1"
            return connection.execute(asked.encode()).fetchall()

        assert units('vi."Hồ sơ"', '"Mã đơn vị"') == units("mart.dossier", "unit_code")
        assert units('vi."Quá hạn theo ngày"', '"Mã đơn vị"') == units("mart.overdue_daily_ii06", "unit_code")
        seen = connection.execute('select count(*) from vi."Hồ sơ"'.encode()).fetchone()
    assert seen is not None
    assert 0 < seen[0] < everything
