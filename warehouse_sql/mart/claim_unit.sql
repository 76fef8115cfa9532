-- Units that claims speak of, by groups of claims about the same: each code with all that belongs to it, all units where
-- none is named. is_own: the unit named itself, not a part of it. A unit may be in several groups.
-- Parameters: groups, a JSON list of {group_no, codes (or null), valid_from (or null: of any list)}.
create temporary table if not exists claim_unit (
    group_no integer not null,
    unit_code text not null,
    valid_from date not null,
    is_own boolean not null,
    primary key (unit_code, valid_from, group_no)
) on commit drop;

delete from claim_unit;

insert into claim_unit (group_no, unit_code, valid_from, is_own)
select
    g.group_no,
    u.unit_code,
    u.valid_from,
    coalesce(u.unit_code = any(g.codes), true)
from jsonb_to_recordset(cast(:groups as jsonb)) as g (group_no integer, codes text [], valid_from date)
cross join core.dim_unit as u
where g.codes is null
    or exists (
        select 1
        from core.dim_unit as a
        where a.unit_code = any(g.codes) and a.valid_from = u.valid_from
            and a.valid_from = coalesce(g.valid_from, a.valid_from)
            and (
                a.unit_code = u.unit_code
                or (a.level = 'district' and u.parent_code = a.unit_code)
                or (a.level = 'province' and u.province_code = a.unit_code)
            )
    );

analyze claim_unit;
