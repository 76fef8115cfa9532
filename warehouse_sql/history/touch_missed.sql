-- Dossiers that a complete list is now known to miss: a new list does not name them, or a file of this run names them before a list
-- that does not. More are touched than have vanished; which have, history.absence says. Needs run_file, and what keep_repeats.sql
-- leaves; drops that.

-- Codes of dossiers that go by several: what was stated of the reception under another one counts, too.
create temporary table linked_code on commit drop as
select l.dossier_code from history.dossier_link as l
union
select l.other_code from history.dossier_link as l;

-- Whose range a new list ends by not naming it.
insert into history.touched_dossier (dossier_code)
select distinct d.dossier_code
from list_difference as d
inner join list_place as l on d.source = l.source and d.place = l.place
inner join history.dossier_version as v
    on d.dossier_code = v.dossier_code and d.source = v.source and d.version_id = v.version_id
where d.staged_id is null
    and (
        v.received_at is null or cast(v.received_at as date) between l.complete_from and l.complete_to
        or v.dossier_code in (select c.dossier_code from linked_code as c)
    )
    and not exists (
        select 1
        from landing.staged_row as r
        where r.dossier_code = v.dossier_code and r.source = v.source and r.exported_at = l.effective_at
            and r.verdict is distinct from 'duplicate'
    )
on conflict do nothing;

-- Named again after a gap, and not in the list after that: perhaps it is this source now that named the dossier last.
create temporary table early_naming on commit drop as
select n.dossier_code, n.source, n.effective_at
from (
    select d.dossier_code, d.source, l.effective_at
    from list_difference as d
    inner join list_place as l on d.source = l.source and d.place = l.place
    where d.staged_id is not null and not d.is_own
    union all
    select s.dossier_code, s.source, f.effective_at
    from staged_naming as s
    inner join landing.export_file as f on s.file_id = f.file_id
    where f.complete_from is null and not s.is_own
) as n
inner join list_place as z on n.source = z.source and z.is_last and n.effective_at < z.effective_at
-- where there is no fact yet, all of this is news and touched
where exists (select 1 from core.fct_dossier);

analyze early_naming;

insert into history.touched_dossier (dossier_code)
select distinct n.dossier_code
from early_naming as n
inner join history.repeat_range as r
    on n.dossier_code = r.dossier_code and n.source = r.source and n.effective_at between r.first_at and r.last_at
where r.last_at < 'infinity'
on conflict do nothing;

-- A refused row names a dossier, too, and has no range.
insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from landing.staged_row as r
inner join (
    select n.file_no
    from run_file as n
    inner join landing.export_file as f on n.file_id = f.file_id
    inner join list_place as z on f.source = z.source and z.is_last and f.effective_at < z.effective_at
) as e on r.file_no = e.file_no
where r.kind = 'dossiers' and r.verdict = 'quarantined' and r.dossier_code is not null
on conflict do nothing;

-- Each new list asks for those who were named since the last list that would have missed them as well: of the same days of
-- reception or more, up to the day on which it was made. Since then there were other lists, which need not name them and ended
-- their ranges, and rows that were refused.
create temporary table asking_list on commit drop as
select
    n.source, n.effective_at, n.complete_from, n.complete_to, coalesce(max(o.effective_at), '-infinity') as asked_from,
    coalesce(max(b.effective_at), '-infinity') as list_before
from list_place as n
left join list_place as b on n.source = b.source and n.place = b.place + 1
left join list_place as o
    on n.source = o.source and n.effective_at > o.effective_at and n.complete_from >= o.complete_from
    and (n.complete_to <= o.complete_to or (n.complete_to < 'infinity' and cast(o.effective_at as date) <= o.complete_to))
where n.is_new
group by n.source, n.effective_at, n.complete_from, n.complete_to;

create temporary table named_before on commit drop as
select q.dossier_code, q.source, l.effective_at, l.complete_from, l.complete_to
from asking_list as l
inner join landing.export_file as f
    on l.source = f.source and l.effective_at > f.effective_at and l.asked_from <= f.effective_at and f.kind = 'dossiers'
inner join landing.quarantine as q on f.file_id = q.file_id
where q.dossier_code is not null and f.file_id not in (select x.file_id from run_file as x)
union
select r.dossier_code, r.source, l.effective_at, l.complete_from, l.complete_to
from asking_list as l
inner join history.repeat_range as r on l.source = r.source and l.asked_from <= r.last_at and l.effective_at > r.last_at
where l.asked_from < l.list_before;

analyze named_before;

insert into history.touched_dossier (dossier_code)
select distinct a.dossier_code
from (
    select b.dossier_code, b.source, b.effective_at
    from named_before as b
    where b.complete_to = 'infinity' or b.dossier_code in (select c.dossier_code from linked_code as c)
    union
    select v.dossier_code, v.source, b.effective_at
    from named_before as b
    inner join history.dossier_version as v on b.dossier_code = v.dossier_code and b.source = v.source
    where v.received_at is null or cast(v.received_at as date) between b.complete_from and b.complete_to
    except
    select r.dossier_code, r.source, b.effective_at
    from named_before as b
    inner join history.repeat_range as r
        on b.dossier_code = r.dossier_code and b.source = r.source and b.effective_at between r.first_at and r.last_at
    except
    select q.dossier_code, q.source, b.effective_at
    from named_before as b
    inner join landing.quarantine as q on b.dossier_code = q.dossier_code and b.source = q.source
    inner join landing.export_file as f on q.file_id = f.file_id and f.kind = 'dossiers' and b.effective_at = f.effective_at
) as a
on conflict do nothing;

-- That is all for lists that come in order, each whole in one file. Other absences are looked for when facts are folded.
insert into history.unchecked_list (file_id)
select l.file_id
from list_place as l
inner join (
    select
        f.source,
        bool_or(f.complete_from is null or f.sha256 <> p.first_part or f.sha256 <> p.last_part) as has_parts,
        max(o.place) filter (where not o.is_new) as last_known_place
    from landing.export_file as f
    left join list_place as o on f.file_id = o.file_id
    left join (
        select w.source, w.effective_at, min(w.sha256) as first_part, max(w.sha256) as last_part
        from landing.export_file as w
        where w.complete_from is not null
        group by w.source, w.effective_at
    ) as p on f.source = p.source and f.effective_at = p.effective_at
    where f.kind = 'dossiers'
    group by f.source
) as s on l.source = s.source
where l.is_new and (s.has_parts or l.place < s.last_known_place)
on conflict do nothing;

drop table staged_naming, list_place, list_difference, linked_code, early_naming, asking_list, named_before;
