"""What analysts may read is described in both languages, in the database itself."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

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
    from assets.sources.canonical import DOSSIER_ATTRIBUTES, STEP_ATTRIBUTES

    (query,) = statements_of_file("ops/description.sql")
    with warehouse.connect() as connection:
        used = {described(row.description).en for row in connection.execute(text(query))}
    used |= {f"{each.en}." for each in (*DOSSIER_ATTRIBUTES, *STEP_ATTRIBUTES)}
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
