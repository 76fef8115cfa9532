-- grain: one spelling of a unit that no list knows, in one province and list. A worklist that should be empty.
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
    );

comment on view mart.unknown_unit is
'Worklist: names of units in exports that no list of units knows, or that fit several. Their dossiers are counted under an inferred unit.';
comment on column mart.unknown_unit.province_code is 'Province of the source.';
comment on column mart.unknown_unit.list_from is 'List of units that was consulted.';
comment on column mart.unknown_unit.unit_name is 'Name as written.';
comment on column mart.unknown_unit.unit_code is 'Inferred unit that stands in, core.dim_unit.';
comment on column mart.unknown_unit.candidates is 'Codes of units that fit about as well; since 1/7/2025, of an old name, those that took over what it stood for.';
comment on column mart.unknown_unit.dossier_count is 'Dossiers of the inferred unit.';
