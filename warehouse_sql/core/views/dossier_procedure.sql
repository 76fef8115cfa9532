-- grain: one dossier, with its procedure as the catalogue had it on the day of reception.
create view core.dossier_procedure as
select
    f.dossier_code,
    f.procedure_code,
    coalesce(v.valid_from, p.valid_from) as procedure_valid_from,
    coalesce(v.procedure_name, p.procedure_name) as procedure_name,
    coalesce(v.field_name, p.field_name) as field_name,
    r.received_on,
    case when c.is_online and l.online_limit_value is not null then l.online_limit_value else l.limit_value end
        as limit_value,
    case when c.is_online and l.online_limit_value is not null then l.online_limit_unit else l.limit_unit end
        as limit_unit,
    case
        when f.procedure_code = 'x-unknown' then 'not_named'
        when p.is_inferred then 'unknown'
        when v.procedure_code is not null or r.received_on is null then null
        when exists (
            select 1 from core.dim_procedure as e
            where e.procedure_code = f.procedure_code and e.valid_to <= r.received_on
        ) then 'ended'
        -- Before the first catalogue was taken over nothing could be in it.
        when r.received_on >= i.first_from then 'not_yet_valid'
    end as reason
from core.fct_dossier as f
cross join lateral (select coalesce(f.received_at, f.submitted_at)::date as received_on) as r
cross join (select min(valid_from) as first_from from core.catalogue_import) as i
inner join core.dim_procedure as p on f.procedure_code = p.procedure_code and p.is_last
left join core.dim_procedure as v
    on f.procedure_code = v.procedure_code and v.valid_from <= r.received_on and r.received_on < v.valid_to
left join core.dim_channel as c on f.channel = c.channel
cross join lateral (
    select
        case when v.procedure_code is null then p.limit_value else v.limit_value end as limit_value,
        case when v.procedure_code is null then p.limit_unit else v.limit_unit end as limit_unit,
        case when v.procedure_code is null then p.online_limit_value else v.online_limit_value end
            as online_limit_value,
        case when v.procedure_code is null then p.online_limit_unit else v.online_limit_unit end
            as online_limit_unit
) as l;

comment on view core.dossier_procedure is
'The procedure of each dossier as the catalogue had it on the day of reception: grain one dossier. Where it had none that day, the last version stands in and reason says why.';
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
