-- grain: one source and bucket of the time from export to arrival.
create view mart.arrival_delay as
with bucket (bucket_number, bucket, up_to) as (
    values
    (1, '≤ 1 giờ', interval '1 hour'),
    (2, '≤ 6 giờ', interval '6 hours'),
    (3, '≤ 12 giờ', interval '12 hours'),
    (4, '≤ 24 giờ', interval '24 hours'),
    (5, '≤ 2 ngày', interval '48 hours'),
    (6, '≤ 7 ngày', interval '168 hours'),
    (7, 'trên 7 ngày', null)
),

-- a copy under another path arrives when the first did
arrival as (
    select source, sha256, exported_at, min(received_at) - exported_at as delay
    from landing.export_file
    where status = 'loaded' and exported_at is not null
    group by source, sha256, exported_at
),

counted as (
    select
        a.source, b.bucket_number, count(*) as files, count(*) filter (where a.delay = interval '0') as stated_files
    from arrival as a
    cross join lateral (
        select bucket_number
        from bucket
        where a.delay <= up_to or bucket_number = 7
        order by bucket_number
        limit 1
    ) as b
    group by a.source, b.bucket_number
)

select
    s.source,
    b.bucket_number,
    b.bucket,
    coalesce(c.files, 0) as files,
    coalesce(c.files, 0) / sum(coalesce(c.files, 0)) over (partition by s.source) as share,
    coalesce(c.stated_files, 0) as stated_files
from (select distinct source from counted) as s
cross join bucket as b
left join counted as c on s.source = c.source and b.bucket_number = c.bucket_number;

comment on view mart.arrival_delay is
'How long files were on their way: grain one source and bucket of (arrival - export); every bucket of each source that sent a file which says when it was exported.';
comment on column mart.arrival_delay.source is 'core.dim_source.';
comment on column mart.arrival_delay.bucket_number is 'Order of the buckets, 1 the shortest.';
comment on column mart.arrival_delay.bucket is 'The bucket in words; each begins where the one before ends. An arrival before the stated export is in the first.';
comment on column mart.arrival_delay.files is 'Files, each content once.';
comment on column mart.arrival_delay.share is 'Share of the source''s files.';
comment on column mart.arrival_delay.stated_files is
'Those that arrived at the very moment of their export: old files loaded as arrived when exported, whose delay is not known and counts as 0.';
