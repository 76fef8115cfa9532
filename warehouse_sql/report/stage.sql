-- Stages of dossiers, as known at the moment of the report (report/settings.sql); see report/dossier.sql.
-- Makes report_stage.
do $made$
begin
    execute format(
        'create temporary view report_stage as select s.* from core.stage_as_known(%L) as s', current_setting('motcua.known_at')
    );
end
$made$;
