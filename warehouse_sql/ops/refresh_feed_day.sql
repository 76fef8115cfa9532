-- Completeness of each export day of each source, out of all files there are.
create temporary table feed_content on commit drop as
-- one content of one export day
select distinct on (f.source, c.export_on, f.sha256)
    f.source, c.export_on as day, f.sha256, f.kind, f.rows_read, c.fill, c.strange,
    min(f.received_at) over (partition by f.source, c.export_on, f.sha256) as arrived_at
from ops.file_content as c
inner join landing.export_file as f on c.file_id = f.file_id
where f.status = 'loaded'
order by f.source, c.export_on, f.sha256, f.path collate "C";

analyze feed_content;

create temporary table feed_seen on commit drop as
with
loaded as (
    select
        source, day, count(*) as files,
        sum(rows_read) filter (where kind = 'dossiers') as rows,
        min(arrived_at) filter (where kind = 'dossiers') as first_arrived_at
    from feed_content
    group by source, day
),

failed as (
    select f.source, c.export_on as day, count(distinct f.sha256) as failed_files
    from ops.file_content as c
    inner join landing.export_file as f on c.file_id = f.file_id
    where f.status = 'failed'
        and not exists (
            select 1
            from landing.export_file as n
            where n.source = f.source and n.path = f.path and n.status = 'loaded'
        )
    group by f.source, c.export_on
)

select
    coalesce(l.source, f.source) as source, coalesce(l.day, f.day) as day, coalesce(l.files, 0) as files, l.rows, l.first_arrived_at, coalesce(f.failed_files, 0) as failed_files
from loaded as l
full join failed as f on l.source = f.source and l.day = f.day;

analyze feed_seen;

create temporary table feed_page on commit drop as
-- one export day of a source with pages of a list that goes on: rows that came of them, and rows that the portal counts
select
    c.source, c.day, sum(c.rows_read) as rows,
    greatest(sum(p.example::bigint) filter (where p.name like '%page 0'), max(p.example::bigint)) as stated_rows,
    bool_or(p.name like 'last %') as has_last
from feed_content as c
cross join lateral jsonb_to_recordset(c.strange) as p (kind text, name text, example text)
where c.strange <> '[]' and p.kind = 'page'
group by c.source, c.day;

analyze feed_page;

create temporary table feed_calendar on commit drop as
select source, day
from ops.expected_day();

analyze feed_calendar;

delete from ops.feed_day;

insert into ops.feed_day (
    source, day, expected, status, files, rows, expected_rows, share, fill_problems, reason_vi, first_arrived_at,
    healed_on
)
with
days as (
    select
        coalesce(c.source, s.source) as source, coalesce(c.day, s.day) as day, c.day is not null as expected,
        coalesce(s.files, 0) as files, s.rows, s.first_arrived_at,
        coalesce(s.failed_files, 0) as failed_files
    from feed_calendar as c
    full join feed_seen as s on c.source = s.source and c.day = s.day
),

usual as (
    select
        e.source, e.day, percentile_cont(0.5) within group (order by p.rows) as expected_rows
    from days as e
    left join ops.feed_rule as r on e.source = r.source
    left join core.dim_date as d on e.day = d.date
    cross join lateral generate_series(1, coalesce(r.weeks, 8)) as w (back)
    inner join feed_seen as p on e.source = p.source and e.day - 7 * w.back = p.day and p.rows is not null
    inner join core.dim_date as q on p.day = q.date and d.is_working_day = q.is_working_day
    group by e.source, e.day
    having count(*) >= 4
),

fill_problem as (
    select
        s.source, s.day,
        array_agg(
            format('%s: %s%% < %s%%', p.name, floor(100 * s.filled / s.rows), round(100 * p.least))
            order by p.name
        ) as problems
    from (
        select c.source, c.day, n.name, sum(coalesce((c.fill ->> n.name)::numeric, 0)) as filled, sum(c.rows_read) as rows
        from feed_content as c
        inner join ops.feed_rule as o on c.source = o.source
        cross join lateral jsonb_object_keys(o.fill) as n (name)
        where c.kind = 'dossiers'
        group by c.source, c.day, n.name
    ) as s
    inner join ops.feed_rule as r on s.source = r.source
    cross join lateral jsonb_each_text(r.fill) as w (name, share)
    cross join lateral (select w.name, w.share::numeric as least) as p
    where s.name = p.name and s.rows > 0 and s.filled < p.least * s.rows
    group by s.source, s.day
),

judged as (
    select
        d.*,
        u.expected_rows,
        d.rows / nullif(u.expected_rows, 0) as share,
        coalesce(f.problems, '{}') as fill_problems,
        d.rows < r.rows_least as is_below,
        d.rows > r.rows_most as is_above,
        -- fewer rows say too little of what is usual
        u.expected_rows >= 20 and d.rows < round(((1 - r.largest_drop) * u.expected_rows)::numeric, 6) as has_dropped,
        (d.first_arrived_at at time zone 'Asia/Ho_Chi_Minh') > d.day + r.due_by + r.is_due_next_day::int * interval '1 day'
        as is_late,
        g.rows < g.stated_rows or (g.stated_rows is null and not g.has_last) as is_unfinished,
        g.rows as page_rows,
        g.stated_rows,
        r.source is not null as has_rule,
        r.rows_least,
        r.rows_most,
        r.due_by,
        r.is_due_next_day
    from days as d
    left join ops.feed_rule as r on d.source = r.source
    left join usual as u on d.source = u.source and d.day = u.day
    left join fill_problem as f on d.source = f.source and d.day = f.day
    left join feed_page as g on d.source = g.source and d.day = g.day
),

named as (
    select
        j.*,
        case
            when j.failed_files > 0 then 'failed'
            when j.expected and j.rows is null then 'missing'
            when j.is_unfinished or j.is_below or j.is_above or j.has_dropped or j.fill_problems <> '{}' then 'thin'
            when not j.expected and j.has_rule then 'unexpected'
            when j.is_late then 'late'
            else 'complete'
        end as status
    from judged as j
)

select
    n.source, n.day, n.expected, n.status, n.files, n.rows, n.expected_rows, n.share, n.fill_problems,
    case n.status
        when 'failed' then format('%s tệp không đọc được, chưa có tệp thay', n.failed_files)
        when 'missing' then
            case when n.files > 0 then 'chỉ có tệp bước xử lý, thiếu tệp hồ sơ' else 'không có tệp nào của ngày này' end
        when 'thin' then concat_ws(
            '; ',
            case when n.is_unfinished and n.stated_rows is null then 'trang cuối của danh sách chưa đến (last: false)' end,
            case when n.is_unfinished and n.stated_rows is not null then
                format('các trang đã đến có %s trong %s hồ sơ mà cổng ghi', n.page_rows, n.stated_rows)
            end,
            case when n.is_below then format('%s dòng, ít hơn mức %s đã khai', n.rows, n.rows_least) end,
            case when n.is_above then format('%s dòng, nhiều hơn mức %s đã khai', n.rows, n.rows_most) end,
            case when n.has_dropped then
                format(
                    '%s dòng, bằng %s%% mức thường %s của cùng thứ', n.rows, round((100 * n.share)::numeric),
                    round(n.expected_rows::numeric)
                )
            end,
            case when n.fill_problems <> '{}' then 'trường điền ít hơn mức đã khai: ' || array_to_string(n.fill_problems, ', ') end
        )
        when 'late' then format(
            'đến lúc %s, hạn %s',
            to_char(n.first_arrived_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'),
            to_char(n.day + n.due_by + n.is_due_next_day::int * interval '1 day', 'HH24:MI DD/MM/YYYY')
        )
        when 'unexpected' then 'có tệp vào ngày không có trong lịch gửi; vẫn được tính'
        else 'đủ'
    end,
    n.first_arrived_at,
    h.healed_on
from named as n
left join lateral (
    select min(c.export_on) as healed_on
    from landing.export_file as f
    inner join ops.file_content as c on f.file_id = c.file_id
    where n.status in ('missing', 'thin', 'failed') and f.source = n.source and f.complete_from <= n.day
        and f.complete_to >= n.day and c.export_on > n.day
) as h on true;
