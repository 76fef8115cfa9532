-- grain: one source and export day.
create view mart.feed as
select
    f.source,
    s.title_vi as source_name,
    s.portal,
    f.day,
    f.expected,
    f.status,
    f.files,
    f.rows,
    f.expected_rows,
    f.reason_vi,
    f.first_arrived_at,
    f.healed_on
from ops.feed_day as f
inner join core.dim_source as s on f.source = s.source;

comment on view mart.feed is
'Completeness of feeds, for readers of marts: grain one source and export day, as ops.feed_day.';
