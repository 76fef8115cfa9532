-- grain: one channel with notices that it did not take: waiting, or given up in the last 14 days.
select
    channel,
    count(*) filter (where given_up_at is null) as waiting,
    count(*) filter (where given_up_at is not null) as given_up,
    min(created_at) as oldest_at,
    max(attempts) as most_attempts,
    (array_agg(last_error order by created_at desc, notice_id desc) filter (where last_error is not null))[1] as last_error
from ops.notice
where sent_at is null and coalesce(given_up_at, now()) > now() - interval '14 days'
group by channel
order by channel;
