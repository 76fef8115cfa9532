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
from sqlalchemy import Connection, text

from assets.dimensions.work_calendar import WorkingHours, calendar_of
from assets.facts.deadline import Case, LimitError, Office, Pause
from assets.facts.deadline_trace import Explanation, explain
from assets.facts.deadline_words import Lang
from warehouse_sql.messages import message

#: Where readers of marts find both.
_OF_READERS = ("mart.day", "mart.office_session")


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


def explain_dossier(
    connection: Connection, code: str, lang: Lang = "vi", office: Office | None = None
) -> DossierExplanation:
    """Returns the trace by the rules. Raises UnknownDossierError, which says why there is none.

    Only marts are read, so whoever may read these may ask. Exports do not say why a due date was moved, so an extension is
    no part of the trace but one of the moves. `office`: that of the warehouse (`office_of_marts`), read by whoever explains many.
    """
    code = connection.execute(text("select mart.dossier_code_of(:code)"), {"code": code}).scalar() or code
    rows = connection.execute(text("select * from mart.due_audit where dossier_code = :code"), {"code": code})
    audit = next((dict(row) for row in rows.mappings()), None)
    if audit is None:
        raise UnknownDossierError(_why_not(connection, code))
    moves = connection.execute(
        text(
            "select valid_from, previous_due_at, due_at from mart.due_story"
            " where dossier_code = :code and due_number > 1 order by due_number"
        ),
        {"code": code},
    )
    portal_moves = [PortalMove(*move) for move in moves]
    waited = connection.execute(
        text(
            "select valid_from, nullif(valid_to, 'infinity') from mart.dossier_life(:code)"
            " where state = 'suspended' order by span_number"
        ),
        {"code": code},
    )
    pauses = [Pause(*both) for both in waited]
    case = Case(audit["received_at"], audit["limit_value"], audit["limit_unit"], pauses)
    try:
        return DossierExplanation(
            explain(case, office or office_of_marts(connection), lang), audit, portal_moves
        )
    except LimitError as error:
        raise UnknownDossierError(
            message(
                "Thời hạn của hồ sơ {code} không tính được ({limit_value} {limit_unit}); hãy sửa thời hạn trong "
                "danh mục thủ tục hoặc trong hệ thống nguồn.",
                code=code,
                limit_value=audit["limit_value"],
                limit_unit=audit["limit_unit"],
            )
        ) from error


def _why_not(connection: Connection, code: str) -> str:
    state = connection.execute(
        text("select state from mart.dossier where dossier_code = :code"), {"code": code}
    ).scalar_one_or_none()
    if state is None:
        return message(
            "Kho không có hồ sơ mã “{code}”; hãy kiểm tra lại mã, hoặc chạy “motcua run” nếu tệp vừa tới.",
            code=code,
        )
    return message("Hồ sơ {code} chưa được tiếp nhận nên chưa có hạn giải quyết.", code=code)


def office_of_marts(connection: Connection) -> Office:
    """Returns the calendar and the office hours as readers of marts find them."""
    return office_of(connection, *_OF_READERS)


def office_of(
    connection: Connection, calendar: str = "core.dim_date", hours: str = "core.office_session"
) -> Office:
    """Returns the calendar and the office hours that the warehouse holds, in tables or in views of these."""
    days = connection.execute(
        text(
            "select min(date) as first, string_agg(case when is_working_day then '1' else '0' end, '' order by date) as working,"
            " string_agg(case when is_holiday then '1' else '0' end, '' order by date) as holidays,"
            " string_agg(case when is_makeup_workday then '1' else '0' end, '' order by date) as makeup,"
            " cast(json_object_agg(date, holiday_name order by date)"
            " filter (where holiday_name is not null) as text) as names"
            f" from {calendar}"
        )
    ).one()
    sessions = connection.execute(text(f"select from_time, to_time from {hours} order by 1"))
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
