-- grain: one dossier and one thing on which the last words of the two portals differ.
-- The last words on the due date are looked up where somebody asks for them.
-- A barrier: what it joins with the dossiers that one may see are views that read every row.
create view mart.portal_disagreement with (security_barrier = true) as
with today as (
    select d.date, d.working_day_number
    from core.dim_date as d
    where d.date = (select mart.horizon())
),

disagreeing as (
    select
        f.dossier_code,
        f.unit_code,
        f.unit_valid_from,
        f.unit_key,
        f.procedure_key,
        f.state,
        f.province_status,
        f.national_status,
        f.province_said_at,
        f.national_said_at,
        greatest(f.province_said_at, f.national_said_at) as last_said_at,
        k.kind
    from core.fct_dossier as f
    cross join lateral unnest(f.portal_disagreements) as k (kind)
),

stated as (
    select
        d.*,
        case when d.kind = 'due_date' then (
            select w.due_at
            from history.dossier_statement as w
            where w.dossier_code = d.dossier_code and w.is_provincial and w.known_from <= (select mart.known_through())
            order by w.effective_from desc, w.priority asc, w.state_at desc, w.state_rank desc, w.file_rank desc
            limit 1
        ) end as province_due_at,
        case when d.kind = 'due_date' then (
            select w.due_at
            from history.dossier_statement as w
            where w.dossier_code = d.dossier_code and not w.is_provincial and w.known_from <= (select mart.known_through())
            order by w.effective_from desc, w.priority asc, w.state_at desc, w.state_rank desc, w.file_rank desc
            limit 1
        ) end as national_due_at
    from disagreeing as d
)

select
    d.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_key,
    d.procedure_key,
    u.unit_name,
    d.state,
    d.kind,
    d.province_status,
    d.national_status,
    case d.kind
        when 'status' then p.status_name_vi
        when 'due_date' then to_char(d.province_due_at, 'DD/MM/YYYY HH24:MI')
    end as province_says,
    case d.kind
        when 'status' then p.status_name_en
        when 'due_date' then to_char(d.province_due_at, 'DD Mon YYYY HH24:MI')
    end as province_says_en,
    case d.kind
        when 'status' then n.status_name_vi
        when 'due_date' then to_char(d.national_due_at, 'DD/MM/YYYY HH24:MI')
    end as national_says,
    case d.kind
        when 'status' then n.status_name_en
        when 'due_date' then to_char(d.national_due_at, 'DD Mon YYYY HH24:MI')
    end as national_says_en,
    d.province_said_at,
    d.national_said_at,
    t.working_day_number - c.working_day_number as age_working_days,
    t.date as as_of
from stated as d
cross join today as t
inner join core.dim_unit as u on d.unit_code = u.unit_code and d.unit_valid_from = u.valid_from
left join core.dim_status as p on d.province_status = p.status
left join core.dim_status as n on d.national_status = n.status
-- since the later of the two words: until then there was nothing to agree on
left join core.dim_date as c on d.last_said_at::date = c.date;

comment on view mart.portal_disagreement is
'Where the national portal and the province say different things: grain one dossier and kind of difference, as of the last export day.';
comment on column mart.portal_disagreement.dossier_code is 'Dossier code.';
comment on column mart.portal_disagreement.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.portal_disagreement.unit_valid_from is 'List of units.';
comment on column mart.portal_disagreement.unit_key is 'core.dim_unit.';
comment on column mart.portal_disagreement.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column mart.portal_disagreement.unit_name is 'Name of the unit.';
comment on column mart.portal_disagreement.state is 'State of the dossier.';
comment on column mart.portal_disagreement.kind is 'missing_national, missing_provincial, status or due_date. A waiting dossier that was sent as finished is no difference.';
comment on column mart.portal_disagreement.province_status is 'Last status the province said.';
comment on column mart.portal_disagreement.national_status is 'Last status the national portal said, as sent.';
comment on column mart.portal_disagreement.province_says is 'Status or due date as the province says.';
comment on column mart.portal_disagreement.province_says_en is 'Status or due date as the province says, in English.';
comment on column mart.portal_disagreement.national_says is 'Status or due date as the national portal says.';
comment on column mart.portal_disagreement.national_says_en is 'Status or due date as the national portal says, in English.';
comment on column mart.portal_disagreement.province_said_at is 'Export moment of the provinces last word, local time.';
comment on column mart.portal_disagreement.national_said_at is 'Export moment of the national portals last word, local time.';
comment on column mart.portal_disagreement.age_working_days is 'Working days from the later of the two words to as_of.';
comment on column mart.portal_disagreement.as_of is 'Day of the last export.';
