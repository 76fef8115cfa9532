"""Dimensions into the warehouse: what is known beforehand, and members inferred from what exports say.

A member that no list knows never loses a dossier: it is inferred, counted, and stands in a worklist view.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, text

from assets.dimensions.calendar import (
    BUILT_IN_OVERRIDES,
    CALENDAR_FROM,
    CALENDAR_TO,
    date_frame,
    load_overrides,
)
from assets.dimensions.load_feeds import load_feeds
from assets.dimensions.load_procedures import load_procedures, resolve_new_procedures
from assets.dimensions.load_units import load_units, unit_aliases
from assets.dimensions.office_units import OfficeUnits, load_office_units
from assets.dimensions.organisation_codes import AGENCIES
from assets.dimensions.periods import load_periods
from assets.dimensions.procedures import CATALOGUE
from assets.dimensions.resolve import Aliases, resolve_unit
from assets.dimensions.units import BEGINNING, FOREVER, ORGANISATION_CODES, REFORM
from assets.dimensions.work_calendar import WorkingHours, working_hours
from assets.given.office_file import NO_OFFICE_FILES, OfficeFiles
from assets.sources.source import ProvinceSpan, Source
from warehouse_sql.boundaries import reached
from warehouse_sql.frames import copy_frame
from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.sql_files import run_file

# Raised when what is loaded here changes its shape, or when names are resolved by other rules.
_DIMENSION_LAYOUT = "5"
#: Settings that hold digests of what was loaded last.
_LISTS, _SOURCES = "reference_digest", "sources_digest"


def check_office_files(office: OfficeFiles) -> OfficeUnits:
    """Returns what the office states about units. Raises OfficeFileError when one of its files can't be used."""
    if office.calendar:
        load_overrides(office.calendar)
    if office.hours:
        working_hours(office.hours)
    return load_office_units(office.units)


def load_reference(
    connection: Connection, sources: Mapping[str, Source], office: OfficeFiles = NO_OFFICE_FILES
) -> bool:
    """Loads dates, units, successors, procedures and sources that changed since last time. Returns whether any did.

    Inferred members are kept. Names are resolved again, since a new list may know them. Raises OfficeFileError,
    before anything is written, when a file of the office can't be used: what was loaded last stays in force.
    """
    own_units = check_office_files(office)
    digests = {_LISTS: _digest_of_lists(office), _SOURCES: _digest_of_sources(sources)}
    stored = {name: kept_setting(connection, name) for name in digests}
    if stored == digests:
        return False
    if stored.get(_LISTS) != digests[_LISTS]:
        _load_lists(connection, office, own_units)
    _load_sources(connection, sources)
    load_feeds(connection, sources)
    _resolve_units_again(connection)
    for name, digest in digests.items():
        keep_setting(connection, name, digest)
    reached("reference.before_commit")
    return True


def _load_lists(connection: Connection, office: OfficeFiles, own_units: OfficeUnits) -> None:
    """Loads what does not depend on the sources: days and office hours, units, procedures."""
    clock = _clock(connection)
    _load_dates(connection, office.calendar)
    load_periods(connection, CALENDAR_FROM, CALENDAR_TO)
    _load_sessions(connection, office.hours)
    if _clock(connection) != clock:
        # Due dates are computed by it.
        connection.execute(
            text(
                "insert into history.touched_dossier select dossier_code from core.fct_dossier where is_counted"
                " on conflict do nothing"
            )
        )
    load_units(connection, own_units)
    # After the units: at its end it asks whether facts still have theirs.
    load_procedures(connection)


def _digest_of_lists(office: OfficeFiles) -> str:
    parts = [_DIMENSION_LAYOUT, version("holidays"), version("vietnamadminunits")]
    for path in (BUILT_IN_OVERRIDES, CATALOGUE, ORGANISATION_CODES, AGENCIES, office.units, office.calendar):
        parts.append(hashlib.sha256(path.read_bytes()).hexdigest() if path else "none")
    parts.append(office.hours or "none")
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _digest_of_sources(sources: Mapping[str, Source]) -> str:
    stated = [
        [
            s.name,
            s.title,
            s.title_en,
            s.portal,
            s.priority,
            [[p.code, str(p.start), str(p.end)] for p in s.provinces],
            str(s.feed),
        ]
        for s in sources.values()
    ]
    return hashlib.sha256(json.dumps([_DIMENSION_LAYOUT, stated]).encode()).hexdigest()


def _load_dates(connection: Connection, own_days: Path | None) -> None:
    columns = [
        *("date", "year", "quarter", "month", "calendar_month", "reporting_month", "iso_weekday"),
        *("weekday_name_vi", "is_holiday", "holiday_name", "is_makeup_workday", "is_working_day"),
        "working_day_number",
    ]
    connection.execute(text("delete from core.dim_date"))
    days = date_frame(CALENDAR_FROM, CALENDAR_TO, own_days).select(columns)
    copy_frame(connection, days, "core.dim_date", columns)


def _load_sessions(connection: Connection, written: str | None) -> None:
    hours = working_hours(written) if written else WorkingHours()
    connection.execute(text("delete from core.office_session"))
    for start, end in hours.sessions:
        connection.execute(
            text("insert into core.office_session values (:start, :end)"), {"start": start, "end": end}
        )


def _clock(connection: Connection) -> tuple[str, ...]:
    """Returns a fingerprint of working days and office hours, in two numbers."""
    return tuple(
        connection.execute(
            text(
                f"select coalesce(sum(hashtextextended({row}::text, 0)::numeric), 0)::text from {table} as t"
            )
        ).scalar_one()
        for row, table in (
            ("(t.date, t.is_working_day, t.is_holiday)", "core.dim_date"),
            ("t", "core.office_session"),
        )
    )


def _load_sources(connection: Connection, sources: Mapping[str, Source]) -> None:
    connection.execute(text("delete from core.source_province"))
    for source in sources.values():
        connection.execute(
            text(
                "insert into core.dim_source (source, title_vi, title_en, portal, priority)"
                " values (:source, :title, :title_en, :portal, :priority) on conflict (source) do update set"
                " title_vi = excluded.title_vi, title_en = excluded.title_en, portal = excluded.portal,"
                " priority = excluded.priority"
            ),
            {
                "source": source.name,
                "title": source.title,
                "title_en": source.title_en,
                "portal": source.portal,
                "priority": source.priority,
            },
        )
        for span in source.provinces:
            for start, end, list_from in _within_lists(span):
                connection.execute(
                    text(
                        "insert into core.source_province values (:source, :start, :end, :list_from, :code)"
                    ),
                    {
                        "source": source.name,
                        "start": start,
                        "end": end,
                        "list_from": list_from,
                        "code": span.code,
                    },
                )


def _within_lists(span: ProvinceSpan) -> list[tuple[date, date, date]]:
    """Returns a span of a source's province cut where the list of units changes: start, end (exclusive), list."""
    start, end = span.start or BEGINNING, span.end or FOREVER
    cuts = [(BEGINNING, REFORM, BEGINNING), (REFORM, FOREVER, REFORM)]
    parts = [(max(start, since), min(end, until), since) for since, until, _ in cuts]
    return [part for part in parts if part[0] < part[1]]


class NewNames(NamedTuple):
    """Names met for the first time: of units (name, province code, first day of the list), of procedures."""

    units: Sequence[tuple[str, str, date]]
    procedures: Sequence[str]


def resolve_new_names(connection: Connection) -> NewNames:
    """Resolves and remembers the names of units and procedures on staged rows that are new. Returns them."""
    names = connection.execute(
        text(
            "select distinct s.unit_name, p.province_code, p.list_from from landing.staged_row as s"
            " inner join core.source_province as p on s.source = p.source"
            " where s.unit_name is not null and not exists (select 1 from core.unit_resolution as r"
            " where (r.province_code, r.list_from, r.unit_name)"
            " = (p.province_code, p.list_from, s.unit_name))"
        )
    ).all()
    aliases = unit_aliases(connection)
    for name, province, list_from in names:
        _remember_unit(connection, name, province, list_from, aliases)
    return NewNames(
        [(name, province, first) for name, province, first in names], resolve_new_procedures(connection)
    )


def forget_names(connection: Connection, names: NewNames) -> None:
    """Undoes `resolve_new_names` for a run that publishes nothing: as if these names had never been met."""
    run_file(
        connection,
        "core/forget_names.sql",
        names=[name for name, _, _ in names.units],
        provinces=[province for _, province, _ in names.units],
        lists=[list_from for _, _, list_from in names.units],
        procedures=list(names.procedures),
    )


def _remember_unit(
    connection: Connection, name: str, province: str, list_from: date, aliases: Aliases
) -> None:
    answer = resolve_unit(name, province, list_from, aliases)
    if not answer.is_known:
        # One inferred member for all spellings of one key; its name does not depend on which came first.
        connection.execute(
            text(
                "insert into core.dim_unit (unit_code, valid_from, valid_to, unit_name, level, province_code,"
                " is_inferred) values (:code, :start, :end, :name, 'unknown', :province, true)"
                " on conflict (unit_code, valid_from) do update"
                " set unit_name = least(dim_unit.unit_name, excluded.unit_name)"
            ),
            {
                "code": answer.unit_code,
                "start": answer.valid_from,
                "end": REFORM if answer.valid_from < REFORM else FOREVER,
                "name": name,
                "province": province,
            },
        )
    connection.execute(
        text(
            "insert into core.unit_resolution (province_code, list_from, unit_name, unit_code, unit_valid_from,"
            " is_known, candidates) values (:province, :list_from, :name, :code, :valid_from, :is_known,"
            " :candidates) on conflict (province_code, list_from, unit_name) do update set"
            " unit_code = excluded.unit_code, unit_valid_from = excluded.unit_valid_from,"
            " is_known = excluded.is_known, candidates = excluded.candidates"
        ),
        {
            "province": province,
            "list_from": list_from,
            "name": name,
            "code": answer.unit_code,
            "valid_from": answer.valid_from,
            "is_known": answer.is_known,
            "candidates": list(answer.candidates),
        },
    )


def _resolve_units_again(connection: Connection) -> None:
    rows = connection.execute(
        text("select province_code, list_from, unit_name from core.unit_resolution")
    ).all()
    aliases = unit_aliases(connection)
    for province, list_from, name in rows:
        _remember_unit(connection, name, province, list_from, aliases)
    if rows:
        # A new list may place any dossier elsewhere.
        connection.execute(
            text(
                "insert into history.touched_dossier select dossier_code from core.fct_dossier on conflict do nothing"
            )
        )
