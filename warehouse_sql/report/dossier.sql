-- Dossiers of a report, as known at its moment (report/settings.sql): a view, since most of what is asked is about few of them.
-- Needs report_unit, report_sector, report_procedure.
-- Makes report_dossier.
do $made$
begin
    -- A view takes no parameters, and a setting would be read for each row: the moment is written into it.
    execute format($view$
        create temporary view report_dossier as
        select
            d.dossier_code, d.unit_key, u.unit_no,
            coalesce(p.sector_no, (select max(f.sector_no) from report_sector as f)) as sector_no,
            p.procedure_code, p.procedure_name, p.field_name, d.procedure_key,
            d.channel, d.submitted_at, d.received_at, d.due_at, d.ended_at, d.returned_at, d.vanished_at,
            d.province_status, d.national_status, d.portal_disagreements, d.limit_due_at, d.is_counted,
            d.has_household_book, d.has_identity_copy, d.state, d.supplement_count, d.resolved_on, d.settled_on
        from core.dossier_as_known(%L) as d
        inner join report_unit as u on d.unit_key = u.unit_key
        left join report_procedure as p on d.procedure_key = p.procedure_key
    $view$, current_setting('motcua.known_at'));
end
$made$;
