-- Dossiers that a list does not name, though its source named them before: their facts are to be
-- folded again. More are touched than have vanished; which have, history.absence says.
create temporary table unchecked on commit drop as
select distinct f.source, f.effective_at, f.complete_from, f.complete_to
from history.unchecked_list as u
inner join landing.export_file as f on u.file_id = f.file_id;

-- The other codes of dossiers that go by several.
create temporary table other_code on commit drop as
select o.code as dossier_code, d.vanished_at
from core.fct_dossier as d
cross join lateral unnest(d.other_codes) as o (code)
where d.other_codes <> '{}' and exists (select 1 from unchecked);

create temporary table unchecked_naming on commit drop as
select distinct v.dossier_code, v.source, l.effective_at
from unchecked as l
inner join history.dossier_version as v on l.source = v.source and l.effective_at > v.effective_from
inner join core.fct_dossier as d on v.dossier_code = d.dossier_code
where (d.vanished_at is null or d.vanished_at > l.effective_at)
    and (v.received_at is null or v.received_at::date between l.complete_from and l.complete_to)
union
select v.dossier_code, v.source, l.effective_at
from unchecked as l
inner join history.dossier_version as v on l.source = v.source and l.effective_at > v.effective_from
inner join other_code as d on v.dossier_code = d.dossier_code
where (d.vanished_at is null or d.vanished_at > l.effective_at)
    and (v.received_at is null or v.received_at::date between l.complete_from and l.complete_to);

analyze unchecked_naming;

-- Without those that are present (history.presence), by a statement, a repeat or a row that was refused.
insert into history.touched_dossier (dossier_code)
select distinct a.dossier_code
from (
    select u.dossier_code, u.source, u.effective_at from unchecked_naming as u
    except
    select v.dossier_code, v.source, v.effective_from
    from unchecked_naming as u
    inner join history.dossier_version as v
        on u.dossier_code = v.dossier_code and u.source = v.source and u.effective_at = v.effective_from
    except
    select r.dossier_code, r.source, r.effective_from
    from unchecked_naming as u
    inner join history.dossier_repeat as r
        on u.dossier_code = r.dossier_code and u.source = r.source and u.effective_at = r.effective_from
    except
    select q.dossier_code, q.source, f.effective_at
    from unchecked_naming as u
    inner join landing.quarantine as q on u.dossier_code = q.dossier_code and u.source = q.source
    inner join landing.export_file as f on q.file_id = f.file_id and f.kind = 'dossiers'
) as a
on conflict do nothing;

drop table unchecked, other_code, unchecked_naming;

delete from history.unchecked_list;
