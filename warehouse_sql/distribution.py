"""Which table goes where when the warehouse is spread over several servers (Citus): the one list of all tables.

What grows with the number of dossiers is distributed by the code of the dossier, all of it alike, so that all that is known of
one dossier lies on one server. What describes it is small and is copied to every server. What is summed up, staged or
recorded stays on the server that people and runs connect to.
"""

from __future__ import annotations

from enum import Enum

#: The column by which tables are distributed.
DISTRIBUTION_COLUMN = "dossier_code"


class Place(Enum):
    """Where the rows of a table are on several servers."""

    DISTRIBUTED = "distributed by the code of the dossier"
    EVERYWHERE = "a copy on every server"
    COORDINATOR = "on the server that is connected to"


_FACTS_WITH_PAST = (
    *("fct_dossier", "fct_dossier_edit", "fct_dossier_event", "fct_dossier_span", "fct_portal_delay"),
    "fct_stage",
)
_FACTS = (*_FACTS_WITH_PAST, *(f"{fact}_past" for fact in _FACTS_WITH_PAST), "fct_due")

#: What is known of dossiers: statements, facts, and the facts on their way.
_DISTRIBUTED = (
    *("history.dossier_version", "history.repeat_range", "history.process_step", "history.touched_dossier"),
    *(f"core.{fact}" for fact in _FACTS),
    *(f"core.staged_{fact}" for fact in (*_FACTS_WITH_PAST, "fct_due")),
    *("mart.due_soon", "ops.published_finding", "ops.unchecked_dossier"),
)
#: Reference data, and what distributed tables refer to.
_EVERYWHERE = (
    *("core.catalogue_import", "core.catalogue_entry", "core.dim_channel", "core.dim_date"),
    *("core.dim_procedure", "core.dim_source", "core.dim_status", "core.dim_unit", "core.indicator"),
    *("core.office_session", "core.organisation", "core.procedure_resolution", "core.procedure_said"),
    *("core.rule_set", "core.source_province", "core.unit_alias", "core.unit_resolution"),
    *("core.unit_successor", "landing.export_file", "mart.period"),
)
#: Rows of the present run, sums, what people stated, and the records of runs.
_COORDINATOR = (
    *("landing.staged_row", "landing.staged_flag", "landing.quarantine"),
    *("core.bucket_dossier", "core.staged_bucket", "mart.daily_due", "mart.daily_flow"),
    *("mart.touched_cell", "mart.overdue_stock", "mart.timeliness_count", "mart.issued_form", "mart.target"),
    *("ops.alert", "ops.alert_event", "ops.drift", "ops.due_soon_model", "ops.feed_day", "ops.feed_rule"),
    *("ops.board_access", "ops.board_account", "ops.login_unit"),
    *(
        "ops.file_content",
        "ops.finding",
        "ops.inspection_answer",
        "ops.notice",
        "ops.report_file",
        "ops.report_issue",
        "ops.run",
    ),
    *("ops.run_step", "ops.setting"),
)

#: (table, where its rows are): every table of the warehouse once.
PLACES: tuple[tuple[str, Place], ...] = (
    *((table, Place.DISTRIBUTED) for table in _DISTRIBUTED),
    *((table, Place.EVERYWHERE) for table in _EVERYWHERE),
    *((table, Place.COORDINATOR) for table in _COORDINATOR),
)
