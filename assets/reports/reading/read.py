"""Reads all figures of a report in one snapshot of the warehouse, as known now or at a past moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from assets.reports.claims.claims_file import ClaimFile
from assets.reports.reading.claims_and_findings import read_claims_and_findings
from assets.reports.reading.figures import CURRENT, Figures, ReportError, Request
from assets.reports.reading.sections import LEAST_BATCH, read_cells, read_page
from assets.reports.statements.queries import (
    BATCH,
    BATCH_BASE,
    CATALOGUE,
    CATALOGUE_IMPORT,
    COMPARISON,
    DAY,
    DEFINITION,
    DELAY,
    EDITED,
    EDITED_OF_ALL,
    FEED,
    FORM,
    FORM_CURRENT,
    FORM_SECTOR,
    HAND_OVER,
    HEIR,
    INDICATOR,
    LATE,
    LINE,
    LIST_COUNT,
    NEAR,
    NEAR_LIST,
    OVERDUE,
    PAPER,
    PERIOD,
    PORTAL,
    QUARANTINE,
    RECEIVED,
    RULE_SET,
    SOURCE,
    STEP,
    STOPPED,
    TARGET,
)
from assets.reports.statements.rows import UnitRow
from assets.reports.statements.running import (
    SETTINGS,
    Reading,
    reading_in_parallel,
    rows_of,
    run_files,
)
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file

#: What makes the tables that all other statements read.
_SHARED = (
    *(
        "report/sector.sql",
        "report/dossier.sql",
        "report/portal_kind.sql",
        "report/stage.sql",
        "report/list.sql",
    ),
)
# Forms and lists: half of the reading by each connection.
_OWN = (
    *("report/flow.sql", "report/life.sql", "report/span.sql", "report/open.sql"),
    *("report/listed_late.sql", "report/listed_overdue.sql", "report/listed_stopped.sql"),
    *("report/change.sql", "report/listed_edited.sql", "report/listed_paper.sql", "report/listed_portal.sql"),
)
_APART = ("report/listed_hand_over.sql", "report/listed_catalogue.sql")
_OWN_LISTS = (LATE, OVERDUE, STOPPED, EDITED, PAPER, PORTAL)
_APART_LISTS = (HAND_OVER, CATALOGUE)
_APART_COUNTS = (RECEIVED, INDICATOR, DELAY)
#: What stands on the page alone: when things were finished and asked for.
_MOMENTS = ("report/moment.sql", "report/timing.sql", "report/finish_minute.sql")
_MOMENT_COUNTS = (STEP, NEAR, BATCH_BASE, BATCH, NEAR_LIST)
_WRONG_ARGUMENT = "22023"
_KNOWN_ALL = "infinity"


def read_figures(
    engine: Engine,
    request: Request,
    claims: ClaimFile | None = None,
    through: datetime | None = None,
    when_listed: Callable[[Figures], object] = lambda figures: None,
) -> Figures:
    """Returns all figures of a report, out of one snapshot of the warehouse; nothing stays in it.

    `through` makes a report without `known_at` again from the files that had arrived by then. `when_listed` is called with what
    forms and lists are made of as soon as it is read; the rest, on the page alone, is read afterwards.
    Raises ReportError for an unknown unit or rule set, a period that is none, or a warehouse without any file.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        try:
            asked = request if request.known_at else replace(request, known_at=through)

            def complete(listed: Figures) -> Figures:
                figures = replace(listed, request=request)
                figures = replace(figures, **read_claims_and_findings(connection, figures, claims, through))
                when_listed(figures)
                return figures

            return _read(connection, asked, complete)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _WRONG_ARGUMENT:
                raise ReportError(str(getattr(error.orig, "diag").message_primary)) from error  # noqa: B009
            raise
        finally:
            connection.rollback()


def _read(connection: Connection, request: Request, complete: Callable[[Figures], Figures]) -> Figures:
    if not connection.execute(text("select exists (select 1 from landing.export_file)")).scalar_one():
        raise ReportError(message("Kho chưa nhận tệp nào; hãy chạy “motcua run” rồi lập lại báo cáo."))
    asked = _asked_units(connection, request)
    parameters: dict[str, Any] = {
        "date_from": request.date_from,
        "date_to": request.date_to,
        "units": list(request.units) or None,
        "rule_set": request.rule_set,
        "known_at": request.known_at.isoformat() if request.known_at else _KNOWN_ALL,
        "least": LEAST_BATCH,
    }
    run_file(connection, SETTINGS, known_at=parameters["known_at"])
    by_successor = request.unit_view == CURRENT
    units = "report/unit_current.sql" if by_successor else "report/unit.sql"
    run_file(connection, units, **parameters)
    # First, since it knows which rule sets and periods there are.
    form = rows_of(connection, FORM_CURRENT if by_successor else FORM, parameters)
    sources = rows_of(connection, SOURCE, parameters)
    covered = connection.execute(
        text("select mart.horizon(cast(:known_at as timestamptz))"), parameters
    ).scalar_one()
    # What follows counts by itself, and ends where the form does; the period keeps its name.
    named = dict(parameters)
    parameters |= {"covered": covered, "date_to": Figures(request, covered_through=covered).counted_to}
    with reading_in_parallel(connection, parameters) as read:
        read.begin((units, *_SHARED, *_APART), _APART_COUNTS)
        run_files(connection, (*_SHARED, *_OWN), parameters)
        (period,) = rows_of(connection, PERIOD, named)
        parameters |= {name: period[name] for name in ("former_from", "former_to")}
        listed = Figures(
            request=request,
            covered_through=covered,
            asked_units=asked,
            form=form,
            sources=sources,
            heirs=read(HEIR) if by_successor else [],
            feeds=rows_of(connection, FEED, named),
            period=period,
            # Targets come from people, and are measured by what is known now.
            targets=[] if request.known_at else rows_of(connection, TARGET, named),
            **_read_listed(read),
        )
        return _read_rest(read, complete(listed))


def _read_listed(read: Reading) -> dict[str, Any]:
    (rule_set,) = read(RULE_SET)
    (line,) = read(LINE)
    own = {
        "rule_set": rule_set,
        "line": line,
        "form_sector": read(FORM_SECTOR),
        "quarantine": read(QUARANTINE),
        "catalogue_from": read(CATALOGUE_IMPORT)[0]["last_from"],
        "definitions": read(DEFINITION),
    }
    # From here on what the other connection reads is waited for: both are busy for as long.
    sections = read_cells(read)
    lists = read.lists(_OWN_LISTS, _APART_LISTS, **sections.limits.cut)
    return own | {
        "sections": sections,
        "list_counts": lists[LIST_COUNT.file],
        "late": lists[LATE.file],
        "overdue": lists[OVERDUE.file],
        "stopped": lists[STOPPED.file],
        "hand_over": lists[HAND_OVER.file],
        "papers": lists[PAPER.file],
        "portal": lists[PORTAL.file],
        "catalogue": lists[CATALOGUE.file],
        "edited": lists[EDITED.file],
        "indicators": read(INDICATOR),
        "delays": read(DELAY),
    }


def _read_rest(read: Reading, listed: Figures) -> Figures:
    read.begin(_MOMENTS, _MOMENT_COUNTS, **listed.sections.limits.cut)
    return replace(
        listed,
        days=read(DAY),
        comparison=read(COMPARISON),
        edited_of_all=read(EDITED_OF_ALL)[0] if listed.request.units else None,
        sections=read_page(read, listed.sections),
    )


def _asked_units(connection: Connection, request: Request) -> list[UnitRow]:
    """Returns the units asked for by code, in the order asked.

    As named at the end of the period where the code was in use; by today's list where successors are asked for.
    """
    rows = connection.execute(
        text(
            "select distinct on (unit_code) unit_code, unit_name, level from core.dim_unit"
            " where unit_code = any(:codes)"
            " order by unit_code, :is_current and valid_to = '9999-12-31' desc,"
            " valid_from <= :date_to and :date_to < valid_to desc, valid_from"
        ),
        {
            "codes": list(request.units),
            "date_to": request.date_to,
            "is_current": request.unit_view == CURRENT,
        },
    ).mappings()
    by_code = {row["unit_code"]: cast(UnitRow, dict(row)) for row in rows}
    if unknown := [code for code in request.units if code not in by_code]:
        raise ReportError(
            message(
                "Không có đơn vị mã {unknown} trong danh mục; hãy dùng mã đơn vị hành chính (ví dụ 890), xem "
                "core.dim_unit.",
                unknown=", ".join(f"“{code}”" for code in unknown),
            )
        )
    return [by_code[code] for code in dict.fromkeys(request.units)]
