"""Which columns the facts come from: the fold is Python, so no query states it. Tried on the fold, column by column.

Attributes that the fold passes on bear the name of their column in history. What it works out of a dossier's life may come
from all that tells a life. Who stated something, and in which order, decides whose word counts and is not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assets.facts.merged import PASSED_ON
from assets.facts.timeliness import COLUMNS
from warehouse_sql.lineage import Origin

_STATED, _STEP = "history.dossier_version", "history.process_step"
_DOSSIER, _SPAN, _EVENT = "core.fct_dossier", "core.fct_dossier_span", "core.fct_dossier_event"
_Columns = tuple[tuple[str, str], ...]


def _of(table: str, *columns: str) -> _Columns:
    return tuple((table, column) for column in columns)


_LIFE = (
    *_of(_STATED, "effective_from", "status", "received_at", "due_at", "due_has_clock", "ended_at"),
    *_of(_STATED, "ended_has_clock", "returned_at", "refused_at", "supplement_requested_at", "supplements"),
    *_of(_STEP, "status", "processed_at"),
)
_UNIT = _of(_STATED, "unit_name", "unit_code", "received_at", "submitted_at", "effective_from")
_PROCEDURE = _of(_STATED, "procedure_code", "procedure_name", "received_at", "submitted_at")
_LIMIT = (*_PROCEDURE, *_of(_STATED, "limit_value", "limit_unit", "channel"), *_LIFE)
_KNOWN = _of(_STATED, "known_from")


def _same(names: Iterable[str], table: str) -> dict[str, _Columns]:
    return {name: _of(table, name) for name in names}


#: Table -> column -> columns that it comes from.
_ORIGINS: dict[str, Mapping[str, _Columns]] = {
    _DOSSIER: {
        **_same(("dossier_code", *PASSED_ON), _STATED),
        **dict.fromkeys(("unit_code", "unit_valid_from", "unit_key"), _UNIT),
        **dict.fromkeys(("procedure_code", "procedure_key"), _PROCEDURE),
        **dict.fromkeys(("status", "state", "is_counted", "due_at", "due_has_clock", "first_due_at"), _LIFE),
        **dict.fromkeys(("received_at", "ended_at", "returned_at", "refused_at"), _LIFE),
        **dict.fromkeys(("vanished_at", "supplement_count"), _LIFE),
        **dict.fromkeys(("province_status", "national_status"), _of(_STATED, "status")),
        **dict.fromkeys(("province_said_at", "national_said_at"), _of(_STATED, "effective_from")),
        "portal_disagreements": _LIFE,
        # What the dimensions know of unit and procedure is flagged again.
        "flags": (*_of(_STATED, "flags"), *_UNIT, *_PROCEDURE),
        "limit_due_at": _LIMIT,
        # What its events add up to; these are made of the same.
        **dict.fromkeys(COLUMNS, _LIMIT),
        "last_step_at": _of(_STEP, "processed_at"),
        "last_step_status": _of(_STEP, "status"),
        "other_codes": _of(_STATED, "other_code"),
        **dict.fromkeys(("known_from", "known_to"), _KNOWN),
    },
    _SPAN: {
        "dossier_code": _of(_STATED, "dossier_code"),
        **dict.fromkeys(("span_number", "valid_from", "valid_to", "status", "state"), _LIFE),
        **dict.fromkeys(("due_at", "due_has_clock"), _LIFE),
        **dict.fromkeys(("known_from", "known_to"), _KNOWN),
    },
    _EVENT: {
        **_same(("dossier_code", "unit_key", "procedure_key", "channel"), _DOSSIER),
        "sector_code": _of(_DOSSIER, "procedure_key"),
        "received_on": _of(_DOSSIER, "received_at"),
        **dict.fromkeys(
            ("event_on", "kind", "quantity", "rule_sets"),
            (
                *_of(_SPAN, "valid_from", "valid_to", "status", "state", "due_at", "due_has_clock"),
                *_of(_DOSSIER, "limit_due_at"),
            ),
        ),
        **_same(("known_from", "known_to"), _SPAN),
    },
    "core.fct_stage": {
        **_same(("dossier_code", "unit_code", "unit_valid_from", "unit_key"), _DOSSIER),
        **_same(("procedure_code", "procedure_key"), _DOSSIER),
        "received_on": _of(_DOSSIER, "received_at"),
        **_same(("status", "department"), _STEP),
        "stage_number": _of(_STEP, "processed_at", "status"),
        **dict.fromkeys(("began_at", "began_working_minute"), _of(_STEP, "processed_at")),
        **dict.fromkeys(
            ("until_at", "is_ended", "working_minutes"),
            (*_of(_STEP, "processed_at"), *_of(_DOSSIER, "ended_at", "vanished_at")),
        ),
        "known_from": (*_of(_STEP, "known_from"), *_of(_DOSSIER, "known_from")),
        "known_to": (*_of(_STEP, "known_from"), *_of(_DOSSIER, "known_to")),
    },
    "core.fct_dossier_edit": {
        **_same(("dossier_code", "source", "state_at", "state_rank", "file_rank"), _STATED),
        "kind": _of(
            _STATED, "status", "received_at", "due_at", "ended_at", "ended_has_clock", "effective_from"
        ),
        **dict.fromkeys(("old_value", "new_value"), _of(_STATED, "received_at", "due_at", "ended_at")),
        **dict.fromkeys(("old_status", "new_status"), _of(_STATED, "status")),
        **dict.fromkeys(("last_seen_before", "first_seen_at"), _of(_STATED, "effective_from")),
        **dict.fromkeys(("known_from", "known_to"), _KNOWN),
    },
    "mart.daily_flow": {
        "date": _of(_EVENT, "event_on"),
        **_same(("unit_key", "sector_code", "channel", "rule_sets"), _EVENT),
        "known_from": _of(_EVENT, "known_from", "known_to"),
        **dict.fromkeys(
            ("received", "resolved_early", "resolved_on_time", "resolved_late", "resolved_untimed"),
            _of(_EVENT, "kind", "quantity"),
        ),
        **dict.fromkeys(("became_overdue", "overdue_cleared"), _of(_EVENT, "kind", "quantity")),
    },
    "mart.daily_due": {
        "date": (*_of(_SPAN, "due_at"), *_of(_EVENT, "received_on")),
        **_same(("unit_key", "sector_code"), _EVENT),
        "fell_due": (
            *_of(_SPAN, "due_at", "valid_from", "valid_to", "span_number", "state"),
            *_of(_EVENT, "kind", "event_on", "quantity", "received_on"),
        ),
    },
}
#: The same as the warehouse lists origins of views.
FOLD_ORIGINS: tuple[Origin, ...] = tuple(
    (table, column, *origin)
    for table, columns in _ORIGINS.items()
    for column, origins in columns.items()
    for origin in origins
)
