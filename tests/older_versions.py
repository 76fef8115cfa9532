"""A warehouse as an older version of motcua left it: what each revision of the schema added is taken back."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, text

from warehouse_sql import migrations
from warehouse_sql.sql_files import run_script, statements_of, statements_of_file

FIRST = "0001_first"
#: Facts that are kept for past moments of knowledge too.
_FACTS = ("dossier", "dossier_span", "dossier_event", "stage", "dossier_edit", "portal_delay")


def _first(*tables: str) -> tuple[str, ...]:
    """Returns the statements of the first revision that make these tables, with their indexes, or types."""
    folder = Path(migrations.__file__).parent / "versions" / "first"
    made = re.compile(
        rf"create (?:table|type|(?:unique )?index on) (?:{'|'.join(map(re.escape, tables))})[ (]"
    )
    return tuple(
        statement
        for file in sorted(folder.glob("*.sql"))
        for statement in statements_of(file.read_text(encoding="utf-8"))
        if made.search(statement)
    )


_MONTH = (
    "calendar, month, unit_code, unit_valid_from, unit_name, procedure_code, procedure_key, channel, received_total,"
    " received_online, received_direct_postal, carried_over, resolved_total, resolved_early, resolved_on_time, resolved_late,"
    " resolved_untimed, pending_total, pending_in_time, pending_overdue"
)
#: Revision -> statements that take back what it changed, in order of the revisions.
_TAKEN_BACK: dict[str, tuple[str, ...]] = {
    "0002_stages": (
        "drop table core.fct_stage, core.fct_dossier_edit",
        "alter table core.fct_dossier_event drop column received_on",
    ),
    "0003_etag": ("alter table landing.export_file drop column etag",),
    "0004_definitions": (
        "alter table core.rule_set drop column title_en, drop column compares_en, drop column without_due_en,"
        " drop column withdrawn_en, drop column waiting_en, drop column paying_en, drop column stopped_en",
        "alter table core.indicator drop column title_en, drop column formula_en, drop column approximation_en,"
        " drop column catalogue_gap_en, drop column attribute_en, drop column source_en",
        "alter table core.dim_status drop column status_name_en",
        "alter table core.dim_channel drop column channel_name_en",
    ),
    "0005_attributes": (
        "alter table core.fct_dossier drop column result_by_post",
        "alter table landing.staged_row add column is_synthetic boolean",
    ),
    "0006_clock_ahead": ("alter table landing.export_file drop column clock_ahead",),
    "0007_clock_given": (
        *(
            f"alter table {table} drop column due_has_clock, drop column ended_has_clock, drop column other_code"
            for table in ("landing.staged_row", "history.dossier_version")
        ),
        "update landing.export_file set columns = array(select c from unnest(columns) as c"
        " where c not in ('due_has_clock', 'ended_has_clock', 'other_code') order by c)",
    ),
    "0008_known_facts": (
        *(
            f"drop table core.{kept}fct_{fact}{past}"
            for fact in _FACTS
            for kept, past in (("", "_past"), ("staged_", ""))
        ),
        "drop table core.fct_portal_delay, core.fct_dossier_event, mart.daily_flow, mart.touched_cell",
        "drop table core.staged_fct_due",
        "drop sequence core.fold_run",
        *(
            f"alter table core.fct_{fact} drop column known_from, drop column known_to{more}"
            for fact, more in (
                (
                    "dossier",
                    ", drop column unit_key, drop column procedure_key, drop column due_has_clock, drop column other_codes",
                ),
                ("dossier_span", ", drop column due_has_clock"),
                ("stage", ", drop column unit_key, drop column procedure_key"),
                ("dossier_edit", ""),
            )
        ),
        "drop index history.dossier_version_other_code_dossier_code_known_from_idx",
        "alter table core.dim_unit drop column unit_key",
        "alter table core.dim_procedure drop column procedure_key",
        "alter table core.rule_set drop column bit",
        *_first(
            "core.fct_dossier_event",
            "mart.daily_flow",
            "mart.touched_cell",
            "core.life_span",
            "core.judgement",
        ),
        "alter table core.fct_dossier_event add column received_on date",
    ),
    "0009_repeat_ranges": (
        "create table history.dossier_repeat (dossier_code text not null, source text not null,"
        " effective_from timestamp not null, file_id bigint not null references landing.export_file,"
        " row_number bigint not null, sheet text, version_id bigint not null,"
        " primary key (dossier_code, source, effective_from, file_id))",
        # The rows of lists are not kept by ranges; any will do.
        "insert into history.dossier_repeat select r.dossier_code, r.source, r.first_at, r.first_file_id,"
        " coalesce(r.row_number, 1), r.sheet, r.version_id from history.repeat_range as r"
        " where not r.begins_with_statement union all select r.dossier_code, r.source, f.effective_at, f.file_id, 1, null,"
        " r.version_id from history.repeat_range as r inner join landing.export_file as f on r.source = f.source"
        " and f.complete_from is not null and (r.first_at, r.first_file_id) < (f.effective_at, f.file_id)"
        " and (r.last_at, r.last_file_id) >= (f.effective_at, f.file_id)"
        " where r.last_file_id is distinct from r.first_file_id",
        "drop table history.repeat_range",
        "alter table history.dossier_version alter column row_number set not null",
    ),
    "0010_issued_form": ("drop table mart.issued_form",),
    "0011_reader_version": ("alter table landing.export_file drop column reader_version",),
    "0012_staged_buckets": (
        "drop table core.staged_bucket, landing.staged_flag, ops.published_finding, ops.unchecked_dossier",
        "create index on landing.staged_row (staged_id) where flags <> '{}'",
    ),
    "0013_run_steps": (
        "drop table ops.run_step",
        "alter table ops.run drop column rows_read, drop column bytes_read, drop column peak_memory_bytes",
    ),
    "0014_bucket_dossiers": ("drop table core.bucket_dossier",),
    "0015_star_keys": (
        "do $$ declare key record; begin for key in select conrelid::regclass as name, conname from pg_constraint"
        " where contype = 'f' and connamespace::regnamespace::text in ('core', 'mart') and not (conrelid in"
        " ('core.fct_dossier'::regclass, 'core.fct_dossier_past'::regclass, 'mart.daily_flow'::regclass) and confrelid in"
        " ('core.dim_unit'::regclass, 'core.dim_procedure'::regclass)) and confrelid <> 'core.catalogue_import'::regclass loop"
        " execute format('alter table %s drop constraint %I', key.name, key.conname); end loop; end $$".replace(
            "::", r"\:\:"
        ),
        *(
            f"alter table mart.{mart} drop column unit_key"
            for mart in ("overdue_stock", "timeliness_count", "due_soon", "issued_form", "target")
        ),
        *(f"alter table mart.{mart} drop column procedure_key" for mart in ("timeliness_count", "due_soon")),
    ),
    "0016_cautions": (),
    "0017_login_units": ("drop table ops.login_unit",),
    "0018_vi_schema": ("drop schema vi cascade",),
    "0019_plain_words": (),
    "0020_board_accounts": ("drop table ops.board_account, ops.board_access",),
    "0021_run_parts": ("alter table ops.run_step drop column part_count, drop column worker_seconds",),
    "0022_waiting_dossiers": ("drop index core.fct_dossier_open, core.fct_dossier_not_handed_over",),
    "0023_timeliness": tuple(
        f"alter table core.{fact} drop column is_on_time_ii06, drop column is_on_time_qd766, drop column is_on_time_opencps,"
        " drop column resolved_on, drop column overdue_from_ii06, drop column overdue_from_qd766,"
        " drop column overdue_from_opencps, drop column settled_on"
        for fact in ("fct_dossier", "fct_dossier_past", "staged_fct_dossier")
    ),
    "0024_checklist": ("drop table ops.inspection_answer",),
    "0025_report_parts": ("alter table ops.report_file drop column parts",),
    "0026_source_names": ("alter table core.dim_source drop column title_en",),
    "0027_first_flagged": ("create index on landing.staged_row (file_no)",),
    "0028_daily_due": ("drop table mart.daily_due",),
    "0029_ended_together": (
        "drop index core.fct_dossier_unit_ended",
        "create index on core.fct_dossier (unit_code, unit_valid_from)",
    ),
    "0030_members_by_sets": (
        "do $$ declare k record; begin if current_setting('server_version_num')::integer >= 180000 then"
        " for k in select conrelid::regclass as referring, conname from pg_constraint where contype = 'f' and not conenforced"
        " and (condeferrable and confrelid::regclass::text in ('core.dim_unit', 'core.dim_procedure')"
        " or conrelid::regclass::text in ('history.dossier_version', 'history.process_step'))"
        " loop execute format('alter table %s alter constraint %I enforced', k.referring, k.conname); end loop; end if; end $$",
    ),
    "0031_month_rule_sets": (
        "alter table mart.timeliness_count drop constraint timeliness_count_pkey, add column rule_set text",
        f"insert into mart.timeliness_count ({_MONTH}, rule_sets, rule_set) select {_MONTH}, t.rule_sets, r.rule_set"
        " from mart.timeliness_count as t inner join core.rule_set as r on t.rule_sets & r.bit <> 0",
        "delete from mart.timeliness_count where rule_set is null",
        "set constraints all immediate",
        "alter table mart.timeliness_count drop column rule_sets, alter column rule_set set not null, add primary key"
        " (unit_code, unit_valid_from, procedure_code, channel, rule_set, calendar, month)",
    ),
    "0032_asking_lists": (
        "create table history.unchecked_list (file_id bigint primary key references landing.export_file)",
    ),
    # Touches dossiers and changes no table.
    "0033_several_codes": (),
}
REVISIONS = (FIRST, *_TAKEN_BACK)
#: Released version -> the schema that it came with; one that is not out yet has the last.
RELEASED = {"0.1.0": "0002_stages", "0.2.0": REVISIONS[-1]}


def make_older(connection: Connection, revision: str) -> None:
    """Brings the schema back to a revision: tables without what came later, and no views or functions."""
    run_script(connection, statements_of_file("drop_objects.sql"))
    for later in reversed(REVISIONS[REVISIONS.index(revision) + 1 :]):
        for statement in _TAKEN_BACK[later]:
            connection.execute(text(statement))
    connection.execute(
        text("update public.alembic_version set version_num = :revision"), {"revision": revision}
    )
