-- Units that a claim speaks of: each code with all that belongs to it; all units when none is named. is_own: the unit
-- named itself, not a part of it. Parameters: codes (or null), valid_from (null: of any list).
create temporary table if not exists claim_unit (
    unit_code text not null,
    valid_from date not null,
    is_own boolean not null,
    primary key (unit_code, valid_from)
) on commit drop;

delete from claim_unit;

insert into claim_unit (unit_code, valid_from, is_own)
select
    u.unit_code,
    u.valid_from,
    coalesce(u.unit_code = any(cast(:codes as text [])), true)
from core.dim_unit as u
where cast(:codes as text []) is null
    or exists (
        select 1
        from core.dim_unit as a
        where a.unit_code = any(cast(:codes as text [])) and a.valid_from = u.valid_from
            and a.valid_from = coalesce(cast(:valid_from as date), a.valid_from)
            and (
                a.unit_code = u.unit_code
                or (a.level = 'district' and u.parent_code = a.unit_code)
                or (a.level = 'province' and u.province_code = a.unit_code)
            )
    );
