-- The staged dossiers of all files of a run into the history of their sources. Needs run_file (file_no, file_id); adds the
-- rows that are news to staged_news (staged_id, file_id), and leaves staged_statement, staged_parted,
-- staged_several and staged_chain for keep_repeats.sql.
-- every_attribute stands for all that is news of a statement, every_instant for those of them that order states
-- (assets/sources/canonical.py).

-- Each staged row with the statement that was in force before it. One of the same key comes from the same content under
-- another path.
create temporary table staged_statement on commit drop as
select
    r.staged_id,
    r.file_id,
    r.dossier_code,
    r.source,
    r.exported_at as effective_from,
    r.state_at,
    r.state_rank,
    r.file_rank,
    r.known_from,
    r.columns_number,
    p.version_id as previous_id,
    p.known_from as previous_known_from,
    coalesce(
        (p.effective_from, p.state_at, p.state_rank, p.file_rank)
        = (r.exported_at, r.state_at, r.state_rank, r.file_rank), false
    ) as is_copy,
    -- An empty value says nothing where the file has no such column, so the columns have to be the same, too.
    p.version_id is not null and pf.columns = r.file_columns
    and ((p.every_attribute) is not distinct from (r.every_attribute)) as is_as_previous
from (
    select
        s.*, f.file_id, f.received_at as known_from, f.columns as file_columns, left(f.sha256, 16) as file_rank,
        f.columns_number
    from landing.staged_row as s
    inner join (
        -- files with the same columns have the same number
        select n.file_no, x.*, dense_rank() over (order by x.columns) as columns_number
        from run_file as n
        inner join landing.export_file as x on n.file_id = x.file_id
    ) as f on s.file_no = f.file_no
    where s.kind = 'dossiers' and s.verdict is null
) as r
left join lateral (
    select v.*
    from history.dossier_version as v
    where v.dossier_code = r.dossier_code and v.source = r.source
        and (v.effective_from, v.state_at, v.state_rank, v.file_rank)
        <= (r.exported_at, r.state_at, r.state_rank, r.file_rank)
    order by v.effective_from desc, v.state_at desc, v.state_rank desc, v.file_rank desc
    limit 1
) as p on true
left join landing.export_file as pf on p.file_id = pf.file_id;

analyze staged_statement;

-- Repeats behind the first new row that says something else than the statement before: such a row parts them from what they
-- repeat.
create temporary table staged_parted on commit drop as
select
    q.dossier_code, q.source, s.previous_id, q.effective_from, t.state_at, v.state_rank, left(f.sha256, 16) as file_rank,
    f.received_at as known_from, q.file_id, s.previous_known_from, q.version_id as repeated_id, q.sheet, q.row_number
from (
    select
        n.dossier_code, n.source, n.previous_id, n.previous_known_from, min(n.effective_from) as effective_from
    from staged_statement as n
    where n.previous_id is not null and not n.is_as_previous and not n.is_copy
    group by n.dossier_code, n.source, n.previous_id, n.previous_known_from
) as s
cross join lateral (
    select o.*
    from history.dossier_repeat as o
    where o.dossier_code = s.dossier_code and o.source = s.source and s.effective_from <= o.effective_from
    -- which keeps it apart: these few dossiers are looked up, and not all ranges are held against all lists that there ever were
    order by o.file_id
    offset 0
) as q
inner join history.dossier_version as v
    on q.dossier_code = v.dossier_code and q.source = v.source and q.version_id = v.version_id
-- A row without any date is ordered by the moment of its export (assets/exports/staging.py).
cross join lateral (
    select case when coalesce(v.every_instant) is null and v.state_at = v.effective_from then q.effective_from else v.state_at end as state_at
) as t
inner join landing.export_file as f on q.file_id = f.file_id
-- a range that is open goes on through the lists of this run only if they say so
where q.file_id not in (select n.file_id from run_file as n where n.is_new)
    and q.file_id not in (select w.file_id from reread_file as w)
    and s.previous_id = (
        select p.version_id
        from history.dossier_version as p
        where p.dossier_code = q.dossier_code and p.source = q.source
            and (p.effective_from, p.state_at, p.state_rank, p.file_rank)
            <= (q.effective_from, t.state_at, v.state_rank, left(f.sha256, 16))
        order by p.effective_from desc, p.state_at desc, p.state_rank desc, p.file_rank desc
        limit 1
    );

analyze staged_parted;

-- Dossiers of which a source says several things in this run. Only these have to be sorted and compared.
create temporary table staged_several on commit drop as
select e.dossier_code, e.source
from (
    select s.dossier_code, s.source from staged_statement as s
    union all
    select p.dossier_code, p.source from staged_parted as p
) as e
group by e.dossier_code, e.source
having count(*) > 1;

analyze staged_several;

-- Between two kept statements: the new rows in order of time, and the repeats that they part.
create temporary table staged_chain on commit drop as
with element as (
    select
        s.dossier_code, s.source, s.previous_id, s.effective_from, s.state_at, s.state_rank, s.file_rank, s.known_from,
        s.staged_id, s.file_id, s.columns_number, s.is_as_previous, s.previous_known_from,
        cast(null as bigint) as repeated_id, null as sheet, cast(null as bigint) as row_number
    from staged_statement as s
    inner join staged_several as m on s.dossier_code = m.dossier_code and s.source = m.source
    -- The same bytes read otherwise than before: what was read first stays.
    where s.is_as_previous or not s.is_copy
    union all
    select
        q.dossier_code, q.source, q.previous_id, q.effective_from, q.state_at, q.state_rank, q.file_rank, q.known_from,
        null, q.file_id, null, true, q.previous_known_from, q.repeated_id,
        q.sheet, q.row_number
    from staged_parted as q
),

placed as (
    select
        e.*,
        row_number() over w as place,
        lag(e.staged_id) over w as staged_before,
        lag(e.columns_number) over w as columns_before,
        lag(e.is_as_previous) over w as before_is_as_previous
    from element as e
    window w as (
        partition by e.dossier_code, e.source, e.previous_id
        order by e.effective_from, e.state_at, e.state_rank, e.file_rank, e.staged_id nulls first
    )
),

-- materialised, so that what follows sorts the outcome and not both rows with all their attributes
compared as materialized (
    select
        p.*,
        case
            when p.place = 1 then p.is_as_previous
            when p.is_as_previous or p.before_is_as_previous then p.is_as_previous and p.before_is_as_previous
            else p.columns_before = p.columns_number and ((b.every_attribute) is not distinct from (r.every_attribute))
        end as goes_on
    from placed as p
    -- The conditions on kind change no result; they keep steps out of the joins.
    left join landing.staged_row as b
        on p.staged_before = b.staged_id and b.kind = 'dossiers' and not p.is_as_previous and not p.before_is_as_previous
    left join landing.staged_row as r on p.staged_id = r.staged_id and r.kind = 'dossiers' and b.staged_id is not null
),

stretch as (
    select
        c.*,
        count(*) filter (where not c.goes_on) over (
            partition by c.dossier_code, c.source, c.previous_id order by c.place
        ) as stretch_number
    from compared as c
),

-- A row that goes on saying the same is a repeat only if the statement it repeats was known by then; otherwise a report as
-- known in between would miss it.
judged as (
    select
        s.*,
        not s.goes_on or s.known_from < least(
            case when s.stretch_number = 0 then s.previous_known_from end,
            min(s.known_from) over (
                partition by s.dossier_code, s.source, s.previous_id, s.stretch_number
                order by s.place rows between unbounded preceding and 1 preceding
            )
        ) as is_news
    from stretch as s
)

select
    j.dossier_code, j.source, j.previous_id, j.effective_from, j.state_at, j.state_rank, j.file_rank, j.known_from, j.staged_id,
    j.file_id, j.repeated_id, j.sheet, j.row_number, j.place, j.is_news,
    max(j.place) filter (where j.is_news) over (
        partition by j.dossier_code, j.source, j.previous_id order by j.place
    ) as base_place
from judged as j
union all
-- Of the other dossiers the source says one thing: what is computed above, for a chain of one row.
select
    s.dossier_code, s.source, s.previous_id, s.effective_from, s.state_at, s.state_rank, s.file_rank, s.known_from, s.staged_id,
    s.file_id, null, null, null, 1, n.is_news, case when n.is_news then 1 end
from staged_statement as s
cross join lateral (
    select not s.is_as_previous or s.known_from < s.previous_known_from as is_news
) as n
where (s.is_as_previous or not s.is_copy)
    and not exists (
        select 1 from staged_several as m where s.dossier_code = m.dossier_code and s.source = m.source
    );

analyze staged_chain;

insert into staged_news (staged_id, file_id)
select c.staged_id, c.file_id
from staged_chain as c
where c.is_news and c.staged_id is not null
union all
select s.staged_id, s.file_id
from staged_statement as s
where s.is_copy and not s.is_as_previous;

-- A late statement parts an older one from its repeats: the first repeat after it is a statement again.
insert into history.dossier_version (
    source, dossier_code, effective_from, state_at, state_rank, file_rank, known_from, file_id, sheet, row_number,
    every_attribute, flags
)
select
    v.source, v.dossier_code, c.effective_from, c.state_at, v.state_rank, c.file_rank, c.known_from, c.file_id,
    c.sheet, c.row_number,
    v.every_attribute, v.flags
from staged_chain as c
inner join history.dossier_version as v
    on c.dossier_code = v.dossier_code and c.source = v.source and c.repeated_id = v.version_id
where c.is_news
-- of the same repeat under two names the one that came first
order by c.known_from, c.file_id
on conflict do nothing;

insert into history.dossier_version (
    source, dossier_code, effective_from, state_at, state_rank, file_rank, known_from, file_id, sheet, row_number,
    every_attribute, flags
)
select
    c.source, c.dossier_code, c.effective_from, c.state_at, c.state_rank, c.file_rank, c.known_from, c.file_id, r.sheet,
    r.row_number,
    r.every_attribute, r.flags
from staged_chain as c
inner join landing.staged_row as r on c.staged_id = r.staged_id
where c.is_news
-- in the order of the key, so that its index is written from one end to the other
order by c.dossier_code, c.staged_id
on conflict do nothing;

-- The same content may come once more under another path: then the earlier arrival is the known time.
update history.dossier_version as v
set known_from = c.known_from
from (
    select
        s.dossier_code, s.source, s.effective_from, s.state_at, s.state_rank, s.file_rank,
        min(s.known_from) as known_from
    from staged_statement as s
    inner join staged_news as w on s.staged_id = w.staged_id
    where s.is_copy or s.file_rank in (
        select left(f.sha256, 16)
        from run_file as n
        inner join landing.export_file as f on n.file_id = f.file_id
        group by left(f.sha256, 16)
        having count(*) > 1
    )
    group by s.dossier_code, s.source, s.effective_from, s.state_at, s.state_rank, s.file_rank
    having bool_or(s.is_copy) or count(*) > 1
) as c
where v.dossier_code = c.dossier_code and v.source = c.source and v.effective_from = c.effective_from
    and v.state_at = c.state_at and v.state_rank = c.state_rank and v.file_rank = c.file_rank
    and v.known_from > c.known_from;

-- In the order of the key, so that its index is written from one end to the other.
insert into history.touched_dossier (dossier_code)
select distinct e.dossier_code
from (
    select c.dossier_code
    from staged_chain as c
    where c.is_news and c.staged_id is not null
    union all
    select s.dossier_code
    from staged_statement as s
    where s.is_copy and not s.is_as_previous
) as e
order by e.dossier_code
on conflict do nothing;

-- Dossiers that wait to be named: one that is missing, be it named now by a repeat or by a row that was refused;
-- and one with an open national request for supplements, which ends where the province next says that it goes on, be it by a
-- repeat. Here and below codes under which a dossier goes besides count like its own.
create temporary table other_code on commit drop as
select
    o.code as dossier_code, d.vanished_at is not null as is_missing, d.state = 'suspended' as is_suspended, w.waited_until
from core.fct_dossier as d
cross join lateral unnest(d.other_codes) as o (code)
left join (
    select f.dossier_code, max(s.valid_to) as waited_until
    from core.fct_dossier as f
    inner join core.fct_dossier_span as s on f.dossier_code = s.dossier_code
    where f.other_codes <> '{}' and s.state = 'suspended' and s.valid_to < 'infinity'
    group by f.dossier_code
) as w on d.dossier_code = w.dossier_code
where d.other_codes <> '{}';

insert into history.touched_dossier (dossier_code)
select distinct w.dossier_code
from (
    select r.dossier_code, r.source, r.status, d.vanished_at is not null as is_missing
    from landing.staged_row as r
    inner join core.fct_dossier as d on r.dossier_code = d.dossier_code
    where r.kind = 'dossiers' and r.verdict is distinct from 'duplicate' and (d.vanished_at is not null or d.state = 'suspended')
    union all
    select r.dossier_code, r.source, r.status, c.is_missing
    from landing.staged_row as r
    inner join other_code as c on r.dossier_code = c.dossier_code
    where r.kind = 'dossiers' and r.verdict is distinct from 'duplicate'
        and (c.is_missing or c.is_suspended or r.exported_at < c.waited_until)
) as w
inner join core.dim_source as p on w.source = p.source
where w.is_missing or (p.portal = 'provincial' and w.status not in (5, 6, 8))
on conflict do nothing;

-- One that comes late may end such a request earlier. Nearly always there is no such file, which the planner is to know.
create temporary table late_file on commit drop as
select f.file_id
from run_file as n
inner join landing.export_file as f on n.file_id = f.file_id
inner join core.dim_source as p on f.source = p.source and p.portal = 'provincial'
cross join (
    select max(o.effective_at) as effective_at
    from landing.export_file as o
    inner join core.dim_source as d on o.source = d.source and d.portal = 'provincial'
    where o.loaded_at is not null
) as l
where f.effective_at < l.effective_at;

analyze late_file;

insert into history.touched_dossier (dossier_code)
select distinct c.dossier_code
from staged_chain as c
inner join late_file as e on c.file_id = e.file_id
inner join core.fct_dossier_span as s
    on c.dossier_code = s.dossier_code and c.effective_from >= s.valid_from and c.effective_from < s.valid_to
where c.staged_id is not null and not c.is_news and s.state = 'suspended'
on conflict do nothing;

-- So does one within a request that is over by now, or ends where an end is stated that is still to come.
insert into history.touched_dossier (dossier_code)
select distinct c.dossier_code
from staged_chain as c
inner join landing.staged_row as r on c.staged_id = r.staged_id and c.dossier_code = r.dossier_code
inner join core.dim_source as p on c.source = p.source and p.portal = 'provincial'
inner join core.fct_dossier_span as s
    on c.dossier_code = s.dossier_code and c.effective_from >= s.valid_from and c.effective_from < s.valid_to
where not c.is_news and s.state = 'suspended' and s.valid_to < 'infinity' and r.status not in (5, 6, 8)
on conflict do nothing;

insert into history.touched_dossier (dossier_code)
select distinct c.dossier_code
from staged_chain as c
inner join late_file as e on c.file_id = e.file_id
where c.staged_id is not null and not c.is_news and c.dossier_code in (select o.dossier_code from other_code as o)
on conflict do nothing;

-- A file that counts as known before others that were taken in earlier: whom it names may have been missing, or suspended, as it was
-- known from then on for a while.
create temporary table early_file on commit drop as
select n.file_no, f.received_at
from run_file as n
inner join landing.export_file as f on n.file_id = f.file_id
cross join (
    select max(o.received_at) as received_at
    from landing.export_file as o
    where o.loaded_at is not null and o.file_id not in (select x.file_id from run_file as x)
) as l
where f.received_at < l.received_at;

analyze early_file;

insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from landing.staged_row as r
inner join early_file as e on r.file_no = e.file_no
inner join core.fct_dossier_past as p on r.dossier_code = p.dossier_code
where r.kind = 'dossiers' and r.verdict is distinct from 'duplicate'
    and (p.vanished_at is not null or p.state = 'suspended') and p.known_to > e.received_at
on conflict do nothing;

insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from landing.staged_row as r
inner join early_file as e on r.file_no = e.file_no
inner join core.fct_dossier_span_past as s
    on r.dossier_code = s.dossier_code and r.exported_at >= s.valid_from and r.exported_at < s.valid_to
where r.kind = 'dossiers' and r.verdict is null and s.state = 'suspended' and s.known_to > e.received_at
on conflict do nothing;

insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from landing.staged_row as r
inner join early_file as e on r.file_no = e.file_no
where r.kind = 'dossiers' and r.verdict is distinct from 'duplicate'
    and r.dossier_code in (select o.dossier_code from other_code as o)
on conflict do nothing;

drop table other_code, late_file, early_file;

-- A repeat that comes late is one more moment at which the statement before was still said: what was said after it may
-- be an edit for that. Of a file that is the latest of its source nothing has to be looked up.
insert into history.touched_dossier (dossier_code)
select c.dossier_code
from (
    select s.dossier_code, s.source, min(s.effective_from) as effective_from
    from staged_chain as s
    inner join (
        select f.source, max(f.effective_at) as latest_at
        from landing.export_file as f
        where f.loaded_at is not null
        group by f.source
    ) as l on s.source = l.source and s.effective_from < l.latest_at
    where s.staged_id is not null and not s.is_news
    group by s.dossier_code, s.source
) as c
where exists (
    select 1
    from history.dossier_version as v
    where v.dossier_code = c.dossier_code and v.source = c.source and v.effective_from > c.effective_from
)
on conflict do nothing;
