-- grain: one spelling of a unit that no list knows, in one province and list, or that a later list knows of dossiers received before
-- it. A worklist that should be empty.
create view mart.unknown_unit as
with
-- Under which name each dossier without a unit was last stated: joined by its code, it is found where the dossier lies.
last_named as (
    select distinct on (f.dossier_code)
        f.dossier_code,
        f.unit_code,
        coalesce(f.received_at, f.submitted_at) as received_at,
        h.source,
        h.unit_name,
        h.effective_from
    from core.fct_dossier as f
    inner join history.dossier_version as h on f.dossier_code = h.dossier_code
    where f.unit_code = 'x-unknown' and h.unit_name is not null
    order by f.dossier_code asc, h.effective_from desc, h.source asc, h.state_at desc, h.state_rank desc, h.file_rank desc
)

select
    r.province_code,
    r.list_from,
    r.unit_name,
    r.unit_code,
    r.candidates,
    count(*) as dossier_count
from core.unit_resolution as r
inner join core.fct_dossier as f on r.unit_code = f.unit_code and r.unit_valid_from = f.unit_valid_from
where not r.is_known
group by r.province_code, r.list_from, r.unit_name, r.unit_code, r.candidates
union all
-- Named first after the units changed: whose they were before, the name of today does not tell.
select
    p.province_code,
    p.list_from,
    v.unit_name,
    v.unit_code,
    array(select s.old_code from core.unit_successor as s where s.new_code = r.unit_code order by s.old_code),
    count(*)
from last_named as v
inner join core.source_province as p
    on v.source = p.source and v.received_at >= p.valid_from and v.received_at < p.valid_to
inner join core.source_province as n
    on v.source = n.source and v.effective_from >= n.valid_from and v.effective_from < n.valid_to and p.list_from < n.list_from
inner join core.unit_resolution as r
    on n.province_code = r.province_code and n.list_from = r.list_from and v.unit_name = r.unit_name and r.is_known
group by p.province_code, p.list_from, v.unit_name, v.unit_code, r.unit_code;

comment on view mart.unknown_unit is
'Worklist: names of units in exports that no list of units knows, or that fit several, and names of today''s units under which dossiers received before them are first named. Their dossiers are counted under an inferred unit, or under x-unknown.';
comment on column mart.unknown_unit.province_code is 'Province of the source.';
comment on column mart.unknown_unit.list_from is 'List of units that was consulted.';
comment on column mart.unknown_unit.unit_name is 'Name as written.';
comment on column mart.unknown_unit.unit_code is 'Inferred unit that stands in, core.dim_unit.';
comment on column mart.unknown_unit.candidates is 'Codes of units that fit about as well; since 1/7/2025, of an old name, those that took over what it stood for, and of a name of today for an older dossier, those that it took over.';
comment on column mart.unknown_unit.dossier_count is 'Dossiers of the inferred unit.';
