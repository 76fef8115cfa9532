-- Units that claims speak of, by groups of claims about the same. place: own (the unit named itself, and all units where
-- none is named), part (what belongs to it), other (units of the list before or since 1/7/2025 that wholly became, or
-- wholly came from, units of the group). A unit may be in several groups.
-- Parameters: groups, a JSON list of {group_no, codes (or null), valid_from (or null: of any list)}.
-- Makes claim_unit.
create temporary table if not exists claim_unit (
    group_no integer not null,
    unit_code text not null,
    valid_from date not null,
    unit_key bigint not null,
    place text not null,
    primary key (unit_code, valid_from, group_no)
) on commit drop;

delete from claim_unit;

insert into claim_unit (group_no, unit_code, valid_from, unit_key, place)
select
    g.group_no,
    u.unit_code,
    u.valid_from,
    u.unit_key,
    case when coalesce(u.unit_code = any(g.codes), true) then 'own' else 'part' end
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

insert into claim_unit (group_no, unit_code, valid_from, unit_key, place)
with
-- grain: one unit and one unit of the other list that it became or came from
kin as (
    select o.unit_code, o.valid_from, n.unit_code as kin_code, n.valid_from as kin_from
    from core.unit_successor as s
    inner join core.dim_unit as o on s.old_code = o.unit_code and o.valid_to < '9999-12-31'
    inner join core.dim_unit as n on s.new_code = n.unit_code and o.valid_to = n.valid_from
),

both_ways as (
    select k.unit_code, k.valid_from, k.kin_code, k.kin_from
    from kin as k
    union all
    select k.kin_code, k.kin_from, k.unit_code, k.valid_from
    from kin as k
)

select g.group_no, b.unit_code, b.valid_from, n.unit_key, 'other'
from (select distinct x.group_no from claim_unit as x) as g
cross join both_ways as b
inner join core.dim_unit as n on b.unit_code = n.unit_code and b.valid_from = n.valid_from
left join claim_unit as c on g.group_no = c.group_no and b.kin_code = c.unit_code and b.kin_from = c.valid_from
group by g.group_no, b.unit_code, b.valid_from, n.unit_key
having bool_and(c.unit_code is not null)
on conflict do nothing;

analyze claim_unit;
