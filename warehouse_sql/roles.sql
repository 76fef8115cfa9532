-- The analyst reads what reports are made of, and the accounts of files and refused rows; no more.
-- A role belongs to the whole server. Where it may not be made (a managed server) or another session is making it at
-- this moment, this goes on without: what the analyst asks is then held by read-only transactions alone.
do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'motcua_analyst') then
        create role motcua_analyst nologin;
        alter role motcua_analyst set default_transaction_read_only = on;
    end if;
exception
    when duplicate_object or unique_violation or insufficient_privilege or internal_error then
        raise notice 'role motcua_analyst not made: %', sqlerrm;
end
$$;

-- Whoever runs motcua may ask as the analyst.
do $$
begin
    if exists (select 1 from pg_roles where rolname = 'motcua_analyst')
        and not pg_has_role('motcua_analyst', 'member') then
        execute format('grant motcua_analyst to %I', current_user);
    end if;
exception
    when unique_violation or insufficient_privilege or internal_error then
        raise notice 'role motcua_analyst not granted: %', sqlerrm;
end
$$;

do $$
begin
    if exists (select 1 from pg_roles where rolname = 'motcua_analyst') then
        grant usage on schema landing, history, core, mart, ops to motcua_analyst;
        grant select on all tables in schema history, core, mart, ops to motcua_analyst;
        grant select on landing.export_file, landing.quarantine to motcua_analyst;
        grant execute on all functions in schema core, mart to motcua_analyst;
    end if;
end
$$;
