-- Which files named a dossier with what their source had stated before, as ranges of complete lists. Needs run_file, and
-- what take_in_dossiers.sql leaves; leaves staged_naming, list_place and list_difference for touch_missed.sql. Of lists, a row is
-- written where a range begins or ends, none where it goes on.

-- Files that are no complete list, and whose content came under no other path. A row of them that is news repeats nothing.
create temporary table lone_file on commit drop as
select f.file_id
from run_file as n
inner join landing.export_file as f on n.file_id = f.file_id
where f.complete_from is null
    and not exists (select 1 from landing.export_file as o where f.sha256 = o.sha256 and f.file_id <> o.file_id);

analyze lone_file;

-- Each row that was let in, with the statement that it makes or repeats. News of the files above are left out: nothing below
-- needs them.
create temporary table staged_naming on commit drop as
select
    c.dossier_code, c.source, c.effective_from, c.file_id, c.staged_id, c.previous_id as version_id, false as is_own
from staged_chain as c
where c.staged_id is not null and c.base_place is null
union all
select
    c.dossier_code, c.source, c.effective_from, c.file_id, c.staged_id, v.version_id,
    c.is_news and v.file_id = c.file_id
from staged_chain as c
inner join staged_chain as b
    on c.dossier_code = b.dossier_code and c.source = b.source and c.base_place = b.place
    and coalesce(c.previous_id, 0) = coalesce(b.previous_id, 0)
inner join history.dossier_version as v
    on b.dossier_code = v.dossier_code and b.source = v.source and b.effective_from = v.effective_from
    and b.state_at = v.state_at and b.state_rank = v.state_rank and b.file_rank = v.file_rank
where c.staged_id is not null and not (c.is_news and c.file_id in (select l.file_id from lone_file as l))
union all
select s.dossier_code, s.source, s.effective_from, s.file_id, s.staged_id, s.previous_id, false
from staged_statement as s
where s.is_copy and not s.is_as_previous;

analyze staged_naming;

-- A file that is no complete list stands alone.
insert into history.repeat_range (
    dossier_code, source, first_at, first_file_id, last_at, last_file_id, version_id, begins_with_statement, row_number, sheet
)
select
    n.dossier_code, n.source, n.effective_from, n.file_id, f.effective_at as last_at, f.file_id as last_file_id, n.version_id, false, r.row_number,
    r.sheet
from staged_naming as n
inner join landing.export_file as f on n.file_id = f.file_id
inner join landing.staged_row as r on n.staged_id = r.staged_id
where f.complete_from is null and not n.is_own
on conflict do nothing;

create temporary table list_place on commit drop as
select
    f.source,
    f.file_id,
    f.effective_at,
    f.received_at,
    f.complete_from,
    f.complete_to,
    coalesce(n.is_new, false) as is_new,
    row_number() over (partition by f.source order by f.effective_at, f.file_id) as place,
    row_number() over (partition by f.source order by f.effective_at desc, f.file_id desc) = 1 as is_last
from landing.export_file as f
left join run_file as n on f.file_id = n.file_id
where f.complete_from is not null
    and f.source in (select x.source from run_file as y inner join landing.export_file as x on y.file_id = x.file_id);

-- Few new lists: then only ranges that reach up to them are read.
analyze list_place;

-- What a range says of a new list against what the list says; they agree on nearly all dossiers.
create temporary table list_difference on commit drop as
select
    coalesce(c.dossier_code, n.dossier_code) as dossier_code,
    coalesce(c.source, n.source) as source,
    coalesce(c.place, n.place) as place,
    n.staged_id,
    coalesce(n.version_id, c.version_id) as version_id,
    coalesce(n.is_own, false) as is_own
from (
    select r.dossier_code, r.source, r.version_id, l.place
    from list_place as l
    inner join history.repeat_range as r
        on l.source = r.source and l.effective_at <= r.last_at -- noqa: ST09
        and (l.effective_at, l.file_id) between (r.first_at, r.first_file_id) and (r.last_at, r.last_file_id)
    where l.is_new
) as c
full join (
    select s.dossier_code, s.source, s.version_id, l.place, s.staged_id, s.is_own
    from staged_naming as s
    inner join list_place as l on s.file_id = l.file_id
) as n on c.dossier_code = n.dossier_code and c.source = n.source and c.place = n.place and c.version_id = n.version_id
where c.place is null or n.place is null;

-- Repeats inside ranges that are statements of their own now.
create temporary table parted_repeat on commit drop as
select c.dossier_code, c.source, l.place, v.version_id
from staged_chain as c
inner join list_place as l on c.file_id = l.file_id
inner join history.dossier_version as v
    on c.dossier_code = v.dossier_code and c.source = v.source and c.effective_from = v.effective_from
    and c.state_at = v.state_at and c.state_rank = v.state_rank and c.file_rank = v.file_rank
where c.staged_id is null and c.is_news;

-- The ranges of these dossiers are laid out again from where they differ.
create temporary table changed_naming on commit drop as
select d.dossier_code, d.source, min(d.place) as place
from (
    select f.dossier_code, f.source, f.place from list_difference as f
    union all
    select p.dossier_code, p.source, p.place from parted_repeat as p
) as d
group by d.dossier_code, d.source;

analyze list_difference;
analyze changed_naming;

create temporary table old_range on commit drop as
select
    r.*,
    a.place as first_place,
    coalesce(z.place, e.place) as last_place,
    row_number() over (order by r.dossier_code, r.source, r.first_at, r.first_file_id) as number
from changed_naming as c
inner join history.repeat_range as r on c.dossier_code = r.dossier_code and c.source = r.source
inner join list_place as a on r.first_file_id = a.file_id
inner join list_place as e on r.source = e.source and e.is_last
left join list_place as z on r.last_file_id = z.file_id
where coalesce(z.place, e.place) >= c.place - 1;

analyze old_range;

create temporary table range_piece on commit drop as
with
edge as (
    select o.number, o.first_place as place, false as is_hole, cast(null as bigint) as version_id
    from old_range as o
    union all
    -- what a new list says, the list says itself
    select o.number, l.place, true, null
    from old_range as o
    inner join list_place as l on o.source = l.source and l.is_new and l.place between o.first_place and o.last_place
    union all
    select o.number, d.place, true, null
    from old_range as o
    inner join list_difference as d
        on o.dossier_code = d.dossier_code and o.source = d.source and d.place between o.first_place and o.last_place
    union all
    select o.number, p.place, false, p.version_id
    from old_range as o
    inner join parted_repeat as p
        on o.dossier_code = p.dossier_code and o.source = p.source and p.place between o.first_place and o.last_place
),

cut as (
    select e.number, e.place, bool_or(e.is_hole) as is_hole, max(e.version_id) as version_id
    from edge as e
    group by e.number, e.place
),

piece as (
    select
        c.number, c.is_hole, c.version_id as own_id, c.place,
        c.place + cast(c.is_hole as integer) as first_place,
        lead(c.place) over (partition by c.number order by c.place) - 1 as last_place,
        -- of the statements that lie in the range, the last one before the piece
        (max(case when c.version_id is not null then array[c.place, c.version_id] end)
        over (partition by c.number order by c.place)) [2] as version_id
    from cut as c
)

select
    o.dossier_code, o.source, p.first_place, coalesce(p.last_place, o.last_place) as last_place,
    coalesce(p.version_id, o.version_id) as version_id,
    not p.is_hole and (p.own_id is not null or (p.place = o.first_place and o.begins_with_statement)) as begins,
    case when not p.is_hole and p.place = o.first_place and p.own_id is null then o.row_number end as row_number,
    case when not p.is_hole and p.place = o.first_place and p.own_id is null then o.sheet end as sheet
from piece as p
inner join old_range as o on p.number = o.number
where p.first_place <= coalesce(p.last_place, o.last_place)
union all
-- of dossiers with a difference, also what the other new lists say of them
select
    n.dossier_code, n.source, l.place, l.place as also_place, n.version_id, n.is_own,
    case when not n.is_own then r.row_number end, case when not n.is_own then r.sheet end
from staged_naming as n
inner join list_place as l on n.file_id = l.file_id
inner join landing.staged_row as r on n.staged_id = r.staged_id
inner join changed_naming as c on n.dossier_code = c.dossier_code and n.source = c.source;

analyze range_piece;

delete from history.repeat_range as r
using old_range as o
where r.dossier_code = o.dossier_code and r.source = o.source and r.first_at = o.first_at
    and r.first_file_id = o.first_file_id;

insert into history.repeat_range (
    dossier_code, source, first_at, first_file_id, last_at, last_file_id, version_id, begins_with_statement, row_number, sheet
)
with
joined as (
    select
        p.*,
        p.begins or coalesce(p.first_place <> lag(p.last_place) over w + 1, true)
        or p.version_id <> lag(p.version_id) over w as is_first
    from range_piece as p
    window w as (partition by p.dossier_code, p.source order by p.first_place)
),

numbered as (
    select
        j.*,
        count(*) filter (where j.is_first) over (
            partition by j.dossier_code, j.source order by j.first_place
        ) as number
    from joined as j
),

range as (
    select
        n.dossier_code, n.source, n.number, min(n.first_place) as first_place, max(n.last_place) as last_place,
        min(n.version_id) as version_id, bool_or(n.begins) as begins,
        min(n.row_number) filter (where n.is_first) as row_number, min(n.sheet) filter (where n.is_first) as sheet
    from numbered as n
    group by n.dossier_code, n.source, n.number
)

select
    r.dossier_code, r.source, a.effective_at, a.file_id,
    case when z.is_last then 'infinity' else z.effective_at end,
    case when not z.is_last then z.file_id end,
    r.version_id, r.begins, r.row_number, r.sheet
from range as r
inner join list_place as a on r.source = a.source and r.first_place = a.place
inner join list_place as z on r.source = z.source and r.last_place = z.place
-- in the order of the key, so that its index is written from one end to the other
order by r.dossier_code, r.source;

drop table
    staged_statement, staged_parted, staged_several, staged_chain, lone_file, parted_repeat, changed_naming, old_range, range_piece;
