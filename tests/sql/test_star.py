"""The star: tools of analysts find each join from facts and marts to dimensions, and no join by a key multiplies rows."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from tests.sql.test_roles import login
from tests.worlds import World, national, provincial
from warehouse_sql.migrate import migrate

_ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.both_servers(in_every_run=True)

_UNIT, _PROCEDURE = "core.dim_unit.unit_key", "core.dim_procedure.procedure_key"
_DAY, _CHANNEL, _STATUS = "core.dim_date.date", "core.dim_channel.channel", "core.dim_status.status"
_RULE_SET, _DOSSIER = "core.rule_set.rule_set", "core.fct_dossier.dossier_code"

#: What PostgreSQL checks, on every version: table -> column -> what it refers to.
_CHECKED = {
    "core.fct_dossier": {"unit_key": _UNIT, "procedure_key": _PROCEDURE},
    "mart.daily_due": {"unit_key": _UNIT},
    "mart.daily_flow": {"unit_key": _UNIT},
    "mart.overdue_stock": {"unit_key": _UNIT},
    "mart.timeliness_count": {"unit_key": _UNIT},
}
#: What can be stated without a check from PostgreSQL 18 on, besides.
_STATED = {
    "core.fct_dossier": {"channel": _CHANNEL, "status": _STATUS},
    "core.fct_dossier_event": {
        **{"unit_key": _UNIT, "procedure_key": _PROCEDURE, "channel": _CHANNEL, "dossier_code": _DOSSIER},
        **{"event_on": _DAY, "received_on": _DAY},
    },
    "core.fct_dossier_span": {"status": _STATUS, "dossier_code": _DOSSIER},
    "core.fct_due": {"dossier_code": _DOSSIER},
    "core.fct_stage": {
        **{"unit_key": _UNIT, "procedure_key": _PROCEDURE, "status": _STATUS, "dossier_code": _DOSSIER},
        "received_on": _DAY,
    },
    "mart.daily_due": {"date": _DAY},
    "mart.daily_flow": {"channel": _CHANNEL, "date": _DAY},
    "mart.due_soon": {"unit_key": _UNIT, "procedure_key": _PROCEDURE},
    "mart.issued_form": {"unit_key": _UNIT, "rule_set": _RULE_SET},
    "mart.overdue_stock": {"date": _DAY, "rule_set": _RULE_SET},
    "mart.target": {"unit_key": _UNIT},
    "mart.timeliness_count": {"procedure_key": _PROCEDURE, "channel": _CHANNEL},
}
Joins = dict[str, dict[str, str]]

#: As the JDBC driver reads the keys of a table (getImportedKeys), and Metabase with it.
_AS_JDBC = """
select fkn.nspname || '.' || fkc.relname, fka.attname, pkn.nspname || '.' || pkc.relname || '.' || pka.attname
from pg_catalog.pg_namespace as pkn, pg_catalog.pg_class as pkc, pg_catalog.pg_attribute as pka,
    pg_catalog.pg_namespace as fkn, pg_catalog.pg_class as fkc, pg_catalog.pg_attribute as fka,
    pg_catalog.pg_constraint as con, pg_catalog.generate_series(1, 32) as pos (n), pg_catalog.pg_class as pkic
where pkn.oid = pkc.relnamespace and pkc.oid = pka.attrelid and pka.attnum = con.confkey[pos.n] and con.confrelid = pkc.oid
    and fkn.oid = fkc.relnamespace and fkc.oid = fka.attrelid and fka.attnum = con.conkey[pos.n] and con.conrelid = fkc.oid
    and con.contype = 'f' and pkic.relkind in ('i', 'I') and pkic.oid = con.conindid
    and (fkn.nspname = 'mart' or fkc.relname like 'fct\\_%' and fkc.relname not like '%\\_past')
order by 1, 2
"""
#: As Power BI and others read them, by the views of the standard.
_AS_STANDARD = """
select c.table_schema || '.' || c.table_name, c.column_name, p.table_schema || '.' || p.table_name || '.' || p.column_name
from information_schema.table_constraints as t
inner join information_schema.referential_constraints as r
    on t.constraint_schema = r.constraint_schema and t.constraint_name = r.constraint_name
inner join information_schema.key_column_usage as c
    on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name and t.table_name = c.table_name
inner join information_schema.key_column_usage as p
    on r.unique_constraint_schema = p.constraint_schema and r.unique_constraint_name = p.constraint_name
    and c.position_in_unique_constraint = p.ordinal_position
where t.constraint_type = 'FOREIGN KEY' and (t.table_schema = 'mart' or t.table_name like 'fct\\_%')
    and t.table_name not like '%\\_past'
order by 1, 2
"""


def _expected(server: str) -> Joins:
    names = _CHECKED if server == "15" else _CHECKED.keys() | _STATED.keys()
    stated: Joins = {} if server == "15" else _STATED
    return {name: {**_CHECKED.get(name, {}), **stated.get(name, {})} for name in names}


@pytest.mark.parametrize("reading", [_AS_JDBC, _AS_STANDARD], ids=["as JDBC", "as the standard"])
def test_an_analysts_tool_finds_each_join_from_facts_and_marts_to_dimensions(
    warehouse: Engine, server: str, reading: str
) -> None:
    migrate(warehouse)
    joins: Joins = {}
    with login(warehouse, "motcua_analyst") as url, psycopg.connect(url) as connection:
        for table, column, referred in connection.execute(reading.encode()).fetchall():
            joins.setdefault(table, {})[column] = referred
    assert joins == _expected(server)


def test_no_join_by_a_key_loses_or_multiplies_a_row(july: World) -> None:
    joins = july.ask(
        "select k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, b.attname"
        " from pg_constraint as k"
        " inner join pg_attribute as a on k.conrelid = a.attrelid and a.attnum = k.conkey[1]"
        " inner join pg_attribute as b on k.confrelid = b.attrelid and b.attnum = k.confkey[1]"
        " where k.contype = 'f' and k.connamespace::regnamespace::text in ('core', 'mart')".replace(
            "::", r"\:\:"
        )
    )
    counted: dict[str, int] = {}
    for table, column, referred, key in joins:
        rows, joined = july.ask(
            f"select (select count({column}) from {table}),"
            f" (select count(*) from {table} as t inner join {referred} as d on t.{column} = d.{key})"
        )[0]
        assert joined == rows, (table, column)
        counted[table] = counted.get(table, 0) + rows
    assert counted["mart.timeliness_count"] and counted["mart.overdue_stock"] and counted["core.fct_dossier"]


def test_every_mart_with_a_unit_has_its_key_and_joins_by_it(july: World) -> None:
    """Codes of units were used again with another meaning: whoever joins by the code alone counts dossiers twice."""
    marts = july.ask(
        "select table_name from information_schema.columns where table_schema = 'mart'"
        " and column_name in ('unit_code', 'unit_valid_from') group by table_name having count(*) = 2 order by 1"
    )
    assert len(marts) > 10
    for (mart,) in marts:
        rows, joined = july.ask(
            f"select (select count(*) from mart.{mart} where unit_code <> 'all'),"
            f" (select count(*) from mart.{mart} as m inner join core.dim_unit as u using (unit_key)"
            " where m.unit_code = u.unit_code and m.unit_valid_from = u.valid_from)"
        )[0]
        assert joined == rows, mart


def test_a_dossier_is_of_one_unit_and_one_version_of_a_procedure(divided: World) -> None:
    assert divided.ask("select count(*) from core.fct_dossier")[0][0] > 0
    assert divided.ask(
        "select count(*) - (select count(*) from core.fct_dossier) from core.fct_dossier"
        " inner join core.dim_unit using (unit_key) inner join core.dim_procedure using (procedure_key)"
    ) == [(0,)]


def test_an_analyst_can_make_nothing_that_refers_to_a_table(warehouse: Engine) -> None:
    migrate(warehouse)
    with login(warehouse, "motcua_analyst") as url, psycopg.connect(url, autocommit=True) as connection:
        for place in ("core.", "mart.", "public.", "temporary "):
            kind, schema = ("temporary ", "") if place == "temporary " else ("", place)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(
                    f"create {kind}table {schema}mine (unit_key bigint references core.dim_unit (unit_key))".encode()
                )


def test_forgetting_reaches_no_table_that_it_does_not_name(july: World) -> None:
    named = (
        (_ROOT / "warehouse_sql" / "history" / "forget.sql").read_text(encoding="utf-8").split("cascade;")[0]
    )
    referring = july.ask(
        "select distinct k.conrelid::regclass::text, k.confrelid::regclass::text from pg_constraint as k"
        " where k.contype = 'f'".replace("::", r"\:\:")
    )
    names = set(re.findall(r"[a-z]+\.[a-z_]+", named))
    assert "core.fct_dossier" in names
    assert [table for table, referred in referring if referred in names and table not in names] == []


def test_months_refer_to_the_last_version_of_a_procedure(
    warehouse: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = World(warehouse, tmp_path_factory.mktemp("world"))
    world.say_provincial("2023-07-17 18:30", provincial())
    world.say_national("2023-07-18 18:30", national())
    world.run()
    assert world.ask(
        "select distinct p.procedure_code, p.is_last from mart.timeliness_count as t"
        " inner join core.dim_procedure as p using (procedure_key)"
    ) == [("1.001193", True)]
