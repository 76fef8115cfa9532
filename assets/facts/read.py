"""Reading what the fold works on: the history of a bucket of dossiers, and today's readings."""

from __future__ import annotations

from functools import lru_cache

import polars as pl
from sqlalchemy import Connection, text

from assets.dimensions.work_calendar import SECOND_US
from assets.facts.deadline import Office
from assets.facts.due import office_of
from assets.facts.fold import History, Reference
from assets.sources.canonical import STATED
from warehouse_sql.frames import copy_out

_OF_BUCKET = (
    "dossier_code between :first and :last and dossier_code in (select b.dossier_code from bucket as b)"
)
_STATEMENTS = f"""
select
    dossier_code, source, effective_from, state_at, state_rank, file_rank, known_from at time zone 'UTC' as known_from, file_id,
    flags, {", ".join(STATED)}
from history.dossier_version
where {_OF_BUCKET}
"""
_STEPS = f"""
select
    dossier_code, source, processed_at, status, department, position, started_at, due_at,
    known_from at time zone 'UTC' as known_from
from history.process_step
where {_OF_BUCKET}
"""
# history.dossier_repeat, read from below: of a view made of two parts PostgreSQL would read all dossiers between first and last.
_REPEATS = f"""
select r.dossier_code, r.source, r.first_at as effective_from, f.received_at at time zone 'UTC' as known_from
from history.repeat_range as r
inner join landing.export_file as f on r.first_file_id = f.file_id
where not r.begins_with_statement and r.{_OF_BUCKET}
union all
select r.dossier_code, r.source, f.effective_at, f.received_at at time zone 'UTC'
from history.repeat_range as r
inner join landing.export_file as f
    on r.source = f.source and f.complete_from is not null
    and (r.first_at, r.first_file_id) < (f.effective_at, f.file_id)
    and (r.last_at, r.last_file_id) >= (f.effective_at, f.file_id)
where r.last_file_id is distinct from r.first_file_id and r.{_OF_BUCKET}
"""
_REFUSED = f"""
select q.dossier_code, q.source, f.effective_at as seen_at, f.received_at at time zone 'UTC' as known_from
from landing.quarantine as q
inner join landing.export_file as f on q.file_id = f.file_id
where f.kind = 'dossiers' and q.{_OF_BUCKET}
"""
_LINKS = """
select l.dossier_code, l.other_code, l.known_from at time zone 'UTC' as known_from
from history.dossier_link as l
where l.dossier_code in (select b.dossier_code from bucket as b) or l.other_code in (select b.dossier_code from bucket as b)
"""
_FILES = """
select file_id, ',' || array_to_string(columns, ',') || ',' as columns from landing.export_file
"""
_COMPLETE = """
select
    source, effective_at, received_at at time zone 'UTC' as known_from,
    greatest(complete_from, '0001-01-01') as complete_from, least(complete_to, '9999-12-31') as complete_to,
    complete_to = 'infinity' as covers_unreceived
from landing.export_file
where complete_from is not null
"""


def read_bucket(connection: Connection) -> History:
    """Returns the history of the dossiers of the temporary table `bucket`, whole."""
    first, last = connection.execute(text("select min(dossier_code), max(dossier_code) from bucket")).one()
    of = {"first": first, "last": last}
    return History(
        copy_out(connection, _STATEMENTS, **of),
        copy_out(connection, _STEPS, **of),
        copy_out(connection, _REPEATS, **of),
        copy_out(connection, _REFUSED, **of),
        copy_out(connection, _COMPLETE),
        copy_out(connection, _FILES),
        copy_out(connection, _LINKS),
    )


def read_reference(connection: Connection) -> Reference:
    """Returns aliases, calendar, catalogue and the like as the warehouse has them now."""

    def rows(query: str) -> pl.DataFrame:
        return copy_out(connection, query)

    office = office_of(connection)
    return Reference(
        sources=rows("select source, portal, priority from core.dim_source"),
        provinces=rows(
            "select source, greatest(valid_from, '0001-01-01')::timestamp as valid_from,"
            " least(valid_to, '9999-12-31')::timestamp as valid_to, list_from, province_code from core.source_province"
        ),
        unit_names=rows(
            "select r.province_code, r.list_from, r.unit_name, r.unit_code, r.unit_valid_from, r.is_known,"
            " exists (select 1 from core.unit_alias as a"
            " where a.unit_code = r.unit_code and a.unit_valid_from = r.unit_valid_from"
            " and regexp_replace(lower(normalize(a.alias_name)), '\\s+', ' ', 'g')"
            " = regexp_replace(lower(normalize(r.unit_name)), '\\s+', ' ', 'g')) as is_alias"
            " from core.unit_resolution as r"
        ),
        desks=rows(
            "select organisation_code, unit_code, unit_valid_from, valid_from from core.organisation"
            " where kind in ('commune_desk', 'district_desk')"
        ),
        units=rows("select unit_code, valid_from as unit_valid_from, unit_key from core.dim_unit"),
        procedure_names=rows("select procedure_name, procedure_code from core.procedure_resolution"),
        procedure_versions=rows(
            "select procedure_code, procedure_key, field_code, field_name, greatest(stands_from, '0001-01-01') as stands_from,"
            " limit_value, limit_unit, online_limit_value, online_limit_unit, is_last, is_inferred from core.procedure_by_day"
        ),
        statuses=rows("select status, life_order from core.dim_status"),
        days=_work_clock(office),
        minutes=rows("select minute, worked from core.work_minute"),
        office=office,
        rule_set_bits=dict(rows("select rule_set, bit from core.rule_set order by bit").iter_rows()),
    )


# Forty thousand days, the same at every call: to read them from core.work_clock costs more than folding a few dossiers.
@lru_cache(maxsize=4)
def _work_clock(office: Office) -> pl.DataFrame:
    """Returns what core.work_clock holds: each day, whether it is worked, and the minutes of office hours before it."""
    calendar, minutes = office.calendar, office.hours.length // (60 * SECOND_US)
    works = pl.Series(calendar.is_working)
    day = pl.int_range(calendar.first, calendar.first + calendar.size, dtype=pl.Int32, eager=True)
    worked = (pl.Series(calendar.working_count, dtype=pl.Int32) - works.cast(pl.Int32)) * minutes
    return pl.DataFrame({"date": day.cast(pl.Date), "is_working_day": works, "worked_before": worked})
