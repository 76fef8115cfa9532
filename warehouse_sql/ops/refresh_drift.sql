-- What changed in the exports themselves, out of all files there are: the earliest export day has it, whatever came first.
create temporary table drift_file on commit drop as
-- one content of one export day
select distinct on (f.source, c.export_on, f.sha256)
    f.source, c.export_on as day, f.sha256, f.path, f.effective_at, f.kind, f.rows_read, c.fill, c.shapes, c.strange
from ops.file_content as c
inner join landing.export_file as f on c.file_id = f.file_id
where f.status = 'loaded'
order by f.source, c.export_on, f.sha256, f.path collate "C";

analyze drift_file;

create temporary table drift_fill on commit drop as
-- one export day of a source and column that its lists of dossiers can speak of
select d.source, d.day, n.name, sum(n.filled::integer) as filled, sum(d.rows_read) as rows
from drift_file as d
cross join lateral jsonb_each_text(d.fill) as n (name, filled)
group by d.source, d.day, n.name;

analyze drift_fill;

create temporary table drift_sign on commit drop as
with
shape as (
    select d.source, d.kind, s.name, e.shape, min(d.day) as since
    -- most files of a source have the same shapes
    from (select source, kind, shapes, min(day) as day from drift_file group by source, kind, shapes) as d
    cross join lateral jsonb_each(d.shapes) as s (name, shapes)
    cross join lateral jsonb_array_elements_text(s.shapes) as e (shape)
    group by d.source, d.kind, s.name, e.shape
),

new_shape as (
    select s.*
    from (select *, min(since) over (partition by source, kind, name) as field_from from shape) as s
    where s.since > s.field_from
),

-- Of fewer rows a field that is rarely filled may be empty by chance.
fill_before as (
    select
        source, day, name, filled,
        count(*) over w = 5 and min(filled::double precision / rows) over w > 0.2 as was_filled
    from drift_fill
    where rows >= 10
    window w as (partition by source, name order by day rows between 5 preceding and 1 preceding)
),

emptied as (
    select source, name, min(day) as since
    from fill_before
    where filled = 0 and was_filled
    group by source, name
),

list_day as (
    select source, day
    from drift_fill
    group by source, day
),

-- Columns that some days have and some have not.
column_before as (
    select
        l.source, l.day, n.name, f.day is not null as is_there,
        count(*) over w = 5 and bool_and(f.day is not null) over w as was_there
    from list_day as l
    inner join (
        select c.source, c.name
        from drift_fill as c
        inner join (select source, count(*) as days from list_day group by source) as t on c.source = t.source
        group by c.source, c.name, t.days
        having count(*) < t.days
    ) as n on l.source = n.source
    left join drift_fill as f on l.source = f.source and l.day = f.day and n.name = f.name
    window w as (partition by l.source, n.name order by l.day rows between 5 preceding and 1 preceding)
),

vanished as (
    select source, name, min(day) as since
    from column_before
    where was_there and not is_there
    group by source, name
)

select d.source, s.kind, s.name, s.example, d.day, d.sha256, d.path, d.effective_at
from drift_file as d
cross join lateral jsonb_to_recordset(d.strange) as s (kind text, name text, example text)
where d.strange <> '[]' and s.kind <> 'page'
union all
select n.source, 'type', n.name, n.shape, d.day, d.sha256, d.path, d.effective_at
from new_shape as n
inner join drift_file as d on n.source = d.source and n.kind = d.kind and jsonb_exists(d.shapes -> n.name, n.shape)
union all
select e.source, 'empty_field', e.name, null, d.day, d.sha256, d.path, d.effective_at
from emptied as e
inner join fill_before as z on e.source = z.source and e.name = z.name and z.filled = 0 and e.since <= z.day
inner join drift_file as d on z.source = d.source and z.day = d.day and jsonb_exists(d.fill, z.name)
union all
select v.source, 'vanished_heading', v.name, null, d.day, d.sha256, d.path, d.effective_at
from vanished as v
inner join column_before as z on v.source = z.source and v.name = z.name and not z.is_there and v.since <= z.day
inner join drift_file as d on z.source = d.source and z.day = d.day and d.kind = 'dossiers';

delete from ops.drift;

insert into ops.drift (source, kind, name, example, first_seen_on, first_file, last_seen_on, files)
select
    source, kind, name, example, min(day),
    (array_agg(path order by day, effective_at, path collate "C"))[1],
    max(day), count(distinct sha256)
from drift_sign
group by source, kind, name, example;
