-- Dossiers that a complete list is now known to miss: a new list does not name them, or a file of this run names them before a list
-- that does not. More are touched than have vanished; which have, history.absence says. Needs run_file, and what keep_repeats.sql
-- leaves; drops that.

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
-- reception or more, up to the day on which it was made, and known no later. Since then there may have been other lists, which
-- need not name them, files that are no complete lists, and rows that were refused.
create temporary table asking_list on commit drop as
select
    n.source, n.effective_at, n.complete_from, n.complete_to, min(n.received_at) as received_at, min(n.asked_from) as asked_from
from (
    select
        l.source, l.file_id, l.effective_at, l.received_at, l.complete_from, l.complete_to,
        coalesce(max(o.effective_at), '-infinity') as asked_from
    from list_place as l
    left join list_place as o
        on l.source = o.source and l.effective_at > o.effective_at and l.received_at >= o.received_at
        and l.complete_from >= o.complete_from
        and (l.complete_to <= o.complete_to or (l.complete_to < 'infinity' and cast(o.effective_at as date) <= o.complete_to))
    where l.is_new
    group by l.source, l.file_id, l.effective_at, l.received_at, l.complete_from, l.complete_to
) as n
group by n.source, n.effective_at, n.complete_from, n.complete_to;

analyze asking_list;

-- There is rarely such a file. The planner is to know it, so that it does not read all statements.
create temporary table asked_file on commit drop as
select f.file_id, f.complete_from is null as is_part, l.source, l.effective_at, l.complete_from, l.complete_to
from asking_list as l
inner join landing.export_file as f
    on l.source = f.source and l.effective_at > f.effective_at and l.asked_from <= f.effective_at and f.kind = 'dossiers'
where f.complete_from is null or exists (select 1 from landing.quarantine as q where f.file_id = q.file_id);

analyze asked_file;

create temporary table named_before on commit drop as
select r.dossier_code, r.source, l.effective_at, l.complete_from, l.complete_to
from asking_list as l
inner join history.repeat_range as r on l.source = r.source and l.asked_from <= r.last_at and l.effective_at > r.last_at
union
select v.dossier_code, v.source, f.effective_at, f.complete_from, f.complete_to
from asked_file as f
inner join history.dossier_version as v on f.file_id = v.file_id
where f.is_part
union
select q.dossier_code, q.source, f.effective_at, f.complete_from, f.complete_to
from asked_file as f
inner join landing.quarantine as q on f.file_id = q.file_id
where q.dossier_code is not null;

analyze named_before;

-- Codes of dossiers that go by several: what was stated of the reception under another one counts, too.
create temporary table linked_code on commit drop as
select l.dossier_code from history.dossier_link as l
union
select l.other_code from history.dossier_link as l;

-- Those that the list should name as well. A list of certain days names only dossiers that were received on these days.
create temporary table awaited on commit drop as
select b.dossier_code, b.source, b.effective_at
from named_before as b
where b.complete_to = 'infinity' or b.dossier_code in (select c.dossier_code from linked_code as c)
union
select v.dossier_code, v.source, b.effective_at
from named_before as b
inner join history.dossier_version as v on b.dossier_code = v.dossier_code and b.source = v.source
where b.complete_to < 'infinity' and (v.received_at is null or cast(v.received_at as date) between b.complete_from and b.complete_to);

analyze awaited;

-- Another page of that moment counts only if it was known when the list came: until then the list missed whom it names.
create temporary table asked_moment on commit drop as
select l.source, l.effective_at, min(l.received_at) as received_at
from asking_list as l
group by l.source, l.effective_at;

insert into history.touched_dossier (dossier_code)
select distinct a.dossier_code
from (
    select w.dossier_code, w.source, w.effective_at from awaited as w
    except
    select r.dossier_code, r.source, w.effective_at
    from awaited as w
    inner join asked_moment as m on w.source = m.source and w.effective_at = m.effective_at
    inner join history.repeat_range as r
        on w.dossier_code = r.dossier_code and w.source = r.source and w.effective_at between r.first_at and r.last_at
    left join landing.export_file as b on r.first_file_id = b.file_id
    left join landing.export_file as z on r.last_file_id = z.file_id
    -- in the midst of a range all name it
    where coalesce(
        case w.effective_at when r.first_at then b.received_at when r.last_at then z.received_at end, '-infinity'
    ) <= m.received_at
    except
    select q.dossier_code, q.source, w.effective_at
    from awaited as w
    inner join asked_moment as m on w.source = m.source and w.effective_at = m.effective_at
    inner join landing.quarantine as q on w.dossier_code = q.dossier_code and w.source = q.source
    inner join landing.export_file as f
        on q.file_id = f.file_id and f.kind = 'dossiers' and w.effective_at = f.effective_at and m.received_at >= f.received_at
) as a
on conflict do nothing;

drop table
    staged_naming, list_place, list_difference, early_naming, asking_list, asked_file, named_before, linked_code, awaited,
    asked_moment;
