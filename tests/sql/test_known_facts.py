"""Laws of facts that carry both times, on the drawn worlds of the order laws: what was known then, and no row without need."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from assets.facts.publish import TWO_TIMED
from assets.rebuild import rebuild
from tests.sql.test_order_properties import Bench, _law, arrangements, benches, worlds
from tests.worlds import World, national, provincial

__all__ = ["benches"]


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


#: core.*_as_known of each table.
_AS_KNOWN = {
    "fct_dossier": "dossier",
    "fct_dossier_span": "span",
    "fct_dossier_event": "event",
    "fct_stage": "stage",
    "fct_dossier_edit": "edit",
    "fct_portal_delay": "delay",
}
#: What follows from readings, which are today's at every moment: names and codes of procedures learned from later files.
_READ = "{known_from,known_to,procedure_code,procedure_key,sector_code,flags,limit_due_at}"
_FLOW = """
select f.date, f.unit_key, f.sector_code, f.channel, r.rule_set,
    sum(f.received), sum(f.resolved_early), sum(f.resolved_on_time), sum(f.resolved_late), sum(f.resolved_untimed),
    sum(f.became_overdue), sum(f.overdue_cleared)
from mart.daily_flow as f
inner join core.rule_set as r on f.rule_sets & r.bit <> 0
where f.known_from <= cast(:known_at as timestamptz)
group by 1, 2, 3, 4, 5
having (sum(f.received), sum(f.resolved_early), sum(f.resolved_on_time), sum(f.resolved_late), sum(f.resolved_untimed),
    sum(f.became_overdue), sum(f.overdue_cleared)) <> (0, 0, 0, 0, 0, 0, 0)
order by 1, 2, 3, 4, 5
"""
_EVENTS = """
select * from (
select e.event_on, e.unit_key, e.sector_code, e.channel, r.rule_set,
    coalesce(sum(e.quantity) filter (where e.kind = 'received'), 0) as received,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_early'), 0) as resolved_early,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_on_time'), 0) as resolved_on_time,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_late'), 0) as resolved_late,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_untimed'), 0) as resolved_untimed,
    coalesce(sum(e.quantity) filter (where e.kind = 'became_overdue'), 0) as became_overdue,
    coalesce(sum(e.quantity) filter (where e.kind = 'overdue_cleared'), 0) as overdue_cleared
from core.event_as_known(cast(:known_at as timestamptz)) as e
inner join core.rule_set as r on e.rule_sets & r.bit <> 0
group by 1, 2, 3, 4, 5
) as e
-- Events of one day that cancel each other out leave no row in the flow.
where (received, resolved_early, resolved_on_time, resolved_late, resolved_untimed, became_overdue, overdue_cleared)
    <> (0, 0, 0, 0, 0, 0, 0)
order by 1, 2, 3, 4, 5
"""
#: What falls due, of every dossier that is counted as received on the day of its reception.
_FALLING_DUE = """
select greatest(cast(s.due_at as date) + 1, cast(f.received_at as date)), f.unit_key,
    coalesce(p.field_code, p.field_name, 'x-unknown'), count(*)
from core.fct_dossier_span as s
inner join core.fct_dossier as f on s.dossier_code = f.dossier_code
inner join core.dim_procedure as p on f.procedure_key = p.procedure_key
cross join lateral (select greatest(date_trunc('day', s.due_at), f.received_at) as begins_at) as b
where s.due_at is not null and s.valid_from <= b.begins_at and b.begins_at < s.valid_to
    and s.state in ('processing', 'resolved', 'withdrawn')
    and exists (
        select from core.fct_dossier_event as e
        where e.dossier_code = f.dossier_code and e.kind = 'received' and e.event_on = cast(f.received_at as date)
            and e.quantity > 0
    )
group by 1, 2, 3
order by 1, 2, 3
"""
_KEPT_AS_DUE = "select date, unit_key, sector_code, fell_due from mart.daily_due order by 1, 2, 3"
#: The last span, the dossier and the list of open dossiers, where one of them says something else.
_DISAGREEING = """
select f.dossier_code
from core.fct_dossier as f
inner join core.fct_dossier_span as s on f.dossier_code = s.dossier_code and s.valid_to = 'infinity'
left join mart.open_dossier as o on f.dossier_code = o.dossier_code
where f.is_counted
    and ((f.status, f.state, f.due_at) is distinct from (s.status, s.state, s.due_at)
        or (o.dossier_code is not null) <> (f.state in ('processing', 'suspended'))
        or (o.dossier_code is not null
            and (o.status, o.state, o.due_at) is distinct from (f.status, f.state, f.due_at)))
"""


def _rows(world: World, table: str) -> list[dict[str, Any]]:
    (rows,) = world.ask(
        f"select coalesce(jsonb_agg(to_jsonb(t) - '{_READ}'::text[]), '[]') from {table} as t"
    )
    return sorted(rows[0], key=lambda row: json.dumps(row, sort_keys=True))


def _equal_neighbours(world: World, table: str) -> int:
    content = "to_jsonb(t) - '{known_from,known_to}'::text[]"
    ((count,),) = world.ask(
        f"with row as (select t.known_from, t.known_to, {content} as content from (select * from core.{table}"
        f" union all select * from core.{table}_past) as t)"
        " select count(*) from row as a inner join row as b on a.content = b.content and a.known_to = b.known_from"
    )
    return int(count)


@pytest.mark.both_servers
def test_as_known_then_is_a_warehouse_with_the_files_of_then_in_every_table(
    benches: tuple[Bench, Bench],
) -> None:
    whole, earlier = benches

    @_law(4)
    @given(st.data())
    def law(data: st.DataObject) -> None:
        files = data.draw(worlds())
        whole.empty()
        whole.take(files, data.draw(arrangements(len(files))))
        arrivals = whole.world.ask(
            "select path, received_at from landing.export_file order by received_at, file_id"
        )
        known_at: datetime = data.draw(st.sampled_from(sorted({at for _, at in arrivals})))
        earlier.empty()
        for path, at in arrivals:
            if at <= known_at:
                earlier.world.put(path, (whole.world.landing / path).read_bytes())
        earlier.world.run()
        for table, name in _AS_KNOWN.items():
            then = _rows(whole.world, f"core.{name}_as_known('{known_at.isoformat()}')")
            assert then == _rows(earlier.world, f"core.{table}"), table
        for moment in (known_at.isoformat(), "infinity"):
            assert whole.world.ask(_FLOW, known_at=moment) == whole.world.ask(_EVENTS, known_at=moment), (
                moment
            )
        for table in TWO_TIMED:
            assert _equal_neighbours(whole.world, table) == 0, table
        assert whole.world.ask(_DISAGREEING) == []
        assert whole.world.ask(_KEPT_AS_DUE) == whole.world.ask(_FALLING_DUE)

    law()


def test_every_table_with_both_times_is_asked_for_what_was_known() -> None:
    assert set(_AS_KNOWN) == set(TWO_TIMED)


@pytest.mark.parametrize("table", TWO_TIMED)
def test_a_unique_key_of_facts_holds_the_dossier_and_only_what_is_known_now_stands_in_the_plain_table(
    world: World, table: str
) -> None:
    keys = world.ask(
        "select c.relname, array_agg(a.attname::text order by k.place) from pg_index as i"
        " inner join pg_class as c on i.indrelid = c.oid cross join lateral unnest(i.indkey) with ordinality as k (number, place)"
        " inner join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.number"
        " where i.indisunique and c.relname in (:now, :past) group by i.indexrelid, c.relname",
        now=table,
        past=f"{table}_past",
    )
    assert {name for name, _ in keys} == {table, f"{table}_past"}
    for name, columns in keys:
        assert columns[0] == "dossier_code", name
        assert ("known_from" in columns) == name.endswith("_past"), name
    assert world.ask(f"select count(*) from core.{table} where known_to <> 'infinity'") == [(0,)]


def test_facts_refer_to_their_dimensions_and_their_keys_outlive_a_rebuild(world: World) -> None:
    referred = world.ask(
        "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint"
        " where contype = 'f' and conrelid::regclass::text in ('core.fct_dossier', 'core.fct_dossier_past')"
        " and confrelid::regclass::text in ('core.dim_procedure', 'core.dim_unit') order by 1, 2"
    )
    assert referred == [
        (fact, dimension)
        for fact in ("core.fct_dossier", "core.fct_dossier_past")
        for dimension in ("core.dim_procedure", "core.dim_unit")
    ]
    world.say_provincial("2023-07-17 18:30", provincial(unit_name="UBND phường Lạ Lùng", procedure="BCA-01"))
    world.say_national("2023-07-18 18:30", national("000.26.33.H01-230718-0002"))
    world.run()
    keys = "select dossier_code, unit_key, procedure_key from core.fct_dossier order by 1"
    before = world.ask(keys)
    rebuild(world.engine, world.archive, world.sources)
    assert world.ask(keys) == before
