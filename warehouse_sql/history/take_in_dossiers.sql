-- The staged dossiers of one file into the history of their source.
-- Parameters: file_no, file_id, known_from, file_rank, columns.

-- A row that says what its source said last before it is a repeat. It is kept as such only if the statement it
-- repeats was known by then (otherwise a report as known in between would miss it) and came with the same columns
-- (an empty value says nothing where there is no such column).
with previous as (
    select
        r.staged_id,
        p.version_id
    from landing.staged_row as r
    cross join lateral (
        select v.*
        from history.dossier_version as v
        where v.dossier_code = r.dossier_code and v.source = r.source
            and (v.effective_from, v.state_at, v.state_rank, v.file_rank)
            <= (r.exported_at, r.state_at, r.state_rank, :file_rank)
        order by v.effective_from desc, v.state_at desc, v.state_rank desc, v.file_rank desc
        limit 1
    ) as p
    inner join landing.export_file as f on p.file_id = f.file_id
    where r.file_no = :file_no and r.verdict is null and p.known_from <= :known_from and f.columns = :columns
        and (
            p.status, p.channel, p.procedure_code, p.procedure_name, p.field_code, p.field_name, p.unit_code,
            p.unit_name, p.submitted_at, p.received_at, p.due_at, p.ended_at, p.returned_at, p.refused_at,
            p.supplement_requested_at, p.supplements, p.limit_value, p.limit_unit, p.payment_online,
            p.fee_amount, p.is_digitised, p.is_identified, p.has_electronic_result, p.has_household_book,
            p.has_identity_copy, p.result_by_post, p.due_has_clock, p.ended_has_clock, p.other_code
        ) is not distinct from (
            r.status, r.channel, r.procedure_code, r.procedure_name, r.field_code, r.field_name, r.unit_code,
            r.unit_name, r.submitted_at, r.received_at, r.due_at, r.ended_at, r.returned_at, r.refused_at,
            r.supplement_requested_at, r.supplements, r.limit_value, r.limit_unit, r.payment_online,
            r.fee_amount, r.is_digitised, r.is_identified, r.has_electronic_result, r.has_household_book,
            r.has_identity_copy, r.result_by_post, r.due_has_clock, r.ended_has_clock, r.other_code
        )
),

repeated as (
    insert into history.dossier_repeat (
        dossier_code, source, effective_from, file_id, row_number, sheet, version_id
    )
    select r.dossier_code, r.source, r.exported_at, :file_id, r.row_number, r.sheet, p.version_id
    from previous as p
    inner join landing.staged_row as r on p.staged_id = r.staged_id
    on conflict do nothing
)

update landing.staged_row as r
set verdict = 'unchanged'
from previous as p
where r.staged_id = p.staged_id;

-- The same content may come once more under another path: then the earlier arrival is the known time.
insert into history.dossier_version (
    source, dossier_code, effective_from, state_at, state_rank, file_rank, known_from, file_id, sheet, row_number,
    status, channel, procedure_code, procedure_name, field_code, field_name, unit_code, unit_name,
    submitted_at, received_at, due_at, ended_at, returned_at, refused_at, supplement_requested_at,
    supplements, limit_value, limit_unit, payment_online, fee_amount, is_digitised, is_identified,
    has_electronic_result, has_household_book, has_identity_copy, result_by_post, due_has_clock,
    ended_has_clock, other_code, flags
)
select
    r.source, r.dossier_code, r.exported_at, r.state_at, r.state_rank, :file_rank, :known_from, :file_id, r.sheet,
    r.row_number,
    r.status, r.channel, r.procedure_code, r.procedure_name, r.field_code, r.field_name, r.unit_code,
    r.unit_name, r.submitted_at, r.received_at, r.due_at, r.ended_at, r.returned_at, r.refused_at,
    r.supplement_requested_at, r.supplements, r.limit_value, r.limit_unit, r.payment_online, r.fee_amount,
    r.is_digitised, r.is_identified, r.has_electronic_result, r.has_household_book, r.has_identity_copy,
    r.result_by_post, r.due_has_clock, r.ended_has_clock, r.other_code, r.flags
from landing.staged_row as r
where r.file_no = :file_no and r.verdict is null
on conflict (dossier_code, source, effective_from, state_at, state_rank, file_rank)
do update set known_from = least(dossier_version.known_from, excluded.known_from);

-- A late statement parts an older one from its repeats: the first repeat after it is a statement again.
insert into history.dossier_version (
    source, dossier_code, effective_from, state_at, state_rank, file_rank, known_from, file_id, sheet, row_number,
    status, channel, procedure_code, procedure_name, field_code, field_name, unit_code, unit_name,
    submitted_at, received_at, due_at, ended_at, returned_at, refused_at, supplement_requested_at,
    supplements, limit_value, limit_unit, payment_online, fee_amount, is_digitised, is_identified,
    has_electronic_result, has_household_book, has_identity_copy, result_by_post, due_has_clock,
    ended_has_clock, other_code, flags
)
select
    v.source, v.dossier_code, q.effective_from, v.state_at, v.state_rank, left(f.sha256, 16), f.received_at as known_from, q.file_id,
    q.sheet, q.row_number,
    v.status, v.channel, v.procedure_code, v.procedure_name, v.field_code, v.field_name, v.unit_code,
    v.unit_name, v.submitted_at, v.received_at, v.due_at, v.ended_at, v.returned_at, v.refused_at,
    v.supplement_requested_at, v.supplements, v.limit_value, v.limit_unit, v.payment_online, v.fee_amount,
    v.is_digitised, v.is_identified, v.has_electronic_result, v.has_household_book, v.has_identity_copy,
    v.result_by_post, v.due_has_clock, v.ended_has_clock, v.other_code, v.flags
from landing.staged_row as r
cross join lateral (
    select
        q.*,
        min(q.effective_from) filter (where q.effective_from > r.exported_at) over () as next_from
    from history.dossier_repeat as q
    where q.dossier_code = r.dossier_code and q.source = r.source and q.effective_from >= r.exported_at
) as q
inner join history.dossier_version as v
    on q.dossier_code = v.dossier_code and q.source = v.source and q.version_id = v.version_id
inner join landing.export_file as f on q.file_id = f.file_id
where r.file_no = :file_no and r.verdict is null and v.effective_from <= r.exported_at
    and q.effective_from in (r.exported_at, q.next_from)
-- of the same repeat under two names the one that came first
order by f.received_at, q.file_id
on conflict do nothing;

insert into history.touched_dossier (dossier_code)
select r.dossier_code
from landing.staged_row as r
where r.file_no = :file_no and r.verdict is null
on conflict do nothing;

-- One that was missing is named again, be it with what was said before or with a row that was refused.
insert into history.touched_dossier (dossier_code)
select d.dossier_code
from landing.staged_row as r
inner join core.fct_dossier as d on r.dossier_code = d.dossier_code
where r.file_no = :file_no and r.verdict in ('unchanged', 'quarantined') and d.vanished_at is not null
on conflict do nothing;

-- A repeat that comes late is one more moment at which the statement before was still said: what was said after it may
-- be an edit for that. Of a file that is the latest of its source nothing has to be looked up.
insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from landing.staged_row as r
inner join (
    select f.source, max(f.effective_at) as latest_at
    from landing.export_file as f
    where f.loaded_at is not null
    group by f.source
) as l on r.source = l.source and r.exported_at < l.latest_at
where r.file_no = :file_no and r.verdict = 'unchanged'
    and exists (
        select 1
        from history.dossier_version as v
        where v.dossier_code = r.dossier_code and v.source = r.source and v.effective_from > r.exported_at
    )
on conflict do nothing;
