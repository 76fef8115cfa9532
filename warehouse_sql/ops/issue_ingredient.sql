-- grain: one row: what a report is made from besides the question and the program, each as a SHA-256.
-- A file is what it holds, wherever and however often it came: order, path and repetition of files change nothing.
-- Rows in quarantine are part of it: a mended and replayed row changes figures though no file came.
-- Parameters: known_at.
with
content as (
    select
        f.source,
        f.sha256,
        min(f.status) as status,
        min(f.rows_read) as rows_read,
        min(f.rows_quarantined) as rows_quarantined,
        min(f.received_at) as received_at
    from landing.export_file as f
    where f.received_at <= cast(:known_at as timestamptz)
    group by f.source, f.sha256
),

ingredient as (
    select
        'rules' as part,
        cast(to_jsonb(r) as text) as line
    from core.rule_set as r
    union all
    select
        'rules',
        cast(to_jsonb(i) as text)
    from core.indicator as i
    union all
    select
        'calendar',
        cast(jsonb_build_array(d.date, d.is_working_day, d.is_holiday) as text)
    from core.dim_date as d
    union all
    select
        'calendar',
        cast(to_jsonb(o) as text)
    from core.office_session as o
    union all
    select
        'units',
        cast(to_jsonb(u) as text)
    from core.dim_unit as u
    -- an inferred unit comes from the exports, which are counted already
    where not u.is_inferred
    union all
    select
        'units',
        cast(to_jsonb(s) as text)
    from core.unit_successor as s
    union all
    select
        'units',
        cast(to_jsonb(a) as text)
    from core.unit_alias as a
    union all
    select
        'procedures',
        cast(to_jsonb(p) - 'import_id' as text)
    from core.dim_procedure as p
    where not p.is_inferred
),

digest as (
    select
        s.part,
        encode(sha256(convert_to(string_agg(s.line, E'\n' order by s.line collate "C"), 'UTF8')), 'hex') as sha256
    from ingredient as s
    group by s.part
),

input as (
    select
        cast(count(*) as integer) as files,
        max(c.received_at) as known_through,
        encode(sha256(convert_to(coalesce(string_agg(
            concat_ws(' ', c.source, c.sha256, c.status, c.rows_read, c.rows_quarantined), E'\n'
            order by c.source collate "C", c.sha256 collate "C"
        ), '') || coalesce(E'\n' || mart.horizon(cast(:known_at as timestamptz)), ''), 'UTF8')), 'hex') as sha256
    from content as c
)

select
    i.files as input_files,
    i.sha256 as input_digest,
    i.known_through,
    coalesce(max(d.sha256) filter (where d.part = 'rules'), '') as rules,
    coalesce(max(d.sha256) filter (where d.part = 'calendar'), '') as calendar,
    coalesce(max(d.sha256) filter (where d.part = 'units'), '') as units,
    coalesce(max(d.sha256) filter (where d.part = 'procedures'), '') as procedures
from input as i
left join digest as d on true
group by i.files, i.sha256, i.known_through;
