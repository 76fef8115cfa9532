-- grain: one value: whether whoever asks in this session sees the dossiers of all units.
-- Of the session, not of the current user: functions and views of the marts run as another. Who is in the group of readers
-- by unit is limited even where no unit is listed, as in a warehouse that was restored from before the login was made.
-- On the board (its viewer is never the login itself), who is not known sees nothing.
create function ops.sees_every_unit()
returns boolean
language sql stable parallel safe
security definer set search_path = pg_catalog, pg_temp
as $$
select case
    when v.viewer <> session_user then v.viewer = 'board:*' or exists (
        select
        from ops.board_account as a
        where 'board:' || a.name = v.viewer and a.sees_every_unit and a.closed_at is null
    )
    else not exists (select from ops.login_unit as l where l.login = session_user)
        and not exists (
            select
            from pg_roles as r
            inner join pg_roles as g
                on g.rolname = (select s.value || '_unit_reader' from ops.setting as s where s.name = 'role_prefix')
            -- A superuser belongs to every group.
            where r.rolname = session_user and not r.rolsuper and pg_has_role(r.oid, g.oid, 'usage')
        )
end
from (select ops.viewer() as viewer) as v
$$;

comment on function ops.sees_every_unit() is
'True unless the login of this session, or the account that the board serves in it, is limited to units (ops.login_unit): policies of tables ask it once a query.';
