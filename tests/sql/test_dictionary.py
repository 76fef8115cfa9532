"""What analysts may read is described in both languages, in the database itself."""

from __future__ import annotations

from io import BytesIO

import polars as pl
import pytest
from sqlalchemy import Engine, text

from assets.dictionary.entries import Entry, read_entries
from assets.dictionary.notes import result_texts
from assets.dictionary.search import search
from assets.dictionary.site import site_of
from assets.dictionary.workbook import workbook_of
from assets.sources.canonical import DOSSIER_ATTRIBUTES, STEP_ATTRIBUTES
from tests.asking import ask_as_analyst
from warehouse_sql.dictionary.comments import described
from warehouse_sql.dictionary.texts import texts
from warehouse_sql.migrate import migrate
from warehouse_sql.sql_files import statements_of_file

_OF_ANALYSTS = """
with object as (
    select c.oid, format('%s.%s', n.nspname, c.relname) as name
    from pg_class as c
    inner join pg_namespace as n on c.relnamespace = n.oid
    cross join (values ('motcua_reader'), ('motcua_analyst')) as r (role)
    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_|information_schema|public'
        and has_table_privilege(r.role, c.oid, 'select')
)
select name, obj_description(oid, 'pg_class') as comment from object
union
select o.name || '.' || a.attname, col_description(o.oid, a.attnum)
from object as o
inner join pg_attribute as a on o.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
union
select p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc')
from pg_proc as p
inner join pg_namespace as n on p.pronamespace = n.oid
where n.nspname !~ '^pg_|information_schema|public' and has_function_privilege('motcua_analyst', p.oid, 'execute')
order by name
"""


@pytest.mark.both_servers
def test_whatever_analysts_may_read_is_described_in_both_languages(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        rows = connection.execute(text(_OF_ANALYSTS)).all()
    assert len(rows) > 1000
    assert {row.name: row.comment for row in rows if not all(described(row.comment))} == {}


def test_every_text_describes_something_and_none_in_two_ways(warehouse: Engine) -> None:
    (query,) = statements_of_file("ops/description.sql")
    with warehouse.connect() as connection:
        used = {described(row.description).en for row in connection.execute(text(query))}
    used |= {f"{each.en}." for each in (*DOSSIER_ATTRIBUTES, *STEP_ATTRIBUTES)} | result_texts()
    assert texts().keys() - used == set()
    assert {en for en in texts() if "\n" in en or not texts()[en].strip()} == set()


def test_a_description_that_lost_its_vietnamese_gets_it_back_and_a_stranger_stays(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.exec_driver_sql(
            "comment on column core.fct_dossier.due_at is 'Due date as it stands, local time.'"
        )
        connection.exec_driver_sql("comment on column core.fct_dossier.status is 'No text of ours.'")
        connection.exec_driver_sql("update ops.setting set value = 'older' where name = 'objects_digest'")
    migrate(warehouse)
    column = (
        "select col_description(attrelid, attnum) from pg_attribute"
        " where attrelid = 'core.fct_dossier'::regclass and attname = :name"
    )
    with warehouse.connect() as connection:
        due, status = (
            connection.execute(text(column), {"name": name}).scalar_one() for name in ("due_at", "status")
        )
    assert due == "Due date as it stands, local time.\nHẹn trả hiện hành, giờ Việt Nam."
    assert status == "No text of ours."


@pytest.fixture
def entries(warehouse: Engine) -> list[Entry]:
    with warehouse.connect() as connection:
        return read_entries(connection)


def _entry(entries: list[Entry], name: str) -> Entry:
    return next(entry for entry in entries if entry.name == name)


def test_each_entry_has_all_that_a_reader_asks_for(entries: list[Entry]) -> None:
    columns = [(entry.name, column) for entry in entries for column in entry.columns]
    assert [f"{name}.{column.name}" for name, column in columns if not all(column.meaning)] == []
    assert [f"{name}.{column.name}" for name, column in columns if not column.example] == []
    assert [entry.name for entry in entries if not all(entry.meaning)] == []
    assert [entry.name for entry in entries if entry.schema == "mart" and not entry.columns] == [
        "mart.dossier_code_of",
        "mart.horizon",
        "mart.incomplete_feeds",
        "mart.known_through",
    ]
    assert not any(".staged_" in entry.name for entry in entries)


def test_an_entry_says_grain_keys_unit_source_and_neighbours(entries: list[Entry]) -> None:
    opened, fact = _entry(entries, "mart.open_dossier"), _entry(entries, "core.fct_dossier")
    assert opened.grain.vi == "một hồ sơ trên cả hai cổng, tính đến ngày xuất cuối"
    assert _entry(entries, "history.dossier_statement").grain.en == "one row of history.dossier_version"
    assert opened.for_readers and not fact.for_readers
    assert ("dossier_code",) in fact.keys
    assert "core.fct_dossier" in opened.reads and "mart.open_dossier" in fact.read_by
    assert "history.dossier_statement" in fact.reads
    due = next(column for column in opened.columns if column.name == "due_at")
    assert (due.origin, due.unit.vi) == ("core.fct_dossier.due_at", "giờ Việt Nam")
    fee = next(column for column in fact.columns if column.name == "fee_amount")
    assert (fee.portals, fee.unit.en) == (("dvcqg",), "dong")
    assert next(column for column in fact.columns if column.name == "status").refers_to == "core.dim_status"
    assert _entry(entries, "mart.form_ii06").rule_sets[:2] == ("ii06", "qd766")


def test_words_are_met_with_accents_or_without_in_both_languages(entries: list[Entry]) -> None:
    with_accents = [(match.entry.name, match.column) for match in search(entries, "hẹn trả hiện hành")]
    assert ("core.fct_dossier", "due_at") in with_accents
    assert with_accents == [
        (match.entry.name, match.column) for match in search(entries, "HEN TRA hien hanh")
    ]
    english = [(match.entry.name, match.column) for match in search(entries, "due date as it stands")]
    assert english[:1] == with_accents[:1]
    assert {match.column for match in search(entries, "due_at")[:3]} == {"due_at"}
    assert search(entries, "open_dossier")[0].entry.name == "mart.open_dossier"
    assert [match.entry.name for match in search(entries, "quá hạn tồn")[:3]] == [
        "mart.overdue_daily",
        "mart.overdue_daily_ii06",
        "mart.overdue_stock",
    ]
    # its description has "qua" and, within "nhan", "han"
    assert "core.organisation" not in {match.entry.name for match in search(entries, "qua han")}
    assert search(entries, "xyzxyz") == search(entries, " ") == []


def test_the_page_needs_nothing_from_elsewhere_and_the_workbook_holds_the_same(entries: list[Entry]) -> None:
    page = site_of(entries)
    assert page.count("<section ") == len(entries)
    assert "http://" not in page and "https://" not in page
    workbook = workbook_of(entries)
    assert workbook == workbook_of(entries)
    names = pl.read_excel(BytesIO(workbook), sheet_id=1)[:, 0].to_list()
    assert names == [entry.name for entry in entries]
    assert pl.read_excel(BytesIO(workbook), sheet_id=2).height == sum(len(entry.columns) for entry in entries)


def test_an_analyst_can_read_the_dictionary_with_rights_of_the_own_login(warehouse: Engine) -> None:
    _, rows = ask_as_analyst(warehouse, "select obj_description('mart.open_dossier'::regclass, 'pg_class')")
    assert "Hồ sơ đang giải quyết" in rows[0][0]


def test_a_column_that_a_view_passes_on_is_described_as_its_origin(warehouse: Engine) -> None:
    described = (
        "select (select col_description(a.attrelid, a.attnum) from pg_attribute as a"
        " where a.attrelid = cast(:name as regclass) and a.attname = 'counted_to')"
    )
    with warehouse.connect() as connection:
        passed_on, origin = (
            connection.execute(text(described), {"name": name}).scalar_one()
            for name in ("mart.timeliness_month_ii06", "mart.timeliness_month")
        )
    assert passed_on == origin
    assert "Last day counted" in origin and "\n" in origin
    made = statements_of_file("mart/views/timeliness_month_ii06.sql")
    assert not [statement for statement in made if "timeliness_month_ii06.counted_to" in statement]
