-- grain: one stretch of a source's complete lists in which it named a dossier with one and the same statement, or one file of
-- another kind that repeated a statement.
alter table history.dossier_repeat rename to dossier_repeat_by_file;

create table history.repeat_range (
    dossier_code text not null,
    source text not null,
    first_at timestamp not null,
    first_file_id bigint not null,
    last_at timestamp not null,
    last_file_id bigint,
    version_id bigint not null,
    begins_with_statement boolean not null,
    row_number bigint,
    sheet text,
    primary key (dossier_code, source, first_at, first_file_id),
    constraint open_has_no_last_file check ((last_at = 'infinity') = (last_file_id is null))
);
create index on history.repeat_range (source, last_at);

comment on table history.repeat_range is
'Where sources named dossiers with what they had stated before: grain one stretch of complete lists of a source, each of which named the dossier with the same statement, or one file of another kind. history.dossier_repeat shows them by file.';
comment on column history.repeat_range.dossier_code is 'Dossier code.';
comment on column history.repeat_range.source is 'Who named it.';
comment on column history.repeat_range.first_at is 'Moment of the first export, local time.';
comment on column history.repeat_range.first_file_id is 'The first file, landing.export_file.';
comment on column history.repeat_range.last_at is 'Moment of the last export; infinity: every complete list of the source since the first names it with this statement.';
comment on column history.repeat_range.last_file_id is 'The last file; null while the range is open. Of files of one moment the file_id gives the order.';
comment on column history.repeat_range.version_id is 'The statement, history.dossier_version.';
comment on column history.repeat_range.begins_with_statement is 'The first file makes the statement, it does not repeat it.';
comment on column history.repeat_range.row_number is 'Row in the first file where that repeats; rows of later lists are not kept.';
comment on column history.repeat_range.sheet is 'Worksheet of that row.';

with
list as (
    select f.file_id, row_number() over (partition by f.source order by f.effective_at, f.file_id) as place
    from landing.export_file as f
    where f.complete_from is not null
),

naming as (
    select v.dossier_code, v.source, v.effective_from, v.file_id, v.version_id, true as is_own, cast(null as bigint) as row_number, null as sheet
    from history.dossier_version as v
    union all
    select q.dossier_code, q.source, q.effective_from, q.file_id, q.version_id, false, q.row_number, q.sheet
    from history.dossier_repeat_by_file as q
    where not exists (
        select 1
        from history.dossier_version as v
        where v.dossier_code = q.dossier_code and v.source = q.source and v.effective_from = q.effective_from
            and v.file_id = q.file_id
    )
),

placed as (
    select
        n.*, l.place,
        n.is_own or coalesce(l.place <> lag(l.place) over w + 1, true) or n.version_id <> lag(n.version_id) over w as is_first
    from naming as n
    left join list as l on n.file_id = l.file_id
    where l.place is not null or not n.is_own
    window w as (partition by n.dossier_code, n.source, l.place is null order by l.place, n.effective_from, n.file_id)
),

numbered as (
    select
        p.*,
        count(*) filter (where p.is_first) over (
            partition by p.dossier_code, p.source, p.place is null order by p.place, p.effective_from, p.file_id
        ) as number
    from placed as p
),

range as (
    select
        n.dossier_code, n.source,
        (array_agg(n.file_id order by n.place, n.effective_from, n.file_id))[1] as first_file_id,
        (array_agg(n.file_id order by n.place desc, n.effective_from desc, n.file_id desc))[1] as last_file_id,
        min(n.version_id) as version_id, bool_or(n.is_own) as is_own,
        (array_agg(n.row_number order by n.place, n.effective_from, n.file_id))[1] as row_number,
        (array_agg(n.sheet order by n.place, n.effective_from, n.file_id))[1] as sheet
    from numbered as n
    group by n.dossier_code, n.source, n.place is null, n.number
)

insert into history.repeat_range (
    dossier_code, source, first_at, first_file_id, last_at, last_file_id, version_id, begins_with_statement, row_number, sheet
)
select
    r.dossier_code, r.source, a.effective_at, r.first_file_id,
    case when e.file_id is null then z.effective_at else 'infinity' end,
    case when e.file_id is null then r.last_file_id end,
    r.version_id, r.is_own, r.row_number, r.sheet
from range as r
inner join landing.export_file as a on r.first_file_id = a.file_id
inner join landing.export_file as z on r.last_file_id = z.file_id
left join (
    select distinct on (f.source) f.source, f.file_id
    from landing.export_file as f
    where f.complete_from is not null
    order by f.source asc, f.effective_at desc, f.file_id desc
) as e on r.source = e.source and r.last_file_id = e.file_id;

drop table history.dossier_repeat_by_file;

-- A statement that a late file made of a repeat in the middle of a range.
alter table history.dossier_version alter column row_number drop not null;

comment on column history.dossier_version.row_number is
'Row in the file; null for a repeat in the middle of a range of lists that a late file made a statement of its own again.';

comment on table landing.staged_row is
'Rows of the new files of the present run, on their way through the gate: one row per row of a file (file_no), emptied when they are published.';
