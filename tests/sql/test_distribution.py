"""Which table goes where on several servers, held against the keys of the schema; no Citus is needed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import psycopg
import pytest
from sqlalchemy import Engine, Row, text

from pipelines.errors import sentence
from tests.worlds import World
from warehouse_sql.distribute import distribute
from warehouse_sql.distribution import DISTRIBUTION_COLUMN, PLACES, Place
from warehouse_sql.errors import WarehouseError
from warehouse_sql.laid_out import laid_out, staged_rows_handed_out
from warehouse_sql.sql_files import run_script, statements_of_file

_PLACE = dict(PLACES)
_OURS = "('landing', 'history', 'core', 'mart', 'ops')"
_MAY_REFER_TO = {
    Place.DISTRIBUTED: {Place.DISTRIBUTED, Place.EVERYWHERE},
    Place.EVERYWHERE: {Place.EVERYWHERE},
    Place.COORDINATOR: {Place.COORDINATOR, Place.EVERYWHERE},
}


def test_every_table_has_one_place(warehouse: Engine) -> None:
    tables = _rows(
        warehouse,
        "select format('%s.%s', n.nspname, c.relname) as name from pg_class as c"
        f" inner join pg_namespace as n on c.relnamespace = n.oid where c.relkind in ('r', 'p') and n.nspname in {_OURS}",
    )
    named = Counter(table for table, _ in PLACES)
    assert [table for table, times in named.items() if times > 1] == []
    assert set(named) == {row.name for row in tables}


def test_distributed_tables_always_have_a_dossier_code(warehouse: Engine) -> None:
    columns = _rows(
        warehouse,
        "select a.attrelid::regclass::text as name from pg_attribute as a where a.attname = :column and a.attnotnull"
        " and a.attgenerated = '' and format_type(a.atttypid, null) = 'text'",
        column=DISTRIBUTION_COLUMN,
    )
    with_code = {row.name for row in columns}
    assert [table for table in _placed(Place.DISTRIBUTED) if table not in with_code] == []


def test_unique_keys_of_distributed_tables_hold_the_dossier_code(warehouse: Engine) -> None:
    """No server can see whether a key is unique on the others."""
    indexes = _indexes(warehouse)
    lacking = [row for row in indexes if row.is_unique and DISTRIBUTION_COLUMN not in row.columns]
    assert [(row.name, row.index) for row in lacking if _PLACE[row.name] is Place.DISTRIBUTED] == []


def test_unique_keys_are_checked_at_once_and_none_excludes_ranges(warehouse: Engine) -> None:
    late = [row for row in _indexes(warehouse) if row.is_deferred or row.is_exclusion]
    assert [(row.name, row.index) for row in late] == []


def test_foreign_keys_lead_to_rows_on_the_same_server(warehouse: Engine) -> None:
    keys = _foreign_keys(warehouse)
    assert keys
    astray = [row for row in keys if _PLACE[row.referred] not in _MAY_REFER_TO[_PLACE[row.name]]]
    assert [(row.name, row.referred) for row in astray] == []


def test_foreign_keys_between_distributed_tables_go_from_code_to_code(warehouse: Engine) -> None:
    between = [row for row in _foreign_keys(warehouse) if _PLACE[row.referred] is Place.DISTRIBUTED]
    pairs = [(row.name, list(zip(row.columns, row.referred_columns, strict=True))) for row in between]
    assert [name for name, pair in pairs if (DISTRIBUTION_COLUMN, DISTRIBUTION_COLUMN) not in pair] == []


def test_foreign_keys_of_distributed_tables_never_change_their_rows(warehouse: Engine) -> None:
    """`on delete set null` and `on update cascade` would move a row, or change a copy on one server alone."""
    acting = [row for row in _foreign_keys(warehouse) if {row.on_update, row.on_delete} != {"a"}]
    assert [(row.name, row.referred) for row in acting if _PLACE[row.name] is Place.DISTRIBUTED] == []


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("trigger", "select t.tgrelid as oid from pg_trigger as t where not t.tgisinternal"),
        ("rule", "select r.ev_class as oid from pg_rewrite as r where r.rulename <> '_RETURN'"),
        ("parent", "select i.inhrelid as oid from pg_inherits as i"),
        (
            "identity that is no bigint",
            "select a.attrelid as oid from pg_attribute as a where a.attidentity <> '' and a.atttypid <> 'bigint'::regtype",
        ),
    ],
)
def test_distributed_tables_have_nothing_that_citus_refuses(warehouse: Engine, what: str, query: str) -> None:
    having = {
        row.name for row in _rows(warehouse, f"select q.oid::regclass::text as name from ({query}) as q")
    }
    assert [table for table in _placed(Place.DISTRIBUTED) if table in having] == [], what


def test_a_server_without_citus_is_refused_in_one_sentence(warehouse: Engine) -> None:
    with pytest.raises(WarehouseError, match="không có Citus; hãy cài Citus trên mọi máy chủ"):
        distribute(warehouse, parts=4)


def test_what_citus_refuses_is_said_in_one_sentence_with_a_way_out() -> None:
    refused = psycopg.errors.FeatureNotSupported(
        "complex joins are only supported\nwhen tables are co-located"
    )
    assert re.fullmatch(
        r"Máy chủ của kho không làm được việc này \(complex joins are only supported when tables are co-located\);"
        r" nếu kho trải trên nhiều máy chủ, hãy khôi phục một bản sao lưu vào một máy chủ riêng và làm việc này ở đó\.",
        sentence(refused),
    )


def test_on_one_server_statements_stay_as_they_are(warehouse: Engine) -> None:
    statement = "create temporary table staged_statement on commit drop as select * from landing.staged_row"
    with warehouse.connect() as connection, staged_rows_handed_out(connection):
        assert list(laid_out(connection, statement)) == [statement]


def test_functions_for_several_servers_answer_as_those_for_one(sample: World) -> None:
    questions = (
        "select * from mart.form_ii06(date '2023-01-01', date '2023-02-28') order by 1, 2",
        "select cast(s as text) from core.span_as_known('infinity') as s order by 1",
        "select * from ops.expected_day() order by 1, 2",
        "select mart.horizon()",
    )
    before = [sample.ask(question) for question in questions]
    with sample.engine.begin() as connection:
        run_script(connection, statements_of_file("several_servers/functions.sql"))
        left = connection.execute(
            text(
                "select count(*) from pg_proc as p inner join pg_language as l on p.prolang = l.oid"
                f" where l.lanname = 'sql' and pronamespace::regnamespace::text in {_OURS}".replace(
                    "::", r"\:\:"
                )
            )
        ).scalar_one()
    assert left == 0
    assert [sample.ask(question) for question in questions] == before


def _placed(place: Place) -> Iterable[str]:
    return (table for table, where in PLACES if where is place)


def _indexes(engine: Engine) -> list[Row[tuple[str, ...]]]:
    return _rows(
        engine,
        "select i.indrelid::regclass::text as name, i.indexrelid::regclass::text as index, i.indisunique as is_unique,"
        " not i.indimmediate as is_deferred, i.indisexclusion as is_exclusion, array(select a.attname::text"
        " from pg_attribute as a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) as columns"
        " from pg_index as i inner join pg_class as c on i.indrelid = c.oid inner join pg_namespace as n"
        f" on c.relnamespace = n.oid where n.nspname in {_OURS}",
    )


def _foreign_keys(engine: Engine) -> list[Row[tuple[str, ...]]]:
    names = (
        "array(select a.attname::text from unnest(k.{key}) with ordinality as u (number, place) inner join pg_attribute as a"
        " on a.attrelid = k.{table} and a.attnum = u.number order by u.place)"
    )
    return _rows(
        engine,
        "select k.conrelid::regclass::text as name, k.confrelid::regclass::text as referred,"
        f" {names.format(key='conkey', table='conrelid')} as columns,"
        f" {names.format(key='confkey', table='confrelid')} as referred_columns,"
        " k.confupdtype::text as on_update, k.confdeltype::text as on_delete"
        f" from pg_constraint as k where k.contype = 'f' and k.connamespace::regnamespace::text in {_OURS}",
    )


def _rows(engine: Engine, query: str, **parameters: str) -> list[Row[tuple[str, ...]]]:
    with engine.connect() as connection:
        return list(connection.execute(text(query.replace("::", r"\:\:")), parameters).all())
