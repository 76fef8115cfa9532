"""Why the due instant of one dossier is what it ought to be, and what the warehouse knows of the office's hours.

Not here: the rules (`deadline`), all dossiers (`computed_due`), and where promise and rules differ (mart.due_audit).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, text

from assets.dimensions.work_calendar import WorkingHours, calendar_of
from assets.facts.deadline import Case, LimitError, Office, Pause
from assets.facts.deadline_trace import Explanation, explain
from assets.facts.deadline_words import Lang
from warehouse_sql.frames import read_frame
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file


class UnknownDossierError(ValueError):
    """The due date can't be explained. The message is one Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class PortalMove:
    """The portal's due date became another one at an instant, or in the export of that moment; None: no due date."""

    at: datetime
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class DossierExplanation:
    """How the due instant of one dossier comes about, what the portal said (a row of mart.due_audit), and its moves."""

    explanation: Explanation
    audit: dict[str, Any]
    moves: list[PortalMove]


def explain_dossier(engine: Engine, code: str, lang: Lang = "vi") -> DossierExplanation:
    """Returns the trace by the rules. Raises UnknownDossierError, which says why there is none.

    Exports do not say why a due date was moved, so an extension is no part of the trace but one of the moves.
    """
    with engine.connect() as connection:
        code = _code_of(connection, code)
        audit = connection.execute(
            text("select * from mart.due_audit where dossier_code = :code"), {"code": code}
        ).mappings()
        rows = [dict(row) for row in audit]
        if not rows:
            raise UnknownDossierError(_why_not(connection, code))
        (query,) = statements_of_file("core/due_input.sql")
        (row,) = read_frame(connection, query, codes=[code]).iter_rows(named=True)
        moves = connection.execute(
            text(
                "select valid_from, previous_due_at, due_at from mart.due_story"
                " where dossier_code = :code and due_number > 1 order by due_number"
            ),
            {"code": code},
        )
        portal_moves = [PortalMove(*move) for move in moves]
        pauses = [Pause(*both) for both in zip(row["paused_at"] or (), row["resumed_at"] or (), strict=True)]
        case = Case(row["received_at"], row["limit_value"], row["limit_unit"], pauses)
        try:
            return DossierExplanation(explain(case, office_of(connection), lang), rows[0], portal_moves)
        except LimitError as error:
            raise UnknownDossierError(
                message(
                    "Thời hạn của hồ sơ {code} không tính được ({limit_value} {limit_unit}); hãy sửa thời hạn trong "
                    "danh mục thủ tục hoặc trong hệ thống nguồn.",
                    code=code,
                    limit_value=row["limit_value"],
                    limit_unit=row["limit_unit"],
                )
            ) from error


def _code_of(connection: Connection, code: str) -> str:
    """Returns the code under which facts have the dossier that travels under this one, or the code itself."""
    known = connection.execute(
        text(
            "select dossier_code from core.fct_dossier where other_codes <> '{}' and other_codes @> array[:code]"
            " order by dossier_code limit 1"
        ),
        {"code": code},
    ).scalar()
    return known or code


def _why_not(connection: Connection, code: str) -> str:
    state = connection.execute(
        text("select state from core.fct_dossier where dossier_code = :code"), {"code": code}
    ).scalar_one_or_none()
    if state is None:
        return message(
            "Kho không có hồ sơ mã “{code}”; hãy kiểm tra lại mã, hoặc chạy “motcua run” nếu tệp vừa tới.",
            code=code,
        )
    return message("Hồ sơ {code} chưa được tiếp nhận nên chưa có hạn giải quyết.", code=code)


def office_of(connection: Connection) -> Office:
    """Returns the calendar and the office hours that the warehouse holds."""
    days = connection.execute(
        text(
            "select min(date) as first, string_agg(cast(cast(is_working_day as integer) as text), '' order by date) as working,"
            " string_agg(cast(cast(is_holiday as integer) as text), '' order by date) as holidays,"
            " string_agg(cast(cast(is_makeup_workday as integer) as text), '' order by date) as makeup,"
            " cast(json_object_agg(date, holiday_name order by date)"
            " filter (where holiday_name is not null) as text) as names"
            " from core.dim_date"
        )
    ).one()
    sessions = connection.execute(text("select from_time, to_time from core.office_session order by 1"))
    return _office(*days, tuple((start, end) for start, end in sessions))


# Of a warehouse this is the same at every call, and costs more than deriving a few dossiers.
@lru_cache(maxsize=4)
def _office(
    first: date,
    working: str,
    holidays: str,
    makeup: str,
    names: str | None,
    sessions: tuple[tuple[time, time], ...],
) -> Office:
    """Returns the office of days given as strings of 0 and 1 from `first` on; `names` is the JSON of an object by day."""
    named = {date.fromisoformat(day): name for day, name in json.loads(names or "{}").items()}
    dates = [first + timedelta(days=place) for place in range(len(working))]
    days = pl.DataFrame(
        {
            "date": dates,
            "is_working_day": [mark == "1" for mark in working],
            "is_holiday": [mark == "1" for mark in holidays],
            "is_makeup_workday": [mark == "1" for mark in makeup],
            "holiday_name": [named.get(day) for day in dates],
        },
        schema_overrides={"holiday_name": pl.String},
    )
    return Office(calendar_of(days), WorkingHours(sessions))
