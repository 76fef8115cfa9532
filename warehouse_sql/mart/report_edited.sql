-- grain: one change of one dossier that needs a look, as mart.edited_after_the_fact defines it, out of what was known
-- at a moment; first seen in or after the period, of dossiers received by its end.
-- Parameters: date_from, date_to, known_at. Needs report_unit, report_dossier.
with
step as (
    select
        s.*,
        lag(s.class) over w as old_class,
        lag(s.status) over w as old_status,
        lag(s.due_at) over w as old_due_at,
        lag(s.ended_at) over w as old_ended_at,
        lag(s.received_at) over w as old_received_at,
        greatest(
            lag(s.effective_from) over w,
            (
                select max(r.effective_from)
                from history.dossier_repeat as r
                inner join landing.export_file as f on r.file_id = f.file_id
                where r.dossier_code = s.dossier_code and r.source = s.source and r.effective_from < s.effective_from
                    and f.received_at <= cast(:known_at as timestamptz)
            )
        ) as last_seen_before
    from history.dossier_statement as s
    where s.known_from <= cast(:known_at as timestamptz)
        and s.dossier_code in (select d.dossier_code from report_dossier as d)
    window w as (
        partition by s.dossier_code, s.source order by s.effective_from, s.state_at, s.state_rank, s.file_rank
    )
),

edited as (
    select s.*, 'due_moved_after_it_passed' as kind, s.old_due_at as old_value, s.due_at as new_value
    from step as s
    where s.old_class = 'processing' and s.class = 'processing' and s.due_at > s.old_due_at
        and cast(s.old_due_at as date) < cast(s.effective_from as date)
    union all
    select s.*, 'end_before_it_was_seen_open', null, s.ended_at
    from step as s
    where s.class = 'finished' and s.old_class in ('processing', 'suspended') and s.ended_at < s.last_seen_before
    union all
    select s.*, 'end_moved', s.old_ended_at, s.ended_at
    from step as s
    where s.class = 'finished' and s.old_class = 'finished' and s.ended_at <> s.old_ended_at
    union all
    select s.*, 'received_moved', s.old_received_at, s.received_at
    from step as s
    where s.received_at <> s.old_received_at
    union all
    select s.*, 'status_backwards', null, null
    from step as s
    where (s.old_class = 'finished' and s.class <> 'finished')
        or (s.old_class in ('processing', 'suspended') and s.class = 'not_received')
)

select
    e.dossier_code,
    u.unit_code,
    u.unit_name,
    e.source,
    e.kind,
    e.old_value,
    e.new_value,
    o.status_name_vi as old_status,
    n.status_name_vi as new_status,
    e.last_seen_before,
    e.effective_from as first_seen_at,
    x.path as file,
    e.row_number
from edited as e
inner join report_dossier as d on e.dossier_code = d.dossier_code
inner join report_unit as u on d.unit_code = u.unit_code and d.unit_valid_from = u.valid_from
inner join landing.export_file as x on e.file_id = x.file_id
left join core.dim_status as o on e.old_status = o.status
left join core.dim_status as n on e.status = n.status
where e.effective_from >= :date_from and coalesce(d.received_at < cast(:date_to as date) + 1, true)
order by e.kind, u.place, e.dossier_code, e.source, e.effective_from, e.file_id, e.row_number;
