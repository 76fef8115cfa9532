-- grain: one day, unit and sector on which dossiers fall due
create table mart.daily_due (
    date date not null,
    unit_key bigint not null,
    sector_code text not null,
    fell_due integer not null,
    primary key (unit_key, date, sector_code)
);
comment on table mart.daily_due is
'Dossiers that fall due, as known now: grain one day, unit and sector. Each counts by the promise in force when its due day begins (or when it is received, if later), finished or not; a dossier whose due date moves falls due as often.';
comment on column mart.daily_due.date is 'The day after the due date, on which what is not finished is overdue; the day of reception, if that is later.';
comment on column mart.daily_due.unit_key is 'core.dim_unit.';
comment on column mart.daily_due.sector_code is 'Sector (lĩnh vực) of the procedures: its code, else its name; x-unknown without either.';
comment on column mart.daily_due.fell_due is 'Dossiers that fall due.';

insert into mart.daily_due (date, unit_key, sector_code, fell_due)
select greatest(cast(s.due_at as date) + 1, e.received_on), e.unit_key, e.sector_code, count(*)
from core.fct_dossier_span as s
inner join core.fct_dossier_event as e on s.dossier_code = e.dossier_code
where
    e.kind = 'received' and e.event_on = e.received_on and e.quantity > 0
    and s.due_at is not null and s.state in ('processing', 'resolved', 'withdrawn')
    and case
        when cast(s.due_at as date) > e.received_on
            then s.valid_from <= date_trunc('day', s.due_at) and date_trunc('day', s.due_at) < s.valid_to
        else s.span_number = 1
    end
group by 1, 2, 3
order by 2, 1, 3;

-- Once it is filled: rows whose keys are to be checked at the end of a transaction forbid its owner to change until then.
alter table mart.daily_due add foreign key (unit_key) references core.dim_unit (unit_key) deferrable initially deferred;

-- Stated and not checked, as the other keys to days (PostgreSQL 18).
do $$
begin
    if current_setting('server_version_num')::integer >= 180000 then
        execute 'alter table mart.daily_due add foreign key (date) references core.dim_date (date) not enforced';
    end if;
end
$$;
