"""Marts of one rule set and one calendar: whoever sums them counts nothing twice."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.worlds import World

_FORM = (
    "select sum(received_online + received_direct_postal), sum(resolved_total), sum(resolved_late)"
    " from mart.form_ii06('2023-07-15', '2023-08-14')"
)


@pytest.mark.parametrize(
    ("view", "kept"),
    [
        ("timeliness_month_ii06", "calendar = 'reporting' and rule_set = 'ii06'"),
        ("timeliness_calendar_month_ii06", "calendar = 'calendar' and rule_set = 'ii06'"),
        ("overdue_daily_ii06", "rule_set = 'ii06'"),
    ],
)
def test_a_view_of_one_rule_set_has_its_rows_and_no_others(july: World, view: str, kept: str) -> None:
    source = "overdue_daily" if view.startswith("overdue") else "timeliness_month"
    shared = july.ask(
        "select string_agg(column_name, ', ') from information_schema.columns"
        f" where table_schema = 'mart' and table_name = '{view}'"
    )[0][0]
    rows = july.ask(f"select {shared} from mart.{view} order by 1, 2, 3, 4, 5")
    assert rows
    assert sorted(map(str, rows)) == sorted(
        map(str, july.ask(f"select {shared} from mart.{source} where {kept}"))
    )


def test_the_months_of_the_form_add_up_to_the_form(july: World) -> None:
    month = (
        "select sum(received_online + received_direct_postal), sum(resolved_total), sum(resolved_late)"
        " from mart.timeliness_month_ii06 where month = '2023-08-01'"
    )
    assert july.ask(month) == july.ask(_FORM)
    assert july.ask(month)[0][0] > 0


def test_the_flow_of_one_rule_set_adds_up_to_the_form(july: World) -> None:
    flow = (
        "select sum(received), sum(resolved_early + resolved_on_time + resolved_late), sum(resolved_late)"
        " from mart.daily_flow_ii06 where date between '2023-07-15' and '2023-08-14'"
    )
    assert july.ask(flow) == july.ask(_FORM)
    assert july.ask("select count(*) from mart.daily_flow_ii06 where date > mart.horizon()") == [(0,)]


@pytest.mark.parametrize(
    "several",
    [
        *("mart.daily_flow", "mart.overdue_stock", "mart.timeliness_count", "mart.overdue_daily"),
        *("mart.timeliness_month", "core.fct_dossier_event"),
    ],
)
def test_what_holds_several_rule_sets_says_so_first(july: World, several: str) -> None:
    described = july.ask("select obj_description(cast(:name as regclass), 'pg_class')", name=several)[0][0]
    assert described.startswith("CAUTION: ")


def test_no_other_mart_holds_several_rule_sets(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        unwarned = connection.exec_driver_sql(
            "select c.oid::regclass::text from pg_class as c inner join pg_attribute as a on c.oid = a.attrelid"
            " where c.relnamespace = 'mart'::regnamespace and c.relkind in ('r', 'v') and a.attname in ('rule_set', 'rule_sets')"
            " and obj_description(c.oid, 'pg_class') not like 'CAUTION: %%' order by 1"
        ).scalars()
        # Each issue of a report was made under one; and the list of them.
        assert list(unwarned) == ["mart.issued_form", "mart.rule_set"]
