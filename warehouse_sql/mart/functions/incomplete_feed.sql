-- grain: one source and export day of a period on which its feed is not complete, now or by a past moment.
-- Of a past moment only what had not come by then is reported: whether a day was thin depends on files that came since.
create function mart.incomplete_feed(date_from date, date_to date, known_at timestamptz default 'infinity')
returns table (source text, day date, status text, reason_vi text, healed_on date)
language plpgsql stable parallel safe
as $$
#variable_conflict use_column
begin
    if not exists (select 1 from landing.export_file as f where f.received_at > incomplete_feed.known_at) then
        return query
        select f.source, f.day, f.status, f.reason_vi, f.healed_on
        from ops.feed_day as f
        where f.status in ('missing', 'thin', 'failed')
            and f.day between incomplete_feed.date_from and incomplete_feed.date_to
        order by f.day, f.source;
        return;
    end if;
    return query
    select e.source, e.day, 'missing', 'không có tệp nào của ngày này đến lúc đó', null::date
    from ops.expected_day(incomplete_feed.known_at) as e
    where e.day between incomplete_feed.date_from and incomplete_feed.date_to
        and not exists (
            select 1
            from landing.export_file as f
            inner join ops.file_content as c on f.file_id = c.file_id
            where f.source = e.source and c.export_on = e.day and f.status = 'loaded' and f.kind = 'dossiers'
                and f.received_at <= incomplete_feed.known_at
        )
    order by e.day, e.source;
end
$$;

comment on function mart.incomplete_feed(date, date, timestamptz) is
'Export days of a period (both ends included) that are missing, thin or failed, by source: what figures of the period rest on that is not complete. healed_on: the next complete list that covers the day. known_at: only what was missing by then.';
