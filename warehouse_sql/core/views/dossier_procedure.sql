-- grain: one dossier, with its procedure as the catalogue had it on the day of reception.
create view core.dossier_procedure as
select
    f.dossier_code,
    f.procedure_code,
    p.valid_from as procedure_valid_from,
    p.procedure_name,
    p.field_name,
    r.received_on,
    case when c.is_online then coalesce(p.online_limit_value, p.limit_value) else p.limit_value end as limit_value,
    case when c.is_online then coalesce(p.online_limit_unit, p.limit_unit) else p.limit_unit end as limit_unit,
    case
        when f.procedure_code = 'x-unknown' then 'not_named'
        when p.is_inferred then 'unknown'
        when r.received_on >= p.valid_to then 'ended'
        -- Before the first catalogue was taken over nothing could be in it.
        when r.received_on < p.valid_from and r.received_on >= i.first_from then 'not_yet_valid'
    end as reason
from core.fct_dossier as f
cross join lateral (select coalesce(f.received_at, f.submitted_at)::date as received_on) as r
cross join (select min(valid_from) as first_from from core.catalogue_import) as i
inner join core.procedure_by_day as p
    on f.procedure_code = p.procedure_code
    and coalesce(r.received_on, date '9999-12-31') >= p.stands_from
    and coalesce(r.received_on, date '9999-12-31') < p.stands_to
left join core.dim_channel as c on f.channel = c.channel;

comment on view core.dossier_procedure is
'The procedure of each dossier as the catalogue had it on the day of reception: grain one dossier. Where it had none that day, the version begun last, else the first, stands in and reason says why.';
comment on column core.dossier_procedure.dossier_code is 'Dossier code.';
comment on column core.dossier_procedure.procedure_code is 'With procedure_valid_from key of core.dim_procedure.';
comment on column core.dossier_procedure.procedure_valid_from is 'Version of the procedure.';
comment on column core.dossier_procedure.procedure_name is 'Name then.';
comment on column core.dossier_procedure.field_name is 'Field then.';
comment on column core.dossier_procedure.received_on is 'Day of reception; of submission while not received.';
comment on column core.dossier_procedure.limit_value is 'Time limit for the channel of the dossier; 0 means the same day.';
comment on column core.dossier_procedure.limit_unit is 'working_day, day or hour.';
comment on column core.dossier_procedure.reason is
'What is wrong with it: not_named (no export names a procedure), unknown (in no catalogue), ended or not_yet_valid on that day; null when nothing is.';
