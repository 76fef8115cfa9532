"""What a report counts of events, taken from the daily flow, is what the events themselves sum up to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from assets.reports.statements.running import run_files
from tests.worlds import World

pytestmark = pytest.mark.both_servers
_PERIODS = (
    *((date(2000, 1, 1), date(2099, 12, 31)), (date(2023, 7, 10), date(2023, 7, 20))),
    *((date(2023, 7, 14), date(2023, 7, 17)), (date(2023, 7, 18), date(2023, 12, 31))),
)
_DIRECT = "e.channel = 1 and e.received_on between :date_from and :date_to and e.kind"
_COUNTS = {
    "received_online": "e.kind = 'received' and c.is_online",
    "received_direct_postal": "e.kind = 'received' and not c.is_online",
    "resolved_early": "e.kind = 'resolved_early'",
    "resolved_on_time": "e.kind = 'resolved_on_time'",
    "resolved_late": "e.kind = 'resolved_late'",
    "resolved_untimed": "e.kind = 'resolved_untimed'",
    "newly_overdue": "e.kind = 'became_overdue'",
    "overdue_cleared": "e.kind = 'overdue_cleared'",
    "direct_received": f"{_DIRECT} = 'received'",
    "direct_timely": f"{_DIRECT} in ('resolved_early', 'resolved_on_time')",
    "direct_late": f"{_DIRECT} = 'resolved_late'",
    "direct_untimed": f"{_DIRECT} = 'resolved_untimed'",
}
_EVENTS = f"""
with counted as (
    select
        e.unit_key, coalesce(p.sector_no, (select max(sector_no) from report_sector)) as sector_no, e.event_on,
        {", ".join(f"coalesce(sum(e.quantity) filter (where {which}), 0) as {name}" for name, which in _COUNTS.items())},
        coalesce(sum(e.quantity) filter (where {_DIRECT} = 'became_overdue'), 0)
        - coalesce(sum(e.quantity) filter (where {_DIRECT} = 'overdue_cleared'), 0) as direct_overdue
    from core.event_as_known(cast(:known_at as timestamptz)) as e
    inner join core.dim_channel as c on e.channel = c.channel
    left join report_procedure as p on e.procedure_key = p.procedure_key
    where e.rule_sets & core.rule_set_bit(:rule_set) <> 0 and e.event_on <= :date_to
    group by 1, 2, 3
)
select * from counted
where not ({" = 0 and ".join(_COUNTS)} = 0 and direct_overdue = 0)
order by 1, 2, 3
"""
_FLOW = f"select unit_key, sector_no, event_on, {', '.join(_COUNTS)}, direct_overdue from report_flow order by 1, 2, 3"


def _moments(world: World) -> list[str]:
    """Now, and two moments of what arrived."""
    return [
        "infinity",
        *(
            str(moment)
            for (moment,) in world.ask(
                "select unnest(percentile_disc(array[0.3, 0.7]) within group (order by received_at))::text"
                " from landing.export_file where status = 'loaded'"
            )
        ),
    ]


def _both(connection: Connection, parameters: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    with connection.begin_nested() as attempt:
        run_files(connection, ("report/flow.sql",), parameters)
        both = [
            [tuple(row) for row in connection.execute(text(query), parameters)] for query in (_FLOW, _EVENTS)
        ]
        attempt.rollback()
    return both[0], both[1]


def _compare(world: World, has_several_names: bool) -> None:
    moments, seen = _moments(world), 0
    with world.engine.connect() as connection:
        if has_several_names:
            _name_sectors_apart(connection)
        run_files(connection, ("report/sector.sql", "report/unit.sql"), {"units": None})
        for first, last in _PERIODS:
            for rule_set in ("ii06", "qd766", "opencps"):
                for moment in moments:
                    asked = {"date_from": first, "date_to": last, "rule_set": rule_set, "known_at": moment}
                    flow, events = _both(connection, asked)
                    assert flow == events, asked
                    seen += len(flow)
        connection.rollback()
    assert seen


def _name_sectors_apart(connection: Connection) -> None:
    """As if a portal called the sectors of all procedures by one code and by different names."""
    renamed = connection.execute(
        text(
            "update core.dim_procedure set field_code = 'X', field_name = procedure_code"
            " where procedure_key in (select procedure_key from core.fct_dossier)"
        )
    )
    assert renamed.rowcount > 1
    connection.execute(text("alter table mart.daily_flow drop constraint daily_flow_pkey"))
    for table in ("core.fct_dossier_event", "core.fct_dossier_event_past", "mart.daily_flow"):
        connection.execute(text(f"update {table} set sector_code = 'X'"))


@pytest.mark.parametrize("has_several_names", [False, True], ids=["one name a code", "several names a code"])
def test_the_flow_of_a_report_is_the_sum_of_its_events(july: World, has_several_names: bool) -> None:
    _compare(july, has_several_names)


def test_it_is_that_sum_where_units_were_divided_too(divided: World) -> None:
    _compare(divided, False)
