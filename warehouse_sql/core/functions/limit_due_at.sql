-- When a dossier is due by its procedure's limit alone: the rules D1 to D7 of docs/deadline.md for office hours 7:00 to
-- 11:30 and 13:30 to 17:00, as assets/facts/deadline.py has them; null without a limit or beyond the calendar.
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
    worked interval;
begin
    if received_at is null or hours is null or limit_unit not in ('working_day', 'day', 'hour') or hours < 0 then
        return null;
    end if;
    -- into office hours
    if clock > '17:00' then
        on_day := on_day + 1;
        clock := '07:00';
    elsif clock < '07:00' then
        clock := '07:00';
    elsif clock > '11:30' and clock < '13:30' then
        clock := '13:30';
    end if;
    if hours = 0 then
        return (select min(d.date) from core.dim_date as d where d.date >= on_day and d.is_working_day) + time '17:00';
    end if;
    select d.* into day from core.dim_date as d where d.date = on_day;
    -- Hours run in office hours alone; whole days keep the clock time of a reception on a day off.
    if not day.is_working_day and (limit_unit = 'hour' or (rest > 0 and not (limit_unit = 'day' and whole_days > 0))) then
        select d.* into day from core.dim_date as d where d.date > on_day and d.is_working_day order by d.date limit 1;
        clock := '07:00';
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
        worked := least(clock, '11:30') - interval '7 hours' + greatest(clock - interval '13.5 hours', '0')
            + rest * interval '1 hour';
        if worked > '08:00' then
            worked := worked - interval '8 hours';
            select d.* into day from core.dim_date as d where d.date > day.date and d.is_working_day order by d.date limit 1;
        end if;
        clock := worked + case when worked <= '04:30' then interval '7 hours' else interval '9 hours' end;
    end if;
    return day.date + clock;
end
$$;

comment on function core.limit_due_at(timestamp, double precision, text) is
'When a dossier is due by its limit alone, local time; limit_unit is working_day, day or hour, 0 means the same day.';
