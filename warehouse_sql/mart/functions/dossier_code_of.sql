-- grain: one value: the code under which facts have the dossier that travels under a code; null where there is none.
create function mart.dossier_code_of(code text)
returns text
language sql stable parallel safe
as $$
select f.dossier_code
from core.fct_dossier as f
where f.dossier_code = dossier_code_of.code
    or (f.other_codes <> '{}' and f.other_codes @> array[dossier_code_of.code])
order by f.dossier_code = dossier_code_of.code desc, f.dossier_code
limit 1
$$;

comment on function mart.dossier_code_of(text) is
'The code under which facts have the dossier that travels under this one (MaHoSoKhac), or the code itself; null where no dossier has it.';
