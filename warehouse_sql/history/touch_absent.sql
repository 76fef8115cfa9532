-- Dossiers that a newly taken in complete list does not name, though its source named them before: their facts are to be
-- folded again. More are touched than have vanished; which have, history.absence says.
insert into history.touched_dossier (dossier_code)
select distinct v.dossier_code
from (
    select distinct f.source, f.effective_at, f.complete_from, f.complete_to
    from history.unchecked_list as u
    inner join landing.export_file as f on u.file_id = f.file_id
) as l
inner join history.dossier_version as v on l.source = v.source and l.effective_at > v.effective_from
inner join core.fct_dossier as d on v.dossier_code = d.dossier_code
where (d.vanished_at is null or d.vanished_at > l.effective_at)
    and (v.received_at is null or v.received_at::date between l.complete_from and l.complete_to)
    and not exists (
        select 1
        from history.presence as p
        where p.dossier_code = v.dossier_code and p.source = v.source and p.seen_at = l.effective_at
    )
on conflict do nothing;

delete from history.unchecked_list;
