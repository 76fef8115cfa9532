-- grain: one value: for whom this session asks: its login, or on the board, whose one login serves all, the account that it serves.
-- What says so is a setting, which everybody may set: only for the login of the board does it mean anything.
create function ops.viewer()
returns text
language sql stable parallel safe
security definer set search_path = pg_catalog, pg_temp
as $$
select case
    when session_user = (select s.value || '_board' from ops.setting as s where s.name = 'role_prefix')
        then 'board:' || coalesce(current_setting('motcua.viewer', true), '')
    else session_user::text
end
$$;

comment on function ops.viewer() is
'For whom this session asks: its login; for the login of the board, board: and the account that it serves (setting motcua.viewer), board:* where the board has no accounts. Policies of tables ask it by ops.sees_every_unit() and ops.visible_unit().';
