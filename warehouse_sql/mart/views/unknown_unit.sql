-- grain: one spelling of a unit that no list knows, in one province and list, or that a later list knows of dossiers received before
-- it. A worklist that should be empty.
create view mart.unknown_unit as
select
    r.province_code,
    r.list_from,
    r.unit_name,
    r.unit_code,
    r.candidates,
    (
        select count(*) from core.fct_dossier as f
        where f.unit_code = r.unit_code and f.unit_valid_from = r.unit_valid_from
    ) as dossier_count
from core.unit_resolution as r
where not r.is_known
    and exists (
        select 1 from core.fct_dossier as f
        where f.unit_code = r.unit_code and f.unit_valid_from = r.unit_valid_from
    )
union all
-- Named first after the units changed: whose they were before, the name of today does not tell.
select
    p.province_code,
    p.list_from,
    v.unit_name,
    f.unit_code,
    array(select s.old_code from core.unit_successor as s where s.new_code = r.unit_code order by s.old_code),
    count(*)
from core.fct_dossier as f
cross join lateral (
    select h.source, h.unit_name, h.effective_from
    from history.dossier_version as h
    where h.dossier_code = f.dossier_code and h.unit_name is not null
    order by h.effective_from desc, h.source asc, h.state_at desc, h.state_rank desc, h.file_rank desc
    limit 1
) as v
inner join core.source_province as p
    on v.source = p.source and coalesce(f.received_at, f.submitted_at) >= p.valid_from
    and coalesce(f.received_at, f.submitted_at) < p.valid_to
inner join core.source_province as n
    on v.source = n.source and v.effective_from >= n.valid_from and v.effective_from < n.valid_to and p.list_from < n.list_from
inner join core.unit_resolution as r
    on n.province_code = r.province_code and n.list_from = r.list_from and v.unit_name = r.unit_name and r.is_known
where f.unit_code = 'x-unknown'
group by p.province_code, p.list_from, v.unit_name, f.unit_code, r.unit_code;

comment on view mart.unknown_unit is
'Worklist: names of units in exports that no list of units knows, or that fit several, and names of today''s units under which dossiers received before them are first named. Their dossiers are counted under an inferred unit, or under x-unknown.';
comment on column mart.unknown_unit.province_code is 'Province of the source.';
comment on column mart.unknown_unit.list_from is 'List of units that was consulted.';
comment on column mart.unknown_unit.unit_name is 'Name as written.';
comment on column mart.unknown_unit.unit_code is 'Inferred unit that stands in, core.dim_unit.';
comment on column mart.unknown_unit.candidates is 'Codes of units that fit about as well; since 1/7/2025, of an old name, those that took over what it stood for, and of a name of today for an older dossier, those that it took over.';
comment on column mart.unknown_unit.dossier_count is 'Dossiers of the inferred unit.';
