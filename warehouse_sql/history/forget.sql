-- Everything that the archive can tell again is forgotten; the register keeps every file and its arrival, and
-- waits for the replay. One transaction: a crash before its end forgets nothing. `cascade` reaches no further table: PostgreSQL 18
-- otherwise refuses a table to which another one refers by a key that is not enforced, although that one is named here, too.
truncate
    history.dossier_version, history.repeat_range, history.process_step, history.touched_dossier,
    landing.quarantine, landing.staged_row, ops.file_content, ops.feed_day, ops.drift,
    core.fct_dossier, core.fct_dossier_span, core.fct_dossier_event, core.fct_stage, core.fct_dossier_edit, core.fct_portal_delay,
    core.fct_dossier_past, core.fct_dossier_span_past, core.fct_dossier_event_past, core.fct_stage_past,
    core.fct_dossier_edit_past, core.fct_portal_delay_past, core.fct_due,
    core.unit_resolution, core.procedure_resolution, core.procedure_said,
    mart.daily_flow, mart.daily_due, mart.touched_cell, mart.overdue_stock, mart.timeliness_count
cascade;

delete from core.dim_unit where is_inferred;

delete from core.dim_procedure where is_inferred;

delete from ops.setting where name in ('covered_through', 'known_through', 'reference_digest', 'sources_digest');

update landing.export_file
set
    -- An older version believed an export time ahead of the clock as arrival: a file came no later than it was loaded.
    received_at = case when clock_ahead is null then received_at else least(received_at, loaded_at) end,
    loaded_at = null, complete_from = null, complete_to = null,
    rows_read = 0, rows_loaded = 0, rows_unchanged = 0, rows_duplicate = 0, rows_quarantined = 0;
