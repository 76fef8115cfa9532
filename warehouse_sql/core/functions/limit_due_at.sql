-- When a dossier is due by its procedure's limit alone: the rules D1 to D7 of docs/deadline.md, as assets/facts/deadline.py
-- has them; null without a limit or beyond the calendar.
create function core.limit_due_at(received_at timestamp, limit_value double precision, limit_unit text)
returns timestamp
language plpgsql stable
as $$
declare
    hours double precision := limit_value * case limit_unit when 'hour' then 1 else 8 end;
    whole_days integer := floor(hours / 8);
    rest double precision := hours - 8 * whole_days;
    on_day date := received_at::date;
    clock interval := received_at - received_at::date::timestamp;
    day core.dim_date;
    opens interval;
    break_from interval;
    break_to interval;
    closes interval;
    worked interval;
    days integer;
begin
    if received_at is null or hours is null or limit_unit not in ('working_day', 'day', 'hour') or hours < 0 then
        return null;
    end if;
    select
        min(o.from_time),
        -- with one session the break has no length and lies before it
        case when count(*) = 2 then min(o.to_time) else min(o.from_time) end,
        max(o.from_time),
        max(o.to_time)
    into opens, break_from, break_to, closes
    from core.office_session as o;
    -- into office hours
    if clock > closes then
        on_day := on_day + 1;
        clock := opens;
    elsif clock < opens then
        clock := opens;
    elsif clock > break_from and clock < break_to then
        clock := break_to;
    end if;
    if hours = 0 then
        return (select min(d.date) from core.dim_date as d where d.date >= on_day and d.is_working_day) + closes;
    end if;
    select d.* into day from core.dim_date as d where d.date = on_day;
    -- Hours run in office hours alone; whole days keep the clock time of a reception on a day off.
    if not day.is_working_day and (limit_unit = 'hour' or (rest > 0 and not (limit_unit = 'day' and whole_days > 0))) then
        select d.* into day from core.dim_date as d where d.date > on_day and d.is_working_day order by d.date limit 1;
        clock := opens;
    end if;
    if limit_unit = 'day' and whole_days > 0 then
        on_day := day.date + whole_days;
    elsif whole_days > 0 then
        select d.date into on_day
        from core.dim_date as d
        where d.working_day_number = day.working_day_number + whole_days and d.is_working_day;
    else
        on_day := day.date;
    end if;
    select d.* into day from core.dim_date as d where d.date >= on_day and d.is_working_day order by d.date limit 1;
    if rest > 0 then
        worked := least(clock, break_from) - opens + greatest(clock - break_to, '0') + rest * interval '1 hour';
        -- what ends with a session ends then, not with the beginning of the next one
        days := ceil(extract(epoch from worked) / extract(epoch from break_from - opens + closes - break_to)) - 1;
        worked := worked - days * (break_from - opens + closes - break_to);
        if days > 0 then
            select d.* into day
            from core.dim_date as d
            where d.working_day_number = day.working_day_number + days and d.is_working_day;
        end if;
        clock := worked + case when worked <= break_from - opens then opens else break_to - break_from + opens end;
    end if;
    return day.date + clock;
end
$$;

comment on function core.limit_due_at(timestamp, double precision, text) is
'When a dossier is due by its limit alone, local time; limit_unit is working_day, day or hour, 0 means the same day.';
