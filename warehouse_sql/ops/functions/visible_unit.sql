-- grain: one unit whose dossiers whoever asks in this session may see, where that one is limited to units at all.
-- A unit that it was given (a district or province with its communes), the units of today that took these over, and all
-- that those were made of: who answers for a unit answers for what it inherited, and its figures are whole in either list.
-- A query that runs in parallel asks whether the answer matters or not, so for everybody else it has to be quick.
create function ops.visible_unit()
returns table (unit_key bigint, unit_code text, valid_from date)
language plpgsql stable parallel safe
security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    asking constant text := ops.viewer();
begin
    if not exists (select from ops.login_unit as l where l.login = asking) then
        return;
    end if;
    -- On the board a closed account sees nothing.
    if asking <> session_user
        and not exists (select from ops.board_account as a where 'board:' || a.name = asking and a.closed_at is null) then
        return;
    end if;
    return query
    with
    given as (
        select u.unit_key, u.valid_to
        from ops.login_unit as l
        inner join core.dim_unit as a on l.unit_code = a.unit_code
        inner join core.dim_unit as u
            on a.valid_from = u.valid_from
            and (
                a.unit_code = u.unit_code
                or (a.level = 'district' and u.parent_code = a.unit_code)
                or (a.level = 'province' and u.province_code = a.unit_code)
            )
        where l.login = asking
    ),

    -- What was divided or merged, both sides with their keys.
    taken_over as (
        select o.unit_key as old_key, n.unit_key as new_key
        from core.unit_successor as s
        inner join core.dim_unit as o on s.old_code = o.unit_code and o.valid_to < '9999-12-31' and not o.is_inferred
        inner join core.dim_unit as n on s.new_code = n.unit_code and o.valid_to = n.valid_from
    ),

    today as (
        select g.unit_key from given as g where g.valid_to = '9999-12-31'
        union
        select t.new_key from taken_over as t where t.old_key in (select g.unit_key from given as g)
    ),

    visible as (
        select g.unit_key from given as g
        union
        select d.unit_key from today as d
        union
        select t.old_key from taken_over as t where t.new_key in (select d.unit_key from today as d)
    )

    select u.unit_key, u.unit_code, u.valid_from
    from visible as v
    inner join core.dim_unit as u on v.unit_key = u.unit_key;
end
$$;

comment on function ops.visible_unit() is
'Units whose dossiers the login of this session, or the account that the board serves in it, may see (ops.login_unit): those that it was given, with their communes, the units of today that took them over, and all that those were made of. No row where nothing is limited: ops.sees_every_unit().';
