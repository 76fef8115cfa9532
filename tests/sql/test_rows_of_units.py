"""What a reader who is limited to units sees: of every mart the rows of these units, with the figures that everybody sees."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.asking import query_login
from tests.sql.test_roles import login
from tests.worlds import World
from warehouse_sql.migrate import migrate
from warehouse_sql.objects import names_in, object_files, object_of

pytestmark = pytest.mark.both_servers
#: Marts without a unit or a dossier that say nothing of any dossier.
_FOR_ALL = {
    *(
        "arrival_delay",
        "catalogue_change",
        "channel",
        "day",
        "feed",
        "indicator",
        "office_session",
        "period",
        "procedure",
    ),
    *("rule_set", "source", "status", "unit"),
}
#: Marts without a unit that count dossiers: by procedure, of the dossiers that one sees.
_COUNTED = {"procedure_without_limit", "unknown_procedure"}
_FROM, _TO = "2023-01-01", "2025-12-31"
#: Every function of the marts, as it is asked here.
FUNCTIONS = {
    "definition_switch": f"('{_FROM}', '{_TO}')",
    "dossier_code_of": None,
    "dossier_life": None,
    "dossier_step": None,
    "dossier_trace": None,
    "edited_as_known": "('infinity')",
    "explain_fall": None,
    "form_by_part": None,
    "form_diff": f"('{_FROM}', '{_TO}', '2023-07-20', 'infinity')",
    "form_dossier": f"('received_total', '{_FROM}', '{_TO}')",
    "form_figure": f"('{_FROM}', '{_TO}')",
    "form_ii06": f"('{_FROM}', '{_TO}')",
    "form_ii06_marked": f"('{_FROM}', '{_TO}')",
    "form_ii06_successor": f"('{_FROM}', '{_TO}')",
    "horizon": None,
    "known_through": None,
    "incomplete_feed": None,
    "incomplete_feeds": None,
    "indicator_dossier": f"('2.2', 'denominator', '{_FROM}', '{_TO}')",
    "indicator_qd766": f"('{_FROM}', '{_TO}')",
    "measure_as_known": f"(array['2.1', 'on_time:ii06', 'overdue_open', 'prohibited_share'], '{_FROM}', '{_TO}', 'infinity')",
    "published": None,
    "stage": f"('{_FROM}', '{_TO}')",
    "target_progress": None,
    "unit_measure": f"(array['2.1', 'on_time:ii06'], '{_FROM}', '{_TO}')",
    "unit_ranking": None,
    "unit_within": None,
}
# Phường Tịnh Biên of the list of today was made of these three.
THREE = "(unit_code in ('30520', '30514', '30529') and valid_from = '1900-01-01' or unit_code = '30520')"
_ROWS = ("unit_key", "unit_code", "dossier_code")
#: Tables with such a column that say nothing of any dossier.
_REFERENCE = {
    "core.dim_unit",
    "core.organisation",
    "core.unit_alias",
    "core.unit_resolution",
    "ops.login_unit",
}
#: Tables with such a column that the board writes to, by a policy of its own.
_OF_BOARD = {"ops.alert", "ops.board_access"}
#: Views with the rights of the tables' owner, by what of the marts reads them; each joins them with dossiers that one sees.
_READS_ALL_ROWS = {
    ("mart.dossier_of_unknown_procedure", "core.dossier_procedure"),
    ("mart.procedure_without_limit", "core.dossier_procedure"),
    ("mart.portal_disagreement", "history.dossier_statement"),
    ("mart.dossier_trace", "history.dossier_statement"),
}


@contextmanager
def limited(engine: Engine, *units: str) -> Iterator[str]:
    """A reader who is limited to these units; its address."""
    with login(engine, "motcua_unit_reader") as url:
        name = str(psycopg.conninfo.conninfo_to_dict(url)["user"])
        with engine.begin() as connection:
            for unit in units:
                connection.execute(
                    text("insert into ops.login_unit values (:login, :unit)"), {"login": name, "unit": unit}
                )
        try:
            yield url
        finally:
            with engine.begin() as connection:
                connection.execute(text("delete from ops.login_unit where login = :login"), {"login": name})


def rows(url: str, query: str) -> Counter[str]:
    """Rows of a query as JSON, with how often there is each."""
    with psycopg.connect(url) as connection:
        asked = connection.execute(f"select to_jsonb(q)::text from ({query}) as q".encode())
        return Counter(row[0] for row in asked)


def visible(engine: Engine, units: str) -> tuple[set[tuple[str, str]], set[str]]:
    """(code, list) of units that fit the condition, and the dossiers that are theirs, under all their codes."""
    with engine.connect() as connection:
        keys = connection.execute(
            text(f"select unit_code, valid_from::text from core.dim_unit where {units}")
        ).all()
        codes = connection.execute(
            text(
                "select unnest(history.linked_codes(f.dossier_code)) from core.fct_dossier as f"
                f" where f.unit_key in (select unit_key from core.dim_unit where {units})"
            )
        ).scalars()
        return {(row[0], row[1]) for row in keys}, set(codes)


def seen(full: Counter[str], units: set[tuple[str, str]], codes: set[str], keys: set[int]) -> Counter[str]:
    """The rows of those units or dossiers."""

    def is_seen(written: str) -> bool:
        row = json.loads(written)
        if "unit_key" in row:
            return row["unit_key"] in keys
        if "unit_code" in row and row["unit_code"] is not None:
            start = row.get("unit_valid_from", row.get("valid_from"))
            return (row["unit_code"], start) in units if start else row["unit_code"] in {u for u, _ in units}
        return row["dossier_code"] in codes

    return Counter({row: count for row, count in full.items() if is_seen(row)})


def in_mart(engine: Engine, query: str) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def relations(engine: Engine) -> list[str]:
    return in_mart(
        engine,
        "select c.relname::text from pg_class as c where c.relnamespace = 'mart'::regnamespace"
        " and c.relkind in ('r', 'v', 'm', 'p') order by 1",
    )


def compare_marts(engine: Engine, url: str, units: str) -> None:
    """Holds what the login of the address sees of every mart against the rows of those units that everybody sees."""
    with login(engine, "motcua_reader") as reader:
        expected, codes = visible(engine, units)
        with engine.connect() as connection:
            keys = set(
                connection.execute(text(f"select unit_key from core.dim_unit where {units}")).scalars()
            )
        compared: dict[str, int] = {}
        for name in relations(engine):
            full, mine = rows(reader, f"select * from mart.{name}"), rows(url, f"select * from mart.{name}")
            if name in _FOR_ALL:
                assert mine == full, name
            elif name in _COUNTED:
                assert sum(mine.values()) <= sum(full.values()), name
            else:
                assert mine == seen(full, expected, codes, keys), name
            compared[name] = sum(mine.values())
        for name, arguments in FUNCTIONS.items():
            if arguments is None:
                continue
            query = f"select * from mart.{name}{arguments}"
            mine = rows(url, query)
            assert mine == seen(rows(reader, query), expected, codes, keys), name
            compared[name] = sum(mine.values())
        assert compared["form_ii06"] and compared["daily_flow"] and compared["timeliness_month"], compared
        assert sum(rows(reader, "select * from mart.daily_flow").values()) > compared["daily_flow"]


def test_every_function_of_the_marts_is_tried_here(warehouse: Engine) -> None:
    names = in_mart(
        warehouse,
        "select distinct proname::text from pg_proc where pronamespace = 'mart'::regnamespace order by 1",
    )
    assert names == sorted(FUNCTIONS)


def test_a_reader_of_one_commune_sees_its_rows_of_every_mart_and_no_others(july: World) -> None:
    migrate(july.engine)
    with limited(july.engine, "30520") as url:
        compare_marts(july.engine, url, THREE)


def test_a_reader_of_a_district_of_old_sees_its_communes_and_their_successors(divided: World) -> None:
    migrate(divided.engine)
    an_phu = (
        "(unit_code in (select unit_code from core.dim_unit where parent_code = '886' and valid_from = '1900-01-01')"
        " or unit_code = '886' and valid_from = '1900-01-01')"
    )
    with limited(divided.engine, "886") as url:
        compare_marts(divided.engine, url, an_phu)


def test_today_s_unit_has_the_figures_that_everybody_sees_and_no_part_of_another(divided: World) -> None:
    """Phước Hưng was divided among three units: one of them sees it whole, and its own share of it."""
    migrate(divided.engine)
    query = "select * from mart.form_ii06('2025-06-20', '2025-07-10', 'ii06', 'infinity', 'current')"
    with limited(divided.engine, "30346") as url, login(divided.engine, "motcua_reader") as reader:
        mine, full = rows(url, query), rows(reader, query)
        of_old = rows(
            url, "select unit_code from mart.form_ii06('2025-06-20', '2025-07-10') where unit_code = '30358'"
        )
    assert mine == Counter({row: n for row, n in full.items() if json.loads(row)["unit_code"] == "30346"})
    assert len(mine) == 1 and len(of_old) == 1 and len(full) > 2


def test_what_was_stated_of_one_dossier_is_for_those_who_see_it(july: World) -> None:
    migrate(july.engine)
    codes = [
        in_mart(
            july.engine,
            "select min(dossier_code) from core.fct_dossier"
            f" where unit_key {which} (select unit_key from core.dim_unit where {THREE})",
        )[0]
        for which in ("in", "not in")
    ]
    with limited(july.engine, "30520") as url, login(july.engine, "motcua_reader") as reader:
        for name in ("dossier_trace", "dossier_life", "dossier_step"):
            query = f"select row_to_json(q)::jsonb from mart.{name}('%s') as q"
            answers = [rows(url, query % code) for code in codes]
            full = rows(reader, query % codes[0])
            assert answers == [full, Counter()] and full, name
        known = [rows(url, f"select mart.dossier_code_of('{code}') as code") for code in codes]
    assert [json.loads(next(iter(answer)))["code"] for answer in known] == [codes[0], None]


def test_the_parts_of_the_form_are_those_of_the_dossiers_that_one_sees(july: World) -> None:
    migrate(july.engine)
    figures = "coalesce(sum(received_total), 0) as received, coalesce(sum(pending_total), 0) as pending"
    period = f"'{_FROM}', '{_TO}'"
    with limited(july.engine, "30520") as url:
        form = rows(url, f"select {figures} from mart.form_ii06({period})")
        for part in ("unit", "sector", "procedure", "channel"):
            assert rows(url, f"select {figures} from mart.form_by_part('{part}', {period})") == form
    with login(july.engine, "motcua_reader") as reader:
        assert rows(reader, f"select {figures} from mart.form_ii06({period})") != form


def test_ranks_targets_and_falls_are_asked_without_a_word_of_other_units(july: World) -> None:
    migrate(july.engine)
    with limited(july.engine, "30520") as url:
        ranked = rows(url, "select unit_code from mart.unit_ranking('2.1', '2023-01-01', '2023-12-31')")
        assert {json.loads(row)["unit_code"] for row in ranked} <= {"30520", "30514", "30529"} and ranked
        for unit, is_seen in (("30520", True), ("30502", False)):
            (day,) = in_mart(
                july.engine,
                "select f.date::text from mart.daily_flow as f inner join core.dim_unit as u on f.unit_key = u.unit_key"
                f" where u.unit_code = '{unit}' and f.received > 0 order by f.received desc, 1 limit 1",
            )
            (answer,) = rows(url, f"select * from mart.explain_fall('{unit}', '{day}')")
            assert (json.loads(answer)["received"] > 0) == is_seen
        assert rows(url, "select mart.horizon()") and rows(
            url, "select * from mart.incomplete_feeds('2023-07-01', '2023-07-31')"
        )


def test_a_reader_by_unit_with_no_unit_sees_no_dossier(july: World) -> None:
    """As in a warehouse that was restored from before the login was made."""
    migrate(july.engine)
    with limited(july.engine) as url:
        for mart in ("daily_flow", "overdue_daily", "timeliness_month", "open_dossier", "due_audit"):
            assert not rows(url, f"select * from mart.{mart}"), mart
        assert not rows(url, "select * from mart.form_ii06('2023-01-01', '2023-12-31')")


def test_all_other_logins_see_every_row(july: World) -> None:
    migrate(july.engine)
    query = "select * from mart.form_ii06('2023-01-01', '2023-12-31')"
    with july.engine.connect() as connection:
        count = connection.execute(text(f"select count(*) from ({query}) as q")).scalar_one()
    assert count > 3
    for group in ("motcua_reader", "motcua_analyst", "motcua_loader", "motcua_owner"):
        with login(july.engine, group) as url:
            assert sum(rows(url, query).values()) == count, group
    assert sum(rows(query_login(july.engine), query).values()) == count
    with login(july.engine, "motcua_analyst") as url:
        in_core = sum(rows(url, "select dossier_code from core.fct_dossier_event").values())
    with july.engine.connect() as connection:
        assert in_core == connection.execute(text("select count(*) from core.fct_dossier_event")).scalar_one()


@pytest.mark.parametrize(
    ("trick", "refusal"),
    [
        ("select * from core.fct_dossier", "permission denied"),
        ("select * from history.dossier_version", "permission denied"),
        ("select * from landing.quarantine", "permission denied"),
        ("select * from ops.login_unit", "permission denied"),
        ("select * from ops.visible_dossier()", "permission denied"),
        ("set role motcua_reader", "permission denied"),
        ("set role motcua_mart", "permission denied"),
        ("set session authorization postgres", "permission denied"),
        ("set row_security = off; select * from mart.daily_flow", "would be affected by row-level security"),
        (
            "set row_security = off; select * from mart.open_dossier",
            "would be affected by row-level security",
        ),
        (
            "set row_security = off; select * from mart.form_ii06('2023-01-01', '2023-12-31')",
            "would be affected",
        ),
    ],
)
def test_no_trick_shows_more(july: World, trick: str, refusal: str) -> None:
    with (
        limited(july.engine, "30520") as url,
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.Error, match=refusal),
    ):
        connection.execute(trick.encode())


def test_statistics_of_tables_with_policies_are_hidden(july: World) -> None:
    with july.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze mart.daily_flow, mart.overdue_stock, mart.timeliness_count"))
    query = "select tablename from pg_stats where schemaname not in ('pg_catalog', 'information_schema')"
    with limited(july.engine, "30520") as url:
        # The list of periods has no policy.
        assert set(rows(url, query)) <= {'{"tablename": "period"}'}
    with login(july.engine, "motcua_analyst") as url:
        assert rows(url, query)


def test_no_error_of_a_question_tells_of_a_dossier_of_another_unit(july: World) -> None:
    """A condition that fails for one row must never be asked of a row that one does not see."""
    migrate(july.engine)
    views = in_mart(
        july.engine,
        "select distinct table_name::text from information_schema.columns where table_schema = 'mart'"
        " and column_name = 'dossier_code'",
    )
    _, own = visible(july.engine, THREE)
    with limited(july.engine, "30520") as url, psycopg.connect(url, autocommit=True) as connection:
        for view in views:
            connection.execute(
                f"select count(*) from mart.{view}"
                " where 1 / (case when dossier_code = any(%s) then 1 else 0 end) = 1".encode(),
                [[*own]],
            )


def test_every_table_with_a_unit_or_a_dossier_has_its_policies(warehouse: Engine) -> None:
    """A new table or mart can't be forgotten: of whatever readers reach, and the marts are made of."""
    migrate(warehouse)
    with warehouse.connect() as connection:
        tables = connection.execute(
            text(
                "select n.nspname || '.' || c.relname as name, c.relrowsecurity,"
                " (select count(*) from pg_policy as p where p.polrelid = c.oid)"
                " from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
                " where c.relkind in ('r', 'p', 'm', 'f')"
                " and (has_table_privilege('motcua_reader', c.oid, 'select')"
                " or has_table_privilege('motcua_mart', c.oid, 'select'))"
                " and c.relpersistence = 'p' and n.nspname <> 'pg_catalog' and exists (select from pg_attribute as a"
                " where a.attrelid = c.oid and not a.attisdropped and a.attname = any(:columns))"
            ),
            {"columns": list(_ROWS)},
        ).all()
    assert {name for name, *state in tables if state == [True, 3]} == _OF_BOARD
    assert {name for name, *state in tables if state != [True, 2]} == _REFERENCE | _OF_BOARD
    assert len(tables) > 20


def test_what_runs_for_readers_with_other_rights_runs_as_one_who_sees_what_they_see(
    warehouse: Engine,
) -> None:
    migrate(warehouse)
    strangers = in_mart(
        warehouse,
        "select c.oid::regclass::text from pg_class as c where c.relkind = 'v'"
        " and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
        " and has_table_privilege('motcua_reader', c.oid, 'select')"
        " and pg_get_userbyid(c.relowner) <> 'motcua_mart' union all "
        "select p.oid::regprocedure::text from pg_proc as p"
        " where p.prosecdef and has_function_privilege('motcua_reader', p.oid, 'execute')"
        " and pg_get_userbyid(p.proowner) <> 'motcua_mart' order by 1",
    )
    assert strangers == ["ops.sees_every_unit()", "ops.visible_dossier()", "ops.visible_unit()"]


def test_views_that_read_every_row_are_read_by_the_marts_that_are_known_to(warehouse: Engine) -> None:
    """Such a view shows the rows of all units: what is made of it has to join it with dossiers that one sees, and views of that
    kind are barriers, so that no condition is asked before they are joined."""
    migrate(warehouse)
    reading_all = set(
        in_mart(
            warehouse,
            "select n.nspname || '.' || c.relname from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
            " where c.relkind = 'v' and n.nspname in ('landing', 'history', 'core', 'ops')"
            " and not coalesce('security_invoker=true' = any(c.reloptions), false)"
            " and pg_get_userbyid(c.relowner) <> 'motcua_mart'"
            " and c.relname not in ('work_clock', 'work_minute', 'procedure_by_day')",
        )
    )
    root = Path(__file__).parents[2] / "warehouse_sql"
    files = [name for name in object_files() if name.startswith("mart/") or "/functions/" in name]
    reads = {
        (object_of(file), name)
        for file in files
        for name in names_in((root / file).read_text(encoding="utf-8")) & reading_all
    }
    assert reads == _READS_ALL_ROWS
    barriers = in_mart(
        warehouse,
        "select c.oid::regclass::text from pg_class as c where 'security_barrier=true' = any(c.reloptions)"
        " and c.relnamespace = 'mart'::regnamespace",
    )
    assert set(barriers) == {mart for mart, _ in reads if mart != "mart.dossier_trace"}
