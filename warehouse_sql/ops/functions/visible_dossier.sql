-- grain: one code of a dossier that the login of this session may see, where it is limited to units: the code under which it
-- is filed, and those under which it travelled.
create function ops.visible_dossier()
returns table (dossier_code text)
language sql stable parallel safe
security definer set search_path = pg_catalog, pg_temp
as $$
with filed as (
    select f.dossier_code
    from core.fct_dossier as f
    where f.unit_key in (select v.unit_key from ops.visible_unit() as v)
)

select f.dossier_code from filed as f
union
select v.other_code
from filed as f
inner join history.dossier_version as v on f.dossier_code = v.dossier_code
where v.other_code is not null
union
select v.dossier_code
from filed as f
inner join history.dossier_version as v on f.dossier_code = v.other_code
$$;

comment on function ops.visible_dossier() is
'Codes of dossiers that the login of this session may see, those under which one travelled included; for a login that is limited to units (ops.visible_unit()).';
